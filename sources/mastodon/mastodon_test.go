package mastodon_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
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
	"onrecord/sources/mastodon"
	"onrecord/sources/mastodon/mastodontest"
	"onrecord/sources/sourcetest"
)

const (
	home      = "social.example"
	harbor    = "harborlabs"
	northwind = "northwind"
)

// reader reads Harbor Labs, as the program would.
type reader struct {
	sourcetest.Reader
	at    *mastodontest.Server // the account's own server
	hosts map[string]http.Handler
}

func open(t *testing.T, config ...mastodon.Config) *reader { return openOn(t, false, config...) }

func openOn(t *testing.T, strict bool, config ...mastodon.Config) *reader {
	t.Helper()
	at := mastodontest.New(home)
	at.Strict = strict
	at.Join(harbor, "Harbor Labs")
	at.Join(northwind, "Northwind Data")
	r := &reader{Reader: sourcetest.Reader{T: t, Account: onrecord.Account{ID: "mastodon:harbor", Source: "mastodon", Handle: harbor + "@" + home, Speaker: "Harbor Labs"}}, at: at, hosts: map[string]http.Handler{home: at}}
	client := &http.Client{Transport: loopback.Transport{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		req.Header.Set("User-Agent", "onrecord")
		if h := r.hosts[req.Host]; h != nil {
			h.ServeHTTP(w, req)
			return
		}
		http.NotFound(w, req)
	})}}
	c := mastodon.Config{}
	if len(config) > 0 {
		c = config[0]
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	source, err := c.Open(sources.Env{Client: func(bool) *http.Client { return client }})
	if err != nil {
		t.Fatal(err)
	}
	r.Source = source
	return r
}

func withToken() mastodon.Config {
	return mastodon.Config{BaseURL: "https://" + home, Token: mastodontest.Token}
}

func (r *reader) post(texts ...string) (last string) {
	for _, text := range texts {
		last = r.at.Post(harbor, mastodontest.Draft{Text: text})
	}
	return last
}

func (r *reader) fired(f mastodontest.Fault) {
	r.Helper()
	if r.at.Fired(f) == 0 {
		r.Errorf("the fault %q never fired", f)
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	for c, good := range map[mastodon.Config]bool{
		{}: true, {BaseURL: "https://social.example"}: true, {BaseURL: "http://localhost:8080/", Token: "t"}: true, {Token: "t"}: false,
		{BaseURL: "http://social.example"}: true, {BaseURL: "http://social.example", Token: "t"}: false, {BaseURL: "http://10.0.0.1", Token: "t"}: false, {BaseURL: "http://127.0.0.1:8080", Token: "t"}: true,
		{BaseURL: "social.example"}: false, {BaseURL: "https://a:b@social.example"}: false, {BaseURL: "https://social.example/@me"}: false, {BaseURL: "https://social.example/?x=1"}: false,
	} {
		if err := c.Validate(); (err == nil) != good {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for handle, good := range map[string]bool{
		"harborlabs@social.example": true, "a.b-c_d@localhost:8080": true, "": false, "harborlabs": false, "@harborlabs@social.example": false, "harborlabs@": false,
		"harborlabs@social.example/x": false, "harbor labs@social.example": false, "a@b@social.example": false, "a@" + strings.Repeat("b", 300): false,
	} {
		if err := mastodon.Kind().Account(onrecord.Account{Handle: handle}); (err == nil) != good {
			t.Errorf("handle %q: %v", handle, err)
		}
	}
	if err := mastodon.Kind().Account(onrecord.Account{Handle: "a@b.example", URL: "https://b.example/@a"}); err == nil {
		t.Error("an account with a url was accepted")
	}
}

// A token stays at its server, and only addresses that the operator wrote may be private.
func TestWhoIsAskedWithWhat(t *testing.T) {
	t.Parallel()
	asked := map[bool][]string{}
	client := func(private bool) *http.Client {
		return &http.Client{Transport: loopback.Transport{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			asked[private] = append(asked[private], req.Host+" "+req.Header.Get("Authorization"))
			http.NotFound(w, req)
		})}}
	}
	source, err := (&mastodon.Config{BaseURL: "http://own.example:8080", Token: "hush"}).Open(sources.Env{Client: client})
	if err != nil {
		t.Fatal(err)
	}
	for _, handle := range []string{"a@own.example:8080", "a@other.example"} {
		if _, err := source.Pull(t.Context(), onrecord.Account{Handle: handle}, ""); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", handle, err)
		}
	}
	want := map[bool][]string{true: {"own.example:8080 Bearer hush", "own.example:8080 Bearer hush"}, false: {"other.example "}}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
}

