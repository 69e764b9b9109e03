package config_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/config"
	"onrecord/sources"
)

func withDockets() config.Kinds {
	k := kinds()
	k.Sources = append(k.Sources, sources.Kind{Name: "court", Title: "The court", Every: time.Hour, Docket: true, Config: func() sources.Config { return &feedConfig{} }})
	return k
}

// Editors ask for a speaker of every account but a docket.
func TestSchemaOfDockets(t *testing.T) {
	t.Parallel()
	s := compiled(t, withDockets())
	for entry, good := range map[string]bool{"{source: court, handle: \"7\"}": true, "{source: x, handle: a}": false, "{source: x, handle: a, speaker: A}": true, "{handle: a}": false} {
		text := "cases:\n  - {id: one, title: A v. B, parties: [{name: A}]}\naccounts:\n  - " + entry + "\n"
		if err := s.Validate(asJSON(t, text)); (err == nil) != good {
			t.Errorf("%s: %v", entry, err)
		}
	}
}

// A docket speaks for nobody and is of a case: the one it names, the one whose number it
// is called by in any writing, or the only one.
func TestDockets(t *testing.T) {
	t.Parallel()
	k := withDockets()
	const first, second = "  - {id: one, title: A v. B, docket: [\"3:26-cv-00417-ABC\"], parties: [{name: A}]}\n", "  - {id: two, title: C v. D, docket: [\"26-cv-418\"], parties: [{name: C}]}\n"
	for _, c := range []struct {
		cases, entry string
		want         []string
		says         string
	}{
		{first, "handle: 7", []string{"one"}, ""},
		{first + second, "handle: 7, cases: [two]", []string{"two"}, ""},
		{first + second, `handle: "26 Civ. 417"`, []string{"one"}, ""},
		{first + second, `handle: "1:26-cv-00418"`, []string{"two"}, ""},
		{first + second, "handle: 7", nil, "accounts[0].cases: is missing; name the case that the docket is of"},
		{first, "handle: 7, speaker: A", nil, "accounts[0].speaker: is given, and a docket speaks for nobody"},
		{first, `handle: 7, speaker: "*"`, nil, "a docket speaks for nobody"},
		{first, "handle: 7, cases: [three]", nil, "three"},
	} {
		text := fmt.Sprintf("cases:\n%saccounts:\n  - {source: court, %s}\n", c.cases, c.entry)
		cfg, err := config.Parse("config.yaml", []byte(text), k, func(string) (string, bool) { return "", false }, nil)
		if c.says != "" {
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v, want %q", c.entry, err, c.says)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.entry, err)
			continue
		}
		if a := cfg.Accounts[0]; a.Kind != onrecord.Docket || a.Speaker != "" || !slices.Equal(a.Cases, c.want) {
			t.Errorf("%s: %+v", c.entry, a)
		}
	}
}
