package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"onrecord/bot"
)

// speakers counts the statements of each speaker: a value, which the command line
// prints below, and which anything else can show in its own way.
func speakers(ctx context.Context, v bot.Visitor, caseID string) (map[string]int, error) {
	list, err := v.Latest(ctx, caseID, -1)
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	for _, n := range list {
		count[n.Statement.Speaker]++
	}
	return count, nil
}

type speakersCommand struct {
	configFlag
	Case string `help:"Only this case." placeholder:"ID"`
}

func (c speakersCommand) Run(t *terminal) error {
	visitor, database, err := c.visitor(t)
	if err != nil {
		return err
	}
	defer database.Close()
	count, err := speakers(t.ctx, visitor, c.Case)
	if err != nil {
		return err
	}
	if len(count) == 0 {
		fmt.Fprintln(t.errout, "nothing is on the record yet")
		return nil
	}
	for _, who := range slices.Sorted(maps.Keys(count)) {
		fmt.Fprintf(t.out, "%-20s %d\n", who, count[who])
	}
	return nil
}

// The command that docs/adding-a-command.md adds works.
func TestTheExampleCommand(t *testing.T) {
	t.Parallel()
	_, path := remembered(t, oneOutlet, articles(named))
	out := &lockedBuffer{}
	if err := (speakersCommand{configFlag: configFlag{Config: path}}).Run(&terminal{ctx: t.Context(), out: out, errout: out}); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "Dana Reyes           1\n"; got != want {
		t.Errorf("it prints %q, want %q", got, want)
	}
}
