// Package card says what a card about a statement says, so that every place
// says the same: the facts in their order, the wording, and text from outside
// made harmless.
//
// The order of a card is fixed: the speaker's words first and marked as a
// quotation, our words below them and labelled.
package card

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"onrecord"
)

// Card is what is said about a statement, before any place gives it a form.
// Every text is clean (see [Clean]) and, except for what is quoted, one line.
type Card struct {
	Number   string // S-0042
	Review   bool   // a person should look: nobody is sure that it is about the case, or who speaks
	Unsure   string // which of them
	Speaker  string
	Byline   string // speaker, role, and the handle with its place
	Case     string
	Docket   string
	CaseURL  string // see [Link]; "" when there is none
	URL      string // of the first post, as the source gave it; see [Link]
	Title    string // of an article, in its author's words and in quotation marks, with the outlet that quotes the speaker
	Warning  string // the author's own content warning
	Passages []Passage
	Posts    int    // in the statement
	Cut      bool   // the source showed less than the whole text
	Verb     string // what the speaker did: "spoke on"
	Relation string // to an earlier statement: "Adds to S-0041"; "" when it is new
	Added    string // what the earlier one did not say, in the speaker's words
	Before   string // what it said that is said again in other words, in the speaker's
	InShort  string // words that are not the speaker's; "" when there are none
	Machine  string // that a language model wrote them; "" when it did not
	Meaning  string // a translation of what is quoted, by a machine; "" when there is none
	Foreign  string // that it is a machine's, and from which language
	Warns    string // that the posts try to instruct a machine
	Answers  *Reference
	Why      []Reason // what speaks for the case, strongest first
	Doubts   []Reason // what speaks against it
	Attached string   // "2 images, 1 video", and what their author says is in them
	Posted   time.Time
	Dated    bool // false: the place gave no date
	Seen     time.Time
	SHA256   string             // of the first post's text, in hexadecimal
	Also     []onrecord.Mention // other places where the same was said

	TakenOut    string // instead of words that were taken out; "" while they are there
	Withdrawn   bool
	Corrections []Correction // by persons, the newest first
	Revised     bool         // it says something else by now, which an answer to its message shows
}

// Passage is what is quoted of one post.
type Passage struct {
	Post  int    // counted from 1
	URL   string // of that post
	Text  string // clean; what was left out inside is marked by […]
	After int    // characters that follow in the post
}

// Reference is another post that a post answers or quotes.
type Reference struct {
	How  string // "In reply to" or "Quoting"
	Whom string
	URL  string
}

// Reason is a kind of evidence with what it stands on.
type Reason struct {
	Name  string
	Texts []string
	Where string // "" in the post itself
}

// Lengths of what a card shows of names, in UTF-16 units.
const (
	nameLength    = 80
	titleLength   = 120 // escaped, it must still fit Discord's 256
	shortLength   = 400
	meaningLength = 1200
	reasonLength  = 40
	altLength     = 200
)

// Of gathers what a card says. It fails on a statement that cannot be quoted:
// one without a post, or with a span outside of its text.
func Of(s onrecord.Statement, on onrecord.Case) (Card, error) {
	if len(s.Parts) == 0 {
		return Card{}, fmt.Errorf("statement %s holds no post: nothing can be quoted", s.Number())
	}
	passages, err := passagesOf(s)
	if err != nil {
		return Card{}, fmt.Errorf("statement %s cannot be quoted: %w", s.Number(), err)
	}
	added, err := addedIn(s)
	if err != nil {
		return Card{}, fmt.Errorf("statement %s cannot be compared: %w", s.Number(), err)
	}
	first := s.First()
	c := Card{
		Number: s.Number(), Review: s.Lane == onrecord.ForReview, Unsure: unsure(s), Speaker: speaker(s), Byline: byline(s),
		Case: cmp.Or(Line(on.Title, titleLength), "a case"), Docket: Line(strings.Join(on.Docket, ", "), nameLength), CaseURL: on.URL,
		URL: first.URL, Title: title(s), Warning: Line(first.Warning, titleLength),
		Passages: passages, Posts: len(s.Parts), Verb: verb(s), Relation: relation(s), Added: added, Before: before(s),
		InShort: Line(s.Summary.InShort, shortLength), Machine: byMachine(s.Summary), Meaning: Line(s.Summary.Translation, meaningLength),
		Foreign: translated(s.Summary), Warns: warns(s.Summary), Answers: answers(first),
		Why: reasons(s.Reasons, 1), Attached: attached(s.Parts),
		Posted: first.Created, Dated: first.Dated, Seen: s.Seen, SHA256: first.Hash(), Also: s.Mirrors,
		Withdrawn: s.Withdrawn(), Corrections: corrections(s), Revised: slices.ContainsFunc(s.Fates, func(f onrecord.Fate) bool { return f.Kind.Revises() }),
	}
	if !s.Attributed() { // words about it name whoever it was taken for
		c.InShort, c.Machine = "", ""
	}
	if slices.ContainsFunc(s.Parts, func(p onrecord.Post) bool { return p.Redacted != "" }) {
		c.TakenOut = TakenOut
	}
	if c.Review {
		c.Doubts = reasons(s.Reasons, -1)
	}
	for _, p := range s.Parts {
		c.Cut = c.Cut || p.Cut
	}
	return c, nil
}

