package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// What Discord's documents say of a message, read without the notifier's help: a
// key that is misspelt there must be unknown here.
// https://discord.com/developers/docs/resources/message#create-message

// Body is a message as a bot or a webhook sends it.
type Body struct {
	Username        string       `json:"username,omitempty"`
	Content         string       `json:"content,omitempty"`
	Embeds          []Embed      `json:"embeds,omitempty"`
	Components      []Row        `json:"components,omitempty"`
	Flags           int          `json:"flags,omitempty"`
	AllowedMentions *Mentions    `json:"allowed_mentions,omitempty"`
	Attachments     []Attachment `json:"attachments,omitempty"`
	Nonce           string       `json:"nonce,omitempty"`
	EnforceNonce    bool         `json:"enforce_nonce,omitempty"`

	MessageReference *MessageReference `json:"message_reference,omitempty"`
}

// Mentions says whom a message may notify.
type Mentions struct {
	Parse []string `json:"parse"`
	Roles []string `json:"roles,omitempty"`
	Users []string `json:"users,omitempty"`
}

// Embed is the card inside a message.
type Embed struct {
	Author      *EmbedAuthor `json:"author,omitempty"`
	Title       string       `json:"title,omitempty"`
	URL         string       `json:"url,omitempty"`
	Description string       `json:"description,omitempty"`
	Color       int          `json:"color,omitempty"`
	Fields      []EmbedField `json:"fields,omitempty"`
	Footer      *EmbedFooter `json:"footer,omitempty"`
	Timestamp   *time.Time   `json:"timestamp,omitempty"`
}

// EmbedAuthor is the line above an embed's title.
type EmbedAuthor struct {
	Name string `json:"name"`
}

// EmbedField is a named value of an embed.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline,omitempty"`
}

// EmbedFooter is the last line of an embed.
type EmbedFooter struct {
	Text string `json:"text"`
}

// Component is a row of buttons, one of these, or a piece of a message that consists of such.
type Component struct {
	Type        int         `json:"type"`
	Components  []Component `json:"components,omitempty"`
	Style       int         `json:"style,omitempty"`
	Label       string      `json:"label,omitempty"`
	URL         string      `json:"url,omitempty"`
	CustomID    string      `json:"custom_id,omitempty"`
	Disabled    bool        `json:"disabled,omitempty"`
	Content     string      `json:"content,omitempty"`
	AccentColor int         `json:"accent_color,omitempty"`
}

// Row is a row of buttons, Button opens an address, or is told of to the bot when somebody
// presses it.
type (
	Row    = Component
	Button = Component
)

// Texts are those of components, in the order they are read.
func Texts(list []Component) (texts []string) {
	for _, c := range list {
		if c.Content != "" {
			texts = append(texts, c.Content)
		}
		texts = append(texts, Texts(c.Components)...)
	}
	return texts
}

// buttonsOf are the buttons of components, wherever they stand.
func buttonsOf(list []Component) (buttons []Button) {
	for _, c := range list {
		if c.Type == buttonType {
			buttons = append(buttons, c)
		}
		buttons = append(buttons, buttonsOf(c.Components)...)
	}
	return buttons
}

// Discord's limits, in UTF-16 units of trimmed text where they count text.
// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
// https://discord.com/developers/docs/components/reference
const (
	maxBytes = 25 << 20 // of a request

	maxContent     = 2000
	maxEmbeds      = 10
	maxEmbedText   = 6000 // of all embeds of a message together
	maxTitle       = 256
	maxDescription = 4096
	maxAuthor      = 256
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxColor       = 0xffffff
	maxLink        = 2048 // of an embed
	maxRows        = 5
	maxButtons     = 5
	maxLabel       = 80
	maxButtonLink  = 512
	maxNonce       = 25
	maxUsername    = 80
	maxMentioned   = 100

	maxCustomID = 100

	rowType       = 1
	buttonType    = 2
	textType      = 10
	separatorType = 14
	containerType = 17
	linkStyle     = 5

	componentsAlone = 1 << 15 // flag of a message that consists of components
	maxCardText     = 4000    // of them together
	maxPieces       = 40
)

// Violation is a limit that a body does not keep.
type Violation struct {
	Path    string // such as "embeds.0.title"; "" for the whole
	Code    string // as Discord names it
	Message string
}

// Check reads a body without files and says what Discord would refuse. It is stricter
// than Discord in two points: unknown keys and missing allowed_mentions are faults.
func Check(raw []byte) (Body, []Violation) {
	r, found := CheckRequest(jsonType, raw)
	return r.Body, found
}

func checkJSON(raw []byte) (Body, []Violation) {
	var b Body
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&b); err != nil {
		return b, []Violation{{Code: "JSON", Message: err.Error()}}
	}
	if _, err := d.Token(); err != io.EOF {
		return b, []Violation{{Code: "JSON", Message: "something follows the body"}}
	}
	c := &checker{}
	c.text("username", b.Username, 0, maxUsername)
	c.text("content", b.Content, 0, maxContent)
	c.text("nonce", b.Nonce, 0, maxNonce)
	c.count("embeds", len(b.Embeds), maxEmbeds)
	for i, e := range b.Embeds {
		c.embed(fmt.Sprintf("embeds.%d", i), e)
	}
	c.count("embeds", c.embedText, maxEmbedText)
	if b.Flags&componentsAlone != 0 {
		c.alone(b)
	} else {
		c.count("components", len(b.Components), maxRows)
		for i, r := range b.Components {
			c.row(fmt.Sprintf("components.%d", i), r)
		}
	}
	c.mentions(b.AllowedMentions)
	return b, c.found
}

