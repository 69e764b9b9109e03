package discord

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
)

// What a message has no room for goes into a thread below it, which has its id: there is one
// at most, so that making it twice is the same as once. In a forum, and wherever else there are
// no threads, it answers the message instead.
// https://discord.com/developers/docs/resources/channel#start-thread-from-message

// daysLong is after how many minutes such a thread is archived. Who writes in it opens it.
const daysLong = 4320

// Discord's own codes about threads below messages.
const (
	codeWrongType   = 50024
	codeThreadThere = 160004
)

// newThreadBelow makes one.
type newThreadBelow struct {
	Name    string `json:"name"`
	Archive int    `json:"auto_archive_duration"`
}

// Below implements [notifiers.Threader].
func (n *notifier) Below(ctx context.Context, to notifiers.Target, posted notifiers.Receipt, m notifiers.Message, key string) (notifiers.Receipt, error) {
	channel, id := placeOf(to, posted)
	r := makeThreadBelow(channel, id)
	if err := checkChannel(to); err != nil {
		return notifiers.Receipt{}, malformed(notifiers.WholeChannel, r, err)
	}
	if !snowflake.MatchString(id) {
		return notifiers.Receipt{}, malformed(notifiers.OneDelivery, r, errors.New("the receipt does not name a message"))
	}
	receipt, err := n.sendTo(ctx, to, id, "", m, key)
	if failed, ok := errors.AsType[*notifiers.Error](err); !ok || failed.Code != strconv.Itoa(codeUnknownChannel) {
		return receipt, err
	}
	subject, err := subjectOf(key)
	if err != nil {
		return notifiers.Receipt{}, malformed(notifiers.OneDelivery, r, err)
	}
	body, err := json.Marshal(newThreadBelow{message.WholeName(subject), daysLong})
	if err != nil {
		return notifiers.Receipt{}, malformed(notifiers.OneDelivery, r, err)
	}
	x, err := n.do(ctx, r, message.Payload{Type: jsonType, Bytes: body}, sendPatience)
	switch {
	case err != nil:
		return notifiers.Receipt{}, err
	case x.ok():
		return n.sendTo(ctx, to, id, "", m, key)
	case x.code == codeWrongType:
		return n.sendTo(ctx, to, channel, id, m, key)
	case x.code == codeThreadThere, x.code == codeUnknownMessage: // somebody took away the thread, or the message
		return notifiers.Receipt{}, nil
	}
	return notifiers.Receipt{}, refused(r, x)
}

// findBelow looks for a part where [notifier.Below] puts it. Without a thread there is none
// in it.
func (n *notifier) findBelow(ctx context.Context, to notifiers.Target, q notifiers.Query) (notifiers.Receipt, bool, error) {
	channel, id := placeOf(to, q.Below)
	r, found, err := n.find(ctx, to, id, q)
	if failed, ok := errors.AsType[*notifiers.Error](err); !ok || failed.Code != strconv.Itoa(codeUnknownChannel) {
		return r, found, err
	}
	return n.find(ctx, to, channel, q)
}
