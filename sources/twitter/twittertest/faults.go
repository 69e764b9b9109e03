package twittertest

import (
	"bytes"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// Fault is a way for the server to fail, on the next answer or on several.
type Fault struct {
	times int
	send  sender
}

// sender sends something in place of a good answer, or the answer badly.
type sender func(w http.ResponseWriter, good []byte)

// Times returns the fault firing n times.
func (f Fault) Times(n int) Fault {
	f.times = n
	return f
}

// Failure is a queued fault.
type Failure struct {
	fault Fault
	left  int
	fired atomic.Int64
}

// Fired returns how often the fault has spoilt an answer.
func (f *Failure) Fired() int { return int(f.fired.Load()) }

// Fail queues a fault behind those queued before.
func (s *Server) Fail(f Fault) *Failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	failure := &Failure{fault: f, left: max(f.times, 1)}
	s.faults = append(s.faults, failure)
	return failure
}

// Mend drops all faults still queued.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

func (s *Server) fault() sender {
	if len(s.faults) == 0 {
		return nil
	}
	f := s.faults[0]
	f.fired.Add(1)
	if f.left--; f.left == 0 {
		s.faults = s.faults[1:]
	}
	return f.fault.send
}

// Says answers with a status and a body.
func Says(status int, body string) Fault {
	return Fault{send: func(w http.ResponseWriter, _ []byte) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // the client may be gone
	}}
}

// The faults.
var (
	// NoAccess is what X answers to the keys of today.
	NoAccess = Says(http.StatusForbidden, `{"errors":[{"message":"You currently have access to a subset of X API V2 endpoints and limited v1.1 endpoints (e.g. media post, oauth) only.","code":453}]}`)
	// Suspended speaks of the account asked for.
	Suspended = Says(http.StatusForbidden, `{"errors":[{"code":63,"message":"User has been suspended."}]}`)
	// Problem is a refusal as X's API v2 words it: without a list of errors.
	Problem = Says(http.StatusForbidden, `{"title":"Forbidden","detail":"Forbidden","type":"about:blank","status":403}`)
	// Garbage and Empty come with status 200.
	Garbage = Says(http.StatusOK, "\x1f\x8b\x08 not what you asked for")
	Empty   = Says(http.StatusOK, "")
	// Unavailable is a page for people.
	Unavailable = Fault{send: func(w http.ResponseWriter, _ []byte) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte("<html><h1>502 Bad Gateway</h1></html>"))
	}}
	// CutBody ends the connection inside a good answer, CutJSON the answer.
	CutBody = Fault{send: func(w http.ResponseWriter, good []byte) {
		w.Header().Set("Content-Length", strconv.Itoa(len(good)))
		_, _ = w.Write(good[:len(good)/2])
		panic(http.ErrAbortHandler)
	}}
	CutJSON = Fault{send: func(w http.ResponseWriter, good []byte) { _, _ = w.Write(good[:len(good)/2]) }}
	// EmptyNumber has "" where the last post's id should be a number.
	EmptyNumber = Fault{send: func(w http.ResponseWriter, good []byte) {
		i := bytes.LastIndex(good, []byte(`"in_reply_to_status_id":null`))
		_, _ = w.Write(bytes.Join([][]byte{good[:i], good[i+len(`"in_reply_to_status_id":null`):]}, []byte(`"in_reply_to_status_id":""`)))
	}}
	// NoID sends a post without one.
	NoID = Says(http.StatusOK, `[{"text":"Who am I?"}]`)
)

// TooMany is a rate limit that ends at reset; zero: it does not say when.
func TooMany(reset time.Time) Fault {
	return Fault{send: func(w http.ResponseWriter, _ []byte) {
		if !reset.IsZero() {
			w.Header().Set("x-rate-limit-reset", strconv.FormatInt(reset.Unix(), 10))
		}
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"errors":[{"code":88,"message":"Rate limit exceeded"}]}`))
	}}
}
