package bluesky_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/bluesky"
	"onrecord/sources/bluesky/blueskytest"
	"onrecord/sources/sourcetest"
)

const (
	harbor    = "harborlabs.example"
	northwind = "northwind.example"
)

// reader reads Harbor Labs, as the program would.
type reader struct {
	*testing.T
	sky     *blueskytest.Server
	source  sources.Source
	account onrecord.Account
	cursor  sources.Cursor
}

func open(t *testing.T) *reader {
	t.Helper()
	sky := blueskytest.New()
	sky.Join(harbor, "Harbor Labs")
	sky.Join(northwind, "Northwind Data")
	client := &http.Client{Transport: loopback.Transport{Handler: sky}}
	source, err := bluesky.Kind().Config().Open(sources.Env{Client: func(private bool) *http.Client {
		if private {
			t.Error("the public AppView is asked for with the client for private addresses")
		}
		return client
	}})
	if err != nil {
		t.Fatal(err)
	}
	return &reader{T: t, sky: sky, source: source, account: onrecord.Account{ID: "bluesky:harbor", Source: "bluesky", Handle: harbor, Speaker: "Harbor Labs"}}
}

func (r *reader) post(texts ...string) (last string) {
	for _, text := range texts {
		last = r.sky.Post(harbor, blueskytest.Draft{Text: text})
	}
	return last
}

