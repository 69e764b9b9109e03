package match

import (
	"slices"

	"onrecord"
)

// WantsContext reports whether what stands around a post could decide about it: it
// is a candidate, one that looks accepted as much as a borderline one, since the same
// denial may answer another charge; or the speaker answers something, or has the case on the mind, and
// what it answers could put it on the record. Rules that decide
// whatever stands around leave nothing to ask for.
func WantsContext(d onrecord.Decision) bool {
	has := func(ks ...kind) bool {
		return slices.ContainsFunc(d.Reasons, func(e onrecord.Reason) bool {
			return slices.ContainsFunc(ks, func(k kind) bool { return e.Code == table[k].Code })
		})
	}
	warm := has(burst, nearEvent, answering, blaming, legalTalk, lawTalk) && !has(promotion)
	return !Settled(d) && (Candidate(d) || warm && d.Score >= acceptLine-learned.of[parentOnCase][0]-learned.of[parentTalk][0])
}
