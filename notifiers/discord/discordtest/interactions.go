package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Permissions by which a member manages a channel or a server.
const (
	ManageChannels = 1 << 4
	ManageGuild    = 1 << 5
)

// Member is somebody who calls commands.
type Member struct {
	ID, Name    string
	Permissions uint64 // in the channel
	Elsewhere   uint64 // in a channel that is given with a command
	Alone       bool   // calls it in a conversation with the bot, where nobody is a member
	Roles       []string
}

// Called is a command that somebody calls.
type Called struct {
	By      Member
	Channel string
	Command string            // the name of it, such as "notify role"; with Target, as the menu shows it
	Values  map[string]string // that were typed with it
	Focus   string            // the option that is being typed: what it may be completed to is asked
	Target  string            // the message it was called on
	Press   string            // the id of the button that was pressed
	On      *Call             // whose answer has the button
	Message string            // that has the button, in Channel
}

// Call is a command on its way, and what became of it.
type Call struct {
	ID, Token string

	g       *Gateway
	sent    time.Time
	called  Called
	acked   time.Duration
	kind    int // of the first answer; 0: there is none yet
	private bool
	choices []Suggestion
	shown   *Message // what who asked sees
	edits   int
	follow  []Message
	changed chan struct{}
	on      *Call // whose answer is changed
}

// Suggestion is what an option may be completed to.
type Suggestion struct {
	Name  string            `json:"name"`
	Names map[string]string `json:"name_localizations,omitempty"`
	Value string            `json:"value"`
}

// Kinds of first answers.
const (
	answersNow   = 4
	answersLater = 5
	changesLater = 6
	changesNow   = 7
	suggests     = 8
	asksInAForm  = 9
)

// Call lets somebody call a command, press a button, or type.
func (g *Gateway) Call(c Called) *Call {
	s := g.s
	s.mu.Lock()
	call := &Call{ID: s.newID(), g: g, sent: time.Now(), called: c, changed: make(chan struct{})}
	call.Token = "call-token-" + call.ID
	g.calls[call.ID] = call
	payload := g.payload(call)
	s.mu.Unlock()
	g.tell("INTERACTION_CREATE", payload)
	return call
}

// Again tells of a call once more, as Discord may.
func (c *Call) Again() {
	c.g.s.mu.Lock()
	payload := c.g.payload(c)
	c.g.s.mu.Unlock()
	c.g.tell("INTERACTION_CREATE", payload)
}

// payload is a call as Discord tells of it.
func (g *Gateway) payload(call *Call) map[string]any {
	s := g.s
	type object = map[string]any
	c := call.called
	p := object{"id": call.ID, "application_id": AppID, "token": call.Token, "version": 1, "channel_id": c.Channel, "locale": "en-US", "type": 2, "app_permissions": "0", "entitlements": []any{}}
	if r := s.channels[c.Channel]; r != nil {
		p["channel"] = object{"id": r.id, "type": r.kind, "parent_id": r.parent}
	}
	user := object{"id": c.By.ID, "username": c.By.Name, "global_name": nil, "discriminator": "0"}
	if c.By.Alone {
		p["user"] = user
	} else {
		p["guild_id"] = GuildID
		p["member"] = object{"user": user, "nick": nil, "roles": append([]string{}, c.By.Roles...), "permissions": fmt.Sprint(c.By.Permissions)}
	}
	switch {
	case c.Press != "":
		p["type"] = 3
		p["data"] = object{"custom_id": c.Press, "component_type": buttonType}
		switch {
		case c.On != nil && c.On.shown != nil:
			m := c.On.root().shown
			p["message"] = withFlags(*m, 64)
			call.on = c.On.root()
		case c.Message != "":
			if m := s.channels[c.Channel].find(c.Message); m != nil {
				p["message"] = withFlags(*m, 0)
			}
		}
	case c.Target != "":
		m := s.channels[c.Channel].find(c.Target)
		p["data"] = object{"id": "1", "name": c.Command, "type": 3, "target_id": c.Target, "resolved": object{"messages": object{c.Target: json.RawMessage(m.json())}}}
	default:
		options := []object{}
		given := object{}
		for _, name := range sortedKeys(c.Values) {
			o := object{"name": name, "type": g.kindOf(c.Command, name), "value": c.Values[name]}
			if r := s.channels[c.Values[name]]; o["type"] == 7 && r != nil {
				given[r.id] = object{"id": r.id, "name": "a-channel", "type": r.kind, "permissions": fmt.Sprint(c.By.Elsewhere)}
			}
			if name == c.Focus {
				o["focused"] = true
				p["type"] = 4
			}
			options = append(options, o)
		}
		name, below, is := strings.Cut(c.Command, " ")
		if is {
			options = []object{{"name": below, "type": 1, "options": options}}
		}
		p["data"] = object{"id": "1", "name": name, "type": 1, "options": options, "resolved": object{"channels": given}}
	}
	return p
}

