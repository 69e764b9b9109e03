package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
)

// held is a record of these texts, numbered from 1, by turns of two speakers.
func held(texts ...string) heldRecord {
	var r heldRecord
	for i, text := range texts {
		at := time.Date(2026, 10, 1, 0, i, 0, 0, time.UTC)
		r.statements = append(r.statements, onrecord.Statement{
			ID: int64(i + 1), No: int64(i + 1), Case: "nh", Speaker: []string{"Harbor Labs", "Ivo Lind"}[i%2], Lane: onrecord.Record, Novelty: onrecord.New,
			Seen: at, Parts: []onrecord.Post{{Text: text, Created: at, Dated: true}},
		})
	}
	return r
}

var asking = []onrecord.Case{{ID: "nh", Title: "Northwind Data v. Harbor Labs", Parties: []onrecord.Person{{Name: "Harbor Labs", Aliases: []string{"Harbor"}}, {Name: "Ivo Lind"}, {Name: "Dana Reyes"}, {Name: "Zoë Ünal"}}}}

func numbersOf(p bot.Found) (list []int64) {
	for _, n := range p.Statements {
		list = append(list, n.Statement.No)
	}
	return list
}

func TestSearchWords(t *testing.T) {
	t.Parallel()
	v := bot.Visitor{Cases: asking, Record: held(
		"We never opened the drive.", "The drives were sealed in March.", "Nous avons déjà répondu au tribunal.", "我们从未见过那份合同。", "Sealed? The drive was sealed, and opened never.",
	)}
	for text, want := range map[string][]int64{
		"drive":           {5, 2, 1},
		"DRIVE sealed":    {5, 2},
		"“the drive was”": {5}, `"never opened"`: {1}, "“never opened” drive": {1},
		"deja repondu": {3}, "seal": {5, 2}, "合同": {4}, "从未见过": {4}, "同合": nil, "合同 drive": nil, "nothing": nil, "“”": {5, 4, 3, 2, 1}, "": {5, 4, 3, 2, 1},
	} {
		p, err := v.Search(t.Context(), bot.Query{Text: text}, bot.From{}, 10)
		if err != nil || !slices.Equal(numbersOf(p), want) {
			t.Errorf("%q: %v, %v; want %v", text, numbersOf(p), err, want)
		}
	}
	since := time.Date(2026, 10, 1, 0, 3, 0, 0, time.UTC)
	for _, c := range []struct {
		q    bot.Query
		want []int64
	}{
		{bot.Query{By: "Ivo Lind"}, []int64{4, 2}}, {bot.Query{Since: since}, []int64{5, 4}}, {bot.Query{Kind: "repeats"}, nil}, {bot.Query{Kind: "new", Text: "opened"}, []int64{5, 1}}, {bot.Query{Case: "other"}, nil},
	} {
		if p, err := v.Search(t.Context(), c.q, bot.From{}, 10); err != nil || !slices.Equal(numbersOf(p), c.want) {
			t.Errorf("%+v: %v, %v; want %v", c.q, numbersOf(p), err, c.want)
		}
	}
}

// Turning pages forth and back shows every statement once, whatever arrives meanwhile.
func TestSearchPages(t *testing.T) {
	t.Parallel()
	var texts []string
	for i := range 263 {
		texts = append(texts, fmt.Sprintf("Statement of the day %d", i))
		if i%3 == 0 {
			texts[i] += ", with a ledger"
		}
	}
	for _, text := range []string{"", "ledger", "day 200", "no such words"} {
		record := held(texts...)
		v := bot.Visitor{Cases: asking, Record: record}
		every, err := v.Search(t.Context(), bot.Query{Text: text}, bot.From{}, 1000)
		if err != nil || every.Older != (bot.From{}) || every.Newer != (bot.From{}) {
			t.Fatal(every.Older, every.Newer, err)
		}
		var forth, back []int64
		var last bot.Found
		for from := (bot.From{}); ; from = last.Older {
			last, err = v.Search(t.Context(), bot.Query{Text: text}, from, 5)
			if err != nil {
				t.Fatal(err)
			}
			forth = append(forth, numbersOf(last)...)
			if last.Older == (bot.From{}) {
				break
			}
		}
		if !slices.Equal(forth, numbersOf(every)) {
			t.Errorf("%q: %d forth, want %d: %v", text, len(forth), len(every.Statements), forth)
		}
		record.statements = append(record.statements, held(append(texts, "Statement of the day 200 with a ledger")...).statements[len(texts)])
		v.Record = record
		for page := last; ; {
			list := numbersOf(page)
			slices.Reverse(list)
			back = append(back, list...)
			if page.Newer == (bot.From{}) {
				break
			}
			if page, err = v.Search(t.Context(), bot.Query{Text: text}, page.Newer, 5); err != nil {
				t.Fatal(err)
			}
		}
		slices.Reverse(back)
		if len(forth) > 5 && (len(back) != len(forth)+1 || back[0] != int64(len(texts)+1)) {
			t.Errorf("%q: back %v", text, back)
		}
	}
}