func (r *reader) pull() (sources.Page, error) {
	page, err := r.source.Pull(r.Context(), r.account, r.cursor)
	if err == nil {
		r.cursor = page.Next
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

func (r *reader) want(what string, want ...string) []onrecord.Post {
	r.Helper()
	page := r.must()
	var got []string
	for _, p := range page.Posts {
		got = append(got, p.Text)
	}
	if !slices.Equal(got, want) {
		r.Errorf("%s: got %q, want %q", what, got, want)
	}
	if len(page.Warnings) > 0 {
		r.Errorf("%s: warnings %q", what, page.Warnings)
	}
	return page.Posts
}

func (r *reader) fired(f blueskytest.Fault) {
	r.Helper()
	if r.sky.Fired(f) == 0 {
		r.Errorf("the fault %q never fired", f)
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	for base, good := range map[string]bool{
		"https://public.api.bsky.app": true, "http://127.0.0.1:2584/": true, "": false, "public.api.bsky.app": false,
		"https://a:b@bsky.example": false, "https://bsky.example/?x=1": false, "ftp://bsky.example": false,
	} {
		if err := (&bluesky.Config{BaseURL: base}).Validate(); (err == nil) != good {
			t.Errorf("base_url %q: %v", base, err)
		}
	}
	for handle, good := range map[string]bool{
		harbor: true, "did:plc:abc234": true, "did:web:harbor.example": true, "": false, "@harborlabs.example": false, "harborlabs": false,
		"harbor labs.example": false, "did:key:x": false, "a.example/../b": false, strings.Repeat("a.", 200) + "example": false,
	} {
		if err := bluesky.Kind().Account(onrecord.Account{Handle: handle}); (err == nil) != good {
			t.Errorf("handle %q: %v", handle, err)
		}
	}
	if err := bluesky.Kind().Account(onrecord.Account{Handle: harbor, URL: "https://bsky.app/"}); err == nil {
		t.Error("an account with a url was accepted")
	}
	private := false
	source, err := (&bluesky.Config{BaseURL: "http://127.0.0.1:2584"}).Open(sources.Env{Client: func(p bool) *http.Client {
		private = p
		return http.DefaultClient
	}})
	if err != nil || source == nil || !private {
		t.Errorf("another AppView: private client %v, %v", private, err)
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
		r := open(t)
		faults := map[sourcetest.Fault]blueskytest.Fault{
			sourcetest.RateLimited: blueskytest.RateLimited, sourcetest.ServerError: blueskytest.ServerError,
			sourcetest.CutBody: blueskytest.CutBody, sourcetest.Garbage: blueskytest.Garbage, sourcetest.Empty: blueskytest.EmptyBody,
		}
		return sourcetest.Place{
			Source: r.source, Account: r.account,
			Publish: func(text string) { r.post(text) },
			Break: func(f sourcetest.Fault) func() int {
				if f == sourcetest.GoneAccount {
					before := r.sky.Requests("app.bsky.feed.getAuthorFeed")
					r.sky.SetStatus(harbor, "deleted")
					return func() int { return r.sky.Requests("app.bsky.feed.getAuthorFeed") - before }
				}
				r.sky.Break(faults[f])
				return func() int { return r.sky.Fired(faults[f]) }
			},
			Mend: func() {
				r.sky.Mend()
				r.sky.SetStatus(harbor, "")
			},
			Edit:   r.sky.Edit,
			Delete: r.sky.Delete,
			Hide: func(on bool) {
				r.sky.SetStatus(harbor, map[bool]string{true: "deactivated"}[on])
			},
		}
	})
}

func TestPostsOfEveryKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		r.must()
		theirs := r.sky.Post(northwind, blueskytest.Draft{Text: "They copied us."})
		time.Sleep(time.Minute)
		root := r.sky.Post(harbor, blueskytest.Draft{
			Text: "📄 We answer: harborlabs.example/ans… today.", Lang: "en", Label: "graphic-media",
			Links: []blueskytest.Link{{Text: "harborlabs.example/ans…", URL: "https://harborlabs.example/answer"}},
			Card:  blueskytest.Link{URL: "https://harborlabs.example/answer", Text: "Our answer"},
		})
		at := time.Now().UTC()
		drafts := []blueskytest.Draft{
			{Text: "And second.", ReplyTo: root},
			{Text: "That is wrong.", ReplyTo: theirs},
			{Text: "Read this.", Quotes: theirs, Image: blueskytest.Link{URL: "https://cdn.example/p.jpg", Text: "Page one"}},
			{Text: "A page.", Card: blueskytest.Link{URL: "https://news.example/1", Text: "In the news"}},
		}
		var uris []string
		for _, d := range drafts {
			time.Sleep(time.Second)
			uris = append(uris, r.sky.Post(harbor, d))
		}
		time.Sleep(time.Second)
		repost := r.sky.Repost(harbor, theirs)

		got := r.must().Posts
		author := onrecord.Author{ID: "did:plc:", Handle: harbor, Name: "Harbor Labs"}
		if len(got) > 0 && strings.HasPrefix(got[0].Author.ID, "did:plc:") {
			author.ID = got[0].Author.ID
		}
		link := func(handle, uri string) string {
			return "https://bsky.app/profile/" + handle + "/post/" + uri[strings.LastIndex(uri, "/")+1:]
		}
		parent := &onrecord.Ref{ID: theirs, Account: northwind, URL: link(northwind, theirs), Text: "They copied us."}
		want := []onrecord.Post{
			{
				ID: root, Kind: onrecord.Original, Text: "📄 We answer: harborlabs.example/ans… today.", Lang: "en", Warning: "graphic-media", Thread: root, Created: at,
				Links: []onrecord.Link{{URL: "https://harborlabs.example/answer", Shown: "harborlabs.example/ans…", Title: "Our answer"}},
			},
			{ID: uris[0], Kind: onrecord.Thread, Text: "And second.", Thread: root, Created: at.Add(time.Second), ReplyTo: &onrecord.Ref{ID: root, Account: harbor, URL: link(harbor, root), Text: "📄 We answer: harborlabs.example/ans… today."}},
			{ID: uris[1], Kind: onrecord.Reply, Text: "That is wrong.", Thread: theirs, Created: at.Add(2 * time.Second), ReplyTo: parent},
			{ID: uris[2], Kind: onrecord.Quote, Text: "Read this.", Thread: uris[2], Created: at.Add(3 * time.Second), Quotes: parent, Media: []onrecord.Media{{Kind: "image", URL: "https://cdn.example/p.jpg", Alt: "Page one"}}},
			{ID: uris[3], Kind: onrecord.Original, Text: "A page.", Thread: uris[3], Created: at.Add(4 * time.Second), Links: []onrecord.Link{{URL: "https://news.example/1", Title: "In the news"}}},
			{ID: repost, Kind: onrecord.Repost, Text: "They copied us.", Created: at.Add(5 * time.Second), URL: link(northwind, theirs), Reposts: parent},
		}
		for i := range want {
			want[i].Account, want[i].Author, want[i].Dated = "bluesky:harbor", author, true
			if want[i].URL == "" {
				want[i].URL = link(harbor, want[i].ID)
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(onrecord.Post{}, "Revision", "Raw")); diff != "" {
			t.Error(diff)
		}
		for _, p := range got {
			if (p.Revision == "") != (p.Kind == onrecord.Repost) || !strings.Contains(string(p.Raw), "createdAt") {
				t.Errorf("%s: revision %q, raw %q", p.Text, p.Revision, p.Raw)
			}
		}
	})
}

