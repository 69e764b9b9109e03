package card

import (
	"fmt"
	"strings"
	"time"

	"onrecord"
)

// Digest is what is said of a time, before any place gives it a form.
type Digest struct {
	Number      string
	Title       string // what it tells of: "On the record"
	From, Until time.Time
	Counts      string // "4 statements of 3 speakers, 1 said again"
	Lines       []DigestLine
	Coverage    []string
}

// DigestLine is one sentence about a statement, which leads to its message.
type DigestLine struct {
	Speaker string
	What    string // what it is about, where that is an entry of a docket and no statement
	Quote   string // its first words, in the speaker's own; "" where none are shown
	Number  string
	Link    string
	Remark  string
	Since   bool // what became of it
}

// mostEvents is how many of what happened in the cases are named: a docket may get dozens in a week.
const mostEvents = 5

// digestQuote is how much of a statement a digest shows, in UTF-16 units.
const digestQuote = 120

// DigestOf gathers what a digest says: by speaker, in the order in which they spoke, and
// then what became of what was said.
func DigestOf(d onrecord.Digest) Digest {
	var order []string
	bySpeaker, again := map[string][]DigestLine{}, 0
	for _, l := range d.Statements {
		s := l.Statement
		if bySpeaker[s.Speaker] == nil {
			order = append(order, s.Speaker)
		}
		line := DigestLine{Speaker: speaker(s), Quote: Line(s.Words(), digestQuote), Number: s.Number(), Link: l.Link, Remark: relation(s)}
		switch {
		case s.Withdrawn():
			line.Quote, line.Remark = "", "withdrawn"
		case s.Again():
			again++
		}
		bySpeaker[s.Speaker] = append(bySpeaker[s.Speaker], line)
	}
	out := Digest{Number: d.Number(), Title: digestTitle(d), From: d.From, Until: d.Until, Counts: Plural(len(d.Statements), "statement") + " of " + Plural(len(order), "speaker")}
	if d.ID == 0 { // it is none yet
		out.Number = "so far"
	}
	if again > 0 {
		out.Counts += fmt.Sprintf(", %d said again", again)
	}
	for _, who := range order {
		out.Lines = append(out.Lines, bySpeaker[who]...)
	}
	for _, l := range d.Changes {
		out.Lines = append(out.Lines, DigestLine{Since: true, Speaker: speaker(l.Statement), Number: l.Statement.Number(), Link: l.Link, Remark: strings.ReplaceAll(string(l.Kind), "_", " ")})
	}
	if n := len(d.Changes); n > 0 {
		out.Counts += ", " + Plural(n, "change")
	}
	if d.Gathered {
		out.Coverage = []string{"These came faster than messages can be published one by one."}
		return out
	}
	watched := Plural(d.Accounts, "account") + " watched"
	if n := len(d.Unread); n > 0 {
		watched += fmt.Sprintf(", %d cannot be read: %s", n, Line(strings.Join(d.Unread, ", "), titleLength))
	}
	out.Coverage = append(out.Coverage, watched)
	for _, e := range d.Events[:min(len(d.Events), mostEvents)] {
		out.Coverage = append(out.Coverage, "In the case on "+e.Date.UTC().Format("2 January")+": "+Line(e.What, titleLength))
	}
	if n := len(d.Events) - mostEvents; n > 0 {
		out.Coverage = append(out.Coverage, fmt.Sprintf("and %d more in the cases", n))
	}
	if d.Waiting > 0 {
		out.Coverage = append(out.Coverage, Plural(d.Waiting, "borderline statement")+" for a person to decide about")
	}
	for _, g := range d.Gaps {
		out.Coverage = append(out.Coverage, fmt.Sprintf("%s: nothing was read for %s; %s recovered", g.Number(), length(g.Until.Sub(g.From)), Plural(g.Posts, "post")))
	}
	return out
}

func digestTitle(d onrecord.Digest) string {
	if d.Gathered {
		return "More on the record"
	}
	return "On the record"
}

// Headline is the line that a reader sees first. It ends in the digest's number, by which a
// message is found again.
func (d Digest) Headline(mark func(string) string, when func(time.Time) string) string {
	return strings.Join([]string{mark(d.Title) + " " + when(d.From) + " – " + when(d.Until), d.Counts, d.Number}, Sep)
}

// Sentence is a line without its speaker, where link leads to a message.
func (l DigestLine) Sentence(text func(string) string, link func(label, address string) string) string {
	facts := []string{text(l.What)}
	switch {
	case l.What == "":
		facts[0] = link(l.Number, l.Link)
	case l.Link != "":
		facts = append(facts, link("docket", l.Link))
	}
	if l.Quote != "" {
		facts[0] = "“" + text(l.Quote) + "” " + facts[0]
	}
	if l.Remark != "" {
		facts = append(facts, text(l.Remark))
	}
	return strings.Join(facts, Sep)
}
