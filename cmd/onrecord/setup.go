package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/store"
	"onrecord/notifiers"
	"onrecord/sources"
	"onrecord/statements/match"
)

//go:embed start.yaml
var startingPoint []byte

type initCommand struct {
	Path string `arg:"" default:"config.yaml" help:"The file to write."`
	From string `help:"Read a news story, a press release or the caption of a complaint, and write what it says of the case: parties, people, court, dates, keywords, accounts. Every guess is marked with the words it came from." placeholder:"FILE|URL"`
}

func (c initCommand) Run(t *terminal) error {
	text, said := startingPoint, "Next: name the case, its parties and their accounts in it, then `onrecord check`, then `onrecord run`."
	if c.From != "" {
		var err error
		if text, said, err = draft(t, c.From); err != nil {
			return err
		}
		said += "\nNext: compare each guess with the words beside it, then `onrecord check --live`, then `onrecord preview`."
	}
	f, err := os.OpenFile(c.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) // it names secrets by their variables, and a container's user has to read it
	if errors.Is(err, fs.ErrExist) {
		return usageError{fmt.Errorf("%s exists already; name another file", c.Path)}
	}
	if err != nil {
		return fmt.Errorf("write a configuration: %w", err)
	}
	if _, err := f.Write(text); err != nil {
		return fmt.Errorf("write %s: %w", c.Path, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", c.Path, err)
	}
	fmt.Fprintf(t.out, "wrote %s\n%s\n", c.Path, said)
	return nil
}

type checkCommand struct {
	configFlag
	Live bool `help:"Also try credentials, channels, permissions, and every account once. Posts nothing; an account on X costs a cent, once a day."`
	JSON bool `help:"Print mistakes, warnings and what was tried as one JSON object."`
}

func (c checkCommand) Run(t *terminal) error {
	if c.JSON {
		return c.json(t)
	}
	return c.run(t, &checked{})
}

func (c checkCommand) run(t *terminal, found *checked) error {
	cfg, err := c.from(func(path string, k config.Kinds) (*config.Config, error) {
		k.Everyday = match.Everyday
		return config.Load(path, k)
	})
	if err != nil {
		return err
	}
	found.Warnings = problemsOf(cfg.Warnings)
	for _, w := range cfg.Warnings {
		fmt.Fprintf(t.out, "warning: %s\n%s\n", w, w.Excerpt)
	}
	now := time.Now()
	recent, unread := history(t, cfg, now)
	commonWords(t, cfg, recent)
	modelCost(t, cfg, recent, now)
	fmt.Fprintf(t.out, "%s: %s, %s, %s, no mistakes\n", c.Config, counted(len(cfg.Cases), "case"), counted(len(cfg.Accounts), "account"), counted(len(cfg.Channels), "channel"))
	asked := probe{t: t, cfg: cfg, live: c.Live, found: found}
	return errors.Join(asked.database(unread), asked.sources(), asked.accounts(), asked.channels(), asked.model())
}

// probe says of each place whether it can be used.
type probe struct {
	t    *terminal
	cfg  *config.Config
	live bool

	found *checked
}

// database says whether the file can hold the record. Its folder may belong to another
// machine, or be made later; a server may be out of reach from here.
func (p probe) database(unread error) error {
	name := "database " + store.Redact(p.cfg.Database)
	if strings.Contains(p.cfg.Database, "://") {
		return nil
	}
	if _, err := os.Stat(filepath.Dir(p.cfg.Database)); errors.Is(err, fs.ErrNotExist) {
		return p.say(name, errors.New("its folder is not on this machine; make it before the program starts"), true)
	}
	if unread != nil {
		return p.say(name, unread, false)
	}
	return nil
}

const probeTimeout = 20 * time.Second

func (p probe) sources() error {
	env := sources.Env{Client: clients(p.cfg), Log: slog.New(slog.DiscardHandler), Spend: freeOfCharge{}}
	asked := map[string]bool{}
	var errs []error
	for _, a := range p.cfg.Accounts {
		if asked[a.Source] {
			continue
		}
		asked[a.Source] = true
		s, err := p.cfg.Sources[a.Source].Open(env)
		if err != nil {
			errs = append(errs, p.say("source "+a.Source, err, errors.Is(err, sources.ErrNoCredentials)))
			continue
		}
		if prober, ok := s.(sources.Prober); ok && p.live {
			ctx, cancel := context.WithTimeout(p.t.ctx, probeTimeout)
			probed := prober.Probe(ctx)
			errs = append(errs, p.say("source "+a.Source, probed, false))
			if planner, ok := s.(sources.Planner); ok && probed == nil {
				p.plan(ctx, planner, a.Source)
			}
			cancel()
		}
	}
	return errors.Join(errs...)
}

// plan says what reading a place will cost. That it cannot say so is no failure.
func (p probe) plan(ctx context.Context, planner sources.Planner, source string) {
	n := 0
	for _, a := range p.cfg.Accounts {
		if a.Source == source {
			n++
		}
	}
	if line, err := planner.Plan(ctx, n); err == nil {
		fmt.Fprintf(p.t.out, "plan: %s\n", line)
	}
}

// accounts reads each account of an open source once.
func (p probe) accounts() error {
	if !p.live {
		return nil
	}
	_, spend, done, err := spending(p.t, p.cfg)
	if err != nil {
		return err
	}
	defer done()
	scout, err := p.t.scout(p.cfg, spend)
	if err != nil {
		return err
	}
	scout.Accounts = slices.DeleteFunc(slices.Clone(scout.Accounts), func(a onrecord.Account) bool { return scout.Sources[a.Source] == nil })
	bad := 0
	for _, trial := range scout.Try(p.t.ctx, 0) {
		fmt.Fprintln(p.t.out, tried(trial, time.Now()))
		p.found.Accounts = append(p.found.Accounts, trial)
		if trial.Trouble != "" {
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %s cannot be read", bad, counted(len(scout.Accounts), "account"))
	}
	return nil
}

func (p probe) channels() error {
	env := notifiers.Env{Client: clients(p.cfg), Terminal: p.t.screen(), Width: p.t.width(), Version: version, Contact: p.cfg.Contact, Log: slog.New(slog.DiscardHandler)}
	var errs []error
	for _, c := range p.cfg.Channels {
		n, err := p.cfg.Notifiers[c.Notifier].Open(env)
		if err != nil {
			errs = append(errs, p.say("channel "+c.ID, err, errors.Is(err, notifiers.ErrNoCredentials)))
			continue
		}
		prober, ok := n.(notifiers.Prober)
		if !ok || !p.live {
			continue
		}
		for _, lane := range lanes(c, n) {
			ctx, cancel := context.WithTimeout(p.t.ctx, probeTimeout)
			err := prober.Probe(ctx, lane.Target)
			what := "channel " + lane.ID
			if d, ok := n.(notifiers.Describer); ok && err == nil {
				if special := d.Describe(ctx, lane.Target); special != "" {
					what += " (" + special + ")"
				}
			}
			errs = append(errs, p.say(what, err, false))
			if err == nil {
				p.further(ctx, prober, lane)
			}
			p.readers(ctx, prober, lane)
			cancel()
		}
		if giver, ok := n.(notifiers.RoleGiver); ok {
			errs = append(errs, p.roles(giver, lanes(c, n)[0]))
		}
	}
	return errors.Join(errs...)
}

// further says which permission is missing for what a channel does without where it has to:
// a picture, or what is too long for a message.
func (p probe) further(ctx context.Context, prober notifiers.Prober, c bot.Channel) {
	try := func(what string, to notifiers.Target) {
		if failed, ok := errors.AsType[*notifiers.Error](prober.Probe(ctx, to)); ok && failed.Outcome == notifiers.Permanent {
			_ = p.say(what+" of channel "+c.ID, failed, true)
		}
	}
	if c.Lane != onrecord.Record {
		return
	}
	whole, pictured := c.Target, c.Target
	whole.Lane, pictured.Files = onrecord.Unabridged, true
	try("statements in full, below messages", whole)
	if c.Digest.String() != "" {
		try("pictures in digests", pictured)
	}
}

// readers says which permission is missing for telling readers of a channel in person, which
// is theirs to ask for and needs no configuration.
func (p probe) readers(ctx context.Context, prober notifiers.Prober, c bot.Channel) {
	if c.Lane != onrecord.Record {
		return
	}
	c.Reader = "anybody"
	if failed, ok := errors.AsType[*notifiers.Error](prober.Probe(ctx, c.Target)); ok && failed.Cure != "" {
		_ = p.say("readers of channel "+c.ID+" in person (/notify add)", failed, true) // it is switched off: no failure
	}
}

// roles tries those that a channel calls.
func (p probe) roles(giver notifiers.RoleGiver, c bot.Channel) error {
	var errs []error
	for _, called := range c.Pings {
		ctx, cancel := context.WithTimeout(p.t.ctx, probeTimeout)
		errs = append(errs, p.say("role "+called.Role+" of channel "+c.ID, giver.ProbeRole(ctx, c.Target, called.Role), false))
		cancel()
	}
	return errors.Join(errs...)
}

// model asks for the model's name alone, which costs nothing.
func (p probe) model() error {
	if p.cfg.Summary.Provider == config.Extract || !p.live {
		return nil
	}
	m, err := openModel(p.cfg, budget{freeOfCharge{}}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(p.t.ctx, probeTimeout)
	defer cancel()
	return p.say("model "+p.cfg.Summary.Model, m.Probe(ctx), false)
}

// say prints a finding. What is only switched off is no failure.
func (p probe) say(what string, err error, off bool) error {
	p.found.Tried = append(p.found.Tried, triedPlace(what, err, off))
	switch {
	case err == nil:
		fmt.Fprintf(p.t.out, "ok: %s\n", what)
	case off:
		fmt.Fprintf(p.t.out, "off: %s: %v\n", what, err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// freeOfCharge lets a check ask although nothing is stored: probes cost nothing.
type freeOfCharge struct{}

func (freeOfCharge) Record(context.Context, string, string, []sources.Charge) error { return nil }
func (freeOfCharge) Spent(context.Context, string, time.Time) (int64, error)        { return 0, nil }

func (freeOfCharge) Reads(context.Context, string, time.Time, ...string) (int64, error) {
	return 0, nil
}

type schemaCommand struct{}

func (schemaCommand) Run(t *terminal) error {
	schema, err := config.Schema(kinds())
	if err != nil {
		return err
	}
	_, err = t.out.Write(schema)
	return err
}

type healthCommand struct {
	configFlag
	JSON bool `help:"Print what /readyz says."`
}

func (c healthCommand) Run(t *terminal) error {
	cfg, err := c.look()
	if err != nil {
		return err
	}
	if cfg.Web.Listen == "" {
		return errors.New("web is off in the configuration, so nobody can be asked; set web.listen")
	}
	ctx, cancel := context.WithTimeout(t.ctx, 4*time.Second)
	defer cancel()
	if _, err := askOwn(ctx, cfg.Web.Listen, "/healthz"); err != nil {
		return err
	}
	// It lives. What it cannot do is said, and is no reason to start it again.
	ready, err := askOwn(ctx, cfg.Web.Listen, "/readyz")
	switch {
	case err != nil:
		fmt.Fprintf(t.out, "ok, but: %v\n", err)
	case c.JSON:
		_, err := t.out.Write(ready)
		return err
	default:
		printHealth(t.out, ready)
	}
	return nil
}

type backfillCommand struct {
	configFlag
	Since  period `default:"24h" help:"How far back, such as 24h, 7d or 2w." placeholder:"PERIOD"`
	DryRun bool   `name:"dry-run" help:"Show on the terminal what would be posted, on a copy of the database."`
}

func (c backfillCommand) Run(t *terminal) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	ids := make([]string, len(cfg.Accounts))
	for i := range cfg.Accounts {
		cfg.Accounts[i].Backfill = time.Duration(c.Since)
		ids[i] = cfg.Accounts[i].ID
	}
	p, err := t.open(cfg, t.logger(slog.LevelInfo, cfg.Secrets), c.DryRun)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.store.Rewind(t.ctx, ids, time.Now().Add(-time.Duration(c.Since))); err != nil {
		return fmt.Errorf("make the accounts due from %s ago: %w", time.Duration(c.Since), err)
	}
	return p.once(t)
}
