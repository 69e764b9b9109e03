package discord

import (
	"context"
	"errors"

	"onrecord/notifiers"
)

// Link implements [notifiers.Linker]. The address of a message names its server.
func (n *notifier) Link(ctx context.Context, to notifiers.Target, posted notifiers.Receipt) string {
	channel, id := placeOf(to, posted)
	if checkChannel(to) != nil || !snowflake.MatchString(id) {
		return ""
	}
	guild, err := n.guild(ctx, to.Address)
	if err != nil {
		return ""
	}
	return "https://discord.com/channels/" + guild + "/" + channel + "/" + id
}

// guild returns the server of a channel, which is asked for once.
func (n *notifier) guild(ctx context.Context, address string) (string, error) {
	n.mu.Lock()
	guild := n.guilds[address]
	n.mu.Unlock()
	if guild != "" {
		return guild, nil
	}
	var c channel
	if err := n.get(ctx, getChannel(address), &c, sendPatience); err != nil {
		return "", err
	}
	if !snowflake.MatchString(c.Guild) {
		return "", errors.New("the Discord channel " + address + " is in no server")
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.guilds[address] = c.Guild
	return c.Guild, nil
}