func TestMissingNeighbours(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.must()
	theirs := r.sky.Post(northwind, blueskytest.Draft{Text: "Soon gone."})
	r.sky.Post(harbor, blueskytest.Draft{Text: "An answer.", ReplyTo: theirs})
	r.sky.Post(harbor, blueskytest.Draft{Text: "A quote.", Quotes: theirs})
	r.sky.Delete(theirs)
	posts := r.want("both", "An answer.", "A quote.")
	if p := posts[0]; p.Kind != onrecord.Reply || p.ReplyTo.ID != theirs || p.ReplyTo.Text != "" || !strings.HasPrefix(p.ReplyTo.URL, "https://bsky.app/profile/did:plc:") {
		t.Errorf("the reply answers %+v", p.ReplyTo)
	}
	if p := posts[1]; p.Kind != onrecord.Quote || p.Quotes.ID != theirs || p.Quotes.Text != "" {
		t.Errorf("the quote quotes %+v", p.Quotes)
	}
}

func TestFacets(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.must()
	r.sky.Break(blueskytest.BadFacets)
	r.sky.Post(harbor, blueskytest.Draft{
		Text:  "👩‍⚖️ see a.example and b.example 📄",
		Links: []blueskytest.Link{{Text: "b.example", URL: "https://b.example/"}, {Text: "a.example", URL: "https://a.example/"}, {Text: "example and", URL: "https://overlap.example/"}},
	})
	posts := r.want("one", "👩‍⚖️ see a.example and b.example 📄")
	r.fired(blueskytest.BadFacets)
	want := []onrecord.Link{{URL: "https://a.example/", Shown: "a.example"}, {URL: "https://b.example/", Shown: "b.example"}}
	if diff := cmp.Diff(want, posts[0].Links); diff != "" {
		t.Error(diff)
	}
}

// The feed sorts by the date a post claims; reading must not.
func TestDatesThatLie(t *testing.T) {
	for _, epochless := range []bool{false, true} {
		t.Run(fmt.Sprint("epochless ", epochless), func(t *testing.T) { datesThatLie(t, epochless) })
	}
}

func datesThatLie(t *testing.T, epochless bool) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		r.sky.Epochless = epochless
		r.post("One.", "Two.")
		r.must()
		time.Sleep(time.Hour)
		began := time.Now().UTC()
		r.sky.Post(harbor, blueskytest.Draft{Text: "From 1999.", Created: time.Date(1999, 5, 1, 0, 0, 0, 0, time.UTC)})
		r.sky.Post(harbor, blueskytest.Draft{Text: "From 2031.", Created: began.AddDate(31, 0, 0)})
		posts := r.want("both", "From 1999.", "From 2031.")
		if !posts[1].Created.Equal(began) {
			t.Errorf("a post from the future is dated %v, want when it was indexed, %v", posts[1].Created, began)
		}
		r.want("nothing new")
	})
}

// A post that claims an old date lands deep in a long feed: the hourly sweep
// finds it, and finds edits there.
func TestSweep(t *testing.T) {
	for _, epochless := range []bool{false, true} {
		t.Run(fmt.Sprint("epochless ", epochless), func(t *testing.T) { sweep(t, epochless) })
	}
}

func sweep(t *testing.T, epochless bool) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		r.sky.Epochless = epochless
		var uris []string
		for i := range 350 {
			time.Sleep(time.Minute)
			uris = append(uris, r.post(fmt.Sprint("Old ", i)))
		}
		if n := len(r.must().Posts); n != 100 {
			t.Fatalf("the first pull gave %d posts, want the newest page", n)
		}
		r.want("history is no news")
		r.sky.Post(harbor, blueskytest.Draft{Text: "Deep.", Created: time.Now().Add(-200 * time.Minute)})
		r.want("on the third page")
		time.Sleep(time.Hour)
		r.want("the sweep", "Deep.")
		r.sky.Edit(uris[100], "Old 100, corrected.")
		r.want("an edit on the third page")
		before := r.sky.Requests("app.bsky.feed.getAuthorFeed")
		time.Sleep(time.Hour)
		r.want("the sweep", "Old 100, corrected.")
		if n := r.sky.Requests("app.bsky.feed.getAuthorFeed") - before; n != 5 {
			t.Errorf("the sweep took %d requests, want 5", n)
		}
		r.want("nothing new")
	})
}

