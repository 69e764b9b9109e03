// Package courtlistenertest is a CourtListener of its own, with the court whose
// dockets it mirrors: entries that are filed, shared late and described later, the
// API with its token and its limits, the feed of a docket, and the court's own feed.
// It stands in for the real ones in tests.
package courtlistenertest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onrecord/sources/sourcetest/faults"
)

// Token is the one that may read entries, Closed one that is known and may not.
const (
	Token  = "a-token-of-this-place"
	Closed = "a-token-without-access"
)

// Server is CourtListener and the court.
type Server struct {
	faults.Switches[Fault] // requests of "api", "feed" and "court"

	// Strict makes it refuse more than five requests of the API a minute.
	Strict bool

	mu      sync.Mutex
	dockets []*docket
	last    int64
	asked   []time.Time
}

type docket struct {
	id      int64
	number  string
	name    string
	gone    bool
	entries []*entry
}

type entry struct {
	Draft
	id       int64
	modified time.Time
	number   int64 // 0: a minute entry
}

// Draft is an entry to be.
type Draft struct {
	Text   string    // of the clerk
	Short  string    // what is filed, in a few words
	Filed  time.Time // default: now
	Minute bool      // the court gives it no number
	PDF    string    // path of the document, where somebody shared it
	Hidden bool      // nobody has shared the entry: the court alone shows it
}

// Fault is a way for the place to misbehave.
type Fault string

// The faults.
const (
	Page        Fault = "HTTP 200 with a page for people"
	RateLimited Fault = "HTTP 429 with Retry-After"
	ServerError Fault = "HTTP 503 with a page for people"
	CutBody     Fault = "the connection ends inside the answer"
	Garbage     Fault = "bytes of no format"
	EmptyBody   Fault = "an empty answer"
	NoResults   Fault = "an answer without results" // of the API
	Unreadable  Fault = "the newest entry has another shape"
	OtherDocket Fault = "the newest entry is of another docket"
	NoAnchor    Fault = "the newest entry does not say which one it is" // of the feed
	AtOnce      Fault = "all entries changed at once"
)

var whole = []Fault{Page, RateLimited, ServerError, CutBody, Garbage, EmptyBody}

const (
	page     = `<!DOCTYPE html><html><body>Please wait.</body></html>`
	pageSize = 20
	shown    = 30
)

// New returns a place without dockets.
func New() *Server {
	return &Server{last: 345_000_000}
}

// Open opens a docket and returns its id at CourtListener.
func (s *Server) Open(number, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := &docket{id: int64(68_000_001 + len(s.dockets)), number: number, name: name}
	s.dockets = append(s.dockets, d)
	return strconv.FormatInt(d.id, 10)
}

// File enters a draft on the docket of a number and returns which entry it is.
func (s *Server) File(number string, d Draft) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	of := s.docket(number)
	if d.Filed.IsZero() {
		d.Filed = time.Now()
	}
	s.last++
	e := &entry{Draft: d, id: s.last, modified: time.Now()}
	if !d.Minute {
		e.number = 1
		for _, o := range of.entries {
			e.number = max(e.number, o.number+1)
		}
	}
	of.entries = append(of.entries, e)
	return len(of.entries) - 1
}

// Describe fills in, later, what an entry says.
func (s *Server) Describe(number string, which int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.docket(number).entries[which]
	e.Text, e.modified = text, time.Now()
}

// Share shows at CourtListener what the court alone has shown until now.
func (s *Server) Share(number string, which int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.docket(number).entries[which]
	e.Hidden, e.modified = false, time.Now()
}

// Remove makes a docket unknown, or known again.
func (s *Server) Remove(number string, gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docket(number).gone = gone
}

func (s *Server) docket(number string) *docket {
	for _, d := range s.dockets {
		if d.number == number {
			return d
		}
	}
	panic("courtlistenertest: there is no docket " + number)
}

// ServeHTTP serves CourtListener, and the court at /cgi-bin/rss_outside.pl.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	status, kind, body := s.answer(r)
	for _, f := range whole {
		if s.Hit(f) {
			spoil(w, f, body)
			return
		}
	}
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "60")
	}
	faults.Send(w, status, kind, body)
}

