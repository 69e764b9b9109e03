package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/match"
	"onrecord/internal/store"
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

// remembered puts posts through review into a database that stays.
func remembered(t *testing.T, posts []replayed) (*config.Config, string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(path, []byte(oneAccount+"database: "+filepath.Join(dir, "test.db")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := configFlag{Config: path}.load()
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{ctx: t.Context(), out: &bytes.Buffer{}, errout: &bytes.Buffer{}}
	book, err := store.Open(t.Context(), cfg.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	a := cfg.Accounts[0]
	for i := range posts {
		posts[i].account, posts[i].Source, posts[i].Account, posts[i].Lang = a.ID, "x", a.Handle, "en"
	}
	if err := book.Sync(t.Context(), cfg.Accounts, func(string) time.Duration { return time.Hour }, nil); err != nil {
		t.Fatal(err)
	}
	if err := arrive(term, book, posts, 1); err != nil {
		t.Fatal(err)
	}
	setup := bot.Setup{Book: book, Cases: cfg.Cases, Summarizer: extract{}, Accounts: []bot.Account{{Account: a, Schedule: cfg.Schedules[a.ID]}}}
	if err := bot.New(setup).Catchup(t.Context()); err != nil {
		t.Fatal(err)
	}
	return cfg, path
}

// After a restart every decision can be explained, and a speaker's stored posts
// lead the matcher to the same scores again.
func TestDecisionsCanBeReplayed(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC)
	var posts []replayed
	for i := range 60 {
		p := replayed{ID: fmt.Sprint(100 + i), Created: began.Add(time.Duration(i) * 3 * time.Hour), Text: fmt.Sprintf("Sailing lesson %d starts by the river at noon.", i)}
		switch i % 6 {
		case 0: // opens a thread and says nothing by itself
			p.Created, p.Text, p.Thread = p.Created.Add(3*time.Hour-30*time.Second), fmt.Sprintf("Many ask about item %d. This is what we say.", i), fmt.Sprint("t", i+1)
		case 1:
			p.Text = fmt.Sprintf("On count %d of the complaint Northwind Data filed in court about its pricing model: we deny it.", i)
			p.Thread = fmt.Sprint("t", i)
		case 2: // goes on without naming anything
			p.Created, p.Kind, p.Thread = posts[i-1].Created.Add(time.Minute), "thread", posts[i-1].Thread
			p.Text, p.ReplyTo = fmt.Sprintf("Page %d says the opposite.", i), &reference{ID: posts[i-1].ID, Account: "harborlabs"}
		case 4:
			p.Text = fmt.Sprintf("The judge read our answer number %d this morning.", i)
		}
		posts = append(posts, p)
	}
	cfg, path := remembered(t, posts)
	book, err := store.OpenReading(t.Context(), cfg.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	entries, err := book.Decisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	matcher, state, told := match.Compile(cfg.Cases), match.State{}, map[string][]string{}
	texts, verdicts, again := map[string]string{}, map[onrecord.Verdict]int{}, 0
	judge := func(e store.Entry) onrecord.Decision {
		in := match.Input{Post: e.Post, Speaker: cfg.Accounts[0].Speaker, Cases: []string{e.Decision.Case}, Thread: told["thread "+e.Post.Thread]}
		if r := e.Post.ReplyTo; r != nil {
			r.Text, in.ReplyTo = texts[r.ID], told[r.ID]
		}
		ds, next := matcher.Judge(in, state)
		state = next
		return ds[0]
	}
	same := func(e store.Entry, d onrecord.Decision) {
		t.Helper()
		if d.Score != e.Decision.Score || d.Verdict != e.Decision.Verdict || d.Ruleset != e.Decision.Ruleset || !slices.Equal(d.Evidence, e.Decision.Evidence) {
			t.Errorf("post %s was judged %+v, and is again %+v", e.Post.ID, e.Decision, d)
		}
	}
	opening := map[string]store.Entry{} // of a thread, not accepted yet
	for _, e := range entries {
		var out bytes.Buffer
		if err := explainEntries(&out, []store.Entry{e}); err != nil || !strings.Contains(out.String(), fmt.Sprintf("%+5.2f  in all", e.Decision.Score)) {
			t.Errorf("post %s is explained by\n%s%v", e.Post.ID, out.String(), err)
		}
		d := judge(e)
		texts[e.Post.ID] = e.Post.Text
		if d.Verdict != onrecord.Accept && e.Post.Thread != "" {
			opening[e.Post.Thread] = e
			continue
		}
		same(e, d)
		verdicts[d.Verdict]++
		if d.Verdict != onrecord.Accept {
			continue
		}
		told[e.Post.ID] = []string{e.Decision.Case}
		if e.Post.Thread == "" {
			continue
		}
		told["thread "+e.Post.Thread] = told[e.Post.ID]
		if o, ok := opening[e.Post.Thread]; ok { // judged again right after, and nothing is learned from it
			delete(opening, e.Post.Thread)
			again++
			before := state
			d := judge(o)
			state = before
			d.Evidence = append(d.Evidence, onrecord.Evidence{Name: "judged again, after the statement in its thread", Text: o.Post.Thread, Where: "thread"})
			same(o, d)
			verdicts[d.Verdict]++
		}
	}
	if len(entries) != len(posts) || len(opening) > 0 || again < 8 || verdicts[onrecord.Accept] < 15 || verdicts[onrecord.Reject] < 15 {
		t.Errorf("%d decisions, %d judged again, %v: the test proves nothing", len(entries), again, verdicts)
	}
	accepted := slices.IndexFunc(entries, func(e store.Entry) bool { return e.Decision.Verdict == onrecord.Accept })
	if got := command(t, "explain", "--config", path, onrecord.StatementNumber(entries[accepted].Statement)); !strings.Contains(got, "[pricing model]") {
		t.Errorf("the first statement is explained by\n%s", got)
	}
}

// Words that recent posts are full of are named with what they would hit.
func TestCheckNamesCommonWords(t *testing.T) {
	t.Parallel()
	var posts []replayed
	for i := range 60 {
		p := replayed{ID: fmt.Sprint(100 + i), Created: time.Now().Add(time.Duration(i-100) * time.Hour), Text: fmt.Sprintf("Lesson %d begins at noon.", i)}
		if i%10 == 0 {
			p.Text = fmt.Sprintf("Lesson %d begins by the River, Harbor people.", i)
		}
		posts = append(posts, p)
	}
	_, path := remembered(t, posts)
	got := command(t, "check", "--config", path)
	for _, want := range []string{`the alias "Harbor" of Harbor Labs is an everyday word`, `the keyword "river" is in 6 of 60 posts`, "/100: Lesson 0 begins by the River"} {
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