// Looking for what is not there ends, says how far it came, and can go on.
func TestSearchIsBounded(t *testing.T) {
	t.Parallel()
	texts := make([]string, 4500)
	for i := range texts {
		texts[i] = "Nothing of it"
	}
	texts[3] = "The ledger"
	v := bot.Visitor{Cases: asking, Record: held(texts...)}
	p, err := v.Search(t.Context(), bot.Query{Text: "ledger"}, bot.From{}, 5)
	if err != nil || len(p.Statements) != 0 || p.Reached.IsZero() || p.Older == (bot.From{}) {
		t.Fatalf("%+v, %v", p, err)
	}
	for turns := 0; len(p.Statements) == 0; turns++ {
		if p, err = v.Search(t.Context(), bot.Query{Text: "ledger"}, p.Older, 5); err != nil || turns > 3 {
			t.Fatal(err, turns)
		}
	}
	if !slices.Equal(numbersOf(p), []int64{4}) || !p.Reached.IsZero() || p.Newer == (bot.From{}) {
		t.Errorf("%+v", p)
	}
}

func TestWrongNames(t *testing.T) {
	t.Parallel()
	v := bot.Visitor{Cases: asking}
	for typed, want := range map[string]string{"harbor": "Harbor Labs", "IVO LIND": "Ivo Lind"} {
		if got, err := v.Speaker(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for typed, want := range map[string]string{"Habor Lbs": "Harbor Labs", "reyes": "Dana Reyes", "zoe unal": "Zoë Ünal", "lind": "Ivo Lind"} {
		_, err := v.Speaker(typed)
		var unknown bot.UnknownNameError
		if !errors.As(err, &unknown) || unknown.Near[0] != want || len(unknown.Near) != 3 {
			t.Errorf("%q: %v, want %s first", typed, err, want)
		}
	}
	if c, err := v.Case("northwind data V. harbor labs"); err != nil || c.ID != "nh" {
		t.Errorf("%+v, %v", c, err)
	}
	var unknown bot.UnknownCaseError
	if _, err := v.Case("north"); !errors.As(err, &unknown) || len(unknown.Cases) != 1 {
		t.Errorf("%v", err)
	}
	if got := bot.Nearest("", []string{"b", "a"}); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("%v", got)
	}
}

func TestOnTheRecord(t *testing.T) {
	t.Parallel()
	v := bot.Visitor{Cases: asking, Record: held("We never opened the drive that Ivo brought, and we returned it sealed.", "The pricing model is ours.")}
	for text, want := range map[string][2]int{
		"never opened the drive that Ivo brought":                           {1, 0},
		"“We never opened the drive that Ivo brought, and we returned it.”": {1, 0},
		"Somebody opened a sealed drive":                                    {0, 1},
		"Nice weather":                                                      {0, 0},
		"":                                                                  {0, 0}, "https://": {0, 0}, strings.Repeat("drive ", 1000): {0, 0},
	} {
		o, err := v.FindText(t.Context(), text)
		if err != nil || len(o.Found) != want[0] || len(o.Near) != want[1] {
			t.Errorf("%.60q: %d found, %d near, %v; want %v", text, len(o.Found), len(o.Near), err, want)
		}
	}
}
