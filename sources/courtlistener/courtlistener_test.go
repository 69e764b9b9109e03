package courtlistener_test

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
	"onrecord/sources/courtlistener"
	"onrecord/sources/courtlistener/courtlistenertest"
	"onrecord/sources/sourcetest"
)

const number = "3:26-cv-00417-ABC"

// reader reads the docket of Northwind Data v. Harbor Labs, as the program would.
type reader struct {
	sourcetest.Reader
	court *courtlistenertest.Server
}

func open(t *testing.T, token string) *reader {
	t.Helper()
	court := courtlistenertest.New()
	id := court.Open(number, "Northwind Data v. Harbor Labs")
	court.Open("3:26-cv-00418", "Another v. One")
	config := courtlistener.Kind().Config().(*courtlistener.Config)
	config.Token = token
	source, err := config.Open(sources.Env{Client: func(private bool) *http.Client {
		if private {
			t.Error("CourtListener is asked with the client for private addresses")
		}
		return &http.Client{Transport: loopback.Transport{Handler: court}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return &reader{Reader: sourcetest.Reader{T: t, Source: source, Account: onrecord.Account{ID: "courtlistener:" + id, Source: "courtlistener", Kind: onrecord.Docket, Handle: id}}, court: court}
}

func (r *reader) file(texts ...string) {
	for _, text := range texts {
		r.court.File(number, courtlistenertest.Draft{Text: text})
	}
}

func (r *reader) want(what string, want ...string) []onrecord.Post {
	r.Helper()
	page := r.Must()
	if got := sourcetest.Texts(page.Posts); !slices.Equal(got, want) {
		r.Errorf("%s: got %q, want %q", what, got, want)
	}
	return page.Posts
}

func (r *reader) fired(f courtlistenertest.Fault) {
	r.Helper()
	if r.court.Fired(f) == 0 {
		r.Errorf("the fault %q never fired", f)
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	for base, good := range map[string]bool{"https://www.courtlistener.com": true, "http://127.0.0.1:80/": true, "": false, "x": false, "https://a:b@c.example": false} {
		if err := (&courtlistener.Config{BaseURL: base}).Validate(); (err == nil) != good {
			t.Errorf("base_url %q: %v", base, err)
		}
	}
	for base, good := range map[string]bool{"https://www.courtlistener.com": true, "http://127.0.0.1:80/": true, "http://localhost": true, "http://[::1]:80": true, "http://mirror.example": false} {
		if err := (&courtlistener.Config{BaseURL: base, Token: "t"}).Validate(); (err == nil) != good {
			t.Errorf("base_url %q with a token: %v", base, err)
		}
	}
	const feed = "https://ecf.court.example/cgi-bin/rss_outside.pl"
	for a, good := range map[[2]string]bool{
		{"68000001", ""}: true, {number, feed}: true, {"", ""}: false, {number, ""}: false, {"", feed}: false, {number, "ftp://x.example"}: false, {number, "https://a:b@x.example/"}: false,
	} {
		if err := courtlistener.Kind().Account(onrecord.Account{Handle: a[0], URL: a[1]}); (err == nil) != good {
			t.Errorf("handle %q, url %q: %v", a[0], a[1], err)
		}
	}
	for address, want := range map[string]string{
		"https://www.courtlistener.com/docket/68000001/northwind-data-v-harbor-labs/": "68000001", "https://courtlistener.com/docket/68000001/": "68000001",
		"https://www.courtlistener.com/docket/68000001/12/x/": "68000001", "https://www.courtlistener.com/opinion/1/x/": "", "https://example.com/docket/68000001/": "", "https://www.courtlistener.com/docket/x/": "",
	} {
		page, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if a, ok := courtlistener.Kind().Profile(page); ok != (want != "") || a.Handle != want {
			t.Errorf("%s: %q, %v", address, a.Handle, ok)
		}
	}
	if !courtlistener.Kind().Docket {
		t.Error("its accounts are no dockets")
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
		r := open(t, courtlistenertest.Token)
		faults := map[sourcetest.Fault]courtlistenertest.Fault{
			sourcetest.RateLimited: courtlistenertest.RateLimited, sourcetest.ServerError: courtlistenertest.ServerError,
			sourcetest.CutBody: courtlistenertest.CutBody, sourcetest.Garbage: courtlistenertest.Garbage, sourcetest.Empty: courtlistenertest.EmptyBody,
		}
		return sourcetest.Place{
			Source: r.Source, Account: r.Account, Secret: courtlistenertest.Token,
			Publish: func(text string) { r.file(text) },
			Break: func(f sourcetest.Fault) func() int {
				if f == sourcetest.GoneAccount {
					before := r.court.Requests("api")
					r.court.Remove(number, true)
					return func() int { return r.court.Requests("api") - before }
				}
				r.court.Break(faults[f])
				return func() int { return r.court.Fired(faults[f]) }
			},
			Mend: func() {
				r.court.Mend()
				r.court.Remove(number, false)
			},
		}
	})
}

// An entry is the same by the API and from the feed. It names who filed it, and speaks
// for nobody.
func TestEntries(t *testing.T) {
	for _, token := range []string{courtlistenertest.Token, ""} {
		synctest.Test(t, func(t *testing.T) {
			r := open(t, token)
			r.Must()
			day := time.Now().UTC().Truncate(24 * time.Hour)
			for _, d := range []courtlistenertest.Draft{
				{Text: "MOTION to Dismiss & more filed by Harbor Labs, Inc.. (Attachments: # 1 Declaration)(Lee, Ada)", PDF: "recap/gov.1.pdf"},
				{Text: "Minute Entry for proceedings held before Judge A. Chan: Motion Hearing held.", Minute: true},
				{Text: "ORDER denying motion by Judge A. Chan. Signed.", Filed: day.Add(30 * time.Hour)},
			} {
				r.court.File(number, d)
			}
			want := []onrecord.Post{
				{Title: "MOTION to Dismiss & more", Text: "MOTION to Dismiss & more filed by Harbor Labs, Inc.. (Attachments: # 1 Declaration)(Lee, Ada)", Author: onrecord.Author{Name: "Harbor Labs, Inc."}, Created: day, Links: []onrecord.Link{{URL: "https://storage.courtlistener.com/recap/gov.1.pdf", Title: "MOTION to Dismiss & more"}}},
				{Title: "Minute Entry for proceedings held before Judge A. Chan: Motion Hearing held", Text: "Minute Entry for proceedings held before Judge A. Chan: Motion Hearing held.", Created: day},
				{Title: "ORDER denying motion", Text: "ORDER denying motion by Judge A. Chan. Signed.", Created: day.Add(24 * time.Hour)},
			}
			for i, id := range []string{"entry-1", "minute-entry-345000002", "entry-2"} {
				want[i].Account, want[i].ID, want[i].Kind, want[i].Dated = r.Account.ID, r.Account.Handle+"/"+id, onrecord.Filing, true
			}
			got := r.Must().Posts
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(onrecord.Post{}, "Raw", "Revision", "URL")); diff != "" {
				t.Errorf("with the token %q:\n%s", token, diff)
			}
			for _, p := range got {
				if !strings.HasSuffix(p.URL, "#"+strings.TrimPrefix(p.ID, r.Account.Handle+"/")) || len(p.Raw) == 0 || p.Revision == "" {
					t.Errorf("%s stands at %s, raw %q, revision %q", p.ID, p.URL, p.Raw, p.Revision)
				}
			}
		})
	}
}

// What is shared late, or described later, comes with the next pull.
func TestWhatComesLate(t *testing.T) {
	for _, token := range []string{courtlistenertest.Token, ""} {
		synctest.Test(t, func(t *testing.T) {
			r := open(t, token)
			r.file("COMPLAINT.")
			hidden := r.court.File(number, courtlistenertest.Draft{Text: "ANSWER.", Hidden: true})
			bare := r.court.File(number, courtlistenertest.Draft{})
			r.want("first", "COMPLAINT.", "")
			time.Sleep(time.Hour)
			r.file("MOTION.")
			r.want("new", "MOTION.")
			time.Sleep(time.Hour)
			r.court.Share(number, hidden)
			r.court.Describe(number, bare, "NOTICE of Appearance.")
			posts := r.want("late", "ANSWER.", "NOTICE of Appearance.")
			if posts[1].ID != r.Account.Handle+"/entry-3" || posts[1].Title != "NOTICE of Appearance" {
				t.Errorf("what was described later is %+v", posts[1])
			}
			r.want("nothing new")
		})
	}
}

// More entries than a minute's requests can show are read on with the next pull, from
// where the last one ended.
func TestALimitInTheMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t, courtlistenertest.Token)
		r.Must()
		r.court.Strict = true
		var want []string
		for i := range 250 {
			time.Sleep(time.Second)
			want = append(want, fmt.Sprint("Entry ", i))
			r.file(want[i])
		}
		var got []string
		limited := 0
		for range 10 {
			page, err := r.Pull()
			for _, p := range page.Posts {
				got = append(got, p.Text)
			}
			if told, ok := errors.AsType[*sources.Error](err); ok {
				limited++
				if told.Trouble != sources.Limited || !told.Place || told.Retry.IsZero() {
					t.Fatalf("got %v", err)
				}
				time.Sleep(2 * time.Minute)
				continue
			}
			break
		}
		if !slices.Equal(got, want) || limited != 2 {
			t.Errorf("%d entries over %d limits", len(got), limited)
		}
	})
}

func TestAllAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t, courtlistenertest.Token)
		r.Must()
		var want []string
		for i := range 70 {
			want = append(want, fmt.Sprint("Entry ", i))
		}
		r.file(want...)
		r.court.Break(courtlistenertest.AtOnce)
		r.want("all of them", want...)
		r.fired(courtlistenertest.AtOnce)
		r.want("nothing new")
	})
}

func TestBackfill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t, courtlistenertest.Token)
		for i := range 100 {
			time.Sleep(24 * time.Hour)
			r.file(fmt.Sprint("Day ", i))
		}
		if n := len(r.Must().Posts); n != 20 {
			t.Errorf("a first pull gave %d entries", n)
		}
		r.Cursor, r.Account.Backfill = "", 30*24*time.Hour
		if posts := r.Must().Posts; len(posts) != 31 || posts[0].Text != "Day 69" {
			t.Errorf("%d entries", len(posts))
		}
		r.want("nothing new")
	})
}

// Whoever gets a token goes on from what the feed has shown.
func TestFromTheFeedToTheAPI(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, api := open(t, ""), open(t, courtlistenertest.Token)
		r.file("One.", "Two.")
		page := r.Must()
		if len(page.Posts) != 2 || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "without a token") {
			t.Fatalf("%d entries, warnings %q", len(page.Posts), page.Warnings)
		}
		config := courtlistener.Kind().Config().(*courtlistener.Config)
		config.Token = courtlistenertest.Token
		r.Source, _ = config.Open(sources.Env{Client: func(bool) *http.Client {
			return &http.Client{Transport: loopback.Transport{Handler: r.court}}
		}})
		r.file("Three.")
		r.want("by the API", "Three.")
		r.want("nothing new")
		if api.court.Requests("feed") != 0 {
			t.Error("with a token the feed was read")
		}
	})
}

func TestAFeedThatIsTooShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t, "")
		r.file("One.")
		r.Must()
		for i := range 40 {
			time.Sleep(24 * time.Hour)
			r.file(fmt.Sprint("Day ", i))
		}
		page := r.Must()
		if len(page.Posts) != 30 || len(page.Warnings) != 2 || !strings.Contains(page.Warnings[1], "more than 30") {
			t.Errorf("%d entries, warnings %q", len(page.Posts), page.Warnings)
		}
		if page := r.Must(); len(page.Posts) != 0 || len(page.Warnings) != 1 {
			t.Errorf("again %d entries, warnings %q", len(page.Posts), page.Warnings)
		}
	})
}

// A court's own feed is of all its cases, which it writes in its own way.
func TestACourtsFeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := open(t, courtlistenertest.Token)
		r.Account.Handle, r.Account.URL = "26-cv-417", "https://ecf.court.example/cgi-bin/rss_outside.pl"
		r.court.File(number, courtlistenertest.Draft{Short: "Complaint", Hidden: true})
		r.court.File("3:26-cv-00418", courtlistenertest.Draft{Short: "Not theirs"})
		r.want("first", "Complaint")
		time.Sleep(time.Hour)
		r.court.File(number, courtlistenertest.Draft{Short: "Order on Motion to Dismiss"})
		r.court.File(number, courtlistenertest.Draft{Short: "Motion Hearing", Minute: true})
		posts := r.want("new", "Order on Motion to Dismiss", "Motion Hearing")
		if p := posts[0]; p.ID != "26-cv-417/entry-2" || len(p.Links) != 1 || !strings.Contains(p.URL, "DktRpt.pl") || p.Kind != onrecord.Filing || !p.Dated {
			t.Errorf("the entry is %+v", p)
		}
		if p := posts[1]; !strings.HasPrefix(p.ID, "26-cv-417/item-") || len(p.Links) != 0 {
			t.Errorf("the entry without a number is %+v", p)
		}
		time.Sleep(30 * time.Hour)
		page := r.Must()
		if len(page.Posts) != 0 || len(page.Warnings) != 1 || r.court.Requests("api")+r.court.Requests("feed") != 0 {
			t.Errorf("of a quiet day %v, warnings %q", page.Posts, page.Warnings)
		}
	})
}

