package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"onrecord/internal/config"
)

// An account is put where the list is, however it is written, and every other byte of
// the file stays as it was.
func TestAdd(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/edit/*.txtar")
	if err != nil || len(paths) < 5 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	a := config.Addition{Source: "x", Handle: "harborlabs", Speaker: "Harbor Labs", Backfill: 7 * 24 * time.Hour}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			before, want := archive.Files[0].Data, archive.Files[1].Data
			got, err := config.Add(before, a)
			if err == nil {
				got = config.AddAlias(got, a.Speaker, "@"+a.Handle)
			} else {
				got = []byte(err.Error() + "\n")
			}
			if *update {
				archive.Files[1].Data = got
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if err != nil {
				return
			}
			if _, err := parse(string(got), nil, nil); err != nil {
				t.Errorf("it is wrong now:\n%v", err)
			}
			if again := config.AddAlias(got, a.Speaker, "@"+a.Handle); string(again) != string(got) {
				t.Error("an alias is added twice")
			}
			for line := range strings.Lines(string(before)) {
				if strings.Contains(line, "#") && !strings.Contains(string(got), line[strings.IndexByte(line, '#'):]) {
					t.Errorf("the remark is gone: %s", line)
				}
			}
		})
	}
}

// What an address or a name holds cannot change the shape of the file.
func TestLine(t *testing.T) {
	t.Parallel()
	for _, speaker := range []string{"Harbor Labs", "no", "a: b", "x]}", "${SECRET}", "“Q” #1", "*"} {
		a := config.Addition{Source: "feed", URL: "https://h.example/a?b=${c}&d=[e]#f", Speaker: speaker, Cases: []string{"one"}}
		text := "cases: [{id: one, title: T, parties: [{name: P}, {name: " + strings.ReplaceAll(quoted(speaker), "$", "$$") + "}]}]\naccounts:\n  - " + a.Line() + "\n"
		cfg, err := parse(text, nil, nil)
		if err != nil {
			t.Errorf("%s:\n%v", text, err)
			continue
		}
		if got := cfg.Accounts[0]; got.URL != a.URL || got.Speaker != speaker && speaker != "*" {
			t.Errorf("%q is read as %+v", a.Line(), got)
		}
	}
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// An account that was added while the program runs is judged as one of the file is.
func TestTrack(t *testing.T) {
	t.Parallel()
	c, err := parse("cases:\n  - {id: nh, title: Northwind Data v. Harbor Labs, parties: [{name: Northwind Data, role: plaintiff}, {name: Harbor Labs, role: defendant}]}\naccounts: [{source: x, handle: harborlabs, speaker: Harbor Labs}]\n", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Track(config.Addition{Source: "x", Handle: "northwind", Speaker: "northwind data"}); err != nil {
		t.Fatal(err)
	}
	last := c.Accounts[len(c.Accounts)-1]
	if len(c.Accounts) != 2 || last.ID != "x:northwind" || last.Speaker != "Northwind Data" || !slices.Equal(last.Cases, []string{"nh"}) || c.Schedules[last.ID].String() == "" {
		t.Errorf("it is %+v", last)
	}
	for why, a := range map[string]config.Addition{
		"is the account of": {Source: "x", Handle: "Northwind", Speaker: "Northwind Data"},
		"nobody":            {Source: "x", Handle: "somebody", Speaker: "Somebody Else"},
		"not described":     {Source: "x", Handle: "somebody", Speaker: "Harbor Labs", Cases: []string{"gone"}},
	} {
		if err := c.Track(a); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%+v: %v, want %q", a, err, why)
		}
	}
	if len(c.Accounts) != 2 {
		t.Errorf("%d accounts", len(c.Accounts))
	}
}
