package feed_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/feed"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/sourcetest"
)

// reader reads one feed of a fake site, as the program would.
type reader struct {
	*testing.T
	site    *feedtest.Server
	source  sources.Source
	account onrecord.Account
	cursor  sources.Cursor
}

const secret = "7Wq-hush"

// over returns a reader of a path over a client.
func over(t *testing.T, site *feedtest.Server, client *http.Client, address string) *reader {
	t.Helper()
	source, err := feed.Kind().Config().Open(sources.Env{Client: func(bool) *http.Client { return client }})
	if err != nil {
		t.Fatal(err)
	}
	return &reader{T: t, site: site, source: source, account: onrecord.Account{
		ID: "feed:northwind", Source: "feed", URL: address + "?token=" + secret, Speaker: "Northwind Data",
	}}
}

func open(t *testing.T, path string) *reader {
	t.Helper()
	site := feedtest.New()
	site.Open(path)
	return over(t, site, &http.Client{Transport: loopback.Transport{Handler: site}}, "https://site.example"+path)
}

func (r *reader) path() string {
	_, path, _ := strings.Cut(strings.TrimPrefix(r.account.URL, "http"), "//")
	_, path, _ = strings.Cut(path, "/")
	path, _, _ = strings.Cut(path, "?")
	return "/" + path
}

func (r *reader) publish(texts ...string) {
	for _, text := range texts {
		r.site.Publish(r.path(), feedtest.Item{Title: "Statement", Text: text})
	}
}

// pull reads once, from where the last good pull ended.
func (r *reader) pull() (sources.Page, error) {
	page, err := r.source.Pull(r.Context(), r.account, r.cursor)
	if err == nil {
		r.cursor = page.Next
	} else if strings.Contains(err.Error(), secret) {
		r.Errorf("the error shows the query of the address: %v", err)
	}
	return page, err
}

func (r *reader) must() sources.Page {
	r.Helper()
	page, err := r.pull()
	if err != nil {
		r.Fatal(err)
	}
	return page
}

func texts(page sources.Page) []string {
	ts := []string{}
	for _, p := range page.Posts {
		ts = append(ts, p.Text)
	}
	return ts
}

func (r *reader) want(what string, page sources.Page, texts_ ...string) {
	r.Helper()
	if got := texts(page); !slices.Equal(got, texts_) && len(got)+len(texts_) > 0 {
		r.Errorf("%s: got %q, want %q", what, got, texts_)
	}
}

