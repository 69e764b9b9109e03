package discord

import (
	"context"

	"onrecord/notifiers"
)

// Link implements [notifiers.Linker]. The address of a message names its server, which is
// asked for once.
func (n *notifier) Link(ctx context.Context, to notifiers.Target, posted notifiers.Receipt) string {
	if checkChannel(to) != nil || !snowflake.MatchString(posted.ID) {
		return ""
	}
	n.mu.Lock()
	guild := n.guilds[to.Address]
	n.mu.Unlock()
	if guild == "" {
		var c channel
		if err := n.get(ctx, getChannel(to.Address), &c, sendPatience); err != nil || !snowflake.MatchString(c.Guild) {
			return ""
		}
		n.mu.Lock()
		defer n.mu.Unlock()
		guild = c.Guild
		n.guilds[to.Address] = guild
	}
	return "https://discord.com/channels/" + guild + "/" + to.Address + "/" + posted.ID
}
