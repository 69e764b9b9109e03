// Package beside finds for tests what lies beside the repository and cannot be
// in it: posts of real people, labelled, and the descriptions that platforms
// publish of their APIs. Whoever has them holds the program to them; the tests
// of whoever has not pass without, and tell what was left out.
package beside

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Corpus is the folder of labelled posts, one folder with a posts.jsonl for each
// case: the one that ONRECORD_CORPUS names. Without it the test is left out.
func Corpus(t testing.TB) string {
	t.Helper()
	return folder(t, "ONRECORD_CORPUS", os.Getenv("ONRECORD_CORPUS"), "the labelled posts")
}

// tuned are the cases that the weights were set on.
var tuned = []string{
	"dolar-futuro", "mpf-v-lula-triplex", "pampena-v-musk", "tornetta-v-musk", "twitter-v-musk", "vos-selections-v-trump", "x-moraes-stf-2024",
}

// Tuned are the folders of the cases that the weights were set on, and that the
// figures which tests demand were reached on. What the program does on cases
// that nobody tuned it for is measured, by `onrecord eval`, and demanded nowhere.
func Tuned(t testing.TB) (folders []string) {
	t.Helper()
	corpus := Corpus(t)
	for _, name := range tuned {
		folders = append(folders, filepath.Join(corpus, name))
	}
	return folders
}

// Founding is the folder of the case that began all this: the one that
// ONRECORD_SEED names, or the one beside the labelled posts.
func Founding(t testing.TB) string {
	t.Helper()
	corpus := os.Getenv("ONRECORD_CORPUS")
	if corpus != "" {
		corpus = filepath.Join(corpus, "..", "seed")
	}
	return folder(t, "ONRECORD_SEED", cmp.Or(os.Getenv("ONRECORD_SEED"), corpus), "the founding case")
}

// Specification is a file of the folder that ONRECORD_SPECS names, such as
// discord-openapi.json.
func Specification(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder(t, "ONRECORD_SPECS", os.Getenv("ONRECORD_SPECS"), "the platforms' descriptions of their APIs"), name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// folder is one that is named and has to be there, then; or the test is left out.
func folder(t testing.TB, variable, path, what string) string {
	t.Helper()
	if path == "" {
		LeaveOut(t, fmt.Sprintf("not here: %s; %s names the folder", what, variable))
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s: not where %s says: %v", what, variable, err)
	}
	return path
}

// LeaveOut skips a test for want of something, and adds it to the file that
// ONRECORD_LEFT_OUT names, which is shown when everything has run: a skip that
// nobody sees is a gap that nobody knows.
func LeaveOut(t testing.TB, why string) {
	t.Helper()
	Without(t, why)
	t.Skip(why)
}

// Without adds to the same file a test that runs all the same, on less.
func Without(t testing.TB, why string) {
	t.Helper()
	path := os.Getenv("ONRECORD_LEFT_OUT")
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatalf("tell what is left out: %v", err)
	}
	defer f.Close()
	dir, err := os.Getwd() // a test runs in the folder of its package
	if err != nil {
		t.Fatalf("tell what is left out: %v", err)
	}
	if _, err := fmt.Fprintf(f, "%s, %s: %s\n", filepath.Base(dir), t.Name(), why); err != nil {
		t.Fatalf("tell what is left out: %v", err)
	}
}
