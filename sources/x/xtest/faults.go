package xtest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Fault is a way for X to fail, on the next answer or on several.
type Fault struct {
	times   int
	instead sender                                                    // a whole answer in place of X's work: nothing is read or billed
	alter   func(s *Server, body object) bool                         // spoils a good answer; false: there is nothing to spoil in it
	send    func(w http.ResponseWriter, r *http.Request, body []byte) // sends a good answer badly
	write   func(s *Server, f *feed, line []byte) (delivered bool)    // writes a message of a stream badly
}

type sender func(w http.ResponseWriter, r *http.Request)

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

// Fail queues a fault on a route, behind those queued before.
func (s *Server) Fail(route Route, f Fault) *Failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	failure := &Failure{fault: f, left: max(f.times, 1)}
	s.faults[route] = append(s.faults[route], failure)
	return failure
}

// Mend drops all faults still queued.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

// fault returns the fault whose turn it is.
func (s *Server) fault(route Route) *Failure {
	if len(s.faults[route]) == 0 {
		return nil
	}
	return s.faults[route][0]
}

func (s *Server) fire(route Route, f *Failure) {
	f.fired.Add(1)
	if f.left--; f.left == 0 {
		s.faults[route] = s.faults[route][1:]
	}
}

// refuse answers with a status and a body, and leaves the headers, which claim
// that requests are left.
func refuse(status int, body string) Fault {
	return Fault{instead: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // the client may be gone
	}}
}

// The refusals of X, each in a body of its own kind.
var (
	CreditsDepleted = refuse(http.StatusPaymentRequired, `{"account_id":1900000000000000003,"title":"CreditsDepleted","detail":"Your enrolled account [1900000000000000003] does not have any credits to fulfill this request.","type":"https://api.twitter.com/2/problems/credits"}`)
	SpendCap        = refuse(http.StatusForbidden, `{"title":"SpendCapReached","detail":"Your enrolled account has reached its billing cycle spend cap.","reset_date":"2026-12-12","type":"https://api.twitter.com/2/problems/credits"}`)
	UsageCap        = refuse(http.StatusTooManyRequests, `{"account_id":1900000000000000003,"product_name":"standard-basic","title":"UsageCapExceeded","period":"Monthly","scope":"Product","detail":"Usage cap exceeded: Monthly product cap","type":"https://api.twitter.com/2/problems/usage-capped"}`)
	Forbidden       = refuse(http.StatusForbidden, `{"client_id":"28000001","reason":"client-not-enrolled","required_enrollment":"Appropriate Level of API Access","registration_url":"https://developer.x.com/en/docs/projects/overview","title":"Client Forbidden","detail":"When authenticating requests to the X API v2 endpoints, you must use keys and tokens from a developer App that is attached to a Project.","type":"https://api.twitter.com/2/problems/client-forbidden"}`)
	BadRequest      = refuse(http.StatusBadRequest, `{"errors":[{"parameters":{"since_id":["1"]},"message":"'since_id' must be a tweet id created after [2026-11-15T14:03Z]."}],"title":"Invalid Request","detail":"One or more parameters to your request was invalid.","type":"https://api.twitter.com/2/problems/invalid-request"}`)
	NotFound        = refuse(http.StatusNotFound, ``)
	// OldTooMany is a rate limit in the form of API v1.1, without a word on when it ends.
	OldTooMany = Fault{instead: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Del("x-rate-limit-reset")
		refuse(http.StatusTooManyRequests, `{"errors":[{"code":88,"message":"Rate limit exceeded"}]}`).instead(w, r)
	}}
	// Unauthorized is a dead token; its answer has no rate headers.
	Unauthorized = Fault{instead: func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"} {
			w.Header().Del(name)
		}
		refuse(http.StatusUnauthorized, `{"title":"Unauthorized","type":"about:blank","status":401,"detail":"Unauthorized"}`).instead(w, r)
	}}
	// Unavailable is a failing edge: a page for people with status 503.
	Unavailable = Fault{instead: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("<!DOCTYPE html><html><title>503</title><h1>Over capacity</h1></html>"))
	}}
	// Garbage and Empty come with status 200.
	Garbage = refuse(http.StatusOK, "\x1f\x8b\x08 not what you asked for")
	Empty   = refuse(http.StatusOK, "")
)

// TooMany is a rate limit that ends at reset.
func TooMany(reset time.Time) Fault {
	return Fault{instead: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("x-rate-limit-remaining", "0")
		w.Header().Set("x-rate-limit-reset", strconv.FormatInt(reset.Unix(), 10))
		refuse(http.StatusTooManyRequests, `{"title":"Too Many Requests","detail":"Too Many Requests","type":"about:blank","status":429}`).instead(w, r)
	}}
}

