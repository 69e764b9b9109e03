package lang_test

import (
	"testing"

	"onrecord/statements/lang"
)

func TestAbbreviationsDoNotEndSentences(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Northwind Data, Inc. v. Harbor Labs is set for Oct. 14.",
		"Judge M. Quist of the U.S. District Court hears it.",
		"La Sra. Reyes y el Dr. Lind declararon.",
		"Herr Dr. Lind sprach, z.B. Über das Archiv.",
		"Заявление на стр. 14 подписал А. Линд.",
		"1. Nothing was taken.",
		"See the U.S. Constitution.",
	} {
		if got := lang.Sentences(text); len(got) != 1 {
			t.Errorf("%q is cut into %d", text, len(got))
		}
	}
	for text, want := range map[string]int{
		"It ended in 2025. We moved on.":          2,
		"Plan B. It failed.":                      1, // an initial, for all we know
		"So did I. We left.":                      2,
		"Они ушли. Мы остались.":                  2,
		"हमने कहा। वे गए।":                        2,
		"これは事実ではない。次へ。":                           2,
		"First line\nSecond line":                 2,
		"He is at harborlabs.example. Write him.": 2,
	} {
		if got := lang.Sentences(text); len(got) != want {
			t.Errorf("%q is cut into %d, want %d", text, len(got), want)
		}
	}
}
