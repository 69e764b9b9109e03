package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// Fault is something that goes wrong on the way to Discord or back.
type Fault string

// The faults that happen before anything is done.
const (
	CutBeforeReading Fault = "connection closed before the request was read"
	CutBeforeDoing   Fault = "connection closed after reading, before doing"
	ServerError      Fault = "HTTP 500 before doing"
	Refuse           Fault = "an error of Discord's" // Rule.Status and Rule.Code
	LimitedUser      Fault = "429 for the bucket"    // Rule.RetryAfter
	LimitedShared    Fault = "429 for a limit shared with others"
	LimitedGlobal    Fault = "429 for everything, without a reset time"
	LimitedApart     Fault = "429 whose header says 1 s and whose body says more" // Rule.RetryAfter
	Wall             Fault = "a page of Cloudflare's"                             // Rule.Status; 429 when 0
)

// The faults that happen after the request was done.
const (
	CutAfterDoing    Fault = "connection closed after doing, before the answer"
	CutMidBody       Fault = "connection closed inside the answer"
	Slow             Fault = "slow answer" // Rule.Delay
	BadGateway       Fault = "HTTP 502 after doing"
	GatewayTimeout   Fault = "HTTP 504 after doing"
	BadRateHeader    Fault = "rate limit headers that are no numbers"
	UnknownComponent Fault = "a component of a type nobody knows in the answer"
	NumericID        Fault = "the id as a number, and fields of null"
	Gibberish        Fault = "an answer that is no JSON"
)

// The faults of the gateway: Rule.Method is [Socket], and Rule.Route the stage.
const (
	NoUpgrade      Fault = "an error instead of a websocket" // Rule.Status
	Mute           Fault = "nothing is said from now on"
	Cut            Fault = "the TCP connection ends"
	Close          Fault = "the connection is closed with a code" // Rule.Code
	Reconnect      Fault = "op 7: connect anew"
	InvalidSession Fault = "op 9: the session is invalid"
	NoAck          Fault = "a heartbeat is not acknowledged"
	BrokenJSON     Fault = "a payload that is no JSON"
	AskHeartbeat   Fault = "op 1: a heartbeat is asked for"
	UnknownEvent   Fault = "an event that nobody knows"
)

// Socket stands for a method in rules about the gateway, and these for routes.
const (
	Socket     = "WEBSOCKET"
	AtConnect  = "connect"  // before Hello
	AtIdentify = "identify" // before Ready
	AtBeat     = "heartbeat"
	InSession  = "session" // after Ready
)

// Rule says when a fault happens: at the nth request of a kind, by odds, or at
// each when neither is given.
type Rule struct {
	Fault  Fault
	Method string // "": any
	Route  string // such as "/channels/{c}/messages"; "": any
	Nth    int    // counted from 1
	Odds   float64

	Status     int
	Code       int
	RetryAfter float64 // seconds
	Delay      time.Duration
}

type rule struct {
	Rule
	seen, fired int
}

// Break switches a fault on. fired tells how often it happened.
func (s *Server) Break(r Rule) (fired func() int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	active := &rule{Rule: r}
	s.rules = append(s.rules, active)
	return func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return active.fired
	}
}

// Mend switches all faults off.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = nil
}

// Fired counts how often each fault happened.
func (s *Server) Fired() map[Fault]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[Fault]int{}
	maps.Copy(all, s.fired)
	return all
}

// pick returns the fault for a request, if there is one.
func (s *Server) pick(method, route string) (Rule, bool) {
	for _, r := range s.rules {
		if r.Method != "" && r.Method != method || r.Route != "" && r.Route != route {
			continue
		}
		r.seen++
		if r.Nth > 0 && r.seen != r.Nth || r.Odds > 0 && s.random.Float64() >= r.Odds {
			continue
		}
		r.fired++
		s.fired[r.Fault]++
		return r.Rule, true
	}
	return Rule{}, false
}

// before returns the answer of a fault that keeps the request from being done.
func (r Rule) before() (reply, bool) {
	header := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	whole := strconv.Itoa(int(r.RetryAfter + .999))
	switch r.Fault {
	case CutBeforeDoing:
		panic(http.ErrAbortHandler)
	case ServerError:
		return problem(http.StatusInternalServerError, 0, "500: Internal Server Error"), true
	case Refuse:
		rep := problem(r.Status, r.Code, http.StatusText(r.Status))
		if r.RetryAfter > 0 {
			rep.header = header("Retry-After", whole)
		}
		return rep, true
	case LimitedUser:
		return limited(r.RetryAfter, false, header("Retry-After", whole, "X-RateLimit-Scope", "user", "X-RateLimit-Bucket", "faulty",
			"X-RateLimit-Limit", "5", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset-After", fmt.Sprint(r.RetryAfter))), true
	case LimitedShared:
		return limited(r.RetryAfter, false, header("Retry-After", whole, "X-RateLimit-Scope", "shared", "X-RateLimit-Bucket", "faulty")), true
	case LimitedGlobal:
		return limited(r.RetryAfter, true, header("Retry-After", whole, "X-RateLimit-Global", "true", "X-RateLimit-Scope", "global")), true
	case LimitedApart:
		rep := limited(r.RetryAfter, false, header("Retry-After", "1", "X-RateLimit-Scope", "shared"))
		rep.body = bytes.Replace(rep.body, []byte(`{`), []byte(`{"code":20028,`), 1)
		return rep, true
	case Wall:
		rep := page(r.Status, "error code: 1015")
		if r.Status == 0 {
			rep.status = http.StatusTooManyRequests
		}
		if r.RetryAfter > 0 {
			rep.header.Set("Retry-After", whole)
		}
		return rep, true
	}
	return reply{}, false
}

// after spoils the answer to a request that was done.
func (r Rule) after(req *http.Request, rep reply) reply {
	rep.header = rep.header.Clone()
	switch r.Fault {
	case CutAfterDoing:
		panic(http.ErrAbortHandler)
	case CutMidBody:
		rep.body, rep.cut = rep.body[:len(rep.body)/2], true
	case Slow:
		t := time.NewTimer(r.Delay)
		defer t.Stop()
		select {
		case <-t.C:
		case <-req.Context().Done():
		}
	case BadGateway:
		return page(http.StatusBadGateway, "502 Bad Gateway")
	case GatewayTimeout:
		return page(http.StatusGatewayTimeout, "504 Gateway Time-out")
	case BadRateHeader:
		rep.header.Set("X-RateLimit-Remaining", "some")
		rep.header.Set("X-RateLimit-Reset-After", "soon")
		rep.header.Set("X-RateLimit-Bucket", "faulty")
	case UnknownComponent:
		rep.change(func(m map[string]any) { m["components"] = []any{map[string]any{"type": 97, "id": 1}} })
	case NumericID:
		rep.change(func(m map[string]any) {
			m["id"] = json.Number(fmt.Sprint(m["id"]))
			m["application_id"], m["poll"] = nil, nil
		})
	case Gibberish:
		rep.body = []byte("ok")
	}
	return rep
}

func (rep *reply) change(edit func(map[string]any)) {
	var m map[string]any
	if json.Unmarshal(rep.body, &m) != nil {
		return
	}
	edit(m)
	rep.body, _ = json.Marshal(m) // it was JSON
}
