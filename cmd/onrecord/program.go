package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/fetch"
	"onrecord/internal/schedule"
	"onrecord/internal/store"
	"onrecord/notifiers"
	allnotifiers "onrecord/notifiers/all"
	"onrecord/notifiers/console"
	"onrecord/sources"
	allsources "onrecord/sources/all"
	"onrecord/statements/model"
)

func kinds() config.Kinds {
	return config.Kinds{Sources: allsources.Kinds(), Notifiers: allnotifiers.Kinds()}
}

// clients lends HTTP clients that say who asks; see the Env of package sources.
func clients(cfg *config.Config) func(private bool) *http.Client { return network(cfg).Client }

func network(cfg *config.Config) *fetch.Clients {
	return fetch.New(fetch.Options{Version: version, Contact: cfg.Contact})
}

// program is the bot with everything around it, put together from a configuration.
type program struct {
	cfg      *config.Config
	store    *store.Store
	model    *model.Reader // nil: summaries are offline
	bot      *bot.Bot
	log      *slog.Logger
	watching int                           // accounts that are pulled
	skipped  []string                      // accounts and channels left out for lack of credentials, in words
	counters []counter                     // where people can ask
	shown    []bot.Channel                 // of the configuration
	opened   map[string]notifiers.Notifier // by place; none that lacks credentials
	told     following
	terminal *terminal // that it was started from
	dryRun   bool
	scratch  string // folder of a dry run's database; "" when it is the real one
}

// open puts the program together. A dry run works on a copy of the database and
// shows everything on the terminal.
func (t *terminal) open(cfg *config.Config, log *slog.Logger, dryRun bool) (p *program, err error) {
	err = store.Patiently(t.ctx, func() error {
		p, err = t.openOnce(cfg, log, dryRun)
		return err
	})
	return p, err
}

func (t *terminal) openOnce(cfg *config.Config, log *slog.Logger, dryRun bool) (*program, error) {
	p := &program{cfg: cfg, log: log, dryRun: dryRun}
	var err error
	if dryRun {
		p.scratch, err = os.MkdirTemp("", "onrecord-dry-run-")
		if err != nil {
			return nil, fmt.Errorf("make a folder for the dry run: %w", err)
		}
		p.store, err = store.OpenCopy(t.ctx, cfg.Database, p.scratch)
	} else {
		p.store, err = store.Open(t.ctx, cfg.Database)
	}
	if err != nil {
		p.Close()
		return nil, err
	}
	p.store.AtBoundaries(t.boundary)
	if err := p.track(t.ctx, cfg); err != nil {
		p.Close()
		return nil, err
	}
	if err := p.assemble(t, dryRun); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *program) assemble(t *terminal, dryRun bool) error {
	clients := network(p.cfg)
	lend := clients.Client
	srcs, err := p.sources(clients)
	if err != nil {
		return err
	}
	channels, err := p.channels(t, dryRun)
	if err != nil {
		return err
	}
	setup := bot.Setup{Database: p.store, Inbox: p.store, Reviews: p.store, Outbox: p.store, Digests: p.store, Filings: p.store, Incidents: p.store, Rechecks: p.store, Cases: p.cfg.Cases, Sources: srcs, Pages: lend(false), Channels: channels, Log: p.log, Redact: redactor(p.cfg.Secrets), Busy: t.pace}
	setup.Deletion = deletion(p.cfg)
	if p.cfg.Summary.Provider != config.Extract {
		if p.model, err = openModel(p.cfg, budget{p.store.SpendLog()}, p.log); err != nil {
			return err
		}
		setup.Summarizer, setup.CandidatesOnly = p.model, p.cfg.Summary.Read == config.Likely
	}
	var watched []onrecord.Account
	for _, a := range p.cfg.Accounts {
		if srcs[a.Source] == nil {
			continue
		}
		watched = append(watched, a)
		setup.Accounts = append(setup.Accounts, bot.Account{Account: a, Schedule: p.cfg.Schedules[a.ID]})
	}
	places := map[string]string{}
	for _, c := range channels {
		places[c.ID] = c.Place
	}
	if err := p.tellOrphans(t.ctx); err != nil {
		return fmt.Errorf("compare the record with the configuration: %w", err)
	}
	every := func(id string) time.Duration { return p.cfg.Schedules[id].Longest() }
	if err := p.store.Sync(t.ctx, watched, every, places); err != nil {
		return fmt.Errorf("tell the database what is configured: %w", err)
	}
	p.watching, p.shown, p.told.now, p.terminal = len(watched), channels, channels, t
	p.bot = bot.New(setup)
	return p.follow(t.ctx)
}

// deletion is what becomes of the words of what is not there any more, by source.
func deletion(cfg *config.Config) map[string]sources.Deletion {
	chosen := map[string]sources.Deletion{}
	for name, c := range cfg.Sources {
		if d, ok := c.(sources.Deleting); ok {
			chosen[name] = d.Deletion()
		}
	}
	return chosen
}

