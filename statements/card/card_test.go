package card_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/statements/card"
)

var said = time.Date(2026, 10, 5, 14, 15, 0, 0, time.UTC)

func statement(parts ...string) onrecord.Statement {
	s := onrecord.Statement{No: 42, Speaker: "Dana Reyes", Role: "chief executive of Harbor Labs", Seen: said.Add(40 * time.Second)}
	for _, text := range parts {
		s.Parts = append(s.Parts, onrecord.Post{URL: "https://www.social.example/@dreyes/208", Author: onrecord.Author{Handle: "@dreyes"}, Text: text, Created: said, Dated: true})
	}
	return s
}

func of(t *testing.T, s onrecord.Statement) card.Card {
	t.Helper()
	c, err := card.Of(s, onrecord.Case{Title: "Northwind Data v. Harbor Labs"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPassages(t *testing.T) {
	t.Parallel()
	const text = "One is said. Two is said.  Three is said. Four is said."
	at := func(words ...string) (spans []onrecord.Span) {
		for _, w := range words {
			start := strings.Index(text, w)
			spans = append(spans, onrecord.Span{Start: start, End: start + len(w)})
		}
		return spans
	}
	for name, c := range map[string]struct {
		quotes []onrecord.Span
		want   string
		after  int
	}{
		"whole, when nothing is chosen": {nil, "One is said. Two is said.  Three is said. Four is said.", 0},
		"whole, when all is chosen":     {at(text), text, 0},
		"from the middle":               {at("Two is said."), "[…] Two is said.", 28},
		"white space is no gap":         {at("One is said.", "Two is said.", "Three is said."), "One is said. Two is said.  Three is said.", 13},
		"a gap":                         {at("One is said.", "Four is said."), "One is said.\n[…]\nFour is said.", 0},
		"out of order":                  {at("Four is said.", "One is said."), "One is said.\n[…]\nFour is said.", 0},
		"overlapping":                   {at("One is said. Two", "Two is said."), "One is said. Two is said.", 28},
		"inside each other":             {at("One is said. Two is said.", "is said"), "One is said. Two is said.", 28},
		"empty":                         {[]onrecord.Span{{}}, "[no visible text]", 55},
	} {
		s := statement(text)
		s.Summary.Quotes = c.quotes
		got := of(t, s).Passages
		want := []card.Passage{{Post: 1, URL: s.Parts[0].URL, Text: c.want, After: c.after}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWording(t *testing.T) {
	t.Parallel()
	plain := func(s string) string { return s }
	for name, c := range map[string]struct {
		change                      func(*onrecord.Statement)
		headline, footing, relation string
	}{
		"new":     {func(s *onrecord.Statement) {}, "Dana Reyes spoke on Northwind Data v. Harbor Labs · S-0042", "onrecord · S-0042 · quoted verbatim", ""},
		"review":  {func(s *onrecord.Statement) { s.Lane = onrecord.ForReview }, "Not sure · Dana Reyes may have spoken on Northwind Data v. Harbor Labs · for review · S-0042", "onrecord · S-0042 · for review · quoted verbatim", ""},
		"repeats": {func(s *onrecord.Statement) { s.Novelty, s.Prior = onrecord.Restates, 41 }, "Dana Reyes spoke again on Northwind Data v. Harbor Labs · S-0042", "onrecord · S-0042 · quoted verbatim", "Repeats S-0041"},
		"in other words": {func(s *onrecord.Statement) {
			s.Novelty, s.Prior, s.Rewords = onrecord.Restates, 41, &onrecord.Passage{Said: said.AddDate(0, 0, -3), Text: "No comment."}
		}, "Dana Reyes spoke on Northwind Data v. Harbor Labs · S-0042", "onrecord · S-0042 · quoted verbatim", "In other words: S-0041, " + said.AddDate(0, 0, -3).Format("2 January") + " (machine comparison)"},
		"in other words, long ago": {func(s *onrecord.Statement) {
			s.Novelty, s.Prior, s.Rewords = onrecord.Restates, 41, &onrecord.Passage{Said: said.AddDate(-1, 0, 0)}
		}, "Dana Reyes spoke on Northwind Data v. Harbor Labs · S-0042", "onrecord · S-0042 · quoted verbatim", "In other words: S-0041, " + said.AddDate(-1, 0, 0).Format("2 January 2006") + " (machine comparison)"},
		"in other words, some day": {func(s *onrecord.Statement) {
			s.Novelty, s.Prior, s.Rewords = onrecord.Restates, 41, &onrecord.Passage{}
		}, "Dana Reyes spoke on Northwind Data v. Harbor Labs · S-0042", "onrecord · S-0042 · quoted verbatim", "In other words: S-0041 (machine comparison)"},
		"adds":    {func(s *onrecord.Statement) { s.Novelty, s.Prior = onrecord.Expands, 41 }, "Dana Reyes spoke on Northwind Data v. Harbor Labs · S-0042", "onrecord · S-0042 · quoted verbatim", "Adds to S-0041"},
		"changes": {func(s *onrecord.Statement) { s.Novelty, s.Prior = onrecord.Changed, 41 }, "Dana Reyes spoke on Northwind Data v. Harbor Labs · S-0042", "onrecord · S-0042 · quoted verbatim", "Changes S-0041"},
		"mirror":  {func(s *onrecord.Statement) { s.Novelty, s.Prior = onrecord.Mirror, 41 }, "Dana Reyes spoke again on Northwind Data v. Harbor Labs · S-0042", "onrecord · S-0042 · quoted verbatim", "Same words as S-0041"},
		"thread":  {func(s *onrecord.Statement) { s.Parts = append(s.Parts, s.Parts[0]) }, "Dana Reyes · thread of 2 · Northwind Data v. Harbor Labs · S-0042", "onrecord · S-0042 · 2 posts, quoted verbatim", ""},
		"also":    {func(s *onrecord.Statement) { s.Mirrors = make([]onrecord.Mention, 2) }, "Dana Reyes spoke on Northwind Data v. Harbor Labs · S-0042", "onrecord · S-0042 · said in 3 places", ""},
	} {
		s := statement("I have nothing to add.")
		c.change(&s)
		got := of(t, s)
		if h := got.Headline(plain, plain); h != c.headline || got.Footing() != c.footing || got.Relation != c.relation {
			t.Errorf("%s: %q, %q, %q", name, h, got.Footing(), got.Relation)
		}
	}
	c := of(t, statement("x"))
	if want := "Dana Reyes · chief executive of Harbor Labs · @dreyes on social.example"; c.Byline != want {
		t.Errorf("byline %q, want %q", c.Byline, want)
	}
}

func TestLag(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]string{0: "0 s", 40 * time.Second: "40 s", 3 * time.Minute: "3 min", 5 * time.Hour: "5 h", 72 * time.Hour: "3 days", -time.Second: ""} {
		s := statement("x")
		s.Seen = said.Add(after)
		if got := of(t, s).Lag(); got != want {
			t.Errorf("%s: %q, want %q", after, got, want)
		}
	}
	s := statement("x")
	s.Parts[0].Dated = false
	if got := of(t, s).Lag(); got != "" {
		t.Errorf("without a date: %q", got)
	}
}

func TestReasons(t *testing.T) {
	t.Parallel()
	s := statement("x")
	s.Lane = onrecord.ForReview
	s.Reasons = []onrecord.Reason{
		{Name: "a keyword of the case", Weight: 1, Text: "drive"},
		{Name: "a keyword of the case", Weight: 1, Text: "drive"},
		{Name: "a keyword of the case", Weight: .5, Text: "copied\nmodel"},
		{Name: "names the other side", Weight: 3, Text: "Northwind", Where: "parent"},
		{Name: "near an event of the case", Weight: .2},
		{Name: "too weak to be shown", Weight: .1},
		{Name: "of no weight", Weight: 0},
		{Name: "a word of another matter", Weight: -2, Text: "recipe"},
	}
	c := of(t, s)
	say := func(reasons []card.Reason) (list []string) {
		for _, r := range reasons {
			list = append(list, r.Words(func(s string) string { return "<" + s + ">" }))
		}
		return list
	}
	want := []string{"names the other side: <Northwind> (in what it answers)", "a keyword of the case: <drive>, <copied model>", "near an event of the case"}
	if diff := cmp.Diff(want, say(c.Why)); diff != "" {
		t.Errorf("for (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a word of another matter: <recipe>"}, say(c.Doubts)); diff != "" {
		t.Errorf("against (-want +got):\n%s", diff)
	}
	s.Lane = onrecord.Record
	if c := of(t, s); c.Doubts != nil {
		t.Errorf("doubts on the record: %v", c.Doubts)
	}
}

// What a model says is told first where it decided against our own evidence, and last
// where that says the same.
func TestModelIsAReason(t *testing.T) {
	t.Parallel()
	evidence := []onrecord.Reason{{Name: "names the other side", Weight: 1.3}, {Name: "a greeting", Weight: -.2}}
	agrees := onrecord.Reason{Code: "model_agrees", Name: "a model takes it for a statement on the case", Text: "high confidence"}
	doubts := onrecord.Reason{Code: "model_doubts", Name: "a model doubts it", Text: "low confidence"}
	for _, tc := range []struct {
		reasons []onrecord.Reason
		why     string
		doubts  string
	}{
		{append(evidence[:2:2], agrees), "names the other side", "a greeting"},
		{append(evidence[1:2:2], agrees), "a model takes it for a statement on the case", "a greeting"},
		{append(evidence[:2:2], doubts), "names the other side", "a model doubts it"},
	} {
		s := statement("x")
		s.Lane, s.Reasons = onrecord.ForReview, tc.reasons
		if c := of(t, s); c.Why[0].Name != tc.why || c.Doubts[0].Name != tc.doubts {
			t.Errorf("for it %+v, against it %+v", c.Why, c.Doubts)
		}
	}
}

// TestVia: a card says who quotes the speaker, and shows nothing else of the article.
func TestVia(t *testing.T) {
	t.Parallel()
	s := statement("The court met. “I have it,” Reyes said. “I kept it.” More follows.")
	s.Via = "courier.example"
	for _, words := range []string{"I have it", "I kept it."} {
		start := strings.Index(s.Parts[0].Text, words)
		s.Summary.Quotes = append(s.Summary.Quotes, onrecord.Span{Start: start, End: start + len(words)})
	}
	c := of(t, s)
	if want := "Dana Reyes · chief executive of Harbor Labs · as quoted by courier.example"; c.Byline != want {
		t.Errorf("byline %q", c.Byline)
	}
	if p := c.Passages[0]; p.Text != "I have it\n[…]\nI kept it." || p.After != 0 || p.URL != s.Parts[0].URL {
		t.Errorf("passage %+v", p)
	}
}

// What an outlet quotes is told as that: its headline is not the speaker's
// words, and where nobody is named nothing looks like a quotation.
func TestQuotedByAnOutlet(t *testing.T) {
	t.Parallel()
	plain := func(s string) string { return s }
	s := statement("“We never opened it,” Dana Reyes told The Courier.")
	s.Via, s.Parts[0].Kind, s.Parts[0].Title = "courier.example", onrecord.Article, "Harbor Labs answers"
	s.Summary.Quotes = []onrecord.Span{{Start: 3, End: 21}}
	c := of(t, s)
	if h := c.Headline(plain, plain); h != "Dana Reyes is quoted on Northwind Data v. Harbor Labs · S-0042" {
		t.Errorf("headline %q", h)
	}
	if want := "courier.example: “Harbor Labs answers”"; c.Title != want {
		t.Errorf("title %q, want %q", c.Title, want)
	}
	s.Novelty, s.Prior = onrecord.Restates, 41
	if h := of(t, s).Headline(plain, plain); !strings.Contains(h, "is quoted again on") {
		t.Errorf("headline %q", h)
	}

	s = statement("“We never opened it,” somebody told The Courier.")
	s.Via, s.Parts[0].Kind, s.Speaker, s.Role, s.Lane = "courier.example", onrecord.Article, "", "", onrecord.ForReview
	c = of(t, s)
	if h := c.Headline(plain, plain); h != "Not sure · Somebody may be quoted on Northwind Data v. Harbor Labs · for review · S-0042" {
		t.Errorf("headline %q", h)
	}
	if f := c.Footing(); f != "onrecord · S-0042 · for review · nothing is quoted" || len(c.Passages) > 0 {
		t.Errorf("footing %q, passages %+v", f, c.Passages)
	}
	if c.Unsure != card.Nameless {
		t.Errorf("unsure %q", c.Unsure)
	}
}
