package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A bare parameter behind LIMIT has SQLite compile the question at every answer.
func TestNoLimitIsABareParameter(t *testing.T) {
	files, err := filepath.Glob("*.go")
	must(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		if !strings.HasSuffix(file, "_test.go") && strings.Contains(string(text), "LIMIT $") {
			t.Errorf("%s has LIMIT $n; write LIMIT CAST($n AS BIGINT)", file)
		}
	}
}