func TestProfilesAndPosts(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][2]string{
		"https://social.example/@harborlabs":                                  {"harborlabs@social.example", ""},
		"https://Social.example/@harborlabs/with_replies":                     {"harborlabs@social.example", ""},
		"https://social.example/@harborlabs.rss":                              {"harborlabs@social.example", ""},
		"https://social.example/@harborlabs/109501234567890123":               {"harborlabs@social.example", "social.example/109501234567890123"},
		"https://social.example/@harbor@other.example/109501234567890123":     {"harbor@other.example", "social.example/109501234567890123"},
		"https://social.example/users/harborlabs":                             {"harborlabs@social.example", ""},
		"https://social.example/users/harborlabs/statuses/109501234567890123": {"harborlabs@social.example", "social.example/109501234567890123"},
		"https://gts.example/@harborlabs/statuses/01HZX5V6J8Q4B2N7M3K9P1R0ST": {"harborlabs@gts.example", "gts.example/01HZX5V6J8Q4B2N7M3K9P1R0ST"},
		"http://localhost:8080/@harborlabs":                                   {"harborlabs@localhost:8080", ""},
		"https://medium.com/@harborlabs":                                      {"", ""},
		"https://www.youtube.com/@harborlabs":                                 {"", ""},
		"https://social.example/about":                                        {"", ""},
		"https://social.example/@":                                            {"", ""},
		"https://blog.example/@harborlabs/why-we-sue-0123456789ab":            {"harborlabs@blog.example", ""},
	} {
		page, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := mastodon.Kind().Profile(page)
		id, _ := mastodon.Kind().Post(page)
		if ok := mastodon.Kind().Account(a) == nil; ok && a.Handle != want[0] || !ok && want[0] != "" || id != want[1] {
			t.Errorf("%s: the account %q and the post %q, want %q", address, a.Handle, id, want)
		}
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, strict := range map[string]bool{"stock": false, "strict": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
				r := openOn(t, strict, withToken())
				faults := map[sourcetest.Fault]mastodontest.Fault{
					sourcetest.RateLimited: mastodontest.RateLimited, sourcetest.ServerError: mastodontest.ServerError,
					sourcetest.CutBody: mastodontest.CutBody, sourcetest.Garbage: mastodontest.Garbage, sourcetest.Empty: mastodontest.EmptyBody,
				}
				return sourcetest.Place{
					Source: r.Source, Account: r.Account, Secret: mastodontest.Token,
					Publish: func(text string) { r.post(text) },
					Edit:    func(id, text string) { r.at.Edit(strings.TrimPrefix(id, home+"/"), text, "") },
					Delete:  func(id string) { r.at.Delete(strings.TrimPrefix(id, home+"/")) },
					Hide: func(on bool) {
						r.at.SetState(harbor, map[bool]string{true: "suspended"}[on])
					},
					Break: func(f sourcetest.Fault) func() int {
						if f == sourcetest.GoneAccount {
							before := r.at.Requests("/api/v1/accounts/ID/statuses")
							r.at.SetState(harbor, "deleted")
							return func() int { return r.at.Requests("/api/v1/accounts/ID/statuses") - before }
						}
						r.at.Break(faults[f])
						return func() int { return r.at.Fired(faults[f]) }
					},
					Mend: func() {
						r.at.Mend()
						r.at.SetState(harbor, "")
					},
				}
			})
		})
	}
}

func TestPostsOfEveryKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		r.Must()
		theirs := r.at.Post(northwind, mastodontest.Draft{Text: "They copied us."})
		time.Sleep(time.Minute)
		root := r.at.Post(harbor, mastodontest.Draft{
			Text: "We answer <here> & there:\n\nharbor https://harborlabs.example/answers/to-the-whole-complaint?a=1&b=2 today @northwind #Court", Lang: "en", Warning: "legal & dry",
			CardURL: "https://harborlabs.example/answers/to-the-whole-complaint?a=1&b=2", CardTitle: "Our answer &amp; more", Image: "https://cdn.example/p.jpg", Alt: "Page one",
		})
		at := time.Now().UTC()
		var ids []string
		for _, d := range []mastodontest.Draft{
			{Text: "And second.", ReplyTo: root},
			{Text: "That is wrong, @northwind.", ReplyTo: theirs},
			{Text: "Read this.", Quotes: theirs},
			{Text: "Not shown.", Quotes: theirs, QuoteState: "pending"},
			{Text: "A page.", CardURL: "https://news.example/1", CardTitle: "In the news", Visibility: "unlisted"},
		} {
			time.Sleep(time.Second)
			ids = append(ids, r.at.Post(harbor, d))
		}
		time.Sleep(time.Second)
		boost := r.at.Boost(harbor, theirs, "public")

		got := r.Must().Posts
		name := func(id string) string { return home + "/" + id }
		link := func(who, id string) string { return "https://" + home + "/@" + who + "/" + id }
		parent := &onrecord.Ref{ID: name(theirs), Account: northwind + "@" + home, URL: link(northwind, theirs), Text: "They copied us."}
		answer := "https://harborlabs.example/answers/to-the-whole-complaint?a=1&b=2"
		want := []onrecord.Post{
			{
				ID: name(root), Kind: onrecord.Original, Text: "We answer <here> & there:\n\nharbor " + answer + " today @northwind #Court", Lang: "en", Warning: "legal & dry", Created: at,
				Links: []onrecord.Link{{URL: answer, Shown: answer, Title: "Our answer & more"}}, Media: []onrecord.Media{{Kind: "image", URL: "https://cdn.example/p.jpg", Alt: "Page one"}},
			},
			{
				ID: name(ids[0]), Kind: onrecord.Thread, Text: "And second.", Thread: name(root),
				ReplyTo: &onrecord.Ref{ID: name(root), Account: harbor + "@" + home, URL: link(harbor, root), Text: "We answer <here> & there:\n\nharbor " + answer + " today @northwind #Court"},
			},
			{ID: name(ids[1]), Kind: onrecord.Reply, Text: "That is wrong, @northwind.", Thread: name(theirs), ReplyTo: parent},
			{ID: name(ids[2]), Kind: onrecord.Quote, Text: "Read this.", Quotes: parent},
			{ID: name(ids[3]), Kind: onrecord.Original, Text: "Not shown."},
			{ID: name(ids[4]), Kind: onrecord.Original, Text: "A page.", Links: []onrecord.Link{{URL: "https://news.example/1", Title: "In the news"}}},
			{ID: name(boost), Kind: onrecord.Repost, Text: "They copied us.", URL: link(northwind, theirs), Reposts: parent},
		}
		for i := range want {
			w := &want[i]
			w.Account, w.Author, w.Dated = "mastodon:harbor", onrecord.Author{ID: "https://" + home + "/users/" + harbor, Handle: harbor + "@" + home, Name: "Harbor Labs"}, true
			w.Created = at.Add(time.Duration(i) * time.Second)
			if w.URL == "" {
				w.URL = link(harbor, strings.TrimPrefix(w.ID, home+"/"))
			}
			if w.Thread == "" && w.Kind != onrecord.Repost {
				w.Thread = w.ID
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(onrecord.Post{}, "Raw")); diff != "" {
			t.Error(diff)
		}
		for _, p := range got {
			if !strings.Contains(string(p.Raw), "created_at") {
				t.Errorf("%s: raw %q", p.Text, p.Raw)
			}
		}
	})
}

