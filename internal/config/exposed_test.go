package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onrecord/internal/config"
)

// A secret in a file that everybody may read is told of, with its place and without
// itself; what stands in a variable, or in a file of one's own, is none.
func TestSecretsThatEverybodyMayRead(t *testing.T) {
	const start = "cases:\n  - {id: c, title: A v. B, parties: [{name: A, role: plaintiff}, {name: B, role: defendant}]}\n" +
		"accounts:\n  - {source: x, handle: a, speaker: A}\nsources:\n  x: {bearer_token: "
	t.Setenv("A_TOKEN", "a-token-of-x-0123456789")
	for _, c := range []struct {
		token string
		mode  os.FileMode
		warns bool
	}{
		{"a-token-of-x-0123456789", 0o644, true},
		{"a-token-of-x-0123456789", 0o600, false},
		{"a-token-of-x-0123456789", 0o640, false},
		{`"${A_TOKEN}"`, 0o644, false},
	} {
		path := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(path, []byte(start+c.token+"}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		cfg, err := config.Load(path, kinds())
		if err != nil {
			t.Fatal(err)
		}
		warned := false
		for _, w := range cfg.Warnings {
			if strings.Contains(w.String(), "a-token") {
				t.Errorf("the warning shows it: %s", w)
			}
			warned = warned || strings.Contains(w.Message, "everybody") && w.Line == 6 && w.Column == 21
		}
		if warned != c.warns {
			t.Errorf("%s, %o: warnings are %v", c.token, c.mode, cfg.Warnings)
		}
	}
}
