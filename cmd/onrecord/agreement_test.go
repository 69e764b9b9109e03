package main

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/eval"
	"onrecord/internal/store"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
	"onrecord/statements"
	"onrecord/statements/match"
	"onrecord/statements/model/modeltest"
	"onrecord/statements/summary"
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
	run := w.agree(t, "in doubt, and said before", func() {
		doubted = w.say("The judge read our answer to the lawsuit this morning.", "")
		w.say(denial, "")
	})
	for _, want := range []string{": accept", ": review", string(match.ReadAgain), "of 3 parts", `"Dana Reyes"`, ", mirror"} {
		if !strings.Contains(strings.Join(run, "\n"), want) {
			t.Errorf("no answer has %q: the test proves nothing:\n%s", want, strings.Join(run, "\n"))
		}
	}
	decisions := reading(t, w.cfg, (*store.Store).Decisions)
	sameInReplay(t, w.cfg, decisions, nil)

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

// With a model the answers are the same ones, too: in the running program that asks it,
// in a replay of what it answered, and where a reading is handed its answers.
func TestOneAnswerWithAModel(t *testing.T) {
	t.Parallel()
	said := map[string]string{
		denial: "yes", "As for those people: not a word of it is true, come and see.": "yes", "Our canteen has soup this week.": "no",
		"The judge read our answer to Northwind this morning.": "no", "Northwind is wrong about the contract, and they know it well.": "yes", "Page 7 says the opposite.": "unsure",
	}
	m := modeltest.New()
	m.Think = modeltest.Table(said)
	service := httptest.NewServer(m)
	t.Cleanup(service.Close)
	w := newWitness(t)
	withModel(t, w.path, service.URL)
	w.memory.ask = answering(said)
	w.agree(t, "own account", func() {
		for text := range slices.Values(slices.Sorted(maps.Keys(said))) {
			w.say(text, "")
		}
	})
	run := w.agree(t, "thread", func() {
		opening := w.say("Many ask about item 7. This is what we say.", "")
		claim := w.say("On count 7 of the complaint Northwind Data filed in court about its pricing model: we deny it.", opening)
		w.say("Page 7 says the opposite.", claim)
	})
	for _, want := range []string{": accept (reject without a model", ": accept (review without", ": review (review without a model, quiet: true", "of 3 parts"} {
		if !strings.Contains(strings.Join(run, "\n"), want) {
			t.Errorf("no answer has %q: the test proves nothing:\n%s", want, strings.Join(run, "\n"))
		}
	}
	decisions := reading(t, w.cfg, (*store.Store).Decisions)
	var lines strings.Builder
	var posts []eval.LabelledPost
	for _, d := range decisions {
		posts = append(posts, eval.LabelledPost{Post: d.Post})
		if o := d.Decision.Opinion; o != nil && o.Together > 0 {
			fmt.Fprintf(&lines, `{"id":%q,"on_case":%q,"confidence":"low"}`+"\n", d.Post.ID, o.OnCase)
		} else if o != nil {
			fmt.Fprintf(&lines, `{"id":%q,"on_case":%q,"confidence":%q,"stance":%q}`+"\n", d.Post.ID, o.OnCase, o.Confidence, o.Stance)
		}
	}
	answers := filepath.Join(t.TempDir(), "answers.jsonl")
	if err := os.WriteFile(answers, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	recorded, err := eval.ReadAnswers(answers, posts)
	if err != nil {
		t.Fatal(err)
	}
	sameInReplay(t, w.cfg, decisions, recorded)
	w.explainsBothStages(t, decisions)
	if r := m.Refusals(); r != nil {
		t.Errorf("the service would have refused: %q", r)
	}
}

// explainsBothStages asks about a statement that only the model found, and lists the
// review that nobody was told of.
func (w *witness) explainsBothStages(t *testing.T, decisions []bot.StoredDecision) {
	t.Helper()
	for _, tc := range []struct {
		which func(onrecord.Decision) bool
		want  []string
	}{
		{
			func(d onrecord.Decision) bool { return d.Label == onrecord.Accept && d.Without == onrecord.Reject },
			[]string{"a model takes it for a statement on the case: high confidence", "  our own evidence: reject\n", "  " + modeltest.Model + " was shown the words", "and says: on the case, high confidence\n", "  together: accept\n"},
		},
		{
			func(d onrecord.Decision) bool { return d.Quiet },
			[]string{"  our own evidence: review\n", "says: not on the case, high confidence\n", "  together: review, quietly: it is listed, and no channel is told\n"},
		},
		{
			func(d onrecord.Decision) bool { return d.Opinion != nil && d.Opinion.Together > 1 },
			[]string{"  our own evidence: reject\n", "  " + modeltest.Model + ", asked which of ", " posts could be on the case: not this one\n", "  together: reject\n"},
		},
	} {
		i := slices.IndexFunc(decisions, func(d bot.StoredDecision) bool { return tc.which(d.Decision) })
		if i < 0 {
			t.Fatal("no decision is like that: the test proves nothing")
		}
		told := command(t, "explain", "--config", w.path, decisions[i].Post.URL)
		for _, want := range tc.want {
			if !strings.Contains(told, want) {
				t.Errorf("explain lacks %q:\n%s", want, told)
			}
		}
	}
	if told := command(t, "review", "--config", w.path); !strings.Contains(told, ", quietly: it is listed, and no channel is told\n") {
		t.Errorf("what waits for a person:\n%s", told)
	}
}

// answering hands a reading a model's answers, by the text of the post.
type answering map[string]string

func (answering) Words(context.Context, []string) (map[string]statements.Words, error) {
	return nil, nil
}

func (answering) Titles(context.Context, []string) (map[string]string, error) { return nil, nil }

func (a answering) Opinion(_ context.Context, of func() summary.Draft, candidate bool) (onrecord.Opinion, bool) {
	d := of()
	answer := modeltest.Table(a)(modeltest.Asked{Kind: modeltest.Judge, Blocks: map[string]string{"P1": d.Parts[0].Text}})
	o := onrecord.Opinion{OnCase: onrecord.Answer(answer["on_case"].(string)), Confidence: onrecord.Confidence(answer["confidence"].(string))}
	if named := answer["on_case"] == "yes" || a[d.Parts[0].Text] == "unsure"; !candidate && !named {
		o = onrecord.Opinion{OnCase: onrecord.No, Together: 1}
	}
	return o, true
}

func (answering) Proposals(context.Context, summary.Draft) ([]onrecord.Proposal, string) {
	return nil, ""
}

func (answering) Summary(ctx context.Context, d summary.Draft) onrecord.Summary {
	return statements.Offline{}.Summary(ctx, d)
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

// sameInReplay replays the posts of decisions, with what a model answered about them.
func sameInReplay(t *testing.T, cfg *config.Config, decisions []bot.StoredDecision, answers bot.Classifier) {
	t.Helper()
	var posts []eval.LabelledPost
	for _, p := range postsOf(decisions) {
		posts = append(posts, eval.LabelledPost{Post: p})
	}
	var m *eval.Model
	if answers != nil {
		m = &eval.Model{Classifier: answers}
	}
	replayed, err := eval.Replay(t.Context(), cfg.Cases, cfg.Accounts, posts, m)
	if err != nil || len(replayed) != len(decisions) {
		t.Fatalf("%d decisions, and in a replay %d, %v", len(decisions), len(replayed), err)
	}
	for i, d := range decisions {
		replayed[i].Made = d.Made
		around := cmpopts.IgnoreFields(onrecord.Opinion{}, "Model", "Shown", "Together") // of an answer, which is not recorded
		if diff := cmp.Diff(d, replayed[i].StoredDecision, around); diff != "" {
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
