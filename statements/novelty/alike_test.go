package novelty_test

import (
	"testing"

	"onrecord/statements/novelty"
)

// A post that says again what another said with a slip put right is that one; a post with
// another claim, or too short to tell, is not.
func TestAlike(t *testing.T) {
	t.Parallel()
	const said = "We deny that anybody at Harbor Labs opened the personal drive, and we will answer the complaint in court on 3 May."
	for now, want := range map[string]bool{
		said: true,
		"We deny that anybody at Harbor Labs opened the personal drive, and we will answer the complaint in court on 5 May.": true,
		"We deny that anyone at Harbor Labs opened the drive, and we will answer the complaint in court on 3 May!":           true,
		"We admit that anybody at Harbor Labs opened the personal drive, and we will answer the complaint in court on 3 May": true,
		"We deny that anybody at Harbor Labs opened the personal drive.":                                                     false,
		"Nobody at Harbor Labs has seen a personal drive. The complaint is wrong, and our answer is due on 3 May.":           false,
		"": false,
	} {
		if got := novelty.Alike(said, now); got != want {
			t.Errorf("%q: %v", now, got)
		}
	}
	for _, c := range []struct {
		was, now string
		want     bool
	}{
		{"Exactly.", "Exactly.", false}, // it is said on many occasions
		{"We deny it.", "We admit it.", false},
		{"Harbor Labs denies everything.", "Harbor Labs denies everything", true},
		{"", "", false},
	} {
		if got := novelty.Alike(c.was, c.now); got != c.want {
			t.Errorf("%q and %q: %v", c.was, c.now, got)
		}
	}
}