// kindOf is the type of an option, as it was registered: text until then.
func (g *Gateway) kindOf(command, option string) int {
	for _, c := range g.commands {
		for _, o := range c.Options {
			if c.Name == command && o.Name == option {
				return o.Type
			}
		}
	}
	return 3
}

// root is the call whose answer others change.
func (c *Call) root() *Call {
	for c.on != nil && (c.kind == changesLater || c.kind == changesNow) {
		c = c.on
	}
	return c
}

func withFlags(m Message, flags int) json.RawMessage {
	var fields map[string]any
	_ = json.Unmarshal(m.json(), &fields) // it was just written
	fields["flags"] = flags
	return raw(fields)
}

// Wait waits until something came of the call that is asked for, or a time is over.
func (c *Call) Wait(limit time.Duration, until func() bool) bool {
	t := time.NewTimer(limit)
	defer t.Stop()
	for {
		c.g.s.mu.Lock()
		changed := c.changed
		c.g.s.mu.Unlock()
		if until() {
			return true
		}
		select {
		case <-changed:
		case <-t.C:
			return until()
		}
	}
}

// Answer waits for what who asked sees at last, and returns it; nil: nothing came.
func (c *Call) Answer(limit time.Duration) *Message {
	var m *Message
	c.Wait(limit, func() bool {
		c.g.s.mu.Lock()
		defer c.g.s.mu.Unlock()
		root := c.root()
		if c.edits > 0 || c.kind == answersNow {
			copied := *root.shown
			m = &copied
		}
		return m != nil
	})
	return m
}

// Acknowledged is how long the first answer took; 0: there is none.
func (c *Call) Acknowledged() time.Duration {
	c.g.s.mu.Lock()
	defer c.g.s.mu.Unlock()
	return c.acked
}

// Suggestions waits for what an option may be completed to; nil: no answer came.
func (c *Call) Suggestions(limit time.Duration) (list []Suggestion) {
	c.Wait(limit, func() bool {
		c.g.s.mu.Lock()
		defer c.g.s.mu.Unlock()
		list = c.choices
		return c.kind == suggests
	})
	return list
}

// Private reports whether only who asked sees the answer.
func (c *Call) Private() bool {
	c.g.s.mu.Lock()
	defer c.g.s.mu.Unlock()
	return c.root().private
}

// Buttons are those of the answer, by their words.
func (c *Call) Buttons() map[string]Button {
	c.g.s.mu.Lock()
	defer c.g.s.mu.Unlock()
	if m := c.root().shown; m != nil {
		return m.Buttons()
	}
	return nil
}

// Buttons are those of a message, by their words.
func (m Message) Buttons() map[string]Button {
	all := map[string]Button{}
	for _, b := range buttonsOf(m.Components) {
		all[b.Label] = b
	}
	return all
}

func (c *Call) happened() {
	close(c.changed)
	c.changed = make(chan struct{})
}

