package novelty

import (
	"fmt"
	"strings"
	"testing"

	"onrecord"
)

// An article of many words is compared to its end: what its author changed there is no small thing.
func TestTheEndOfALongText(t *testing.T) {
	var long strings.Builder
	for i := range 2 * alignLimit {
		fmt.Fprintf(&long, "w%c%c%c ", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26)
	}
	before := long.String() + "We paid 300 dollars for the ledger."
	for after, want := range map[string]onrecord.Novelty{
		long.String() + "We paid 900 dollars for the ledger.":                                          onrecord.Changed,
		long.String() + "We paid 300 dollars for the ledger. We deny every claim of Northwind's suit.": onrecord.Expands,
		"We deny every claim of Northwind's suit. " + before:                                           onrecord.Expands,
	} {
		got := Compare(after, []string{"b/2"}, []Earlier{{ID: 1, Posts: []string{"a/1"}, Text: before, SameSide: true}})
		if got.Novelty != want {
			t.Errorf("%.30s … %s: %s (%s), want %s", after, after[len(after)-40:], got.Novelty, got.Why, want)
		}
	}
}
