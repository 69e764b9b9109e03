package feed_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/fetch"
	"onrecord/sources"
	"onrecord/sources/feed"
)

// Documents that are built to exhaust a reader are refused within 64 MB, also where they
// come compressed: nested two million deep, of elements or attributes that cost hundred
// times what they weigh.
func TestHostileDocumentsTakeLittleMemory(t *testing.T) {
	const head, tail, most = `<rss version="2.0"><channel><item>`, `</item></channel></rss>`, 64 << 20
	attributes := func() string {
		var b strings.Builder
		for i := range 130_000 {
			fmt.Fprintf(&b, " a%d=''", i)
		}
		return b.String()
	}
	for name, body := range map[string]string{
		"nested two million deep":              strings.Repeat("<a>", 2_000_000),
		"elements":                             head + strings.Repeat("<x/>", 130_000) + tail,
		"attributes":                           head + "<x" + attributes() + "/>" + tail,
		"lists of JSON, nested a million deep": `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","x":` + strings.Repeat("[", 1_000_000) + strings.Repeat("]", 1_000_000) + "}]}",
		"values of JSON":                       `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","tags":[""` + strings.Repeat(`,""`, 130_000) + "]}]}",
		"an element of too many parts":         head + strings.Repeat("<m:x/>", 25_000) + tail,
		"text in pieces":                       head + "<m:x>" + strings.Repeat("<![CDATA[x]]>", 320_000) + "</m:x>" + tail,
		"text between comments":                head + "<m:x>" + strings.Repeat("x<!---->", 500_000) + "</m:x>" + tail,
		"items in a tag of many bytes":         `<rss version="2.0"><channel a="` + strings.Repeat("x", 1<<20) + `">` + strings.Repeat("<item/>", 3000) + "</channel></rss>",
		"blanks that inflate to 256 MB":        "",
	} {
		_, peak, err := pullWatched(t, 8<<20, body) // the largest that may be configured
		if told, ok := errors.AsType[*sources.Error](err); !ok || told.Trouble != sources.Nonsense {
			t.Errorf("%s: %v, want it refused", name, err)
		}
		if peak > most {
			t.Errorf("%s: takes %d MB", name, peak>>20)
		}
	}
}

// The largest documents that are read take as little, whatever they are made of: many small
// elements that each become something, or links.
func TestLargeDocumentsTakeLittleMemory(t *testing.T) {
	const head, tail, size, most = `<rss version="2.0" xmlns:m="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>`, `</channel></rss>`, 4 << 20, 64 << 20
	for name, c := range map[string]struct {
		items            int
		begin, part, end string
	}{
		"names": {4900, "", "<dc:creator>Northwind Dat</dc:creator>", ""},
		"links": {4900, "<description><![CDATA[", "<a href=//a/%d>%[1]d</a>", "]]></description>"},
	} {
		var b strings.Builder
		b.WriteString(`<?xml version="1.0" encoding="windows-1252"?>` + head)
		for i := range c.items {
			begin, end := fmt.Sprintf("<item><guid>%d</guid>%s", i, c.begin), c.end+"</item>"
			b.WriteString(begin)
			for n := len(begin) + len(end); ; {
				part := c.part
				if strings.Contains(part, "%") {
					part = fmt.Sprintf(part, n)
				}
				if n += len(part); n >= size/c.items-1 {
					break
				}
				b.WriteString(part)
			}
			b.WriteString(end)
		}
		b.WriteString(tail)
		page, peak, err := pullWatched(t, size, b.String())
		if err != nil || len(page.Posts) != c.items {
			t.Errorf("%s: %d posts of %d, %v", name, len(page.Posts), c.items, err)
		}
		if peak > most {
			t.Errorf("%s: takes %d MB", name, peak>>20)
		}
	}
}

// pullWatched reads a document, which comes compressed, and how much memory that takes; ""
// stands for blanks without end.
func pullWatched(t *testing.T, limit int64, body string) (page sources.Page, peak uint64, err error) {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		zw, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
		defer zw.Close()
		if body != "" {
			_, _ = io.WriteString(zw, body)
			return
		}
		for chunk, err := make([]byte, 1<<20), error(nil); err == nil; {
			_, err = zw.Write(chunk)
		}
	}))
	defer site.Close()
	client := fetch.New(fetch.Options{}).Client(true)
	defer client.CloseIdleConnections()
	config := feed.Kind().Config().(*feed.Config)
	config.MaxBytes = limit
	source, err := config.Open(sources.Env{Client: func(bool) *http.Client { return client }})
	if err != nil {
		t.Fatal(err)
	}
	peak = watchMemory(func() { page, err = source.Pull(t.Context(), onrecord.Account{ID: "feed:hostile", URL: site.URL}, "") })
	return page, peak, err
}

// watchMemory is how much more is held at once while something is done.
func watchMemory(do func()) (peak uint64) {
	runtime.GC()
	held := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(held)
	before := held[0].Value.Uint64()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			metrics.Read(held)
			peak = max(peak, held[0].Value.Uint64())
			select {
			case <-stop:
				tick.Stop()
				return
			case <-tick.C:
			}
		}
	}()
	do()
	close(stop)
	<-done
	return peak - min(peak, before)
}