var (
	tooLate      = problem(http.StatusNotFound, 10062, "Unknown interaction")
	acknowledged = problem(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
	badToken     = problem(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
)

// callBack takes the first answer, of which there is one, within three seconds.
func (g *Gateway) callBack(c call) reply {
	i := g.calls[c.PathValue("i")]
	switch {
	case i == nil || i.Token != c.PathValue("token"):
		return tooLate
	case i.kind != 0:
		return acknowledged
	case time.Since(i.sent) > 3*time.Second:
		return tooLate
	}
	var b struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data,omitempty"`
	}
	if v := strictly(c.body, &b); v != nil {
		return invalid(v)
	}
	if v := g.begin(i, b.Type, b.Data); v != nil {
		return invalid(v)
	}
	i.acked = time.Since(i.sent)
	i.happened()
	return reply{status: http.StatusNoContent, header: http.Header{}}
}

// begin keeps a first answer.
func (g *Gateway) begin(i *Call, kind int, data json.RawMessage) []Violation {
	s := g.s
	wrong := func(why string) []Violation {
		return []Violation{{Path: "type", Code: "BASE_TYPE_CHOICES", Message: why}}
	}
	typing, pressing := i.called.Focus != "", i.called.Press != ""
	var d struct {
		Flags int `json:"flags"`
	}
	switch {
	case typing != (kind == suggests):
		return wrong("What is typed is completed, and nothing else is.")
	case (kind == changesLater || kind == changesNow) && !pressing:
		return wrong("There is no message to change.")
	case kind == suggests:
		var list struct {
			Choices []Suggestion `json:"choices"`
		}
		if v := strictly(data, &list); v != nil {
			return v
		}
		if list.Choices == nil || len(list.Choices) > 25 {
			return []Violation{{Path: "data.choices", Code: "BASE_TYPE_BAD_LENGTH", Message: "Must be between 0 and 25 in length."}}
		}
		for n, c := range list.Choices {
			if units(c.Name) < 1 || units(c.Name) > 100 || units(c.Value) < 1 || units(c.Value) > 100 {
				return []Violation{{Path: fmt.Sprintf("data.choices.%d", n), Code: "BASE_TYPE_BAD_LENGTH", Message: "Must be between 1 and 100 in length."}}
			}
		}
		i.choices = list.Choices
	case kind == answersLater:
		if v := strictly(data, &d); v != nil {
			return v
		}
		i.private, i.shown = d.Flags&64 != 0, &Message{ID: s.newID(), Channel: i.called.Channel, Author: BotID, At: time.Now()}
	case kind == answersNow, kind == changesNow:
		b, found := Check(data)
		if len(found) > 0 {
			return found
		}
		m := &Message{ID: s.newID(), Channel: i.called.Channel, Author: BotID, At: time.Now()}
		m.replace(Request{Body: b}, s.newID)
		s.notify(m.Content, b.AllowedMentions)
		i.private, i.shown = b.Flags&64 != 0, m
	case kind == changesLater, kind == asksInAForm:
	default:
		return wrong("Not a kind of answer.")
	}
	i.kind = kind
	return nil
}

// strictly reads JSON in which nothing is unknown.
func strictly(data []byte, into any) []Violation {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return []Violation{{Code: "JSON", Message: err.Error()}}
	}
	return nil
}

// of returns the call whose token a request has. It is good for 15 minutes.
func (g *Gateway) of(c call) (*Call, *reply) {
	for _, i := range g.calls {
		if i.Token != c.PathValue("token") || c.PathValue("id") != AppID {
			continue
		}
		switch {
		case time.Since(i.sent) > 15*time.Minute:
			return nil, &badToken
		case i.kind == 0:
			return nil, &noWebhook
		}
		return i, nil
	}
	return nil, &noWebhook
}

func (g *Gateway) original(c call) reply {
	i, no := g.of(c)
	switch {
	case no != nil:
		return *no
	case i.root().shown == nil:
		return noMessage
	}
	return answer(withFlags(*i.root().shown, 64))
}

