package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
)

// Bits of a permission.
// https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags
const (
	administrator  = 1 << 3
	viewChannel    = 1 << 10
	sendMessages   = 1 << 11
	embedLinks     = 1 << 14
	attachFiles    = 1 << 15
	readHistory    = 1 << 16
	manageRoles    = 1 << 28
	createThreads  = 1 << 35
	createPrivate  = 1 << 36
	sendInThreads  = 1 << 38
	allPermissions = 1<<63 - 1
)

// Types of channels that take messages.
const (
	textChannel         = 0
	directMessage       = 1
	voiceChannel        = 2
	announcementChannel = 5
	announcementThread  = 10
	publicThread        = 11
	privateThread       = 12
	stageChannel        = 13
)

var (
	threads = []int{announcementThread, publicThread, privateThread}
	inGuild = append([]int{textChannel, voiceChannel, announcementChannel, stageChannel}, threads...)
	told    = append([]int{forumChannel}, inGuild...) // that people choose from: Discord takes no media channel there
	taking  = append([]int{directMessage, mediaChannel}, told...)
)

// Probe implements [notifiers.Prober].
func (n *notifier) Probe(ctx context.Context, to notifiers.Target) error {
	r := getChannel(to.Address)
	if err := checkChannel(to); err != nil {
		return malformed(notifiers.WholeChannel, r, err)
	}
	c, have, err := n.permissions(ctx, to.Address, sendPatience)
	if err != nil {
		return err
	}
	if !slices.Contains(taking, c.Type) {
		return malformed(notifiers.WholeChannel, r, fmt.Errorf("it is of type %d and takes no messages: name a text channel, an announcement channel, a forum or a thread", c.Type))
	}
	if to.Reader != "" {
		return n.privately(r, c, have)
	}
	if err := publishes(to, c.Type); err != nil {
		return malformed(notifiers.WholeChannel, r, err)
	}
	if needs := c.needs(to); len(have.without(needs)) > 0 {
		return n.lacks(r, c, have, needs)
	}
	if c.sorted() {
		return n.probeTags(ctx, to)
	}
	return nil
}

// lacks says which permissions the bot is without, and what gives them: an invitation
// gives it what it has in none of the server's channels, and the settings of the channel
// what they deny there.
func (n *notifier) lacks(r route, c channel, have bits, needs []permission) error {
	missing := have.without(needs)
	if len(c.base.without(needs)) == 0 {
		return malformed(notifiers.WholeChannel, r, fmt.Errorf("the bot lacks %s: the settings of the channel deny it, so allow it there, under Permissions", strings.Join(missing, ", ")))
	}
	cure := n.invitation(c.Guild, needs...)
	err := malformed(notifiers.WholeChannel, r, fmt.Errorf("the bot lacks %s: grant it there, or invite it again, which keeps what it has: %s", strings.Join(missing, ", "), cure))
	err.Cure = cure
	return err
}

// usualInvitation is every permission the bot makes use of everywhere. What few need, as
// private threads and roles, is asked for where it is missing.
const usualInvitation = viewChannel | sendMessages | embedLinks | attachFiles | readHistory | createThreads | sendInThreads

// invitation is where somebody with Manage Server gives the bot its permissions in a
// server. A bot's application has the bot's number, but for the oldest.
// https://discord.com/developers/docs/topics/oauth2#bot-authorization-flow
func (n *notifier) invitation(guild string, needs ...permission) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	asked := bits(usualInvitation)
	for _, p := range needs {
		asked |= p.bit
	}
	return fmt.Sprintf("https://discord.com/oauth2/authorize?client_id=%s&disable_guild_select=true&guild_id=%s&permissions=%d&scope=bot+applications.commands", n.self, guild, asked)
}

// Rehearse implements [notifiers.Rehearser]: what the permissions promise is tried, with a
// card, as Discord leaves cards out without a word.
func (n *notifier) Rehearse(ctx context.Context, to notifiers.Target) error {
	if err := n.Probe(ctx, to); err != nil {
		return err
	}
	if f, err := n.asForum(ctx, to.Address, true); err != nil || f != nil {
		return err // its posts are threads, and a thread cannot be taken back without Manage Threads
	}
	r := createMessage(to.Address)
	body, err := message.Trial().Bytes()
	if err != nil {
		return err
	}
	x, err := n.do(ctx, r, message.Payload{Type: jsonType, Bytes: body}, sendPatience)
	if err == nil && x.code == codeArchived {
		n.unarchive(ctx, to.Address)
		x, err = n.do(ctx, r, message.Payload{Type: jsonType, Bytes: body}, sendPatience)
	}
	if err != nil {
		return err
	}
	id := x.id()
	if id == "" {
		return refused(r, x)
	}
	var posted entry
	shown := json.Unmarshal(x.body, &posted) == nil && len(posted.Embeds) > 0
	r = removeMessage(to.Address, id)
	x, err = n.do(ctx, r, message.Payload{}, findPatience)
	switch {
	case err != nil:
		return err
	case !x.ok() && x.code != codeUnknownMessage:
		return refused(r, x)
	case !shown:
		return malformed(notifiers.WholeChannel, r, errors.New("the trial message came without its card: allow the bot Embed Links there"))
	}
	return nil
}

// privately says what keeps readers from having private threads in a channel.
func (n *notifier) privately(r route, c channel, have bits) error {
	if c.Type != textChannel {
		return malformed(notifiers.WholeChannel, r, errors.New("only a text channel has private threads for its readers"))
	}
	needs := []permission{
		{viewChannel, "View Channel", "to be there"},
		{createPrivate, "Create Private Threads", "for what readers ask to hear of"},
		{sendInThreads, "Send Messages in Threads", "for what readers ask to hear of"},
		{readHistory, "Read Message History", "to find their threads again"},
	}
	if len(have.without(needs)) > 0 {
		return n.lacks(r, c, have, needs)
	}
	return nil
}

