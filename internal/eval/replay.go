// Package eval replays posts through review, as in production, and measures the
// decisions against what a person found in them. It owns the form of labelled
// posts, of decisions and of the figures; what decides is the bot's review and
// nothing of its own.
package eval

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
)

// Replay puts posts, the oldest first, through a bot of their own, which may ask a
// model, and returns its decisions.
func Replay(ctx context.Context, cases []onrecord.Case, accounts []onrecord.Account, posts []LabelledPost, m *Model) (decisions []bot.Explanation, err error) {
	err = within(ctx, cases, accounts, m, func(r *replay) error {
		if err = r.review(ctx, posts); err != nil {
			return err
		}
		decisions, err = r.decisions(ctx)
		return err
	})
	return decisions, err
}

// replay is a bot with a database of its own.
type replay struct {
	database *store.Store
	setup    bot.Setup
	accounts []onrecord.Account
	claims   map[string]*bot.Claim // by account
}

// within hands a replay to somebody for as long as its database is there.
func within(ctx context.Context, cases []onrecord.Case, accounts []onrecord.Account, m *Model, do func(*replay) error) error {
	dir, err := os.MkdirTemp("", "onrecord-eval-")
	if err != nil {
		return fmt.Errorf("make a folder for the replay: %w", err)
	}
	defer os.RemoveAll(dir)
	database, err := store.OpenScratch(ctx, dir)
	if err != nil {
		return err
	}
	defer database.Close()
	if err := database.Sync(ctx, accounts, func(string) time.Duration { return time.Hour }, nil); err != nil {
		return err
	}
	r := &replay{database: database, setup: bot.Setup{Database: database, Reviews: database, Cases: cases}, accounts: accounts, claims: map[string]*bot.Claim{}}
	if m != nil {
		r.setup.Summarizer, r.setup.CandidatesOnly = m, m.CandidatesOnly
	}
	for _, a := range accounts {
		r.setup.Accounts = append(r.setup.Accounts, bot.Account{Account: a})
	}
	claims, err := database.ClaimDue(ctx, time.Hour, len(accounts))
	if err != nil {
		return err
	}
	for i := range claims {
		r.claims[claims[i].Account] = &claims[i]
	}
	return do(r)
}

// review stores posts as pulls would have, each seen when it was published, and reads
// them.
func (r *replay) review(ctx context.Context, posts []LabelledPost) error {
	for len(posts) > 0 {
		n := 1
		for n < len(posts) && posts[n].Account == posts[0].Account {
			n++
		}
		page := make([]bot.PulledPost, n)
		for i, p := range posts[:n] {
			page[i] = bot.PulledPost{Post: p.Post, Seen: p.Created}
		}
		c := r.claims[posts[0].Account]
		if _, err := r.database.StorePage(ctx, c, page, c.Cursor, time.Hour); err != nil {
			return err
		}
		posts = posts[n:]
	}
	return bot.New(r.setup).Catchup(ctx)
}

func (r *replay) decisions(ctx context.Context) ([]bot.Explanation, error) {
	return bot.Visitor{Record: r.database, Accounts: r.accounts}.Decisions(ctx)
}

// decision is a decision as a line of a file; docs/configuration.md describes the form.
type decision struct {
	ID        string            `json:"id"`
	Case      string            `json:"case"`
	Speaker   string            `json:"speaker,omitempty"` // whom a press account quotes
	Via       string            `json:"via,omitempty"`     // the outlet that does
	Decision  onrecord.Label    `json:"decision"`
	Score     float64           `json:"score"`
	Novelty   onrecord.Novelty  `json:"novelty,omitempty"`
	Reasons   []onrecord.Reason `json:"reasons"`
	Quiet     bool              `json:"quiet,omitempty"`   // for review, and nobody is told
	Opinion   *onrecord.Opinion `json:"opinion,omitempty"` // of a model
	Without   onrecord.Label    `json:"without,omitempty"` // what would have been decided without it
	Statement *string           `json:"statement"`
}

// WriteDecisions writes decisions, one JSON object a line.
func WriteDecisions(w io.Writer, list []bot.Explanation) error {
	lines := json.NewEncoder(w)
	for _, d := range list {
		l := decision{
			ID: d.Post.ID, Case: d.Decision.Case, Speaker: d.Speaker, Via: d.Via,
			Decision: d.Decision.Label, Score: d.Decision.Score, Novelty: d.Novelty, Reasons: d.Decision.Reasons,
			Quiet: d.Decision.Quiet, Opinion: d.Decision.Opinion, Without: d.Decision.Without,
		}
		if d.Statement != 0 {
			n := onrecord.StatementNumber(d.Statement)
			l.Statement = &n
		}
		if err := lines.Encode(l); err != nil {
			return err
		}
	}
	return nil
}