// editOriginal replaces what an edit names, even by nothing.
func (g *Gateway) editOriginal(c call) reply {
	s := g.s
	i, no := g.of(c)
	if no != nil {
		return *no
	}
	m := i.root().shown
	if i.kind == changesLater && i.on == nil && i.called.Message != "" {
		m = s.channels[i.called.Channel].find(i.called.Message)
	}
	if m == nil {
		return noMessage
	}
	b, found := CheckRequest(c.Header.Get("Content-Type"), c.body, m.fileIDs()...)
	if len(found) > 0 {
		return invalid(found)
	}
	var named map[string]json.RawMessage
	_ = json.Unmarshal(b.JSON, &named) // it was just read
	if _, ok := named["content"]; ok {
		m.Content = b.Content
	}
	m.replace(b, s.newID)
	m.Edits++
	i.edits++
	s.notify(m.Content, b.AllowedMentions)
	i.happened()
	return answer(m.json())
}

func (g *Gateway) removeOriginal(c call) reply {
	i, no := g.of(c)
	if no != nil {
		return *no
	}
	i.root().shown = nil
	i.happened()
	return reply{status: http.StatusNoContent, header: http.Header{}}
}

// followUp posts one more answer.
func (g *Gateway) followUp(c call) reply {
	s := g.s
	i, no := g.of(c)
	if no != nil {
		return *no
	}
	b, rep := checked(c.Header.Get("Content-Type"), c.body)
	if rep != nil {
		return *rep
	}
	m := Message{ID: s.newID(), Channel: i.called.Channel, Author: BotID, At: time.Now(), Body: b.JSON}
	m.replace(b, s.newID)
	i.follow = append(i.follow, m)
	i.happened()
	return answer(m.json())
}

// Command is one as it was registered.
type Command struct {
	Type                     int               `json:"type"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations"`
	Options                  []CommandOption   `json:"options"`
	DefaultMemberPermissions uint64            `json:"default_member_permissions"`
	Contexts                 []int             `json:"contexts"`
	IntegrationTypes         []int             `json:"integration_types"`
}

// CommandOption is a value that a command takes.
type CommandOption struct {
	Type                     int               `json:"type"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations"`
	Required                 bool              `json:"required"`
	Autocomplete             bool              `json:"autocomplete"`
	MaxLength                int               `json:"max_length"`
	ChannelTypes             []int             `json:"channel_types"`
	Choices                  []Suggestion      `json:"choices"`
	Options                  []CommandOption   `json:"options"` // of a command below another
}

// Commands are those that are registered, and how often they were.
func (g *Gateway) Commands() (list []Command, times int) {
	s := g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(g.commands), g.registered
}

// register replaces all commands.
func (g *Gateway) register(c call) reply {
	if c.PathValue("app") != AppID {
		return problem(http.StatusNotFound, 10002, "Unknown Application")
	}
	var list []Command
	if v := strictly(c.body, &list); v != nil {
		return invalid(v)
	}
	if v := checkCommands(list); len(v) > 0 {
		return invalid(v)
	}
	g.commands = list
	g.registered++
	return object([]any{})
}