func (r *reader) fired(fault feedtest.Fault) {
	r.Helper()
	if r.site.Fired(r.path(), fault) == 0 {
		r.Errorf("the fault %q never fired", fault)
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	for _, fault := range []feedtest.Fault{"", feedtest.GUIDChurn, feedtest.NoGUIDs, feedtest.SameGUIDs, feedtest.TrackingLinks} {
		for _, path := range []string{"/news.xml", "/news.atom", "/news.json"} {
			t.Run(string(fault)+path, func(t *testing.T) {
				t.Parallel()
				r := open(t, path)
				r.publish("One.", "Two.", "Three.")
				if fault != "" {
					r.site.Break(path, fault)
				}
				first := r.must()
				r.want("first", first, "One.", "Two.", "Three.")
				for i := range 4 {
					r.publish(fmt.Sprintf("News %d.", i))
					r.want("next", r.must(), fmt.Sprintf("News %d.", i))
				}
				r.site.Keep(path, 2)
				r.want("older items left", r.must())
				r.site.Keep(path, 1)
				r.want("older items left", r.must())
				r.publish("Last.")
				r.want("last", r.must(), "Last.")
				if fault != "" {
					r.fired(fault)
				}
			})
		}
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.xml")
	r.site.Break("/news.xml", feedtest.HeaderCharset)
	r.publish("Déjà vu à Zürich.")
	r.want("charset in the header", r.must(), "Déjà vu à Zürich.")
	r.fired(feedtest.HeaderCharset)

	r = open(t, "/twice.xml")
	r.site.Break("/twice.xml", feedtest.EscapedTwice)
	r.site.Publish("/twice.xml", feedtest.Item{Title: "R&D", HTML: "<p>We &amp; they.</p>"})
	page := r.must()
	r.want("escaped twice", page, "We & they.")
	if page.Posts[0].Title != "R&D" {
		t.Errorf("title %q", page.Posts[0].Title)
	}
	r.fired(feedtest.EscapedTwice)
}

func TestTheCursorIsBoundedAndHoldsNoSecret(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.xml")
	for i := range 3000 {
		r.publish(fmt.Sprint("Statement ", i))
		if i%500 == 499 {
			r.site.Keep(r.path(), 500)
			if got := len(r.must().Posts); got != 500 {
				t.Fatalf("%d posts, want 500", got)
			}
		}
	}
	if n := len(r.cursor); n > 60_000 || strings.Contains(string(r.cursor), secret) {
		t.Errorf("the cursor has %d bytes: %.200s", n, r.cursor)
	}
	if _, err := r.source.Pull(t.Context(), r.account, `{"items":["x"]}`); err == nil {
		t.Error("a broken cursor was accepted")
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{0, -1, 8<<20 + 1} {
		if err := (&feed.Config{MaxBytes: n}).Validate(); err == nil {
			t.Errorf("max_bytes %d was accepted", n)
		}
	}
	if err := feed.Kind().Config().Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	for address, good := range map[string]bool{
		"https://northwind.example/feed.xml": true, "http://127.0.0.1:8080/f": true, "": false, "northwind.example/feed": false,
		"ftp://northwind.example/": false, "https://": false, "https://dana:pw@northwind.example/": false, "https://[bad": false,
	} {
		err := feed.Kind().Account(onrecord.Account{URL: address})
		if (err == nil) != good || err != nil && strings.Contains(err.Error(), "pw") {
			t.Errorf("url %q: %v", address, err)
		}
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/news.xml", "/news.atom", "/news.json"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
				r := open(t, path)
				faults := map[sourcetest.Fault]feedtest.Fault{
					sourcetest.RateLimited: feedtest.RateLimited, sourcetest.ServerError: feedtest.ServerError, sourcetest.CutBody: feedtest.CutBody,
					sourcetest.Garbage: feedtest.Garbage, sourcetest.Empty: feedtest.EmptyBody, sourcetest.GoneAccount: feedtest.Removed,
				}
				r.site.Page("/", http.StatusOK)
				return sourcetest.Place{
					Source: r.source, Account: r.account, Secret: secret,
					Publish: func(text string) { r.site.Publish(path, feedtest.Item{Title: "Statement", Text: text}) },
					Delete: func(string) { // the first that was published, of two
						r.site.Page("/news/1", http.StatusGone)
						r.site.Keep(path, 1)
					},
					BreakLooks: func(f sourcetest.Fault) func() int {
						status := map[sourcetest.Fault]int{sourcetest.RateLimited: http.StatusTooManyRequests, sourcetest.ServerError: http.StatusServiceUnavailable}[f]
						if status == 0 {
							return nil // of a page nothing but its status is looked at
						}
						r.site.Page("/news/1", status)
						before := r.site.Opened("/news/1")
						return func() int { return r.site.Opened("/news/1") - before }
					},
					Break: func(f sourcetest.Fault) func() int {
						r.site.Break(path, faults[f])
						return func() int { return r.site.Fired(path, faults[f]) }
					},
					Mend: func() { r.site.Mend(path); r.site.Page("/news/1", http.StatusOK) },
				}
			})
		})
	}
}

