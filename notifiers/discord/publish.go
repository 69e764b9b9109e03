package discord

import (
	"context"
	"errors"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
)

// codePublished says that a message was published before.
const codePublished = 40033

// Publish implements [notifiers.Publisher]: servers that follow an announcement channel get
// a copy. A message that was published before, or that somebody deleted, counts as done.
// https://discord.com/developers/docs/resources/message#crosspost-message
func (n *notifier) Publish(ctx context.Context, to notifiers.Target, posted notifiers.Receipt) error {
	channel, id := placeOf(to, posted)
	r := crosspost(channel, id)
	if err := checkChannel(to); err != nil {
		return malformed(notifiers.WholeChannel, r, err)
	}
	if !snowflake.MatchString(id) {
		return malformed(notifiers.OneDelivery, r, errors.New("the receipt does not name a message"))
	}
	x, err := n.do(ctx, r, message.Payload{}, sendPatience)
	switch {
	case err != nil:
		return err
	case x.ok(), x.code == codePublished, x.code == codeUnknownMessage:
		return nil
	}
	return refused(r, x)
}

// publishes says why nothing can be published from a channel of a type.
func publishes(to notifiers.Target, kind int) error {
	if to.Lane == onrecord.Published && kind != announcementChannel {
		return errors.New("only messages of an announcement channel can be published: make it one in its settings, or leave out `publish`")
	}
	return nil
}