// commandName is what Discord demands of the names of what is typed.
// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming
var commandName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]+$`) })

// discordLocales are those that Discord knows, of the ones anybody here uses.
var discordLocales = []string{"en-US", "en-GB", "hi", "es-ES", "es-419", "de", "fr", "pt-BR", "ja"}

func checkCommands(list []Command) (found []Violation) {
	fault := func(path, format string, args ...any) {
		found = append(found, Violation{Path: path, Code: "COMMAND", Message: fmt.Sprintf(format, args...)})
	}
	length := 0
	named := func(path string, typed bool, name string, names map[string]string) {
		for locale, n := range names {
			if !slices.Contains(discordLocales, locale) {
				fault(path+".name_localizations", "%q is no language", locale)
			}
			if typed && (!commandName().MatchString(n) || lower(n) != n) || units(n) > 32 {
				fault(path+".name_localizations."+locale, "%q is no name", n)
			}
		}
		if typed && (!commandName().MatchString(name) || lower(name) != name) || units(name) < 1 || units(name) > 32 {
			fault(path+".name", "%q is no name", name)
		}
		length += units(name)
	}
	described := func(path, text string, texts map[string]string) {
		for locale, t := range texts {
			if units(t) < 1 || units(t) > 100 {
				fault(path+".description_localizations."+locale, "%q is no description", t)
			}
		}
		if units(text) < 1 || units(text) > 100 {
			fault(path+".description", "%q is no description", text)
		}
		length += units(text)
	}
	var check func(at string, options []CommandOption, top bool)
	check = func(at string, options []CommandOption, top bool) {
		if len(options) > 25 {
			fault(at+".options", "more than 25")
		}
		optional := false
		for n, o := range options {
			in := fmt.Sprintf("%s.options.%d", at, n)
			named(in, true, o.Name, o.NameLocalizations)
			described(in, o.Description, o.DescriptionLocalizations)
			if o.Type == 1 && top { // all options are commands, or none is
				if options[0].Type != 1 || o.Required || o.Autocomplete || o.MaxLength > 0 || len(o.Choices) > 0 {
					fault(in, "not a command below another")
				}
				check(in, o.Options, false)
				continue
			}
			if o.Required && optional {
				fault(in+".required", "required options come first")
			}
			optional = optional || !o.Required
			switch {
			case (o.Type == 7 || o.Type == 8) && (o.MaxLength != 0 || o.Autocomplete || len(o.Choices) > 0 || o.Type == 8 && len(o.ChannelTypes) > 0):
				fault(in, "an option of a channel or a role has neither a length nor choices")
			case o.Type == 3 && (o.MaxLength < 1 && len(o.Choices) == 0 || o.MaxLength > 6000 || len(o.ChannelTypes) > 0):
				fault(in, "not an option of text")
			case o.Type != 3 && o.Type != 7 && o.Type != 8, options[0].Type == 1, len(o.Options) > 0:
				fault(in+".type", "%d is no type of option there", o.Type)
			}
			if len(o.Choices) > 25 || o.Autocomplete && len(o.Choices) > 0 {
				fault(in+".choices", "25 at most, and none with autocomplete")
			}
			for _, c := range o.Choices {
				if units(c.Name) < 1 || units(c.Name) > 100 || units(c.Value) < 1 || units(c.Value) > 100 {
					fault(in+".choices", "%q is too long or empty", c.Name)
				}
				length += units(c.Name) + units(c.Value)
			}
		}
	}
	seen := map[string]bool{}
	for i, c := range list {
		at := fmt.Sprintf("%d", i)
		length = 0
		named(at, c.Type == 1, c.Name, c.NameLocalizations)
		switch {
		case c.Type == 1:
			described(at, c.Description, c.DescriptionLocalizations)
		case c.Type == 3 && (c.Description != "" || len(c.Options) > 0 || len(c.DescriptionLocalizations) > 0):
			fault(at, "a command on messages has no description and no options")
		case c.Type != 3:
			fault(at+".type", "%d is no type", c.Type)
		}
		names := map[string]string{"": c.Name}
		maps.Copy(names, c.NameLocalizations)
		for locale, name := range names {
			key := fmt.Sprint(c.Type, locale, name)
			if seen[key] {
				fault(at+".name", "%q comes twice", name)
			}
			seen[key] = true
		}
		check(at, c.Options, true)
		if length > 8000 {
			fault(at, "more than 8000 characters")
		}
	}
	if len(list) > 100 {
		fault("", "more than 100 commands")
	}
	return found
}

func lower(s string) string { return string(bytes.ToLower([]byte(s))) }
