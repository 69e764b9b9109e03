package novelty

import (
	"slices"
	"testing"
)

// The nearest texts share the rare words, or most of their letters; what shares nothing
// is near to nothing.
func TestNearest(t *testing.T) {
	t.Parallel()
	among := []string{
		"The river was high this spring, and the boats stayed in.",
		"We never opened the drive. The pricing model was ours.",
		"The court will hear the motion on Tuesday.",
		"Nobody here opened any drive, whatever the complaint says.",
		"Soup is back.",
	}
	for text, want := range map[string][]int{
		"The drive was never opened by anybody.":        {1, 3},
		"A motion in court, at last.":                   {2},
		"Reopening the pricing models: an explanation.": {1},
		"Ahoy!": {},
		"":      {},
	} {
		got := Nearest(text, among, 2)
		if len(got) > len(want) {
			got = got[:len(want)]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is nearest to %v, want %v", text, got, want)
		}
	}
	if got := Nearest(among[1], among, 1); !slices.Equal(got, []int{1}) {
		t.Errorf("a text is nearest to %v", got)
	}
	if got := Nearest("Any text.", nil, 5); len(got) != 0 {
		t.Errorf("of no texts %v are near", got)
	}
}
