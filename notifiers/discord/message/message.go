// Package message gives a card the form of a message on Discord, which bots and
// webhooks share. It owns Discord's JSON and limits, and its Markdown, in which
// no text from outside can mean anything.
package message

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/clipperhouse/uax29/v2/sentences"

	"onrecord"
	"onrecord/statements/card"
)

// Colours of a card. Each has a word beside it: colour alone says nothing.
const (
	recordColor    = 2845115
	reviewColor    = 15844367
	withdrawnColor = 10038562
	failingColor   = 15105570
	overColor      = 5763719
	digestColor    = 5793266
)

// How much a card shows, in UTF-16 units of Markdown where nothing else is said.
const (
	maxQuotes    = 3000
	maxAdded     = 500
	maxOurs      = 1800 // all our words together, but for a translation; a line that does not fit is left out
	longQuote    = 300  // from this length on, in plain text, a quotation gets a title
	titleFromOne = 90   // the title then, in plain text
	maxMentions  = 8    // places named under "Also said"
)

// Of returns the message for a notice, which notifies nobody by name.
func Of(notice onrecord.Notice) (Body, error) {
	switch n := notice.(type) {
	case onrecord.StatementNotice:
		return statement(n)
	case onrecord.PersonalNotice:
		return toReader(n), nil
	case onrecord.AlsoSaidNotice:
		return drawn(n.Statement, n.Case)
	case onrecord.RevisedNotice:
		return drawn(n.Statement, n.Case)
	case onrecord.CorrectedNotice:
		return corrected(n.Statement, n.Case)
	case onrecord.CorrectionNotice:
		return answer(n), nil
	case onrecord.RedactedNotice:
		if n.Edit != nil {
			return became(onrecord.FateNotice{Statement: n.Statement, Case: n.Case, Fate: *n.Edit})
		}
		return corrected(n.Statement, n.Case)
	case onrecord.WholeNotice:
		return inFull(n), nil
	case onrecord.FateNotice:
		return became(n)
	case onrecord.GapNotice:
		return gap(n.Gap), nil
	case onrecord.DigestNotice:
		b := digest(card.DigestOf(n.Digest))
		b.Files = pictures(n.Digest)
		if n.Changed { // of a message that was sent without a sound
			b.Flags = 0
		}
		return b, nil
	case onrecord.FilingsNotice:
		b := digest(card.FilingsOf(n))
		b.Flags = 0 // it tells what nobody was told
		return b, nil
	case onrecord.IncidentNotice:
		return incident(card.IncidentOf(n.Incident)), nil
	}
	return Body{}, fmt.Errorf("there is no message for %T", notice)
}

// drawn is the card alone: what changes in the message of a statement when it is
// drawn again.
func drawn(s onrecord.Statement, on onrecord.Case) (Body, error) {
	c, err := card.Of(s, on)
	if err != nil {
		return Body{}, err
	}
	return Body{Embeds: []Embed{embed(c)}, AllowedMentions: Nobody(), card: cardOf(c), changes: true}, nil
}

// corrected is the card with the line above it, which names the speaker.
func corrected(s onrecord.Statement, on onrecord.Case) (Body, error) {
	c, err := card.Of(s, on)
	if err != nil {
		return Body{}, err
	}
	return Body{Content: content(c), Embeds: []Embed{embed(c)}, AllowedMentions: Nobody(), card: cardOf(c), changes: true}, nil
}

// answer is the line about a correction. It makes a sound where readers took somebody's
// words for another's, or for what they are not.
func answer(n onrecord.CorrectionNotice) Body {
	b := Body{Content: pinged(card.Answer(n.Statement, n.Correction, Markdown, bold)), Flags: SuppressEmbeds, AllowedMentions: Nobody()}
	if n.Correction.Speaker == "" && !n.Correction.Withdrawn {
		b.Flags |= SuppressNotifications
	}
	return b
}

