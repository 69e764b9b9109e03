package bot

import (
	"context"
	"time"

	"onrecord"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
	"onrecord/statements"
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
	// PostDigest does the same for somebody who wants it now, and keeps who that was. It
	// reports whether it is owed.
	PostDigest(ctx context.Context, channel, publishing string, from, until time.Time, c MadeChange) (owed bool, err error)
	// Digested returns until when a channel has had its digest; zero: it has had none.
	Digested(ctx context.Context, channel string) (time.Time, error)
	// DigestNow returns what a digest of a time would say. It has no number.
	DigestNow(ctx context.Context, channel string, from, until time.Time) (onrecord.Digest, error)
	// PlanDigest keeps when people at a place want the digest of a channel: a schedule, or
	// [NoDigest]. The error may be [ErrUnsubscribed]: there is no such channel.
	PlanDigest(ctx context.Context, channel, spec string, c MadeChange) error
	// DigestPlans returns what was kept of that, by channel.
	DigestPlans(ctx context.Context) (map[string]DigestPlan, error)
}

// DigestPlan is when people at a place want the digest of a channel, whatever the
// configuration says.
type DigestPlan struct {
	Schedule string    // as [schedule.Parse] reads it, or [NoDigest]
	Since    time.Time // no time before counts
}

// NoDigest is the plan of a channel that is to get none.
const NoDigest = "off"

// Of returns the channel with its plan. One that cannot be read changes nothing.
func (p DigestPlan) Of(c Channel) Channel {
	if p.Schedule == NoDigest {
		c.Digest = schedule.Schedule{}
	} else if plan, err := schedule.Parse(p.Schedule); err == nil {
		c.Digest = plan
	}
	c.DigestSince = p.Since
	return c
}

// mostSlots bounds how many digests that were missed are looked through: they become one.
const mostSlots = 10_000

// digester makes digests owed when they are due.
type digester struct {
	loop
	digests  Digests
	channels *roster
	owed     bell
}

func newDigester(s Setup, l loop, owed bell) *digester {
	return &digester{loop: l, digests: s.Digests, channels: s.roster, owed: owed}
}

// run makes digests owed until the context ends.
func (d *digester) run(ctx context.Context) {
	if d.digests == nil {
		return
	}
	for ctx.Err() == nil {
		due, err := d.due(ctx)
		switch {
		case err != nil:
			d.storeTrouble(ctx, "make digests", err)
		case due.IsZero(): // until somebody wants one
			d.wake.wait(ctx, time.Hour)
		default:
			d.sleepUntil(ctx, func(context.Context) (time.Time, error) { return due, nil })
		}
	}
}

// due makes owed what is due, and says when the next is.
func (d *digester) due(ctx context.Context) (next time.Time, err error) {
	now := d.clock.Now()
	told := d.channels.now.Load()
	for _, ch := range told.digested {
		last, err := d.digests.LastDigest(ctx, ch.ID)
		if err != nil {
			return next, err
		}
		until, after := time.Time{}, ch.Digest.Next(later(last, ch.DigestSince))
		for range mostSlots { // what was missed is one digest
			if after.IsZero() || after.After(now) {
				break
			}
			until, after = after, ch.Digest.Next(after)
		}
		if !until.IsZero() {
			if err := d.digests.OweDigest(ctx, ch.ID, told.publishing(ch.ID), last, until); err != nil {
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

// docketed gives a notice what the dockets of its cases got in its time.
func (d *deliverer) docketed(ctx context.Context, n onrecord.Notice) (onrecord.Notice, error) {
	eventful, ok := n.(onrecord.Eventful)
	if !ok {
		return n, nil
	}
	var events []onrecord.Event
	cases, from, until := eventful.Asks()
	for _, id := range cases {
		if len(d.dockets[id]) == 0 {
			continue
		}
		filed, err := d.outbox.FiledSince(ctx, d.dockets[id], from, until)
		if err != nil {
			return n, err
		}
		events = append(events, statements.Events(filed)...)
	}
	return eventful.With(events), nil
}

// Linked gives a notice that leads to other messages of a channel their addresses.
func Linked(ctx context.Context, ch Channel, n onrecord.Notice) onrecord.Notice {
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
