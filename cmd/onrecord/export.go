package main

import (
	"encoding/json"
	"time"

	"onrecord"
)

type exportCommand struct {
	configFlag
	Case string `help:"Only this case." placeholder:"ID"`
	All  bool   `help:"Also what is held, or waits for a person."`
}

// exported is a line of the export. The shape is documented in docs/operations.md.
type exported struct {
	Statement string             `json:"statement"`
	Case      string             `json:"case"`
	Speaker   string             `json:"speaker"`
	Role      string             `json:"role,omitempty"`
	Via       string             `json:"via,omitempty"` // the outlet that quotes the speaker
	Lane      onrecord.Lane      `json:"lane"`
	Quiet     bool               `json:"quiet,omitempty"` // for review, and no channel is told
	Novelty   onrecord.Novelty   `json:"novelty"`
	Prior     string             `json:"prior,omitempty"`
	Rewords   string             `json:"rewords,omitempty"` // what the prior one says in other words, as a model reads it
	Quotes    []string           `json:"quotes"`
	Posts     []exportedPost     `json:"posts"`
	Also      []onrecord.Mention `json:"also,omitempty"`
	Score     float64            `json:"score"`
	Reasons   []onrecord.Reason  `json:"reasons"`
	Seen      time.Time          `json:"seen"`
	Withdrawn bool               `json:"withdrawn,omitempty"`

	Corrections []exportedCorrection `json:"corrections,omitempty"` // by persons, the oldest first
}

type exportedCorrection struct {
	At        time.Time `json:"at"`
	By        string    `json:"by"`
	Withdrawn bool      `json:"withdrawn,omitempty"`
	Speaker   string    `json:"speaker,omitempty"`       // whose it is from then on
	Was       string    `json:"was,omitempty"`           // whose it was
	Distinct  string    `json:"distinct_from,omitempty"` // the statement that it does not say again
	Note      string    `json:"note,omitempty"`
}

type exportedPost struct {
	Account  string    `json:"account"`
	ID       string    `json:"id"`
	Revision string    `json:"revision,omitempty"`
	URL      string    `json:"url"`
	Created  time.Time `json:"created_at"`
	Text     string    `json:"text"`
	SHA256   string    `json:"sha256"` // of the text's bytes as they stand here, in UTF-8
}

func (c exportCommand) Run(t *terminal) error {
	visitor, database, err := c.visitor(t)
	if err != nil {
		return err
	}
	defer database.Close()
	list, err := asked(c.All, visitor)(t.ctx, c.Case, -1)
	if err != nil {
		return err
	}
	return writeRecord(t, list)
}

// writeRecord writes statements as JSON lines.
func writeRecord(t *terminal, list []onrecord.StatementNotice) error {
	out := json.NewEncoder(t.out)
	for _, n := range list {
		if err := out.Encode(export(n.Statement)); err != nil {
			return err
		}
	}
	return nil
}

func export(s onrecord.Statement) exported {
	e := exported{
		Statement: s.Number(), Case: s.Case, Speaker: s.Speaker, Role: s.Role, Via: s.Via, Lane: s.Lane, Quiet: s.Quiet, Novelty: s.Novelty,
		Also: s.Mirrors, Score: s.Score, Reasons: s.Reasons, Seen: s.Seen, Withdrawn: s.Withdrawn(),
	}
	for _, c := range s.Corrections {
		e.Corrections = append(e.Corrections, exportedCorrection{c.At, c.By, c.Withdrawn, c.Speaker, c.Was, c.DistinctFrom(), c.Note})
	}
	if s.Prior != 0 {
		e.Prior = onrecord.StatementNumber(s.Prior)
		if s.Rewords != nil {
			e.Rewords = s.Rewords.Text
		}
	}
	for _, q := range s.Summary.Quotes {
		e.Quotes = append(e.Quotes, s.Quoted(q))
	}
	for _, p := range s.Parts {
		e.Posts = append(e.Posts, exportedPost{Account: p.Account, ID: p.ID, Revision: p.Revision, URL: p.URL, Created: p.Created, Text: p.Text, SHA256: p.Hash()})
	}
	return e
}
