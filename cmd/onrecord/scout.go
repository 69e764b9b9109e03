package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/eval"
	"onrecord/internal/store"
	"onrecord/sources"
)

// scout tries what a configuration names. Accounts whose source lacks credentials
// are in the trials with that trouble.
func (t *terminal) scout(cfg *config.Config, spend sources.SpendLog) (bot.Scout, error) {
	env := sources.Env{Client: clients(cfg), Log: slog.New(slog.DiscardHandler), Spend: spend}
	s := bot.Scout{
		Cases: cfg.Cases, Accounts: cfg.Accounts, Sources: map[string]sources.Source{},
		Replay: func(ctx context.Context, posts []onrecord.Post) ([]bot.Explanation, error) {
			labelled := make([]eval.LabelledPost, len(posts))
			for i, p := range posts {
				labelled[i] = eval.LabelledPost{Post: p}
			}
			return eval.Replay(ctx, cfg.Cases, cfg.Accounts, labelled, nil)
		},
		Told:   t.progress("reading accounts"),
		Redact: redactor(cfg.Secrets),
	}
	for _, a := range cfg.Accounts {
		if _, tried := s.Sources[a.Source]; tried {
			continue
		}
		source, err := cfg.Sources[a.Source].Open(env)
		if err != nil && !errors.Is(err, sources.ErrNoCredentials) {
			return s, fmt.Errorf("open source %s: %w", a.Source, err)
		}
		s.Sources[a.Source] = source
	}
	return s, nil
}

// progress tells on a terminal how far long work is, on one line that is gone at the
// end. Elsewhere it tells nothing: there is nobody to wait.
func (t *terminal) progress(what string) func(done, of int) {
	if !t.interactive(t.errout) {
		return nil
	}
	return func(done, of int) {
		line := fmt.Sprintf("%s: %d of %d", what, done, of)
		fmt.Fprintf(bare(t.errout), "\r%s", line)
		if done == of {
			fmt.Fprintf(bare(t.errout), "\r%s\r", strings.Repeat(" ", len(line)))
		}
	}
}

// purse is what is spent where there is no record yet: it lasts as long as the command.
type purse struct {
	mu     sync.Mutex
	billed map[string]bool
	spent  map[string]int64
}

// Record implements [sources.SpendLog].
func (p *purse) Record(_ context.Context, place, class string, charges []sources.Charge) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range charges {
		if key := place + "\n" + class + "\n" + c.ID; !p.billed[key] {
			p.billed[key] = true
			p.spent[place] += c.Price
		}
	}
	return nil
}

// Spent implements [sources.SpendLog].
func (p *purse) Spent(_ context.Context, place string, _ time.Time) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.spent[place], nil
}

// Reads implements [sources.SpendLog]. Nothing is known of another day.
func (*purse) Reads(context.Context, string, time.Time, ...string) (int64, error) { return 0, nil }

func newPurse() *purse { return &purse{billed: map[string]bool{}, spent: map[string]int64{}} }

// spending opens the record, if there is one, for a command that reads places: what
// it spends counts for the program's day. done closes it.
func spending(t *terminal, cfg *config.Config) (database *store.Store, spend sources.SpendLog, done func(), err error) {
	database, err = existing(t, cfg, store.OpenBeside)
	if err != nil {
		return nil, nil, nil, err
	}
	if database == nil {
		return nil, newPurse(), func() {}, nil
	}
	return database, database.SpendLog(), func() { database.Close() }, nil
}
