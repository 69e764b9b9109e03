package all_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"onrecord/sources/all"
)

// docs/sources.md says the same of every source.
func TestEverySourceIsInTheTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/sources.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | "); strings.HasPrefix(line, "|") {
			rows[strings.Trim(cells[0], " `")] = cells[1:]
		}
	}
	for _, k := range all.Kinds() {
		if !slices.ContainsFunc(rows["source"], func(cell string) bool { return strings.Trim(cell, " `") == k.Name }) {
			t.Errorf("%s has no column", k.Name)
		}
	}
	for _, name := range []string{"key", "cost", "latency, as recommended", "threads", "edits", "a post that is not there", "limits", "on_delete`, unless you choose"} {
		if row := rows[name]; len(row) != len(rows["source"]) || slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) == "" }) {
			t.Errorf("%s: %d cells for %d sources", name, len(row), len(rows["source"]))
		}
	}
}
