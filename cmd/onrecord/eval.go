package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"onrecord/bot"
	"onrecord/internal/config"
	"onrecord/internal/eval"
)

type evalCommand struct {
	Config    []string `short:"c" default:"config.yaml" env:"ONRECORD_CONFIG" help:"The configuration file. May be repeated, each with its --posts: all cases are pooled." placeholder:"FILE"`
	Posts     []string `required:"" help:"Posts to replay, one JSON object a line (docs/configuration.md, \"Replaying posts\")." placeholder:"FILE"`
	Answers   []string `help:"What a model answered about them, one JSON object a line, in its place. One for each --posts." placeholder:"FILE"`
	Record    []string `help:"Ask the model of the configuration, and write what it answers to this file. One for each --posts." placeholder:"FILE"`
	Read      string   `enum:",all,likely" help:"Which posts the model is asked about; default: as the configuration says." placeholder:"all|likely"`
	Feedback  bool     `help:"Take the labels of the first half of the posts for a person's verdicts on what waits for one, and print what they change in the second half."`
	JSON      bool     `help:"Print the figures as JSON."`
	Decisions string   `help:"Write every decision to this file, one JSON object a line." placeholder:"FILE"`
}

func (c evalCommand) Run(t *terminal) error {
	switch {
	case c.Record != nil && c.Answers != nil:
		return usageError{errors.New("--answers and --record exclude each other: one stands in for the model, the other asks it")}
	case c.Feedback && (c.Record != nil || c.Decisions != ""):
		return usageError{errors.New("--feedback compares two halves and writes neither; leave out --record and --decisions")}
	}
	for _, beside := range []struct {
		what  string
		files []string
	}{{"configurations", c.Config}, {"files of answers", c.Answers}, {"files to record in", c.Record}} {
		if n := len(beside.files); n > 0 && n != len(c.Posts) {
			return usageError{fmt.Errorf("there are %d %s for %d files of posts; give each --posts one of its own", n, beside.what, len(c.Posts))}
		}
	}
	replays, err := c.replays()
	if err != nil {
		return err
	}
	if c.Feedback {
		return c.feedback(t, replays)
	}
	var cases []eval.Sample
	var decisions []bot.Explanation
	for _, r := range replays {
		made, err := eval.Replay(t.ctx, r.cfg.Cases, r.cfg.Accounts, r.posts, r.model)
		if err != nil {
			return err
		}
		decisions = append(decisions, made...)
		cases = append(cases, eval.Compare(r.posts, made, r.model)...)
		if r.recorder != nil {
			if err := writeLines(r.record, r.recorder.Write); err != nil {
				return fmt.Errorf("write answers to %s: %w", r.record, err)
			}
		}
	}
	if c.Decisions != "" {
		if err := writeLines(c.Decisions, func(w io.Writer) error { return eval.WriteDecisions(w, decisions) }); err != nil {
			return fmt.Errorf("write decisions to %s: %w", c.Decisions, err)
		}
	}
	return c.print(t, eval.Measure(cases))
}

// feedback prints what a person's verdicts on the first half change in the second.
func (c evalCommand) feedback(t *terminal, replays []evaluation) error {
	var halves []eval.Halves
	for _, r := range replays {
		h, err := eval.ReplayHalves(t.ctx, r.cfg.Cases, r.cfg.Accounts, r.posts, r.model)
		if err != nil {
			return err
		}
		halves = append(halves, h)
	}
	return c.print(t, eval.MeasureHalves(halves))
}

func (c evalCommand) print(t *terminal, figures []eval.Figures) error {
	if c.JSON {
		return json.NewEncoder(t.out).Encode(figures)
	}
	return eval.Print(t.out, figures)
}

// evaluation is a configuration with its posts, and the model that is asked about them.
type evaluation struct {
	cfg      *config.Config
	posts    []eval.LabelledPost
	model    *eval.Model    // nil: none
	recorder *eval.Recorder // nil: nothing is recorded
	record   string
}

// replays reads all files before anything is replayed, so that all mistakes are told at
// once and none after long work.
func (c evalCommand) replays() (list []evaluation, err error) {
	var errs []error
	known := map[string]bool{}
	for i := range c.Posts {
		r, err := c.evaluation(i)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for _, one := range r.cfg.Cases {
			if known[one.ID] { // its posts would be replayed by parts
				errs = append(errs, usageError{fmt.Errorf("the case %s is in two configurations; give its posts in one file", one.ID)})
			}
			known[one.ID] = true
		}
		list = append(list, r)
	}
	return list, errors.Join(errs...)
}

func (c evalCommand) evaluation(i int) (r evaluation, err error) {
	if r.cfg, err = (configFlag{c.Config[i]}).load(); err != nil {
		return r, err
	}
	if r.posts, err = eval.ReadPosts(c.Posts[i], r.cfg.Accounts, c.Config[i]); err != nil {
		return r, usageError{err}
	}
	candidates := c.Read == config.Likely || c.Read == "" && r.cfg.Summary.Read == config.Likely
	switch {
	case c.Answers != nil:
		answers, err := eval.ReadAnswers(c.Answers[i], r.posts)
		if err != nil {
			return r, usageError{err}
		}
		r.model = &eval.Model{Classifier: answers, CandidatesOnly: candidates}
	case c.Record != nil:
		if r.cfg.Summary.Provider == config.Extract {
			return r, usageError{fmt.Errorf("%s names no model to record; set summary.provider and summary.model", c.Config[i])}
		}
		live, err := openModel(r.cfg, budget{newPurse()}, nil)
		if err != nil {
			return r, err
		}
		r.record, r.recorder = c.Record[i], &eval.Recorder{Classifier: live}
		r.model = &eval.Model{Classifier: r.recorder, CandidatesOnly: candidates}
	}
	return r, nil
}

func writeLines(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	return errors.Join(write(w), w.Flush(), f.Close())
}