func TestAnItemBecomesAPost(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/news.xml", "/news.atom", "/news.json"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			r := open(t, path)
			at := time.Date(2026, 5, 4, 12, 30, 0, 0, time.UTC)
			r.site.Publish(path, feedtest.Item{
				ID: "one", Title: "Our answer", Author: "Dana Reyes", Published: at, Enclosure: "/answer.pdf", Link: "/news/one?utm_source=rss&id=7",
				HTML: `<p>We <b>deny</b> it, see <a href="docs/d.html">the docket</a>.</p><blockquote>You copied.</blockquote><img src="//pics.example/a.png" alt="The court">`,
			})
			got := r.must().Posts
			if len(got) != 1 {
				t.Fatalf("%d posts, want 1", len(got))
			}
			post := got[0]
			if len(post.ID) != 16 || len(post.Revision) != 16 || !strings.Contains(string(post.Raw), "We ") {
				t.Errorf("id %q, revision %q, raw %q", post.ID, post.Revision, post.Raw)
			}
			want := onrecord.Post{
				Account: "feed:northwind", ID: post.ID, Revision: post.Revision, Raw: post.Raw, URL: "https://site.example/news/one?id=7",
				Author: onrecord.Author{Name: "Dana Reyes"}, Kind: onrecord.Article, Title: "Our answer",
				Text:    "We deny it, see the docket.\n\n> You copied.",
				Created: at, Dated: true,
				Links: []onrecord.Link{{URL: "https://site.example/docs/d.html", Shown: "the docket"}, {URL: "https://site.example/answer.pdf"}},
				Media: []onrecord.Media{{Kind: "image", URL: "https://pics.example/a.png", Alt: "The court"}},
				Lang:  map[string]string{"/news.xml": "en-us", "/news.atom": "en"}[path],
			}
			if diff := cmp.Diff(want, post); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheSpeakerIsTheAuthorUnlessNamed(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.xml")
	r.publish("No name.")
	if got := r.must().Posts[0].Author; got != (onrecord.Author{Name: "Northwind Data"}) {
		t.Errorf("author %+v", got)
	}
}

func TestSummariesAreMarked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path string
		item feedtest.Item
		cut  bool
	}{
		{"/a.atom", feedtest.Item{Text: "All of it."}, false},
		{"/a.atom", feedtest.Item{Text: "The short of it.", Summary: true}, true},
		{"/a.json", feedtest.Item{Text: "All of it."}, false},
		{"/a.json", feedtest.Item{Text: "The short of it.", Summary: true}, true},
		{"/a.xml", feedtest.Item{Text: "A description says nothing about its kind.", Summary: true}, false},
		{"/a.xml", feedtest.Item{Text: "It goes on and […]", Summary: true}, true},
		{"/a.xml", feedtest.Item{Text: "It goes on and…"}, true},
		{"/a.xml", feedtest.Item{HTML: "<p>The first lines.</p><p>This post is for paid subscribers</p>"}, true},
		{"/a.xml", feedtest.Item{HTML: "<p>The first lines.</p><p><a href='/x'>Continue reading →</a></p>"}, true},
		{"/a.xml", feedtest.Item{HTML: "<p>Continue reading is what we ask of the court: all exhibits, and in full, before anything is decided in this matter.</p>"}, false},
		{"/a.xml", feedtest.Item{Title: "Only a headline", HTML: " "}, true},
	} {
		r := open(t, c.path)
		r.site.Publish(c.path, c.item)
		if got := r.must().Posts[0]; got.Cut != c.cut || got.Text == "" {
			t.Errorf("%s %+v: text %q, cut is %v, want %v", c.path, c.item, got.Text, got.Cut, c.cut)
		}
	}
}

func TestUnchangedFeedsAreNotReadAgain(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.xml")
	r.publish("One.")
	r.must()
	r.want("unchanged", r.must())
	if all, unchanged := r.site.Requests(r.path()); all != 2 || unchanged != 1 {
		t.Errorf("%d requests, %d unchanged, want 2 and 1", all, unchanged)
	}
	r.publish("Two.")
	r.want("changed", r.must(), "Two.")
}

func TestValidatorsBelongToTheirAddress(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.xml")
	r.publish("One.")
	r.must()
	r.account.URL += "&moved=1"
	r.want("the same feed at another address", r.must())
	if _, unchanged := r.site.Requests(r.path()); unchanged != 0 {
		t.Error("the validators of the old address were sent to the new one")
	}
}

