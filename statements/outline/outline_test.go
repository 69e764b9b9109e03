package outline_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v4"

	"onrecord"
	"onrecord/statements/outline"
)

var update = flag.Bool("update", false, "rewrite what the golden files expect")

// read drafts a configuration from the story of a file.
func read(a *txtar.Archive) outline.Outline {
	s := outline.Story{URL: "https://courier.example/story"}
	for _, f := range a.Files {
		text := strings.TrimSpace(string(f.Data))
		switch f.Name {
		case "title":
			s.Title = text
		case "story":
			s.Text = text
		case "link":
			for line := range strings.Lines(text) {
				address, shown, _ := strings.Cut(strings.TrimSpace(line), " ")
				s.Links = append(s.Links, onrecord.Link{URL: address, Shown: shown})
			}
		}
	}
	return outline.Read(s)
}

// Stories of several languages, and the caption of a complaint, as configurations.
func TestConfig(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) < 6 {
		t.Fatalf("%d stories, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := read(a).Config()
			last := len(a.Files) - 1
			if a.Files[last].Name != "config.yaml" {
				a.Files = append(a.Files, txtar.File{Name: "config.yaml"})
				last++
			}
			if *update {
				a.Files[last].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(a.Files[last].Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Whatever a text holds, reading it ends, and what is written is one YAML document of
// lines: no text of a story can end a remark or a value.
func FuzzConfig(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(a.Files[0].Data), string(a.Files[2].Data))
	}
	f.Add("A v. B", "“\" # {x: [y]} \u2028 v.\nPlaintiff,\nv.\nDefendants")
	f.Fuzz(func(t *testing.T, title, text string) {
		got := outline.Read(outline.Story{Title: title, Text: text, URL: "https://courier.example/\nx"}).Config()
		for line := range strings.Lines(got) {
			if strings.ContainsAny(strings.TrimSuffix(line, "\n"), "\r\u2028\u2029\u0085\x00") {
				t.Fatalf("a line is broken: %q", line)
			}
		}
		var d yaml.Node
		if err := yaml.Load([]byte(got), &d); err != nil {
			t.Fatalf("%v:\n%s", err, got)
		}
	})
}
