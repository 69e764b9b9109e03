// Package xtest is a fake X: the part of its API v2 that onrecord uses, over a
// scripted world of accounts and posts, with every answer's price counted as X
// bills it. Faults can be queued on a route, and each counts how often it
// fired.
//
// It knows nothing of the code that reads it, and its clock is time.Now, so it
// stands still and jumps under testing/synctest.
package xtest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Route is an endpoint, as faults and counts name it.
type Route string

// The routes.
const (
	UsersBy  Route = "/2/users/by"
	Users    Route = "/2/users"
	Timeline Route = "/2/users/:id/tweets"
	Lookup   Route = "/2/tweets"
	Usage    Route = "/2/usage/tweets"
)

// Server is a fake X. The zero value is not usable: see [New].
type Server struct {
	token string
	mux   *http.ServeMux

	mu       sync.Mutex
	world    world
	bill     bill
	faults   map[Route][]*Failure
	requests map[Route]int
	streams  streams
}

// New returns an X without accounts that serves whoever shows the Bearer token.
func New(token string) *Server {
	s := &Server{
		token: token, mux: http.NewServeMux(), world: newWorld(),
		bill: bill{charged: map[string]bool{}, days: map[string]int{}}, faults: map[Route][]*Failure{}, requests: map[Route]int{},
	}
	s.handle("GET /2/users/by", UsersBy, s.usersBy, "usernames", "user.fields")
	s.handle("GET /2/users", Users, s.users, "ids", "user.fields")
	s.handle("GET /2/users/{id}/tweets", Timeline, s.timeline, "since_id", "until_id", "max_results", "pagination_token", "exclude", "start_time", "end_time", "tweet.fields", "post.fields", "expansions")
	s.handle("GET /2/tweets", Lookup, s.lookup, "ids", "tweet.fields", "post.fields", "expansions")
	s.handleStreams()
	s.handle("GET /2/usage/tweets", Usage, s.usage, "days", "usage.fields")
	return s
}

// ServeHTTP serves the API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Requests returns how many requests a route has seen, refused ones included.
func (s *Server) Requests(route Route) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[route]
}

// endpoint answers a request that is well formed. It is called under the lock.
type endpoint func(r *http.Request) (object, *refusal)

// object is a JSON object.
type object = map[string]any

func (s *Server) handle(pattern string, route Route, answer endpoint, parameters ...string) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		s.answer(w.Header(), r, route, answer, parameters)(w, r)
	})
}

// answer works under the lock, so that what a client is sent is one moment of
// the world; the sender it returns works outside of it and may take its time.
func (s *Server) answer(h http.Header, r *http.Request, route Route, answer endpoint, parameters []string) sender {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[route]++
	h.Set("x-transaction-id", "7f3a9c1be24d5806")
	if r.Header.Get("Authorization") != "Bearer "+s.token {
		return Unauthorized.instead
	}
	h.Set("x-rate-limit-limit", "10000")
	h.Set("x-rate-limit-remaining", "9999")
	h.Set("x-rate-limit-reset", strconv.FormatInt(time.Now().Add(15*time.Minute).Unix(), 10))
	f := s.fault(route)
	if f != nil && f.fault.instead != nil {
		s.fire(route, f)
		return f.fault.instead
	}
	bad := checkParameters(r.URL.Query(), parameters)
	var body object
	if bad == nil {
		body, bad = answer(r)
	}
	if bad != nil {
		return func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, bad.status, encode(bad.body)) }
	}
	send := func(w http.ResponseWriter, _ *http.Request, body []byte) { writeJSON(w, http.StatusOK, body) }
	if f != nil && (f.fault.alter == nil || f.fault.alter(s, body)) {
		s.fire(route, f)
		if f.fault.send != nil {
			send = f.fault.send
		}
	}
	whole := encode(body)
	return func(w http.ResponseWriter, r *http.Request) { send(w, r, whole) }
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone
}

// refusal is an answer with another status than 200.
type refusal struct {
	status int
	body   object
}

// invalid is X's way to say that a parameter is wrong.
func invalid(parameter, value, message string) *refusal {
	return &refusal{http.StatusBadRequest, object{
		"errors": []object{{"parameters": object{parameter: []string{value}}, "message": message}},
		"title":  "Invalid Request", "detail": "One or more parameters to your request was invalid.", "type": problemBase + "invalid-request",
	}}
}

func checkParameters(q url.Values, known []string) *refusal {
	for name := range q {
		if !slices.Contains(known, name) {
			return invalid(name, q.Get(name), fmt.Sprintf("The query parameter [%s] is not one of [%s]", name, strings.Join(known, ",")))
		}
	}
	return nil
}

// list reads a parameter that holds 1 to 100 values.
func list(q url.Values, name string) ([]string, *refusal) {
	values := strings.Split(q.Get(name), ",")
	if q.Get(name) == "" || len(values) > 100 {
		return nil, invalid(name, q.Get(name), fmt.Sprintf("The `%s` query parameter must hold between 1 and 100 values", name))
	}
	return values, nil
}

