package twitter_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/sourcetest"
	"onrecord/sources/twitter"
	"onrecord/sources/twitter/twittertest"
)

const (
	password = "a-secret-password"
	token    = "a-secret-token"
)

// bench is a source in front of a fake server on which Dana Reyes writes.
type bench struct {
	*testing.T
	server  *twittertest.Server
	source  sources.Source
	account onrecord.Account
}

func within(t *testing.T, test func(b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		server := twittertest.New("onrecord", password, token)
		server.Account("dana")
		test(&bench{
			T: t, server: server, source: open(t, loopback.Transport{Handler: server}, "https://social.example/api"),
			account: onrecord.Account{ID: "twitter:dana", Source: "twitter", Handle: "dana"},
		})
	})
}

func open(t testing.TB, transport http.RoundTripper, base string) sources.Source {
	t.Helper()
	c := twitter.Config{BaseURL: base, User: "onrecord", Password: password}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	s, err := c.Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: transport} }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (b *bench) pull(c sources.Cursor) sources.Page {
	b.Helper()
	page, err := b.source.Pull(b.Context(), b.account, c)
	if err != nil {
		b.Fatalf("pull: %v", err)
	}
	return page
}

func texts(p sources.Page) (ts []string) {
	for _, post := range p.Posts {
		ts = append(ts, post.Text)
	}
	return ts
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, manners := range map[string]func(*twittertest.Server){
		"Friendica":  func(*twittertest.Server) {},
		"GNU social": func(s *twittertest.Server) { s.GNUSocial, s.PageLimit = true, 20 },
		"Twitter":    func(s *twittertest.Server) { s.Escape = true },
		"deaf":       func(s *twittertest.Server) { s.DeafSince = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
				fake := twittertest.New("onrecord", password, token)
				manners(fake)
				fake.Account("dana")
				server := httptest.NewServer(fake)
				t.Cleanup(server.Close)
				restore := func() {}
				return sourcetest.Place{
					Source:  open(t, http.DefaultTransport, server.URL+twittertest.Base),
					Account: onrecord.Account{ID: "twitter:dana", Source: "twitter", Handle: "dana"},
					Publish: func(text string) { fake.Post("dana", twittertest.Post{Text: text}) },
					Break: func(f sourcetest.Fault) func() int {
						if f == sourcetest.GoneAccount {
							restore = fake.Remove("dana")
							before := fake.Requests()
							return func() int { return fake.Requests() - before }
						}
						return fake.Fail(map[sourcetest.Fault]twittertest.Fault{
							sourcetest.RateLimited: twittertest.TooMany(time.Time{}),
							sourcetest.ServerError: twittertest.Unavailable,
							sourcetest.CutBody:     twittertest.CutBody,
							sourcetest.Garbage:     twittertest.Garbage,
							sourcetest.Empty:       twittertest.Empty,
						}[f].Times(100)).Fired
					},
					Mend:   func() { fake.Mend(); restore() },
					Secret: password,
					Edit:   func(id, text string) { fake.Edit(number(t, id), text) },
					Delete: func(id string) { fake.Delete(number(t, id)) },
					Hide: func(on bool) {
						if restore(); on {
							restore = fake.Remove("dana")
						}
					},
				}
			})
		})
	}
}

