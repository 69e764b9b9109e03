package model

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

// Budget keeps what asking has cost, over restarts, in millionths of a dollar.
type Budget interface {
	// Spent returns the cost of the UTC day of a time.
	Spent(ctx context.Context, at time.Time) (int64, error)
	// Spend notes the cost of a request; id is new for each.
	Spend(ctx context.Context, id string, cost int64) error
}

// price is in dollars for a million tokens.
type price struct {
	model   string // the beginning of its name
	in, out float64
}

// prices are list prices as published in November 2026
// (https://docs.anthropic.com/en/docs/about-claude/pricing,
// https://platform.openai.com/docs/pricing). The longest beginning counts. They
// bound a budget and are no bill: discounts are left out.
var prices = []price{
	{"claude-haiku-4", 1, 5},
	{"claude-3-5-haiku", .8, 4},
	{"claude-3-haiku", .25, 1.25},
	{"claude-sonnet-4", 3, 15},
	{"claude-opus-4", 15, 75},
	{"claude-opus-4-5", 5, 25},
	{"claude-opus-4-6", 5, 25},
	{"claude-opus-4-7", 5, 25},
	{"gpt-4o", 2.5, 10},
	{"gpt-4o-mini", .15, .6},
	{"gpt-4.1", 2, 8},
	{"gpt-4.1-mini", .4, 1.6},
	{"gpt-4.1-nano", .1, .4},
	{"gpt-5", 1.25, 10},
	{"gpt-5-mini", .25, 2},
	{"gpt-5-nano", .05, .4},
	{"gpt-5-pro", 15, 120},
	{"gpt-5.4", 2.5, 15},
	{"gpt-5.4-mini", .75, 4.5},
	{"gpt-5.5", 5, 30},
}

// unknown is what a model costs that is not listed: the budget then ends too
// early rather than too late.
var unknown = price{"", 15, 120}

// priceOf finds the price of a model. Without a key nobody can be billed.
func priceOf(model, key string) price {
	if key == "" {
		return price{}
	}
	model = model[strings.LastIndexByte(model, '/')+1:] // gateways put the maker first
	found := unknown
	for _, p := range prices {
		if strings.HasPrefix(model, p.model) && len(p.model) > len(found.model) {
			found = p
		}
	}
	return found
}

// cost is in millionths of a dollar: a dollar for a million tokens is one for each.
func (p price) cost(in, out int64) int64 { return int64(p.in*float64(in) + p.out*float64(out) + .999) }

// most is what a request of so many bytes can cost. Two bytes a token is more
// tokens than any text has in practice.
func (p price) most(bytes int) int64 { return p.cost(int64(bytes)/2, mostTokens) }

// budget spends at most a limit a UTC day.
type budget struct {
	Budget
	price price
	limit int64
	count atomic.Int64
}

// spared is the share of a day's budget that is left to questions about likely posts
// and to summaries: the unlikely come last.
const spared = .5

// afford refuses a request that could cost more than is left of the day, or of what
// those may have that leave a part of it to others.
func (p *budget) afford(ctx context.Context, bytes int, spare bool, now time.Time) error {
	limit := p.limit
	if spare {
		limit = int64(float64(limit) * (1 - spared))
	}
	most := p.price.most(bytes)
	if most == 0 {
		return nil
	}
	spent, err := p.Spent(ctx, now)
	if err != nil {
		return fmt.Errorf("read what the model has cost today: %w", err)
	}
	if spent+most > limit {
		return &failure{kind: overBudget, err: fmt.Errorf("%s of %s are spent today and a request may cost %s; asked again after midnight UTC; raise summary.daily_budget_usd to go on now",
			dollars(spent), dollars(limit), dollars(most))}
	}
	return nil
}

// spend notes a cost. It outlives the request: what was asked is billed.
func (p *budget) spend(ctx context.Context, cost int64, now time.Time) error {
	if cost == 0 {
		return nil
	}
	id := fmt.Sprintf("%d-%d", now.UnixNano(), p.count.Add(1))
	if err := p.Spend(context.WithoutCancel(ctx), id, cost); err != nil {
		return fmt.Errorf("note what the model has cost: %w", err)
	}
	return nil
}

func dollars(micros int64) string { return fmt.Sprintf("$%.4f", float64(micros)/1e6) }

// What a question has in tokens, in and out, as measured on some thousand posts in eight languages.
const (
	judgeIn, judgeOut   = 1400, 60
	screenIn, screenOut = 1100, 40 // of the few posts that are unread at once on an ordinary day
	writeIn, writeOut   = 1900, 220

	likelyShare    = .3  // of posts: they get a question of their own
	statementShare = .05 // of posts: they get a summary
	together       = 2   // posts in a question about several
)

// Estimate is about what reading so many posts costs, in dollars by list prices; candidates:
// the likely ones alone are asked about. Without a key nothing can be billed.
func Estimate(model, key string, posts int, candidates bool) float64 {
	p := priceOf(model, key)
	cost := likelyShare*float64(p.cost(judgeIn, judgeOut)) + statementShare*float64(p.cost(writeIn, writeOut))
	if !candidates {
		cost += (1 - likelyShare) / together * float64(p.cost(screenIn, screenOut))
	}
	return cost * float64(posts) / 1e6
}
