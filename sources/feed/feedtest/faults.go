package feedtest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Fault is a way for a feed to misbehave.
type Fault string

// Faults of the answer: nothing of the feed is shown.
const (
	NotModified     Fault = "always says not modified"
	RedirectLoop    Fault = "redirects to itself"
	RedirectFile    Fault = "redirects to a file"
	SlowHeader      Fault = "never begins to answer"
	SlowBody        Fault = "answers a byte a second"
	Endless         Fault = "answers without end" // 32 MiB: more than any reader should take
	GzipBomb        Fault = "inflates to 256 MiB"
	DeepNesting     Fault = "nested too deep"
	DeepNestingCtrl Fault = "nested too deep behind a control character"
	NestedBase      Fault = "nested xml:base"
	ManyItems       Fault = "300,000 items"
	JSONError       Fault = "an error message in JSON"
	Challenge       Fault = "a page for people"
	Garbage         Fault = "bytes that are no feed"
	EmptyBody       Fault = "an empty answer"
	NotFound        Fault = "HTTP 404"
	Removed         Fault = "HTTP 410"
	Forbidden       Fault = "HTTP 403"
	RateLimited     Fault = "HTTP 429 with Retry-After"
	ServerError     Fault = "HTTP 503 with a page for people"
)

// Faults of the content: the feed is there and wrong.
const (
	StuckETag     Fault = "the entity tag never changes"
	CutBody       Fault = "the connection ends inside the answer"
	GUIDChurn     Fault = "new GUIDs with every answer"
	NoGUIDs       Fault = "no GUIDs"
	SameGUIDs     Fault = "the same GUID for all items"
	Edits         Fault = "another text with every answer"
	TrackingLinks Fault = "other tracking parameters with every answer"
	BadDates      Fault = "dates of 1970 and 2097"
	HeaderCharset Fault = "the encoding is in the HTTP header only"
	EscapedTwice  Fault = "titles and texts escaped twice" // RSS only
)

var (
	transport = []Fault{
		NotModified, RedirectLoop, RedirectFile, SlowHeader, SlowBody, Endless, GzipBomb, DeepNesting, DeepNestingCtrl,
		NestedBase, ManyItems, JSONError, Challenge, Garbage, EmptyBody, NotFound, Removed, Forbidden, RateLimited, ServerError,
	}
	content = []Fault{GUIDChurn, NoGUIDs, SameGUIDs, Edits, TrackingLinks, BadDates, HeaderCharset, EscapedTwice}
)

// RetryAfter is what a rate limited answer asks for.
const RetryAfter = 2 * time.Minute

const (
	page = `<!DOCTYPE html><html><head><title>Just a moment</title></head><body>Prove that you are a person.</body></html>`
	head = `<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>`
	tail = `</channel></rss>`
)

// spoil returns the answer of a fault.
func (f *feed) spoil(fault Fault) http.HandlerFunc {
	switch fault {
	case NotModified:
		return status(http.StatusNotModified)
	case RedirectLoop:
		return redirect(f.path)
	case RedirectFile:
		return redirect("file:///etc/passwd")
	case SlowHeader:
		return func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	case SlowBody:
		return drip
	case Endless:
		return endless
	case GzipBomb:
		return bomb
	case DeepNesting:
		return text(head + strings.Repeat("<x:a>", 200_000))
	case DeepNestingCtrl:
		return text("\x01" + head + strings.Repeat("<x:a>", 200_000))
	case NestedBase:
		return text(head + "<item>" + strings.Repeat(`<x:a xml:base="a/">`, 10_000) + strings.Repeat("</x:a>", 10_000) + "</item>" + tail)
	case ManyItems:
		return text(head + strings.Repeat("<item/>", 300_000) + tail)
	case JSONError:
		return send(http.StatusOK, "application/json", `{"error":"the feed could not be built","items":null}`)
	case Challenge:
		return send(http.StatusOK, "text/html; charset=utf-8", page)
	case Garbage:
		return text("\x00\x9f\x92 not a feed")
	case EmptyBody:
		return text("")
	case NotFound:
		return status(http.StatusNotFound)
	case Removed:
		return status(http.StatusGone)
	case Forbidden:
		return send(http.StatusForbidden, "text/html", page)
	case RateLimited:
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", fmt.Sprint(int(RetryAfter.Seconds())))
			w.WriteHeader(http.StatusTooManyRequests)
		}
	default:
		return send(http.StatusServiceUnavailable, "text/html", page)
	}
}

// spoilItems changes what a feed shows of its items.
func (f *feed) spoilItems(fault Fault, items []Item) {
	for i := range items {
		it := &items[i]
		switch fault {
		case GUIDChurn:
			it.ID = hash(fmt.Sprint(it.ID, f.requests))
		case NoGUIDs:
			it.ID = ""
		case SameGUIDs:
			it.ID = "tag:site.example,2026:item"
		case Edits:
			it.Text += fmt.Sprintf(" Edition %d.", f.requests)
		case TrackingLinks:
			it.Link += fmt.Sprintf("?utm_source=feed&utm_campaign=%d&fbclid=%s", f.requests, hash(it.ID))
		case BadDates:
			it.Published = time.Date([]int{1970, 2097}[i%2], 1, 1, 0, 0, 0, 0, time.UTC)
		}
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func send(code int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

func text(body string) http.HandlerFunc { return send(http.StatusOK, "application/rss+xml", body) }

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

func cut(contentType string, document []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(document[:len(document)/2])
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		panic(http.ErrAbortHandler)
	}
}

func drip(w http.ResponseWriter, r *http.Request) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for _, err := w.Write([]byte(head)); err == nil; _, err = w.Write([]byte(" ")) {
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		}
	}
}

func endless(w http.ResponseWriter, r *http.Request) {
	chunk := bytes.Repeat([]byte("<item><title>more</title></item>"), 1<<10)
	for sent := 0; sent < 32<<20 && r.Context().Err() == nil; sent += len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func bomb(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/rss+xml")
	w.Header().Set("Content-Encoding", "gzip")
	zw := gzip.NewWriter(w)
	defer zw.Close()
	for chunk, sent := make([]byte, 1<<20), 0; sent < 256 && r.Context().Err() == nil; sent++ {
		if _, err := zw.Write(chunk); err != nil {
			return
		}
	}
}
