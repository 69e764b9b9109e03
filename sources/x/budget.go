package x

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"onrecord/sources"
)

// ErrBudget says that the day's budget for X is spent. Nothing is lost by it:
// reading goes on from the cursor after midnight UTC.
var ErrBudget = errors.New("the daily budget is spent")

// Prices in millionths of a dollar, from https://docs.x.com/x-api/getting-started/pricing
// as of August 2026. An answer without data and a failed one are free.
const (
	dollar    = 1_000_000
	postPrice = 5_000
	userPrice = 10_000
	namePrice = 5_000 // of another handle that a stream tells of
)

// The classes within which X charges a resource once per UTC day. Two user
// endpoints are charged separately.
const (
	timelineClass = "timeline"
	lookupClass   = "lookup"
	handleClass   = "users"
	userClass     = "users by id"
)

// warnAt is the share of the budget, in percent, that the operator is told of.
const warnAt = 80

// budget stands before every request that costs money.
type budget struct {
	meter sources.SpendLog
	limit int64 // millionths of a dollar per UTC day

	mu     sync.Mutex
	warned time.Time // the day of the last warning
}

// allow returns an error that is [ErrBudget] when today's budget is spent. It
// looks before a request, so accounts pulled side by side can each overdraw it
// by the one answer they are waiting for: at most 100 posts, half a dollar.
func (b *budget) allow(ctx context.Context) error {
	now := time.Now().UTC()
	spent, err := b.spent(ctx, now)
	if err != nil {
		return err
	}
	if spent < b.limit {
		return nil
	}
	return &sources.Error{
		Trouble: sources.NoMoney, Retry: now.Truncate(day).Add(day), Place: true,
		Err: fmt.Errorf("%w: %s of %s; nothing is lost, reading goes on after midnight UTC; raise sources.x.daily_budget_usd to go on now", ErrBudget, dollars(spent), dollars(b.limit)),
	}
}

// spare is [budget.allow] for what can be done without: it leaves the last fifth
// of the day's budget to the timelines.
func (b *budget) spare(ctx context.Context, what string) error {
	now := time.Now().UTC()
	spent, err := b.spent(ctx, now)
	if err != nil || spent*100 < b.limit*warnAt {
		return err
	}
	return &sources.Error{
		Trouble: sources.NoMoney, Retry: now.Truncate(day).Add(day),
		Err: fmt.Errorf("%w for %s: %s of %s, and the rest is for new posts; raise sources.x.daily_budget_usd to go on now", ErrBudget, what, dollars(spent), dollars(b.limit)),
	}
}

// charge notes what an answer about an account cost.
func (b *budget) charge(ctx context.Context, class, account string, price int64, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	charges := make([]sources.Charge, len(ids))
	for i, id := range ids {
		charges[i] = sources.Charge{ID: id, Account: account, Price: price}
	}
	if err := b.meter.Record(ctx, place, class, charges); err != nil {
		return fmt.Errorf("note what reading x cost: %w", err)
	}
	return nil
}

// warning returns a line for the operator, once a day, when most of the budget
// is spent.
func (b *budget) warning(ctx context.Context) (string, error) {
	now := time.Now().UTC()
	spent, err := b.spent(ctx, now)
	if err != nil || spent*100 < b.limit*warnAt {
		return "", err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	today := now.Truncate(day)
	if b.warned.Equal(today) {
		return "", nil
	}
	b.warned = today
	return fmt.Sprintf("reading x has cost %s today, %d%% of daily_budget_usd (%s); at 100%% it stops until midnight UTC", dollars(spent), spent*100/b.limit, dollars(b.limit)), nil
}

func (b *budget) spent(ctx context.Context, now time.Time) (int64, error) {
	if b.meter == nil {
		return 0, errors.New("read what x has cost today: no meter was given, and without one nothing may be spent")
	}
	spent, err := b.meter.Spent(ctx, place, now)
	if err != nil {
		return 0, fmt.Errorf("read what x has cost today: %w", err)
	}
	return spent, nil
}

func dollars(micros int64) string { return fmt.Sprintf("$%.3f", float64(micros)/dollar) }
