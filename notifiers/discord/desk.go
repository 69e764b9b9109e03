package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	dg "github.com/bwmarrin/discordgo"

	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
	"onrecord/statements/card"
)

const (
	// answerTime is how long Discord waits for the acknowledgement of a command, and
	// workTime how long for its answer, of the quarter of an hour that it would take one.
	// https://discord.com/developers/docs/interactions/receiving-and-responding
	answerTime = 3 * time.Second
	workTime   = 5 * time.Minute
	// mostUnderWay bounds what is answered at the same time, mostAtWork what of it asks
	// the database: the others wait.
	mostUnderWay, mostAtWork = 256, 8
	// maxAsked bounds what is read of a message that a command is called on.
	maxAsked = 8000
)

// Types of interactions, of commands, and of the first answer.
const (
	typedCommand  = 2
	pressedButton = 3
	autocompletes = 4

	chatCommand    = 1
	messageCommand = 3

	answerNow       = 4
	answerLater     = 5
	changeLater     = 6
	answerOfChoices = 8

	ephemeral = 1 << 6 // flag of a message that only who asked sees
)

// Discord's own codes about interactions.
const (
	codeAcknowledged = 40060
	codeTooManyMade  = 30034
)

// interaction is what is read of one.
type interaction struct {
	ID    string `json:"id"`
	App   string `json:"application_id"`
	Type  int    `json:"type"`
	Token string `json:"token"`
	Data  struct {
		Name     string  `json:"name"`
		Type     int     `json:"type"`
		Options  []given `json:"options"`
		CustomID string  `json:"custom_id"`
		Target   string  `json:"target_id"`
		Resolved struct {
			Messages map[string]entry `json:"messages"`
			Channels map[string]struct {
				Permissions bits `json:"permissions"` // of who called it, there
			} `json:"channels"`
		} `json:"resolved"`
	} `json:"data"`
	Channel string `json:"channel_id"`
	In      struct {
		Type   int    `json:"type"`
		Parent string `json:"parent_id"`
	} `json:"channel"`
	Member *struct {
		User        user     `json:"user"`
		Nick        string   `json:"nick"`
		Permissions bits     `json:"permissions"`
		Roles       []string `json:"roles"`
	} `json:"member"`
	User    *user `json:"user"`
	Message *struct {
		ID         string        `json:"id"`
		Channel    string        `json:"channel_id"`
		Flags      int           `json:"flags"`
		Components []message.Row `json:"components"`
	} `json:"message"`
}

