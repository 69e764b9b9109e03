package feed_test

import (
	"cmp"
	"net/http"
	"testing"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/feed"
	"onrecord/sources/feed/feedtest"
)

// What an item's page answers, and what that says of the item.
func TestRecheckOfPages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page, front int // 0: there is no such page
		broken      feedtest.Fault
		listed      bool          // the feed lists it still
		other       int           // what the page of another item answers; 0: it lists no other
		want        sources.Sight // "" : nothing
	}{
		"it is there":                        {page: 200, front: 200, want: sources.Present},
		"it is not there":                    {front: 200, want: sources.Absent},
		"it is gone for good":                {page: 410, front: 200, want: sources.Absent},
		"the site has no front page":         {want: sources.Absent}, // but shows its feed
		"the whole site is not there":        {broken: feedtest.NotFound},
		"the site is down, its pages say so": {page: 404, front: 503, broken: feedtest.ServerError},
		"the feed lists it still":            {front: 200, listed: true},
		"no page is there for us":            {front: 200, other: 404},
		"another page is there":              {front: 200, other: 200, want: sources.Absent},
		"it refuses":                         {page: 403, front: 200},
		"it wants a password":                {page: 401, front: 200},
		"it was asked too often":             {page: 429, front: 200},
		"it fails":                           {page: 500, front: 200},
	} {
		r := open(t, "/news.xml")
		r.must()
		r.publish("We will answer in court.")
		posts := r.must().Posts
		for path, status := range map[string]int{"/news/1": c.page, "/": c.front} {
			r.site.Page(path, cmp.Or(status, http.StatusNotFound))
		}
		if c.other != 0 {
			r.publish("We will appeal.")
			r.site.Page("/news/2", c.other)
		}
		if !c.listed {
			r.site.Keep("/news.xml", min(c.other, 1))
		}
		if c.broken != "" {
			r.site.Break("/news.xml", c.broken)
		}
		looks, err := r.source.(sources.Rechecker).Recheck(t.Context(), r.account, posts)
		if look := looks[posts[0].ID]; err != nil || look.Sight != c.want {
			t.Errorf("%s: looked at as %+v, %v", name, look, err)
		}
		if c.broken != "" && r.site.Fired("/news.xml", c.broken) == 0 {
			t.Errorf("%s: the fault never fired", name)
		}
	}
}

// That an item left the window of its feed says nothing, nor does an item without a page.
func TestRecheckOfTheWindow(t *testing.T) {
	t.Parallel()
	r := open(t, "/news.xml")
	r.must()
	r.publish("We will answer in court.")
	posts := r.must().Posts
	r.site.Keep("/news.xml", 0)
	home := posts[0]
	home.ID, home.URL = "home", "https://site.example/"
	looks, err := r.source.(sources.Rechecker).Recheck(t.Context(), r.account, append(posts, home))
	if err != nil || len(looks) != 1 || looks[posts[0].ID].Sight != sources.Present {
		t.Errorf("looked at as %+v, %v", looks, err)
	}
}

// An address that an item names is outside: the client for private networks is for the
// host that the operator named alone.
func TestRecheckOfPagesElsewhere(t *testing.T) {
	t.Parallel()
	site := feedtest.New()
	site.Page("/news/1", http.StatusOK)
	asked := map[bool]int{}
	config := feed.Kind().Config().(*feed.Config)
	config.AllowPrivate = true
	source, err := config.Open(sources.Env{Client: func(private bool) *http.Client {
		return &http.Client{Transport: counted{loopback.Transport{Handler: site}, func() { asked[private]++ }}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	a := onrecord.Account{ID: "feed:x", URL: "https://site.example/news.xml"}
	looks, err := source.(sources.Rechecker).Recheck(t.Context(), a, []onrecord.Post{{ID: "1", URL: "https://site.example/news/1"}, {ID: "2", URL: "https://10.0.0.1/news/1"}})
	if err != nil || len(looks) != 2 || asked[true] != 1 || asked[false] != 1 {
		t.Errorf("looked at as %+v, %v; asked %v", looks, err, asked)
	}
}

type counted struct {
	http.RoundTripper
	count func()
}

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	c.count()
	return c.RoundTripper.RoundTrip(r)
}