// A follower's token shows what is not for everybody: it never leaves the source,
// and what is public around it does.
func TestOnlyWhatIsForEverybody(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		r := openOn(t, strict, withToken())
		private := r.at.Post(harbor, mastodontest.Draft{Text: "Before, for followers.", Visibility: "private"})
		r.Want("first", nil...)
		for i := range 100 { // whole pages of it
			r.at.Post(harbor, mastodontest.Draft{Text: fmt.Sprint("For followers ", i), Visibility: []string{"private", "direct", "local", "mutuals_only"}[i%4]})
		}
		r.at.Post(harbor, mastodontest.Draft{Text: "For all.", ReplyTo: private})
		r.at.Post(harbor, mastodontest.Draft{Text: "Quiet.", Visibility: "unlisted", Quotes: private})
		r.at.Boost(harbor, private, "public")
		r.at.Boost(harbor, r.post("Mine."), "private")
		posts := r.Want("what is for everybody", "For all.", "Quiet.", "Mine.")
		for _, ref := range []*onrecord.Ref{posts[0].ReplyTo, posts[1].Quotes} {
			if ref == nil || ref.Text != "" {
				t.Errorf("it points at what is for followers as %+v", ref)
			}
		}
		r.at.Edit(private, "Edited, for followers.", "")
		found, gone, err := r.Source.(sources.Lookup).Posts(t.Context(), []string{home + "/" + private})
		if err != nil || len(found) != 0 || len(gone) != 1 {
			t.Errorf("asked by its id: found %v, gone %v, %v", found, gone, err)
		}
	}
}

// More new posts than any page holds, over a pull that came late: none is left out,
// even where since_id is not heeded.
func TestALongAbsence(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		r := openOn(t, strict, withToken())
		r.post("Old.")
		r.Want("first", "Old.")
		var want []string
		for i := range 203 {
			want = append(want, fmt.Sprint("Said ", i))
		}
		r.post(want...)
		r.Want("all of them", want...)
		r.Want("nothing new")
	}
}

func TestSweep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		first := r.post("One.")
		var old []string
		for i := range 60 {
			time.Sleep(time.Minute)
			old = append(old, r.post(fmt.Sprint("Old ", i)))
		}
		if n := len(r.Must().Posts); n != 40 {
			t.Fatalf("the first pull gave %d posts, want the newest page", n)
		}
		r.at.Edit(old[59], "Old 59, corrected.", "corrected")
		r.Want("an edit is not seen at once")
		time.Sleep(31 * time.Minute)
		edited := r.Want("the sweep", "Old 59, corrected.")[0]
		if edited.ID != home+"/"+old[59] || edited.Revision == "" || edited.Warning != "corrected" {
			t.Errorf("the edit is %+v", edited)
		}
		before := r.at.Requests("/api/v1/accounts/ID")
		r.Want("not again")
		if r.at.Requests("/api/v1/accounts/ID") != before {
			t.Error("it was swept again at once")
		}

		// What was there before the account was watched comes to stand in the newest page.
		for _, id := range old[30:] {
			r.at.Delete(id)
		}
		r.at.Post(harbor, mastodontest.Draft{Text: "Late.", Created: time.Now().Add(-20 * time.Minute)})
		r.at.Post(harbor, mastodontest.Draft{Text: "Newest."})
		time.Sleep(31 * time.Minute)
		page := r.Must()
		if got := sourcetest.Texts(page.Posts); !slices.Equal(got, []string{"Late.", "Newest."}) {
			t.Errorf("got %q", got)
		}
		if len(page.Archive) != 21 || page.Archive[0].ID != home+"/"+first || page.Archive[20].Text != "Old 19" {
			t.Errorf("history is %q", sourcetest.Texts(page.Archive))
		}
		time.Sleep(31 * time.Minute)
		r.Want("nothing new")
	})
}

