package message

import (
	"fmt"
	"strings"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/statements/card"
	"onrecord/statements/card/timeline"
)

// maxDigest leaves room in the description for how many lines were left out.
const maxDigest = maxDescription - 40

// digest is the message of a digest, which makes no sound: what it tells was told.
func digest(d card.Digest) Body {
	var list []string
	for _, most := range []int{maxQuoted, maxQuoted / 2, maxQuoted / 4, 0} { // that all are named matters more than their words
		if list = digestLines(d, most); len(list) == len(d.Lines) {
			break
		}
	}
	if left := len(d.Lines) - len(list); left > 0 {
		list = append(list, fmt.Sprintf("and %d more", left))
	}
	if len(list) == 0 {
		list = append(list, "Nobody of the cases spoke.")
	}
	day := func(t time.Time) string { return stamp(t, "f") }
	return Body{
		Content: pinged(d.Headline(bold, day)), Flags: SuppressNotifications, AllowedMentions: Nobody(),
		Embeds: []Embed{{
			Description: strings.Join(list, "\n"), Color: digestColor,
			Fields: []Field{{Name: "What it covers", Value: card.Clip(Markdown(strings.Join(d.Coverage, "\n")), maxFieldValue)}},
			Footer: &Footer{Text: "onrecord" + card.Sep + d.Number},
		}},
	}
}

// pictures are what goes with the message of a digest. One that cannot be drawn is left out.
func pictures(d onrecord.Digest) []notifiers.File {
	picture, alt, err := timeline.Of(d)
	if err != nil || picture == nil {
		return nil
	}
	return []notifiers.File{{Name: "timeline.png", Type: "image/png", Alt: alt, Data: picture}}
}

// linkTo is a number that leads to a message.
func linkTo(number, address string) string {
	if u := card.Link(address, card.MaxLink); u != "" {
		return "[" + number + "](" + u + ")"
	}
	return number
}

// maxQuoted is how much of a statement a digest quotes, in UTF-16 units.
const maxQuoted = 120

// digestLines are as many as there is room for, each with so much of its quotation.
func digestLines(d card.Digest, most int) (list []string) {
	room := maxDigest
	heading := ""
	for _, l := range d.Lines {
		if l.Quote = card.Line(l.Quote, most); most == 0 {
			l.Quote = ""
		}
		line := "• " + l.Sentence(Markdown, linkTo)
		over := l.Speaker
		if l.Since {
			line, over = "• "+Markdown(l.Speaker)+card.Sep+l.Sentence(Markdown, linkTo), "What became of it"
		}
		if over != heading {
			line, heading = bold(over)+"\n"+line, over
		}
		if room -= card.Units(line) + 1; room < 0 {
			break
		}
		list = append(list, line)
	}
	return list
}
