package xtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The routes of the streams.
const (
	ActivityStream Route = "/2/activity/stream"
	Subscriptions  Route = "/2/activity/subscriptions"
	Subscription   Route = "/2/activity/subscriptions/:id"
	FilteredStream Route = "/2/tweets/search/stream"
	Rules          Route = "/2/tweets/search/stream/rules"
)

const (
	// lifeSign is how often a stream sends an empty line; the headers come with the first.
	lifeSign = 20 * time.Second
	// How many streams an app may have open at once.
	activityStreams, filteredStreams = 2, 1
)

// feed is a stream that is open.
type feed struct {
	route  Route
	fields spelling // of the filtered stream
	lines  chan []byte
	ended  chan struct{}
	silent bool // says nothing more, not even that it lives
}

// streams are what the app is subscribed to, and the streams that are open.
type streams struct {
	made          int // ids given
	subscriptions []object
	rules         []object
	open          []*feed
}

func (s *Server) handleStreams() {
	s.mux.HandleFunc("GET "+string(ActivityStream), func(w http.ResponseWriter, r *http.Request) { s.flow(w, r, ActivityStream, activityStreams) })
	s.mux.HandleFunc("GET "+string(FilteredStream), func(w http.ResponseWriter, r *http.Request) { s.flow(w, r, FilteredStream, filteredStreams) })
	s.handle("GET /2/activity/subscriptions", Subscriptions, s.listSubscriptions, "max_results", "pagination_token")
	s.handle("POST /2/activity/subscriptions", Subscriptions, s.addSubscription)
	s.handle("DELETE /2/activity/subscriptions/{id}", Subscription, s.dropSubscription)
	s.handle("GET /2/tweets/search/stream/rules", Rules, s.listRules)
	s.handle("POST /2/tweets/search/stream/rules", Rules, s.changeRules)
}

// tooMany is what X says when an app opens one stream too many.
var tooMany = refuse(http.StatusTooManyRequests, `{"title":"ConnectionException","detail":"This stream is currently at the maximum allowed connection limit.","connection_issue":"TooManyConnections","type":"https://api.twitter.com/2/problems/streaming-connection"}`)

// Aborted ends the connection before an answer.
var Aborted = Fault{instead: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }}

// TooManyConnections is that answer, as if other streams were open.
var TooManyConnections = tooMany

// flow opens a stream and writes what happens to it.
func (s *Server) flow(w http.ResponseWriter, r *http.Request, route Route, most int) {
	f, refused := s.connect(w.Header(), r, route, most)
	if refused != nil {
		refused(w, r)
		return
	}
	defer s.disconnect(f)
	life := time.NewTicker(lifeSign)
	defer life.Stop()
	w.Header().Set("Content-Type", "application/json")
	flush := w.(http.Flusher).Flush
	for {
		select {
		case line := <-f.lines:
			_, _ = w.Write(line) // the client may be gone
			flush()
		case <-life.C:
			if s.lives(f) {
				_, _ = w.Write([]byte("\r\n"))
				flush()
			}
		case <-f.ended:
			for len(f.lines) > 0 {
				_, _ = w.Write(<-f.lines)
			}
			panic(http.ErrAbortHandler)
		case <-r.Context().Done():
			return
		}
	}
}

func (s *Server) lives(f *feed) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !f.silent
}

func (s *Server) connect(h http.Header, r *http.Request, route Route, most int) (*feed, sender) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[route]++
	if r.Header.Get("Authorization") != "Bearer "+s.token {
		return nil, Unauthorized.instead
	}
	h.Set("x-rate-limit-limit", "450")
	h.Set("x-rate-limit-remaining", "449")
	h.Set("x-rate-limit-reset", strconv.FormatInt(time.Now().Add(15*time.Minute).Unix(), 10))
	if f := s.fault(route); f != nil && f.fault.instead != nil {
		s.fire(route, f)
		return nil, f.fault.instead
	}
	open := 0
	for _, f := range s.streams.open {
		if f.route == route {
			open++
		}
	}
	if open >= most {
		return nil, tooMany.instead
	}
	if route == FilteredStream && len(s.streams.rules) == 0 {
		return nil, refuse(http.StatusConflict, `{"title":"ConnectionException","detail":"You must define rules before connecting.","connection_issue":"RuleConfigurationIssue","type":"https://api.twitter.com/2/problems/streaming-connection"}`).instead
	}
	fields, bad := readSpelling(r.URL.Query())
	if bad != nil {
		return nil, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, bad.status, encode(bad.body)) }
	}
	f := &feed{route: route, fields: fields, lines: make(chan []byte, 1000), ended: make(chan struct{})}
	s.streams.open = append(s.streams.open, f)
	return f, nil
}

