package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
	"onrecord/notifiers/console"
)

type latestCommand struct {
	configFlag
	Case  string `help:"Only this case." placeholder:"ID"`
	By    string `help:"Only by this speaker." placeholder:"NAME"`
	Text  string `help:"Only with these words; a passage stands in quotation marks." placeholder:"WORDS"`
	Since period `help:"Only those published since a while ago, such as 24h or 7d." placeholder:"PERIOD"`
	Kind  string `help:"Only those that are new, adds, changed or repeats; or that were edited, deleted or gone since." enum:"new,adds,changed,repeats,edited,deleted,gone,"`
	Limit int    `short:"n" default:"10" help:"How many." placeholder:"N"`
	All   bool   `help:"Also what is held, or waits for a person."`
	JSON  bool   `help:"Print them as JSON lines, in the form of export."`
}

func (c latestCommand) Run(t *terminal) error {
	visitor, database, err := c.visitor(t)
	if err != nil {
		return err
	}
	defer database.Close()
	list, err := c.list(t.ctx, visitor)
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

// list is what of the record is asked for.
func (c latestCommand) list(ctx context.Context, v bot.Visitor) ([]onrecord.StatementNotice, error) {
	switch searched := c.By != "" || c.Text != "" || c.Since > 0 || c.Kind != ""; {
	case searched && c.All:
		return nil, usageError{errors.New("--all shows what nobody decided about, and can only be narrowed by --case")}
	case searched:
		return c.search(ctx, v)
	}
	return asked(c.All, v)(ctx, c.Case, c.Limit)
}

// asked is what of the record a command shows.
func asked(all bool, v bot.Visitor) func(context.Context, string, int) ([]onrecord.StatementNotice, error) {
	if all {
		return v.Latest
	}
	return v.OnRecord
}

// search returns what people find on the record by words, oldest first.
func (c latestCommand) search(ctx context.Context, v bot.Visitor) (list []onrecord.StatementNotice, err error) {
	q := bot.Query{Text: c.Text, Kind: c.Kind}
	if c.Case != "" {
		named, err := v.Case(c.Case)
		if err != nil {
			return nil, err
		}
		q.Case = named.ID
	}
	if c.By != "" {
		if q.By, err = v.Speaker(c.By); err != nil {
			return nil, usageError{err}
		}
	}
	if c.Since > 0 {
		q.Since = time.Now().Add(-time.Duration(c.Since))
	}
	limit := c.Limit
	if limit < 0 {
		limit = math.MaxInt32
	}
	for from := (bot.From{}); len(list) < limit; {
		page, err := v.Search(ctx, q, from, min(limit-len(list), 100))
		if err != nil {
			return nil, err
		}
		list = append(list, page.Statements...)
		if from = page.Older; from == (bot.From{}) {
			break
		}
	}
	slices.Reverse(list)
	return list, nil
}