// statement is a whole message. One about a statement recovered from a gap makes
// no sound: a backlog must not ring phones, and the line before it did.
func statement(n onrecord.StatementNotice) (Body, error) {
	c, err := card.Of(n.Statement, n.Case)
	if err != nil {
		return Body{}, err
	}
	b := Body{Content: content(c), Embeds: []Embed{embed(c)}, Components: sources(c), AllowedMentions: Nobody(), card: cardOf(c)}
	if n.Gap != nil {
		b.Flags = SuppressNotifications
	}
	b.More, b.cardMore = leavesOut(n.Statement, b.Embeds[0].Description), leavesOut(n.Statement, b.cardText())
	if c.Review {
		b.Undecided, b.Again = c.Number, n.Statement.Again()
	}
	return b, nil
}

// sources is the button that leads to what was said.
func sources(c card.Card) []Row {
	u, label := card.Link(c.URL, maxButtonLink), "Source"
	if u == "" {
		return nil
	}
	if c.Posts > 1 {
		label = "Open thread"
	}
	return []Row{{Type: rowType, Components: []Button{{Type: buttonType, Style: linkStyle, Label: label, URL: u}}}}
}

// toReader is the message to one reader. Whose words they are stands in the channel, with
// whatever becomes of them.
func toReader(n onrecord.PersonalNotice) Body {
	s := n.Statement
	b := Body{Content: pinged("What you asked to hear of was said on " + italic(card.Line(n.Case.Title, maxHead)) + card.Sep + s.Number()), AllowedMentions: Nobody()}
	if u := card.Link(s.First().URL, maxButtonLink); u != "" {
		b.Components = []Row{{Type: rowType, Components: []Button{{Type: buttonType, Style: linkStyle, Label: "Source", URL: u}}}}
	}
	return b
}

// gap is the message for a gap. It makes the one sound for all that
// follows it, and notifies nobody by name.
func gap(g onrecord.Gap) Body {
	line := card.Gap(g, bold, func(t time.Time) string { return stamp(t, "f") })
	return Body{Content: pinged(line), AllowedMentions: Nobody()}
}

// incident is the message about an incident, whether it lasts or is over. A change of it
// is heard by nobody.
func incident(i card.Incident) Body {
	description := []string{stamped(i), Markdown(i.Text)}
	color := failingColor
	if i.Over {
		color = overColor
	} else if i.Advice != "" {
		description = append(description, labelled("What to do", Markdown(i.Advice)))
	}
	return Body{
		Content: pinged(i.Headline(Markdown, bold)), AllowedMentions: Nobody(),
		Embeds: []Embed{{Description: strings.Join(description, "\n"), Color: color, Footer: &Footer{Text: "onrecord" + card.Sep + i.Number}}},
	}
}

func stamped(i card.Incident) string {
	return i.Span(func(t time.Time) string { return stamp(t, "f") })
}

// content is the [card.Card.Headline] as the text of a message, which is what
// phones show.
func content(c card.Card) string { return pinged(c.Headline(bold, italic)) }

func bold(s string) string   { return "**" + Markdown(s) + "**" }
func italic(s string) string { return "*" + Markdown(s) + "*" }

// labelled is a line of ours.
func labelled(label, text string) string { return "**" + label + "** — " + text }

// noted is a label with a remark of ours.
func noted(label, remark string) string {
	if remark == "" {
		return label
	}
	return label + " (" + remark + ")"
}

func embed(c card.Card) Embed {
	e := Embed{
		Author: &EmbedAuthor{Name: card.Clip(c.Byline, maxAuthor)}, Title: title(c), URL: card.Link(c.URL, maxLink),
		Color: colorOf(c), Fields: fields(c), Footer: &Footer{Text: c.Footing()},
	}
	if c.Dated {
		at := c.Posted.UTC().Truncate(time.Second)
		e.Timestamp = &at
	}
	rest := card.Units(e.Author.Name + e.Title + e.Footer.Text)
	for _, f := range e.Fields {
		rest += card.Units(f.Name + f.Value)
	}
	e.Description = description(c, min(maxDescription, maxEmbedText-rest))
	return e
}

