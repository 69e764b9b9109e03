package main

import (
	"context"
	"fmt"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
	"onrecord/notifiers/console"
)

type latestCommand struct {
	configFlag
	Case  string `help:"Only this case." placeholder:"ID"`
	Limit int    `short:"n" default:"10" help:"How many."`
	All   bool   `help:"Also what is held, or waits for a person."`
	JSON  bool   `help:"Print them as JSON lines, in the form of export."`
}

func (c latestCommand) Run(t *terminal) error {
	visitor, database, err := c.visitor(t)
	if err != nil {
		return err
	}
	defer database.Close()
	list, err := asked(c.All, visitor)(t.ctx, c.Case, c.Limit)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeRecord(t, list)
	}
	if len(list) == 0 {
		fmt.Fprintln(t.errout, "nothing is on the record yet")
		return nil
	}
	cards, err := console.Kind().Config().Open(notifiers.Env{Terminal: t.screen(), Color: t.color(), Width: t.width()})
	if err != nil {
		return err
	}
	for _, n := range list {
		m, err := cards.Render(n)
		if err != nil {
			return err
		}
		if _, err := t.screen().Write(m.Body); err != nil {
			return err
		}
	}
	return nil
}

// asked is what of the record a command shows.
func asked(all bool, v bot.Visitor) func(context.Context, string, int) ([]onrecord.StatementNotice, error) {
	if all {
		return v.Latest
	}
	return v.OnRecord
}