// Items that share a GUID are told apart by their links, also the one that was
// known before there were others.
func TestOneGUIDForAllNews(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/news.xml", "/news.atom", "/news.json"} {
		r := open(t, path)
		r.site.Break(path, feedtest.SameGUIDs)
		r.publish("One.")
		first := r.must().Posts[0]
		r.publish("Two.")
		r.site.Edit(path, "tag:site.example,2026:"+path[1:]+"/1", func(it *feedtest.Item) { it.Text = "One, corrected." })
		page := r.must()
		r.want("an edit and news", page, "One, corrected.", "Two.")
		if page.Posts[0].ID != first.ID {
			t.Error("the edited item lost its id")
		}
		r.publish("Three.")
		r.want("news", r.must(), "Three.")
		r.fired(feedtest.SameGUIDs)
	}
}

// A site moves to other software: all GUIDs change once, some texts do too.
func TestMovedSite(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.xml")
	r.publish("One.", "Two.", "Three.")
	before := r.must().Posts
	for i, p := range []string{"1", "2", "3"} {
		r.site.Edit(r.path(), "tag:site.example,2026:news.xml/"+p, func(it *feedtest.Item) {
			it.ID = "https://site.example/?p=" + p
			if i == 1 {
				it.Text = "Two, corrected."
			}
		})
	}
	page := r.must()
	r.want("after the move", page, "Two, corrected.")
	if len(page.Posts) == 1 && (page.Posts[0].ID != before[1].ID || page.Posts[0].Revision == before[1].Revision) {
		t.Error("the corrected item is not a revision of the one that was known")
	}
	r.publish("Four.")
	r.want("after the move", r.must(), "Four.")
	r.site.Edit(r.path(), "https://site.example/?p=3", func(it *feedtest.Item) { it.Text = "Three, corrected." })
	page = r.must()
	r.want("an edit after the move", page, "Three, corrected.")
	if len(page.Posts) == 1 && page.Posts[0].ID != before[2].ID {
		t.Error("the edited item lost its id")
	}
}

// Some sites give all their news one address: a new GUID is a new post then.
func TestOneLinkForAllNews(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.xml")
	var ids []string
	for _, text := range []string{"One.", "Two.", "Three."} {
		r.site.Publish(r.path(), feedtest.Item{Text: text, Link: "https://site.example/statements"})
		r.site.Keep(r.path(), 1)
		page := r.must()
		r.want("news", page, text)
		for _, p := range page.Posts {
			ids = append(ids, p.ID)
		}
	}
	if slices.Sort(ids); len(slices.Compact(ids)) != 3 {
		t.Errorf("ids %q, want three", ids)
	}
}

func TestTheSameItemTwiceIsOnePost(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/news.xml", "/news.json"} {
		r := open(t, path)
		for range 2 {
			r.site.Publish(path, feedtest.Item{ID: "one", Link: "/one", Text: "One.", Published: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
		}
		r.want("twice", r.must(), "One.")
		r.site.Keep(path, 1)
		r.want("once", r.must())
	}
}

func TestEditsAreRevisions(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.atom")
	r.publish("One.")
	first := r.must().Posts[0]
	r.site.Break(r.path(), feedtest.Edits)
	for range 2 {
		r.site.Publish("/other", feedtest.Item{}) // another feed must not matter
		r.site.Edit(r.path(), "tag:site.example,2026:news.atom/1", func(*feedtest.Item) {})
		page := r.must()
		if len(page.Posts) != 1 || page.Posts[0].ID != first.ID || page.Posts[0].Revision == first.Revision {
			t.Errorf("got %+v, want another revision of %s", page.Posts, first.ID)
		}
	}
	r.fired(feedtest.Edits)
	r.site.Mend(r.path())
	r.site.Edit(r.path(), "tag:site.example,2026:news.atom/1", func(it *feedtest.Item) { it.HTML = "<div><b>One</b>.</div>" })
	page := r.must()
	r.want("back to the first text", page, "One.")
	if page.Posts[0].Revision != first.Revision {
		t.Error("other markup around the same words is another revision")
	}
	r.site.Edit(r.path(), "tag:site.example,2026:news.atom/1", func(it *feedtest.Item) { it.HTML = "<i>One.</i>" })
	r.want("other markup", r.must())
	r.site.Edit(r.path(), "tag:site.example,2026:news.atom/1", func(it *feedtest.Item) { it.Title = "Another headline" })
	page = r.must()
	r.want("another headline", page, "One.")
	if page.Posts[0].ID != first.ID || page.Posts[0].Revision == first.Revision {
		t.Errorf("another headline is %+v", page.Posts[0])
	}
}

func TestDates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(27 * 365 * 24 * time.Hour) // a bubble begins in the year 2000
		r := open(t, "/news.xml")
		r.publish("One.", "Two.")
		r.site.Break(r.path(), feedtest.BadDates)
		r.site.Publish(r.path(), feedtest.Item{Text: "Three.", Undated: true})
		page := r.must()
		r.fired(feedtest.BadDates)
		r.want("in the document's order", page, "One.", "Two.", "Three.")
		for _, p := range page.Posts {
			if p.Dated || !p.Created.Equal(time.Now()) {
				t.Errorf("%q is dated %v (%v), want now and not dated", p.Text, p.Created, p.Dated)
			}
		}
	})
}

