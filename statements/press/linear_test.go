package press_test

import (
	"strings"
	"testing"
	"time"

	"onrecord/statements/press"
	"onrecord/statements/statementstest"
)

// TestLinear: eight times the article takes about eight times as long, and not
// sixty-four, whatever it is full of: one article must not hold up all others.
func TestLinear(t *testing.T) {
	t.Parallel()
	c, reyes := statementstest.Latin(), statementstest.Person("Dana Reyes")
	for name, unit := range map[string]string{
		"open marks":           "“",
		"quotations":           "“We never opened it,” Tom Hale said. The hearing is in May. ",
		"short quotations":     "a “b” c. ",
		"of the speaker":       "“We never opened it,” Reyes said.\n\n",
		"pronouns":             "“We never opened it,” she said. ",
		"blocks":               "Reyes wrote:\n\n> We never opened it.\n\nNo.\n\n",
		"lines set off":        "> We never opened it.\n",
		"labels":               "Reyes: We never opened it.\n",
		"other labels":         "Tom: We never opened it.\n",
		"turns":                "— We never opened it —said Reyes—. Never.\n",
		"dashes":               "— a —b ",
		"commas behind a dash": "— a, b, ",
		"line breaks":          "\n",
		"names":                "Erik Reyes Mrs. Lind ",
		"numbers":              "2019 ",
		"nicknames":            "Ivo “Ike” Lind ",
		"glosses":              "雷耶斯（Dana Reyes）说：“没有打开过。”",
		"epithets":             "The painter Dana Reyes waited. “We never opened it,” said the painter. ",
		"who else":             "Dana Reyes, back at noon, was not amused: “We never opened it.” ",
		"Japanese":             "レイエス氏は「開いていない」と述べた。",
		"Chinese":              "雷耶斯说：“没有打开过。”",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			linear(t, 1<<13, unit, func(text string) { press.Voices(c, text, time.Time{}); press.Own(c, reyes, text) })
		})
	}
}

func linear(t *testing.T, size int, unit string, read func(string)) {
	t.Helper()
	const times, attempts = 8, 4
	small, large := strings.Repeat(unit, size/len(unit)), strings.Repeat(unit, times*size/len(unit))
	least, most := time.Hour, time.Hour
	for range attempts { // others use the machine, too
		least = max(time.Microsecond, min(least, statementstest.Took(func() { read(small) })))
		if most = min(most, statementstest.Took(func() { read(large) })); most < times*times/2*least {
			return
		}
	}
	t.Errorf("%d times the article takes %v, which is %d times as long", times, most, most/least)
}
