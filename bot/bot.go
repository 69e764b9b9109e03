// Package bot is the program's work: four loops with a database between them.
//
//	poll     a due account is claimed and its source pulled; posts and cursor are stored together
//	review   a stored post is matched, judged for novelty and summarised; decision, statement
//	         and the deliveries it owes are stored together
//	deliver  per channel, oldest first: claim, send the frozen bytes, store the outcome
//	recheck  a post on the record is due to be looked at again; what became of it and the
//	         deliveries that owes are stored together
//
// Each step ends in one transaction, and nothing but the database carries state
// from one to the next, so the program may die anywhere. [Inbox], [Reviews],
// [Outbox] and [Rechecks] are what the loops need of the database, [Database] what they share of
// it; package store implements them.
package bot

import (
	"context"
	"log/slog"
	"net/http"
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
	Digest   schedule.Schedule // when it gets a digest; zero: never
	Filings  bool              // it is told what the dockets of its cases got
	Pings    []Ping            // the roles it calls
	Only     Selection         // what it is told of its cases
	Made     int64             // the subscription it is; 0: it stands in the configuration

	DigestSince time.Time // when people decided when it gets one: no time before counts
}

// Database is what all loops share of the database.
type Database interface {
	Clock
	// Wakes tells that there may be work that this process did not make.
	Wakes() <-chan struct{}
	// Trim throws away a little of what is only kept for a while, and reports
	// whether there was any.
	Trim(ctx context.Context) (more bool, err error)
}

// PostReader decides what a post is and what follows from it: a [statements.Reader],
// but for tests of the loops themselves.
type PostReader interface {
	Read(ctx context.Context, p onrecord.Post, a onrecord.Account, k statements.Known, ask statements.Asker) (statements.Reading, error)
	Moderate(r statements.Moderation) statements.Moderated
}

// Setup is what a bot is made of.
type Setup struct {
	Database   Database
	Inbox      Inbox
	Reviews    Reviews
	Outbox     Outbox
	Digests    Digests    // nil: no channel gets one
	Filings    Filings    // nil: no channel is told what was filed
	Incidents  Incidents  // nil: nobody looks for any
	Rechecks   Rechecks   // nil: no post is looked at again
	Reader     PostReader // nil: reads posts on the cases
	Cases      []onrecord.Case
	Accounts   []Account
	Sources    map[string]sources.Source   // by kind name
	Deletion   map[string]sources.Deletion // by kind name: what becomes of the words of what is not there any more
	Pages      *http.Client                // reads pages that posts link to, so it must be one for addresses from outside; nil: none is read
	Channels   []Channel
	Summarizer Summarizer // nil: summaries are what [summary.Extract] chooses, offline
	// CandidatesOnly: a model is asked about candidates alone, see [match.Candidate].
	CandidatesOnly bool
	Log            *slog.Logger // nil: silent
	// Busy is told when many posts wait for review, and when none does any more. nil: nobody is.
	Busy func(bool)
	// Redact takes secrets out of what is stored of errors: places repeat what they
	// were asked with. nil: there are none.
	Redact func(string) string

	roster *roster // of the channels
}

// Bot watches accounts and delivers statements.
type Bot struct {
	database  Database
	poller    *poller
	reviewer  *reviewer
	deliverer *deliverer
	watcher   *watcher
	digester  *digester
	filer     *filer
	rechecker *rechecker // nil: no post is looked at again
	channels  *roster
	running   *sync.WaitGroup
	ruleset   string
}

// Ruleset is the hash of the rules that decide; "": its reader has none.
func (b *Bot) Ruleset() string { return b.ruleset }

// New puts a bot together.
func New(s Setup) *Bot {
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Reader == nil {
		accounts := make([]onrecord.Account, len(s.Accounts))
		for i, a := range s.Accounts {
			accounts[i] = a.Account
		}
		s.Reader = statements.NewReader(s.Cases, accounts...)
	}
	if s.Busy == nil {
		s.Busy = func(bool) {}
	}
	if s.Redact == nil {
		s.Redact = func(text string) string { return text }
	}
	s.roster = newRoster(s.Channels)
	b := &Bot{database: s.Database, channels: s.roster, running: &sync.WaitGroup{}}
	if r, ok := s.Reader.(interface{ Ruleset() string }); ok {
		b.ruleset = r.Ruleset()
	}
	with := func() loop {
		return loop{clock: s.Database, log: s.Log, wake: newBell(), running: b.running, redact: s.Redact}
	}
	b.deliverer = newDeliverer(s, with())
	again := newBell() // nobody hears it when no post is looked at again
	b.reviewer = newReviewer(s, with(), b.deliverer.wake, again)
	b.digester = newDigester(s, with(), b.deliverer.wake)
	b.filer = newFiler(s, with(), b.deliverer.wake)
	b.watcher = newWatcher(s, with(), b.deliverer.wake)
	if s.Rechecks != nil {
		b.rechecker = newRechecker(s, with(), b.reviewer.wake, b.deliverer.wake)
		b.rechecker.wake = again
	}
	b.poller = newPoller(s, with(), b.reviewer.wake, again)
	return b
}

// accounts are those of a setup by id.
func (s Setup) accounts() map[string]Account {
	byID := map[string]Account{}
	for _, a := range s.Accounts {
		byID[a.ID] = a
	}
	return byID
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
	loops.Go(func() { b.poller.run(ctx) })
	loops.Go(func() { b.poller.listen(ctx) })
	loops.Go(func() { b.reviewer.run(ctx) })
	loops.Go(func() { b.deliverer.run(ctx, hurry) })
	if b.rechecker != nil {
		loops.Go(func() { b.rechecker.run(ctx) })
	}
	loops.Go(func() { b.trim(ctx) })
	loops.Go(func() { b.watcher.run(ctx) })
	loops.Go(func() { b.digester.run(ctx) })
	loops.Go(func() { b.filer.run(ctx) })
	loops.Wait()
	b.running.Wait()
}

// trimEvery is how often the database is asked for what it need not keep.
const trimEvery = time.Hour

// trim keeps the database from growing by what nobody needs any more. It takes
// turns with the work: a little, and a pause.
func (b *Bot) trim(ctx context.Context) {
	for ctx.Err() == nil {
		more, err := b.database.Trim(ctx)
		pause := trimEvery
		if err != nil {
			b.poller.storeTrouble(ctx, "trim what is old", err)
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
		case <-b.database.Wakes():
			for _, wake := range []bell{b.poller.wake, b.reviewer.wake, b.deliverer.wake} {
				wake.ring()
			}
			if b.rechecker != nil {
				b.rechecker.wake.ring()
			}
		case <-ctx.Done():
			return
		}
	}
}

// Once pulls every account once, looks again at what is due, reviews what came, releases what was held and
// delivers until nothing more can be delivered now. It returns how many
// deliveries are still owed.
func (b *Bot) Once(ctx context.Context) (owed int, err error) {
	if err := b.poller.once(ctx); err != nil {
		return 0, err
	}
	if b.rechecker != nil {
		if err := b.rechecker.once(ctx); err != nil {
			return 0, err
		}
	}
	if err := b.filer.owe(ctx, b.database.Now()); err != nil {
		return 0, err
	}
	if err := b.Catchup(ctx); err != nil {
		return 0, err
	}
	return b.deliverer.once(ctx)
}

// Catchup reviews every unread post and releases every held statement.
func (b *Bot) Catchup(ctx context.Context) error { return b.reviewer.once(ctx) }

// Context counts the posts that sources were asked for because others refer to
// them, by how it ended, since the program's start.
func (b *Bot) Context() map[string]int64 { return b.reviewer.outside.context() }