// CutJSON sends half of a good answer as if it were all of it; CutBody ends
// the connection there.
var (
	CutJSON = Fault{send: func(w http.ResponseWriter, _ *http.Request, body []byte) {
		_, _ = w.Write(body[:len(body)/2])
	}}
	CutBody = Fault{send: func(w http.ResponseWriter, _ *http.Request, body []byte) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body[:len(body)/2])
		panic(http.ErrAbortHandler)
	}}
)

// Slow sends half of a good answer and takes d before the other half.
func Slow(d time.Duration) Fault {
	return Fault{send: func(w http.ResponseWriter, r *http.Request, body []byte) {
		_, _ = w.Write(body[:len(body)/2])
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		select {
		case <-r.Context().Done():
		case <-time.After(d):
			_, _ = w.Write(body[len(body)/2:])
		}
	}}
}

// The faults of an answer's meta.
var (
	NoNewestID = altered(func(meta object) bool {
		_, had := meta["newest_id"]
		delete(meta, "newest_id")
		return had
	})
	EmptyNewestID = altered(func(meta object) bool {
		_, had := meta["newest_id"]
		meta["newest_id"] = ""
		return had
	})
	// RepeatedToken leads every page to the same next page.
	RepeatedToken = altered(func(meta object) bool {
		meta["next_token"] = pageToken(0)
		return true
	})
)

func altered(alter func(meta object) bool) Fault {
	return Fault{alter: func(_ *Server, body object) bool {
		meta, ok := body["meta"].(object)
		return ok && alter(meta)
	}}
}

// EndlessToken gives each page a next one, of ever new tokens, that holds
// nothing.
var EndlessToken = altered(func(meta object) bool {
	meta["next_token"] = pageToken(1_000_000 + int(tokens.Add(1)))
	return true
})

// LoopingToken gives each page a next one, of ever new tokens, that is the
// first page again.
var LoopingToken = altered(func(meta object) bool {
	meta["next_token"] = tokenPrefix + strings.Repeat("0", int(tokens.Add(1)%1000)+1)
	return true
})

// tokens makes the faulty tokens differ.
var tokens atomic.Int64

// NewVocabulary answers as if the request had been spelled in the newer
// vocabulary, which has some fields under other names and some only as
// expansions.
var NewVocabulary = Fault{alter: func(_ *Server, body object) bool {
	data, _ := body["data"].([]object)
	for _, p := range data {
		for old, name := range newNames {
			if v, ok := p[old]; ok && old == "note_tweet" {
				p[name] = v
			}
			delete(p, old)
		}
		delete(p, "author_id")
		delete(p, "in_reply_to_user_id")
	}
	return len(data) > 0
}}

// Meanwhile publishes a post after the first page of a longer answer.
func Meanwhile(handle string, p Post) Fault {
	return Fault{alter: func(s *Server, body object) bool {
		meta, _ := body["meta"].(object)
		if meta["next_token"] == nil {
			return false
		}
		s.tell(s.world.versions[s.world.publish(handle, p)], "post.create")
		return true
	}}
}

// problemBase begins the problem types in the older vocabulary.
const problemBase = "https://api.twitter.com/2/problems/"

func notFound(resource, parameter, value string) object {
	return trouble(resource, parameter, value, "Not Found Error", "Could not find "+resource+" with "+parameter+": ["+value+"].", "resource-not-found")
}

// suspended is what X says of a suspended account: its type is that of an
// unknown one.
func suspended(parameter, value string) object {
	return trouble("user", parameter, value, "Forbidden", "User has been suspended: ["+value+"].", "resource-not-found")
}

func notAuthorized(resource, parameter, value string) object {
	o := trouble(resource, parameter, value, "Authorization Error", "Sorry, you are not authorized to see the "+resource+" with "+parameter+": ["+value+"].", "not-authorized-for-resource")
	o["section"] = "data"
	return o
}

func trouble(resource, parameter, value, title, detail, kind string) object {
	return object{"resource_type": resource, "parameter": parameter, "resource_id": value, "value": value, "title": title, "detail": detail, "type": problemBase + kind}
}

func encode(body object) []byte {
	b, err := json.Marshal(body)
	if err != nil {
		panic("xtest: an answer that is no JSON: " + err.Error()) // strings, numbers, lists and maps only
	}
	return b
}
