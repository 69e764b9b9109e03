package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"

	"onrecord"
	"onrecord/sources"
)

// ErrLost says that a claim is no longer ours: its lease ran out and somebody
// else took the row. Whatever was being done is dropped; nothing was stored.
var ErrLost = errors.New("the claim was lost to somebody else")

// ErrSetAside says that a damaged row was met and set aside. Nothing else waits
// for it: the same may be asked for again at once.
var ErrSetAside = errors.New("a damaged row is set aside")

// Inbox is where the poll loop takes due accounts from and puts posts into.
type Inbox interface {
	// ClaimDue takes at most limit due accounts for the length of the lease.
	ClaimDue(ctx context.Context, lease time.Duration, limit int) ([]Claim, error)
	// StorePage stores posts and moves the cursor in one transaction. It
	// returns how many posts were not known or are to be read again, or ErrLost.
	// Those of a claim with a gap are counted in it, and wait until the accounts
	// behind it were asked.
	StorePage(ctx context.Context, c *Claim, posts []Arrival, next sources.Cursor, lease time.Duration) (int, error)
	// FinishPull ends a claim, well or badly.
	FinishPull(ctx context.Context, c Claim, p Pulled) error
	// AllDue makes every account due now, but for those told to wait by their place.
	AllDue(ctx context.Context) error
	// NextPull says when the next account is due; zero: none is.
	NextPull(ctx context.Context) (time.Time, error)
}

// Claim is the right to pull one account until the lease ends.
type Claim struct {
	Account string
	Cursor  sources.Cursor
	LastOK  time.Time     // end of the last good pull; zero: none yet
	Slot    time.Time     // when it was due
	At      time.Time     // the database's time of the claim
	Fails   int           // pulls failed in a row before this one
	Epoch   int64         // fences this claim against later ones
	Gap     *onrecord.Gap // that the pull closes; nil: it is not late
}

// First reports whether no pull has ended well yet.
func (c Claim) First() bool { return c.LastOK.IsZero() }

// Arrival is a post with what the poll loop decided about it.
type Arrival struct {
	onrecord.Post
	Baseline bool      // from before the account was watched: kept, never reviewed
	Reread   bool      // when it is known and has changed, what it says now is reviewed
	Seen     time.Time // zero: now; a replay sets it
}

// Pulled is how a pull ended.
type Pulled struct {
	NextAt  time.Time
	Trouble sources.Trouble // "" when it went well
	Error   string
	// Place moves every other account of the source at least this far; zero: none.
	Place time.Time
}

const (
	// pullTimeout bounds one request cycle of a source; pullLease must outlast it
	// and is extended by every stored page.
	pullTimeout = 90 * time.Second
	pullLease   = 2 * time.Minute
	maxPages    = 200
	pullers     = 16
)

// poll pulls due accounts until the context ends.
func (b *Bot) poll(ctx context.Context) {
	slots := make(chan struct{}, pullers)
	for ctx.Err() == nil {
		claims, err := b.inbox.ClaimDue(ctx, pullLease, pullers-len(slots))
		if err != nil {
			b.storeTrouble(ctx, "claim due accounts", err)
			continue
		}
		for _, c := range claims {
			slots <- struct{}{}
			b.running.Go(func() {
				b.pull(ctx, c)
				<-slots
				b.pollWake.ring()
			})
		}
		if len(slots) == cap(slots) {
			b.pollWake.wait(ctx, maxSleep)
			continue
		}
		if len(claims) == 0 {
			b.sleepUntil(ctx, b.pollWake, b.inbox.NextPull)
		}
	}
}

// pull asks one account's source for all its pages and stores each of them.
func (b *Bot) pull(ctx context.Context, c Claim) {
	account, ok := b.accounts[c.Account]
	if !ok { // removed from the configuration while claimed
		return
	}
	c.Gap = b.gap(account, c)
	stored, err := b.pages(ctx, account, &c)
	if errors.Is(err, ErrLost) || ctx.Err() != nil {
		// The lease, or the next start, makes the account due again; its
		// cursor stands where the last stored page left it.
		return
	}
	p := b.pulled(account, c, err)
	b.reportPull(account, c, p, stored)
	if err := b.inbox.FinishPull(ctx, c, p); err != nil && !errors.Is(err, ErrLost) {
		b.log.Error("end of pull not stored; the account is due again when its lease ends", "account", account.ID, "error", err)
	}
	if c.Gap != nil { // posts may have waited for this account
		b.reviewWake.ring()
	}
}

