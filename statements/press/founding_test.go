package press_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"onrecord/statements/press"

	"go.yaml.in/yaml/v4"

	"onrecord"
	"onrecord/internal/beside"
)

// quotedDate is a date that is a string to YAML.
var quotedDate = regexp.MustCompile(`"(\d{4}-\d\d-\d\d)"`)

// TestFoundingArticle: whom the article that began all this quotes, for a case
// configured in Latin letters only.
func TestFoundingArticle(t *testing.T) {
	t.Parallel()
	folder := beside.Founding(t)
	var file struct{ Cases []onrecord.Case }
	data, err := os.ReadFile(filepath.Join(folder, "scale-v-mercor", "case.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(quotedDate.ReplaceAll(data, []byte("$1")), &file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "article.hi.txt"))
	if err != nil {
		t.Fatal(err)
	}
	voices, _ := press.Voices(file.Cases[0], string(text), time.Time{})
	got := map[string][]string{}
	for _, v := range voices {
		for _, q := range v.Quotes {
			got[v.Speaker.Name] = append(got[v.Speaker.Name], string(text[q.Start:q.End]))
		}
	}
	// Known by words that stand in them; the texts are not ours to repeat.
	want := map[string][]string{"Surya Midha": {"Google", "छह"}, "Eugene Ling": {"सुना", "ड्राइव"}}
	if len(got) != len(want) {
		t.Errorf("%d speakers, want %d: %v", len(got), len(want), got)
	}
	for speaker, words := range want {
		if len(got[speaker]) != len(words) {
			t.Errorf("%s is quoted %d times, want %d: %q", speaker, len(got[speaker]), len(words), got[speaker])
			continue
		}
		for i, w := range words {
			if !strings.Contains(got[speaker][i], w) {
				t.Errorf("%s: %q is not the one with %q", speaker, got[speaker][i], w)
			}
		}
	}
}
