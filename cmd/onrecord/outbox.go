package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
)

type outboxList struct {
	configFlag
	JSON bool `help:"Print it as one JSON object."`
}

func (c outboxList) Run(t *terminal) error {
	_, database, err := c.read(t)
	if err != nil {
		return err
	}
	defer database.Close()
	report, err := bot.Operator{Operations: database}.Outbox(t.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(outboxOf(report))
	}
	for _, row := range report.Damaged {
		fmt.Fprintln(t.out, damaged(row))
	}
	if len(report.Unsettled) == 0 {
		fmt.Fprintln(t.errout, "everything is delivered")
		return nil
	}
	for _, u := range report.Unsettled {
		fmt.Fprintf(t.out, "%-9s %-20s %-4s %-9s owed since %s, %d attempts", u.Subject, u.Channel, u.Kind, u.State, when(u.Owed), u.Attempts)
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
func damaged(row bot.DamagedRow) string {
	switch {
	case row.Unreadable:
		return fmt.Sprintf("post %s could not be judged and is on no card; look at it at its source, and please report it", row.Post)
	case row.Baseline:
		return fmt.Sprintf("post %s is compared with nothing: what it said when its account began to be watched is damaged and set aside", row.Post)
	case row.Held:
		return fmt.Sprintf("a held statement is damaged and set aside; it was not delivered (post %s)", row.Post)
	case row.Statement == 0:
		return fmt.Sprintf("post %s is damaged and set aside unread; restore a backup from before, or look at it at its source", row.Post)
	}
	return fmt.Sprintf("%-9s is damaged and set aside; nothing new is compared with it (post %s)", onrecord.StatementNumber(row.Statement), row.Post)
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

// unsettled names the deliveries a person decides about.
type unsettled struct {
	configFlag
	Statement string `arg:"" help:"The statement's number, such as S-0042, or the gap's."`
	Channel   string `required:"" help:"The channel's id." placeholder:"ID"`
}

func (u unsettled) decide(t *terminal, how func(o bot.Operator, ctx context.Context, subject, channel string) error) error {
	subject, err := bot.ParseSubject(u.Statement)
	if err != nil {
		return err
	}
	err = u.beside(t, func(b *store.Store) error { return how(bot.Operator{Operations: b}, t.ctx, subject, u.Channel) })
	if errors.Is(err, bot.ErrSettled) {
		return fmt.Errorf("%s in %s: %w; `onrecord outbox` shows what is", u.Statement, u.Channel, err)
	}
	return err
}

type outboxResend struct{ unsettled }

func (c outboxResend) Run(t *terminal) error {
	err := c.decide(t, bot.Operator.Resend)
	if err == nil {
		fmt.Fprintln(t.out, "owed again; a running program delivers it within half a minute")
	}
	return err
}

type outboxSettle struct{ unsettled }

func (c outboxSettle) Run(t *terminal) error {
	err := c.decide(t, bot.Operator.Settle)
	if err == nil {
		fmt.Fprintln(t.out, "settled")
	}
	return err
}
