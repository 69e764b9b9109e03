//go:build servers

package x_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/beside"
	"onrecord/sources"
	"onrecord/sources/x"
)

// playground is X's own stand-in for its API, https://github.com/xdevplatform/playground: what it makes of
// our requests is nothing that we believe of X.
type playground struct {
	*testing.T
	url string
}

// startPlayground starts the program that ONRECORD_PLAYGROUND names, with X's description of its API.
func startPlayground(t *testing.T) playground {
	t.Helper()
	program := os.Getenv("ONRECORD_PLAYGROUND")
	if program == "" {
		t.Fatal("ONRECORD_PLAYGROUND names no program; make servers PLAYGROUND=folder builds it from a checkout")
	}
	home := t.TempDir()
	write := func(name string, text []byte) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(home, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(home, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(".playground-openapi-cache.json", beside.Specification(t, "x-openapi-2.159.json")) // else it is downloaded
	write(".playground/config.json", []byte(`{"rate_limit": {"enabled": true, "limit": 75, "window_sec": 900, "endpoint_overrides": {"/2/": {"limit": 100000, "window_sec": 900}}}, "seeding": {"users": {"min": 1, "max": 1}, "posts": {"min": 1, "max": 1}}}`))
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	free.Close()
	var said bytes.Buffer
	server := exec.CommandContext(t.Context(), program, "start", "--host", "127.0.0.1", "--port", port)
	server.Dir, server.Env, server.Stdout, server.Stderr = home, append(os.Environ(), "HOME="+home), &said, &said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		if t.Failed() {
			t.Logf("the playground said:\n%s", said.String())
		}
	})
	p := playground{t, "http://127.0.0.1:" + port}
	for until := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if answer, err := http.Get(p.url + "/health"); err == nil {
			answer.Body.Close()
			return p
		}
		if time.Now().After(until) {
			t.Fatal("the playground does not start")
		}
	}
}