type checker struct {
	found     []Violation
	embedText int
	ids       map[string]bool // of buttons
}

func (c *checker) fault(path, code, format string, args ...any) {
	c.found = append(c.found, Violation{Path: path, Code: code, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) text(path, s string, min, max int) int {
	n := units(strings.TrimSpace(s))
	switch {
	case n > max:
		c.fault(path, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", max)
	case n < min:
		c.fault(path, "BASE_TYPE_REQUIRED", "This field is required")
	}
	return n
}

func (c *checker) count(path string, n, max int) {
	if n > max {
		c.fault(path, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer, and is %d.", max, n)
	}
}

func (c *checker) link(path, address string, max int) {
	if address != "" && !wellFormed(address, max) {
		c.fault(path, "URL_TYPE_INVALID_URL", "Not a well formed URL of %d or fewer characters.", max)
	}
}

func (c *checker) embed(path string, e Embed) {
	n := c.text(path+".title", e.Title, 0, maxTitle) + c.text(path+".description", e.Description, 0, maxDescription)
	c.link(path+".url", e.URL, maxLink)
	if e.Author != nil {
		n += c.text(path+".author.name", e.Author.Name, 1, maxAuthor)
	}
	if e.Footer != nil {
		n += c.text(path+".footer.text", e.Footer.Text, 1, maxFooter)
	}
	if e.Color < 0 || e.Color > maxColor {
		c.fault(path+".color", "NUMBER_TYPE_MAX", "int value should be between 0 and %d.", maxColor)
	}
	c.count(path+".fields", len(e.Fields), maxFields)
	for i, f := range e.Fields {
		at := fmt.Sprintf("%s.fields.%d", path, i)
		n += c.text(at+".name", f.Name, 1, maxFieldName) + c.text(at+".value", f.Value, 1, maxFieldValue)
	}
	if n == 0 && e.URL == "" {
		c.fault(path, "BASE_TYPE_REQUIRED", "An embed needs something to show.")
	}
	c.embedText += n
}

// alone checks a message that consists of components.
// https://discord.com/developers/docs/components/reference
func (c *checker) alone(b Body) {
	if b.Content != "" || len(b.Embeds) > 0 || len(b.Components) == 0 {
		c.fault("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The flag leaves neither content nor embeds, and components alone.")
	}
	pieces, text := 0, 0
	var walk func(path string, list []Component, top bool)
	walk = func(path string, list []Component, top bool) {
		for i, p := range list {
			at := fmt.Sprintf("%s.%d", path, i)
			pieces += 1 + len(p.Components)
			switch {
			case p.Type == rowType:
				c.row(at, p)
			case p.Type == textType:
				text += c.text(at+".content", p.Content, 1, maxCardText)
			case p.Type == separatorType:
			case p.Type == containerType && top && len(p.Components) > 0:
				pieces -= len(p.Components)
				walk(at+".components", p.Components, false)
			default:
				c.fault(at+".type", "BASE_TYPE_CHOICES", "%d is no component there.", p.Type)
			}
		}
	}
	walk("components", b.Components, true)
	c.count("components", pieces, maxPieces)
	c.count("components", text, maxCardText)
}

func (c *checker) row(path string, r Row) {
	if r.Type != rowType || len(r.Components) == 0 {
		c.fault(path, "BASE_TYPE_CHOICES", "Not a row of buttons.")
	}
	c.count(path+".components", len(r.Components), maxButtons)
	for i, b := range r.Components {
		at := fmt.Sprintf("%s.components.%d", path, i)
		if b.Type != buttonType || b.Style < 1 || b.Style > linkStyle {
			c.fault(at, "BASE_TYPE_CHOICES", "Not a button.")
		}
		c.text(at+".label", b.Label, 1, maxLabel)
		if b.Style != linkStyle {
			c.text(at+".custom_id", b.CustomID, 1, maxCustomID)
			if b.URL != "" || c.ids[b.CustomID] {
				c.fault(at, "COMPONENT_CUSTOM_ID_DUPLICATED", "A button has an address or an id, and an id of its own.")
			}
			if c.ids == nil {
				c.ids = map[string]bool{}
			}
			c.ids[b.CustomID] = true
			continue
		}
		c.text(at+".url", b.URL, 1, maxButtonLink)
		c.link(at+".url", b.URL, maxButtonLink)
		if b.CustomID != "" {
			c.fault(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A link has no id.")
		}
	}
}

func (c *checker) mentions(m *Mentions) {
	if m == nil || m.Parse == nil {
		c.fault("allowed_mentions.parse", "BASE_TYPE_REQUIRED", "Whom a message notifies is always said.")
		return
	}
	for i, p := range m.Parse {
		if !slices.Contains([]string{"users", "roles", "everyone"}, p) {
			c.fault(fmt.Sprintf("allowed_mentions.parse.%d", i), "BASE_TYPE_CHOICES", "Not a kind of mention.")
		}
	}
	both := func(kind string, ids []string) {
		c.count("allowed_mentions."+kind, len(ids), maxMentioned)
		if len(ids) > 0 && slices.Contains(m.Parse, kind) {
			c.fault("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "parse:[%q] and %s: [ids...] are mutually exclusive.", kind, kind)
		}
	}
	both("users", m.Users)
	both("roles", m.Roles)
}

// units is how Discord counts characters.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

func wellFormed(address string, max int) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && len(address) <= max && !strings.ContainsAny(address, " <>\"\n")
}

// Unescape is what a reader sees of Markdown: a backslash before punctuation is
// none, and what has no width is not there.
func Unescape(markdown string) string {
	return escaped.ReplaceAllString(strings.ReplaceAll(markdown, "\u200b", ""), "$1")
}

var escaped = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")
