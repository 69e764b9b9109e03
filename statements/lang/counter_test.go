package lang_test

import (
	"testing"

	"onrecord/statements/lang"
)

func TestCount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		counted bool
		without string
	}{
		"1/ We answer.":           {true, "   We answer."},
		"We answer. (2/4)":        {true, "We answer.      "},
		"We answer.\n3/4\nNow.":   {true, "We answer.    \nNow."},
		"We answer 🧵":             {true, "We answer     "},
		"On 9/11 we answered.":    {true, "On 9/11 we answered."},
		"We hold 3/4of it.":       {false, "We hold 3/4of it."},
		"https://harbor.example/": {false, "https://harbor.example/"},
		"We answer.":              {false, "We answer."},
	} {
		if got := lang.WithoutCount(text); got != want.without || lang.Counted(text) != want.counted {
			t.Errorf("%q: counted %v, without %q", text, lang.Counted(text), got)
		}
	}
}
