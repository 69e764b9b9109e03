package bot

import (
	"context"
	"strings"
	"time"

	"onrecord"
	"onrecord/notifiers"
)

// Digests is where it is kept until when each channel has had its digest.
type Digests interface {
	// LastDigest returns until when a channel has had its digest, in which its first
	// begins when it has had none.
	LastDigest(ctx context.Context, channel string) (time.Time, error)
	// OweDigest makes the digest of a channel owed, from the last one on, in one
	// transaction; nothing, when there is nothing to say, or another replica was first.
	// It is published where the channel publishes: under that id, or "".
	OweDigest(ctx context.Context, channel, publishing string, from, until time.Time) error
}

// mostSlots bounds how many digests that were missed are looked through: they become one.
const mostSlots = 10_000

// digester makes digests owed when they are due.
type digester struct {
	loop
	digests  Digests
	channels []Channel
	publish  map[string]string // by channel that publishes: under which id
	owed     bell
}

func newDigester(s Setup, l loop, owed bell) *digester {
	d := &digester{loop: l, digests: s.Digests, publish: map[string]string{}, owed: owed}
	for _, c := range s.Channels {
		if c.Lane == onrecord.Published {
			d.publish[strings.TrimSuffix(c.ID, PublishLane)] = c.ID
		}
		if c.Notifier != nil && c.Digest.String() != "" {
			d.channels = append(d.channels, c)
		}
	}
	return d
}

// run makes digests owed until the context ends.
func (d *digester) run(ctx context.Context) {
	if d.digests == nil || len(d.channels) == 0 {
		return
	}
	for ctx.Err() == nil {
		next, err := d.due(ctx)
		if err != nil {
			d.storeTrouble(ctx, "make digests", err)
			continue
		}
		d.sleepUntil(ctx, func(context.Context) (time.Time, error) { return next, nil })
	}
}

// due makes owed what is due, and says when the next is.
func (d *digester) due(ctx context.Context) (next time.Time, err error) {
	now := d.clock.Now()
	for _, ch := range d.channels {
		last, err := d.digests.LastDigest(ctx, ch.ID)
		if err != nil {
			return next, err
		}
		until, after := time.Time{}, ch.Digest.Next(last)
		for range mostSlots { // what was missed is one digest
			if after.IsZero() || after.After(now) {
				break
			}
			until, after = after, ch.Digest.Next(after)
		}
		if !until.IsZero() {
			if err := d.digests.OweDigest(ctx, ch.ID, d.publish[ch.ID], last, until); err != nil {
				return next, err
			}
			d.owed.ring()
		}
		if !after.IsZero() && (next.IsZero() || after.Before(next)) {
			next = after
		}
	}
	return next, nil
}

// linked gives a notice that leads to other messages their addresses.
func linked(ctx context.Context, ch Channel, n onrecord.Notice) onrecord.Notice {
	l, ok := n.(onrecord.Linked)
	if !ok {
		return n
	}
	linker, can := ch.Notifier.(notifiers.Linker)
	return l.To(func(message string) string {
		if !can {
			return ""
		}
		return linker.Link(ctx, ch.Target, notifiers.Receipt{ID: message})
	})
}
