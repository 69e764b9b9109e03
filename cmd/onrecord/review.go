package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/statements/card"
)

type reviewCommand struct {
	configFlag
	JSON bool `help:"Print them as JSON lines, in the form of export."`
}

func (c reviewCommand) Run(t *terminal) error {
	_, database, err := c.read(t)
	if err != nil {
		return err
	}
	defer database.Close()
	list, err := bot.Moderator{Queue: database}.Pending(t.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		notices := make([]onrecord.StatementNotice, len(list))
		for i, s := range list {
			notices[i].Statement = s
		}
		return writeRecord(t, notices)
	}
	if len(list) == 0 {
		fmt.Fprintln(t.errout, "nothing waits for a person")
		return nil
	}
	for _, s := range list {
		p := s.First()
		fmt.Fprintf(t.out, "%s  %s, %s, %s, score %+.2f%s\n", s.Number(), spoken(s.Speaker, s.Via), when(p.Created), s.Case, s.Score, quietly(s.Quiet))
		for _, p := range s.Parts {
			fmt.Fprintf(t.out, "  %s\n", strings.Join(strings.Fields(p.Text), " "))
		}
		for _, e := range s.Reasons {
			fmt.Fprintf(t.out, "  %+5.2f  %s", e.Weight, e.Name)
			if e.Text != "" {
				fmt.Fprintf(t.out, ": %s", e.Text)
			}
			fmt.Fprintln(t.out)
		}
		fmt.Fprintf(t.out, "  %s\n", p.URL)
	}
	return nil
}

// spoken says whose words a decision is about: a speaker's, or those an outlet
// quotes of one. Without either it is nobody's.
func spoken(speaker, via string) string {
	if via == "" {
		return speaker
	}
	return cmp.Or(speaker, "somebody it does not name") + ", " + card.Quoted + " " + via
}

// ruling names the borderline statement a person decides about.
type ruling struct {
	configFlag
	Statement string `arg:"" help:"The statement's number, such as S-0042."`
}

func (c ruling) rule(t *terminal, v onrecord.Label) error {
	id, err := bot.ParseStatement(c.Statement)
	if err != nil {
		return err
	}
	err = c.beside(t, func(b *store.Store) error { return bot.Moderator{Queue: b, Name: typist()}.Moderate(t.ctx, id, v) })
	switch {
	case errors.Is(err, bot.ErrNotWaiting):
		return fmt.Errorf("%s: %w; `onrecord review` shows what waits", c.Statement, err)
	case errors.Is(err, bot.ErrNobodyNamed):
		return fmt.Errorf("accept %s: %w; `onrecord reject %s` settles it; if you know who speaks, add the name the article uses to the case's people or their aliases: when the article changes, and in the next one, it is read as that person's",
			c.Statement, err, c.Statement)
	}
	return err
}

type acceptCommand struct {
	ruling
	Distinct bool `help:"It does not say again what it is marked to repeat, and goes on the record as new."`
}

func (c acceptCommand) Run(t *terminal) error {
	verdict := onrecord.Accept
	if c.Distinct {
		verdict = onrecord.Distinct
	}
	err := c.rule(t, verdict)
	if err == nil {
		fmt.Fprintln(t.out, "accepted; a running program puts it on the record within half a minute, under the next number")
	}
	return err
}

type rejectCommand struct{ ruling }

func (c rejectCommand) Run(t *terminal) error {
	err := c.rule(t, onrecord.Reject)
	if err == nil {
		fmt.Fprintln(t.out, "rejected; a running program learns from it within half a minute")
	}
	return err
}
