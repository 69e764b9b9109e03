package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/store"
	"onrecord/statements"
)

type statusCommand struct {
	configFlag
	JSON bool `help:"Print it as one JSON object."`
}

func (c statusCommand) Run(t *terminal) error {
	v, err := c.overview(t)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(v)
	}
	printOverview(t.out, v)
	return nil
}

type accountsCommand struct {
	configFlag
	JSON bool `help:"Print them as one JSON array."`
}

func (c accountsCommand) Run(t *terminal) error {
	v, err := c.overview(t)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(v.Accounts)
	}
	printAccounts(t.out, v.Accounts)
	printMade(t.out, v.Channels)
	return nil
}

type coverageCommand struct {
	configFlag
	Case string `help:"Only of a case, by its id." placeholder:"ID"`
	JSON bool   `help:"Print it as one JSON object."`
}

// Help implements [helper].
func (coverageCommand) Help() string {
	return `Whoever reads a count or a list of statements should know what it covers: which accounts and since when, the first and the last statement, when each account was read last, in which times something could be missed and what was recovered of it, what waits for a person, what the configuration leaves out, what is kept, and by which rules it was decided.`
}

func (c coverageCommand) Run(t *terminal) error {
	cfg, err := c.look()
	if err != nil {
		return err
	}
	if c.Case != "" && !slices.ContainsFunc(cfg.Cases, func(k onrecord.Case) bool { return k.ID == c.Case }) {
		return usageError{fmt.Errorf("there is no case %q in %s", c.Case, c.Config)}
	}
	v, err := c.overview(t)
	if err != nil {
		return err
	}
	covered := operator(cfg, nil, v.Coverage.Ruleset).CoverageIn(v, c.Case)
	if c.JSON {
		return json.NewEncoder(t.out).Encode(covered)
	}
	printCoverage(t.out, covered)
	return nil
}

func printCoverage(w io.Writer, c bot.Coverage) {
	fmt.Fprintf(w, "%s, read since %s; statements from %s to %s\n", plural(len(c.Accounts), "account", "accounts"), when(c.Since), when(c.First), when(c.Last))
	fmt.Fprintf(w, "%s for a person\n\n", plural(int(c.Waiting), "borderline statement waits", "borderline statements wait"))
	printAccounts(w, c.Accounts)
	fmt.Fprintln(w)
	printGaps(w, c.Gaps)
	for _, line := range c.Limits() {
		fmt.Fprintln(w, line)
	}
}

// operator looks after what a configuration names.
func operator(cfg *config.Config, database bot.Operations, ruleset string) bot.Operator {
	return bot.Operator{Operations: database, Configured: cfg.Accounts, Version: version, Cases: cfg.Cases, Deletion: deletion(cfg), Ruleset: ruleset}
}

func rulesetOf(cfg *config.Config) string {
	return statements.NewReader(cfg.Cases, cfg.Accounts...).Ruleset()
}

// overview looks into the database beside a program that may be running. Before the
// first run there is nothing to look into, and all accounts are there unwatched.
func (f configFlag) overview(t *terminal) (bot.Overview, error) {
	cfg, err := f.look()
	if err != nil {
		return bot.Overview{}, err
	}
	database, err := existing(t, cfg, store.OpenReading)
	if err != nil {
		return bot.Overview{}, err
	}
	if database == nil {
		v := bot.Overview{Version: version, Now: time.Now().UTC(), Reasons: []string{fmt.Sprintf("there is no database %s yet: `onrecord run` has not been started", cfg.Database)}, Channels: []bot.TrackedChannel{}, Spend: map[string]float64{}, Gaps: []bot.OverviewGap{}, Corrections: []bot.OverviewCorrection{}}
		for _, a := range cfg.Accounts {
			v.Accounts = append(v.Accounts, bot.TrackedAccount{ID: a.ID, Source: a.Source, Speaker: a.Speaker})
		}
		v.Coverage = operator(cfg, nil, rulesetOf(cfg)).CoverageIn(v, "")
		return v, nil
	}
	defer database.Close()
	if _, err := track(t.ctx, database, cfg); err != nil {
		return bot.Overview{}, err
	}
	return operator(cfg, database, rulesetOf(cfg)).Overview(t.ctx)
}

func printOverview(w io.Writer, v bot.Overview) {
	fmt.Fprintf(w, "onrecord %s at %s\n", v.Version, v.Now.Format(minute))
	if len(v.Reasons) == 0 {
		fmt.Fprintln(w, "all is well")
	}
	for _, r := range v.Reasons {
		fmt.Fprintf(w, "look: %s\n", r)
	}
	fmt.Fprintln(w)
	printAccounts(w, v.Accounts)
	fmt.Fprintln(w)
	table(w, "CHANNEL\tOWED\tOLDEST\tLAST MESSAGE\tPAUSED", func(row func(cells ...string)) {
		for _, c := range v.Channels {
			paused := cmp.Or(c.Paused, "no")
			if !c.Held.IsZero() {
				paused = "muted until " + when(c.Held)
			}
			row(c.ID, fmt.Sprint(c.Owed), when(c.Oldest), when(c.Sent), paused)
		}
	})
	printMade(w, v.Channels)
	fmt.Fprintf(w, "\n%s for a person (`onrecord review`), %s for review\n", plural(int(v.Waiting), "borderline statement waits", "borderline statements wait"), plural(int(v.Unread), "post waits", "posts wait"))
	printGaps(w, v.Gaps)
	for _, c := range v.Corrections {
		fmt.Fprintf(w, "%s  %s, %s\n", c.Statement, c, when(c.At))
	}
	for _, place := range slices.Sorted(maps.Keys(v.Spend)) {
		fmt.Fprintf(w, "%s has cost $%.2f today\n", place, v.Spend[place])
	}
}

// printMade tells what people at places made of channels.
func printMade(w io.Writer, list []bot.TrackedChannel) {
	for _, c := range list {
		if s := c.Subscribed; s != nil {
			fmt.Fprintf(w, "%s is told of %s in channel %s, subscribed by %s on %s\n", c.ID, strings.Join(append([]string{s.Case}, append(s.Speakers, s.Kinds...)...), ", "), s.Address, s.By, when(s.Made))
		}
		if c.Digest != "" {
			fmt.Fprintf(w, "%s has its digest as people there want it: %s\n", c.ID, c.Digest)
		}
	}
}

func printGaps(w io.Writer, gaps []bot.OverviewGap) {
	for _, g := range gaps {
		fmt.Fprintf(w, "%s  %s was away from %s to %s; %s recovered\n", g.Number, cmp.Or(g.Place, "this program"), when(g.From), when(g.Until), counted(g.Posts, "post"))
	}
}

func printAccounts(w io.Writer, list []bot.TrackedAccount) {
	table(w, "ACCOUNT\tSPEAKER\tLAST GOOD READ\tNEWEST POST\tPOSTS\tSTATEMENTS\tTROUBLE", func(row func(cells ...string)) {
		for _, a := range list {
			row(a.ID, cmp.Or(a.Speaker, "quotes others"), when(a.LastOK), when(a.Newest), fmt.Sprint(a.Posts), fmt.Sprint(a.Statements), cmp.Or(a.Health(), "none"))
		}
	})
}

// table prints rows under a head, each column as wide as it must be.
func table(w io.Writer, head string, rows func(row func(cells ...string))) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, head)
	rows(func(cells ...string) { fmt.Fprintln(tw, strings.Join(cells, "\t")) })
	tw.Flush()
}

// when is a moment, or a dash for none.
func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(minute)
}