// The library takes each of these for an empty timeline, or for half of one.
func TestTraps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		fault   twittertest.Fault
		trouble sources.Trouble
		wait    time.Duration // 0: the caller's own back-off
		place   bool
		says    string
	}{
		{"401 with a sentence", twittertest.Says(401, `{"error":"This api requires login"}`), sources.Denied, time.Hour, true, `it says "This api requires login"`},
		{"401 with nothing", twittertest.Says(401, ``), sources.Denied, time.Hour, true, "renew user and password"},
		{"403 without a list", twittertest.Problem, sources.Denied, time.Hour, false, "HTTP 403"},
		{"403 no access", twittertest.NoAccess, sources.Denied, 24 * time.Hour, true, "use source: x"},
		{"403 suspended", twittertest.Suspended, sources.Hidden, time.Hour, false, "suspended"},
		{"404 with nothing", twittertest.Says(404, ``), sources.Gone, time.Hour, false, "check the handle or address"},
		{"404 with a sentence", twittertest.Says(404, `{"error":"User not found."}`), sources.Gone, time.Hour, false, "User not found."},
		{"429 until", twittertest.TooMany(time.Date(2000, 1, 1, 0, 7, 0, 0, time.UTC)), sources.Limited, 7 * time.Minute, false, "Rate limit exceeded"},
		{"429", twittertest.TooMany(time.Time{}), sources.Limited, 15 * time.Minute, false, "HTTP 429"},
		{"500 with nothing", twittertest.Says(500, ``), sources.Unreached, 0, false, "HTTP 500"},
		{"502 page for people", twittertest.Unavailable, sources.Unreached, 0, false, "HTTP 502"},
		{"200 page for people", twittertest.Says(200, `<!doctype html><title>Log in</title>`), sources.Walled, 0, false, "a page for people"},
		{"200 with an error", twittertest.Says(200, `{"error":"Not today."}`), sources.Nonsense, 0, false, `it says "Not today."`},
		{"204", twittertest.Says(204, ``), sources.Nonsense, 0, false, "not compatible"},
		{"empty body", twittertest.Empty, sources.Nonsense, 0, false, "not compatible"},
		{"garbage", twittertest.Garbage, sources.Nonsense, 0, false, "not compatible"},
		{"cut body", twittertest.CutBody, sources.Unreached, 0, false, "connection cut"},
		{"cut JSON", twittertest.CutJSON, sources.Nonsense, 0, false, "not compatible"},
		{"empty number in the second post", twittertest.EmptyNumber, sources.Nonsense, 0, false, "not compatible"},
		{"no id", twittertest.NoID, sources.Nonsense, 0, false, "a post has no id"},
		{"null in the list", twittertest.Says(200, `[null]`), sources.Nonsense, 0, false, "a post has no id"},
		{"more after the list", twittertest.Says(200, `[] []`), sources.Nonsense, 0, false, "bytes follow the list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			within(t, func(b *bench) {
				cursor := b.pull("").Next
				b.server.Post("dana", twittertest.Post{Text: "One."})
				b.server.Post("dana", twittertest.Post{Text: "Two."})
				fault := b.server.Fail(c.fault)
				page, err := b.source.Pull(b.Context(), b.account, cursor)
				if fault.Fired() != 1 {
					b.Fatalf("the fault fired %d times", fault.Fired())
				}
				var told *sources.Error
				if !errors.As(err, &told) {
					b.Fatalf("got %v and %d posts, want a *sources.Error", err, len(page.Posts))
				}
				var retry time.Time
				if c.wait != 0 {
					retry = time.Now().Add(c.wait)
				}
				if told.Trouble != c.trouble || !told.Retry.Equal(retry) || told.Place != c.place || !strings.Contains(err.Error(), c.says) {
					b.Errorf("got %q until %v, place %v: %v", told.Trouble, told.Retry, told.Place, err)
				}
				if len(page.Posts) != 0 || page.Next != "" {
					b.Errorf("half of a list got through: %q", texts(page))
				}
				if strings.Contains(err.Error(), password) || strings.Contains(err.Error(), "api.twitter.com") {
					b.Errorf("the error shows what it must not: %v", err)
				}
				if diff := cmp.Diff([]string{"One.", "Two."}, texts(b.pull(cursor))); diff != "" {
					b.Error(diff)
				}
			})
		})
	}
}

// The library knows no context; the request must end with it all the same.
func TestContextEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := false
		hang := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			asked = true
			<-r.Context().Done()
		})
		s := open(t, loopback.Transport{Handler: hang}, "https://social.example/api")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := s.Pull(ctx, onrecord.Account{Handle: "dana"}, "")
		synctest.Wait()
		if !errors.Is(err, context.DeadlineExceeded) || !asked {
			t.Errorf("got %v, asked %v", err, asked)
		}
	})
}

