// Package bot is the program's work: three loops with a database between them.
//
//	poll     a due account is claimed and its source pulled; posts and cursor are stored together
//	review   a stored post is matched, judged for novelty and summarised; decision, statement
//	         and the deliveries it owes are stored together
//	deliver  per channel, oldest first: claim, send the frozen bytes, store the outcome
//
// Each step ends in one transaction, and nothing but the database carries state
// from one to the next, so the program may die anywhere. [Inbox], [Reviews] and
// [Outbox] are what the loops need of the database; package store implements them.
package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"onrecord"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
	"onrecord/sources"
	"onrecord/statements"
)

// Account is a tracked account with its parsed schedule.
type Account struct {
	onrecord.Account
	Schedule schedule.Schedule
}

// Channel is a target with the notifier that serves it. A channel with a review
// lane is two of these.
type Channel struct {
	notifiers.Target
	Place    string             // name of the notifier kind: a pause of the place reaches all its channels
	Notifier notifiers.Notifier // nil: no credentials; what is owed waits
	Cases    []string
}

// Book is the database as the bot needs it.
type Book interface {
	Inbox
	Reviews
	Outbox
	// Now is the database's time, which all replicas share. Whatever is stored as
	// due, and whatever is compared with it, goes by this clock.
	Now() time.Time
	// Wakes tells that there may be work that this process did not make.
	Wakes() <-chan struct{}
	// Trim throws away a little of what is only kept for a while, and reports
	// whether there was any.
	Trim(ctx context.Context) (more bool, err error)
}

// Setup is what a bot is made of.
type Setup struct {
	Book       Book
	Cases      []onrecord.Case
	Accounts   []Account
	Sources    map[string]sources.Source // by kind name
	Channels   []Channel
	Summarizer Summarizer   // nil: summaries are what [summary.Extract] chooses, offline
	Log        *slog.Logger // nil: silent
}

// Bot watches accounts and delivers statements.
type Bot struct {
	book       Book
	inbox      Inbox
	reviews    Reviews
	outbox     Outbox
	cases      map[string]onrecord.Case
	accounts   map[string]Account
	sources    map[string]sources.Source
	channels   map[string]Channel
	audience   Audience
	reader     *statements.Reader
	summarizer Summarizer
	log        *slog.Logger

	pollWake, reviewWake, deliverWake bell
	running                           sync.WaitGroup
	started                           time.Time // by the database's clock

	mu       sync.Mutex
	trouble  map[string]sources.Trouble // what was logged last, by account
	warnings map[string][]string        // likewise
	told     map[pause]bool             // pauses that were logged
	asked    map[string]int64           // what became of questions for referred posts
	silent   map[string]time.Time       // until when a source is not asked for them
}

// New puts a bot together.
func New(s Setup) *Bot {
	b := &Bot{
		book: s.Book, inbox: s.Book, reviews: s.Book, outbox: s.Book,
		cases: map[string]onrecord.Case{}, accounts: map[string]Account{}, channels: map[string]Channel{},
		sources: s.Sources, reader: statements.NewReader(s.Cases), summarizer: s.Summarizer, log: s.Log,
		pollWake: newBell(), reviewWake: newBell(), deliverWake: newBell(), started: s.Book.Now(),
		trouble: map[string]sources.Trouble{}, warnings: map[string][]string{}, told: map[pause]bool{}, asked: map[string]int64{}, silent: map[string]time.Time{},
	}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	if b.summarizer == nil {
		b.summarizer = extract{}
	}
	for _, c := range s.Cases {
		b.cases[c.ID] = c
	}
	for _, a := range s.Accounts {
		b.accounts[a.ID] = a
	}
	for _, c := range s.Channels {
		b.channels[c.ID] = c
		if c.Notifier != nil {
			b.audience = append(b.audience, Follower{c.ID, c.Lane, c.Cases})
		}
	}
	return b
}

// stopGrace is how long a send under way may take after the stop was asked for;
// whatever is still open then is recorded as unknown and settled at the next start.
const stopGrace = 4 * time.Second

// Run works until the context ends and then stops within five seconds. Nothing
// owed is lost by stopping.
func (b *Bot) Run(ctx context.Context) {
	hurry, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		t := time.NewTimer(stopGrace)
		defer t.Stop()
		select {
		case <-t.C:
			cancel()
		case <-hurry.Done():
		}
	})
	defer stop()
	var loops sync.WaitGroup
	loops.Go(func() { b.listen(ctx) })
	loops.Go(func() { b.poll(ctx) })
	loops.Go(func() { b.review(ctx) })
	loops.Go(func() { b.deliver(ctx, hurry) })
	loops.Go(func() { b.trim(ctx) })
	loops.Wait()
	b.running.Wait()
}