func (s *Server) usersBy(r *http.Request) (object, *refusal) {
	names, bad := list(r.URL.Query(), "usernames")
	if bad != nil {
		return nil, bad
	}
	for _, n := range names {
		if !handlePattern.MatchString(n) {
			return nil, invalid("usernames", n, fmt.Sprintf("The `usernames` query parameter value [%s] does not match ^[A-Za-z0-9_]{1,15}$", n))
		}
	}
	return s.people(r, names, "usernames", s.world.byHandle)
}

func (s *Server) users(r *http.Request) (object, *refusal) {
	ids, bad := list(r.URL.Query(), "ids")
	if bad != nil {
		return nil, bad
	}
	return s.people(r, ids, "ids", func(id string) *account { return s.world.accounts[id] })
}

// people answers both user endpoints.
func (s *Server) people(r *http.Request, names []string, parameter string, find func(string) *account) (object, *refusal) {
	fields := strings.Split(r.URL.Query().Get("user.fields"), ",")
	for _, f := range fields {
		if f != "" && !slices.Contains(userFields, f) {
			return nil, invalid("user.fields", f, fmt.Sprintf("The `user.fields` query parameter value [%s] is not one of [%s]", f, strings.Join(userFields, ",")))
		}
	}
	body := object{}
	for _, name := range names {
		switch a := find(name); {
		case a == nil:
			add(body, "errors", notFound("user", parameter, name))
		case a.suspended:
			add(body, "errors", suspended(parameter, name))
		default:
			u := object{"id": a.id, "username": a.handle, "name": a.name}
			if slices.Contains(fields, "protected") {
				u["protected"] = a.protected
			}
			add(body, "data", u)
			s.bill.charge(aUser, parameter, a.id)
		}
	}
	return body, nil
}

func add(body object, key string, o object) {
	os, _ := body[key].([]object)
	body[key] = append(os, o)
}

// timelineDepth is how many posts X keeps readable in a timeline;
// timelineDepthNoReplies is what is left of it without replies.
const (
	timelineDepth          = 3200
	timelineDepthNoReplies = 800
)

func (s *Server) timeline(r *http.Request) (object, *refusal) {
	q := r.URL.Query()
	ask, bad := readTimeline(q)
	if bad != nil {
		return nil, bad
	}
	id := r.PathValue("id")
	a := s.world.accounts[id]
	switch {
	case a == nil:
		return object{"errors": []object{notFound("user", "id", id)}}, nil
	case a.suspended:
		return object{"errors": []object{suspended("id", id)}}, nil
	case a.protected:
		return object{"errors": []object{notAuthorized("user", "id", id)}}, nil
	}
	posts := s.world.timeline(a, ask)
	if ask.offset > len(posts) {
		ask.offset = len(posts)
	}
	shown := posts[ask.offset:min(ask.offset+ask.size, len(posts))]
	meta := object{"result_count": len(shown)}
	body := object{"meta": meta}
	for _, v := range shown {
		add(body, "data", ask.spelling.render(&s.world, v))
		s.bill.charge(aPost, "timeline", v.id)
	}
	if len(shown) > 0 {
		meta["newest_id"], meta["oldest_id"] = shown[0].id, shown[len(shown)-1].id
	}
	if end := ask.offset + len(shown); end < len(posts) {
		meta["next_token"] = pageToken(end)
	}
	return body, nil
}

func (s *Server) lookup(r *http.Request) (object, *refusal) {
	ids, bad := list(r.URL.Query(), "ids")
	if bad != nil {
		return nil, bad
	}
	spell, bad := readSpelling(r.URL.Query())
	if bad != nil {
		return nil, bad
	}
	body := object{}
	for _, id := range ids {
		switch v := s.world.versions[id]; {
		case v == nil || v.post.deleted:
			add(body, "errors", notFound("tweet", "ids", id))
		case v.post.author.protected || v.post.author.suspended:
			add(body, "errors", notAuthorized("tweet", "ids", id))
		default:
			add(body, "data", spell.render(&s.world, v))
			s.bill.charge(aPost, "lookup", id)
		}
	}
	return body, nil
}

func (s *Server) usage(r *http.Request) (object, *refusal) {
	if d := r.URL.Query().Get("days"); d != "" {
		if n, err := strconv.Atoi(d); err != nil || n < 1 || n > 90 {
			return nil, invalid("days", d, fmt.Sprintf("The `days` query parameter value [%s] is not between 1 and 90", d))
		}
	}
	var days []object
	for _, day := range slices.Sorted(maps.Keys(s.bill.days)) {
		days = append(days, object{"date": day + "T00:00:00.000Z", "usage": s.bill.days[day]})
	}
	return object{"data": object{"project_id": "1900000000000000002", "project_cap": 3000000, "project_usage": s.bill.reads, "daily_project_usage": object{"project_id": 2, "usage": days}}}, nil
}
