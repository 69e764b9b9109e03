package main

import (
	"context"
	"slices"
	"sync"

	"onrecord/bot"
	"onrecord/bot/desk"
	"onrecord/notifiers"
)

// counter is a place where people can ask.
type counter struct {
	place string
	notifiers.Commander
}

// serve answers what people ask at places, until the context ends.
func (p *program) serve(ctx context.Context) {
	var all sync.WaitGroup
	for _, c := range p.counters {
		there := func() []bot.Channel {
			p.told.mu.Lock()
			defer p.told.mu.Unlock()
			return slices.DeleteFunc(slices.Clone(p.told.now), func(told bot.Channel) bool { return told.Place != c.place })
		}
		commands := desk.Commands(desk.Setup{
			Visitor:  bot.Visitor{Record: p.store, Accounts: p.cfg.Accounts, Cases: p.cfg.Cases},
			Operator: operator(p.cfg, p.store, p.bot.Ruleset()),
			Queue:    p.store, Questions: p.store, Interests: p.store, Channels: there, Place: c.place, Now: p.store.Now, Following: subscribers{p.store, p}, Tracking: tracking{p.store, p, p.terminal},
		})
		all.Go(func() {
			c.Serve(ctx, notifiers.Desk{Commands: commands, Recall: p.store.Recall, Remember: p.store.Remember})
		})
	}
	all.Wait()
}
