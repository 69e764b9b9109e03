package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"

	"onrecord"
	"onrecord/internal/config"
)

// lookEvery is how often the configuration file is looked at. It is read whole: editors
// replace it, and what a container mounts keeps its time.
const lookEvery = 2 * time.Second

// hangups yields when the process is told to read its configuration again. From then
// on no such signal ends it, a closed terminal neither.
func hangups(ctx context.Context) <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	context.AfterFunc(ctx, func() { signal.Stop(c) })
	return c
}

// watcher reads the configuration anew when its file changes, or a signal asks for it.
type watcher struct {
	configFlag
	hangups <-chan os.Signal
	seen    []byte // what the file held when it was read last

	made func(context.Context) (mark string, err error) // of what people at places track; nil: nobody asks
	mark string
}

// next waits for a configuration without mistakes; nil: the context ended. One with
// mistakes is told, and whatever runs goes on with what it has.
func (w *watcher) next(ctx context.Context, log *slog.Logger) *config.Config {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	changed := ""
	for {
		asked := false
		select {
		case <-ctx.Done():
			return nil
		case <-w.hangups:
			asked = true
		case <-tick.C:
		}
		if w.made != nil {
			// A change is taken at the second look: who made it is answered before.
			mark, err := w.made(ctx)
			if err == nil && mark != w.mark && mark == changed {
				asked, w.mark = true, mark
			}
			changed = mark
		}
		text, err := os.ReadFile(w.Config)
		if err != nil && !asked || err == nil && bytes.Equal(text, w.seen) && !asked {
			continue // being replaced, or as it was
		}
		w.seen = text
		cfg, err := w.load()
		if err == nil {
			return cfg
		}
		var problems config.Problems
		if !errors.As(err, &problems) {
			log.Error("the configuration cannot be read; the one before stays", "error", err)
			continue
		}
		for _, p := range problems {
			log.Error("the configuration has a mistake; the one before stays", "mistake", p.String())
		}
	}
}

// served is a program whose configuration may change while it is asked how it is.
type served struct {
	mu sync.RWMutex
	*program
}

func (s *served) now() *program {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.program
}

func (s *served) change(to *program) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.program = to
}

// runUntilChanged works until the context ends, or another configuration is there.
func (p *program) runUntilChanged(ctx context.Context, w *watcher) (next *config.Config) {
	round, stop := context.WithCancel(ctx)
	defer stop()
	var working sync.WaitGroup
	working.Go(func() { p.bot.Run(round) })
	working.Go(func() { p.serve(round) })
	working.Go(func() { p.keepFollowing(round) })
	if w != nil {
		next = w.next(ctx, p.log)
		stop()
	}
	working.Wait()
	return next
}

// with is the program on another configuration, over the same database.
func (p *program) with(t *terminal, next *config.Config, log *slog.Logger) (*program, error) {
	if err := p.track(t.ctx, next); err != nil {
		return nil, err
	}
	for _, c := range config.Changes(p.cfg, next) {
		log.Info("configuration changed", "what", c)
	}
	for _, warning := range next.Warnings {
		log.Warn("configuration", "warning", warning.String())
	}
	next.Database, next.Web = p.cfg.Database, p.cfg.Web // neither changes while the program runs
	q := &program{cfg: next, log: log, store: p.store, scratch: p.scratch, dryRun: p.dryRun}
	if err := p.store.Interrupted(context.WithoutCancel(t.ctx)); err != nil {
		return nil, fmt.Errorf("make due again what was under way: %w", err)
	}
	return q, q.assemble(t, p.dryRun)
}

// tellOrphans says what of the record belongs to nobody who is configured, and which
// accounts are left alone from now on.
func (p *program) tellOrphans(ctx context.Context) error {
	watched, err := p.store.Watched(ctx)
	if err != nil {
		return err
	}
	for _, id := range watched {
		if !slices.ContainsFunc(p.cfg.Accounts, func(a onrecord.Account) bool { return a.ID == id }) {
			p.log.Info("no longer watched: it is not in the configuration", "account", id)
		}
	}
	count, err := p.store.Speakers(ctx)
	if err != nil {
		return err
	}
	for id, speakers := range count {
		i := slices.IndexFunc(p.cfg.Cases, func(c onrecord.Case) bool { return c.ID == id })
		if i < 0 {
			n := 0
			for _, of := range speakers {
				n += of
			}
			p.log.Warn("statements are on the record of a case that is not configured: nothing new is compared with them; give the case its old id back, if it was renamed", "case", id, "statements", n)
			continue
		}
		for speaker, n := range speakers {
			if _, ok := p.cfg.Cases[i].Find(speaker); !ok {
				p.log.Warn("statements are by somebody who is not in the case: what was learned of the name is lost; keep it as an alias, if it was changed", "case", id, "speaker", speaker, "statements", n)
			}
		}
	}
	return nil
}