func colorOf(c card.Card) int {
	switch {
	case c.Withdrawn:
		return withdrawnColor
	case c.Review:
		return reviewColor
	}
	return recordColor
}

// title is an article's own, or the first sentence of a long quotation.
func title(c card.Card) string {
	if c.Title != "" {
		return Markdown(c.Title)
	}
	text := ""
	if len(c.Passages) == 1 && c.Posts == 1 && card.Units(c.Passages[0].Text) > longQuote {
		s := sentences.FromString(c.Passages[0].Text)
		s.Next()
		text = card.Line(s.Value(), titleFromOne)
	}
	if text == "" {
		return ""
	}
	return "“" + Markdown(text) + "”"
}

func fields(c card.Card) []Field {
	var fields []Field
	var at []string // the title of the case stands above the card
	if c.Docket != "" {
		at = append(at, Markdown(c.Docket))
	}
	if u := card.Link(c.CaseURL, card.MaxLink); u != "" {
		at = append(at, "[docket]("+u+")")
	}
	if len(at) > 0 {
		fields = append(fields, Field{Name: "Case", Value: strings.Join(at, card.Sep), Inline: true})
	}
	fields = append(fields, Field{Name: "Posted", Value: posted(c), Inline: true}, Field{Name: "Record", Value: record(c), Inline: true})
	if len(c.Also) > 0 {
		fields = append(fields, Field{Name: card.AlsoSaid, Value: alsoSaid(c)})
	}
	return fields
}

// stamp is a time that every reader sees in their own zone.
func stamp(t time.Time, style string) string { return fmt.Sprintf("<t:%d:%s>", t.Unix(), style) }

func posted(c card.Card) string {
	when := card.Undated
	if c.Dated {
		when = stamp(c.Posted, "f") + "\n" + stamp(c.Posted, "R")
	}
	if u := card.Link(c.URL, card.MaxLink); u != "" {
		when += card.Sep + "[source](" + u + ")"
	}
	return when
}

func record(c card.Card) string {
	seen := "First seen " + stamp(c.Seen, "f")
	if lag := c.Lag(); lag != "" {
		seen = "First seen " + stamp(c.Seen, "T") + " (" + lag + ")"
	}
	return seen + "\n`sha256 " + c.ShortHash() + "`"
}

// alsoSaid lists places, as many as there is room for.
func alsoSaid(c card.Card) string {
	var list []string
	room := maxFieldValue - len("and 1000000 more") - 1
	for _, m := range c.Also[:min(len(c.Also), maxMentions)] {
		place := "• another place"
		if u := card.Link(m.URL, card.MaxLink); u != "" {
			place = "• [" + card.Host(u) + "](" + u + ")"
		}
		if !m.At.IsZero() {
			place += " " + stamp(m.At, "f")
		}
		if room -= card.Units(place) + 1; room < 0 {
			break
		}
		list = append(list, place)
	}
	if left := len(c.Also) - len(list); left > 0 {
		list = append(list, fmt.Sprintf("and %d more", left))
	}
	return strings.Join(list, "\n")
}

// description is the quotation, then our words about it. Ours are short: what
// room they leave is the speaker's. Why a long one is here stands above it, so that who
// reads on a phone need not look for that.
func description(c card.Card, max int) string {
	above := ""
	if c.Warning != "" {
		above = labelled(card.Warned, Markdown(c.Warning)) + "\n"
	}
	if why := words(c.Why); why != "" && lengthy(c) {
		above += labelled(card.Why, why) + "\n"
		c.Why = nil
	}
	ours := ours(c)
	quotes := above + quotes(c, min(maxQuotes, max-card.Units(ours)-card.Units(above)-2))
	if c.Meaning != "" {
		meaning := labelled(noted(card.Meaning, c.Foreign), Markdown(c.Meaning)) + "\n"
		if card.Units(quotes+ours+meaning)+2 <= max { // it never takes the place of the speaker's words
			ours = strings.TrimSuffix(meaning+ours, "\n")
		}
	}
	if ours == "" {
		return quotes
	}
	return quotes + "\n\n" + ours
}

