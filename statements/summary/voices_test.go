package summary

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"onrecord"
)

// latin is the case as most operators write it: in one script.
func latin() onrecord.Case {
	c := northwind()
	for _, list := range [][]onrecord.Person{c.Parties, c.People} {
		for i := range list {
			list[i].Aliases = slices.DeleteFunc(list[i].Aliases, func(a string) bool { return !ascii(a) })
		}
	}
	return c
}

// pressQuotes are what the invented articles give to somebody.
func pressQuotes(t testing.TB) (texts []string) {
	paths, err := filepath.Glob("testdata/press/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := string(archive.Files[0].Data)
		voices, _ := Voices(latin(), text)
		for _, v := range voices {
			for _, q := range v.Quotes {
				texts = append(texts, text[q.Start:q.End])
			}
		}
	}
	if len(texts) < 20 {
		t.Fatalf("only %d quotes of the press", len(texts))
	}
	return texts
}

// TestVoicesGolden: whom invented articles of the press quote, each line a
// quotation behind the name of its speaker.
func TestVoicesGolden(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/press/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			text := string(archive.Files[0].Data)
			voices, _ := Voices(latin(), text)
			var got strings.Builder
			for _, v := range voices {
				for _, q := range v.Quotes {
					fmt.Fprintf(&got, "%s: %s\n", v.Speaker.Name, text[q.Start:q.End])
				}
			}
			if *update {
				archive.Files[1].Data = []byte(got.String())
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
