package match

import (
	"slices"

	"onrecord"
)

// WantsContext reports whether the words of what a post answers or quotes, which
// were not known, could put it on the record: it is as near to the line as one
// telling word there weighs. Beside a link to a statement, or to a run, those
// words are not looked at; and they make nobody else's words the speaker's.
func WantsContext(d onrecord.Decision) bool {
	settled := slices.ContainsFunc(d.Reasons, func(e onrecord.Reason) bool {
		for _, k := range []kind{sameThread, repliesToIt, quotesIt, sameRun, parentOnCase, notOwnWords, noWords} {
			if e.Code == table[k].Code {
				return true
			}
		}
		return false
	})
	return len(d.Reasons) > 0 && d.Label != onrecord.Accept && !settled && d.Score >= acceptLine-table[parentOnCase].Weights[0]
}
