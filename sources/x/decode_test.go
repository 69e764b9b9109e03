package x_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/sources"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestAnswers holds what becomes of each answer in testdata/answers: the posts
// as they are stored, or the error.
func TestAnswers(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/answers/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no answers: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := golden(t, string(body))
			path := strings.TrimSuffix(file, ".json") + ".golden"
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// golden prints what a pull makes of an answer, without the raw posts.
func golden(t *testing.T, body string) []byte {
	page, err := answering(t, http.StatusOK, body)
	if told, ok := errors.AsType[*sources.Error](err); ok {
		return []byte(string(told.Trouble) + ": " + told.Err.Error() + "\n")
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := range page.Posts {
		if len(page.Posts[i].Raw) == 0 {
			t.Error("a post has no raw form")
		}
		page.Posts[i].Raw = nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(struct {
		Posts    []onrecord.Post
		Warnings []string
		Next     string
	}{page.Posts, page.Warnings, string(page.Next)}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Both vocabularies say the same.
func TestVocabulariesAgree(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("testdata/answers/every-kind.json")
	if err != nil {
		t.Fatal(err)
	}
	posts := strings.NewReplacer("note_tweet", "note_post", "referenced_tweets", "referenced_posts", "edit_history_tweet_ids", "edit_history_post_ids").Replace(string(body))
	if posts == string(body) {
		t.Fatal("the answer uses no name that differs")
	}
	if diff := cmp.Diff(string(golden(t, string(body))), string(golden(t, posts))); diff != "" {
		t.Error(diff)
	}
}

func TestRawIsCapped(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("words and more words ", 6000)
	page, err := answering(t, http.StatusOK, `{"data":[{"id":"2123779190082764805","edit_history_tweet_ids":["2123779190082764805"],"author_id":"1101270825169846283","created_at":"2026-11-20T14:03:11.000Z","text":"words","note_tweet":{"text":"`+long+`"}}],"meta":{"result_count":1}}`)
	if err != nil || len(page.Posts) != 1 {
		t.Fatalf("%v: %d posts", err, len(page.Posts))
	}
	if p := page.Posts[0]; len(p.Raw) != 64<<10 || p.Text != long {
		t.Errorf("raw has %d bytes, the text %d of %d", len(p.Raw), len(p.Text), len(long))
	}
}

// A year that cannot be stored is not the post's: its id says when it was made.
func TestYearsThatCannotBeStored(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00", "1970-01-01T00:00:00Z"} {
		page, err := answering(t, http.StatusOK, `{"data":[{"id":"2123779190082764805","edit_history_tweet_ids":["2123779190082764805"],"author_id":"1101270825169846283","created_at":"`+at+`","text":"words"}],"meta":{"result_count":1}}`)
		if err != nil || len(page.Posts) != 1 {
			t.Fatalf("%v: %d posts", err, len(page.Posts))
		}
		if got := page.Posts[0].Created.Year(); got < 2006 || got > 2100 {
			t.Errorf("%s is read as the year %d", at, got)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	files, err := filepath.Glob("testdata/answers/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(http.StatusOK, string(body))
		f.Add(http.StatusForbidden, string(body))
	}
	f.Add(http.StatusOK, `{"data":[null,{"id":"1","entities":{"urls":[{"url":"a","expanded_url":"%"},{"url":"ab"}]},"text":"ab a"}],"meta":{}}`)
	f.Add(http.StatusPaymentRequired, `{"errors":[{"errors":[{"type":"/credits"}]}],"type":"credits/","account_id":1}`)
	f.Add(http.StatusTooManyRequests, `[`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 || status >= 300 && status < 400 {
			t.Skip("no status that ends a request")
		}
		page, err := answering(t, status, body)
		var told *sources.Error
		if err != nil {
			if !errors.As(err, &told) || told.Trouble == "" || !utf8.ValidString(err.Error()) {
				t.Errorf("got %T: %v", err, err)
			}
			return
		}
		if status >= 400 {
			t.Errorf("HTTP %d passed", status)
		}
		if page.Next == "" {
			t.Error("no cursor")
		}
		for _, p := range page.Posts {
			if p.ID == "" || p.Kind == "" || p.Created.IsZero() || !utf8.ValidString(p.Text) || !strings.HasPrefix(p.URL, "https://x.com/northwind_data/status/") {
				t.Errorf("a post without its parts: %+v", p)
			}
		}
		if !slices.IsSortedFunc(page.Posts, func(a, b onrecord.Post) int {
			return onrecord.Less(onrecord.Post{ID: a.Revision}, onrecord.Post{ID: b.Revision})
		}) {
			t.Error("the posts are not in order")
		}
		if _, err := answering(t, status, body); err != nil {
			t.Errorf("the second time: %v", err)
		}
	})
}
