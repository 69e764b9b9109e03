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
		"blanks that inflate to 256 MB":        "",
	} {
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
		client := fetch.New(fetch.Options{}).Client(true)
		config := feed.Kind().Config().(*feed.Config)
		config.MaxBytes = 8 << 20 // the largest that may be configured
		source, err := config.Open(sources.Env{Client: func(bool) *http.Client { return client }})
		if err != nil {
			t.Fatal(err)
		}
		peak := watchMemory(func() { _, err = source.Pull(t.Context(), onrecord.Account{ID: "feed:hostile", URL: site.URL}, "") })
		client.CloseIdleConnections()
		site.Close()
		if told, ok := errors.AsType[*sources.Error](err); !ok || told.Trouble != sources.Nonsense {
			t.Errorf("%s: %v, want it refused", name, err)
		}
		if peak > most {
			t.Errorf("%s: takes %d MB", name, peak>>20)
		}
	}
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