// lengthy reports whether what is quoted is more than a phone shows at once.
func lengthy(c card.Card) bool {
	units := 0
	for _, p := range c.Passages {
		units += card.Units(p.Text)
	}
	return units > longQuote
}

func ours(c card.Card) string {
	var list []string
	room := maxOurs
	line := func(text string) {
		if n := card.Units(text) + 1; n <= room {
			list, room = append(list, text), room-n
		}
	}
	add := func(label, text string) {
		if text != "" {
			line(labelled(label, text))
		}
	}
	for _, change := range c.Corrections[:min(len(c.Corrections), card.MostCorrections)] {
		add(change.Label(), change.Words(Markdown, Markdown))
	}
	add(card.NotSure, c.Unsure)
	if c.Relation != "" {
		line("**" + c.Relation + "**")
		if c.Added != "" {
			line(quotation(c.Added, 0, maxAdded))
		}
		if c.Before != "" {
			line(quotation(c.Before, 0, maxAdded))
		}
	}
	if c.Cut {
		line(card.CutShort)
	}
	add(card.Instruct, c.Warns)
	add(noted(card.InShort, c.Machine), Markdown(c.InShort))
	if r := c.Answers; r != nil {
		add(r.How, reference(*r))
	}
	add(card.Why, words(c.Why))
	add(card.Against, words(c.Doubts))
	add(card.Attached, Markdown(c.Attached))
	return strings.Join(list, "\n")
}

func reference(r card.Reference) string {
	var facts []string
	if r.Whom != "" {
		facts = append(facts, Markdown(r.Whom))
	}
	if u := card.Link(r.URL, card.MaxLink); u != "" {
		facts = append(facts, "[post]("+u+")")
	}
	return strings.Join(facts, card.Sep)
}

func words(reasons []card.Reason) string {
	var list []string
	for _, r := range reasons {
		r.Name = Markdown(r.Name)
		list = append(list, r.Words(italic))
	}
	return strings.Join(list, "; ")
}

// quotes returns the passages. When a thread is too long, its first and its
// last passage stand for it and the rest is counted.
func quotes(c card.Card, max int) string {
	if len(c.Passages) == 0 {
		return cmp.Or(c.TakenOut, card.Unquoted)
	}
	if c.Posts == 1 {
		return quotation(c.Passages[0].Text, c.Passages[0].After, max)
	}
	var all []string
	for _, p := range c.Passages {
		all = append(all, heading(c, p)+quotation(p.Text, p.After, maxEmbedText))
	}
	if left := c.Posts - len(c.Passages); left > 0 {
		all = append(all, "… ("+card.Plural(left, "more post")+")")
	}
	if whole := strings.Join(all, "\n"); card.Units(whole) <= max {
		return whole
	}
	return ends(c, max)
}

// ends shows the first and the last passage in room UTF-16 units.
func ends(c card.Card, room int) string {
	first, last := c.Passages[0], c.Passages[len(c.Passages)-1]
	if len(c.Passages) == 1 {
		tail := "\n… (" + card.Plural(c.Posts-1, "more post") + ")"
		return heading(c, first) + quotation(first.Text, first.After, room-card.Units(heading(c, first)+tail)) + tail
	}
	middle := "\n"
	if left := c.Posts - 2; left > 0 {
		middle = "\n… (" + card.Plural(left, "more post") + ")\n"
	}
	room -= card.Units(heading(c, first) + heading(c, last) + middle)
	whole := card.Units(quotation(first.Text, first.After, maxEmbedText))
	end := quotation(last.Text, last.After, max(room/2, room-whole))
	begin := quotation(first.Text, first.After, room-card.Units(end))
	return heading(c, first) + begin + middle + heading(c, last) + end
}

// heading counts a post of a thread and links it.
func heading(c card.Card, p card.Passage) string {
	count := fmt.Sprintf("**%d/%d**", p.Post, c.Posts)
	if u := card.Link(p.URL, card.MaxLink); u != "" {
		count += " [post](" + u + ")"
	}
	return count + "\n"
}