// All versions since the last look are kept, where the server shows them.
func TestVersionsBetweenTwoLooks(t *testing.T) {
	for _, fault := range []mastodontest.Fault{"", mastodontest.NoHistory} {
		synctest.Test(t, func(t *testing.T) {
			r := open(t)
			id := r.post("We deny it.")
			r.Must()
			look := func(edits ...string) []onrecord.Post {
				for _, text := range edits {
					time.Sleep(time.Minute)
					r.at.Edit(id, text, "")
				}
				time.Sleep(31 * time.Minute)
				r.at.Break(fault)
				want := edits
				if fault != "" {
					want = edits[len(edits)-1:]
				}
				return r.Want("the versions", want...)
			}
			posts := slices.Concat(look("We deny most of it.", "We deny all of it."), look("We deny some of it.", "We deny each word.", "We deny."))
			revisions := map[string]bool{}
			for _, p := range posts {
				revisions[p.Revision] = true
				if p.ID != home+"/"+id || p.Revision == "" || len(p.Raw) == 0 {
					t.Errorf("a version is %+v", p)
				}
			}
			if len(revisions) != len(posts) {
				t.Errorf("%d versions have the revisions %v", len(posts), revisions)
			}
			if fault != "" {
				r.fired(fault)
			}
			time.Sleep(31 * time.Minute)
			r.Want("nothing new")
		})
	}
}

// A thread is one, over pages, pulls and what is not the account's own in it.
func TestThreads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		start := r.at.Post(northwind, mastodontest.Draft{Text: "They copied us."})
		more := r.at.Post(northwind, mastodontest.Draft{Text: "All of it.", ReplyTo: start})
		old := r.post("From before.")
		r.Must()
		last := r.at.Post(harbor, mastodontest.Draft{Text: "No.", ReplyTo: more})
		for i := range 50 {
			last = r.at.Post(harbor, mastodontest.Draft{Text: fmt.Sprint("Part ", i), ReplyTo: last})
		}
		posts := r.Must().Posts
		time.Sleep(time.Minute)
		r.at.Post(harbor, mastodontest.Draft{Text: "And on.", ReplyTo: last})
		r.at.Post(harbor, mastodontest.Draft{Text: "As I said.", ReplyTo: old})
		posts = append(posts, r.Must().Posts...)
		if len(posts) != 53 {
			t.Fatalf("%d posts", len(posts))
		}
		for i, p := range posts {
			want, kind := home+"/"+start, onrecord.Thread
			switch i {
			case 0:
				kind = onrecord.Reply
			case 52:
				want = home + "/" + old
			}
			if p.Thread != want || p.Kind != kind {
				t.Errorf("%s: a %s in the thread %s, want %s in %s", p.Text, p.Kind, p.Thread, kind, want)
			}
		}
		if p := posts[0]; p.ReplyTo.Text != "All of it." || p.ReplyTo.Account != northwind+"@"+home {
			t.Errorf("the first answers %+v", p.ReplyTo)
		}
		if n := r.at.Requests("/api/v1/statuses/ID/context"); n != 1 {
			t.Errorf("%d times asked what stands before a post, want 1", n)
		}
		r.at.Break(mastodontest.NoContext)
		other := r.at.Post(northwind, mastodontest.Draft{Text: "Well?", ReplyTo: more})
		r.at.Post(harbor, mastodontest.Draft{Text: "Well.", ReplyTo: other})
		if p := r.Want("not shown", "Well.")[0]; p.Thread != home+"/"+other || p.ReplyTo.ID != home+"/"+other {
			t.Errorf("in the thread %s, it answers %+v", p.Thread, p.ReplyTo)
		}
		r.fired(mastodontest.NoContext)
	})
}

func TestBackfill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		for i := range 200 {
			time.Sleep(time.Hour)
			r.post(fmt.Sprint(i))
		}
		r.Account.Backfill = 100 * time.Hour
		if posts := r.Must().Posts; len(posts) != 120 || posts[0].Text != "80" || posts[119].Text != "199" {
			t.Errorf("%d posts, want the three pages that hold 100 hours", len(posts))
		}
		r.Want("nothing new")
		r.Cursor, r.Account.Backfill = "", 10000*time.Hour
		if posts := r.Must().Posts; len(posts) != 200 {
			t.Errorf("%d posts, want all", len(posts))
		}
	})
}