// passagesOf returns what is quoted: the spans of the summary, or every post
// whole when the summary names none.
func passagesOf(s onrecord.Statement) ([]Passage, error) {
	spans := make([][]onrecord.Span, len(s.Parts))
	for _, q := range s.Summary.Quotes {
		if err := inside(s, q); err != nil {
			return nil, err
		}
		spans[q.Part] = append(spans[q.Part], q)
	}
	for _, list := range spans {
		slices.SortStableFunc(list, func(a, b onrecord.Span) int { return a.Start - b.Start })
	}
	var list []Passage
	for i, p := range s.Parts {
		// Without quotes a post is shown whole: it is the speaker's. A repost is
		// not, and an article may be all others' words.
		if len(s.Summary.Quotes) == 0 && p.Redacted == "" && p.OwnWords() && p.Kind != onrecord.Article && s.Via == "" {
			spans[i] = []onrecord.Span{{Part: i, End: len(p.Text)}}
		}
		if len(spans[i]) > 0 {
			list = append(list, passage(s, spans[i]))
		}
	}
	return list, nil
}

// inside says why a span is not in the statement. A span that splits a
// character would not show the source's words.
func inside(s onrecord.Statement, q onrecord.Span) error {
	if q.Part < 0 || q.Part >= len(s.Parts) {
		return errors.New("a span names a post that the statement does not have")
	}
	text := s.Parts[q.Part].Text
	border := func(i int) bool { return i == 0 || i == len(text) || utf8.RuneStart(text[i]) }
	if q.Start < 0 || q.Start > q.End || q.End > len(text) || !border(q.Start) || !border(q.End) {
		return fmt.Errorf("a span of post %d is not in its text", q.Part+1)
	}
	return nil
}

// gap stands where a quotation leaves words of the same post out.
const gap = "[…]"

// passage joins the spans of one post, which are sorted. Words left out are
// marked; white space left out is not.
func passage(s onrecord.Statement, spans []onrecord.Span) Passage {
	part := s.Parts[spans[0].Part]
	between := func(from, to int) string { return strings.TrimSpace(part.Text[from:max(from, to)]) }
	var b strings.Builder
	if between(0, spans[0].Start) != "" && s.Via == "" {
		b.WriteString(gap + " ")
	}
	end := spans[0].Start
	for i, q := range spans {
		q.Start = max(q.Start, end) // overlapping spans are one
		if q.End <= q.Start && i > 0 {
			continue
		}
		if left := part.Text[end:q.Start]; strings.TrimSpace(left) == "" {
			b.WriteString(left)
		} else {
			b.WriteString("\n" + gap + "\n")
		}
		b.WriteString(s.Quoted(q))
		end = q.End
	}
	after := 0
	if s.Via == "" { // the rest of an article is not the speaker's
		after = Characters(Clean(between(end, len(part.Text))))
	}
	return Passage{Post: spans[0].Part + 1, URL: part.URL, Text: visible(b.String()), After: after}
}

// addedIn returns what the statement says beyond the earlier one. When that is
// everything it quotes, nothing need be said twice.
func addedIn(s onrecord.Statement) (string, error) {
	var texts []string
	for _, q := range s.Added {
		if err := inside(s, q); err != nil {
			return "", err
		}
		if t := Clean(s.Quoted(q)); t != "" {
			texts = append(texts, t)
		}
	}
	if s.Prior == 0 || len(texts) == 1 && len(s.Parts) == 1 && texts[0] == Clean(s.First().Text) {
		return "", nil
	}
	return strings.Join(texts, "\n"+gap+"\n"), nil
}

// noText stands for a text of which nothing is left to see.
const noText = "[no visible text]"

func visible(s string) string {
	if s = Clean(s); Visible(s) {
		return s
	}
	return noText
}
