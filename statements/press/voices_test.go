package press_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord/statements/press"
	"onrecord/statements/statementstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite what the golden files expect")

// TestVoicesGolden: whom invented articles of the press quote, each line a
// quotation behind the name of its speaker.
func TestVoicesGolden(t *testing.T) {
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
			text := string(archive.Files[0].Data)
			voices, _ := press.Voices(statementstest.Latin(), text, time.Time{})
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
