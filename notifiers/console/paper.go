package console

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/width"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/statements/card"
)

// Styles, as ECMA-48 numbers them.
const (
	bold   = "1"
	dim    = "2"
	yellow = "33"
	cyan   = "36"
)

const (
	maxQuote = 3000 // characters of a passage
	indent   = "  "
	labels   = 16 // columns for the name of a fact
)

// paper draws cards at a width.
type paper struct {
	width int
	color bool
	text  strings.Builder
}

func (p *paper) style(code, s string) string {
	if !p.color || code == "" || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p *paper) line(s string) { p.text.WriteString(strings.TrimRight(s, " ") + "\n") }

func (p *paper) card(c card.Card) string {
	tone := cyan
	if c.Review || c.Withdrawn {
		tone = yellow
	}
	p.line(p.style(tone, strings.Repeat("─", p.width)))
	for _, l := range Wrap(c.Headline(card.Plain, card.Plain), p.width) {
		p.line(p.style(bold, l))
	}
	for _, l := range Wrap(c.Byline, p.width) {
		p.line(p.style(dim, l))
	}
	p.line("")
	if c.Title != "" {
		p.block(bold, c.Title)
	}
	p.fact(card.Warned, c.Warning)
	for _, q := range c.Passages {
		if c.Posts > 1 {
			p.line(indent + p.style(dim, fmt.Sprintf("%d/%d %s", q.Post, c.Posts, card.Link(q.URL, maxAddress))))
		}
		text, rest := q.Plain(maxQuote)
		p.block("", strings.TrimSpace("“"+text+"” "+rest))
	}
	if len(c.Passages) == 0 {
		p.block(dim, cmp.Or(c.TakenOut, card.Unquoted))
	} else if left := c.Posts - len(c.Passages); left > 0 {
		p.line(indent + p.style(dim, fmt.Sprintf("(%d of %d posts are not shown)", left, c.Posts)))
	}
	p.line("")
	p.facts(c)
	p.line("")
	return p.text.String()
}

func quoted(s string) string { return "“" + s + "”" }

// Bounds of what is shown of an address, and of a file's name or description, in characters.
const (
	maxAddress = 2048
	maxFact    = 1024
)

func (p *paper) facts(c card.Card) {
	for _, change := range c.Corrections {
		p.fact(change.Label(), change.Words(card.Plain, quoted))
	}
	p.fact(card.NotSure, c.Unsure)
	relation := c.Relation
	if c.Added != "" {
		relation += ": “" + c.Added + "”"
	}
	if c.Before != "" {
		relation += ": “" + c.Before + "”"
	}
	p.fact("Record", relation)
	if c.Cut {
		p.fact("Cut", card.CutShort)
	}
	p.fact(card.Instruct, c.Warns)
	p.fact(card.Meaning, remarked(c.Meaning, c.Foreign))
	p.fact(card.InShort, remarked(c.InShort, c.Machine))
	if r := c.Answers; r != nil {
		p.fact(r.How, strings.TrimSpace(r.Whom+" "+card.Link(r.URL, maxAddress)))
	}
	p.fact(card.Why, reasons(c.Why))
	p.fact("Against", reasons(c.Doubts))
	p.fact(card.Attached, c.Attached)
	p.fact("Case", strings.TrimSuffix(c.Case+card.Sep+c.Docket, card.Sep))
	p.fact("Posted", posted(c))
	p.fact("Source", card.Link(c.URL, maxAddress))
	for _, m := range c.Also {
		p.fact(card.AlsoSaid, card.Link(m.URL, maxAddress))
	}
	text := "sha256 " + c.ShortHash()
	if len(c.Passages) > 0 {
		text += card.Sep + card.Verbatim
	}
	p.fact("Text", text)
}

// remarked is a text with a remark of ours behind it.
func remarked(text, remark string) string {
	if text == "" || remark == "" {
		return text
	}
	return text + " (" + remark + ")"
}

func posted(c card.Card) string {
	if !c.Dated {
		return card.Undated + "; first seen " + card.Stamp(c.Seen)
	}
	if lag := c.Lag(); lag != "" {
		return card.Stamp(c.Posted) + ", seen " + lag + " later"
	}
	return card.Stamp(c.Posted)
}

func reasons(list []card.Reason) string {
	var words []string
	for _, r := range list {
		words = append(words, r.Words(quoted))
	}
	return strings.Join(words, "; ")
}

// alsoSaid is one line about the newest place, however wide the terminal is.
func (p *paper) alsoSaid(c card.Card) string {
	place := "in another place"
	if n := len(c.Also); n > 0 {
		if u := card.Link(c.Also[n-1].URL, maxAddress); u != "" {
			place = u
		}
	}
	p.line(p.style(cyan, "↳ "+c.Number) + card.Sep + c.Speaker + card.Sep + strings.ToLower(card.AlsoSaid) + " " + place)
	return p.text.String()
}

