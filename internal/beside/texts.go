package beside

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// Texts are the texts of the posts in the folder ONRECORD_CORPUS names, one
// folder for each case with a posts.jsonl; none when it is not set.
func Texts(t testing.TB) []string {
	if os.Getenv("ONRECORD_CORPUS") == "" {
		Without(t, "not here: the labelled posts, only invented ones; ONRECORD_CORPUS names the folder")
		return nil
	}
	texts, err := readTexts()
	if err != nil || len(texts) == 0 {
		t.Fatalf("%d labelled posts are read: %v", len(texts), err)
	}
	return texts
}

var readTexts = sync.OnceValues(func() (texts []string, err error) {
	paths, err := filepath.Glob(filepath.Join(os.Getenv("ONRECORD_CORPUS"), "*", "posts.jsonl"))
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(data)) {
			var post struct{ Text string }
			if err := json.Unmarshal([]byte(line), &post); err != nil {
				return nil, err
			}
			if utf8.ValidString(post.Text) {
				texts = append(texts, post.Text)
			}
		}
	}
	return texts, err
})
