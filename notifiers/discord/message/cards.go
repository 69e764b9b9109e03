package message

import (
	"encoding/json"
	"errors"
	"strings"

	"onrecord/notifiers"
	"onrecord/statements/card"
)

// The card of a statement on the record has two designs: an embed below a line, and a card
// of components, which is all there is of its message. A message that has components stays
// so: each change of one must bring them whole.
// https://discord.com/developers/docs/components/reference

const (
	textType      = 10
	separatorType = 14
	containerType = 17

	// componentsAlone is the flag of a message that consists of components.
	componentsAlone = 1 << 15
	// maxCardText bounds all texts of such a message together.
	maxCardText = 4000
)

// piece is a component that is no row of buttons.
type piece struct {
	Type       int    `json:"type"`
	Content    string `json:"content,omitempty"`
	Accent     int    `json:"accent_color,omitempty"`
	Components []any  `json:"components,omitempty"`
}

// cardOf is a statement as a card of components; nil for one that a person has to decide
// about, whose buttons change.
func cardOf(c card.Card) []any {
	if c.Review {
		return nil
	}
	head := content(c) + "\n" + small(Markdown(c.Byline))
	if t := title(c); t != "" {
		head += "\n### " + pinged(t)
	}
	var facts []string
	for _, f := range fields(c) {
		lines := strings.Split(f.Value, "\n")
		if f.Name == card.AlsoSaid {
			facts = append(facts, small("**"+f.Name+"**"))
			for _, l := range lines {
				facts = append(facts, small(l))
			}
			continue
		}
		facts = append(facts, small(f.Name+": "+strings.Join(lines, card.Sep)))
	}
	foot := strings.Join(append(facts, small(c.Footing())), "\n")
	body := pinged(description(c, maxCardText-card.Units(head+foot)))
	whole := piece{Type: containerType, Accent: colorOf(c), Components: []any{piece{Type: textType, Content: head}, piece{Type: textType, Content: body}, piece{Type: separatorType}, piece{Type: textType, Content: foot}}}
	if rows := sources(c); rows != nil {
		whole.Components = append(whole.Components, rows[0])
	}
	return []any{whole}
}

// small is a line in small letters.
func small(markdown string) string { return "-# " + pinged(markdown) }

// carded is what the components of a body are sent as. A change takes away what a message
// of the other design shows.
func (b Body) carded() map[string]any {
	whole := map[string]any{"flags": b.Flags | componentsAlone, "components": b.card, "allowed_mentions": b.AllowedMentions}
	if b.changes {
		whole["content"], whole["embeds"] = nil, nil
		whole["flags"] = componentsAlone
	}
	return whole
}

// other is under which name a stored change of the classic design holds the other one, for
// messages that are of components since that was the design.
const other = "card"

// Designed is the message in one of its designs.
func (b Body) Designed(cards bool) (m notifiers.Message, err error) {
	if cards && b.card != nil {
		m.Body, err = encode(b.carded())
		m.More = b.cardMore
		return m, err
	}
	if m, err = b.Message(); err == nil && b.changes && b.card != nil {
		m.Body, err = with(m.Body, map[string]any{other: b.carded()})
	}
	m.More = b.More
	return m, err
}

// Other is a stored change in the other design; nil: it has one alone.
func Other(stored []byte) []byte {
	var b struct {
		Card json.RawMessage `json:"card"`
	}
	if json.Unmarshal(stored, &b) != nil {
		return nil
	}
	return b.Card
}

// callAbove puts those who are called above the components of a stored message.
func callAbove(stored []byte, who string) (any, error) {
	var b struct {
		Components []json.RawMessage `json:"components"`
	}
	if err := json.Unmarshal(stored, &b); err != nil {
		return nil, errors.New("the components of the stored message are unreadable")
	}
	above, err := encode(piece{Type: textType, Content: strings.TrimSpace(who)})
	return append([]json.RawMessage{above}, b.Components...), err
}
