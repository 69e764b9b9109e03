package press_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"onrecord/statements/press"
	"onrecord/statements/statementstest"
)

// FuzzVoices: whatever an article is, quotes lie in it and in order.
func FuzzVoices(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("“We wrote:\n\nThey said so\nand so” Reyes said.")
	c := statementstest.Latin()
	f.Fuzz(func(t *testing.T, text string) {
		voices, _ := press.Voices(c, text, time.Time{})
		for _, v := range voices {
			last := 0
			for _, q := range v.Quotes {
				if q.Start < last || q.Start >= q.End || q.End > len(text) {
					t.Fatalf("%+v behind %d of %d bytes", q, last, len(text))
				}
				last = q.End
			}
		}
	})
}
