package feed_test

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/feed"
)

// TestCorpus reads every file below the folder ONRECORD_FEEDS, as a feed of its own and
// twice: `make feeds` runs it over the test files of other readers and of validators. None
// may break a reader, hold it up or be told twice, and what is refused is refused with a
// trouble of its own.
func TestCorpus(t *testing.T) {
	folder := os.Getenv("ONRECORD_FEEDS")
	if folder == "" {
		t.Skip("ONRECORD_FEEDS names no folder")
	}
	read, refused := 0, map[sources.Trouble]int{}
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || !slices.Contains(documents, strings.ToLower(filepath.Ext(path))) {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		began := time.Now()
		trouble := readTwice(t, path, body)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s takes %s", path, took)
		}
		if trouble == "" {
			read++
		} else {
			refused[trouble]++
		}
		return nil
	})
	if err != nil || read == 0 {
		t.Fatalf("%d files were read: %v", read, err)
	}
	t.Logf("%d files are feeds; refused, by trouble: %v", read, refused)
}

// documents are how files end that may be feeds.
var documents = []string{".xml", ".rss", ".atom", ".rdf", ".json", ".html", ".htm", ".txt", ".gz", ".bin", ""}

// readTwice reads a document and says what trouble it is.
func readTwice(t *testing.T, name string, body []byte) sources.Trouble {
	t.Helper()
	site := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write(body)
	})
	source, err := feed.Kind().Config().Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: site}} }})
	if err != nil {
		t.Fatal(err)
	}
	account := onrecord.Account{ID: "feed:corpus", Source: "feed", URL: "https://site.example/news.xml", Speaker: "Northwind Data"}
	page, err := source.Pull(t.Context(), account, "")
	if err != nil {
		told, ok := errors.AsType[*sources.Error](err)
		if !ok || told.Trouble == "" || strings.Contains(err.Error(), "gave up") || len(err.Error()) > 600 {
			t.Errorf("%s: %v", name, err)
			return "none"
		}
		return told.Trouble
	}
	again, err := source.Pull(t.Context(), account, page.Next)
	if err != nil || len(again.Posts)+len(again.Archive) > 0 {
		t.Errorf("%s: read again it gives %d posts and %d of an archive, %v", name, len(again.Posts), len(again.Archive), err)
	}
	return ""
}
