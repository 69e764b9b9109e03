//go:build soak

package bot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/bluesky"
	"onrecord/sources/bluesky/blueskytest"
	"onrecord/sources/feed"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/hackernews"
	"onrecord/sources/hackernews/hackernewstest"
	"onrecord/sources/mastodon"
	"onrecord/sources/mastodon/mastodontest"
	"onrecord/sources/twitter"
	"onrecord/sources/twitter/twittertest"
	"onrecord/sources/x"
	"onrecord/sources/x/xtest"
	"onrecord/statements"
)

// venue is a place in the soak, with what can happen there.
type venue struct {
	account onrecord.Account
	source  func(sources.SpendLog) (sources.Source, error)
	say     func(text string) (id string)
	edit    func(id, text string)
	remove  func(id string)       // nil: nothing can be proven to be gone there
	gone    []onrecord.NoticeKind // how that may be told
	faults  []func()              // each spoils answers until all is mended
	mend    func()
	drop    func()          // ends its stream; nil: it has none
	rename  func(to string) // nil: handles are for good there
	names   [2]string       // that it bears by turns; the first is its own
}

func serving(h http.Handler) sources.Env {
	return sources.Env{
		Client:  func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: h}} },
		Endless: func(bool) *http.Client { return &http.Client{Transport: loopback.Live{Handler: h}} },
	}
}

func speaking(source, handle string) onrecord.Account {
	return onrecord.Account{ID: source + ":" + handle, Source: source, Handle: handle, Speaker: "Harbor Labs", Cases: []string{northwind.ID}}
}