func TestOrder(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		items []feedtest.Item // in the order they were added; feeds show the last one first
		want  []string
	}{
		"newest first":           {[]feedtest.Item{{Text: "a", Published: day(1)}, {Text: "b", Published: day(2)}}, []string{"a", "b"}},
		"oldest first":           {[]feedtest.Item{{Text: "c", Published: day(3)}, {Text: "b2", Published: day(2)}, {Text: "b1", Published: day(2)}, {Text: "a", Published: day(1)}}, []string{"a", "b1", "b2", "c"}},
		"one day":                {[]feedtest.Item{{Text: "a", Published: day(1)}, {Text: "b", Published: day(1)}}, []string{"a", "b"}},
		"an old one added late":  {[]feedtest.Item{{Text: "b", Published: day(2)}, {Text: "c", Published: day(3)}, {Text: "a", Published: day(1)}, {Text: "d", Published: day(4)}}, []string{"a", "b", "c", "d"}},
		"without dates":          {[]feedtest.Item{{Text: "a", Undated: true}, {Text: "b", Undated: true}}, []string{"a", "b"}},
		"some without dates":     {[]feedtest.Item{{Text: "a", Published: day(1)}, {Text: "b", Undated: true}, {Text: "c", Published: day(3)}}, []string{"a", "b", "c"}},
		"a pinned one on top":    {[]feedtest.Item{{Text: "b", Published: day(2)}, {Text: "c", Published: day(3)}, {Text: "d", Published: day(4)}, {Text: "a", Published: day(1)}}, []string{"a", "b", "c", "d"}},
		"one at the same second": {[]feedtest.Item{{Text: "a", Published: day(1)}, {Text: "b", Published: day(2)}, {Text: "c", Published: day(2)}}, []string{"a", "b", "c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, "/news.xml")
			for _, it := range c.items {
				r.site.Publish("/news.xml", it)
			}
			r.want(name, r.must(), c.want...)
		})
	}
}

func TestAFeedThatNeverHadAnItem(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.xml")
	for range 2 { // the second answer is "unchanged"
		if page := r.must(); len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "never had any") {
			t.Errorf("warnings %q", page.Warnings)
		}
	}
	r.publish("One.")
	if page := r.must(); len(page.Warnings) != 0 {
		t.Errorf("warnings %q", page.Warnings)
	}
}

// A burst larger than a feed's window cannot be read whole; it can be noticed.
func TestItemsThatCameAndWentAreNoticed(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.xml")
	r.publish("One.", "Two.", "Three.")
	r.must()
	r.publish("Four.", "Five.")
	r.site.Keep(r.path(), 3)
	if page := r.must(); len(page.Posts) != 2 || len(page.Warnings) != 0 {
		t.Errorf("%q, warnings %q", texts(page), page.Warnings)
	}
	r.publish("Six.", "Seven.", "Eight.", "Nine.")
	r.site.Keep(r.path(), 3)
	page := r.must()
	r.want("a burst", page, "Seven.", "Eight.", "Nine.")
	if len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "none of the items known") {
		t.Errorf("warnings %q", page.Warnings)
	}
}
