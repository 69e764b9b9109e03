package hackernews_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/hackernews"
	"onrecord/sources/hackernews/hackernewstest"
	"onrecord/sources/sourcetest"
)

const (
	harbor    = "harborlabs"
	northwind = "northwind"
)

// reader reads Harbor Labs, as the program would.
type reader struct {
	sourcetest.Reader
	news *hackernewstest.Server
}

func open(t *testing.T) *reader {
	t.Helper()
	news := hackernewstest.New()
	news.Join(harbor)
	news.Join(northwind)
	source, err := hackernews.Kind().Config().Open(sources.Env{Client: func(private bool) *http.Client {
		if private {
			t.Error("the public API is asked with the client for private addresses")
		}
		return &http.Client{Transport: loopback.Transport{Handler: news}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return &reader{Reader: sourcetest.Reader{T: t, Source: source, Account: onrecord.Account{ID: "hackernews:harbor", Source: "hackernews", Handle: harbor, Speaker: "Harbor Labs"}}, news: news}
}

func (r *reader) post(text string) int64 {
	return r.news.Post(harbor, hackernewstest.Draft{Title: text})
}

func (r *reader) fired(f hackernewstest.Fault) {
	r.Helper()
	if r.news.Fired(f) == 0 {
		r.Errorf("the fault %q never fired", f)
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	for base, good := range map[string]bool{"https://hacker-news.firebaseio.com": true, "http://127.0.0.1:80/": true, "": false, "x": false, "https://a:b@c.example": false, "https://c.example/?x=1": false} {
		if err := (&hackernews.Config{BaseURL: base}).Validate(); (err == nil) != good {
			t.Errorf("base_url %q: %v", base, err)
		}
	}
	for handle, good := range map[string]bool{"dang": true, "a_b-C1": true, "": false, "a": false, "a b": false, "a/b": false, strings.Repeat("a", 16): false} {
		if err := hackernews.Kind().Account(onrecord.Account{Handle: handle}); (err == nil) != good {
			t.Errorf("handle %q: %v", handle, err)
		}
	}
	if err := hackernews.Kind().Account(onrecord.Account{Handle: "ab", URL: "https://x.example"}); err == nil {
		t.Error("an account with a url was accepted")
	}
	for address, want := range map[string][2]string{
		"https://news.ycombinator.com/user?id=harborlabs":      {harbor, ""},
		"https://news.ycombinator.com/threads?id=harborlabs":   {harbor, ""},
		"https://news.ycombinator.com/submitted?id=harborlabs": {harbor, ""},
		"https://news.ycombinator.com/item?id=42000001":        {"", "42000001"},
		"https://news.ycombinator.com/item?id=x":               {"", ""},
		"https://news.ycombinator.com/user":                    {"", ""},
		"https://news.example/user?id=harborlabs":              {"", ""},
	} {
		page, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		a, isProfile := hackernews.Kind().Profile(page)
		id, isPost := hackernews.Kind().Post(page)
		if isProfile != (want[0] != "") || isProfile && a.Handle != want[0] || isPost != (want[1] != "") || isPost && id != want[1] {
			t.Errorf("%s: the user %q (%v) and the item %q (%v), want %q", address, a.Handle, isProfile, id, isPost, want)
		}
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
		r := open(t)
		faults := map[sourcetest.Fault]hackernewstest.Fault{
			sourcetest.RateLimited: hackernewstest.RateLimited, sourcetest.ServerError: hackernewstest.ServerError,
			sourcetest.CutBody: hackernewstest.CutBody, sourcetest.Garbage: hackernewstest.Garbage, sourcetest.Empty: hackernewstest.EmptyBody,
		}
		return sourcetest.Place{
			Source: r.Source, Account: r.Account,
			Publish: func(text string) { r.post(text) },
			Edit:    func(id, text string) { r.news.Retitle(number(id), text) },
			Delete:  func(id string) { r.news.Delete(number(id)) },
			Proves:  true,
			Break: func(f sourcetest.Fault) func() int {
				if f == sourcetest.GoneAccount {
					before := r.news.Requests("user")
					r.news.Leave(harbor, true)
					return func() int { return r.news.Requests("user") - before }
				}
				r.news.Break(faults[f])
				return func() int { return r.news.Fired(faults[f]) }
			},
			Mend: func() {
				r.news.Mend()
				r.news.Leave(harbor, false)
			},
		}
	})
}

func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

func TestPostsOfEveryKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		r.Must()
		story := r.news.Post(northwind, hackernewstest.Draft{Title: "They copied us", URL: "https://northwind.example/suit"})
		theirs := r.news.Post(northwind, hackernewstest.Draft{Text: "All of it.", Parent: story})
		time.Sleep(time.Minute)
		at := time.Now().UTC()
		own := r.news.Post(harbor, hackernewstest.Draft{Title: "Our answer to <them> & theirs", Text: "We \"deny\" it.\n\n> All of it.\n\nSee https://harbor.example/" + strings.Repeat("a", 60) + " now."})
		var ids []int64
		for _, d := range []hackernewstest.Draft{
			{Title: "The court's order", URL: "https://court.example/order"},
			{Title: "Show HN: Our new tool", URL: "https://harbor.example/tool", Text: "We built it."},
			{Text: "None of it.", Parent: theirs},
		} {
			time.Sleep(time.Second)
			ids = append(ids, r.news.Post(harbor, d))
		}
		time.Sleep(time.Second)
		ids = append(ids, r.news.Post(harbor, hackernewstest.Draft{Text: "And more.", Parent: ids[2]}))

		name := func(id int64) string { return strconv.FormatInt(id, 10) }
		page := func(id int64) string { return "https://news.ycombinator.com/item?id=" + name(id) }
		long := "https://harbor.example/" + strings.Repeat("a", 60)
		want := []onrecord.Post{
			{
				ID: name(own), Kind: onrecord.Original, Text: "Our answer to <them> & theirs\n\nWe \"deny\" it.\n\n> All of it.\n\nSee " + long[:60] + "... now.", Thread: name(own),
				Links: []onrecord.Link{{URL: long, Shown: long[:60] + "..."}},
			},
			{ID: name(ids[0]), Kind: onrecord.Original, Thread: name(ids[0]), Links: []onrecord.Link{{URL: "https://court.example/order", Title: "The court's order"}}},
			{ID: name(ids[1]), Kind: onrecord.Original, Text: "Show HN: Our new tool\n\nWe built it.", Thread: name(ids[1]), Links: []onrecord.Link{{URL: "https://harbor.example/tool", Title: "Show HN: Our new tool"}}},
			{ID: name(ids[2]), Kind: onrecord.Reply, Text: "None of it.", Thread: name(story), ReplyTo: &onrecord.Ref{ID: name(theirs), Account: northwind, URL: page(theirs), Text: "All of it."}},
			{ID: name(ids[3]), Kind: onrecord.Thread, Text: "And more.", Thread: name(story), ReplyTo: &onrecord.Ref{ID: name(ids[2]), Account: harbor, URL: page(ids[2]), Text: "None of it."}},
		}
		for i := range want {
			w := &want[i]
			w.Account, w.Author, w.Dated, w.Created = "hackernews:harbor", onrecord.Author{ID: harbor, Handle: harbor, Name: harbor}, true, at.Add(time.Duration(i)*time.Second)
			w.URL = page(number(w.ID))
		}
		got := r.Must().Posts
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(onrecord.Post{}, "Raw", "Revision")); diff != "" {
			t.Error(diff)
		}
		for _, p := range got {
			if p.Revision == "" || !strings.Contains(string(p.Raw), `"time"`) {
				t.Errorf("%s: revision %q, raw %q", p.Text, p.Revision, p.Raw)
			}
		}
	})
}

