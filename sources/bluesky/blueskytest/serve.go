package blueskytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"onrecord/sources/sourcetest/faults"
)

// Fault is a way for the AppView to misbehave.
type Fault string

// The faults.
const (
	FirstWalled Fault = "a page for people from the first host" // public.api.bsky.app
	AllWalled   Fault = "a page for people from all hosts"
	Page        Fault = "HTTP 200 with a page for people"
	RateLimited Fault = "HTTP 429 with RateLimit-Reset"
	ServerError Fault = "HTTP 503 with a page for people"
	CutBody     Fault = "the connection ends inside the answer"
	CutJSON     Fault = "half of the JSON"
	Garbage     Fault = "bytes that are no JSON"
	EmptyBody   Fault = "an empty answer"
	NoFeed      Fault = "an answer without posts"    // of a feed, or of posts by address
	NoStatus    Fault = "getRepoStatus is not there" // as on a real AppView

	BadFacets  Fault = "facets that overrun, overlap and cut characters"
	Unreadable Fault = "the newest post has another shape"
	Foreign    Fault = "the newest post is by somebody else"
	OldReasons Fault = "reposts do not say their own address"
	Hidden     Fault = "the first page shows no post, but there are more"
	LoopCursor Fault = "the cursor never moves"
)

// whole are the faults that spoil every answer, in the order they are tried.
var whole = []Fault{FirstWalled, AllWalled, Page, RateLimited, ServerError, CutBody, CutJSON, Garbage, EmptyBody}

// Reset is how long a rate limit lasts.
const Reset = 5 * time.Minute

const page = `<!DOCTYPE html><html><body>Request blocked.</body></html>`

// ServeHTTP serves the AppView under whatever host it is called.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	method := strings.TrimPrefix(r.URL.Path, "/xrpc/")
	s.Count(method)
	status, body := s.call(method, r)
	fault := s.spoiled(r.Host)
	s.mu.Unlock()
	if fault != "" {
		spoil(w, fault, body)
		return
	}
	faults.Send(w, status, "application/json; charset=utf-8", body)
}

// spoiled returns the fault that spoils this answer, if one does.
func (s *Server) spoiled(host string) Fault {
	for _, f := range whole {
		if (f != FirstWalled || host == "public.api.bsky.app") && s.Hit(f) {
			return f
		}
	}
	return ""
}

func (s *Server) call(method string, r *http.Request) (int, []byte) {
	q := r.URL.Query()
	switch method {
	case "com.atproto.identity.resolveHandle":
		for _, a := range s.accounts {
			if a.handle == q.Get("handle") && a.status != "deleted" {
				return answer(map[string]any{"did": a.did})
			}
		}
		return refuse("InvalidRequest", "Unable to resolve handle")
	case "com.atproto.sync.getRepoStatus":
		return s.repoStatus(q.Get("did"))
	case "app.bsky.feed.getAuthorFeed":
		return s.authorFeed(q.Get("actor"), q.Get("filter"), q.Get("limit"), q.Get("cursor"))
	case "app.bsky.feed.getPosts":
		return s.posts(q["uris"])
	}
	return http.StatusNotImplemented, []byte(`{"error":"MethodNotImplemented","message":"Method Not Implemented"}`)
}

func (s *Server) repoStatus(did string) (int, []byte) {
	if s.Hit(NoStatus) {
		return http.StatusNotImplemented, []byte(`{"error":"MethodNotImplemented","message":"Method Not Implemented"}`)
	}
	for _, a := range s.accounts {
		switch {
		case a.did != did:
		case a.status == "":
			return answer(map[string]any{"did": did, "active": true, "rev": recordKey(s.clock)})
		default:
			return answer(map[string]any{"did": did, "active": false, "status": a.status})
		}
	}
	return refuse("RepoNotFound", "Could not find repo for DID: "+did)
}

func (s *Server) authorFeed(actor, filter, limit, cursor string) (int, []byte) {
	var by *account
	for _, a := range s.accounts {
		if (a.did == actor || a.handle == actor) && a.status == "" {
			by = a
		}
	}
	n, err := strconv.Atoi(limit)
	switch {
	case by == nil:
		return refuse("InvalidRequest", "Profile not found")
	case limit != "" && (err != nil || n < 1 || n > 100):
		return refuse("InvalidRequest", "Error: limit must be between 1 and 100")
	case limit == "":
		n = 50
	}
	if s.Hit(NoFeed) {
		return answer(map[string]any{"cursor": "x"})
	}
	feed, next := []any{}, ""
	for _, e := range by.shown() {
		if cursor != "" && e.cursor() >= cursor || filter == "posts_no_replies" && e.draft.ReplyTo != "" {
			continue
		}
		if len(feed) == n {
			break
		}
		feed, next = append(feed, s.feedEntry(e, len(feed) == 0 && cursor == "")), e.cursor()
	}
	if cursor == "" && s.Hit(Hidden) {
		feed, next = []any{}, "9"
	}
	if s.Hit(LoopCursor) {
		next = "9"
	}
	body := map[string]any{"feed": feed}
	if next != "" {
		body["cursor"] = next
	}
	return answer(body)
}

// posts leaves out what is not there, and what its author no longer shows.
func (s *Server) posts(uris []string) (int, []byte) {
	if len(uris) == 0 || len(uris) > 25 {
		return refuse("InvalidRequest", "Error: uris must have between 1 and 25 elements")
	}
	if s.Hit(NoFeed) {
		return answer(map[string]any{})
	}
	views := []any{}
	for _, uri := range uris {
		if !strings.HasPrefix(uri, "at://") {
			return refuse("InvalidRequest", "Error: uris/0 must be a valid at-uri")
		}
		if e := s.find(uri); e != nil && e.repost == nil && e.by.status == "" {
			views = append(views, s.postView(e))
		}
	}
	return answer(map[string]any{"posts": views})
}

// cursor sorts like the feed, newest highest.
func (e *entry) cursor() string { return fmt.Sprintf("%015d::%s", e.order().UnixMilli(), e.key) }

func answer(v any) (int, []byte) {
	b, _ := json.Marshal(v) // maps of strings, numbers and lists: cannot fail
	return http.StatusOK, b
}

func refuse(name, message string) (int, []byte) {
	_, b := answer(map[string]any{"error": name, "message": message})
	return http.StatusBadRequest, b
}

func spoil(w http.ResponseWriter, f Fault, body []byte) {
	switch f {
	case FirstWalled, AllWalled:
		faults.Send(w, http.StatusForbidden, "text/html", []byte(page))
	case Page:
		faults.Send(w, http.StatusOK, "text/html", []byte(page))
	case RateLimited:
		w.Header().Set("RateLimit-Limit", "3000")
		w.Header().Set("RateLimit-Remaining", "0")
		w.Header().Set("RateLimit-Reset", strconv.FormatInt(time.Now().Add(Reset).Unix(), 10))
		faults.Send(w, http.StatusTooManyRequests, "application/json", []byte(`{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}`))
	case ServerError:
		faults.Send(w, http.StatusServiceUnavailable, "text/html", []byte(page))
	case CutBody:
		faults.Send(w, http.StatusOK, "application/json", body[:len(body)/2])
		if fl, ok := w.(http.Flusher); ok {
			fl.Flush()
		}
		panic(http.ErrAbortHandler)
	case CutJSON:
		faults.Send(w, http.StatusOK, "application/json", body[:len(body)/2])
	case Garbage:
		faults.Send(w, http.StatusOK, "application/json", []byte("\x00\x9f\x92 not JSON"))
	default:
		faults.Send(w, http.StatusOK, "application/json", nil)
	}
}
