package discord

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
)

// nonceOf derives the nonce of a delivery from its key. Discord compares nonces per
// author, not per channel, so the channel is in the hash; 64 bits are ample for
// the minutes it remembers. It takes at most 25 characters.
// https://discord.com/developers/docs/resources/message#create-message
func nonceOf(key string) (string, error) {
	k, err := onrecord.ParseDeliveryKey(key)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(key))
	return "or1-" + hex.EncodeToString(sum[:])[:16] + "-" + k.Notice, nil
}

// Send implements [notifiers.Notifier]. An outcome of [notifiers.Settled] has
// the code 10008: Discord recognised the nonce of a message that was deleted
// since. The caller takes it for Unknown when no earlier attempt of the
// delivery was unclear, since then somebody else sent that message.
func (n *notifier) Send(ctx context.Context, to notifiers.Target, m notifiers.Message, key string) (notifiers.Receipt, error) {
	return n.send(ctx, to, m, key)
}

// Answer implements [notifiers.Answerer].
func (n *notifier) Answer(ctx context.Context, to notifiers.Target, posted notifiers.Receipt, m notifiers.Message, key string) (notifiers.Receipt, error) {
	channel, id := placeOf(to, posted)
	return n.sendTo(ctx, to, channel, id, m, key)
}

// send posts a message in the channel, or, where that is a forum, in the post of its topic.
func (n *notifier) send(ctx context.Context, to notifiers.Target, m notifiers.Message, key string) (notifiers.Receipt, error) {
	if err := checkChannel(to); err != nil {
		return notifiers.Receipt{}, malformed(notifiers.WholeChannel, createMessage(to.Address), err)
	}
	if to.Reader != "" {
		room, err := n.readersThread(ctx, to, true)
		if err != nil {
			return notifiers.Receipt{}, err
		}
		return n.sendTo(ctx, to, room.ID, "", m, key)
	}
	f, err := n.asForum(ctx, to.Address, false)
	if err != nil {
		return notifiers.Receipt{}, err
	}
	if f == nil {
		r, err := n.sendTo(ctx, to, to.Address, "", m, key)
		if failed, ok := errors.AsType[*notifiers.Error](err); !ok || failed.Code != strconv.Itoa(codeNotText) {
			return r, err
		}
		var asked error
		if f, asked = n.asForum(ctx, to.Address, true); f == nil || asked != nil {
			return r, cmp.Or(asked, err)
		}
	}
	post, err := n.postOf(ctx, f, to, true)
	if err != nil {
		return notifiers.Receipt{}, err
	}
	return n.sendTo(ctx, to, post.ID, "", m, key)
}

func (n *notifier) sendTo(ctx context.Context, to notifiers.Target, channel, answered string, m notifiers.Message, key string) (notifiers.Receipt, error) {
	r := createMessage(channel)
	if err := checkChannel(to); err != nil {
		return notifiers.Receipt{}, malformed(notifiers.WholeChannel, r, err)
	}
	nonce, err := nonceOf(key)
	if err != nil {
		return notifiers.Receipt{}, malformed(notifiers.OneDelivery, r, err)
	}
	x, err := n.put(ctx, r, m, nonce, answered)
	if err != nil {
		return notifiers.Receipt{}, err
	}
	if id := x.id(); id != "" {
		return receiptOf(to, channel, id), nil
	}
	if x.code == codeArchived {
		n.unarchive(ctx, channel)
	}
	return notifiers.Receipt{}, n.refusedIn(to, channel, r, x)
}

// put sends a message. Its files are left out where the bot may not attach any: what they
// show stands in the words, too.
func (n *notifier) put(ctx context.Context, r route, m notifiers.Message, nonce, answered string) (*exchange, error) {
	p, err := message.PayloadOf(m, nonce, answered)
	if err != nil {
		return nil, malformed(notifiers.OneDelivery, r, err)
	}
	x, err := n.do(ctx, r, p, sendPatience)
	if err != nil || x.code != codeNoPermission || len(m.Files) == 0 {
		return x, err
	}
	m.Files = nil
	return n.put(ctx, r, m, nonce, answered)
}

// refusedIn is the error for what was not done in a channel, or in a thread of it: what is
// wrong with one thread is no matter of the others.
func (n *notifier) refusedIn(to notifiers.Target, channel string, r route, x *exchange) *notifiers.Error {
	failed := refused(r, x)
	if channel == to.Address {
		return failed
	}
	switch x.code {
	case codeUnknownChannel: // somebody deleted it: the next attempt makes another
		n.forget(channel)
		failed.Outcome, failed.Scope = notifiers.Retry, notifiers.OneDelivery
	case codeThreadLocked:
		failed.Scope = notifiers.OneDelivery
	}
	return failed
}

// malformed is a fault found before anything was sent.
func malformed(scope notifiers.Scope, r route, err error) *notifiers.Error {
	return &notifiers.Error{Outcome: notifiers.Permanent, Scope: scope, Err: fmt.Errorf("%s: %w", r.what, err)}
}

// id is the id of what a whole, successful answer describes. Nothing else of it
// is read: the rest may hold what this program does not know.
func (x *exchange) id() string {
	var created struct {
		ID json.RawMessage `json:"id"`
	}
	if !x.ok() || x.bodyErr != nil || json.Unmarshal(x.body, &created) != nil {
		return ""
	}
	id := strings.Trim(string(created.ID), `"`)
	if !snowflake.MatchString(id) {
		return ""
	}
	return id
}

// Edit implements [notifiers.Editor]. A message that somebody deleted stays
// deleted, and the edit counts as done.
func (n *notifier) Edit(ctx context.Context, to notifiers.Target, posted notifiers.Receipt, m notifiers.Message) error {
	channel, id := placeOf(to, posted)
	r := editMessage(channel, id)
	if err := checkChannel(to); err != nil {
		return malformed(notifiers.WholeChannel, r, err)
	}
	if !snowflake.MatchString(id) {
		return malformed(notifiers.OneDelivery, r, errors.New("the receipt does not name a message"))
	}
	x, err := n.put(ctx, r, m, "", "")
	if second := message.Other(m.Body); err == nil && x.code == codeInvalidForm && second != nil { // it is of the other design
		m.Body = second
		x, err = n.put(ctx, r, m, "", "")
	}
	switch {
	case err != nil:
		return err
	case x.ok(), x.code == codeUnknownMessage:
		return nil
	case x.code == codeArchived:
		n.unarchive(ctx, channel)
	case x.code == codeUnknownChannel && channel != to.Address: // with all its messages
		return nil
	}
	return n.refusedIn(to, channel, r, x)
}

// unarchive opens a thread for the next attempt. Whether that worked shows then.
func (n *notifier) unarchive(ctx context.Context, thread string) {
	_, _ = n.do(ctx, changeThread(thread), message.Payload{Type: jsonType, Bytes: []byte(`{"archived":false}`)}, sendPatience)
}
