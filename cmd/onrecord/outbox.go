package main

import (
	"errors"
	"fmt"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
)

type outboxCommand struct {
	List   outboxList   `cmd:"" default:"withargs" help:"Show what is owed, dead or uncertain."`
	Resend outboxResend `cmd:"" help:"Deliver a dead or uncertain statement again: you looked, and it is not there."`
	Settle outboxSettle `cmd:"" help:"Take a dead or uncertain statement for delivered: you saw it there, or want it no more."`
}

type outboxList struct{ configFlag }

func (c outboxList) Run(t *terminal) error {
	_, book, err := c.read(t)
	if err != nil {
		return err
	}
	defer book.Close()
	list, err := book.Unsettled(t.ctx)
	if err != nil {
		return err
	}
	aside, err := book.SetAside(t.ctx)
	if err != nil {
		return err
	}
	for _, a := range aside {
		fmt.Fprintln(t.out, damaged(a))
	}
	if len(list) == 0 {
		fmt.Fprintln(t.errout, "everything is delivered")
		return nil
	}
	for _, u := range list {
		fmt.Fprintf(t.out, "%-9s %-20s %-4s %-9s owed since %s, %d attempts", u.Subject, u.Channel, u.Kind, u.State, u.Owed.Format(time.DateTime), u.Attempts)
		if u.Error != "" {
			fmt.Fprintf(t.out, "\n%10s%s", "", u.Error)
		}
		fmt.Fprintln(t.out)
		for _, line := range c.advice(u) {
			fmt.Fprintf(t.out, "%10s%s\n", "", line)
		}
	}
	return nil
}

// damaged says what is set aside, and whether readers miss it.
func damaged(a bot.DamagedRow) string {
	switch {
	case a.Baseline:
		return fmt.Sprintf("post %s is compared with nothing: what it said when its account began to be watched is damaged and set aside", a.Post)
	case a.Statement == 0:
		return fmt.Sprintf("post %s is damaged and set aside unread; restore a backup from before, or look at it at its source", a.Post)
	case a.Held:
		return fmt.Sprintf("%-9s is damaged and set aside; it was not delivered (post %s)", onrecord.StatementNumber(a.Statement), a.Post)
	}
	return fmt.Sprintf("%-9s is damaged and set aside; nothing new is compared with it (post %s)", onrecord.StatementNumber(a.Statement), a.Post)
}

// advice is what a person can do, down to the command to type.
func (c outboxList) advice(u bot.UnsettledDelivery) []string {
	command := func(verb string) string {
		line := fmt.Sprintf("onrecord outbox %s %s --channel %s", verb, u.Subject, u.Channel)
		if c.Config != defaultConfig {
			line += " --config " + c.Config
		}
		return line
	}
	switch u.State {
	case bot.Dead:
		return []string{"when the cause is mended: " + command("resend"), "to leave it out: " + command("settle")}
	case bot.Uncertain:
		return []string{"look into the channel; when it is there: " + command("settle"), "when it is not: " + command("resend")}
	}
	return nil
}

// decision names the deliveries a person decides about.
type decision struct {
	configFlag
	Statement string `arg:"" help:"The statement's number, such as S-0042, or the gap's."`
	Channel   string `required:"" help:"The channel's id." placeholder:"ID"`
}

func (d decision) settle(t *terminal, how func(b *store.Store, subject string) error) error {
	subject, ok := subjectOf(d.Statement)
	if !ok {
		return usageError{fmt.Errorf("%q is no statement's number; they look like S-0042", d.Statement)}
	}
	err := d.beside(t, func(b *store.Store) error { return how(b, subject) })
	if errors.Is(err, bot.ErrSettled) {
		return fmt.Errorf("%s in %s: %w; `onrecord outbox` shows what is", d.Statement, d.Channel, err)
	}
	return err
}

// beside stores a person's decision beside a program that may be running.
func (f configFlag) beside(t *terminal, decide func(*store.Store) error) error {
	cfg, err := f.load()
	if err != nil {
		return err
	}
	book, err := store.OpenBeside(t.ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer book.Close()
	return decide(book)
}

// subjectOf reads the number of a statement, or of a gap, whose line is a
// delivery like any other.
func subjectOf(number string) (string, bool) {
	if id, ok := onrecord.ParseStatementNumber(number); ok {
		return onrecord.StatementNumber(id), true
	}
	id, ok := onrecord.ParseGapNumber(number)
	return onrecord.Gap{ID: id}.Number(), ok
}

type outboxResend struct{ decision }

func (c outboxResend) Run(t *terminal) error {
	err := c.settle(t, func(b *store.Store, subject string) error { return b.Resend(t.ctx, subject, c.Channel) })
	if err == nil {
		fmt.Fprintln(t.out, "owed again; a running program delivers it within half a minute")
	}
	return err
}

type outboxSettle struct{ decision }

func (c outboxSettle) Run(t *terminal) error {
	err := c.settle(t, func(b *store.Store, subject string) error { return b.Seen(t.ctx, subject, c.Channel) })
	if err == nil {
		fmt.Fprintln(t.out, "settled")
	}
	return err
}
