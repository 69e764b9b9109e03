package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
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
	StorePage(ctx context.Context, c *Claim, posts []PulledPost, next sources.Cursor, lease time.Duration) (int, error)
	// FinishPull ends a claim, well or badly.
	FinishPull(ctx context.Context, c Claim, p PullResult) error
	// AllDue makes every account due now, but for those told to wait by their place.
	AllDue(ctx context.Context) error
	// Hurry makes an account due now, unless it is in trouble: then it waits as it would.
	Hurry(ctx context.Context, account string) error
	// NextPull says when the next account is due; zero: none is.
	NextPull(ctx context.Context) (time.Time, error)
}

// Claim is the right to pull one account until the lease ends.
type Claim struct {
	Account string
	Cursor  sources.Cursor
	Handle  string        // at its place, as its source said last; "": it says nothing
	LastOK  time.Time     // end of the last good pull; zero: none yet
	Slot    time.Time     // when it was due
	At      time.Time     // the database's time of the claim
	Fails   int           // pulls failed in a row before this one
	Epoch   int64         // fences this claim against later ones
	Gap     *onrecord.Gap // that the pull closes; nil: it is not late
}

// First reports whether no pull has ended well yet.
func (c Claim) First() bool { return c.LastOK.IsZero() }

// PulledPost is a post with what the poll loop decided about it.
type PulledPost struct {
	onrecord.Post
	Baseline bool      // from before the account was watched: kept, never reviewed
	Seen     time.Time // zero: now; a replay sets it
}

