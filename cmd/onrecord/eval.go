package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"onrecord/bot"
	"onrecord/internal/eval"
)

type evalCommand struct {
	Config    []string `short:"c" sep:"none" default:"config.yaml" env:"ONRECORD_CONFIG" help:"The configuration file. May be repeated, each with its --posts: all cases are pooled." placeholder:"FILE"`
	Posts     []string `required:"" sep:"none" help:"Posts to replay, one JSON object a line (docs/configuration.md, \"Replaying posts\")." placeholder:"FILE"`
	JSON      bool     `help:"Print the figures as JSON."`
	Decisions string   `help:"Write every decision to this file, one JSON object a line." placeholder:"FILE"`
}

func (c evalCommand) Run(t *terminal) error {
	if len(c.Config) != len(c.Posts) {
		return usageError{fmt.Errorf("there are %d configurations for %d files of posts; give each --posts a --config of its own", len(c.Config), len(c.Posts))}
	}
	var cases []eval.Sample
	var decisions []bot.Explanation
	for i := range c.Posts {
		cfg, err := configFlag{c.Config[i]}.load()
		if err != nil {
			return err
		}
		posts, err := eval.ReadPosts(c.Posts[i], cfg.Accounts, c.Config[i])
		if err != nil {
			return usageError{err}
		}
		made, err := eval.Replay(t.ctx, cfg.Cases, cfg.Accounts, posts)
		if err != nil {
			return err
		}
		decisions = append(decisions, made...)
		for _, n := range eval.Compare(posts, made) {
			if slices.ContainsFunc(cases, func(o eval.Sample) bool { return o.Case == n.Case }) {
				return usageError{fmt.Errorf("the case %s is in two configurations; give its posts in one file", n.Case)}
			}
			cases = append(cases, n)
		}
	}
	if c.Decisions != "" {
		if err := writeDecisions(c.Decisions, decisions); err != nil {
			return fmt.Errorf("write decisions to %s: %w", c.Decisions, err)
		}
	}
	figures := eval.Measure(cases)
	if c.JSON {
		return json.NewEncoder(t.out).Encode(figures)
	}
	return eval.Print(t.out, figures)
}

func writeDecisions(path string, decisions []bot.Explanation) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	return errors.Join(eval.WriteDecisions(w, decisions), w.Flush(), f.Close())
}