func (s *Server) disconnect(f *feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams.open = slices.DeleteFunc(s.streams.open, func(o *feed) bool { return o == f })
}

// end ends a stream after what was written to it.
func (s *Server) end(f *feed) {
	s.streams.open = slices.DeleteFunc(s.streams.open, func(o *feed) bool { return o == f })
	close(f.ended)
}

// Cut ends all streams.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range slices.Clone(s.streams.open) {
		s.end(f)
	}
}

// Open returns how many streams are open.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.streams.open)
}

// The faults of an open stream, which befall its next message.
var (
	Twice    = Fault{write: func(_ *Server, f *feed, line []byte) bool { f.push(line); f.push(line); return true }}
	HalfLine = Fault{write: func(s *Server, f *feed, line []byte) bool { f.push(line[:len(line)/2]); s.end(f); return false }}
	Lost     = Fault{write: func(s *Server, f *feed, _ []byte) bool { s.end(f); return false }}
	// Stalled leaves the stream open and says nothing any more.
	Stalled = Fault{write: func(_ *Server, f *feed, _ []byte) bool { f.silent = true; return false }}
	// Unknown puts messages of kinds that nobody knows before it, and lines that are none.
	Unknown = Fault{write: func(_ *Server, f *feed, line []byte) bool {
		f.push([]byte("\x00\r\n[]\r\n{\"data\":7}\r\n{\"data\":{\"event_type\":\"news.new\",\"payload\":{}}}\r\n{\"data\":{\"event_type\":\"post.create\",\"payload\":{\"id\":\"x\"}}}\r\n"))
		f.push(line)
		return true
	}}
	// Disconnected is X's own word that it ends the stream.
	Disconnected = Fault{write: func(s *Server, f *feed, _ []byte) bool {
		f.push([]byte(`{"errors":[{"title":"operational-disconnect","disconnect_type":"UpstreamOperationalDisconnect","detail":"This stream has been disconnected upstream for operational reasons.","type":"https://api.twitter.com/2/problems/operational-disconnect"}]}` + "\r\n"))
		s.end(f)
		return false
	}}
)

func (f *feed) push(line []byte) {
	select {
	case f.lines <- slices.Clone(line):
	default: // who does not keep up misses messages
	}
}

// tell sends what became of a post to the streams that are subscribed to it. An edit is
// told by none.
func (s *Server) tell(v *version, kind string) {
	for _, f := range slices.Clone(s.streams.open) {
		if s.write(f, s.event(f, v, kind)) {
			s.bill.charge(aPost, map[string]string{"post.create": "stream", "post.delete": "stream of deletions"}[kind], v.id)
		}
	}
}

// tellName sends that an account bears another handle to the streams that are subscribed to it.
func (s *Server) tellName(a *account, before string) {
	const kind = "profile.update.handle"
	for _, f := range slices.Clone(s.streams.open) {
		tag := s.subscribed(f, kind, a)
		if tag == nil {
			continue
		}
		delivered := s.write(f, object{"data": object{
			"event_uuid": "-8917909039855612786", "filter": object{"user_id": a.id}, "event_type": kind, "tag": tag,
			"payload": object{"before": before, "after": a.handle},
		}})
		if delivered {
			s.bill.charge(aName, "stream", a.id+" "+a.handle)
		}
	}
}

// write sends a message and reports whether it arrives.
func (s *Server) write(f *feed, body object) bool {
	if body == nil || f.silent {
		return false
	}
	line := append(encode(body), "\r\n"...)
	if fault := s.fault(f.route); fault != nil && fault.fault.write != nil {
		s.fire(f.route, fault)
		return fault.fault.write(s, f, line)
	}
	f.push(line)
	return true
}

// subscribed is the tag under which a stream is told of a kind of events of an account; nil:
// it is not.
func (s *Server) subscribed(f *feed, kind string, of *account) any {
	i := slices.IndexFunc(s.streams.subscriptions, func(o object) bool {
		return o["event_type"] == kind && o["filter"].(object)["user_id"] == of.id
	})
	if i < 0 || f.route != ActivityStream {
		return nil
	}
	return s.streams.subscriptions[i]["tag"]
}

