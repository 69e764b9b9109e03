package desk_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"onrecord"
	"onrecord/bot"
	"onrecord/bot/desk"
	"onrecord/notifiers"
)

var (
	now = time.Date(2026, 10, 5, 14, 15, 0, 0, time.UTC)
	nh  = onrecord.Case{ID: "nh", Title: "Northwind Data v. Harbor Labs", Parties: []onrecord.Person{{Name: "Northwind Data", Role: "plaintiff"}, {Name: "Harbor Labs", Role: "defendant"}}}
)

// record holds one statement, and what became of it.
type record struct {
	bot.Record
	bot.Operations
	bot.ReviewQueue
	statement onrecord.Statement
	fates     []onrecord.Fate
}

func (r record) Stretch(_ context.Context, what bot.Stretch) ([]onrecord.Statement, error) {
	if what.Below > 0 || what.Fate != "" && !slices.ContainsFunc(r.fates, func(f onrecord.Fate) bool { return f.Kind == what.Fate }) {
		return nil, nil
	}
	return []onrecord.Statement{r.statement}, nil
}

func (r record) Statement(_ context.Context, number int64) (onrecord.Statement, []bot.StoredDecision, error) {
	if number != r.statement.No {
		return onrecord.Statement{}, nil, bot.ErrNoStatement
	}
	return r.statement, nil, nil
}

func (r record) Fates(context.Context, onrecord.Statement) ([]onrecord.Fate, error) {
	return r.fates, nil
}
func (r record) Status(context.Context) (bot.Status, error)     { return bot.Status{Now: now}, nil }
func (r record) Activity(context.Context) (bot.Activity, error) { return bot.Activity{}, nil }

func ask(t *testing.T, r record, command string, values map[string]string) notifiers.Answer {
	t.Helper()
	commands := desk.Commands(desk.Setup{Visitor: bot.Visitor{Record: r, Cases: []onrecord.Case{nh}}, Operator: bot.Operator{Operations: r}, Now: func() time.Time { return now }})
	i := slices.IndexFunc(commands, func(c notifiers.Command) bool { return c.Name == command })
	a, err := commands[i].Run(t.Context(), notifiers.Request{Values: values})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Whoever reads a statement reads what became of it: with its proof, and corrected.
func TestWhatBecameOfItIsTold(t *testing.T) {
	t.Parallel()
	r := record{statement: onrecord.Statement{
		No: 42, ID: 42, Case: "nh", Speaker: "Harbor Labs", Lane: onrecord.Record, Seen: now.Add(-time.Hour),
		Parts: []onrecord.Post{{Text: "We never opened the drive.", URL: "https://social.example/1", Created: now.Add(-time.Hour), Dated: true}},
	}}
	r.fates = []onrecord.Fate{{No: 1, Kind: onrecord.Deleted, Parts: []int{0}, From: now.Add(-20 * time.Minute), Until: now.Add(-10 * time.Minute)}}
	r.statement = r.statement.Amend([]onrecord.Correction{{No: 1, Speaker: "Northwind Data", Role: "plaintiff", Was: "Harbor Labs", Note: "it was read out", By: "Bo", At: now}})
	for _, a := range []notifiers.Answer{
		ask(t, r, "statements", nil), ask(t, r, "statements", map[string]string{"kind": "deleted", "by": "northwind data", "text": "drive"}), ask(t, r, "statement", map[string]string{"number": "42"}),
	} {
		facts := strings.Join(a.Entries[0].Facts, "\n")
		for _, want := range []string{"Deleted by the author between 5 Oct 2026, 13:55 UTC and 5 Oct 2026, 14:05 UTC: the place says so.", "the speaker is Northwind Data, not Harbor Labs", "it was read out"} {
			if !strings.Contains(facts, want) {
				t.Errorf("no %q in\n%s", want, facts)
			}
		}
	}
	for _, values := range []map[string]string{{"kind": "edited"}, {"by": "Harbor Labs"}, {"since": "1h"}} {
		if a := ask(t, r, "statements", values); len(a.Entries) != map[bool]int{true: 1}[values["since"] != ""] {
			t.Errorf("%v: %+v", values, a)
		}
	}
}

// Every language has every name, none is longer than places take, and none is of what is
// not there.
func TestEveryLanguageIsWhole(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("texts/*.txt")
	if err != nil || len(files) != 7 {
		t.Fatal(files, err)
	}
	named, groups := 0, map[string]bool{}
	whole := func(at string, labels map[string]notifiers.Label, described bool) {
		named++
		if len(labels) != len(files) {
			t.Errorf("%s has names in %d languages", at, len(labels))
		}
		for tag, l := range labels {
			if n, d := utf8.RuneCountInString(l.Name), utf8.RuneCountInString(l.Description); n < 1 || n > 32 || d > 100 || described != (d > 0) {
				t.Errorf("%s: %s is called %q, %q", tag, at, l.Name, l.Description)
			}
		}
	}
	for _, c := range desk.Commands(desk.Setup{Following: struct{ desk.Following }{}}) {
		if c.Trigger == notifiers.Pressed {
			continue
		}
		if c.Below != nil && !groups[c.Below.Name] {
			groups[c.Below.Name] = true
			whole(c.Below.Name, c.Below.Labels, true)
		}
		whole(c.Name, c.Labels, true)
		for _, o := range c.Options {
			whole(c.Name+" "+o.Name, o.Labels, true)
			for _, choice := range o.Choices {
				whole(c.Name+" "+o.Name+" "+choice.Value, choice.Labels, false)
			}
		}
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if lines := strings.Count(string(data), "\n"); err != nil || lines != named {
			t.Errorf("%s has %d lines, want %d, %v", file, lines, named, err)
		}
	}
}
