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

// remembered puts posts of the first account through review into a database that stays.
func remembered(t *testing.T, configuration string, posts []replayed) (*config.Config, string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(path, []byte(configuration+"database: "+filepath.Join(dir, "test.db")+"\n"), 0o600); err != nil {
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
	cfg, path := remembered(t, oneAccount, posts)
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
	texts, verdicts := map[string]string{}, map[onrecord.Verdict]int{}
	for _, e := range entries {
		var out bytes.Buffer
		if err := explainEntries(&out, cfg, []store.Entry{e}); err != nil || !strings.Contains(out.String(), fmt.Sprintf("%+5.2f  in all", e.Decision.Score)) {
			t.Errorf("post %s is explained by\n%s%v", e.Post.ID, out.String(), err)
		}
		in := match.Input{Post: e.Post, Speaker: cfg.Accounts[0].Speaker, Cases: []string{e.Decision.Case}, Thread: told["thread "+e.Post.Thread]}
		if r := e.Post.ReplyTo; r != nil {
			r.Text, in.ReplyTo = texts[r.ID], told[r.ID]
		}
		var ds []onrecord.Decision
		ds, state = matcher.Judge(in, state)
		if ds[0].Score != e.Decision.Score || ds[0].Verdict != e.Decision.Verdict || ds[0].Ruleset != e.Decision.Ruleset || !slices.Equal(ds[0].Evidence, e.Decision.Evidence) {
			t.Errorf("post %s was judged %+v, and is again %+v", e.Post.ID, e.Decision, ds[0])
		}
		texts[e.Post.ID] = e.Post.Text
		verdicts[ds[0].Verdict]++
		if ds[0].Verdict == onrecord.Accept {
			told[e.Post.ID] = in.Cases
			if e.Post.Thread != "" {
				told["thread "+e.Post.Thread] = in.Cases
			}
		}
	}
	if len(entries) != len(posts) || verdicts[onrecord.Accept] < 15 || verdicts[onrecord.Reject] < 15 {
		t.Errorf("%d decisions, %v: the test proves nothing", len(entries), verdicts)
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
	_, path := remembered(t, oneAccount, posts)
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