// Edits leave no sign: what is younger than two hours is read again.
func TestEdits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		r.Must()
		story := r.news.Post(northwind, hackernewstest.Draft{Title: "They copied us"})
		id := r.news.Post(harbor, hackernewstest.Draft{Text: "We deny it.", Parent: story})
		first := r.Want("new", "We deny it.")[0]
		r.Want("nothing new")
		time.Sleep(time.Hour)
		r.news.Edit(id, "We deny all of it.")
		edited := r.Want("the edit", "We deny all of it.")[0]
		if edited.ID != first.ID || edited.Revision == first.Revision || edited.Thread != first.Thread {
			t.Errorf("%+v became %+v", first, edited)
		}
		r.Want("nothing new")
		time.Sleep(2 * time.Hour)
		r.Want("once more")
		before := r.news.Requests("item")
		r.news.Edit(id, "By a moderator.")
		r.Want("not looked at any more")
		if n := r.news.Requests("item") - before; n != 0 {
			t.Errorf("%d items were asked for", n)
		}
	})
}

// What is null a moment after it was written, or was taken off, may come.
func TestItemsThatComeLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		r.Must()
		hidden, dead, deleted := r.post("Hidden."), r.post("Dead."), r.post("Deleted.")
		r.news.Hide(hidden, true)
		r.news.Kill(dead, true)
		r.news.Delete(deleted)
		r.post("Shown.")
		r.Want("what is shown", "Shown.")
		time.Sleep(time.Minute)
		r.news.Hide(hidden, false)
		r.Want("what was null", "Hidden.")
		time.Sleep(20 * time.Hour)
		r.news.Kill(dead, false)
		r.Want("what readers brought back", "Dead.")
		r.Want("nothing new")

		gone := r.post("Never shown.")
		r.news.Hide(gone, true)
		killed := r.post("Killed for good.")
		r.news.Kill(killed, true)
		r.Want("nothing")
		time.Sleep(25 * time.Hour)
		page := r.Must()
		if len(page.Posts) != 0 || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], strconv.FormatInt(gone, 10)) {
			t.Errorf("posts %v, warnings %q", page.Posts, page.Warnings)
		}
		before := r.news.Requests("item")
		r.Want("they are left alone")
		if n := r.news.Requests("item") - before; n != 0 {
			t.Errorf("%d items were asked for", n)
		}
	})
}