// PullResult is how a pull ended.
type PullResult struct {
	NextAt  time.Time
	Trouble sources.Trouble // "" when it went well
	Error   string
	Handle  string // what the account is called at its place; "": nothing is known anew
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

// poller pulls due accounts and stores what they said.
type poller struct {
	loop
	inbox    Inbox
	rechecks Rechecks // nil: no post is looked at again
	accounts map[string]Account
	sources  map[string]sources.Source
	started  time.Time // of the program, by the database's clock
	unread   bell      // rung when there is something to review
	again    bell      // rung when a post on the record may say something else

	mu       sync.Mutex
	trouble  map[string]sources.Trouble // what was logged last, by account
	warnings map[string][]string        // likewise
}

func newPoller(s Setup, l loop, unread, again bell) *poller {
	return &poller{
		loop: l, inbox: s.Inbox, rechecks: s.Rechecks, accounts: s.accounts(), sources: s.Sources, started: l.clock.Now(), unread: unread, again: again,
		trouble: map[string]sources.Trouble{}, warnings: map[string][]string{},
	}
}

// run pulls what is due until the context ends.
func (p *poller) run(ctx context.Context) { p.work(ctx).run(ctx, p.loop) }

func (p *poller) work(ctx context.Context) work[Claim] {
	return work[Claim]{
		name: "claim due accounts", slots: pullers, next: p.inbox.NextPull,
		claim: func(ctx context.Context, free int) ([]Claim, error) { return p.inbox.ClaimDue(ctx, pullLease, free) },
		do:    func(c Claim) { p.pull(ctx, c) },
	}
}

// once pulls every account once.
func (p *poller) once(ctx context.Context) error {
	if err := p.inbox.AllDue(ctx); err != nil {
		return err
	}
	claims, err := p.inbox.ClaimDue(ctx, pullLease, len(p.accounts))
	if err == nil {
		p.work(ctx).all(claims, p.loop)
	}
	return err
}

// pull asks one account's source for all its pages and stores each of them.
func (p *poller) pull(ctx context.Context, c Claim) {
	account, ok := p.accounts[c.Account]
	if !ok { // removed from the configuration while claimed
		return
	}
	c.Gap = p.gap(account, c)
	stored, handle, err := p.pages(ctx, account, &c)
	if errors.Is(err, ErrLost) || ctx.Err() != nil {
		// The lease, or the next start, makes the account due again; its
		// cursor stands where the last stored page left it.
		return
	}
	end := p.pulled(account, c, err)
	end.Handle = handle
	p.reportPull(account, c, end, stored)
	if err := p.inbox.FinishPull(ctx, c, end); err != nil && !errors.Is(err, ErrLost) {
		p.log.Error("end of pull not stored; the account is due again when its lease ends", "account", account.ID, "error", err)
	}
	if c.Gap != nil { // posts may have waited for this account
		p.unread.ring()
	}
}

// gap says what a late pull closes: a time in which the account was not read for
// so long that a reader could have missed something. Whether the source failed or
// nobody asked shows in the due time, which every try moves on: when most of the
// time it just passed, before this process started, the program was away.
func (p *poller) gap(account Account, c Claim) *onrecord.Gap {
	if c.First() || c.At.Sub(c.LastOK) <= staleAfter(account.Schedule.Longest()) {
		return nil
	}
	if p.started.Sub(c.Slot) > c.Slot.Sub(c.LastOK) {
		return &onrecord.Gap{From: c.Slot, Until: c.At}
	}
	return &onrecord.Gap{Place: account.Source, From: c.LastOK, Until: c.At}
}

func (p *poller) pages(ctx context.Context, account Account, c *Claim) (stored int, handle string, err error) {
	source := p.sources[account.Source]
	if c.Cursor == "" { // that it is renamed is not forgotten with the cursor: its old handle may be somebody else's
		account.Handle = cmp.Or(c.Handle, account.Handle)
	}
	for range maxPages {
		page, err := ask(ctx, source, account.Account, c.Cursor)
		if err != nil {
			return stored, handle, err
		}
		handle = page.Handle
		p.reportWarnings(account.ID, page.Warnings)
		n, err := p.inbox.StorePage(ctx, c, arrivals(page, account, *c), page.Next, pullLease)
		if err != nil {
			return stored, handle, err
		}
		if stored += n; n > 0 {
			p.unread.ring()
			p.again.ring()
		}
		if !page.More {
			return stored, handle, nil
		}
	}
	return stored, handle, &sources.Error{Trouble: sources.Nonsense, Err: errors.New("two hundred pages and still more; going on with the next pull")}
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
	page, err = source.Pull(ctx, a, c)
	for _, posts := range [][]onrecord.Post{page.Archive, page.Posts} {
		for i, p := range posts {
			posts[i] = bounded(p)
		}
	}
	return page, err
}

// arrivals marks what was there before the account was watched. On the first
// pull that is everything, but for posts surely younger than the backfill; later
// it is what the source calls an archive.
func arrivals(page sources.Page, account Account, c Claim) (as []PulledPost) {
	for _, posts := range [][]onrecord.Post{page.Archive, page.Posts} {
		for i, p := range posts {
			if year := p.Created.UTC().Year(); year < 1 || year > 9999 { // no database has such a date
				posts[i].Created, posts[i].Dated = c.At, false
			}
		}
	}
	for _, p := range page.Archive {
		as = append(as, PulledPost{Post: p, Baseline: true})
	}
	for _, p := range page.Posts {
		wanted := account.Backfill > 0 && p.Dated && p.Created.After(c.At.Add(-account.Backfill))
		as = append(as, PulledPost{Post: p, Baseline: c.First() && !wanted})
	}
	return as
}

// pulled decides when to ask again. A failure never waits longer than the next
// regular pull, unless the place itself said until when, or refuses us.
func (p *poller) pulled(account Account, c Claim, err error) PullResult {
	now := p.clock.Now()
	jitter := account.Schedule.Jitter(account.ID) // is in the slot already, and the grid is kept without it
	regular := account.Schedule.After(c.Slot.Add(-jitter), now).Add(jitter)
	if err == nil {
		return PullResult{NextAt: regular}
	}
	end := PullResult{Trouble: sources.Unreached, Error: p.redact(err.Error()), NextAt: earliest(regular, now.Add(backoff(c.Fails, pullBackoff)))}
	if srcErr, ok := errors.AsType[*sources.Error](err); ok {
		end.Trouble = srcErr.Trouble
		switch {
		case !srcErr.Retry.IsZero():
			end.NextAt = srcErr.Retry
		case srcErr.Trouble == sources.Limited || srcErr.Trouble == sources.Walled || srcErr.Trouble == sources.Denied:
			end.NextAt = now.Add(backoff(c.Fails, refusalBackoff))
		}
		if srcErr.Place {
			end.Place = end.NextAt.Add(time.Minute) // the account that failed asks first
		}
	}
	return end
}

// reportPull logs what changed: the first failure of a row, another kind of
// failure, and the recovery.
func (p *poller) reportPull(account Account, c Claim, end PullResult, stored int) {
	switch {
	case end.Trouble != "" && (c.Fails == 0 || p.lastTrouble(account.ID) != end.Trouble):
		p.log.Warn("pull failed", "account", account.ID, "trouble", end.Trouble, "error", end.Error, "next", end.NextAt.UTC())
	case end.Trouble == "" && c.Fails > 0:
		p.log.Info("account is readable again", "account", account.ID, "failed pulls", c.Fails, "new posts", stored)
	case c.First() && end.Trouble == "":
		p.log.Info("account is watched from now on", "account", account.ID, "speaker", account.Speaker)
	default:
		p.log.Log(context.Background(), slog.LevelDebug, "pull", "account", account.ID, "new posts", stored)
	}
	p.setTrouble(account.ID, end.Trouble)
}

func (p *poller) lastTrouble(account string) sources.Trouble {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.trouble[account]
}

func (p *poller) setTrouble(account string, t sources.Trouble) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble[account] = t
}

// reportWarnings logs warnings that the account's last page did not have.
func (p *poller) reportWarnings(account string, warnings []string) {
	p.mu.Lock()
	last := p.warnings[account]
	p.warnings[account] = warnings
	p.mu.Unlock()
	for _, w := range warnings {
		if !slices.Contains(last, w) {
			p.log.Warn("source warning", "account", account, "warning", w)
		}
	}
}

// pullBackoff and the delivery's tables are waits after the first, second, …
// failure in a row; the last one repeats.
var pullBackoff = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute}

// refusalBackoff is for refusals that name no time: who asks on as before is
// refused the longer.
var refusalBackoff = []time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}

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