// fate is what became of a statement, between the cards.
func (p *paper) fate(f card.Fate, of onrecord.Fate) string {
	for _, l := range Wrap("↳ "+f.Headline(card.Plain), p.width) {
		p.line(p.style(yellow, l))
	}
	for _, l := range Wrap(f.Sentence(of, card.Stamp), p.width-len(indent)) {
		p.line(indent + p.style(dim, l))
	}
	if len(f.Diff) > 0 {
		var text strings.Builder
		for _, piece := range f.Diff {
			marks := map[card.Change][2]string{card.TookOut: {"[-", "-]"}, card.PutIn: {"{+", "+}"}}[piece.Change]
			text.WriteString(marks[0] + piece.Text + marks[1])
		}
		p.block("", card.Clip(text.String(), maxQuote))
	}
	if u := card.Link(f.URL, maxAddress); u != "" && !f.Missing {
		p.fact("Now", u)
	}
	p.line("")
	return p.text.String()
}

// takenOut is the line for words that a terminal cannot take back.
func (p *paper) takenOut(s onrecord.Statement) string {
	p.line(p.style(dim, "↳ "+s.Number()+card.Sep+"its words were taken out of the record"))
	return p.text.String()
}

// gap is the line about a gap, between the cards.
func (p *paper) gap(g onrecord.Gap) string {
	for _, l := range Wrap("⋯ "+card.Gap(g, card.Plain, card.Stamp), p.width) {
		p.line(p.style(yellow, l))
	}
	return p.text.String()
}

// answer is the line about a correction of a card further up.
func (p *paper) answer(n onrecord.CorrectionNotice) string {
	for _, l := range Wrap("↳ "+card.Answer(n.Statement, n.Correction, card.Plain, card.Plain), p.width) {
		p.line(p.style(yellow, l))
	}
	return p.text.String()
}

// incident is a few lines about an incident.
func (p *paper) incident(i card.Incident) string {
	for _, l := range Wrap("! "+i.Headline(card.Plain, card.Plain), p.width) {
		p.line(p.style(yellow, l))
	}
	p.fact("When", i.Span(card.Stamp))
	p.fact("What", i.Text)
	if !i.Over {
		p.fact("What to do", i.Advice)
	}
	return p.text.String()
}

// digest is a list of what was said, and what it covers.
func (p *paper) digest(d card.Digest) string {
	for _, l := range Wrap(d.Headline(card.Plain, card.Stamp), p.width) {
		p.line(p.style(bold, l))
	}
	for _, line := range d.Lines {
		for i, l := range Wrap(line.Speaker+card.Sep+line.Sentence(card.Plain, func(number, address string) string {
			return strings.TrimSpace(number + " " + card.Link(address, maxAddress))
		}), p.width-2*len(indent)) {
			p.line(indent + map[bool]string{true: "• ", false: indent}[i == 0] + l)
		}
	}
	for _, line := range d.Coverage {
		p.fact("Covers", line)
	}
	p.line("")
	return p.text.String()
}

// files are lines below a card.
func (p *paper) files(list []notifiers.File) string {
	for _, f := range list {
		p.fact("File", remarked(card.Line(f.Name, maxFact), card.Line(f.Alt, maxFact)))
	}
	if len(list) > 0 {
		p.line("")
	}
	return p.text.String()
}

// block writes text of several lines with an indent.
func (p *paper) block(style, text string) {
	for line := range strings.SplitSeq(text, "\n") {
		for _, l := range Wrap(line, p.width-2*len(indent)) {
			p.line(indent + indent + p.style(style, l))
		}
	}
}

// fact writes a labelled line; one that says nothing is left out.
func (p *paper) fact(label, text string) {
	if text == "" {
		return
	}
	head := label + strings.Repeat(" ", max(labels-cells(label), 1))
	for _, l := range Wrap(text, p.width-len(indent)-cells(head)) {
		p.line(indent + p.style(dim, head) + l)
		head = strings.Repeat(" ", cells(head))
	}
}

// Wrap breaks a line between words. A word that is longer than a line is broken
// between characters, but for addresses: a broken one leads nowhere.
func Wrap(text string, columns int) []string {
	lines, line := []string{}, ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) <= columns:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
		for cells(line) > columns && !strings.HasPrefix(line, "http") {
			head := fits(line, columns)
			lines, line = append(lines, line[:head]), line[head:]
		}
	}
	return append(lines, line)
}

// fits returns how many bytes of a word fit, at least one character.
func fits(word string, columns int) int {
	end, used := 0, 0
	for g := graphemes.FromString(word); g.Next(); end = g.End() {
		if used += cellsOf(g.Value()); used > columns && end > 0 {
			break
		}
	}
	return end
}

// cells counts the columns that text takes.
func cells(s string) (n int) {
	for g := graphemes.FromString(s); g.Next(); {
		n += cellsOf(g.Value())
	}
	return n
}

// cellsOf is the width of one character that a reader sees: East Asian letters
// and emoji take two columns.
func cellsOf(character string) int {
	n := 0
	for _, r := range character {
		switch k := width.LookupRune(r).Kind(); {
		case r == '\ufe0f', k == width.EastAsianWide, k == width.EastAsianFullwidth:
			return 2
		case !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
			n = 1
		}
	}
	return n
}
