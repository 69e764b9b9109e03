package card

import (
	"fmt"
	"strings"
	"time"

	"github.com/clipperhouse/uax29/v2/sentences"

	"onrecord"
)

// Colours of a card. Each has a word beside it: colour alone says nothing.
const (
	recordColor = 2845115
	reviewColor = 15844367
)

// How much a card shows, in UTF-16 units of Markdown where nothing else is said.
const (
	maxQuotes    = 3000
	maxAdded     = 500
	maxOurs      = 1800 // all our words together, but for a translation; a line that does not fit is left out
	maxTextLink  = 300  // a link in running text; longer ones are left out
	longQuote    = 300  // from this length on, in plain text, a quotation gets a title
	titleFromOne = 90   // the title then, in plain text
	maxMentions  = 8    // places named under "Also said"
)

// Discord returns the message for a notice. A new statement is a whole message;
// for [onrecord.AlsoSaid] it is what to change in the message of the statement:
// the embed, drawn again. Both notify nobody. A statement recovered from a gap
// makes no sound: a backlog must not ring phones, and the line before it did.
func Discord(n onrecord.Notice) (Body, error) {
	if n.Kind == onrecord.CaughtUp {
		return discordGap(n)
	}
	c, err := Of(n)
	if err != nil {
		return Body{}, err
	}
	b := Body{Embeds: []Embed{c.embed()}, AllowedMentions: Nobody()}
	if n.Kind == onrecord.AlsoSaid {
		return b, nil
	}
	b.Content = c.Content()
	if n.Gap != nil {
		b.Flags = SuppressNotifications
	}
	if u := Link(c.URL, maxButtonLink); u != "" {
		label := "Source"
		if c.Posts > 1 {
			label = "Open thread"
		}
		b.Components = []Row{{Type: rowType, Components: []Button{{Type: buttonType, Style: linkStyle, Label: label, URL: u}}}}
	}
	return b, nil
}

// Content is the [Card.Headline] as the text of a Discord message, which is
// what phones show.
func (c Card) Content() string { return pinged(c.Headline(bold, italic)) }

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

func (c Card) embed() Embed {
	e := Embed{
		Author: &EmbedAuthor{Name: Clip(c.Byline, maxAuthor)}, Title: c.title(), URL: Link(c.URL, maxLink),
		Color: recordColor, Fields: c.fields(), Footer: &Footer{Text: c.Footing()},
	}
	if c.Review {
		e.Color = reviewColor
	}
	if c.Dated {
		at := c.Posted.UTC().Truncate(time.Second)
		e.Timestamp = &at
	}
	rest := Units(e.Author.Name + e.Title + e.Footer.Text)
	for _, f := range e.Fields {
		rest += Units(f.Name + f.Value)
	}
	e.Description = c.description(min(maxDescription, maxEmbedText-rest))
	return e
}

// title is an article's own, or the first sentence of a long quotation.
func (c Card) title() string {
	if c.Title != "" {
		return Markdown(c.Title)
	}
	text := ""
	if len(c.Passages) == 1 && c.Posts == 1 && Units(c.Passages[0].Text) > longQuote {
		s := sentences.FromString(c.Passages[0].Text)
		s.Next()
		text = Line(s.Value(), titleFromOne)
	}
	if text == "" {
		return ""
	}
	return "“" + Markdown(text) + "”"
}

func (c Card) fields() []Field {
	about := []string{Markdown(c.Case)}
	var at []string
	if c.Docket != "" {
		at = append(at, Markdown(c.Docket))
	}
	if u := Link(c.CaseURL, maxTextLink); u != "" {
		at = append(at, "[docket]("+u+")")
	}
	if len(at) > 0 {
		about = append(about, strings.Join(at, Sep))
	}
	fields := []Field{
		{Name: "Case", Value: strings.Join(about, "\n"), Inline: true},
		{Name: "Posted", Value: c.posted(), Inline: true},
		{Name: "Record", Value: c.record(), Inline: true},
	}
	if len(c.Also) > 0 {
		fields = append(fields, Field{Name: AlsoSaid, Value: c.alsoSaid()})
	}
	return fields
}

// stamp is a time that every reader sees in their own zone.
func stamp(t time.Time, style string) string { return fmt.Sprintf("<t:%d:%s>", t.Unix(), style) }

func (c Card) posted() string {
	when := Undated
	if c.Dated {
		when = stamp(c.Posted, "f") + "\n" + stamp(c.Posted, "R")
	}
	if u := Link(c.URL, maxTextLink); u != "" {
		when += Sep + "[source](" + u + ")"
	}
	return when
}

func (c Card) record() string {
	seen := "First seen " + stamp(c.Seen, "f")
	if lag := c.Lag(); lag != "" {
		seen = "First seen " + stamp(c.Seen, "T") + " (" + lag + ")"
	}
	return seen + "\n`sha256 " + c.ShortHash() + "`"
}

