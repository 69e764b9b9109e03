package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"onrecord"
	"onrecord/sources"
)

const (
	pageSize = 100 // the most that a page can have
	// maxPages bounds one pull: 3,000 posts. An account may make 11,666 a day,
	// https://docs.bsky.app/docs/advanced-guides/rate-limits
	maxPages = 30
	// sweepPages are read every sweepEvery although nothing seems new in them:
	// edits keep their place in the feed, and a post that claims an old date
	// takes an old place.
	sweepPages = 5
	sweepEvery = time.Hour
)

// Pull reads the author feed, newest page first, and goes on as long as a page
// holds anything new. It never stops at a known post: the feed is ordered by
// the earlier of the date a post claims and the date it was indexed, so a new
// post can stand anywhere.
func (s *source) Pull(ctx context.Context, account onrecord.Account, cursor sources.Cursor) (sources.Page, error) {
	now := time.Now()
	m, err := readMark(cursor)
	if err != nil {
		return sources.Page{}, err
	}
	if m.DID == "" {
		if m.DID, err = s.client.resolve(ctx, account.Handle); err != nil {
			return sources.Page{}, err
		}
	}
	s.known.Store(account.ID, m.DID)
	r := newRound(m, account, now)
	for at, n := "", 0; ; n++ {
		p, err := s.page(ctx, m.DID, at)
		if err != nil {
			return sources.Page{}, err
		}
		more := r.read(p, n)
		if p.Cursor == "" || !more {
			break
		}
		if n+1 == maxPages {
			r.warnings = append(r.warnings, fmt.Sprintf("more than %d posts at once: the older ones were not read", maxPages*pageSize))
			break
		}
		at = p.Cursor
	}
	slices.Reverse(r.fresh) // posts of one moment stay in the order of the feed
	slices.SortStableFunc(r.fresh, func(a, b onrecord.Post) int { return a.Created.Compare(b.Created) })
	s.log.Debug("author feed read", "account", account.ID, "fresh", len(r.fresh))
	return sources.Page{Posts: r.fresh, Warnings: r.warnings, Next: r.next().cursor(), Handle: r.handle}, nil
}

// page asks for the largest page that can be read: posts carry what their author
// signs, and ten of them can be larger than any answer that is read.
func (s *source) page(ctx context.Context, did, at string) (p page, err error) {
	for _, size := range []int{pageSize, 10, 1} {
		if p, err = s.client.page(ctx, did, at, size); !errors.Is(err, sources.ErrTooLarge) {
			return p, err
		}
	}
	return p, err
}

// round is one pull: what is known and what it found.
type round struct {
	account  onrecord.Account
	now      time.Time
	before   mark
	known    map[string]string // versions by name
	first    bool
	sweep    bool
	fresh    []onrecord.Post
	seen     []sighting
	newest   time.Time // the latest time of indexing among what was read
	warnings []string
	handle   string // of the account now
}

func newRound(m mark, account onrecord.Account, now time.Time) *round {
	r := &round{account: account, now: now, before: m, known: map[string]string{}, first: m.Swept.IsZero(), sweep: now.Sub(m.Swept) >= sweepEvery}
	for _, s := range m.Seen {
		r.known[s.name] = s.version
	}
	return r
}

// read takes in page n and reports whether the next one should be read.
func (r *round) read(p page, n int) (more bool) {
	fresh := 0
	oldest := r.now
	for _, raw := range p.Feed {
		v, err := readView(raw, r.before.DID)
		if err != nil {
			r.warnings = append(r.warnings, fmt.Sprintf("a post could not be read and is tried again with the next pull: %v", err))
			continue
		}
		post := v.post(r.account, r.now)
		s := sight(post.ID, post.Revision)
		if slices.Contains(r.seen, s) { // the feed moved on between two pages
			continue
		}
		r.seen = append(r.seen, s)
		indexed := v.appeared(r.now)
		if indexed.After(r.newest) {
			r.newest = indexed
		}
		if by := v.Post.Author; by.DID == r.before.DID && by.Handle != "handle.invalid" && !didPattern.MatchString(r.account.Handle) {
			r.handle = by.Handle
		}
		if v.Post.Author.DID == r.before.DID && v.Post.Author.asksForDiscretion() && !slices.Contains(r.warnings, discretion) {
			r.warnings = append(r.warnings, discretion)
		}
		if post.Created.Before(oldest) {
			oldest = post.Created
		}
		version, known := r.known[s.name]
		if known && version != s.version || !known && (r.first || !indexed.Before(r.before.Since)) {
			r.fresh = append(r.fresh, post)
			fresh++
		}
	}
	switch {
	case r.first:
		return r.account.Backfill > 0 && oldest.After(r.now.Add(-r.account.Backfill))
	case len(p.Feed) == 0: // posts the AppView hides count, the place behind them is still worth a look
		return true
	}
	return fresh > 0 || r.sweep && n+1 < sweepPages
}

// discretion is what an operator should know of an account; what it asks for is
// a wish, and its posts are public.
const discretion = "the account asks apps to show its posts to people who are logged in alone (" + notForStrangers + "); whether its words are shown in your channels is yours to decide"

// next is the mark after the round.
func (r *round) next() mark {
	m := r.before
	if r.newest.After(r.now) { // a clock that is ahead must not hide what comes
		r.newest = r.now
	}
	switch {
	case r.first && !r.newest.IsZero():
		m.Since = r.newest.Add(-time.Minute)
	case r.newest.Add(-lag).After(m.Since):
		m.Since = r.newest.Add(-lag)
	}
	if r.first || r.sweep {
		m.Swept = r.now
	}
	slices.Reverse(r.seen)
	m.Seen = merge(m.Seen, r.seen)
	return m
}

// lag is how much later than its neighbours an indexed post may appear in the
// feed and still be new.
const lag = 24 * time.Hour

// page is an answer of getAuthorFeed.
type page struct {
	Feed   []json.RawMessage `json:"feed"`
	Cursor string            `json:"cursor"`
}
