package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/eval"
	"onrecord/internal/store"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
	"onrecord/statements/match"
)

const denial = "We deny every word of the complaint that Northwind Data filed in court about its pricing model."

// The running program, a replay, a person who asks, and a reading with nothing
// but what it is handed give the same answer: on an own account's posts, its
// threads, articles, and after a person decided.
func TestOneAnswer(t *testing.T) {
	t.Parallel()
	w := newWitness(t)
	w.agree(t, "own account", func() { w.say(denial, "") })
	w.agree(t, "thread", func() {
		opening := w.say("Many ask about item 7. This is what we say.", "")
		claim := w.say("On count 7 of the complaint Northwind Data filed in court about its pricing model: we deny it.", opening)
		w.say("Page 7 says the opposite.", claim)
	})
	w.agree(t, "press", func() { w.print(named); w.print(unnamed) })
	var doubted string
	run := w.agree(t, "in doubt, and said before", func() { doubted = w.say("The judge read our answer this morning.", ""); w.say(denial, "") })
	for _, want := range []string{": accept", ": review", string(match.ReadAgain), "of 3 parts", `"Dana Reyes"`, ", mirror"} {
		if !strings.Contains(strings.Join(run, "\n"), want) {
			t.Errorf("no answer has %q: the test proves nothing:\n%s", want, strings.Join(run, "\n"))
		}
	}
	decisions := reading(t, w.cfg, (*store.Store).Decisions)
	sameInReplay(t, w.cfg, decisions)

	ruled := decisions[slices.IndexFunc(decisions, func(d bot.StoredDecision) bool { return d.Post.ID == doubted })]
	command(t, "accept", "--config", w.path, onrecord.StatementNumber(ruled.Statement))
	command(t, "run", "--once", "--config", w.path) // follows what was decided
	w.memory.rule(ruled.Post.Key(), onrecord.Accept)
	run = w.agree(t, "after a person decided", func() { w.say("Page 9 says the same.", doubted) })
	unruled := newMemory(w.cfg)
	for _, batch := range w.batches {
		unruled.read(t, batch)
	}
	if last := len(run) - 1; unruled.answers()[last] == run[last] {
		t.Errorf("without what a person decided the answer is the same: %s", run[last])
	}

	w.sameWhenAsked(t, onrecord.Post{Account: w.cfg.Accounts[0].ID, Kind: onrecord.Original, Text: denial})
	w.sameWhenAsked(t, onrecord.Post{Account: w.cfg.Accounts[1].ID, Kind: onrecord.Article, Text: named})
}

// witness reads what the running program reads.
type witness struct {
	*edge
	cfg     *config.Config
	path    string
	at      time.Time // when the last post was published
	memory  *memory
	batches [][]onrecord.Post
}

func newWitness(t *testing.T) *witness {
	t.Helper()
	w := &witness{edge: newEdge(t), at: time.Now().Add(-22 * time.Hour).Truncate(time.Second)}
	w.x.Account("harborlabs", "Harbor Labs")
	w.site.Open("/courier.xml")
	w.path = w.config(t, fictional+"    people:\n      - {name: Dana Reyes, role: chief executive of Harbor Labs}\naccounts:\n"+
		"  - {source: x, handle: harborlabs, speaker: Harbor Labs, backfill: 24h}\n"+
		fmt.Sprintf("  - {source: feed, url: %q, speaker: \"*\", backfill: 24h}\n", w.siteURL+"/courier.xml"))
	cfg, err := configFlag{Config: w.path}.load()
	if err != nil {
		t.Fatal(err)
	}
	w.cfg, w.memory = cfg, newMemory(cfg)
	return w
}

func (w *witness) say(text, after string) string {
	w.at = w.at.Add(20 * time.Second)
	return w.x.Post("harborlabs", xtest.Post{CreatedAt: w.at, Text: text, ReplyTo: after})
}

func (w *witness) print(text string) {
	w.at = w.at.Add(20 * time.Second)
	w.site.Publish("/courier.xml", feedtest.Item{Published: w.at, Text: text})
}

// agree has posts published some hours after the last ones, runs the program over
// them and reads them besides. It returns all answers so far.
func (w *witness) agree(t *testing.T, what string, publish func()) []string {
	t.Helper()
	w.at = w.at.Add(4 * time.Hour)
	publish()
	command(t, "run", "--once", "--config", w.path)
	decisions, run := recorded(t, w.cfg)
	fresh := postsOf(decisions)[len(w.memory.posts):]
	w.batches = append(w.batches, fresh)
	w.memory.read(t, fresh)
	if diff := cmp.Diff(run, w.memory.answers()); diff != "" || len(fresh) == 0 {
		t.Errorf("%s: %d posts, and without a database (-run +read):\n%s", what, len(fresh), diff)
	}
	return run
}

// sameInReplay replays the posts of decisions.
func sameInReplay(t *testing.T, cfg *config.Config, decisions []bot.StoredDecision) {
	t.Helper()
	var posts []eval.LabelledPost
	for _, p := range postsOf(decisions) {
		posts = append(posts, eval.LabelledPost{Post: p})
	}
	replayed, err := eval.Replay(t.Context(), cfg.Cases, cfg.Accounts, posts, nil)
	if err != nil || len(replayed) != len(decisions) {
		t.Fatalf("%d decisions, and in a replay %d, %v", len(decisions), len(replayed), err)
	}
	for i, d := range decisions {
		replayed[i].Made = d.Made
		if diff := cmp.Diff(d, replayed[i].StoredDecision); diff != "" {
			t.Errorf("the answer on %s is another one in a replay (-run +replay):\n%s", d.Post.Key(), diff)
		}
	}
}

// sameWhenAsked asks about the words of a post of which nothing is known.
func (w *witness) sameWhenAsked(t *testing.T, p onrecord.Post) {
	t.Helper()
	m := newMemory(w.cfg)
	p.ID, p.Created, p.Dated = "text", w.at, true
	m.read(t, []onrecord.Post{p})
	d := m.posts[0].decisions[0].Decision
	want := []string{fmt.Sprintf("%s: %s, score %+.2f (", d.Case, d.Label, d.Score)}
	for _, e := range d.Reasons {
		want = append(want, fmt.Sprintf("%+5.2f  %s", e.Weight, e.Name))
	}
	said := command(t, "explain", "--config", w.path, "--account", p.Account, p.Text)
	for _, line := range want {
		if !strings.Contains(said, line) {
			t.Errorf("explain of words as of %s lacks %q:\n%s", p.Account, line, said)
		}
	}
}

// postsOf are the posts of decisions, in their order.
func postsOf(decisions []bot.StoredDecision) (posts []onrecord.Post) {
	for _, d := range decisions {
		if n := len(posts); n == 0 || posts[n-1].Key() != d.Post.Key() {
			posts = append(posts, d.Post)
		}
	}
	return posts
}

// recorded is what a database holds: its decisions, and their answers.
func recorded(t *testing.T, cfg *config.Config) ([]bot.StoredDecision, []string) {
	t.Helper()
	decisions := reading(t, cfg, (*store.Store).Decisions)
	record := reading(t, cfg, func(database *store.Store, ctx context.Context) ([]onrecord.Statement, error) {
		return database.Latest(ctx, "", -1)
	})
	return decisions, answers(decisions, record)
}
