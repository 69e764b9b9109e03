// Package feedtest is a web site with feeds that changes while it is read and
// can misbehave in every way feeds are known to. It stands in for the web in
// tests and in the demonstration.
package feedtest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Item is an entry of a feed.
type Item struct {
	ID        string    // GUID; default: derived from its number
	Title     string    //
	Text      string    // plain text, put into HTML as a careful site does
	HTML      string    // in place of Text: HTML as written
	Summary   bool      // the text is only a summary, where the format can say so
	Link      string    // default: a page on the site
	Author    string    //
	Published time.Time // default: when it was added
	Undated   bool      //
	Enclosure string    // address of an attached PDF
}

// Server is the web site. A feed exists from the first [Server.Publish] or
// [Server.Open] on; its format follows from the end of its path: .json is JSON
// Feed, .atom is Atom, all else is RSS.
type Server struct {
	mu    sync.Mutex
	feeds map[string]*feed
	pages map[string]*webpage
}

// webpage is a page for people.
type webpage struct{ status, requests int }

type feed struct {
	path      string
	items     []Item // oldest first
	added     int
	version   int
	changed   time.Time
	document  []byte // of the version; nil when it must be written anew
	faults    map[Fault]bool
	fired     map[Fault]int
	requests  int
	unchanged int
}

// New returns a site without feeds.
func New() *Server { return &Server{feeds: map[string]*feed{}, pages: map[string]*webpage{}} }

// Page makes a page answer with a status. What is neither that nor an item's is not found.
func (s *Server) Page(path string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages[path] == nil {
		s.pages[path] = &webpage{}
	}
	s.pages[path].status = status
}

// Opened says how often a page was asked for.
func (s *Server) Opened(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.pages[path]; p != nil {
		return p.requests
	}
	return 0
}

// Open makes a feed without items.
func (s *Server) Open(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.feed(path)
}

// Publish adds an item and returns its GUID.
func (s *Server) Publish(path string, it Item) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.feed(path)
	f.added++
	if it.ID == "" {
		it.ID = fmt.Sprintf("tag:site.example,2026:%s/%d", strings.Trim(path, "/"), f.added)
	}
	if it.Link == "" {
		it.Link = fmt.Sprintf("/news/%d", f.added)
		if s.pages[it.Link] == nil {
			s.pages[it.Link] = &webpage{status: http.StatusOK}
		}
	}
	if it.Published.IsZero() {
		it.Published = time.Now()
	}
	f.items = append(f.items, it)
	f.change()
	return it.ID
}

// Edit changes an item in place and reports whether there is one.
func (s *Server) Edit(path, id string, change func(*Item)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.feed(path)
	i := slices.IndexFunc(f.items, func(it Item) bool { return it.ID == id })
	if i >= 0 {
		change(&f.items[i])
		f.change()
	}
	return i >= 0
}

// Keep drops all but the newest n items, as a feed's window does.
func (s *Server) Keep(path string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.feed(path)
	f.items = f.items[max(0, len(f.items)-n):]
	f.change()
}

// Break switches a fault on.
func (s *Server) Break(path string, fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.feed(path)
	f.faults[fault] = true
	f.document = nil
}

// Mend switches all faults of a feed off.
func (s *Server) Mend(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.feed(path)
	clear(f.faults)
	f.document = nil
}

// Fired says how many answers a fault has spoiled.
func (s *Server) Fired(path string, fault Fault) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.feed(path).fired[fault]
}

// Requests says how often a feed was asked for, and how many of these were
// answered with "not modified".
func (s *Server) Requests(path string) (all, unchanged int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.feed(path)
	return f.requests, f.unchanged
}

func (s *Server) feed(path string) *feed {
	f := s.feeds[path]
	if f == nil {
		f = &feed{path: path, changed: time.Now(), faults: map[Fault]bool{}, fired: map[Fault]int{}}
		s.feeds[path] = f
	}
	return f
}

func (f *feed) change() {
	f.version++
	f.changed = time.Now()
	f.document = nil
}

// ServeHTTP serves the feeds.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.feeds[r.URL.Path]
	if f == nil {
		if p := s.pages[r.URL.Path]; p != nil {
			p.requests++
			defer send(p.status, "text/html; charset=utf-8", "<!DOCTYPE html><html><title>A page</title></html>")(w, r)
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		http.NotFound(w, r)
		return
	}
	answer := f.answer(r)
	s.mu.Unlock()
	answer(w, r)
}

// answer decides under the lock what is served without it.
func (f *feed) answer(r *http.Request) http.HandlerFunc {
	f.requests++
	for _, fault := range transport {
		if f.faults[fault] {
			f.fired[fault]++
			return f.spoil(fault)
		}
	}
	etag := fmt.Sprintf(`W/"%d"`, f.version)
	if f.faults[StuckETag] {
		f.fired[StuckETag]++
		etag = `"always"`
	}
	if f.known(r, etag) {
		f.unchanged++
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }
	}
	document := f.write()
	contentType := f.contentType()
	if f.faults[CutBody] {
		f.fired[CutBody]++
		return cut(contentType, document)
	}
	modified := f.changed.UTC().Format(http.TimeFormat)
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		if etag != "" {
			h.Set("ETag", etag)
			h.Set("Last-Modified", modified)
		}
		_, _ = w.Write(document)
	}
}

// known reports whether the reader has this version. As RFC 9110 says, an
// entity tag decides alone when there is one.
func (f *feed) known(r *http.Request, etag string) bool {
	if tag := r.Header.Get("If-None-Match"); tag != "" {
		return tag == etag
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !f.changed.Truncate(time.Second).After(since)
}

// write returns the document, spoiled as asked.
func (f *feed) write() []byte {
	spoiled := false
	items := slices.Clone(f.items)
	for _, fault := range content {
		if f.faults[fault] {
			f.fired[fault]++
			f.spoilItems(fault, items)
			spoiled = true
		}
	}
	if f.document != nil && !spoiled {
		return f.document
	}
	var document []byte
	switch {
	case strings.HasSuffix(f.path, ".json"):
		document = writeJSON(f.path, items)
	case strings.HasSuffix(f.path, ".atom"):
		document = writeAtom(f.path, items)
	default:
		document = writeRSS(f.path, items, f.faults[EscapedTwice])
	}
	if f.faults[HeaderCharset] {
		document = latin1(document)
	}
	if !spoiled {
		f.document = document
	}
	return document
}

func (f *feed) contentType() string {
	t := "application/rss+xml"
	switch {
	case strings.HasSuffix(f.path, ".json"):
		t = "application/feed+json"
	case strings.HasSuffix(f.path, ".atom"):
		t = "application/atom+xml"
	}
	if f.faults[HeaderCharset] {
		return t + "; charset=iso-8859-1"
	}
	return t
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}
