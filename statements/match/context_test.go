package match

import (
	"testing"

	"onrecord"
)

func TestWantsContext(t *testing.T) {
	t.Parallel()
	near := []onrecord.Reason{{Name: table[prior].Name, Weight: -2}}
	with := func(k kind) []onrecord.Reason { return append(near[:1:1], ReasonFor(table[k].Code)) }
	for name, c := range map[string]struct {
		d    onrecord.Decision
		want bool
	}{
		"borderline":            {onrecord.Decision{Label: onrecord.Review, Score: -1, Reasons: near}, true},
		"rejected by little":    {onrecord.Decision{Label: onrecord.Reject, Score: learned.Candidate, Reasons: near}, true},
		"far":                   {onrecord.Decision{Label: onrecord.Reject, Score: learned.Candidate - .01, Reasons: near}, false},
		"accepted":              {onrecord.Decision{Label: onrecord.Accept, Score: .1, Reasons: near}, true},
		"of no case":            {onrecord.Decision{Label: onrecord.Reject}, false},
		"in a thread":           {onrecord.Decision{Label: onrecord.Review, Score: -.5, Reasons: with(sameThread)}, true},
		"somebody else's words": {onrecord.Decision{Label: onrecord.Review, Score: -.5, Reasons: with(notOwnWords)}, false},
		"an answer from afar":   {onrecord.Decision{Label: onrecord.Reject, Score: learned.Candidate - .1, Reasons: with(answering)}, true},
	} {
		if got := WantsContext(c.d); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