// event is a message of a stream; nil: it holds none of the kind.
func (s *Server) event(f *feed, v *version, kind string) object {
	author := v.post.author
	if f.route == FilteredStream {
		i := slices.IndexFunc(s.streams.rules, func(r object) bool { return r["value"] == "from:"+author.id })
		if i < 0 || kind != "post.create" {
			return nil
		}
		return object{"data": f.fields.render(&s.world, v), "matching_rules": []object{{"id": s.streams.rules[i]["id"], "tag": s.streams.rules[i]["tag"]}}}
	}
	tag := s.subscribed(f, kind, author)
	if tag == nil {
		return nil
	}
	data := object{"filter": object{"user_id": author.id}, "event_type": kind, "tag": tag}
	if kind == "post.delete" {
		data["event_uuid"] = "-4100000000000000071"
		data["payload"] = object{"id": v.id, "author_id": author.id}
		return object{"data": data, "includes": object{"users": []object{{"data": object{"id": author.id, "username": author.handle}}}}}
	}
	payload := spelling{wanted: tweetFields}.render(&s.world, v)
	if controls, ok := payload["edit_controls"].(object); ok {
		controls["edits_remaining_str"] = fmt.Sprint(controls["edits_remaining"])
	}
	data["event_uuid"], data["payload"] = v.id, payload
	return object{"data": data, "includes": object{"users": []object{{"id": author.id, "username": author.handle}}}}
}

func (s *Server) listSubscriptions(*http.Request) (object, *refusal) {
	return object{"data": s.streams.subscriptions, "meta": object{"total_subscriptions": len(s.streams.subscriptions)}}, nil
}

func (s *Server) addSubscription(r *http.Request) (object, *refusal) {
	var ask struct {
		Type   string            `json:"event_type"`
		Filter map[string]string `json:"filter"`
		Tag    string            `json:"tag"`
	}
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || !slices.Contains([]string{"post.create", "post.delete", "profile.update.handle"}, ask.Type) || s.world.accounts[ask.Filter["user_id"]] == nil || len(ask.Tag) > 200 {
		return nil, invalid("event_type", ask.Type, "the subscription is not valid")
	}
	for _, o := range s.streams.subscriptions {
		if o["event_type"] == ask.Type && o["filter"].(object)["user_id"] == ask.Filter["user_id"] {
			return nil, &refusal{http.StatusBadRequest, object{"title": "Invalid Request", "detail": "DuplicateSubscription: a subscription of this kind exists.", "type": problemBase + "invalid-request"}}
		}
	}
	s.streams.made++
	o := object{"subscription_id": strconv.Itoa(1993000000000000000 + s.streams.made), "event_type": ask.Type, "filter": object{"user_id": ask.Filter["user_id"]}, "tag": ask.Tag}
	s.streams.subscriptions = append(s.streams.subscriptions, o)
	return object{"data": object{"subscription": o}}, nil
}

func (s *Server) dropSubscription(r *http.Request) (object, *refusal) {
	before := len(s.streams.subscriptions)
	s.streams.subscriptions = slices.DeleteFunc(s.streams.subscriptions, func(o object) bool { return o["subscription_id"] == r.PathValue("id") })
	if len(s.streams.subscriptions) == before {
		return nil, &refusal{http.StatusNotFound, notFound("subscription", "subscription_id", r.PathValue("id"))}
	}
	return object{"data": object{"deleted": true}}, nil
}

// Subscribe makes a subscription as another program of the same app would, and returns how
// many there are then.
func (s *Server) Subscribe(kind, user, tag string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams.made++
	s.streams.subscriptions = append(s.streams.subscriptions, object{"subscription_id": strconv.Itoa(s.streams.made), "event_type": kind, "filter": object{"user_id": user}, "tag": tag})
	return len(s.streams.subscriptions)
}

// Subscribed lists what the app is subscribed to, as kind, user and tag.
func (s *Server) Subscribed() (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.streams.subscriptions {
		list = append(list, strings.Join([]string{o["event_type"].(string), o["filter"].(object)["user_id"].(string), o["tag"].(string)}, " "))
	}
	for _, r := range s.streams.rules {
		list = append(list, r["value"].(string)+" "+r["tag"].(string))
	}
	return list
}

func (s *Server) listRules(*http.Request) (object, *refusal) {
	return object{"data": s.streams.rules, "meta": object{"result_count": len(s.streams.rules)}}, nil
}

func (s *Server) changeRules(r *http.Request) (object, *refusal) {
	var ask struct {
		Add    []struct{ Value, Tag string } `json:"add"`
		Delete *struct{ IDs []string }       `json:"delete"`
	}
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || (len(ask.Add) == 0) == (ask.Delete == nil) {
		return nil, invalid("add", "", "exactly one of add and delete must be given")
	}
	for _, a := range ask.Add {
		if !strings.HasPrefix(a.Value, "from:") || len(a.Value) > 512 {
			return nil, invalid("add", a.Value, "the rule is not valid")
		}
		s.streams.made++
		s.streams.rules = append(s.streams.rules, object{"id": strconv.Itoa(1994000000000000000 + s.streams.made), "value": a.Value, "tag": a.Tag})
	}
	if ask.Delete != nil {
		s.streams.rules = slices.DeleteFunc(s.streams.rules, func(o object) bool { return slices.Contains(ask.Delete.IDs, o["id"].(string)) })
	}
	return object{"meta": object{"summary": object{"created": len(ask.Add)}}}, nil
}
