package discordtest

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Message is a message as it stands now.
type Message struct {
	ID         string
	Channel    string
	Author     string // the id of who wrote it
	Content    string
	Embeds     []Embed
	Components []Row
	Files      []File
	Nonce      string
	At         time.Time // when it arrived
	Edits      int
	Published  bool
	Answers    string // the id of the message it is shown as an answer to
	Body       []byte // the JSON as it was sent when it was created
	Alone      bool   // it consists of components, and stays so

	deleted bool
}

// Text is all a reader sees of the message, with addresses behind their words.
func (m Message) Text() string {
	list := []string{m.Content}
	for _, e := range m.Embeds {
		if e.Author != nil {
			list = append(list, e.Author.Name)
		}
		list = append(list, e.Title, e.Description)
		for _, f := range e.Fields {
			list = append(list, f.Name+": "+f.Value)
		}
		if e.Footer != nil {
			list = append(list, e.Footer.Text)
		}
	}
	list = append(list, Texts(m.Components)...)
	for _, b := range buttonsOf(m.Components) {
		list = append(list, b.Label+": "+b.URL)
	}
	for _, f := range m.Files {
		list = append(list, f.Name+": "+f.Alt)
	}
	list = slices.DeleteFunc(list, func(s string) bool { return s == "" })
	return Unescape(strings.Join(list, "\n"))
}

// replace takes over what an edit names.
func (m *Message) replace(b Request, newID func() string) {
	m.take(b, newID)
	if m.Alone = m.Alone || b.Flags&componentsAlone != 0; m.Alone {
		m.Content, m.Embeds = "", nil
	}
	if b.Content != "" {
		m.Content = b.Content
	}
	if b.Embeds != nil {
		m.Embeds = b.Embeds
	}
	if b.Components != nil {
		m.Components = b.Components
	}
}

// json is the message as Discord tells it.
func (m Message) json() []byte {
	type object = map[string]any
	id := func(id string) object { return object{"id": id, "username": "someone", "bot": id == BotID} }
	embeds, components := any(m.Embeds), any(m.Components)
	if m.Embeds == nil {
		embeds = []any{}
	}
	if m.Components == nil {
		components = []any{}
	}
	attached := []object{}
	for _, f := range m.Files {
		address := "https://cdn.discord.example/attachments/" + m.Channel + "/" + f.ID + "/" + url.PathEscape(f.Name)
		attached = append(attached, object{"id": f.ID, "filename": f.Name, "size": len(f.Data), "url": address, "proxy_url": address, "content_type": f.Type, "description": f.Alt})
	}
	flags := 0
	if m.Alone {
		flags = componentsAlone
	}
	edited := any(nil)
	if m.Edits > 0 {
		edited = m.At.UTC().Format(time.RFC3339)
	}
	data, err := json.Marshal(object{
		"id": m.ID, "channel_id": m.Channel, "author": id(m.Author), "content": m.Content, "embeds": embeds, "components": components,
		"timestamp": m.At.UTC().Format(time.RFC3339), "edited_timestamp": edited, "type": 0, "flags": flags, "tts": false, "pinned": false,
		"attachments": attached, "mentions": []any{}, "mention_roles": []any{}, "mention_everyone": false,
	})
	if err != nil {
		panic(err) // unreachable: the fields came from JSON
	}
	return data
}

var (
	userMention = regexp.MustCompile(`<@!?(\d+)>`)
	roleMention = regexp.MustCompile(`<@&(\d+)>`)
	allMention  = regexp.MustCompile(`@(everyone|here)`)
)

// pinged lists who is notified by a text. Escapes are no protection. Without
// allowed_mentions everybody named is.
func pinged(text string, allowed *Mentions) (who []string) {
	parse := func(kind string) bool { return allowed == nil || slices.Contains(allowed.Parse, kind) }
	named := func(ids []string, id string) bool { return allowed != nil && slices.Contains(ids, id) }
	for _, m := range userMention.FindAllStringSubmatch(text, -1) {
		if parse("users") || named(allowed.Users, m[1]) {
			who = append(who, "user "+m[1])
		}
	}
	for _, m := range roleMention.FindAllStringSubmatch(text, -1) {
		if parse("roles") || named(allowed.Roles, m[1]) {
			who = append(who, "role "+m[1])
		}
	}
	for _, m := range allMention.FindAllString(text, -1) {
		if parse("everyone") {
			who = append(who, m)
		}
	}
	return who
}
