package statements_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"onrecord"
	"onrecord/statements"
)

// A person's verdicts on a kind of evidence change what it decides, with a reason that
// says so, and accepting is no less followed for it.
func TestVerdictsTeachWeights(t *testing.T) {
	k := known()
	sells := func(i int) onrecord.Post {
		return post(fmt.Sprint(i), fmt.Sprintf("Our pricing model number %d is announced in the shop today.", i))
	}
	before, asked := read(t, sells(0), harbor, k).Findings[0], 0
	for i := 1; i <= 8; i++ {
		f, opens := one[statements.Opens](t, read(t, sells(i), harbor, k))
		if f.Label != onrecord.Review {
			break
		}
		asked++
		k.Profile = reader.Moderate(statements.Moderation{Statement: opens.Statement, Label: onrecord.Reject, Profile: k.Profile}).Learned
	}
	after := read(t, sells(9), harbor, k).Findings[0]
	i := slices.IndexFunc(after.Reasons, func(r onrecord.Reason) bool {
		return r.Code == "taught" && strings.Contains(r.Text, "a keyword of the case: 0 of")
	})
	if asked < 5 || i < 0 || after.Reasons[i].Weight >= 0 || after.Score >= before.Score {
		t.Errorf("after %d verdicts %+v, before %+v", asked, after.Decision, before.Decision)
	}
}
