package main

import (
	"encoding/json"
	"fmt"
	"time"

	"onrecord"
	"onrecord/internal/config"
	"onrecord/internal/store"
	"onrecord/notifiers"
	"onrecord/notifiers/console"
)

type latestCommand struct {
	configFlag
	Case  string `help:"Only this case." placeholder:"ID"`
	Limit int    `short:"n" default:"10" help:"How many."`
}

func (c latestCommand) Run(t *terminal) error {
	cfg, book, err := c.read(t)
	if err != nil {
		return err
	}
	defer book.Close()
	list, err := book.Latest(t.ctx, c.Case, c.Limit)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		fmt.Fprintln(t.errout, "nothing is on the record yet")
		return nil
	}
	cards, err := console.Kind().Config().Open(notifiers.Env{Terminal: t.out, Color: t.color(), Width: t.width()})
	if err != nil {
		return err
	}
	for _, s := range list {
		m, err := cards.Render(onrecord.Notice{Kind: onrecord.NewStatement, Statement: s, Case: caseOf(cfg, s.Case)})
		if err != nil {
			return err
		}
		if _, err := t.out.Write(m); err != nil {
			return err
		}
	}
	return nil
}

// read opens the record beside a program that may be running.
func (f configFlag) read(t *terminal) (*config.Config, *store.Store, error) {
	cfg, err := f.load()
	if err != nil {
		return nil, nil, err
	}
	book, err := store.OpenReading(t.ctx, cfg.Database)
	return cfg, book, err
}

func caseOf(cfg *config.Config, id string) onrecord.Case {
	for _, c := range cfg.Cases {
		if c.ID == id {
			return c
		}
	}
	return onrecord.Case{ID: id, Title: id}
}

type exportCommand struct {
	configFlag
	Case string `help:"Only this case." placeholder:"ID"`
}

// exported is a line of the export. The shape is documented in docs/operations.md.
type exported struct {
	Statement string              `json:"statement"`
	Case      string              `json:"case"`
	Speaker   string              `json:"speaker"`
	Role      string              `json:"role,omitempty"`
	Via       string              `json:"via,omitempty"` // the outlet that quotes the speaker
	Lane      onrecord.Lane       `json:"lane"`
	Novelty   onrecord.Novelty    `json:"novelty"`
	Prior     string              `json:"prior,omitempty"`
	Quotes    []string            `json:"quotes"`
	Posts     []exportedPost      `json:"posts"`
	Also      []onrecord.Mention  `json:"also,omitempty"`
	Score     float64             `json:"score"`
	Reasons   []onrecord.Evidence `json:"reasons"`
	Seen      time.Time           `json:"seen"`
}

type exportedPost struct {
	Account  string    `json:"account"`
	ID       string    `json:"id"`
	Revision string    `json:"revision,omitempty"`
	URL      string    `json:"url"`
	Created  time.Time `json:"created_at"`
	Text     string    `json:"text"`
}

func (c exportCommand) Run(t *terminal) error {
	_, book, err := c.read(t)
	if err != nil {
		return err
	}
	defer book.Close()
	list, err := book.Latest(t.ctx, c.Case, -1)
	if err != nil {
		return err
	}
	out := json.NewEncoder(t.out)
	for _, s := range list {
		if err := out.Encode(export(s)); err != nil {
			return err
		}
	}
	return nil
}

func export(s onrecord.Statement) exported {
	e := exported{
		Statement: s.Number(), Case: s.Case, Speaker: s.Speaker, Role: s.Role, Via: s.Via, Lane: s.Lane, Novelty: s.Novelty,
		Also: s.Mirrors, Score: s.Score, Reasons: s.Reasons, Seen: s.Seen,
	}
	if s.Prior != 0 {
		e.Prior = onrecord.StatementNumber(s.Prior)
	}
	for _, q := range s.Summary.Quotes {
		e.Quotes = append(e.Quotes, s.Quoted(q))
	}
	for _, p := range s.Parts {
		e.Posts = append(e.Posts, exportedPost{Account: p.Account, ID: p.ID, Revision: p.Revision, URL: p.URL, Created: p.Created, Text: p.Text})
	}
	return e
}
