package lang_test

import (
	"testing"

	"onrecord/statements/lang"
)

func TestSkeleton(t *testing.T) {
	t.Parallel()
	for want, spellings := range map[string][]string{
		"rs":     {"Reyes", "रेयेस", "レイエス", "레예스", "雷耶斯", "ريس", "Рейес"},
		"rnd":    {"Lind", "लिंड", "Линд", "린드"},
		"nrdfnd": {"Northwind", "नॉर्थविंड", "Нортвинд"},
		"fs":     {"Voss", "वॉस"}, // a round vowel is no nasal
	} {
		for _, s := range spellings {
			if got := lang.Skeleton(s, "k"); got != want {
				t.Errorf("%s: %q, want %q", s, got, want)
			}
		}
	}
	if a, b := lang.Skeleton("Mercator", "k"), lang.Skeleton("Mercator", "s"); a != "mrkdr" || b != "mrsdr" {
		t.Errorf("the letter c: %q, %q", a, b)
	}
}