func number(id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// breaks are faults that are switched on.
func breaks[F ~string](on func(F), list ...F) (faults []func()) {
	for _, f := range list {
		faults = append(faults, func() { on(f) })
	}
	return faults
}

func venues() []venue {
	tweets, sky, fedi, news, old, site := xtest.New("a-token"), blueskytest.New(), mastodontest.New("social.example"), hackernewstest.New(), twittertest.New("onrecord", "a-password", "another-token"), feedtest.New()
	tweets.Account("harborlabs", "Harbor Labs")
	sky.Join("harborlabs.example", "Harbor Labs")
	fedi.Join("harborlabs", "Harbor Labs")
	news.Join("harborlabs")
	old.Account("harborlabs")
	site.Open("/feed.xml")
	written := speaking("feed", "newsroom")
	written.Handle, written.URL = "", "https://site.example/feed.xml"
	onX, onBluesky := "harborlabs", "harborlabs.example"
	return []venue{
		{
			account: speaking("x", "harborlabs"),
			source: func(spend sources.SpendLog) (sources.Source, error) {
				c := x.Kind().Config().(*x.Config)
				c.BearerToken, c.Stream, c.DailyBudgetUSD = "a-token", "activity", 100
				env := serving(tweets)
				env.Spend = spend
				return c.Open(env)
			},
			say:  func(text string) string { return tweets.Post(onX, xtest.Post{Text: text}) },
			edit: func(id, text string) { tweets.Edit(id, text) }, remove: tweets.Delete, gone: []onrecord.NoticeKind{onrecord.Deleted, onrecord.Gone},
			faults: []func(){
				func() { tweets.Fail(xtest.Timeline, xtest.Unavailable.Times(1000)) }, func() { tweets.Fail(xtest.Lookup, xtest.CutBody.Times(1000)) },
				func() { tweets.Fail(xtest.Timeline, xtest.Garbage.Times(1000)) }, func() { tweets.Fail(xtest.ActivityStream, xtest.Unavailable.Times(1000)) },
				func() { tweets.Fail(xtest.ActivityStream, xtest.Stalled) }, func() { tweets.Fail(xtest.ActivityStream, xtest.HalfLine) },
				func() { tweets.Fail(xtest.Timeline, xtest.TooMany(time.Now().Add(5*time.Minute)).Times(3)) },
			},
			mend: tweets.Mend, drop: tweets.Cut,
			rename: func(to string) { tweets.Rename(onX, to); onX = to }, names: [2]string{onX, "harbor_labs"},
		},
		{
			account: speaking("bluesky", "harborlabs.example"),
			source: func(sources.SpendLog) (sources.Source, error) {
				env := serving(sky)
				env.Stream = sky.Stream
				return bluesky.Kind().Config().Open(env)
			},
			say:  func(text string) string { return sky.Post(onBluesky, blueskytest.Draft{Text: text}) },
			edit: sky.Edit, remove: sky.Delete, gone: []onrecord.NoticeKind{onrecord.Deleted, onrecord.Gone},
			faults: breaks(sky.Break, blueskytest.AllWalled, blueskytest.Page, blueskytest.ServerError, blueskytest.CutBody, blueskytest.CutJSON, blueskytest.Garbage, blueskytest.EmptyBody, blueskytest.NoFeed, blueskytest.NoStream, blueskytest.BadMessage, blueskytest.Repeats),
			mend:   sky.Mend, drop: sky.Drop,
			rename: func(to string) { sky.Rename(onBluesky, to); onBluesky = to }, names: [2]string{onBluesky, "labs.example"},
		},
		{
			account: speaking("mastodon", "harborlabs@social.example"),
			source: func(sources.SpendLog) (sources.Source, error) {
				return (&mastodon.Config{}).Open(serving(fedi))
			},
			say:  func(text string) string { return fedi.Post("harborlabs", mastodontest.Draft{Text: text}) },
			edit: func(id, text string) { fedi.Edit(id, text, "") }, remove: fedi.Delete, gone: []onrecord.NoticeKind{onrecord.Gone},
			faults: breaks(fedi.Break, mastodontest.Page, mastodontest.Walled, mastodontest.ServerError, mastodontest.CutBody, mastodontest.Garbage, mastodontest.EmptyBody, mastodontest.Null, mastodontest.NoHistory),
			mend:   fedi.Mend,
		},
		{
			account: speaking("hackernews", "harborlabs"),
			source: func(sources.SpendLog) (sources.Source, error) {
				return hackernews.Kind().Config().Open(serving(news))
			},
			say: func(text string) string {
				return fmt.Sprint(news.Post("harborlabs", hackernewstest.Draft{Title: "A statement", Text: text}))
			},
			edit: func(id, text string) { news.Edit(number(id), text) }, remove: func(id string) { news.Delete(number(id)) }, gone: []onrecord.NoticeKind{onrecord.Deleted},
			faults: breaks(news.Break, hackernewstest.ServerError, hackernewstest.Page, hackernewstest.CutBody, hackernewstest.Garbage, hackernewstest.EmptyBody, hackernewstest.RateLimited),
			mend:   news.Mend,
		},
		{
			account: speaking("twitter", "harborlabs"),
			source: func(sources.SpendLog) (sources.Source, error) {
				return (&twitter.Config{BaseURL: "https://old.example/api", User: "onrecord", Password: "a-password"}).Open(serving(old))
			},
			say:  func(text string) string { return fmt.Sprint(old.Post("harborlabs", twittertest.Post{Text: text})) },
			edit: func(id, text string) { old.Edit(number(id), text) }, remove: func(id string) { old.Delete(number(id)) }, gone: []onrecord.NoticeKind{onrecord.Gone},
			faults: []func(){func() { old.Fail(twittertest.Unavailable.Times(1000)) }, func() { old.Fail(twittertest.CutBody.Times(1000)) }, func() { old.Fail(twittertest.CutJSON.Times(1000)) }},
			mend:   old.Mend,
		},
		{
			account: written,
			source: func(sources.SpendLog) (sources.Source, error) {
				return feed.Kind().Config().Open(serving(site))
			},
			say: func(text string) string {
				page := "/" + named.FindStringSubmatch(text)[1]
				site.Page(page, http.StatusOK)
				return site.Publish("/feed.xml", feedtest.Item{Title: "Statement", Text: text, Link: "https://site.example" + page})
			},
			edit: func(id, text string) {
				if !site.Edit("/feed.xml", id, func(it *feedtest.Item) { it.Text = text }) {
					panic("no item " + id)
				}
			},
			faults: breaks(func(f feedtest.Fault) { site.Break("/feed.xml", f) }, feedtest.NotModified, feedtest.RedirectLoop, feedtest.JSONError, feedtest.DeepNesting),
			mend:   func() { site.Mend("/feed.xml") },
		},
	}
}

// accountant takes every post for a statement the first time, and for nothing new when it
// says something else.
type accountant struct{ believer }

func (a accountant) Read(ctx context.Context, p onrecord.Post, on onrecord.Account, k statements.Known, ask statements.Asker) (statements.Reading, error) {
	r, err := a.believer.Read(ctx, p, on, k, ask)
	known := func(s onrecord.Statement) bool {
		return slices.ContainsFunc(s.Parts, func(o onrecord.Post) bool { return o.Key() == p.Key() })
	}
	if slices.ContainsFunc(k.Earlier[northwind.ID], known) {
		r.Findings[0].Effect = statements.Nothing{}
	}
	return r, err
}

// saying is what was said, and what became of it.
type saying struct {
	at      int // venue
	id      string
	name    string // that no other text has
	said    time.Time
	edited  bool
	removed bool
	missed  bool // it was there for less than one interval in which its place could be read
}

func (s saying) text(word string) string {
	return fmt.Sprintf("On the matter called %s of kappa%s and sigma%s v. omega%s we %s each and every count.", s.name, s.name, s.name, s.name, word)
}

var named = regexp.MustCompile(`matter called (\w+)`)

// TestSoakOfPlaces has all places that can be soaked speak for two hours, while they edit,
// delete, fail, fall silent and change names, and looks at what readers were told.
func TestSoakOfPlaces(t *testing.T) {
	for seed := range uint64(3) {
		synctest.Test(t, func(t *testing.T) { soak(t, seed) })
	}
}

func soak(t *testing.T, seed uint64) {
	time.Sleep(time.Until(time.Date(2026, 11, 20, 0, 10, 0, 0, time.UTC)))
	chance := rand.New(rand.NewPCG(seed, 7))
	w, at := newWorld(t), venues()
	w.every, w.reader, w.wall.window, w.ops = 2*time.Minute, accountant{}, time.Hour, []string{"operator"}
	w.places = map[string]func(sources.SpendLog) sources.Source{}
	for _, v := range at {
		w.others = append(w.others, v.account)
		w.places[v.account.Source] = func(spend sources.SpendLog) sources.Source {
			s, err := v.source(spend)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	w.start()
	w.sleep(5 * time.Minute)
	var all []*saying
	trouble := make([]time.Time, len(at)) // until when a venue is in it
	well := make([]time.Time, len(at))    // since when it is in none, and was read; zero: it is
	bears := make([]int, len(at))         // which of its names
	const span = 2 * time.Hour
	spoiled, cut, renamed := 0, 0, 0
	for began := time.Now(); time.Since(began) < span; w.sleep(time.Duration(20+chance.IntN(40)) * time.Second) {
		for i, v := range at {
			switch {
			case !trouble[i].IsZero() && time.Now().After(trouble[i]):
				v.mend()
				trouble[i] = time.Time{}
			case trouble[i].IsZero() && chance.IntN(25) == 0:
				v.faults[chance.IntN(len(v.faults))]()
				trouble[i] = time.Now().Add(time.Duration(1+chance.IntN(6)) * time.Minute)
				spoiled++
			}
			dropped := v.drop != nil && chance.IntN(20) == 0
			if dropped {
				v.drop()
				cut++
			}
			if v.rename != nil && chance.IntN(30) == 0 {
				bears[i] = 1 - bears[i]
				v.rename(v.names[bears[i]])
				renamed++
			}
			well[i] = w.wellSince(v.account.ID, well[i], trouble[i].IsZero())
			// What was just said is taken back as well, also while nobody can see it.
			for _, s := range all {
				odds := 60
				if dropped || well[i].IsZero() {
					odds = 8
				}
				if s.at != i || s.edited || s.removed || v.remove == nil || time.Since(s.said) > 8*time.Minute || chance.IntN(odds) > 0 {
					continue
				}
				v.remove(s.id)
				s.removed = true
				from := s.said
				if well[i].After(from) {
					from = well[i]
				}
				s.missed = well[i].IsZero() || time.Since(from) <= w.every+time.Minute
			}
			if chance.IntN(3) == 0 {
				s := &saying{at: i, name: fmt.Sprintf("m%dv%d", len(all), i), said: time.Now()}
				s.id = v.say(s.text("deny"))
				all = append(all, s)
			}
		}
		// What readers were told of may be changed or taken back: a place that refused us for
		// long is asked again after half an hour, and shows what it has then.
		shown := strings.Join(w.wall.texts(), "\n")
		for _, s := range all {
			if age := time.Since(s.said); s.edited || s.removed || age < 20*time.Minute || age > 50*time.Minute || chance.IntN(150) > 0 || !strings.Contains(shown, "called "+s.name+" ") {
				continue
			}
			if v := at[s.at]; v.remove != nil && chance.IntN(2) == 0 {
				v.remove(s.id)
				s.removed = true
			} else {
				v.edit(s.id, s.text("admit"))
				s.edited = true
			}
		}
	}
	for _, v := range at {
		v.mend()
		if v.rename != nil {
			v.rename(v.names[0])
		}
	}
	w.sleep(8 * time.Hour)

	stored := map[string]bool{}
	posts, err := w.database.Since(t.Context(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range posts {
		if m := named.FindStringSubmatch(p.Text); m != nil {
			stored[m[1]] = true
		}
	}
	numbers := map[string]string{}  // by name
	became := map[string][]string{} // by number
	for _, text := range w.wall.texts() {
		fields := strings.Fields(text)
		if m := named.FindStringSubmatch(text); m != nil && fields[1] != "edited" {
			if numbers[m[1]] != "" {
				t.Errorf("seed %d: %s is told as %s and as %s", seed, m[1], numbers[m[1]], fields[0])
			}
			numbers[m[1]] = fields[0]
		} else {
			became[fields[0]] = append(became[fields[0]], text)
		}
	}
	edits, removals, unseen := 0, 0, 0
	for _, s := range all {
		place, told := at[s.at].account.Source, became[numbers[s.name]]
		if s.missed && !stored[s.name] {
			unseen++
			continue
		}
		if !stored[s.name] || numbers[s.name] == "" {
			t.Errorf("seed %d: %s: %s, said at %s, is stored: %v, told: %q", seed, place, s.name, s.said.Format(time.TimeOnly), stored[s.name], numbers[s.name])
			continue
		}
		right := len(told) == 0
		if s.edited {
			edits++
			right = len(told) == 1 && strings.HasPrefix(told[0], fmt.Sprintf("%s edited %q %q", numbers[s.name], s.text("deny"), s.text("admit")))
			if place == "hackernews" || place == "feed" { // with a title
				right = len(told) == 1 && strings.HasPrefix(told[0], numbers[s.name]+" edited ") && strings.Contains(told[0], s.text("deny")) && strings.Contains(told[0], s.text("admit"))
			}
		}
		if s.removed {
			removals++
			right = len(told) == 1 && slices.ContainsFunc(at[s.at].gone, func(k onrecord.NoticeKind) bool {
				return strings.HasPrefix(told[0], numbers[s.name]+" "+string(k)+" ")
			})
		}
		if !right {
			t.Errorf("seed %d: %s: %s (%s), said at %s, edited %v, removed %v, is told as %q", seed, place, s.name, s.id, s.said.Format(time.TimeOnly), s.edited, s.removed, told)
		}
	}
	over := 0
	for _, text := range w.told() {
		if strings.Contains(text, " renamed ") {
			if over++; !strings.HasSuffix(text, ": over") {
				t.Errorf("seed %d: the operator is told %q, and not that it is over", seed, text)
			}
		}
	}
	if over == 0 || over > renamed {
		t.Errorf("seed %d: %d renames are told as %d", seed, renamed, over)
	}
	t.Logf("seed %d: %d posts at %d places, %d edits, %d removals and %d of what nobody could see, %d renames (told: %d), %d faults, %d streams cut", seed, len(all), len(at), edits, removals, unseen, renamed, over, spoiled, cut)
}

// wellSince is since when an account is read as it should be: no fault is on, and its last
// pull went well. A place that refused us may be left alone for half an hour.
func (w *world) wellSince(account string, before time.Time, mended bool) time.Time {
	i := slices.IndexFunc(w.status().Accounts, func(a bot.AccountStatus) bool { return a.ID == account && a.Trouble == "" })
	switch {
	case i < 0 || !mended:
		return time.Time{}
	case before.IsZero():
		return time.Now()
	}
	return before
}