func TestFirstPull(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		for i := range 250 {
			time.Sleep(time.Hour)
			b.server.Post("dana", twittertest.Post{Text: fmt.Sprint("number ", i)})
		}
		if page := b.pull(""); len(page.Posts) != 100 || b.server.Requests() != 1 {
			b.Errorf("without a backfill: %d posts in %d requests, want the newest page", len(page.Posts), b.server.Requests())
		}
		b.account.Backfill = 130 * time.Hour
		if page := b.pull(""); len(page.Posts) != 200 || page.Posts[0].Text != "number 50" {
			b.Errorf("with a backfill of 130 posts: %d posts, want two pages", len(page.Posts))
		}
	})
}

// A server that was set up anew numbers its posts from the beginning: nothing is
// above the newest number that is known.
func TestNumbersThatBeginAnew(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		var newest int64
		for i := range 3 {
			newest = b.server.Post("dana", twittertest.Post{Text: fmt.Sprint("number ", i)})
			time.Sleep(time.Hour)
		}
		cursor := b.pull("").Next
		b.server.Delete(newest) // which proves nothing
		time.Sleep(2 * time.Hour)
		page := b.pull(cursor)
		if len(page.Posts)+len(page.Warnings) != 0 {
			t.Fatalf("a deleted post: %q, warnings %q", texts(page), page.Warnings)
		}
		b.server.Begin(10)
		b.server.Post("dana", twittertest.Post{Text: "old", CreatedAt: time.Now().Add(-90 * 24 * time.Hour)})
		b.server.Post("dana", twittertest.Post{Text: "one"})
		time.Sleep(2 * time.Hour)
		page = b.pull(page.Next)
		if got := texts(page); len(got) != 1 || got[0] != "one" || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "anew") {
			t.Errorf("got %q, warnings %q", got, page.Warnings)
		}
		b.server.Post("dana", twittertest.Post{Text: "two"})
		if page = b.pull(page.Next); len(page.Posts) != 1 || len(page.Warnings) != 0 {
			t.Errorf("then %q, warnings %q", texts(page), page.Warnings)
		}
	})
}

// A date that is still to come, or cannot be stored, is none.
func TestDatesToCome(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		for _, at := range []time.Time{time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Now().Add(9 * time.Hour), time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)} {
			b.server.Post("dana", twittertest.Post{Text: "soon", CreatedAt: at})
		}
		for _, p := range b.pull("").Posts {
			if p.Dated || !p.Created.Equal(time.Now()) {
				t.Errorf("dated %v, %v", p.Created, p.Dated)
			}
		}
	})
}