// gap says what a late pull closes: a time in which the account was not read for
// so long that a reader could have missed something. Whether the source failed or
// nobody asked shows in the due time, which every try moves on: when most of the
// time it just passed, before this process started, the program was away.
func (b *Bot) gap(account Account, c Claim) *onrecord.Gap {
	if c.First() || c.At.Sub(c.LastOK) <= staleAfter(account.Schedule.Longest()) {
		return nil
	}
	if b.started.Sub(c.Slot) > c.Slot.Sub(c.LastOK) {
		return &onrecord.Gap{From: c.Slot, Until: c.At}
	}
	return &onrecord.Gap{Place: account.Source, From: c.LastOK, Until: c.At}
}

func (b *Bot) pages(ctx context.Context, account Account, c *Claim) (stored int, err error) {
	source := b.sources[account.Source]
	for range maxPages {
		page, err := ask(ctx, source, account.Account, c.Cursor)
		if err != nil {
			return stored, err
		}
		b.reportWarnings(account.ID, page.Warnings)
		n, err := b.inbox.StorePage(ctx, c, arrivals(page.Posts, account, *c), page.Next, pullLease)
		if err != nil {
			return stored, err
		}
		if stored += n; n > 0 {
			b.reviewWake.ring()
		}
		if !page.More {
			return stored, nil
		}
	}
	return stored, &sources.Error{Trouble: sources.Nonsense, Err: errors.New("two hundred pages and still more; going on with the next pull")}
}

// ask makes one pull. Whatever a page from outside does to a decoder, it is a
// failed pull of one account.
func ask(ctx context.Context, source sources.Source, a onrecord.Account, c sources.Cursor) (page sources.Page, err error) {
	ctx, cancel := context.WithTimeout(ctx, pullTimeout)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			page, err = sources.Page{}, &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("the answer broke its decoder: %v; please report it\n%s", r, debug.Stack())}
		}
	}()
	return source.Pull(ctx, a, c)
}

// arrivals marks what was there before the account was watched. On the first
// pull that is everything, but for posts surely younger than the backfill.
func arrivals(posts []onrecord.Post, account Account, c Claim) []Arrival {
	as := make([]Arrival, len(posts))
	for i, p := range posts {
		wanted := account.Backfill > 0 && p.Dated && p.Created.After(c.At.Add(-account.Backfill))
		as[i] = Arrival{Post: p, Baseline: c.First() && !wanted, Reread: account.Press()}
	}
	return as
}

// pulled decides when to ask again. A failure never waits longer than the next
// regular pull, unless the place itself said until when.
func (b *Bot) pulled(account Account, c Claim, err error) Pulled {
	now := b.book.Now()
	jitter := account.Schedule.Jitter(account.ID) // is in the slot already, and the grid is kept without it
	regular := account.Schedule.After(c.Slot.Add(-jitter), now).Add(jitter)
	if err == nil {
		return Pulled{NextAt: regular}
	}
	p := Pulled{Trouble: sources.Unreached, Error: err.Error(), NextAt: earliest(regular, now.Add(backoff(c.Fails, pullBackoff)))}
	if told, ok := errors.AsType[*sources.Error](err); ok {
		p.Trouble = told.Trouble
		if !told.Retry.IsZero() {
			p.NextAt = told.Retry
		}
		if told.Place {
			p.Place = p.NextAt.Add(time.Minute) // the account that failed asks first
		}
	}
	return p
}

// reportPull logs what changed: the first failure of a row, another kind of
// failure, and the recovery.
func (b *Bot) reportPull(account Account, c Claim, p Pulled, stored int) {
	switch {
	case p.Trouble != "" && (c.Fails == 0 || b.lastTrouble(account.ID) != p.Trouble):
		b.log.Warn("pull failed", "account", account.ID, "trouble", p.Trouble, "error", p.Error, "next", p.NextAt.UTC())
	case p.Trouble == "" && c.Fails > 0:
		b.log.Info("account is readable again", "account", account.ID, "failed pulls", c.Fails, "new posts", stored)
	case c.First() && p.Trouble == "":
		b.log.Info("account is watched from now on", "account", account.ID, "speaker", account.Speaker)
	default:
		b.log.Log(context.Background(), slog.LevelDebug, "pull", "account", account.ID, "new posts", stored)
	}
	b.setTrouble(account.ID, p.Trouble)
}

// reportWarnings logs warnings that the account's last page did not have.
func (b *Bot) reportWarnings(account string, warnings []string) {
	b.mu.Lock()
	last := b.warnings[account]
	b.warnings[account] = warnings
	b.mu.Unlock()
	for _, w := range warnings {
		if !slices.Contains(last, w) {
			b.log.Warn("source warning", "account", account, "warning", w)
		}
	}
}

// pullBackoff and the delivery's tables are waits after the first, second, …
// failure in a row; the last one repeats.
var pullBackoff = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute}

// backoff draws a wait between half and the whole of the step, so that rows
// that failed together do not come back together.
func backoff(fails int, steps []time.Duration) time.Duration {
	d := steps[min(fails, len(steps)-1)]
	return d/2 + rand.N(d/2+1)
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
