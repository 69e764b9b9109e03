package outline_test

import (
	"strings"
	"testing"
	"time"

	"onrecord/statements/outline"
)

// A story is read in a moment, however long it is and whatever it repeats: the limit is
// many times what any of these takes.
func TestReadingEnds(t *testing.T) {
	t.Parallel()
	for name, part := range map[string]string{
		"names": "Dana Reyes sued Ivo Lind and Peter Oakes v. Ruth Calder. ", "capitals": "A B C D ", "handles": "@harborlabs on X said ", "Hindi": "डाना रेयेस ने कहा इवो लिंड के खिलाफ मुकदमा ",
		"quotes": "“Larkspur ledger” ", "dates": "May 3, 2026 ", "links": "https://x.com/harborlabs ", "lines": "v.\n", "brackets": "((((", "one word": "a",
	} {
		began := time.Now()
		_ = outline.Read(outline.Story{Text: strings.Repeat(part, 1_000_000/len(part))}).Config()
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s take %s", name, took)
		}
	}
}
