package match

import (
	"slices"

	"onrecord"
)

// Settled reports whether a rule decides about a post whatever anybody thinks of
// it: no opinion makes somebody else's words the speaker's, or finds words in a
// post that has none.
func Settled(d onrecord.Decision) bool {
	return slices.ContainsFunc(d.Reasons, func(e onrecord.Reason) bool {
		return e.Code == NotNear || e.Code == table[notOwnWords].Code || e.Code == table[noWords].Code
	})
}

// Candidate reports whether our own evidence makes a post worth a question of its own.
func Candidate(d onrecord.Decision) bool {
	return d.Label != onrecord.Reject || len(d.Reasons) > 0 && d.Score >= learned.Candidate
}
