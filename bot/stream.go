package bot

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"onrecord"
	"onrecord/sources"
)

const (
	// echo is when an account is pulled once more after news of it: what is published
	// may be told of before it can be pulled.
	echo = 3 * time.Second
	// calm is how long a stream must have run to be opened again at once.
	calm = time.Minute
)

// streamBackoff are the waits after a stream ended, the longer the oftener it did.
var streamBackoff = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}

// listen hears the streams of all sources that have one, until the context ends. Pulls
// need none of it: what a stream tells of comes with the next one anyway.
func (p *poller) listen(ctx context.Context) {
	var streams sync.WaitGroup
	for name, source := range p.sources {
		streamer, ok := source.(sources.Streamer)
		if !ok {
			continue
		}
		var accounts []onrecord.Account
		for _, a := range p.accounts {
			if a.Source == name {
				accounts = append(accounts, a.Account)
			}
		}
		if len(accounts) > 0 {
			streams.Go(func() { p.hear(ctx, name, streamer, accounts) })
		}
	}
	streams.Wait()
}

// hear opens the stream of a source again whenever it ends.
func (p *poller) hear(ctx context.Context, source string, streamer sources.Streamer, accounts []onrecord.Account) {
	for fails := 0; ctx.Err() == nil; fails++ {
		began := time.Now()
		err := p.heard(ctx, streamer, accounts)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > calm {
			fails = 0
		}
		wait := backoff(fails, streamBackoff)
		p.log.Debug("a stream ended; its accounts are pulled as without one", "source", source, "error", p.redact(err.Error()), "again in", wait)
		newBell().wait(ctx, wait)
	}
}

// heard hears a stream until it ends. Whatever a message does to a decoder, it ends the
// stream alone.
func (p *poller) heard(ctx context.Context, streamer sources.Streamer, accounts []onrecord.Account) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a message broke its decoder: %v; please report it\n%s", r, debug.Stack())
		}
	}()
	known := map[string]*news{}
	for _, a := range accounts {
		known[a.ID] = &news{}
	}
	return streamer.Hear(ctx, accounts, func(told sources.News) {
		n := known[told.Account]
		if n != nil && told.Deleted != "" {
			p.deleted(ctx, told)
		}
		if n != nil && n.fresh() {
			p.running.Go(func() { p.hurry(ctx, told.Account, n) })
		}
	})
}

// deleted notes the place's word that a post was deleted, as what a first look met: a second
// one has to agree.
func (p *poller) deleted(ctx context.Context, told sources.News) {
	if p.rechecks == nil {
		return
	}
	if err := p.rechecks.NoteDeleted(ctx, told.Account, told.Deleted, confirmAfter); err != nil {
		p.log.Debug("what was heard of a post waits for the next look at it", "account", told.Account, "error", err)
	}
	p.again.ring()
}

// news is what was heard of an account: however often, it is pulled twice for it.
type news struct {
	mu sync.Mutex
	on bool
}

func (n *news) fresh() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	was := n.on
	n.on = true
	return !was
}

// hurry has an account pulled now, and once more when what was told of can surely be
// pulled. What is heard between the two is in the second.
func (p *poller) hurry(ctx context.Context, account string, n *news) {
	p.due(ctx, account)
	newBell().wait(ctx, echo)
	n.mu.Lock()
	n.on = false
	n.mu.Unlock()
	p.due(ctx, account)
}

func (p *poller) due(ctx context.Context, account string) {
	if ctx.Err() != nil {
		return
	}
	if err := p.inbox.Hurry(ctx, account); err != nil {
		p.log.Debug("what was heard of an account waits for its next pull", "account", account, "error", err)
		return
	}
	p.wake.ring()
}
