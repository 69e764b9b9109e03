package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers"
)

// following is who is subscribed, as the bot was told last.
type following struct {
	mu   sync.Mutex
	mark int64 // of the database, when it was read
	list []bot.Subscription
	now  []bot.Channel
}

// follow tells the bot who is subscribed, when that has changed.
func (p *program) follow(ctx context.Context) error {
	p.told.mu.Lock()
	defer p.told.mu.Unlock()
	mark, err := p.store.SubscriptionMark(ctx)
	if err != nil || mark == p.told.mark {
		return err
	}
	list, err := p.store.Subscriptions(ctx)
	if err != nil {
		return fmt.Errorf("read who is subscribed: %w", err)
	}
	plans, err := p.store.DigestPlans(ctx)
	if err != nil {
		return fmt.Errorf("read when digests are wanted: %w", err)
	}
	channels := slices.Clone(p.shown)
	for _, s := range list {
		if n := p.opened[s.Place]; n != nil {
			channels = append(channels, queues(s, n)...)
		}
	}
	for i, c := range channels {
		if plan, made := plans[c.ID]; made {
			channels[i] = plan.Of(c)
		}
	}
	p.bot.Tell(channels)
	p.told.mark, p.told.list, p.told.now = mark, list, channels
	return nil
}

// queues is a subscription as the bot sees it: what its readers see, and what is published
// of that.
func queues(s bot.Subscription, n notifiers.Notifier) []bot.Channel {
	c := bot.Channel{Target: notifiers.Target{ID: s.Channel(), Address: s.Address, Lane: onrecord.Record}, Place: s.Place, Notifier: n, Cases: []string{s.Case}, Only: s.Selection, Made: s.ID, Pings: s.Pings()}
	list := []bot.Channel{c}
	if s.Publish {
		c.ID, c.Lane, c.Pings = c.ID+bot.PublishLane, onrecord.Published, nil
		list = append(list, c)
	}
	return list
}

// keepFollowing takes what other replicas change, and what is over, until the context ends.
func (p *program) keepFollowing(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := p.follow(ctx); err != nil && ctx.Err() == nil {
			p.log.Error("who is subscribed cannot be read; those known before are told", "error", err)
		}
	}
}

// subscribers is what a desk asks about subscriptions.
type subscribers struct {
	*store.Store
	p *program
}

// Subscribed implements [desk.Following].
func (s subscribers) Subscribed() []bot.Subscription {
	s.p.told.mu.Lock()
	defer s.p.told.mu.Unlock()
	return s.p.told.list
}

// Follow implements [desk.Following].
func (s subscribers) Follow(ctx context.Context) error { return s.p.follow(ctx) }

// Rehearse implements [desk.Following]. What is published needs more than posting does.
func (s subscribers) Rehearse(ctx context.Context, one bot.Subscription, has []string) (special string, err error) {
	n := s.p.opened[one.Place]
	for _, queue := range slices.Backward(queues(one, n)) {
		try := func(context.Context, notifiers.Target) error { return nil }
		if prober, ok := n.(notifiers.Prober); ok {
			try = prober.Probe
		}
		if rehearser, ok := n.(notifiers.Rehearser); ok && queue.Lane == onrecord.Record {
			try = rehearser.Rehearse
		}
		if err := try(ctx, queue.Target); err != nil {
			return "", err
		}
	}
	if giver, ok := n.(notifiers.RoleGiver); ok && one.Ping != "" {
		to := queues(one, n)[0].Target
		if err := cmp.Or(giver.ProbeGiver(ctx, to, one.Ping, has), giver.ProbeRole(ctx, to, one.Ping)); err != nil {
			return "", err
		}
	}
	if d, ok := n.(notifiers.Describer); ok {
		special = d.Describe(ctx, queues(one, n)[0].Target)
	}
	return special, nil
}