func TestPosts(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		time.Sleep(time.Until(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)))
		ivo := b.server.Account("ivo")
		cursor := b.pull("").Next
		claim := b.server.Post("ivo", twittertest.Post{Text: "R&D files were taken."})
		root := b.server.Post("dana", twittertest.Post{Text: "Read it: https://northwind.example/a", Link: "https://northwind.example/a", Picture: "https://social.example/p.png"})
		b.server.Post("dana", twittertest.Post{Text: "And more.", ReplyTo: root})
		b.server.Post("dana", twittertest.Post{Text: "@ivo No.", ReplyTo: claim})
		b.server.Post("dana", twittertest.Post{Text: "Look.", Quotes: claim})
		b.server.Post("dana", twittertest.Post{Text: "RT @ivo: R&D", Reposts: claim})
		b.server.Post("dana", twittertest.Post{Text: "For friends only.", Private: true})
		b.server.Post("dana", twittertest.Post{Text: "Not in XY.", Withheld: []string{"XY"}})
		b.server.Post("dana", twittertest.Post{Text: "Undated.", Undated: true})
		page := b.pull(cursor)
		for i := range page.Posts {
			if len(page.Posts[i].Raw) == 0 || !json.Valid(page.Posts[i].Raw) {
				b.Errorf("post %d has no raw form", i)
			}
			page.Posts[i].Raw = nil
		}
		id := func(n int64) string { return fmt.Sprint(n) }
		noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
		post := func(n int64, kind onrecord.PostKind, text string, change func(*onrecord.Post)) onrecord.Post {
			p := onrecord.Post{
				Account: "twitter:dana", ID: id(n), URL: "https://social.example/display/" + id(n),
				Author: onrecord.Author{ID: "1001", Handle: "dana", Name: "DANA"},
				Kind:   kind, Text: text, Lang: "en", Created: noon, Dated: true, Thread: id(n),
			}
			change(&p)
			return p
		}
		ref := func(text string) *onrecord.Ref { return &onrecord.Ref{ID: id(claim), Account: "ivo", Text: text} }
		want := []onrecord.Post{
			post(root, onrecord.Original, "Read it: https://northwind.example/a", func(p *onrecord.Post) {
				p.Links = []onrecord.Link{{URL: "https://northwind.example/a", Shown: "https://northwind.example/a"}}
				p.Media = []onrecord.Media{{Kind: "image", URL: "https://social.example/p.png"}}
			}),
			post(root+1, onrecord.Thread, "And more.", func(p *onrecord.Post) {
				p.Thread, p.ReplyTo = id(root), &onrecord.Ref{ID: id(root), Account: "dana"}
			}),
			post(root+2, onrecord.Reply, "@ivo No.", func(p *onrecord.Post) { p.Thread, p.ReplyTo = id(claim), ref("") }),
			post(root+3, onrecord.Quote, "Look.", func(p *onrecord.Post) { p.Quotes = ref("R&D files were taken.") }),
			post(root+4, onrecord.Repost, "RT @ivo: R&D", func(p *onrecord.Post) { p.Reposts = ref("R&D files were taken.") }),
			post(root+7, onrecord.Original, "Undated.", func(p *onrecord.Post) { p.Dated = false }),
		}
		if diff := cmp.Diff(want, page.Posts); diff != "" {
			b.Error(diff)
		}
		if len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "withheld") {
			b.Errorf("got warnings %q", page.Warnings)
		}
		b.account.Handle = id(ivo)
		if got := texts(b.pull("")); !slices.Equal(got, []string{"R&D files were taken."}) {
			b.Errorf("by user id got %q", got)
		}
	})
}

// Some servers escape and some do not; none of them may change a quotation.
func TestEscaping(t *testing.T) {
	t.Parallel()
	for _, escape := range []bool{false, true} {
		within(t, func(b *bench) {
			b.server.Escape = escape
			want := []string{"R&D is <not> &amp; was never on trial", "plain", "a & b", "1 < 2 &lt; 3"}
			for _, text := range want {
				b.server.Post("dana", twittertest.Post{Text: text})
			}
			if diff := cmp.Diff(want, texts(b.pull(""))); diff != "" {
				b.Errorf("escaping %v: %s", escape, diff)
			}
		})
	}
}

func TestCutTextIsMarked(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		long := strings.Repeat("long ", 100)
		b.server.Post("dana", twittertest.Post{Text: long})
		b.server.Post("dana", twittertest.Post{Text: "short"})
		if posts := b.pull("").Posts; len(posts) != 2 || posts[0].Text != long || posts[0].Cut {
			b.Errorf("from a server that cuts nothing got %+v", posts)
		}
		b.server.CutTexts = true
		if posts := b.pull("").Posts; len(posts) != 2 || !posts[0].Cut || posts[1].Cut {
			b.Errorf("got %+v", posts)
		}
	})
}

func TestDeafServer(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		b.server.DeafMax = true
		cursor := b.pull("").Next
		for range 150 {
			b.server.Post("dana", twittertest.Post{Text: "One of many."})
		}
		page := b.pull(cursor)
		if len(page.Posts) != 100 || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "a gap is possible") {
			b.Errorf("%d posts, warnings %q", len(page.Posts), page.Warnings)
		}
	})
}

func TestProbe(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		probe := b.source.(sources.Prober).Probe
		if err := probe(b.Context()); err != nil {
			b.Error(err)
		}
		b.server.Password = "changed"
		if err := probe(b.Context()); err == nil || !strings.Contains(err.Error(), "renew user and password") {
			b.Errorf("with an old password got %v", err)
		}
	})
}

