package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/statements/card"
)

// correction names a statement on the record that a person changes.
type correction struct {
	configFlag
	Statement string `arg:"" help:"The statement's number, such as S-0042."`
	Note      string `help:"What readers are told besides, such as the reason." placeholder:"TEXT"`
}

// change stores what a person changes, and says who is told.
func (c correction) change(t *terminal, doing string, how func(m bot.Moderator, number int64) (channels []string, err error)) error {
	number, err := bot.ParseStatement(c.Statement)
	if err != nil {
		return err
	}
	cfg, err := c.look()
	if err != nil {
		return err
	}
	var channels []string
	err = c.beside(t, func(b *store.Store) (err error) {
		channels, err = how(bot.Moderator{Queue: b, Name: typist(), Cases: cfg.Cases}, number)
		return err
	})
	if err != nil {
		err = fmt.Errorf("%s %s: %w", doing, onrecord.StatementNumber(number), err)
		if errors.Is(err, bot.ErrNoReason) {
			return usageError{err}
		}
		return err
	}
	if len(channels) == 0 {
		fmt.Fprintln(t.out, "stored; no channel was shown the statement")
		return nil
	}
	fmt.Fprintf(t.out, "stored; a running program changes its message and answers it within half a minute in: %s\n", strings.Join(channels, ", "))
	return nil
}

type correctCommand struct {
	correction
	Speaker string `help:"Whose statement it is: a party or person of the case." placeholder:"NAME"`
}

func (c correctCommand) Run(t *terminal) error {
	if c.Speaker == "" && c.Note == "" {
		return usageError{errors.New("say what is to be corrected: --speaker NAME, --note TEXT, or both")}
	}
	return c.change(t, "correct", func(m bot.Moderator, number int64) ([]string, error) {
		return m.Correct(t.ctx, number, c.Speaker, c.Note)
	})
}

type distinctCommand struct{ correction }

func (c distinctCommand) Run(t *terminal) error {
	return c.change(t, "unmark", func(m bot.Moderator, number int64) ([]string, error) { return m.Distinguish(t.ctx, number, c.Note) })
}

type retractCommand struct{ correction }

func (c retractCommand) Run(t *terminal) error {
	return c.change(t, "withdraw", func(m bot.Moderator, number int64) ([]string, error) { return m.Retract(t.ctx, number, c.Note) })
}

// printCorrections says what persons changed of a statement.
func printCorrections(w io.Writer, list []onrecord.Correction) {
	for _, c := range list {
		shown := card.CorrectionOf(c)
		fmt.Fprintf(w, "  %s on %s %s\n", strings.ToLower(shown.Label()), when(c.At), shown.Words(card.Plain, card.Plain))
	}
}