// trimEvery is how often the database is asked for what it need not keep.
const trimEvery = time.Hour

// trim keeps the database from growing by what nobody needs any more. It takes
// turns with the work: a little, and a pause.
func (b *Bot) trim(ctx context.Context) {
	for ctx.Err() == nil {
		more, err := b.book.Trim(ctx)
		pause := trimEvery
		if err != nil {
			b.storeTrouble(ctx, "trim what is old", err)
		} else if more {
			pause = time.Second
		}
		newBell().wait(ctx, pause)
	}
}

// listen wakes the loops for work that came from elsewhere.
func (b *Bot) listen(ctx context.Context) {
	for {
		select {
		case <-b.book.Wakes():
			for _, loop := range []bell{b.pollWake, b.reviewWake, b.deliverWake} {
				loop.ring()
			}
		case <-ctx.Done():
			return
		}
	}
}

// Once pulls every account once, reviews what came, releases what was held and
// delivers until nothing more can be delivered now. It returns how many
// deliveries are still owed.
func (b *Bot) Once(ctx context.Context) (owed int, err error) {
	if err := b.inbox.AllDue(ctx); err != nil {
		return 0, err
	}
	claims, err := b.inbox.ClaimDue(ctx, pullLease, len(b.accounts))
	if err != nil {
		return 0, err
	}
	slots := make(chan struct{}, pullers)
	for _, c := range claims {
		slots <- struct{}{}
		b.running.Go(func() { b.pull(ctx, c); <-slots })
	}
	b.running.Wait()
	if err := b.Catchup(ctx); err != nil {
		return 0, err
	}
	return b.drain(ctx)
}

// Catchup reviews every unread post and releases every held statement.
func (b *Bot) Catchup(ctx context.Context) error {
	for lost := 0; ; {
		more, err := b.reviewNext(ctx)
		switch {
		case errors.Is(err, ErrLost) && lost < tries:
			lost++
		case err != nil:
			return err
		case !more:
			return b.settleReview(ctx, true)
		default:
			lost = 0
		}
	}
}

// drain delivers for as long as a delivery is due within the next seconds: a
// channel's own pace is waited for, an outage is not.
func (b *Bot) drain(ctx context.Context) (owed int, err error) {
	b.probe(ctx, ctx)
	b.running.Wait()
	for ctx.Err() == nil {
		due, err := b.claim(ctx, senders)
		if err != nil {
			return 0, err
		}
		for _, d := range due {
			b.running.Go(func() { b.attempt(ctx, d) })
		}
		b.running.Wait()
		if len(due) > 0 {
			continue
		}
		next, err := b.outbox.NextDelivery(ctx)
		wait := next.Sub(b.book.Now())
		if err != nil || next.IsZero() || wait > patience {
			break
		}
		b.deliverWake.wait(ctx, wait)
	}
	return b.outbox.Owed(ctx)
}

// patience is the longest wait of drain for a single delivery.
const patience = 10 * time.Second

// maxSleep bounds every sleep, so that a clock set back or a suspended machine
// cannot keep a loop asleep: the wall clock is read again.
const maxSleep = 30 * time.Second

// sleepUntil waits for the time next says, for the bell, or for maxSleep.
func (b *Bot) sleepUntil(ctx context.Context, wake bell, next func(context.Context) (time.Time, error)) {
	at, err := next(ctx)
	if err != nil {
		b.storeTrouble(ctx, "find what is due next", err)
		return
	}
	wait := maxSleep
	if !at.IsZero() {
		wait = min(wait, at.Sub(b.book.Now()))
	}
	wake.wait(ctx, wait)
}

// storeTrouble reports that the database did not answer and waits a moment.
// Without it nothing may be pulled or sent, since it could not be recorded.
func (b *Bot) storeTrouble(ctx context.Context, doing string, err error) {
	if ctx.Err() != nil {
		return
	}
	b.log.Error("the database failed; nothing is pulled or sent until it works again", "doing", doing, "error", err)
	newBell().wait(ctx, 2*time.Second)
}

func (b *Bot) lastTrouble(account string) sources.Trouble {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.trouble[account]
}

func (b *Bot) setTrouble(account string, t sources.Trouble) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trouble[account] = t
}

// bell wakes one waiting loop; ringing it twice is the same as once.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (w bell) ring() {
	select {
	case w <- struct{}{}:
	default:
	}
}

// wait returns when the bell rings, the time is over or the context ends.
func (w bell) wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-w:
	case <-t.C:
	case <-ctx.Done():
	}
}