// sources opens the source kinds that have accounts. One that lacks credentials
// leaves its accounts out; they are named, and the rest runs.
func (p *program) sources(clients *fetch.Clients) (map[string]sources.Source, error) {
	env := sources.Env{Client: clients.Client, Stream: clients.Stream, Endless: clients.Endless, Log: p.log, Spend: p.store.SpendLog()}
	opened := map[string]sources.Source{}
	missing := map[string]error{}
	for _, a := range p.cfg.Accounts {
		if opened[a.Source] != nil {
			continue
		}
		if err := missing[a.Source]; err == nil {
			s, err := p.cfg.Sources[a.Source].Open(env)
			switch {
			case err == nil:
				opened[a.Source] = s
				continue
			case !errors.Is(err, sources.ErrNoCredentials):
				return nil, fmt.Errorf("open source %s: %w", a.Source, err)
			}
			missing[a.Source] = err
		}
		p.skip("account skipped", a.ID, missing[a.Source])
	}
	return opened, nil
}

// skip reports what is left out.
func (p *program) skip(what, id string, why error) {
	p.skipped = append(p.skipped, fmt.Sprintf("%s: %s: %v", what, id, why))
	p.log.Warn(what, "id", id, "why", why.Error())
}

// channels opens the notifiers and lays each channel out as its lanes. With none
// left, or in a dry run, the terminal is the channel.
func (p *program) channels(t *terminal, dryRun bool) ([]bot.Channel, error) {
	env := notifiers.Env{
		Client:   clients(p.cfg),
		Terminal: t.screen(), Color: t.color(), Width: t.width(), Version: version, Contact: p.cfg.Contact, Log: p.log,
	}
	p.opened = map[string]notifiers.Notifier{}
	var channels []bot.Channel
	if !dryRun {
		var err error
		if channels, err = p.configured(t.ctx, env); err != nil {
			return nil, err
		}
	}
	if len(channels) == 0 {
		n, err := console.Kind().Config().Open(env)
		if err != nil {
			return nil, err
		}
		everything := config.Channel{ID: "terminal", Notifier: "console", Review: "terminal"}
		for _, c := range p.cfg.Cases {
			everything.Cases = append(everything.Cases, c.ID)
		}
		channels = lanes(everything, n)
	}
	return channels, nil
}

// configured are the channels of the configuration. The places of those that people
// subscribed are opened, too: who these are changes while the program runs.
func (p *program) configured(ctx context.Context, env notifiers.Env) (channels []bot.Channel, err error) {
	subscribed, err := p.store.Subscriptions(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range p.cfg.Channels {
		n, err := p.notifier(c.Notifier, env)
		if errors.Is(err, notifiers.ErrNoCredentials) {
			p.skip("channel skipped", c.ID, err)
			continue
		}
		if err != nil {
			return nil, err
		}
		channels = append(channels, lanes(c, n)...)
	}
	for _, s := range subscribed {
		if _, err := p.notifier(s.Place, env); errors.Is(err, notifiers.ErrNoCredentials) {
			p.skip("subscription skipped", s.Channel(), err)
		} else if err != nil {
			return nil, err
		}
	}
	return channels, nil
}

// notifier opens that of a place, once.
func (p *program) notifier(place string, env notifiers.Env) (notifiers.Notifier, error) {
	if n := p.opened[place]; n != nil {
		return n, nil
	}
	kind := p.cfg.Notifiers[place]
	if kind == nil {
		return nil, fmt.Errorf("open notifier %s: there is none of that name", place)
	}
	n, err := kind.Open(env)
	if err != nil {
		return nil, fmt.Errorf("open notifier %s: %w", place, err)
	}
	p.opened[place] = n
	if commander, ok := n.(notifiers.Commander); ok {
		p.counters = append(p.counters, counter{place, commander})
	}
	return n, nil
}

// lanes is a channel as the bot sees it: what readers see and, where the
// operator gave them an address, what a person should look at first, and what is wrong.
func lanes(c config.Channel, n notifiers.Notifier) []bot.Channel {
	list := []bot.Channel{{Target: notifiers.Target{ID: c.ID, Address: c.Address, Lane: onrecord.Record}, Place: c.Notifier, Notifier: n, Cases: c.Cases, Filings: c.Filings}}
	if c.Digest != "" {
		list[0].Digest, _ = schedule.Parse(c.Digest) // the configuration was checked
	}
	for _, one := range c.Pings {
		list[0].Pings = append(list[0].Pings, bot.Ping(one))
	}
	if c.Review != "" {
		list = append(list, bot.Channel{Target: notifiers.Target{ID: c.ID + "/review", Address: c.Review, Lane: onrecord.ForReview}, Place: c.Notifier, Notifier: n, Cases: c.Cases})
	}
	if c.Publish {
		list = append(list, bot.Channel{Target: notifiers.Target{ID: c.ID + bot.PublishLane, Address: c.Address, Lane: onrecord.Published}, Place: c.Notifier, Notifier: n, Cases: c.Cases})
	}
	if c.Ops != "" {
		list = append(list, bot.Channel{Target: notifiers.Target{ID: c.ID + "/ops", Address: c.Ops, Lane: onrecord.Ops}, Place: c.Notifier, Notifier: n})
	}
	return list
}

// Close gives up the database.
func (p *program) Close() error {
	var errs []error
	if p.store != nil {
		errs = append(errs, p.store.Close())
	}
	if p.scratch != "" {
		errs = append(errs, os.RemoveAll(p.scratch))
	}
	return errors.Join(errs...)
}