func TestOthersWordsAreRefused(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.Must()
	r.news.Post(harbor, hackernewstest.Draft{Title: "Not theirs.", By: northwind})
	r.post("Theirs.")
	page := r.Must()
	if len(page.Posts) != 1 || page.Posts[0].Text != "Theirs." || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], northwind) {
		t.Errorf("posts %v, warnings %q", page.Posts, page.Warnings)
	}
}

func TestBackfill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		for i := range 200 {
			time.Sleep(time.Hour)
			r.post(fmt.Sprint("Old ", i))
		}
		if n := len(r.Must().Posts); n != 30 {
			t.Errorf("a first pull gave %d posts", n)
		}
		r.Cursor, r.Account.Backfill = "", 100*time.Hour
		if posts := r.Must().Posts; len(posts) != 120 || posts[0].Text != "Old 80" {
			t.Errorf("%d posts, want the four pages that hold 100 hours", len(posts))
		}
		r.Want("nothing new")
		r.Cursor, r.Account.Backfill = "", 10000*time.Hour
		if posts := r.Must().Posts; len(posts) != 200 {
			t.Errorf("%d posts, want all", len(posts))
		}
	})
}

func TestTroubles(t *testing.T) {
	t.Parallel()
	for fault, want := range map[hackernewstest.Fault]struct {
		trouble sources.Trouble
		says    string
	}{
		hackernewstest.RateLimited: {sources.Limited, "429"},
		hackernewstest.ServerError: {sources.Unreached, "503"},
		hackernewstest.Page:        {sources.Walled, "page for people"},
		hackernewstest.CutBody:     {sources.Unreached, "cut"},
		hackernewstest.Garbage:     {sources.Nonsense, "invalid character"},
		hackernewstest.EmptyBody:   {sources.Nonsense, "unexpected end"},
		hackernewstest.OtherUser:   {sources.Nonsense, "another"},
		hackernewstest.OtherItem:   {sources.Nonsense, "item 42000002 came"},
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			r := open(t)
			r.Must()
			r.post("One.")
			r.news.Break(fault)
			_, err := r.Pull()
			r.fired(fault)
			var told *sources.Error
			if !errors.As(err, &told) || told.Trouble != want.trouble || !strings.Contains(err.Error(), want.says) {
				t.Fatalf("got %v, want trouble %q that says %q", err, want.trouble, want.says)
			}
			r.news.Mend()
			r.Want("mended", "One.")
		})
	}
	r := open(t)
	r.Account.Handle = "HarborLabs"
	var told *sources.Error
	if _, err := r.Pull(); !errors.As(err, &told) || told.Trouble != sources.Gone || !strings.Contains(err.Error(), "letters differ") {
		t.Errorf("nobody: %v", err)
	}
	for _, c := range []sources.Cursor{"x", "{}", `{"newest":"7"}`} {
		r := open(t)
		r.Cursor = c
		if _, err := r.Pull(); err == nil {
			t.Errorf("cursor %q was accepted", c)
		}
	}
}