// alsoSaid lists places, as many as there is room for.
func (c Card) alsoSaid() string {
	var list []string
	room := maxFieldValue - len("and 1000000 more") - 1
	for _, m := range c.Also[:min(len(c.Also), maxMentions)] {
		place := "• another place"
		if u := Link(m.URL, maxTextLink); u != "" {
			place = "• [" + Host(u) + "](" + u + ")"
		}
		if !m.At.IsZero() {
			place += " " + stamp(m.At, "f")
		}
		if room -= Units(place) + 1; room < 0 {
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
// room they leave is the speaker's.
func (c Card) description(max int) string {
	ours := c.ours()
	warning := ""
	if c.Warning != "" {
		warning = labelled(Warned, Markdown(c.Warning)) + "\n"
	}
	quotes := warning + c.quotes(min(maxQuotes, max-Units(ours)-Units(warning)-2))
	if c.Meaning != "" {
		meaning := labelled(noted(Meaning, c.Foreign), Markdown(c.Meaning)) + "\n"
		if Units(quotes+ours+meaning)+2 <= max { // it never takes the place of the speaker's words
			ours = strings.TrimSuffix(meaning+ours, "\n")
		}
	}
	if ours == "" {
		return quotes
	}
	return quotes + "\n\n" + ours
}

func (c Card) ours() string {
	var list []string
	room := maxOurs
	line := func(text string) {
		if n := Units(text) + 1; n <= room {
			list, room = append(list, text), room-n
		}
	}
	add := func(label, text string) {
		if text != "" {
			line(labelled(label, text))
		}
	}
	add(NotSure, c.Unsure)
	if c.Relation != "" {
		line("**" + c.Relation + "**")
		if c.Added != "" {
			line(quotation(c.Added, 0, maxAdded))
		}
	}
	if c.Cut {
		line(CutShort)
	}
	add(Instruct, c.Warns)
	add(noted(InShort, c.Machine), Markdown(c.InShort))
	if r := c.Answers; r != nil {
		add(r.How, reference(*r))
	}
	add(Why, words(c.Why))
	add(Against, words(c.Doubts))
	add(Attached, c.Attached)
	return strings.Join(list, "\n")
}

func reference(r Reference) string {
	var facts []string
	if r.Whom != "" {
		facts = append(facts, Markdown(r.Whom))
	}
	if u := Link(r.URL, maxTextLink); u != "" {
		facts = append(facts, "[post]("+u+")")
	}
	return strings.Join(facts, Sep)
}

func words(reasons []Reason) string {
	var list []string
	for _, r := range reasons {
		r.Name = Markdown(r.Name)
		list = append(list, r.Words(italic))
	}
	return strings.Join(list, "; ")
}

// quotes returns the passages. When a thread is too long, its first and its
// last passage stand for it and the rest is counted.
func (c Card) quotes(max int) string {
	if len(c.Passages) == 0 {
		return Unquoted
	}
	if c.Posts == 1 {
		return quotation(c.Passages[0].Text, c.Passages[0].After, max)
	}
	var all []string
	for _, p := range c.Passages {
		all = append(all, c.heading(p)+quotation(p.Text, p.After, maxEmbedText))
	}
	if left := c.Posts - len(c.Passages); left > 0 {
		all = append(all, "… ("+plural(left, "more post")+")")
	}
	if whole := strings.Join(all, "\n"); Units(whole) <= max {
		return whole
	}
	return c.ends(max)
}

// ends shows the first and the last passage in room UTF-16 units.
func (c Card) ends(room int) string {
	first, last := c.Passages[0], c.Passages[len(c.Passages)-1]
	if len(c.Passages) == 1 {
		tail := "\n… (" + plural(c.Posts-1, "more post") + ")"
		return c.heading(first) + quotation(first.Text, first.After, room-Units(c.heading(first)+tail)) + tail
	}
	middle := "\n"
	if left := c.Posts - 2; left > 0 {
		middle = "\n… (" + plural(left, "more post") + ")\n"
	}
	room -= Units(c.heading(first) + c.heading(last) + middle)
	whole := Units(quotation(first.Text, first.After, maxEmbedText))
	end := quotation(last.Text, last.After, max(room/2, room-whole))
	begin := quotation(first.Text, first.After, room-Units(end))
	return c.heading(first) + begin + middle + c.heading(last) + end
}

// heading counts a post of a thread and links it.
func (c Card) heading(p Passage) string {
	count := fmt.Sprintf("**%d/%d**", p.Post, c.Posts)
	if u := Link(p.URL, maxTextLink); u != "" {
		count += " [post](" + u + ")"
	}
	return count + "\n"
}
