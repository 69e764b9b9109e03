// Package hackernewstest is a Hacker News of its own: users who submit, comment,
// edit and delete, moderators who take things off, and the API that shows it. It
// stands in for the real one in tests.
package hackernewstest

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onrecord/sources/sourcetest/faults"
)

// Server is the API, with the users it knows.
type Server struct {
	faults.Switches[Fault] // requests of "user" and "item"

	mu    sync.Mutex
	users map[string][]int64 // what they wrote, oldest first
	left  map[string]bool
	items map[int64]*entry
	last  int64
}

type entry struct {
	Draft
	id      int64
	by      string
	at      time.Time
	deleted bool
	dead    bool
	hidden  bool // null, as an item is for a moment after it was written
}

// Draft is an item to be.
type Draft struct {
	Title  string // of a story
	URL    string // of a story that leads elsewhere
	Text   string // paragraphs are parted by an empty line
	Parent int64  // of a comment
	By     string // who wrote it, when another than whose list it stands in
}

// Fault is a way for the API to misbehave.
type Fault string

// The faults.
const (
	RateLimited Fault = "HTTP 429 with Retry-After"
	ServerError Fault = "HTTP 503 with a page for people"
	Page        Fault = "HTTP 200 with a page for people"
	CutBody     Fault = "the connection ends inside the answer"
	Garbage     Fault = "bytes that are no JSON"
	EmptyBody   Fault = "an empty answer"
	OtherUser   Fault = "the user of another name"
	OtherItem   Fault = "another item"
	LoopParent  Fault = "what a comment answers is itself"
)

var whole = []Fault{RateLimited, ServerError, Page, CutBody, Garbage, EmptyBody}

const page = `<!DOCTYPE html><html><body>Sorry.</body></html>`

// New returns a Hacker News without users. Ids begin where a real one once was.
func New() *Server {
	return &Server{users: map[string][]int64{}, left: map[string]bool{}, items: map[int64]*entry{}, last: 42_000_000}
}

// Join makes a user.
func (s *Server) Join(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[name] = []int64{}
}

// Leave makes a user unknown, or known again.
func (s *Server) Leave(name string, left bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left[name] = left
}

// Post publishes a draft and returns its id.
func (s *Server) Post(name string, d Draft) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	by := name
	if d.By != "" {
		by = d.By
	}
	s.items[s.last] = &entry{Draft: d, id: s.last, by: by, at: time.Now()}
	s.users[name] = append(s.users[name], s.last)
	return s.last
}

// Edit puts another text into an item, which shows no sign of it.
func (s *Server) Edit(id int64, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[id].Text = text
}

// Retitle puts another title on a story.
func (s *Server) Retitle(id int64, title string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[id].Title = title
}

// Delete is the author's.
func (s *Server) Delete(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[id].deleted = true
}

// Kill takes an item off, or brings it back.
func (s *Server) Kill(id int64, dead bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[id].dead = dead
}

// Hide makes an item null, or shows it.
func (s *Server) Hide(id int64, hidden bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[id].hidden = hidden
}

// ServeHTTP serves the API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	what, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v0/"), "/")
	name, isJSON := strings.CutSuffix(name, ".json")
	if !ok || !isJSON {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	s.Count(what)
	body, _ := json.Marshal(s.find(what, name)) // maps of strings and numbers: cannot fail
	for _, f := range whole {
		if s.Hit(f) {
			spoil(w, f, body)
			return
		}
	}
	faults.Send(w, http.StatusOK, "application/json; charset=utf-8", body)
}

func (s *Server) find(what, name string) any {
	if what == "user" {
		submitted, ok := s.users[name]
		if !ok || s.left[name] {
			return nil
		}
		if s.Hit(OtherUser) {
			name = "another"
		}
		newest := []int64{}
		for _, id := range slices.Backward(submitted) {
			newest = append(newest, id)
		}
		return map[string]any{"id": name, "created": 1173923446, "karma": 7, "about": "", "submitted": newest}
	}
	id, _ := strconv.ParseInt(name, 10, 64)
	e := s.items[id]
	if what != "item" || e == nil || e.hidden {
		return nil
	}
	return s.view(e)
}

func (s *Server) view(e *entry) map[string]any {
	view := map[string]any{"id": e.id, "time": e.at.Unix(), "type": "story"}
	if s.Hit(OtherItem) {
		view["id"] = e.id + 1
	}
	if e.Parent != 0 {
		view["type"], view["parent"] = "comment", e.Parent
		if s.Hit(LoopParent) {
			view["parent"] = e.id
		}
	}
	if e.deleted {
		view["deleted"] = true
		return view
	}
	view["by"] = e.by
	if e.dead {
		view["dead"], view["text"] = true, "[flagged]"
		return view
	}
	for key, value := range map[string]string{"title": html.EscapeString(e.Title), "url": e.URL, "text": content(e.Text)} {
		if value != "" {
			view[key] = value
		}
	}
	return view
}

var address = regexp.MustCompile(`https?://[^\s<]+`)

// content writes a text as Hacker News does: paragraphs begin with an element that
// never ends, slashes and quotes are escaped, and what is shown of an address is cut.
func content(text string) string {
	escape := func(s string) string {
		return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;", "/", "&#x2F;").Replace(s)
	}
	var paragraphs []string
	for p := range strings.SplitSeq(text, "\n\n") {
		var b strings.Builder
		at := 0
		for _, m := range address.FindAllStringIndex(p, -1) {
			shown := p[m[0]:m[1]]
			if len(shown) > 60 {
				shown = shown[:60] + "..."
			}
			fmt.Fprintf(&b, `%s<a href="%s" rel="nofollow">%s</a>`, escape(p[at:m[0]]), escape(p[m[0]:m[1]]), escape(shown))
			at = m[1]
		}
		b.WriteString(escape(p[at:]))
		paragraphs = append(paragraphs, b.String())
	}
	return strings.Join(paragraphs, "<p>")
}

func spoil(w http.ResponseWriter, f Fault, body []byte) {
	switch f {
	case RateLimited:
		w.Header().Set("Retry-After", "120")
		faults.Send(w, http.StatusTooManyRequests, "application/json", []byte(`{"error":"Too many requests"}`))
	case ServerError:
		faults.Send(w, http.StatusServiceUnavailable, "text/html", []byte(page))
	case Page:
		faults.Send(w, http.StatusOK, "text/html", []byte(page))
	case CutBody:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
		faults.Send(w, http.StatusOK, "application/json", body)
		panic(http.ErrAbortHandler)
	case Garbage:
		faults.Send(w, http.StatusOK, "application/json", []byte("\x00 not JSON"))
	default:
		faults.Send(w, http.StatusOK, "application/json", nil)
	}
}
