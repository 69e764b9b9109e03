package main

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// What init --from writes is in order, whatever it reads: a story of any language, a
// caption, or a text that says nothing of a case; from a file, or from a page.
func TestInitFrom(t *testing.T) {
	t.Parallel()
	stories, err := filepath.Glob("../../statements/outline/testdata/*.txtar")
	if err != nil || len(stories) < 6 {
		t.Fatalf("%d stories, %v", len(stories), err)
	}
	for _, path := range stories {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for _, f := range a.Files {
				if f.Name != "story" {
					continue
				}
				story := filepath.Join(dir, "story.txt")
				if err := os.WriteFile(story, f.Data, 0o600); err != nil {
					t.Fatal(err)
				}
				page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					fmt.Fprintf(w, "<!doctype html><html><head><title>One | The Courier</title></head><body><nav><p>Subscribe to Somebody Else Inc.</p></nav><article>")
					for p := range strings.SplitSeq(strings.TrimSpace(string(f.Data)), "\n\n") {
						fmt.Fprintf(w, "<p>%s</p>", strings.ReplaceAll(html.EscapeString(p), "\n", "<br>"))
					}
					fmt.Fprint(w, `<p><a href="https://x.com/harborlabs">Harbor</a></p></article></body></html>`)
				}))
				t.Cleanup(page.Close)
				for i, from := range []string{story, page.URL + "/story"} {
					config := filepath.Join(dir, fmt.Sprintf("%d.yaml", i))
					said := command(t, "init", "--from", from, config)
					if !strings.Contains(said, "wrote "+config+"\nread \"") {
						t.Errorf("it says:\n%s", said)
					}
					if said := command(t, "check", "--config", config); !strings.Contains(said, "no mistakes") {
						t.Errorf("of what it wrote, check says:\n%s", said)
					}
					text, err := os.ReadFile(config)
					if err != nil || i == 1 && (strings.Contains(string(text), "Somebody Else") || !strings.Contains(string(text), "source: x, handle: harborlabs")) {
						t.Errorf("from a page it reads, %v:\n%s", err, text)
					}
				}
			}
		})
	}
}

// What cannot be read says so, and nothing is written.
func TestInitFromNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	empty, config := filepath.Join(dir, "empty.txt"), filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(empty, []byte("  \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(gone.Close)
	for from, want := range map[string]string{empty: "holds no text", filepath.Join(dir, "none.txt"): "no such file", gone.URL: "HTTP 404"} {
		if said, code := output(t, "init", "--from", from, config); code == good || !strings.Contains(said, want) {
			t.Errorf("exit %d:\n%s", code, said)
		}
		if _, err := os.Stat(config); err == nil {
			t.Error("a file was written")
		}
	}
}
