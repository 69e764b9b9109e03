package match

import (
	"testing"

	"onrecord"
)

func TestWantsContext(t *testing.T) {
	t.Parallel()
	near := []onrecord.Evidence{{Name: table[prior].Name, Weight: -2}}
	with := func(k kind) []onrecord.Evidence { return append(near[:1:1], Because(table[k].Code)) }
	for name, c := range map[string]struct {
		d    onrecord.Decision
		want bool
	}{
		"borderline":               {onrecord.Decision{Verdict: onrecord.Review, Score: -1, Evidence: near}, true},
		"rejected by little":       {onrecord.Decision{Verdict: onrecord.Reject, Score: -2.2, Evidence: near}, true},
		"far":                      {onrecord.Decision{Verdict: onrecord.Reject, Score: -2.21, Evidence: near}, false},
		"accepted":                 {onrecord.Decision{Verdict: onrecord.Accept, Score: .1, Evidence: near}, false},
		"of no case":               {onrecord.Decision{Verdict: onrecord.Reject}, false},
		"in a thread":              {onrecord.Decision{Verdict: onrecord.Review, Score: -.5, Evidence: with(sameThread)}, false},
		"somebody else's words":    {onrecord.Decision{Verdict: onrecord.Review, Score: -.5, Evidence: with(notOwnWords)}, false},
		"one text on it was known": {onrecord.Decision{Verdict: onrecord.Review, Score: -.5, Evidence: with(parentOnCase)}, false},
	} {
		if got := WantsContext(c.d); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
