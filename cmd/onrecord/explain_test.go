package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/store"
	"onrecord/internal/store/storetest"
	"onrecord/sources/x/xtest"
	"onrecord/statements/match"
)

const oneAccount = `cases:
  - id: northwind-v-harbor
    title: Northwind Data v. Harbor Labs
    parties:
      - {name: Northwind Data, role: plaintiff, aliases: [Northwind]}
      - {name: Harbor Labs, role: defendant, aliases: [Harbor]}
    keywords: [pricing model, river]
accounts:
  - {source: x, handle: harborlabs, speaker: Harbor Labs}
`

// databases make an empty one of each engine.
var databases = map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres}

// remembered puts posts of the first account through review into a database that stays.
func remembered(t *testing.T, configuration string, posts []onrecord.Post) (*config.Config, string) {
	t.Helper()
	cfg, path := configured(t, configuration, storetest.SQLite(t))
	review(t, cfg, nil, posts)
	return cfg, path
}

// configured writes a configuration that names a database.
func configured(t *testing.T, configuration, where string) (*config.Config, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, fmt.Appendf(nil, "%sdatabase: %q\n", configuration, where), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := configFlag{Config: path}.load()
	if err != nil {
		t.Fatal(err)
	}
	return cfg, path
}

// review is a process that stores posts of the first account, some at a time,
// judges them and ends. Persons decide in between; it follows what they decided.
func review(t *testing.T, cfg *config.Config, decide func(), arrivals ...[]onrecord.Post) {
	t.Helper()
	database, err := store.Open(t.Context(), cfg.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	a := cfg.Accounts[0]
	if err := database.Sync(t.Context(), cfg.Accounts, func(string) time.Duration { return time.Hour }, nil); err != nil {
		t.Fatal(err)
	}
	claims, err := database.ClaimDue(t.Context(), time.Hour, 1)
	if err != nil {
		t.Fatal(err)
	}
	setup := bot.Setup{Database: database, Reviews: database, Cases: cfg.Cases, Accounts: []bot.Account{{Account: a, Schedule: cfg.Schedules[a.ID]}}}
	for n, posts := range arrivals {
		if n > 0 {
			decide()
		}
		page := make([]bot.PulledPost, len(posts))
		for i := range posts {
			p := &posts[i]
			p.Account, p.Author.Handle, p.Lang, p.Dated = a.ID, a.Handle, "en", true
			if p.Kind == "" {
				p.Kind = onrecord.Original
			}
			page[i] = bot.PulledPost{Post: *p, Seen: p.Created}
		}
		if err := bot.New(setup).Catchup(t.Context()); err != nil { // follows what was decided
			t.Fatal(err)
		}
		if _, err := database.StorePage(t.Context(), &claims[0], page, claims[0].Cursor, time.Hour); err != nil {
			t.Fatal(err)
		}
		if err := bot.New(setup).Catchup(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// mixed are posts on the case and on other things, some of them borderline.
func mixed() (posts []onrecord.Post) {
	began := time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC)
	for i := range 60 {
		p := onrecord.Post{ID: fmt.Sprint(100 + i), Created: began.Add(time.Duration(i) * 3 * time.Hour), Text: fmt.Sprintf("Sailing lesson %d starts by the river at noon.", i)}
		switch i % 6 {
		case 0: // opens a thread and says nothing by itself
			p.Created, p.Text, p.Thread = p.Created.Add(3*time.Hour-30*time.Second), fmt.Sprintf("Many ask about item %d. This is what we say.", i), fmt.Sprint("t", i+1)
		case 1:
			p.Text = fmt.Sprintf("On count %d of the complaint Northwind Data filed in court about its pricing model: we deny it.", i)
			p.Thread = fmt.Sprint("t", i)
		case 2: // goes on without naming anything
			p.Created, p.Kind, p.Thread = posts[i-1].Created.Add(time.Minute), onrecord.Thread, posts[i-1].Thread
			p.Text, p.ReplyTo = fmt.Sprintf("Page %d says the opposite.", i), &onrecord.Ref{ID: posts[i-1].ID, Account: "harborlabs"}
		case 4:
			p.Text = fmt.Sprintf("The judge read our answer number %d this morning.", i)
		case 5:
			p.Text = fmt.Sprintf("Northwind is wrong about contract %d, and they know it well.", i)
		}
		posts = append(posts, p)
	}
	return posts
}

// After a restart every decision can be explained, and a speaker's stored posts
// lead the matcher to the same scores again, with what persons decided between them.
func TestDecisionsCanBeReplayed(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replayable(t, database(t))
		})
	}
}

