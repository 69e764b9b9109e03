package match

import (
	"math"
	"testing"

	"onrecord"
)

// TestWeigh: an opinion moves a decision between review and accept, and nothing
// else. Whatever it is, the evidence adds up to the score.
func TestWeigh(t *testing.T) {
	t.Parallel()
	decided := func(score float64, evidence ...kind) onrecord.Decision {
		d := onrecord.Decision{Score: score, Label: onrecord.Reject, Reasons: []onrecord.Reason{{Name: "all else", Weight: score}}}
		switch {
		case score >= acceptLine:
			d.Label = onrecord.Accept
		case score >= reviewLine:
			d.Label = onrecord.Review
		}
		for _, k := range evidence {
			d.Reasons = append(d.Reasons, ReasonFor(table[k].Code))
		}
		return d
	}
	for _, tc := range []struct {
		name  string
		given onrecord.Decision
		lean  float64
		want  onrecord.Label
		heard bool
	}{
		{"up", decided(-.5), 1, onrecord.Accept, true},
		{"not far enough up", decided(-.5), .3, onrecord.Review, true},
		{"down", decided(.5), -1, onrecord.Review, true},
		{"not far enough down", decided(.5), -.3, onrecord.Accept, true},
		{"unsure", decided(-.01), 0, onrecord.Review, true},
		{"never rejected", decided(-1), -1, onrecord.Review, true},
		{"sure enough without it", decided(1.2), -1, onrecord.Accept, false},
		{"too doubtful", decided(-1.2), 1, onrecord.Review, false},
		{"rejected", decided(-1.7), 1, onrecord.Reject, false},
		{"beyond all measure", decided(-.5), 1e9, onrecord.Accept, true},
		{"no number", decided(.5), math.NaN(), onrecord.Accept, true},
		{"somebody else's words", decided(-.01, notOwnWords), 1, onrecord.Review, false},
		{"no words", decided(-.01, noWords), 1, onrecord.Review, false},
		{"far from the words quoted", func() onrecord.Decision {
			d := decided(.5)
			d.Label, d.Reasons = onrecord.Review, append(d.Reasons, ReasonFor(NotNear))
			return d
		}(), 1, onrecord.Review, false},
		{"another case", decided(-.01, rivalCase), 1, onrecord.Review, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			before := len(tc.given.Reasons)
			got := Weigh(tc.given, tc.lean, "yes")
			if got.Label != tc.want || InReach(tc.given) != tc.heard || (len(got.Reasons) > before) != tc.heard {
				t.Errorf("%s, heard: %v; %+v", got.Label, InReach(tc.given), got)
			}
			sum := 0.0
			for _, e := range got.Reasons {
				sum += e.Weight
			}
			if hundredths(sum) != hundredths(got.Score) {
				t.Errorf("evidence adds up to %v, the score is %v", sum, got.Score)
			}
			if got.Label != onrecord.Reject && got.Score < reviewLine {
				t.Errorf("%s with score %v", got.Label, got.Score)
			}
		})
	}
}