func TestAThreadThatNeverBegins(t *testing.T) {
	t.Parallel()
	r := open(t)
	story := r.news.Post(northwind, hackernewstest.Draft{Title: "They copied us"})
	r.Must()
	r.news.Post(harbor, hackernewstest.Draft{Text: "No.", Parent: story})
	r.news.Break(hackernewstest.LoopParent)
	if p := r.Want("all the same", "No.")[0]; p.Thread != p.ID {
		t.Errorf("the thread is %s", p.Thread)
	}
	r.fired(hackernewstest.LoopParent)
	r.news.Mend()
	up := story
	for i := range 80 {
		up = r.news.Post(northwind, hackernewstest.Draft{Text: fmt.Sprint("Deep ", i), Parent: up})
	}
	r.news.Post(harbor, hackernewstest.Draft{Text: "Down here.", Parent: up})
	before := r.news.Requests("item")
	r.Want("from the depth", "Down here.")
	if n := r.news.Requests("item") - before; n > 65 {
		t.Errorf("%d items were asked for", n)
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	r := open(t)
	lookup := r.Source.(sources.Lookup)
	story := r.news.Post(northwind, hackernewstest.Draft{Title: "They copied us"})
	comment := r.news.Post(northwind, hackernewstest.Draft{Text: "All of it.", Parent: story})
	deleted, dead, hidden := r.post("Deleted."), r.post("Dead."), r.post("Hidden.")
	r.news.Delete(deleted)
	r.news.Kill(dead, true)
	r.news.Hide(hidden, true)
	name := func(id int64) string { return strconv.FormatInt(id, 10) }
	found, gone, err := lookup.Posts(t.Context(), []string{name(story), name(comment), name(deleted), name(dead), name(hidden), "x", "at://x"})
	if err != nil || len(found) != 2 || !slices.Equal(gone, []string{name(deleted), name(dead)}) {
		t.Fatalf("found %v, gone %q, %v", found, gone, err)
	}
	if p := found[name(comment)]; p.Text != "All of it." || p.Author.Handle != northwind || p.Kind != onrecord.Reply || found[name(story)].Text != "They copied us" {
		t.Errorf("found %+v", found)
	}
	r.news.Break(hackernewstest.ServerError)
	var told *sources.Error
	if _, _, err := lookup.Posts(t.Context(), []string{name(story)}); !errors.As(err, &told) || told.Trouble != sources.Unreached {
		t.Errorf("got %v", err)
	}
	r.fired(hackernewstest.ServerError)
}