func TestAVeryLongHistory(t *testing.T) {
	t.Parallel()
	r := open(t)
	for i := range 1300 {
		r.post(fmt.Sprint(i))
	}
	r.Account.Backfill = 10000 * time.Hour
	page := r.Must()
	if len(page.Posts) != 1200 || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "1200") {
		t.Errorf("%d posts, warnings %q", len(page.Posts), page.Warnings)
	}
	if n := len(r.Cursor); n > 10_000 {
		t.Errorf("the cursor has %d bytes", n)
	}
	r.post("And on.")
	r.Want("after it", "And on.")
}

// A server that fills a page before it takes out what this reader may not see shows empty
// pages, behind which is what everybody may see: before it, and at the first look.
func TestPagesOfWhatIsHidden(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		r := openOn(t, strict, withToken())
		r.at.Break(mastodontest.HiddenCount)
		hidden := func() {
			for i := range 95 { // more than two pages
				r.at.Post(harbor, mastodontest.Draft{Text: fmt.Sprint("For followers ", i), Visibility: "private"})
			}
		}
		r.post("Before.")
		hidden()
		r.Want("at the first look", "Before.")
		r.post("One.")
		hidden()
		r.post("Two.")
		r.Want("around what is hidden", "One.", "Two.")
		hidden()
		r.Want("nothing but what is hidden")
		r.post("Three.")
		r.Want("behind what is hidden", "Three.")
		r.fired(mastodontest.HiddenCount)
	}
}

// A server that ignores min_id shows its newest page again and again.
func TestMinIDIsIgnored(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.post("One.")
	r.Must()
	r.at.Break(mastodontest.NoMinID)
	r.post("Two.", "Three.")
	r.Want("what is new", "Two.", "Three.")
	r.fired(mastodontest.NoMinID)
	r.Want("nothing new")
}

func TestAccountsThatAreNotShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t)
		r.post("One.")
		r.Must()
		r.at.SetState(harbor, "suspended")
		r.Want("an empty list, which may be right")
		time.Sleep(31 * time.Minute)
		_, err := r.Pull()
		var told *sources.Error
		if !errors.As(err, &told) || told.Trouble != sources.Hidden || !strings.Contains(err.Error(), "suspended") {
			t.Errorf("suspended: %v", err)
		}
		r.at.SetState(harbor, "")
		r.post("Back.")
		r.at.Move(harbor, "harbor@new.example")
		page := r.Must()
		if got := sourcetest.Texts(page.Posts); !slices.Equal(got, []string{"Back."}) || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "harbor@new.example") {
			t.Errorf("moved: %q, warnings %q", got, page.Warnings)
		}
		r.Account.Handle, r.Cursor = "nobody@social.example", ""
		if _, err := r.Pull(); !errors.As(err, &told) || told.Trouble != sources.Gone {
			t.Errorf("nobody: %v", err)
		}
		r.Account.Handle = harbor + "@" + home
		r.at.Break(mastodontest.OtherName)
		if _, err := r.Pull(); !errors.As(err, &told) || told.Trouble != sources.Nonsense || !strings.Contains(err.Error(), "somebody_else") {
			t.Errorf("another account: %v", err)
		}
		r.fired(mastodontest.OtherName)
	})
}

func TestPostsThatCannotBeRead(t *testing.T) {
	for _, fault := range []mastodontest.Fault{mastodontest.Unreadable, mastodontest.Foreign} {
		synctest.Test(t, func(t *testing.T) {
			r := open(t)
			r.Must()
			r.post("One.", "Two.")
			r.at.Break(fault)
			page := r.Must()
			r.fired(fault)
			if got := sourcetest.Texts(page.Posts); !slices.Equal(got, []string{"One."}) || len(page.Warnings) == 0 {
				t.Errorf("%s: %q, warnings %q", fault, got, page.Warnings)
			}
			r.at.Mend()
			time.Sleep(31 * time.Minute)
			r.Want("it is tried again", "Two.")
		})
	}
}

