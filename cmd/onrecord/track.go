package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/store"
	"onrecord/notifiers"
	"onrecord/sources"
)

// track adds to a configuration what people at places had tracked. What cannot be any
// more, since the file has it by now or its case is gone, is left out and named.
func track(ctx context.Context, database *store.Store, cfg *config.Config) (left []string, err error) {
	made, err := database.MadeAccounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what people had tracked: %w", err)
	}
	for _, m := range made {
		if err := cfg.Track(config.Addition{Source: m.Source, Handle: m.Handle, URL: m.URL, Speaker: m.Speaker, Cases: m.Cases}); err != nil {
			left = append(left, fmt.Sprintf("%s: %v", m.ID, err))
		}
	}
	return left, nil
}

func (p *program) track(ctx context.Context, cfg *config.Config) error {
	left, err := track(ctx, p.store, cfg)
	for _, what := range left {
		p.log.Warn("an account that people had tracked is left out", "why", what)
	}
	return err
}

// tracking is what a desk asks about accounts.
type tracking struct {
	*store.Store
	p *program
	t *terminal
}

// Prospect implements [desk.Tracking]: what `onrecord add` finds at an address. Nobody
// there may have the machine's own network read.
func (x tracking) Prospect(ctx context.Context, address, speaker, caseID string) (found bot.Prospect, err error) {
	quiet := *x.t
	quiet.ctx, quiet.out, quiet.errout = ctx, io.Discard, io.Discard
	c := addCommand{URL: address, Speaker: speaker, Since: period(7 * 24 * time.Hour)}
	spend := x.SpendLog()
	a, trial, err := c.find(&quiet, x.p.cfg, spend, clients(x.p.cfg)(false))
	redact := redactor(x.p.cfg.Secrets)
	if err != nil {
		return found, notifiers.RefusedError{Why: "It cannot be tracked: " + redact(err.Error())}
	}
	if _, err := x.p.cfg.Sources[a.Source].Open(sources.Env{Client: clients(x.p.cfg), Spend: spend}); errors.Is(err, sources.ErrNoCredentials) {
		return found, notifiers.RefusedError{Why: "Its place needs credentials that whoever runs onrecord has not given. Ask them."}
	}
	entry, err := c.entry(x.p.cfg, a, trial)
	if err != nil {
		return found, notifiers.RefusedError{Why: "Whose account is it? Say so with `as`: a name of a case, or * for a newspaper that quotes them."}
	}
	if caseID != "" {
		entry.Cases = []string{caseID}
	}
	with := *x.p.cfg
	with.Schedules = maps.Clone(x.p.cfg.Schedules)
	if err := with.Track(entry); err != nil {
		return found, notifiers.RefusedError{Why: "It cannot be tracked: it " + redact(err.Error()) + "."}
	}
	made := with.Accounts[len(with.Accounts)-1]
	found.Account = bot.MadeAccount{ID: made.ID, Source: entry.Source, Handle: entry.Handle, URL: entry.URL, Speaker: entry.Speaker, Cases: entry.Cases}
	if n := len(trial.Posts); n > 0 {
		found.Newest = &trial.Posts[n-1]
	}
	if made.Kind == onrecord.Docket {
		return found, nil
	}
	with.Accounts = []onrecord.Account{made}
	scout, err := quiet.scout(&with, spend)
	if err != nil {
		return found, err
	}
	for i := range trial.Posts {
		trial.Posts[i].Account = made.ID
	}
	v, err := scout.Preview(ctx, time.Duration(c.Since), []bot.Trial{trial}, nil, nil)
	found.Looked, found.Posted, found.Waiting = v.Posts, len(v.Posted), len(v.Waiting)
	return found, err
}