func TestBearerToken(t *testing.T) {
	t.Parallel()
	fake := twittertest.New("onrecord", password, token)
	fake.Account("dana")
	c := twitter.Config{BaseURL: "https://social.example/api", BearerToken: token}
	s, err := c.Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: fake}} }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Pull(t.Context(), onrecord.Account{Handle: "dana"}, ""); err != nil {
		t.Error(err)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		give twitter.Config
		want string // "" is valid
	}{
		{"not configured", twitter.Config{}, ""},
		{"password", twitter.Config{BaseURL: "https://social.example/api", User: "a", Password: "b"}, ""},
		{"token", twitter.Config{BaseURL: "http://localhost/api", BearerToken: "b"}, ""},
		{"no address", twitter.Config{User: "a", Password: "b"}, "base_url: must be an address"},
		{"plain http", twitter.Config{BaseURL: "http://social.example/api"}, "base_url: must begin with https://"},
		{"user alone", twitter.Config{BaseURL: "https://social.example/api", User: "a"}, "user: user and password go together"},
		{"both", twitter.Config{BaseURL: "https://social.example/api", User: "a", Password: "b", BearerToken: "c"}, "bearer_token: give either"},
	} {
		err := c.give.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := twitter.Kind().Config().Open(sources.Env{}); !errors.Is(err, sources.ErrNoCredentials) {
		t.Errorf("opened without anything: %v", err)
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	check := twitter.Kind().Account
	for _, a := range []onrecord.Account{{Handle: "dana"}, {Handle: "1001"}, {Handle: "dana@social.example"}} {
		if err := check(a); err != nil {
			t.Errorf("%+v: %v", a, err)
		}
	}
	for _, a := range []onrecord.Account{{}, {Handle: "dana reyes"}, {Handle: "dana\n"}, {Handle: "dana", URL: "https://social.example/dana"}} {
		if check(a) == nil {
			t.Errorf("%+v passed", a)
		}
	}
}

func TestForeignCursor(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		for _, c := range []sources.Cursor{"12", "{", `{"newest":"-1"}`, `{"newest":3}`} {
			if _, err := b.source.Pull(b.Context(), b.account, c); err == nil {
				b.Errorf("cursor %q passed", c)
			}
		}
		if n := b.server.Requests(); n != 0 {
			b.Errorf("the server was asked %d times", n)
		}
	})
}

func FuzzTimeline(f *testing.F) {
	f.Add(`[{"id":7,"id_str":"7","created_at":"Fri Nov 20 12:00:00 +0000 2026","full_text":"R&amp;D","user":{"id":1,"screen_name":"dana"}}]`)
	f.Add(`[{"id":7,"text":"&amp; <","truncated":true,"retweeted_status":{"id":8},"quoted_status":{"id":9,"user":null},"in_reply_to_user_id":1}]`)
	f.Add(`[{"id":7,"external_url":"javascript:alert(1)","statusnet_conversation_id":{"a":[1]},"friendica_private":false}]`)
	f.Add(`[{"id":9223372036854775807},{"id":1},{"id":1}]`)
	f.Add(`[{"id":1,"extended_tweet":{"full_text":"x"},"extended_entities":{"media":[{"type":"video"}]},"entities":{"urls":[{"url":""}]}}]`)
	f.Add(`[]`)
	f.Add(`{"errors":[{"code":453}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		asked := false
		once := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if asked {
				body = "[]"
			}
			asked = true
			_, _ = w.Write([]byte(body))
		})
		s := open(t, loopback.Transport{Handler: once}, "https://social.example/api")
		page, err := s.Pull(t.Context(), onrecord.Account{ID: "twitter:dana", Handle: "dana"}, "")
		var told *sources.Error
		if err != nil {
			if !errors.As(err, &told) || told.Trouble == "" {
				t.Errorf("got %T: %v", err, err)
			}
			return
		}
		for _, p := range page.Posts {
			if p.ID == "" || p.Kind == "" || p.Created.IsZero() || !utf8.ValidString(p.Text) || !strings.HasPrefix(p.URL, "http") {
				t.Errorf("a post without its parts: %+v", p)
			}
		}
		if !slices.IsSortedFunc(page.Posts, func(a, b onrecord.Post) int { return onrecord.Less(onrecord.Post{ID: a.ID}, onrecord.Post{ID: b.ID}) }) {
			t.Error("the posts are not in order")
		}
	})
}

func number(t *testing.T, id string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
