package summary_test

import (
	"testing"

	"onrecord"
	"onrecord/statements/statementstest"
	"onrecord/statements/summary"
)

func TestWorkGrowsWithTheText(t *testing.T) {
	draft := func(s string) summary.Draft {
		return summary.Draft{Case: statementstest.Northwind(), Speaker: statementstest.Person("Harbor Labs"), Parts: []onrecord.Post{{Text: s + " We deny it in court."}}}
	}
	for name, work := range map[string]func(string){
		"extract":     func(s string) { summary.Extract(draft(s)) },
		"chosen":      func(s string) { summary.Chosen(draft(s), 0, "deny it in court") },
		"unsupported": func(s string) { summary.Unsupported(s, s) },
	} {
		t.Run(name, func(t *testing.T) { statementstest.Linear(t, work) })
	}
}
