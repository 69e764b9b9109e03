package message

import (
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/statements/card"
)

// Colours of what became of a statement.
const (
	editedColor   = 13667616
	missingColor  = 10038562
	returnedColor = 5763719
)

// became is the message about what became of a statement. It notifies nobody by name.
func became(n onrecord.FateNotice) (Body, error) {
	f, err := card.FateOf(n)
	if err != nil {
		return Body{}, err
	}
	e := Embed{Author: &EmbedAuthor{Name: card.Clip(f.Byline, maxAuthor)}, Color: returnedColor, Footer: &Footer{Text: "onrecord" + card.Sep + f.Mark}}
	switch {
	case f.Revised:
		e.Color = editedColor
	case f.Missing:
		e.Color = missingColor
	}
	said := f.Sentence(n.Fate, func(t time.Time) string { return stamp(t, "f") })
	switch {
	case f.Revised && len(f.Diff) == 0:
		said = card.TakenOut + "\n\n" + said
	case f.Revised:
		said = changed(f.Diff, maxQuotes) + "\n\n" + said
		if slices.ContainsFunc(f.Diff, func(p card.Piece) bool { return p.Change != card.Kept }) {
			said += "\n-# ~~Struck out~~ was taken out, **bold** was put in; both revisions are kept."
		}
	}
	e.Description = said
	b := Body{Content: f.Sign + " " + pinged(f.Headline(bold)), Embeds: []Embed{e}, AllowedMentions: Nobody()}
	if u := card.Link(f.URL, maxButtonLink); u != "" && !f.Missing {
		b.Components = []Row{{Type: rowType, Components: []Button{{Type: buttonType, Style: linkStyle, Label: "Now", URL: u}}}}
	}
	return b, nil
}

// changed is a diff as a Markdown quotation of at most max UTF-16 units.
func changed(pieces []card.Piece, max int) string {
	var b strings.Builder
	b.WriteString(quoteMark)
	units := card.Units(quoteMark)
	const more = " …"
	for _, p := range pieces {
		mark := map[card.Change]string{card.TookOut: "~~", card.PutIn: "**"}[p.Change]
		for i, line := range strings.Split(p.Text, "\n") {
			text := ""
			if i > 0 {
				text = "\n" + quoteMark
			}
			core := strings.TrimSpace(line) // a mark beside white space is none
			at := strings.Index(line, core)
			if text += line[:at]; core != "" {
				text += mark + Markdown(core) + mark
			}
			text += line[at+len(core):]
			if units += card.Units(text); units > max-len(more) {
				b.WriteString(more)
				return b.String()
			}
			b.WriteString(text)
		}
	}
	return b.String()
}
