package bot

import (
	"context"
	"time"

	"onrecord"
	"onrecord/notifiers"
)

// What is published from a channel within an hour: so many messages at most. Discord takes
// ten, and a person may want to publish one.
const (
	publishEvery = time.Hour
	PublishLimit = 9
	// settled is how long nothing may have joined what waits before it is told in one digest.
	settled = 10 * time.Minute
)

// Turn says in which order what waits is published: the lowest first, and in each the oldest.
type Turn int

// The turns, and below them how much of the hour each may take: what matters less leaves
// room for what matters more and is not said yet. The ninth message is kept for a digest.
const (
	DigestTurn    Turn = 1 + iota // of statements that were not published by themselves, or of a day
	NewsTurn                      // a party's own new words, or a changed fact in them
	QuotedTurn                    // new words that somebody else quotes
	ExpandingTurn                 // more to what was said before, or the same elsewhere
)

var most = map[Turn]int{DigestTurn: PublishLimit, NewsTurn: 8, QuotedTurn: 6, ExpandingTurn: 4}

// TurnOf is how much a statement matters to those who follow a channel from elsewhere.
func TurnOf(s onrecord.Statement) Turn {
	switch news := s.Novelty == onrecord.New || s.Novelty == onrecord.Changed; {
	case news && s.Via == "":
		return NewsTurn
	case news:
		return QuotedTurn
	}
	return ExpandingTurn
}

// Publishing is how far publishing from a channel is.
type Publishing struct {
	Published      []time.Time // when the last were published, the newest first; [PublishLimit] at most
	Waiting        int         // statements that are to be published, with their messages there
	Oldest, Newest time.Time   // when the first and the last of them became owed
}

// free is from when on another may be published when there may be so many an hour.
func (p Publishing) free(most int) time.Time {
	if len(p.Published) < most {
		return time.Time{}
	}
	return p.Published[most-1].Add(publishEvery)
}

// decide says what to do about the foremost of what waits: publish it, or gather all that
// wait into one digest, or neither before a time. What there is no room for waits; several
// are told together once no more join them, or the oldest has waited for an hour.
func (p Publishing) decide(now time.Time, turn Turn) (publish, gather bool, wait time.Time) {
	free := p.free(most[turn])
	if !free.After(now) {
		return true, false, now
	}
	if turn == DigestTurn || p.Waiting < 2 {
		return false, false, free
	}
	together := earliest(p.Newest.Add(settled), p.Oldest.Add(publishEvery))
	if digest := p.free(most[DigestTurn]); digest.After(together) {
		together = digest
	}
	return false, !together.After(now), earliest(free, together)
}

// publish publishes the message of an earlier delivery. Publishing twice is the same as
// once, and whatever comes of it, the message stays as it is.
func (d *deliverer) publish(ctx context.Context, ch Channel, owed Delivery) AttemptResult {
	now := d.clock.Now()
	publisher, ok := ch.Notifier.(notifiers.Publisher)
	switch {
	case !ok:
		return AttemptResult{State: Dead, Error: "the place publishes nothing"}
	case owed.Awaited:
		return AttemptResult{State: Pending, NextAt: now.Add(backoff(owed.Attempt-1, retryBackoff)), Error: "its message is still owed"}
	case owed.Posted.ID == "":
		return AttemptResult{State: Sent, Error: "there is no message to publish"}
	}
	if !owed.Maybe { // what may be published already has had its room
		if wait := d.room(ctx, owed); wait != nil {
			return *wait
		}
	}
	post, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := publisher.Publish(post, ch.Target, owed.Posted); err != nil {
		return d.failed(owed, err, AttemptResult{Maybe: owed.Maybe})
	}
	return AttemptResult{State: Sent, Receipt: owed.Posted}
}

// room says what a publication comes to that cannot be made now; nil: it can.
func (d *deliverer) room(ctx context.Context, owed Delivery) *AttemptResult {
	now := d.clock.Now()
	put := func(off time.Time, why string) *AttemptResult {
		return &AttemptResult{State: Pending, NextAt: earliest(off, now.Add(LongestWait)), Error: why}
	}
	p, err := d.outbox.Publishing(ctx, owed)
	if err != nil {
		return put(now.Add(time.Minute), err.Error())
	}
	publish, gather, wait := p.decide(now, owed.Turn)
	switch {
	case publish:
		return nil
	case !gather:
		return put(wait, "as many were published within the hour as may be")
	}
	if err := d.outbox.Gather(ctx, owed); err != nil {
		return put(now.Add(time.Minute), err.Error())
	}
	return &AttemptResult{State: Sent}
}