// ask asks for something that must be given, as whoever may write.
func (p playground) ask(method, path string, body, into any) {
	p.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		p.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.Context(), method, p.url+path, bytes.NewReader(text))
	if err != nil {
		p.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", `OAuth oauth_consumer_key="ck", oauth_token="t", oauth_signature="s"`)
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		p.Fatal(err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 300 {
		p.Fatalf("%s %s: %s, %v: %.500s", method, path, answer.Status, err, said)
	}
	if into != nil {
		if err := json.Unmarshal(said, into); err != nil {
			p.Fatalf("%s %s: %v: %.500s", method, path, err, said)
		}
	}
}

type tweets map[string]map[string]any

// seed leaves two users, and one post by the other one, from whose id on the playground counts.
func (p playground) seed() {
	p.Helper()
	p.ask("DELETE", "/state", nil, nil)
	at := time.Now().Add(2 * time.Hour)
	base := strconv.FormatInt((at.UnixMilli()-1288834974657)<<22, 10)
	user := func(id, name, handle string) map[string]any {
		return map[string]any{"id": id, "name": name, "username": handle, "created_at": "2014-01-01T00:00:00Z", "public_metrics": map[string]any{}}
	}
	p.ask("POST", "/state/import", map[string]any{
		"users":  map[string]any{"0": user("0", "Harbor Labs", "harborlabs"), "1003": user("1003", "Pat Reader", "patreader")},
		"tweets": tweets{base: {"id": base, "text": "Hello.", "author_id": "1003", "created_at": at.UTC().Format(time.RFC3339), "conversation_id": base, "edit_history_tweet_ids": []string{base}, "public_metrics": map[string]any{}}},
	}, nil)
}

func (p playground) post(text string) string {
	p.Helper()
	var made struct {
		Data struct{ ID string }
	}
	p.ask("POST", "/2/tweets", map[string]any{"text": text}, &made)
	return made.Data.ID
}

// reshape changes what the playground holds: it makes no threads and no edits itself.
func (p playground) reshape(change func(tweets)) {
	p.Helper()
	var state struct{ Tweets tweets }
	p.ask("GET", "/state/export", nil, &state)
	change(state.Tweets)
	p.ask("POST", "/state/import", map[string]any{"tweets": state.Tweets}, nil)
}

// misbehave has it refuse everything in one way; "" ends that.
func (p playground) misbehave(kind string) {
	p.Helper()
	var now struct{ Config map[string]any }
	p.ask("GET", "/config", nil, &now)
	now.Config["errors"] = map[string]any{"enabled": kind != "", "error_rate": 1, "error_type": kind}
	p.ask("PUT", "/config/update", now.Config, nil)
}

// X's own playground is read as X is: posts byte for byte and in order over pages, threads, edits, deletions, refusals.
func TestPlayground(t *testing.T) {
	p := startPlayground(t)
	p.seed()
	old := p.post("From before anybody watched.")
	c := x.Kind().Config().(*x.Config)
	c.BearerToken, c.BaseURL, c.DailyBudgetUSD = token, p.url, 100
	source, err := c.Open(sources.Env{Client: func(bool) *http.Client { return http.DefaultClient }, Spend: newMeter()})
	if err != nil {
		t.Fatal(err)
	}
	if err := source.(sources.Prober).Probe(t.Context()); err != nil {
		t.Errorf("the token is not taken: %v", err)
	}
	account := onrecord.Account{ID: "x:harborlabs", Source: "x", Handle: "harborlabs", Speaker: "Harbor Labs"}
	var cursor sources.Cursor
	met := map[string]bool{account.ID + "/" + old: true} // the newest ten minutes are read again
	pull := func() (posts []onrecord.Post) {
		t.Helper()
		for more := true; more; {
			page, err := source.Pull(t.Context(), account, cursor)
			if err != nil {
				t.Fatal(err)
			}
			posts, cursor, more = append(posts, page.Posts...), page.Next, page.More
		}
		posts = slices.DeleteFunc(posts, func(p onrecord.Post) bool { return met[p.Key()] })
		for _, p := range posts {
			met[p.Key()] = true
		}
		return posts
	}
	if posts := pull(); len(posts) != 0 {
		t.Errorf("the first pull gives %+v", posts)
	}

	var want []string
	for i := range 140 {
		want = append(want, fmt.Sprintf("Statement %d: it’s meritless — and “wrong” 🐘 <on> every page & point.\n\nWe say so.", i))
		p.post(want[i])
	}
	posts := pull()
	if got := texts(sources.Page{Posts: posts}); !slices.Equal(got, want) {
		t.Fatalf("%d posts of %d came; the first is %q", len(got), len(want), got[:min(len(got), 1)])
	}

	first, second := p.post("1/ Some facts."), p.post("2/ Nobody had the model.")
	p.reshape(func(all tweets) {
		maps.Copy(all[second], map[string]any{"referenced_tweets": []any{map[string]any{"type": "replied_to", "id": first}}, "in_reply_to_user_id": "0", "conversation_id": first})
	})
	if thread := pull(); len(thread) != 2 || thread[1].Kind != onrecord.Thread || thread[1].Thread != first || thread[1].ReplyTo == nil || thread[1].ReplyTo.ID != first {
		t.Errorf("a thread is read as %d posts, %q", len(thread), texts(sources.Page{Posts: thread}))
	}

	edited, newer := posts[0], p.post("The hearing is on Tuesday.")
	p.reshape(func(all tweets) {
		chain := []string{edited.ID, newer}
		all[newer]["edit_history_tweet_ids"], all[newer]["conversation_id"], all[newer]["created_at"] = chain, edited.ID, all[edited.ID]["created_at"]
		all[edited.ID]["edit_history_tweet_ids"] = chain
	})
	p.ask("DELETE", "/2/tweets/"+posts[1].ID, nil, nil)
	looks, err := source.(sources.Rechecker).Recheck(t.Context(), account, posts[:3])
	if err != nil {
		t.Fatal(err)
	}
	if l := looks[edited.ID]; l.Sight != sources.Present || l.Post == nil || l.Post.ID != edited.ID || l.Post.Text != "The hearing is on Tuesday." || l.Post.Revision != newer {
		t.Errorf("an edited post is looked at as %+v", l)
	}
	if l, told := looks[posts[1].ID]; told { // of several the playground leaves out what it has not: no proof of anything
		t.Errorf("a deleted post that nothing is said of is looked at as %+v", l)
	}
	if l := looks[posts[2].ID]; l.Sight != sources.Present || l.Post == nil || l.Post.Revision != posts[2].Revision {
		t.Errorf("a post that is as it was is looked at as %+v", l)
	}

	for kind, trouble := range map[string]sources.Trouble{"server_error": sources.Unreached, "unauthorized": sources.Denied, "rate_limit": sources.Limited} {
		p.misbehave(kind)
		_, err := source.Pull(t.Context(), account, cursor)
		if told, ok := err.(*sources.Error); !ok || told.Trouble != trouble || strings.Contains(err.Error(), token) {
			t.Errorf("%s is told as %v, want %s", kind, err, trouble)
		}
		p.misbehave("")
	}
	p.post("After the outage.")
	if got := texts(sources.Page{Posts: pull()}); !slices.Equal(got, []string{"After the outage."}) {
		t.Errorf("after the outage: %q", got)
	}
}