// given is an option as it was typed, or a command below another.
type given struct {
	Type    int             `json:"type"`
	Name    string          `json:"name"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []given         `json:"options"`
}

// typed returns the interaction with the command that it calls in place of the one that
// it is typed below.
func (i interaction) typed() interaction {
	if list := i.Data.Options; len(list) == 1 && list[0].Type == commandBelow {
		i.Data.Name, i.Data.Options = i.Data.Name+"-"+list[0].Name, list[0].Options
	}
	return i
}

type user struct {
	ID     string `json:"id"`
	Name   string `json:"username"`
	Global string `json:"global_name"`
}

// by is who called it, "" when nobody can tell.
func (i interaction) by() (who notifiers.Reader) {
	of := i.User
	nick := ""
	if i.Member != nil {
		of, nick = &i.Member.User, i.Member.Nick
	}
	if of == nil || !snowflake.MatchString(of.ID) {
		return who
	}
	for _, name := range []string{nick, of.Global, of.Name, "somebody"} {
		if name = card.Line(name, maxName); name != "" {
			return notifiers.Reader{ID: of.ID, Name: name}
		}
	}
	return who
}

const maxName = 60

// manages reports whether who called it may manage the channel or its server, as
// Discord says with the call. In a conversation of two nobody does.
func (i interaction) manages() bool {
	return i.Member != nil && i.Member.Permissions&managing != 0
}

// managesServer reports whether who called it may manage the whole server.
func (i interaction) managesServer() bool {
	return i.Member != nil && i.Member.Permissions&(administrator|1<<5) != 0
}

// gives reports whether who called it may give roles, and which they have; nil: they may
// give any.
func (i interaction) gives() (may bool, has []string) {
	switch {
	case i.Member == nil || i.Member.Permissions&(administrator|manageRoles) == 0:
		return false, nil
	case i.Member.Permissions&administrator != 0:
		return true, nil
	}
	return true, append([]string{}, i.Member.Roles...)
}

const managing = administrator | 1<<4 | 1<<5 // Manage Channels, Manage Server

// managed are the channels given with it that who called it may manage, as Discord says
// of each.
func (i interaction) managed() (ids []string) {
	for id, c := range i.Data.Resolved.Channels {
		if i.Member != nil && c.Permissions&managing != 0 && snowflake.MatchString(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// values are the options that were given.
func (i interaction) values(of notifiers.Command) map[string]string {
	values := map[string]string{}
	for _, given := range i.Data.Options {
		for _, o := range of.Options {
			var text string
			if o.Name == given.Name && json.Unmarshal(given.Value, &text) == nil {
				switch {
				case !o.Channel && !o.Role:
					values[o.Name] = clip(strings.TrimSpace(strings.ToValidUTF8(text, "")), o.Max)
				case snowflake.MatchString(text):
					values[o.Name] = text
				}
			}
		}
	}
	return values
}

// clip bounds what a client sent in spite of the limit it was told.
func clip(s string, max int) string {
	if r := []rune(s); len(r) > max {
		return string(r[:max])
	}
	return s
}

// text is what stands in the message that it was called on, and where its cards lead.
func (i interaction) text() string {
	m := i.Data.Resolved.Messages[i.Data.Target]
	parts := append(m.lines(), m.links()...)
	for _, e := range m.Embeds {
		parts = append(parts, e.Footer.Text)
	}
	return clip(strings.ToValidUTF8(strings.Join(parts, "\n"), ""), maxAsked)
}

// desk answers what comes through the gateway.
type desk struct {
	*commander
	notifiers.Desk
	allowance *allowance
	work      chan struct{}

	mu       sync.Mutex
	underWay int
	closed   bool
	idle     sync.WaitGroup
}

// enter begins something that must have ended before the desk closes, unless it is
// closed, or there is too much of it.
func (d *desk) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.underWay >= mostUnderWay {
		return false
	}
	d.underWay++
	d.idle.Add(1)
	return true
}

func (d *desk) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.underWay--
	d.idle.Done()
}

// close waits for what is under way, whose context has ended. Nothing is asked of the
// database afterwards.
func (d *desk) close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.idle.Wait()
}

func newDesk(c *commander, d notifiers.Desk) *desk {
	return &desk{commander: c, Desk: d, allowance: newAllowance(), work: make(chan struct{}, mostAtWork)}
}

// event takes what the gateway says. The library calls it in a goroutine of its own, in
// which a panic would be the end of the program.
func (d *desk) event(ctx context.Context, e *dg.Event, ready chan<- string) {
	defer func() {
		if r := recover(); r != nil {
			d.log.Error("discord: a command broke", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	switch e.Type {
	case "READY":
		var told struct {
			Application struct {
				ID string `json:"id"`
			} `json:"application"`
		}
		if err := json.Unmarshal(e.RawData, &told); err != nil || !snowflake.MatchString(told.Application.ID) {
			d.log.Warn("discord: the gateway does not say which application this is")
			return
		}
		select {
		case ready <- told.Application.ID:
		default: // it was said before
		}
	case "INTERACTION_CREATE":
		var i interaction
		if err := json.Unmarshal(e.RawData, &i); err != nil || !snowflake.MatchString(i.ID) || !snowflake.MatchString(i.App) || !callToken.MatchString(i.Token) {
			d.log.Warn("discord: a command is unreadable and was left alone")
			return
		}
		d.take(ctx, i.typed())
	}
}

// take answers a command.
func (d *desk) take(ctx context.Context, i interaction) {
	if d.limits.resting() > answerTime {
		d.log.Warn("discord: a command was left alone, as Discord wants to be")
		return
	}
	if !d.enter() {
		d.log.Warn("discord: a command was left alone: there are too many, or the program is stopping")
		return
	}
	defer d.leave()
	who := i.by()
	r := notifiers.Request{By: who, Channel: i.Channel, Manages: i.manages(), Managed: i.managed(), ManagesServer: i.managesServer()}
	r.GivesRoles, r.Roles = i.gives()
	if slices.Contains(threads, i.In.Type) {
		r.Parent = i.In.Parent
	}
	name, trigger := i.Data.Name, notifiers.Typed
	switch {
	case who.ID == "":
		return
	case i.Type == autocompletes:
		d.suggest(ctx, i)
		return
	case i.Type == typedCommand && i.Data.Type == messageCommand:
		trigger, r.Text = notifiers.OnText, i.text()
	case i.Type == typedCommand && i.Data.Type == chatCommand:
	case i.Type == pressedButton:
		var known bool
		if name, r.Press, known = message.ParseCustomID(i.Data.CustomID); !known || len(r.Press) > notifiers.MaxPress || r.Press == "" {
			d.say(ctx, i, "This button is from another version of the program. Ask again with a command.")
			return
		}
		trigger = notifiers.Pressed
	default:
		return
	}
	c, ok := d.command(name, trigger)
	if !ok {
		d.say(ctx, i, "This command is from another version of the program. Discord may show the new ones only after it is started anew.")
		return
	}
	r.Values = i.values(c)
	if wait := d.allowance.use(who.ID, 1, time.Now()); wait > 0 {
		d.say(ctx, i, fmt.Sprintf("You ask faster than this can answer. Try again in %d seconds.", int(math.Ceil(wait.Seconds()))))
		return
	}
	d.answer(ctx, i, c, r)
}

// command finds one by its name. A button calls any that typing does.
func (d *desk) command(name string, trigger notifiers.Trigger) (notifiers.Command, bool) {
	for _, c := range d.Commands {
		called := c.Name
		if c.Trigger == notifiers.OnText {
			called = c.Labels[english].Name
		}
		if called == name && (c.Trigger == trigger || trigger == notifiers.Pressed) {
			return c, true
		}
	}
	return notifiers.Command{}, false
}

// answer acknowledges first, which takes no database, and does the work then. Who
// acknowledges a command answers it: of several that hear of it, Discord lets only one.
func (d *desk) answer(ctx context.Context, i interaction, c notifiers.Command, r notifiers.Request) {
	first := callback{Type: answerLater, Data: &callbackData{Flags: ephemeral}}
	if i.Message != nil && i.Message.Flags&ephemeral != 0 {
		first = callback{Type: changeLater}
	}
	if !d.call(ctx, i, first) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, workTime)
	defer cancel()
	a, err := d.run(ctx, c, r)
	if err != nil {
		d.log.Error("discord: a command did not work", "command", c.Name, "error", err)
		a = notifiers.Answer{Head: "That did not work just now. Nothing was changed; try again in a minute, and tell the operator if it stays so."}
	}
	d.show(ctx, i, a)
	if a.Settled != "" && i.Message != nil && snowflake.MatchString(i.Message.ID) && i.Message.Channel == i.Channel {
		d.settle(ctx, i, a.Settled)
	}
}

// run does the work of a command when it is its turn.
func (d *desk) run(ctx context.Context, c notifiers.Command, r notifiers.Request) (a notifiers.Answer, err error) {
	select {
	case d.work <- struct{}{}:
		defer func() { <-d.work }()
	case <-ctx.Done():
		return a, ctx.Err()
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it broke: %v\n%s", p, debug.Stack())
		}
	}()
	return c.Run(ctx, r)
}

// show puts the answer where the acknowledgement stands, which can be done twice.
func (d *desk) show(ctx context.Context, i interaction, a notifiers.Answer) {
	reply := message.ReplyOf(a)
	wait := shortestWait
	for range 6 {
		p, err := reply.Payload()
		if err != nil {
			d.log.Error("discord: an answer cannot be written", "error", err)
			return
		}
		x := d.open(ctx, editAnswer(i), p)
		if x.code == codeNoPermission && len(reply.Files) > 0 { // where nothing may be attached it goes without
			reply.Files = nil
			continue
		}
		if x.ok() || x.status >= 400 && x.status < 500 && x.status != http.StatusTooManyRequests {
			if !x.ok() {
				d.log.Warn("discord: an answer was not taken", "error", x.describe(editAnswer(i), "").Error())
			}
			return
		}
		rest(ctx, max(wait, x.retry))
		wait *= 2
	}
}

// settle says on the message that was clicked what was decided. When that fails, whoever
// clicks next is told all the same.
func (d *desk) settle(ctx context.Context, i interaction, what string) {
	r := editMessage(i.Message.Channel, i.Message.ID)
	body, err := message.Settled(i.Message.Components, what).Bytes()
	if err == nil {
		var x *exchange
		if x, err = d.do(ctx, r, message.Payload{Type: jsonType, Bytes: body}, findPatience); err == nil && !x.ok() {
			err = refused(r, x)
		}
	}
	if err != nil {
		d.log.Warn("discord: a decision is kept, and its message still shows the buttons", "error", err)
	}
}

// callback is the first answer to an interaction.
type callback struct {
	Type int           `json:"type"`
	Data *callbackData `json:"data,omitempty"`
}

type callbackData struct {
	Flags           int               `json:"flags,omitempty"`
	Content         string            `json:"content,omitempty"`
	AllowedMentions *message.Mentions `json:"allowed_mentions,omitempty"`
	Choices         *[]choice         `json:"choices,omitempty"` // an empty list is not the same as none
}

// say answers at once, in a line of ours.
func (d *desk) say(ctx context.Context, i interaction, text string) {
	if i.Type != autocompletes {
		d.call(ctx, i, callback{Type: answerNow, Data: &callbackData{Flags: ephemeral, Content: text, AllowedMentions: message.Nobody()}})
	}
}

// call sends the first answer and reports whether it is ours: Discord takes one. A lost
// one is sent once more, and Discord says then if it had arrived.
func (d *desk) call(ctx context.Context, i interaction, first callback) bool {
	body, err := json.Marshal(first)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	p := message.Payload{Type: jsonType, Bytes: body}
	x := d.open(ctx, acknowledge(i), p)
	if x.status == 0 || x.status >= 500 {
		if x = d.open(ctx, acknowledge(i), p); x.code == codeAcknowledged {
			return true
		}
	}
	if !x.ok() {
		d.log.Warn("discord: a command could not be acknowledged", "error", x.describe(acknowledge(i), "").Error())
	}
	return x.ok()
}

const jsonType = "application/json"

// open makes a request that no limit of ours is for; refusals count all the same.
func (d *desk) open(ctx context.Context, r route, p message.Payload) *exchange {
	x := d.request(ctx, r, p)
	d.limits.noteRefusal(x)
	return x
}

// suggest completes what somebody types, from memory.
func (d *desk) suggest(ctx context.Context, i interaction) {
	choices := []choice{}
	c, ok := d.command(i.Data.Name, notifiers.Typed)
	if ok && d.allowance.use(i.by().ID, 1./8, time.Now()) == 0 {
		for _, given := range i.Data.Options {
			for _, o := range c.Options {
				var typed string
				if !given.Focused || o.Name != given.Name || json.Unmarshal(given.Value, &typed) != nil {
					continue
				}
				switch typed = clip(typed, message.MaxChoice); {
				case o.Suggest != nil:
					choices = append(choices, choicesOf(o.Suggest(typed))...)
				case o.SuggestIn != nil:
					choices = append(choices, choicesOf(o.SuggestIn(i.Channel, typed))...)
				}
			}
		}
	}
	d.call(ctx, i, callback{Type: answerOfChoices, Data: &callbackData{Choices: &choices}})
}

// register tells Discord what commands there are, when it does not know. A bot that may
// not do so today tries again tomorrow; posting goes on.
func (d *desk) register(ctx context.Context, app string, over <-chan struct{}) {
	defer func() {
		if r := recover(); r != nil {
			d.log.Error("discord: the commands could not be registered", "panic", fmt.Sprint(r))
		}
	}()
	if !d.enter() {
		return
	}
	defer d.leave()
	body, err := json.Marshal(definitions(d.Commands))
	if err != nil {
		d.log.Error("discord: the commands cannot be written", "error", err)
		return
	}
	sum := sha256.Sum256(append([]byte(app+"\n"), body...))
	hash := hex.EncodeToString(sum[:])
	wait := shortestWait
	for ctx.Err() == nil {
		err := d.registerOnce(ctx, app, hash, body)
		if err == nil {
			return
		}
		var failed *notifiers.Error
		if errors.As(err, &failed) && failed.Code == fmt.Sprint(codeTooManyMade) {
			wait = maxPause
		}
		d.log.Warn("discord: the commands could not be registered; the old ones, if any, are still shown", "error", err, "again_in", wait.String())
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-over:
			t.Stop()
			return
		case <-ctx.Done():
			t.Stop()
			return
		}
		wait = min(2*wait, longestWait)
	}
}

// registered is where the hash of what Discord knows is kept.
const registered = "discord/commands"

func (d *desk) registerOnce(ctx context.Context, app, hash string, body []byte) error {
	known, err := d.Recall(ctx, registered)
	if err != nil || known == hash {
		return err
	}
	x, err := d.do(ctx, putCommands(app), message.Payload{Type: jsonType, Bytes: body}, findPatience)
	if err != nil {
		return err
	}
	if !x.ok() || x.bodyErr != nil {
		return refused(putCommands(app), x)
	}
	d.log.Info("discord: the commands are registered", "commands", len(d.Commands))
	return d.Remember(ctx, registered, hash)
}