func replayable(t *testing.T, where string) {
	cfg, path := configured(t, oneAccount, where)
	posts := mixed()
	var waiting []onrecord.Statement
	review(t, cfg, func() {
		waiting = reading(t, cfg, (*store.Store).Waiting)
		if len(waiting) < 3 {
			t.Fatalf("%d statements wait for a person: the test proves nothing", len(waiting))
		}
		command(t, "accept", "--config", path, waiting[0].Number())
		command(t, "reject", "--config", path, waiting[1].Number())
	}, posts[:len(posts)/2], posts[len(posts)/2:])

	entries, verdicts, again := reading(t, cfg, (*store.Store).Decisions), map[onrecord.Label]int{}, 0
	for _, e := range entries {
		verdicts[e.Decision.Label]++
		if slices.ContainsFunc(e.Decision.Reasons, func(r onrecord.Reason) bool { return r.Code == match.ReadAgain }) {
			again++
		}
		var out bytes.Buffer
		if printExplanation(&out, bot.Explanation{StoredDecision: e}); !strings.Contains(out.String(), fmt.Sprintf("%+5.2f  in all", e.Decision.Score)) {
			t.Errorf("post %s is explained by\n%s", e.Post.ID, out.String())
		}
	}
	if len(entries) != len(posts) || verdicts[onrecord.Accept] < 15 || verdicts[onrecord.Review] < 3 || verdicts[onrecord.Reject] < 8 || again < 8 {
		t.Errorf("%d decisions, %d of posts judged again, %v: the test proves nothing", len(entries), again, verdicts)
	}
	readAgain := func(persons bool) []string {
		m := newMemory(cfg)
		m.read(t, posts[:len(posts)/2])
		if persons {
			m.rule(waiting[0].First().Key(), onrecord.Accept)
			m.rule(waiting[1].First().Key(), onrecord.Reject)
		}
		m.read(t, posts[len(posts)/2:])
		return m.answers()
	}
	_, given := recorded(t, cfg)
	if diff := cmp.Diff(given, readAgain(true)); diff != "" {
		t.Errorf("read again, the posts have other answers:\n%s", diff)
	}
	if cmp.Equal(given, readAgain(false)) {
		t.Error("without what persons decided the answers are the same: the test proves nothing")
	}
	accepted := slices.IndexFunc(entries, func(e bot.StoredDecision) bool { return e.Decision.Label == onrecord.Accept })
	last := slices.MaxFunc(entries, func(a, b bot.StoredDecision) int { return int(a.Statement - b.Statement) })
	for number, want := range map[string]string{
		onrecord.StatementNumber(entries[accepted].Statement): "[pricing model]",
		waiting[0].Number():                      "  accepted by " + typist() + " on ",
		waiting[1].Number():                      "  rejected by " + typist() + " on ",
		onrecord.StatementNumber(last.Statement): "\nmost like it, of what the same speaker said before:\n  S-0",
	} {
		if got := command(t, "explain", "--config", path, number); !strings.Contains(got, want) {
			t.Errorf("%s is explained by\n%s", number, got)
		}
	}
}

