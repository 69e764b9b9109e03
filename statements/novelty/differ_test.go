package novelty_test

import (
	"strings"
	"testing"

	"onrecord/statements/novelty"
)

func TestDifferences(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("We have read the complaint with care, and it is wrong. ", 400)
	for name, c := range map[string]struct {
		was, now string
		want     int
	}{
		"nothing":                    {"The hearing is on Monday.", "The hearing is on Monday.", 0},
		"signs and letter case":      {"The hearing is on Monday", "the hearing, is on MONDAY!", 0},
		"white space":                {"The hearing\nis on Monday.", "The hearing is  on Monday.", 0},
		"an address":                 {"Read it: https://a.example/1", "Read it: https://b.example/2", 0},
		"a small word":               {"We are at the court.", "We are in the court.", 0},
		"a day":                      {"The hearing is on Monday.", "The hearing is on Tuesday.", 1},
		"a number":                   {"We paid 3 people.", "We paid 4 people.", 1},
		"a denial":                   {"We did copy it.", "We did not copy it.", 1},
		"a denial taken out":         {"We did not copy it.", "We did copy it.", 1},
		"an addition":                {"We deny it.", "We deny it. Northwind lies about the drive.", 4},
		"everything":                 {"We deny it all.", "No comment from Harbor Labs.", 5},
		"moved words":                {"Harbor answers Northwind.", "Northwind answers Harbor.", 2},
		"in another script":          {"我们否认指控", "我们承认指控", 1},
		"one word of a long text":    {long + "The drive is sealed. " + long, long + "The drive is opened. " + long, 1},
		"two long texts":             {long, strings.ReplaceAll(long, "complaint", "answer"), 400},
		"emptied":                    {"We deny it all.", "", 1},
		"nothing to nothing":         {"", "", 0},
		"the count of a thread (1/)": {"We deny it. (1/2)", "We deny it. (1/3)", 0},
	} {
		got := novelty.Differences(c.was, c.now)
		if got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
		if back := novelty.Differences(c.now, c.was); back != got {
			t.Errorf("%s: %d the other way round", name, back)
		}
	}
}
