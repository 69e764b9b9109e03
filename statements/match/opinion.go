package match

import (
	"math"
	"slices"

	"onrecord"
)

// reach is how far from the line between review and accept an opinion is heard,
// and how much it weighs at most. It is less than the width of review: what
// evidence of ours hardly carries is not put on the record by an opinion.
const reach = 1.0

// InReach reports whether an opinion could move a decision over the line. What
// a rule holds to review stays there: no opinion makes somebody else's words
// the speaker's.
func InReach(d onrecord.Decision) bool {
	held := slices.ContainsFunc(d.Reasons, func(e onrecord.Reason) bool {
		return e.Code == NotNear || e.Code == table[notOwnWords].Code || e.Code == table[noWords].Code ||
			e.Code == table[rivalCase].Code && d.Label == onrecord.Review
	})
	return d.Label != onrecord.Reject && !held && math.Abs(d.Score-acceptLine) <= reach
}

// Weigh adds an opinion to a decision in reach, leaning from -1, not on the
// case, to 1. It moves between review and accept and never rejects: of a weight
// that would, as much counts as leaves the post in review.
func Weigh(d onrecord.Decision, lean float64, text string) onrecord.Decision {
	if !InReach(d) {
		return d
	}
	if math.IsNaN(lean) {
		lean = 0
	}
	weight := hundredths(max(reach*min(max(lean, -1), 1), reviewLine-d.Score))
	o := ReasonFor(Opinion)
	o.Weight, o.Text = weight, text
	d.Reasons = append(slices.Clip(d.Reasons), o)
	d.Score = hundredths(d.Score + weight)
	d.Label = onrecord.Review
	if d.Score >= acceptLine {
		d.Label = onrecord.Accept
	}
	return d
}