// probeTags says whether a forum demands a tag that it has not.
func (n *notifier) probeTags(ctx context.Context, to notifiers.Target) error {
	f, err := n.asForum(ctx, to.Address, true)
	if err != nil || f == nil || f.Flags&requireTag == 0 || slices.ContainsFunc(f.Tags, func(t tag) bool { return !t.Moderated }) {
		return err
	}
	return malformed(notifiers.WholeChannel, getChannel(to.Address), errNoTag)
}

// Describe implements [notifiers.Describer].
func (n *notifier) Describe(ctx context.Context, to notifiers.Target) string {
	if f, err := n.asForum(ctx, to.Address, true); err != nil || f == nil {
		return ""
	}
	return "a forum: each case has a post of its own"
}

// channel is what is read of one.
type channel struct {
	Type       int         `json:"type"`
	Guild      string      `json:"guild_id"`
	Parent     string      `json:"parent_id"`
	Overwrites []overwrite `json:"permission_overwrites"`

	base bits // what the bot may do in the server, whatever the channel says
}

// sorted reports whether each case is apart there.
func (c channel) sorted() bool { return c.Type == forumChannel || c.Type == mediaChannel }

// overwrite changes permissions in one channel for a role or a member.
type overwrite struct {
	ID    string `json:"id"`
	Allow bits   `json:"allow"`
	Deny  bits   `json:"deny"`
}

// bits are permissions, which Discord writes as a decimal string.
type bits uint64

func (b *bits) UnmarshalJSON(data []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(data), `"`), 10, 64)
	*b = bits(n)
	return err
}

// needs are what a channel takes for what is to be shown there. Publishing the bot's own
// messages takes no more than posting them.
// https://discord.com/developers/docs/topics/permissions
func (c channel) needs(to notifiers.Target) []permission {
	inThread := slices.Contains(threads, c.Type)
	needs := []permission{{viewChannel, "View Channel", "to be there"}}
	add := func(when bool, p permission) {
		if when {
			needs = append(needs, p)
		}
	}
	add(!inThread, permission{sendMessages, "Send Messages", "for every message"})
	add(c.sorted() || inThread, permission{sendInThreads, "Send Messages in Threads", "for every message"})
	add(to.Lane == onrecord.Unabridged && c.hasThreads(), permission{createThreads, "Create Public Threads", "for what is too long for a message"})
	add(to.Lane == onrecord.Unabridged && c.hasThreads(), permission{sendInThreads, "Send Messages in Threads", "for what is too long for a message"})
	add(true, permission{embedLinks, "Embed Links", "for cards"})
	add(to.Files, permission{attachFiles, "Attach Files", "for the pictures of digests"})
	add(true, permission{readHistory, "Read Message History", "for answers, and to look for what may have arrived"})
	return needs
}

// hasThreads reports whether a thread can stand below a message of it.
func (c channel) hasThreads() bool { return c.Type == textChannel || c.Type == announcementChannel }

// permission is a bit as people read it in the settings.
type permission struct {
	bit  bits
	name string
	use  string // what it is for
}

// without names those of some permissions that are not among what somebody has, and what
// they are for.
func (have bits) without(needs []permission) (names []string) {
	for _, need := range needs {
		if have&need.bit == 0 {
			names = append(names, need.name+" ("+need.use+")")
		}
	}
	return names
}

// permissions computes what the bot may do in a channel. A thread has the
// overwrites of its parent.
// https://discord.com/developers/docs/topics/permissions#permission-overwrites
func (n *notifier) permissions(ctx context.Context, id string, patience time.Duration) (channel, bits, error) {
	var c channel
	self, err := n.whoAmI(ctx, patience)
	if err != nil {
		return c, 0, err
	}
	if err := n.get(ctx, getChannel(id), &c, patience); err != nil {
		return c, 0, err
	}
	if c.Guild == "" { // a conversation of two
		return c, allPermissions, nil
	}
	over := c.Overwrites
	if slices.Contains(threads, c.Type) {
		var parent channel
		if err := n.get(ctx, getChannel(c.Parent), &parent, patience); err != nil {
			return c, 0, err
		}
		over = parent.Overwrites
	}
	var roles []struct {
		ID          string `json:"id"`
		Permissions bits   `json:"permissions"`
	}
	if err := n.get(ctx, guildRoles(c.Guild), &roles, patience); err != nil {
		return c, 0, err
	}
	var member struct {
		Roles []string `json:"roles"`
	}
	if err := n.get(ctx, guildMember(c.Guild, self), &member, patience); err != nil {
		return c, 0, err
	}
	var have bits
	for _, r := range roles {
		if r.ID == c.Guild || slices.Contains(member.Roles, r.ID) { // the role of everyone has the server's id
			have |= r.Permissions
		}
	}
	if c.base = have; have&administrator != 0 {
		c.base = allPermissions
	}
	return c, overwritten(have, over, c.Guild, self, member.Roles), nil
}

// overwritten applies the overwrites in Discord's order: everyone's, those of
// all the roles together, the member's.
func overwritten(have bits, over []overwrite, everyone, self string, roles []string) bits {
	if have&administrator != 0 {
		return allPermissions
	}
	for _, applies := range []func(id string) bool{
		func(id string) bool { return id == everyone },
		func(id string) bool { return slices.Contains(roles, id) },
		func(id string) bool { return id == self },
	} {
		var allow, deny bits
		for _, o := range over {
			if applies(o.ID) {
				allow, deny = allow|o.Allow, deny|o.Deny
			}
		}
		have = have&^deny | allow
	}
	if have&viewChannel == 0 {
		return 0
	}
	return have
}