func TestTroubles(t *testing.T) {
	t.Parallel()
	for fault, want := range map[mastodontest.Fault]struct {
		trouble sources.Trouble
		says    string
	}{
		mastodontest.Page:        {sources.Walled, "page for people"},
		mastodontest.Walled:      {sources.Walled, "page for people"},
		mastodontest.RateLimited: {sources.Limited, "Too many requests"},
		mastodontest.ServerError: {sources.Unreached, "503"},
		mastodontest.CutBody:     {sources.Unreached, "cut"},
		mastodontest.Garbage:     {sources.Nonsense, "invalid character"},
		mastodontest.EmptyBody:   {sources.Nonsense, "unexpected end"},
		mastodontest.Null:        {sources.Nonsense, "does not say"},
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			r := open(t)
			r.Must()
			r.post("One.")
			r.at.Break(fault)
			_, err := r.Pull()
			r.fired(fault)
			var told *sources.Error
			if !errors.As(err, &told) || told.Trouble != want.trouble || !strings.Contains(err.Error(), want.says) {
				t.Fatalf("got %v, want trouble %q that says %q", err, want.trouble, want.says)
			}
			if fault == mastodontest.RateLimited && (told.Place || time.Until(told.Retry) > mastodontest.Reset || time.Until(told.Retry) < mastodontest.Reset-time.Minute) {
				t.Errorf("ask again at %v (place: %v), want in %s, and of this server alone", told.Retry, told.Place, mastodontest.Reset)
			}
			r.at.Mend()
			r.Want("mended", "One.")
		})
	}
}

func TestBrokenCursor(t *testing.T) {
	t.Parallel()
	for _, c := range []sources.Cursor{"x", "{}", `{"host":7}`} {
		r := open(t)
		r.Cursor = c
		if _, err := r.Pull(); err == nil {
			t.Errorf("cursor %q was accepted", c)
		}
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	r := openOn(t, true, withToken())
	if err := r.Source.(sources.Prober).Probe(t.Context()); err != nil {
		t.Error(err)
	}
	if err := open(t).Source.(sources.Prober).Probe(t.Context()); err != nil {
		t.Errorf("without a token there is nothing to prove: %v", err)
	}
	wrong := withToken()
	wrong.Token = "another-token"
	err := openOn(t, true, wrong).Source.(sources.Prober).Probe(t.Context())
	var told *sources.Error
	if !errors.As(err, &told) || told.Trouble != sources.Denied || strings.Contains(err.Error(), "another-token") {
		t.Errorf("a wrong token: %v", err)
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	r := open(t)
	lookup := r.Source.(sources.Lookup)
	id := home + "/" + r.at.Post(northwind, mastodontest.Draft{Text: "Why did you take the files?"})
	deleted := r.at.Post(northwind, mastodontest.Draft{Text: "Never mind."})
	r.at.Delete(deleted)
	found, gone, err := lookup.Posts(t.Context(), []string{id, home + "/" + deleted, "at://no.id.of/this/place", "12345"})
	if err != nil || len(found) != 1 || !slices.Equal(gone, []string{home + "/" + deleted}) {
		t.Fatalf("found %v, gone %q, %v", found, gone, err)
	}
	if p := found[id]; p.ID != id || p.Text != "Why did you take the files?" || p.Account != "" || p.Author.Handle != northwind+"@"+home {
		t.Errorf("the post is %+v", p)
	}
	other := mastodontest.New("other.example")
	r.hosts["other.example"] = other
	other.Join("dana", "Dana Reyes")
	theirs := "other.example/" + other.Post("dana", mastodontest.Draft{Text: "I saw it."})
	for fault, want := range map[mastodontest.Fault]sources.Trouble{
		mastodontest.RateLimited: sources.Limited, mastodontest.ServerError: sources.Unreached, mastodontest.Walled: sources.Walled, mastodontest.LoginWanted: sources.Denied,
		mastodontest.Garbage: sources.Nonsense, mastodontest.EmptyBody: sources.Nonsense, mastodontest.Null: sources.Nonsense, mastodontest.CutBody: sources.Unreached,
	} {
		r.at.Mend()
		r.at.Break(fault)
		found, gone, err := lookup.Posts(t.Context(), []string{id, theirs})
		var told *sources.Error
		if !errors.As(err, &told) || told.Trouble != want || len(found) != 1 || found[theirs].Text != "I saw it." || len(gone) != 0 {
			t.Errorf("%s: found %v, gone %v, %v", fault, found, gone, err)
		}
		r.fired(fault)
	}
}
