package summary

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onrecord/statements/statementstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"onrecord"
)

var update = flag.Bool("update", false, "rewrite what the golden files expect")

// TestGolden: what is quoted of longer texts. A file's head says who speaks and
// what kind the posts are; its last section holds the quotes, each with the
// number of its part.
func TestGolden(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.txtar")
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
			d := Draft{Case: statementstest.Northwind()}
			for line := range strings.Lines(string(archive.Comment)) {
				key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
				switch key {
				case "speaker":
					d.Speaker = statementstest.Person(value)
				case "earlier":
					d.Earlier = append(d.Earlier, statementstest.Said(value)...)
				}
			}
			last := len(archive.Files) - 1
			for _, f := range archive.Files[:last] {
				p := onrecord.Post{Kind: onrecord.Original, Text: string(f.Data)}
				if strings.Contains(string(archive.Comment), "kind: article") {
					p.Kind = onrecord.Article
				}
				d.Parts = append(d.Parts, p)
			}
			var got strings.Builder
			for _, q := range check(t, d).Quotes {
				fmt.Fprintf(&got, "%d: %s\n", q.Part+1, d.Parts[q.Part].Text[q.Start:q.End])
			}
			if *update {
				archive.Files[last].Data = []byte(got.String())
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