func (s *Server) answer(r *http.Request) (status int, kind string, body []byte) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case r.URL.Path == "/cgi-bin/rss_outside.pl":
		s.Count("court")
		return http.StatusOK, "application/rss+xml", []byte(s.court())
	case len(parts) == 3 && parts[0] == "docket" && parts[2] == "feed":
		s.Count("feed")
		if d := s.byID(parts[1]); d != nil {
			return http.StatusOK, "application/atom+xml; charset=utf-8", []byte(s.feed(d))
		}
	case strings.HasPrefix(r.URL.Path, "/api/rest/v4/docket-entries/"):
		s.Count("api")
		code, v := s.api(r)
		b, _ := json.Marshal(v) // maps of strings, numbers and lists: cannot fail
		return code, "application/json", b
	}
	return http.StatusNotFound, "text/html", []byte(page)
}

func (s *Server) byID(id string) *docket {
	for _, d := range s.dockets {
		if strconv.FormatInt(d.id, 10) == id && !d.gone {
			return d
		}
	}
	return nil
}

type object = map[string]any

func (s *Server) api(r *http.Request) (int, object) {
	switch r.Header.Get("Authorization") {
	case "Token " + Token:
	case "Token " + Closed:
		return http.StatusForbidden, object{"detail": "You do not have permission to perform this action."}
	case "":
		return http.StatusUnauthorized, object{"detail": "Authentication credentials were not provided."}
	default:
		return http.StatusUnauthorized, object{"detail": "Invalid token."}
	}
	s.asked = slices.DeleteFunc(append(s.asked, time.Now()), func(at time.Time) bool { return time.Since(at) >= time.Minute })
	if s.Strict && len(s.asked) > 5 {
		return http.StatusTooManyRequests, object{"detail": "Request was throttled. Expected available in 60 seconds."}
	}
	if s.Hit(NoResults) {
		return http.StatusOK, object{"count": "https://x.example"}
	}
	q := r.URL.Query()
	if q.Get("id") == "0" {
		return http.StatusOK, object{"next": nil, "previous": nil, "results": []any{}}
	}
	d := s.byID(q.Get("docket"))
	if d == nil {
		return http.StatusBadRequest, object{"docket": []string{"Select a valid choice. That choice is not one of the available choices."}}
	}
	return http.StatusOK, s.list(r, d, q)
}

func (s *Server) list(r *http.Request, d *docket, q url.Values) object {
	once := time.Time{}
	if len(d.entries) > 0 {
		once = d.entries[0].modified
	}
	modified := func(e *entry) time.Time {
		if s.Hit(AtOnce) {
			return once
		}
		return e.modified
	}
	var all []*entry
	for _, e := range d.entries {
		since, err := time.Parse(time.RFC3339Nano, q.Get("date_modified__gte"))
		filed, err2 := time.Parse(time.DateOnly, q.Get("date_filed__gte"))
		if e.Hidden || err == nil && modified(e).Before(since) || err2 == nil && e.Filed.Before(filed) {
			continue
		}
		all = append(all, e)
	}
	slices.SortStableFunc(all, func(a, b *entry) int { return modified(a).Compare(modified(b)) })
	if q.Get("order_by") == "-date_modified" {
		slices.Reverse(all)
	}
	from := 0
	if b, err := base64.StdEncoding.DecodeString(q.Get("cursor")); err == nil && len(b) > 0 {
		from, _ = strconv.Atoi(strings.TrimPrefix(string(b), "o="))
	}
	all = all[min(from, len(all)):]
	next := any(nil)
	if len(all) > pageSize {
		all = all[:pageSize]
		q.Set("cursor", base64.StdEncoding.EncodeToString([]byte("o="+strconv.Itoa(from+pageSize))))
		next = "https://" + r.Host + r.URL.Path + "?" + q.Encode()
	}
	results := []any{}
	for _, e := range all {
		view := object{
			"id": e.id, "docket": fmt.Sprintf("https://%s/api/rest/v4/dockets/%d/", r.Host, d.id), "date_created": e.modified.UTC().Format(time.RFC3339Nano), "date_modified": modified(e).UTC().Format(time.RFC3339Nano),
			"date_filed": e.Filed.UTC().Format(time.DateOnly), "time_filed": nil, "entry_number": nil, "description": e.Text, "recap_documents": []object{}, "tags": []any{},
		}
		if e.number != 0 {
			view["entry_number"] = e.number
			view["recap_documents"] = []object{{"id": e.id, "document_number": strconv.FormatInt(e.number, 10), "attachment_number": nil, "description": e.Short, "filepath_local": e.PDF, "absolute_url": fmt.Sprintf("/docket/%d/%d/x/", d.id, e.number)}}
		}
		newest := e == d.entries[len(d.entries)-1]
		if newest && s.Hit(Unreadable) {
			view = object{"id": e.id, "date_modified": "soon"}
		}
		if newest && s.Hit(OtherDocket) {
			view["docket"] = "https://" + r.Host + "/api/rest/v4/dockets/7/"
		}
		results = append(results, view)
	}
	return object{"count": "https://" + r.Host + "/count", "next": next, "previous": nil, "results": results}
}

