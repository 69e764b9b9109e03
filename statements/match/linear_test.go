package match_test

import (
	"testing"

	"onrecord"
	"onrecord/statements/match"
	"onrecord/statements/statementstest"
)

func TestWorkGrowsWithTheText(t *testing.T) {
	c := statementstest.Northwind()
	m := match.Compile([]onrecord.Case{c})
	_, known := m.Classify(match.Input{Post: onrecord.Post{Text: "Northwind took our source code to court."}, Speaker: "Harbor Labs", Cases: []string{c.ID}}, match.State{})
	known.Others, known.Cases = 50, []match.CaseState{{ID: c.ID, Statements: 10}} // so that its profile is asked
	t.Run("classify", func(t *testing.T) {
		statementstest.Linear(t, func(s string) {
			m.Classify(match.Input{Post: onrecord.Post{Text: s}, Speaker: "Harbor Labs", Cases: []string{c.ID}}, known)
		})
	})
	t.Run("teach", func(t *testing.T) {
		statementstest.Linear(t, func(s string) { m.Teach(onrecord.Post{Text: s}, c.ID, true, known) })
	})
}