func TestEditsAreRevisions(t *testing.T) {
	t.Parallel()
	r := open(t)
	uri := r.post("One.")
	first := r.must().Posts[0]
	r.sky.Edit(uri, "One, corrected.")
	edited := r.want("the edit", "One, corrected.")[0]
	if edited.ID != first.ID || edited.Revision == first.Revision {
		t.Errorf("id %q and %q, revision %q and %q", first.ID, edited.ID, first.Revision, edited.Revision)
	}
	r.want("nothing new")
	r.sky.Delete(uri)
	r.want("a deletion is not news")
}

// Somebody edits what the account reposted: that is no act of the account.
func TestRepostsHaveOneRevision(t *testing.T) {
	t.Parallel()
	for _, fault := range []blueskytest.Fault{"", blueskytest.OldReasons} {
		r := open(t)
		r.sky.Break(fault)
		r.must()
		theirs := r.sky.Post(northwind, blueskytest.Draft{Text: "Theirs."})
		mine := r.post("Mine.")
		r.sky.Repost(harbor, theirs)
		r.sky.Repost(harbor, mine)
		posts := r.want("posts and reposts", "Mine.", "Theirs.", "Mine.")
		ids := map[string]bool{}
		for _, p := range posts {
			ids[p.ID] = true
		}
		if len(ids) != 3 {
			t.Errorf("three entries have the ids %v", ids)
		}
		r.sky.Edit(theirs, "Theirs, edited.")
		r.want("nothing new")
		if fault != "" {
			r.fired(fault)
		}
	}
}

func TestBackfill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		for i := range 400 {
			time.Sleep(time.Hour)
			r.post(fmt.Sprint(i))
		}
		r.account.Backfill = 250 * time.Hour
		if n := len(r.must().Posts); n != 300 {
			t.Errorf("%d posts, want the three pages that hold 250 hours", n)
		}
		r.want("nothing new")
	})
}

func TestAVeryLongAbsence(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.must()
	for i := range 3200 {
		r.post(fmt.Sprint(i))
	}
	page := r.must()
	if len(page.Posts) != 3000 || page.Posts[2999].Text != "3199" || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "3000") {
		t.Errorf("%d posts, warnings %q", len(page.Posts), page.Warnings)
	}
	r.post("And on.")
	r.want("after it", "And on.")
	if n := len(r.cursor); n > 100_000 {
		t.Errorf("the cursor has %d bytes", n)
	}
	for range 10 {
		r.post("more")
		r.must()
	}
	if n := len(r.cursor); n > 30_000 {
		t.Errorf("the cursor still has %d bytes", n)
	}
}

func TestTheAccountIsTheDID(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.must()
	r.sky.Rename(harbor, "harbor.example")
	r.sky.Join(harbor, "A squatter")
	r.sky.Post("harbor.example", blueskytest.Draft{Text: "We moved."})
	r.sky.Post(harbor, blueskytest.Draft{Text: "Not them."})
	posts := r.want("after the handle changed hands", "We moved.")
	if posts[0].Author.Handle != "harbor.example" {
		t.Errorf("author %+v", posts[0].Author)
	}
	if page := r.must(); page.Handle != "harbor.example" {
		t.Errorf("called %q", page.Handle)
	}
	byDID := open(t)
	byDID.post("One.")
	byDID.account.Handle, byDID.cursor = byDID.must().Posts[0].Author.ID, ""
	byDID.want("by DID", "One.")
	if page := byDID.must(); page.Handle != "" {
		t.Errorf("known by its DID, and called %q", page.Handle)
	}
	if n := byDID.sky.Requests("com.atproto.identity.resolveHandle"); n != 1 {
		t.Errorf("%d handles were resolved, want 1: a DID needs none", n)
	}
}

// An account may ask that strangers are not shown its posts; the operator is told.
func TestAnAccountThatAsksForDiscretion(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.post("One.")
	if page := r.must(); len(page.Warnings) != 0 {
		t.Fatalf("warnings %q", page.Warnings)
	}
	r.sky.Label(harbor, "!no-unauthenticated")
	if page := r.must(); len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "logged in") {
		t.Errorf("warnings %q", page.Warnings)
	}
}

// Ten posts may carry more than an answer that is read: smaller pages are asked for.
func TestPagesThatAreTooLarge(t *testing.T) {
	t.Parallel()
	r := open(t)
	for i := range 12 {
		r.sky.Post(harbor, blueskytest.Draft{Text: fmt.Sprint("Post ", i, "."), Lang: strings.Repeat("x", 1<<20)})
	}
	if page := r.must(); len(page.Posts) == 0 {
		t.Error("nothing was read")
	}
	r.post("Small.")
	r.want("after them", "Small.")
}