// feed is Atom as Django writes it.
func (s *Server) feed(d *docket) string {
	var b strings.Builder
	title := html.EscapeString(d.name + ", " + d.number)
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us"><title>Docket updates for %s</title><link href="https://www.courtlistener.com/" rel="alternate"/><id>https://www.courtlistener.com/</id><author><name>Free Law Project</name><email>feeds@courtlistener.com</email></author>`, title)
	var all []*entry
	for _, e := range d.entries {
		if !e.Hidden {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b *entry) int { return a.Filed.Compare(b.Filed) })
	for i, e := range slices.Backward(all[max(0, len(all)-shown):]) {
		fragment, preface := fmt.Sprintf("#minute-entry-%d", e.id), "Minute entry from "+e.Filed.UTC().Format(time.DateOnly)
		if e.number != 0 {
			fragment, preface = fmt.Sprintf("#entry-%d", e.number), fmt.Sprintf("Entry #%d", e.number)
		}
		if i == min(len(all), shown)-1 && s.Hit(NoAnchor) {
			fragment = ""
		}
		text := e.Text
		if text == "" {
			text = e.Short
		}
		at := e.Filed.UTC().Format(time.DateOnly) + "T00:00:00-08:00"
		link := fmt.Sprintf("https://www.courtlistener.com/docket/%d/x/?order_by=desc%s", d.id, fragment)
		fmt.Fprintf(&b, `<entry><title>%s in %s</title><link href="%s" rel="alternate"/><published>%s</published><updated>%s</updated><id>%s</id><summary type="html">%s</summary>`, preface, title, html.EscapeString(link), at, at, html.EscapeString(link), html.EscapeString(html.EscapeString(text)))
		if e.PDF != "" {
			fmt.Fprintf(&b, `<link href="https://storage.courtlistener.com/%s" length="0" rel="enclosure" type="application/pdf"/>`, html.EscapeString(e.PDF))
		}
		b.WriteString("</entry>")
	}
	b.WriteString("</feed>")
	return b.String()
}

// court is RSS as courts write it: what was filed in all cases in the last day.
func (s *Server) court() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Example District Court - Recent Entries</title><link>https://ecf.court.example</link>`)
	for _, d := range s.dockets {
		for _, e := range slices.Backward(d.entries) {
			if time.Since(e.Filed) > 24*time.Hour {
				continue
			}
			what := "[" + html.EscapeString(e.Short) + "]"
			if e.number != 0 {
				what += fmt.Sprintf(` (<a href="https://ecf.court.example/doc1/0%d" >%d</a>)`, e.id, e.number)
			}
			fmt.Fprintf(&b, `<item><title><![CDATA[%s %s]]></title><pubDate>%s</pubDate><guid isPermaLink="true">https://ecf.court.example/cgi-bin/DktRpt.pl?%d&amp;%d</guid><description><![CDATA[%s]]></description><link>https://ecf.court.example/cgi-bin/DktRpt.pl?%d</link></item>`,
				d.number, d.name, e.Filed.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"), d.id, e.id, what, d.id)
		}
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

func spoil(w http.ResponseWriter, f Fault, body []byte) {
	switch f {
	case Page:
		faults.Send(w, http.StatusOK, "text/html", []byte(page))
	case RateLimited:
		w.Header().Set("Retry-After", "3600")
		faults.Send(w, http.StatusTooManyRequests, "application/json", []byte(`{"detail":"Request was throttled. Expected available in 3600 seconds."}`))
	case ServerError:
		faults.Send(w, http.StatusServiceUnavailable, "text/html", []byte(page))
	case CutBody:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
		faults.Send(w, http.StatusOK, "application/json", body)
		panic(http.ErrAbortHandler)
	case Garbage:
		faults.Send(w, http.StatusOK, "application/json", []byte("\x00 of no format"))
	default:
		faults.Send(w, http.StatusOK, "application/json", nil)
	}
}