// reading reads from the database beside whoever works on it.
func reading[T any](t *testing.T, cfg *config.Config, read func(*store.Store, context.Context) (T, error)) T {
	t.Helper()
	database, err := store.OpenReading(t.Context(), cfg.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	got, err := read(database, t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Words that recent posts are full of are named with what they would hit.
func TestCheckNamesCommonWords(t *testing.T) {
	t.Parallel()
	var posts []onrecord.Post
	for i := range 60 {
		p := onrecord.Post{ID: fmt.Sprint(100 + i), Created: time.Now().Add(time.Duration(i-100) * time.Hour), Text: fmt.Sprintf("Lesson %d begins at noon.", i)}
		if i%10 == 0 {
			p.Text = fmt.Sprintf("Lesson %d begins by the River, Harbor people.", i)
		}
		posts = append(posts, p)
	}
	_, path := remembered(t, oneAccount, posts)
	got := command(t, "check", "--config", path)
	for _, want := range []string{`cases[0].parties[1].aliases[0]: "Harbor" is an everyday word`, `the keyword "river" is in 6 of 60 posts`, "/100: Lesson 0 begins by the River"} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing says %q in\n%s", want, got)
		}
	}
	for _, not := range []string{`"pricing model"`, `"Northwind"`, `the alias "Harbor" is in`, "/130:"} {
		if strings.Contains(got, not) {
			t.Errorf("there is %q in\n%s", not, got)
		}
	}
}

// A post that was never judged is read from its place and judged, before the program
// first ran and afterwards; what that costs counts for the day.
func TestExplainAPostOnNoRecord(t *testing.T) {
	t.Parallel()
	e := newEdgeOn(t, filepath.Join(t.TempDir(), "test.db"))
	e.x.Account("harborlabs", "Harbor Labs")
	e.x.Account("court_watcher", "Court Watcher")
	asked := e.x.Post("court_watcher", xtest.Post{Text: "Did Harbor Labs copy the pricing model of Northwind Data, as its complaint says in court?"})
	answer := e.x.Post("harborlabs", xtest.Post{Text: denial, ReplyTo: asked})
	deleted := e.x.Post("harborlabs", xtest.Post{Text: "Never mind."})
	e.x.Delete(deleted)
	path := e.config(t, fictional+"accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs}\n")
	address := func(handle, id string) string { return "https://x.com/" + handle + "/status/" + id }
	spent := func() int64 {
		cfg, err := configFlag{Config: path}.load()
		if err != nil {
			t.Fatal(err)
		}
		database, err := store.OpenReading(t.Context(), cfg.Database)
		if err != nil {
			t.Fatal(err)
		}
		defer database.Close()
		cost, err := database.SpendLog().Spent(t.Context(), "x", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return cost
	}
	before := int64(0)
	for _, when := range []string{"before the first run", "after it"} {
		said, code := output(t, "explain", "--config", path, address("HarborLabs", answer))
		for _, want := range []string{"not on the record; as if x:harborlabs had posted it just now", "northwind-v-harbor: accept", address("HarborLabs", answer), "(parent)"} {
			if code != good || !strings.Contains(said, want) {
				t.Errorf("%s: exit %d, and it lacks %q:\n%s", when, code, want, said)
			}
		}
		if _, err := os.Stat(e.where); when == "before the first run" && err == nil {
			t.Error("explaining made a database")
		}
		if when == "before the first run" {
			command(t, "run", "--once", "--config", path)
			before = spent()
		}
	}
	if cost := spent() - before; cost != 2*5000 {
		t.Errorf("spent %d, want what the post and its parent cost", cost)
	}
	said, code := output(t, "explain", "--json", "--config", path, address("harborlabs", answer))
	if code != good || !strings.HasPrefix(said, "{") || !strings.Contains(said, `"decision":"accept"`) {
		t.Errorf("exit %d: %s", code, said)
	}
	for address, want := range map[string]string{
		address("harborlabs", deleted):  "deleted, hidden or withheld",
		address("court_watcher", asked): "none of the accounts",
		"https://harbor.example/news/1": "posts from before an account was watched never are; a post on X, Bluesky, Mastodon, Hacker News is read from there",
		"https://x.com/harborlabs":      "this address is of none",
	} {
		if said, code := output(t, "explain", "--config", path, address); code == good || !strings.Contains(said, want) {
			t.Errorf("%s: exit %d, and it lacks %q:\n%s", address, code, want, said)
		}
	}
	if said, code := output(t, "explain", "--account", "x:harborlabs", "--config", path, address("court_watcher", asked)); code != good || !strings.Contains(said, "as if x:harborlabs had posted it") {
		t.Errorf("exit %d: %s", code, said)
	}
	failure := e.x.Fail(xtest.Lookup, xtest.TooMany(time.Time{}))
	if said, code := output(t, "explain", "--config", path, address("harborlabs", answer)); code != failed || !strings.Contains(said, "read the post at") || failure.Fired() != 1 {
		t.Errorf("exit %d, the fault fired %d times: %s", code, failure.Fired(), said)
	}
}