func TestTroubles(t *testing.T) {
	t.Parallel()
	const court = "court"
	for _, c := range []struct {
		by      string
		fault   courtlistenertest.Fault
		trouble sources.Trouble
		says    string
	}{
		{courtlistenertest.Token, courtlistenertest.Page, sources.Walled, "page for people"},
		{courtlistenertest.Token, courtlistenertest.RateLimited, sources.Limited, "throttled"},
		{courtlistenertest.Token, courtlistenertest.ServerError, sources.Unreached, "503"},
		{courtlistenertest.Token, courtlistenertest.CutBody, sources.Unreached, "cut"},
		{courtlistenertest.Token, courtlistenertest.Garbage, sources.Nonsense, "invalid character"},
		{courtlistenertest.Token, courtlistenertest.EmptyBody, sources.Nonsense, "unexpected end"},
		{courtlistenertest.Token, courtlistenertest.NoResults, sources.Nonsense, "does not say"},
		{"", courtlistenertest.Page, sources.Walled, "page for people"},
		{"", courtlistenertest.RateLimited, sources.Limited, "429"},
		{"", courtlistenertest.CutBody, sources.Unreached, "cut"},
		{"", courtlistenertest.Garbage, sources.Nonsense, "read the feed at"},
		{"", courtlistenertest.EmptyBody, sources.Nonsense, "read the feed at"},
		{court, courtlistenertest.Page, sources.Walled, "page for people"},
		{court, courtlistenertest.Garbage, sources.Nonsense, "read the feed at"},
	} {
		t.Run(c.by+" "+string(c.fault), func(t *testing.T) {
			t.Parallel()
			r := open(t, strings.TrimPrefix(c.by, court))
			if c.by == court {
				r.Account.Handle, r.Account.URL = number, "https://ecf.court.example/cgi-bin/rss_outside.pl"
			}
			r.Must()
			r.court.File(number, courtlistenertest.Draft{Text: "One.", Short: "One."})
			r.court.Break(c.fault)
			_, err := r.Pull()
			r.fired(c.fault)
			var told *sources.Error
			if !errors.As(err, &told) || told.Trouble != c.trouble || !strings.Contains(err.Error(), c.says) || c.by == courtlistenertest.Token && strings.Contains(err.Error(), c.by) {
				t.Fatalf("got %v, want trouble %q that says %q", err, c.trouble, c.says)
			}
			r.court.Mend()
			r.want("mended", "One.")
		})
	}
}

func TestEntriesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for fault, token := range map[courtlistenertest.Fault]string{courtlistenertest.Unreadable: courtlistenertest.Token, courtlistenertest.OtherDocket: courtlistenertest.Token, courtlistenertest.NoAnchor: ""} {
		r := open(t, token)
		r.Must()
		r.file("One.", "Two.")
		r.court.Break(fault)
		page := r.Must()
		r.fired(fault)
		if len(page.Posts) != 1 || page.Posts[0].Text != "One." || !strings.Contains(strings.Join(page.Warnings, "\n"), "left out") {
			t.Errorf("%s: %v, warnings %q", fault, page.Posts, page.Warnings)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for token, says := range map[string]string{courtlistenertest.Token: "", "": "", courtlistenertest.Closed: "leave the token out", "a-wrong-token": "Invalid token"} {
		r := open(t, token)
		err := r.Source.(sources.Prober).Probe(t.Context())
		if _, pulled := r.Pull(); (err == nil) != (says == "") || (pulled == nil) != (says == "") {
			t.Errorf("the token %q: %v, %v", token, err, pulled)
		}
		if err == nil {
			continue
		}
		var told *sources.Error
		if !errors.As(err, &told) || told.Trouble != sources.Denied || !told.Place || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), token) {
			t.Errorf("the token %q: %v", token, err)
		}
	}
	r := open(t, "")
	r.Account.Handle = "7"
	var told *sources.Error
	if _, err := r.Pull(); !errors.As(err, &told) || told.Trouble != sources.Gone {
		t.Errorf("a docket that is not there: %v", err)
	}
	for _, c := range []sources.Cursor{"x", "{}", `{"read":7}`} {
		r := open(t, "")
		r.Cursor = c
		if _, err := r.Pull(); err == nil {
			t.Errorf("cursor %q was accepted", c)
		}
	}
}
