package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync"

	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/store"
	"onrecord/internal/web"
)

// defaultConfig is where the configuration is looked for.
const defaultConfig = "config.yaml"

type configFlag struct {
	Config string `short:"c" default:"config.yaml" env:"ONRECORD_CONFIG" help:"The configuration file." placeholder:"FILE"`
}

// load reads the configuration. A missing file says how to get one.
func (f configFlag) load() (*config.Config, error) { return f.from(config.Load) }

// look reads the configuration for a command that needs no tokens: those that the shell
// does not have are not asked for.
func (f configFlag) look() (*config.Config, error) { return f.from(config.LoadKeyless) }

func (f configFlag) from(load func(string, config.Kinds) (*config.Config, error)) (*config.Config, error) {
	cfg, err := load(f.Config, kinds())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{fmt.Errorf("there is no configuration %s.\nWrite one to start from with `onrecord init`, name another with --config, or see what happens with `onrecord demo`", f.Config)}
	}
	return cfg, err
}

type runCommand struct {
	configFlag
	Once    bool `help:"Pull every account once, review and deliver, then exit: 0 only when an account could be read and nothing is owed."`
	DryRun  bool `name:"dry-run" help:"Work on a copy of the database and show the notices on the terminal instead of posting them."`
	Verbose bool `short:"v" help:"Log every pull and every decision."`
}

func (c runCommand) Run(t *terminal) error {
	if t.pace != nil {
		t.pace(false) // from the start: what lives among much garbage keeps its pages for good
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	watch := &watcher{configFlag: c.configFlag, hangups: hangups(t.ctx)}
	watch.seen, _ = os.ReadFile(c.Config) // it was just loaded; what cannot be read is looked at again
	log := t.logger(level, cfg.Secrets)
	for _, w := range cfg.Warnings {
		log.Warn("configuration", "warning", w.String())
	}
	p, err := t.open(cfg, log, c.DryRun)
	if err != nil {
		return err
	}
	defer p.Close()
	if c.Once {
		return p.once(t)
	}
	watch.made = p.store.TrackedMark
	err = store.Patiently(t.ctx, func() error {
		watch.mark, err = p.store.TrackedMark(t.ctx)
		return err
	})
	if err != nil {
		return err
	}
	secrets := cfg.Secrets
	return p.run(t, watch, func(next *config.Config) *slog.Logger {
		secrets = slices.Concat(secrets, next.Secrets) // what was a secret stays one
		return t.logger(level, secrets)
	})
}

// run works until it is told to stop, and takes what changes in the configuration.
func (p *program) run(t *terminal, watch *watcher, logger func(*config.Config) *slog.Logger) error {
	var serving sync.WaitGroup
	defer serving.Wait()
	asked := &served{program: p}
	if l := p.cfg.Web.Listen; l != "" {
		addr, done, err := web.Serve(t.ctx, l, asked.web(), p.log)
		if err != nil {
			return fmt.Errorf("serve health and metrics on %s: %w; set web.listen to another address or to off", l, err)
		}
		serving.Go(func() {
			if err := <-done; err != nil {
				p.log.Error("health and metrics ended", "error", err)
			}
		})
		p.log.Info("watching", "accounts", p.watching, "status", "http://"+addr+"/", "health", "http://"+addr+"/readyz")
	}
	for {
		if t.pace != nil {
			t.pace(false) // what the start and the first pulls left behind is given back
		}
		next := p.runUntilChanged(t.ctx, watch)
		if next == nil {
			p.log.Info("stopped; whatever is owed is delivered after the next start")
			return nil
		}
		changed, err := p.with(t, next, logger(next))
		if err != nil { // nothing works by now: the old one goes on
			p.log.Error("the changed configuration cannot be used; the one before stays", "error", err)
			continue
		}
		p = changed
		asked.change(p)
		p.log.Info("the changed configuration is in use", "accounts", p.watching)
	}
}

// web serves health and metrics, and a page for people.
func (s *served) web() http.Handler {
	started := s.store.Now()
	mux := http.NewServeMux()
	mux.Handle("/", web.Handler(s, version, started))
	look := web.Page(func(ctx context.Context) (bot.Overview, error) {
		p := s.now()
		o := operator(p.cfg, p.store, p.bot.Ruleset())
		o.Started = started
		return o.Overview(ctx)
	})
	mux.Handle("GET /{$}", look)
	mux.Handle("GET /status.json", look)
	return mux
}

// Status is what the database knows, and what was asked besides pulls.
func (s *served) Status(ctx context.Context) (bot.Status, error) {
	p := s.now()
	st, err := p.store.Status(ctx)
	st.Context = p.bot.Context()
	if p.model != nil {
		st.ModelCalls = p.model.Calls()
	}
	return st, err
}

// once ends with an error when something is still owed or unreadable.
func (p *program) once(t *terminal) error {
	owed, err := p.bot.Once(t.ctx)
	if err != nil {
		return err
	}
	accounts, err := bot.Operator{Operations: p.store, Configured: p.cfg.Accounts}.Accounts(context.WithoutCancel(t.ctx))
	if err != nil {
		return err
	}
	pulled := 0
	for _, a := range accounts {
		switch {
		case a.Trouble != "":
			fmt.Fprintf(t.errout, "not readable: %s: %s\n", a.ID, a.Error)
		case a.Watched:
			pulled++
		}
	}
	for _, s := range p.skipped {
		fmt.Fprintln(t.errout, s)
	}
	fmt.Fprintf(t.errout, "%d of %d accounts pulled, %d deliveries still owed\n", pulled, len(accounts), owed)
	if p.dryRun {
		fmt.Fprintln(t.errout, "what was published before an account is watched is not reported; `onrecord preview` shows what the last two weeks would have brought")
	}
	if pulled == 0 && len(accounts) > 0 {
		return errors.New("no account could be read")
	}
	if owed > 0 {
		return fmt.Errorf("%d deliveries are still owed; `onrecord outbox` shows what holds them up, and `onrecord run` delivers what nothing does", owed)
	}
	return nil
}
