package message

import (
	"bytes"
	"encoding/json"
	"time"

	"onrecord/notifiers"
)

// Body is a message as Discord's API takes it, for bots and webhooks. What is
// empty is left out: in an edit it stays as it is. [PayloadOf] adds what belongs
// to the delivery and not to the notice.
// https://discord.com/developers/docs/resources/message#create-message
type Body struct {
	Username   string  `json:"username,omitempty"` // webhooks only
	Content    string  `json:"content,omitempty"`
	Embeds     []Embed `json:"embeds,omitempty"`
	Components []Row   `json:"components,omitempty"`
	Flags      int     `json:"flags,omitempty"`
	// AllowedMentions is never left out: without it, an edit parses mentions
	// anew with defaults that notify people.
	AllowedMentions *Mentions `json:"allowed_mentions,omitempty"`

	// Undecided is the number of a statement that a person has to decide about; "": there
	// is none. Where buttons can be pressed, it gets some: see [Body.Decide].
	Undecided string `json:"-"`
	Again     bool   `json:"-"` // it is marked to repeat an earlier one
	card      []any  // the same as a card of components; nil: it has no such form
	changes   bool   // it changes a message
	// Files go with the message: see [PayloadOf].
	Files []notifiers.File `json:"-"`
	// More says that the message has no room for all that was said, which goes on below it.
	More     bool `json:"-"`
	cardMore bool // the same of the card of components
}

// Mentions says whom a message may notify. A nil Parse is not the same as an
// empty one: only the latter means nobody.
type Mentions struct {
	Parse []string `json:"parse"`
	Roles []string `json:"roles,omitempty"`
	Users []string `json:"users,omitempty"`
}

// Nobody is notified.
func Nobody() *Mentions { return &Mentions{Parse: []string{}} }

// Embed is the card inside a message.
type Embed struct {
	Author      *EmbedAuthor `json:"author,omitempty"`
	Title       string       `json:"title,omitempty"`
	URL         string       `json:"url,omitempty"`
	Description string       `json:"description,omitempty"`
	Color       int          `json:"color,omitempty"`
	Fields      []Field      `json:"fields,omitempty"`
	Footer      *Footer      `json:"footer,omitempty"`
	Timestamp   *time.Time   `json:"timestamp,omitempty"`
}

// EmbedAuthor is the line above an embed's title.
type EmbedAuthor struct {
	Name string `json:"name"`
}

// Field is a named value of an embed.
type Field struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline,omitempty"`
}

// Footer is the last line of an embed.
type Footer struct {
	Text string `json:"text"`
}

// Row is a row of buttons.
type Row struct {
	Type       int      `json:"type"` // rowType
	Components []Button `json:"components"`
}

// Button opens an address, or tells the bot that it was pressed.
type Button struct {
	Type     int    `json:"type"`  // buttonType
	Style    int    `json:"style"` // linkStyle with an address, any other with an id
	Label    string `json:"label"`
	URL      string `json:"url,omitempty"`
	CustomID string `json:"custom_id,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`
}

// Numbers of Discord's API.
const (
	rowType    = 1
	buttonType = 2

	grayStyle  = 2
	greenStyle = 3
	redStyle   = 4
	linkStyle  = 5

	// SuppressEmbeds keeps Discord from showing previews of links.
	SuppressEmbeds = 1 << 2
	// SuppressNotifications posts without a sound.
	SuppressNotifications = 1 << 12
)

// Bytes is the body in JSON, the same for the same body.
func (b Body) Bytes() ([]byte, error) { return encode(b) }

// Message is the body with the files that go with it.
func (b Body) Message() (notifiers.Message, error) {
	body, err := b.Bytes()
	return notifiers.Message{Body: body, Files: b.Files}, err
}

func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // timestamps stay readable
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
