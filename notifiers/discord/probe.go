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
	taking  = append([]int{directMessage, forumChannel, mediaChannel}, inGuild...)
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
		return c.privately(r, have)
	}
	if err := publishes(to, c.Type); err != nil {
		return malformed(notifiers.WholeChannel, r, err)
	}
	if missing := c.missing(have); len(missing) > 0 {
		return n.lacks(r, c, missing)
	}
	if c.sorted() {
		return n.probeTags(ctx, to)
	}
	return nil
}

// lacks says which permissions the bot is without, and what gives them: an invitation
// gives it what it has in none of the server's channels, and the settings of the channel
// what they deny there.
func (n *notifier) lacks(r route, c channel, missing []string) error {
	everywhere := c.missing(c.base)
	if len(everywhere) == 0 {
		return malformed(notifiers.WholeChannel, r, fmt.Errorf("the bot lacks %s: the settings of the channel deny it, so allow it there, under Permissions", strings.Join(missing, ", ")))
	}
	n.mu.Lock()
	cure := invitation(n.self, c.Guild)
	n.mu.Unlock()
	err := malformed(notifiers.WholeChannel, r, fmt.Errorf("the bot lacks %s: grant it there, or invite it again, which keeps what it has: %s", strings.Join(missing, ", "), cure))
	err.Cure = cure
	return err
}

// wholeInvitation is every permission the bot makes use of.
const wholeInvitation = viewChannel | sendMessages | embedLinks | attachFiles | readHistory | createThreads | sendInThreads

// invitation is where somebody with Manage Server gives the bot its permissions in a
// server. A bot's application has the bot's number, but for the oldest.
// https://discord.com/developers/docs/topics/oauth2#bot-authorization-flow
func invitation(bot, guild string) string {
	return fmt.Sprintf("https://discord.com/oauth2/authorize?client_id=%s&disable_guild_select=true&guild_id=%s&permissions=%d&scope=bot+applications.commands", bot, guild, wholeInvitation)
}

// Rehearse implements [notifiers.Rehearser]: what the permissions promise is tried, with a
// card, as Discord leaves cards out without a word.
func (n *notifier) Rehearse(ctx context.Context, to notifiers.Target) error {
	if err := n.Probe(ctx, to); err != nil {
		return err
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
func (c channel) privately(r route, have bits) error {
	if c.Type != textChannel {
		return malformed(notifiers.WholeChannel, r, errors.New("only a text channel has private threads for its readers"))
	}
	missing := have.without([]permission{{viewChannel, "View Channel"}, {createPrivate, "Create Private Threads"}, {sendInThreads, "Send Messages in Threads"}, {readHistory, "Read Message History"}})
	if len(missing) > 0 {
		return malformed(notifiers.WholeChannel, r, fmt.Errorf("the bot lacks %s: grant it there", strings.Join(missing, ", ")))
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

// missing names what posting, and looking for an unclear post, needs.
func (c channel) missing(have bits) (names []string) {
	needs := []permission{
		{viewChannel, "View Channel"}, {sendMessages, "Send Messages"}, {embedLinks, "Embed Links"}, {readHistory, "Read Message History"},
	}
	if slices.Contains(threads, c.Type) {
		needs = slices.Delete(needs, 1, 2)
	}
	if c.sorted() || slices.Contains(threads, c.Type) {
		needs = slices.Insert(needs, len(needs)-2, permission{sendInThreads, "Send Messages in Threads"})
	}
	return have.without(needs)
}

// permission is a bit as people read it in the settings.
type permission struct {
	bit  bits
	name string
}

// without names those of some permissions that are not among what somebody has.
func (have bits) without(needs []permission) (names []string) {
	for _, need := range needs {
		if have&need.bit == 0 {
			names = append(names, need.name)
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
