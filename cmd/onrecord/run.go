package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"

	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/web"
)

// defaultConfig is where the configuration is looked for.
const defaultConfig = "config.yaml"

type configFlag struct {
	Config string `short:"c" default:"config.yaml" env:"ONRECORD_CONFIG" help:"The configuration file." placeholder:"FILE"`
}

// load reads the configuration. A missing file says how to get one.
func (f configFlag) load() (*config.Config, error) {
	cfg, err := config.Load(f.Config, kinds())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{fmt.Errorf("there is no configuration %s.\nWrite one to start from with `onrecord init`, name another with --config, or see what happens with `onrecord demo`", f.Config)}
	}
	return cfg, err
}

type runCommand struct {
	configFlag
	Once    bool `help:"Pull every account once, review and deliver, then exit: 0 only when an account could be read and nothing is owed."`
	DryRun  bool `help:"Work on a copy of the database and show the notices on the terminal instead of posting them."`
	Verbose bool `short:"v" help:"Log every pull and every decision."`
}

func (c runCommand) Run(t *terminal) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
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
	return p.run(t.ctx)
}

// run works until it is told to stop.
func (p *program) run(ctx context.Context) error {
	var serving sync.WaitGroup
	defer serving.Wait()
	if l := p.cfg.Web.Listen; l != "" {
		addr, done, err := web.Serve(ctx, l, p.web())
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
	p.bot.Run(ctx)
	p.log.Info("stopped; whatever is owed is delivered after the next start")
	return nil
}

// web serves health and metrics, and a page for people.
func (p *program) web() http.Handler {
	started := p.store.Now()
	mux := http.NewServeMux()
	mux.Handle("/", web.Handler(health{p}, version, started))
	look := web.Page(bot.Operator{Operations: p.store, Configured: p.cfg.Accounts, Version: version, Started: started}.Overview)
	mux.Handle("GET /{$}", look)
	mux.Handle("GET /status.json", look)
	return mux
}

// health is what the database knows, and what was asked besides pulls.
type health struct{ *program }

func (h health) Status(ctx context.Context) (bot.Status, error) {
	s, err := h.store.Status(ctx)
	s.Context = h.bot.Context()
	if h.model != nil {
		s.ModelCalls = h.model.Calls()
	}
	return s, err
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
	if pulled == 0 && len(accounts) > 0 {
		return errors.New("no account could be read")
	}
	if owed > 0 {
		return fmt.Errorf("%d deliveries are still owed; `onrecord run` delivers them", owed)
	}
	return nil
}
