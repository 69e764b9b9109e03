package message

import (
	"fmt"
	"regexp"
	"strings"

	"onrecord/notifiers"
	"onrecord/statements/card"
)

// Reply is an answer to who asked. Nothing of it is left out when it is empty, so
// that it replaces whatever stood there.
type Reply struct {
	Content         string    `json:"content"`
	Embeds          []Embed   `json:"embeds"`
	Components      []Row     `json:"components"`
	AllowedMentions *Mentions `json:"allowed_mentions"`

	Attachments []attachment     `json:"attachments"` // none but those of Files
	Files       []notifiers.File `json:"-"`
}

// Bytes is the reply in JSON, the same for the same reply.
func (r Reply) Bytes() ([]byte, error) { return encode(r) }

// Payload is the reply as it is sent.
func (r Reply) Payload() (p Payload, err error) {
	body, err := r.Bytes()
	if err != nil {
		return p, err
	}
	return PayloadOf(notifiers.Message{Body: body, Files: r.Files}, "", "")
}

// How much an answer shows, in UTF-16 units of plain text; escaped, each may be twice
// as long.
const (
	maxHead    = maxContent/2 - 50
	maxTitle   = 200
	maxFact    = 200
	leastQuote = 60
)

// ReplyOf gives an answer the form of a message. Its texts are taken as they are: from
// outside, and in nobody's Markdown.
func ReplyOf(a notifiers.Answer) Reply {
	r := Reply{Content: pinged(Markdown(card.Line(a.Head, maxHead))), Embeds: []Embed{}, Components: []Row{}, AllowedMentions: Nobody(), Attachments: []attachment{}}
	e := Embed{Color: recordColor, Description: entries(a.Entries)}
	if foot := card.Line(a.Foot, maxFooter/2); foot != "" {
		e.Footer = &Footer{Text: foot}
	}
	if e.Description != "" || e.Footer != nil {
		r.Embeds = append(r.Embeds, e)
	}
	if a.Notice != nil {
		if shown, err := Of(a.Notice); err == nil { // what cannot be drawn is not posted either
			r.Content, r.Embeds = card.Clip(r.Content+"\n"+shown.Content, maxContent), append(r.Embeds, shown.Embeds...)
			r.Files = shown.Files
		}
	}
	if row := buttons(a.Buttons); len(row.Components) > 0 {
		r.Components = append(r.Components, row)
	}
	return r
}

// entries lists as many as there is room for, and shares the room among what is quoted.
func entries(list []notifiers.Entry) string {
	const more = "\n\n… and 10000 more"
	room := maxDescription - len(more)
	bare := 0 // without quotations
	quoting := 0
	for _, e := range list {
		bare += card.Units(entry(e, 0)) + 2
		if e.Quote != "" {
			quoting++
		}
	}
	share := 0
	if quoting > 0 {
		share = max((room-bare)/quoting-1, leastQuote)
	}
	var b strings.Builder
	units := 0
	for i, e := range list {
		text := entry(e, share)
		if units += card.Units(text) + 2; units > room {
			fmt.Fprintf(&b, "\n\n… and %d more", len(list)-i)
			break
		}
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(text)
	}
	return b.String()
}

// entry is one of them, with at most so much of its quotation.
func entry(e notifiers.Entry, quote int) string {
	var facts []string
	if title := card.Line(e.Title, maxTitle); title != "" {
		facts = append(facts, bold(title))
	}
	if !e.At.IsZero() {
		facts = append(facts, stamp(e.At, "f"))
	}
	if u := card.Link(e.URL, card.MaxLink); u != "" {
		facts = append(facts, "[source]("+u+")")
	}
	lines := []string{strings.Join(facts, card.Sep)}
	if text := card.Clean(e.Quote); text != "" && quote > 0 {
		lines = append(lines, quotation(text, 0, quote))
	}
	if text := card.Clean(e.Code); text != "" {
		lines = append(lines, "```\n"+strings.ReplaceAll(text, "`", "`\u200b")+"\n```")
	}
	for _, f := range e.Facts {
		if f = card.Line(f, maxFact); f != "" {
			lines = append(lines, Markdown(f))
		}
	}
	return strings.Join(lines, "\n")
}

// customID is what Discord keeps for a button, with the version of its form.
func customID(command, press string) string { return idVersion + ":" + command + ":" + press }

const idVersion = "or1"

// fit is what the id of a button may be made of.
var fit = regexp.MustCompile(`^[!-~]+$`)

// ParseCustomID reads what the id of a button holds. known is false for one of another
// version, or of another program.
func ParseCustomID(id string) (command, press string, known bool) {
	version, rest, _ := strings.Cut(id, ":")
	command, press, known = strings.Cut(rest, ":")
	return command, press, known && version == idVersion
}

func buttons(list []notifiers.Button) Row {
	row := Row{Type: rowType}
	for _, b := range list[:min(len(list), maxButtons)] {
		label, id := card.Line(b.Text, maxLabel), customID(b.Command, b.Press)
		if u := card.Link(b.URL, maxButtonLink); u != "" && label != "" {
			row.Components = append(row.Components, Button{Type: buttonType, Style: linkStyle, Label: label, URL: u})
			continue
		}
		if label != "" && len(id) <= maxCustomID && fit.MatchString(id) {
			row.Components = append(row.Components, Button{Type: buttonType, Style: grayStyle, Label: label, CustomID: id, Disabled: b.Off})
		}
	}
	return row
}

// Decide adds buttons to the message of a statement that a person has to decide about.
func (b Body) Decide() Body {
	if b.Undecided == "" {
		return b
	}
	if len(b.Components) == 0 {
		b.Components = []Row{{Type: rowType}}
	}
	b.Components[0].Components = append(b.Components[0].Components,
		Button{Type: buttonType, Style: greenStyle, Label: "Accept", CustomID: customID(notifiers.AcceptCommand, b.Undecided)},
		Button{Type: buttonType, Style: redStyle, Label: "Reject", CustomID: customID(notifiers.RejectCommand, b.Undecided)})
	if b.Again {
		b.Components[0].Components = append(b.Components[0].Components,
			Button{Type: buttonType, Style: grayStyle, Label: "Not the same", CustomID: customID(notifiers.DistinctCommand, b.Undecided)})
	}
	return b
}

// Settled is what is left of the buttons of a message that was decided about: those that
// open an address, and what was decided.
func Settled(shown []Row, text string) Body {
	row := Row{Type: rowType}
	for _, r := range shown {
		for _, b := range r.Components {
			if u := card.Link(b.URL, maxButtonLink); u != "" && b.Style == linkStyle && len(row.Components) < maxButtons-1 {
				row.Components = append(row.Components, Button{Type: buttonType, Style: linkStyle, Label: card.Line(b.Label, maxLabel), URL: u})
			}
		}
	}
	row.Components = append(row.Components, Button{Type: buttonType, Style: grayStyle, Label: card.Line(text, maxLabel), CustomID: customID("settled", "-"), Disabled: true})
	return Body{Components: []Row{row}, AllowedMentions: Nobody()}
}

// Trial is a message that shows whether a channel takes what the bot posts. It makes no
// sound, and is taken back at once.
func Trial() Body {
	const text = "onrecord can post here. This message is a trial and is taken back at once."
	return Body{Content: text, Embeds: []Embed{{Description: text, Color: recordColor}}, Flags: SuppressNotifications, AllowedMentions: Nobody()}
}
