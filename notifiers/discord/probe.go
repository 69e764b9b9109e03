package discord

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord/notifiers"
)

// Bits of a permission.
// https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags
const (
	administrator  = 1 << 3
	viewChannel    = 1 << 10
	sendMessages   = 1 << 11
	embedLinks     = 1 << 14
	readHistory    = 1 << 16
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
	taking  = append([]int{textChannel, directMessage, voiceChannel, announcementChannel, stageChannel, forumChannel, mediaChannel}, threads...)
)

// Probe implements [notifiers.Prober].
func (n *notifier) Probe(ctx context.Context, to notifiers.Target) error {
	if err := checkChannel(to); err != nil {
		return malformed(notifiers.WholeChannel, getChannel(to.Address), err)
	}
	c, have, err := n.permissions(ctx, to.Address, sendPatience)
	if err != nil {
		return err
	}
	r := getChannel(to.Address)
	if !slices.Contains(taking, c.Type) {
		return malformed(notifiers.WholeChannel, r, fmt.Errorf("it is of type %d and takes no messages: name a text channel, an announcement channel, a forum or a thread", c.Type))
	}
	if err := publishes(to, c.Type); err != nil {
		return malformed(notifiers.WholeChannel, r, err)
	}
	if missing := c.missing(have); len(missing) > 0 {
		return malformed(notifiers.WholeChannel, r, fmt.Errorf("the bot lacks %s: grant it there", strings.Join(missing, ", ")))
	}
	if c.sorted() {
		return n.probeTags(ctx, to)
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
	needs := []struct {
		bit  bits
		name string
	}{
		{viewChannel, "View Channel"}, {sendMessages, "Send Messages"}, {embedLinks, "Embed Links"}, {readHistory, "Read Message History"},
	}
	if slices.Contains(threads, c.Type) {
		needs = slices.Delete(needs, 1, 2)
	}
	if c.sorted() || slices.Contains(threads, c.Type) {
		needs = slices.Insert(needs, len(needs)-2, struct {
			bit  bits
			name string
		}{sendInThreads, "Send Messages in Threads"})
	}
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
