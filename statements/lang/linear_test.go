package lang_test

import (
	"testing"

	"onrecord/statements/lang"
	"onrecord/statements/statementstest"
)

func TestWorkGrowsWithTheText(t *testing.T) {
	for name, work := range map[string]func(string){
		"tokens":    func(s string) { lang.Tokens(s) },
		"words":     func(s string) { lang.Words(s) },
		"terms":     func(s string) { lang.Terms(s) },
		"sentences": func(s string) { lang.Sentences(s) },
		"negates":   func(s string) { lang.Negates(s) },
		"numbers":   func(s string) { lang.Numbers(s) },
		"counts":    func(s string) { lang.WithoutCount(s) },
	} {
		t.Run(name, func(t *testing.T) { statementstest.Linear(t, work) })
	}
}
