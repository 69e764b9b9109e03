// Package twittertest is a fake of a server that speaks Twitter's API 1.1: its
// timeline of a user, its one post by number and its sign-in check, over a scripted world, with faults
// that can be queued. Its manners are Friendica's unless it is told otherwise.
package twittertest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Base is the path that stands in for https://api.twitter.com/1.1.
const Base = "/api"

// Server is a fake server. The manners may be set before it is first asked.
type Server struct {
	User, Password string // of who may read; with Token, either will do
	Token          string

	Escape    bool // escapes texts as Twitter does
	PageLimit int  // posts per page at most; 100 when 0
	DeafSince bool // ignores since_id
	DeafMax   bool // ignores max_id
	CutTexts  bool // gives no more than 140 code points of a text, and says so
	GNUSocial bool // says less: conversation ids as strings, no address of a post

	mu       sync.Mutex
	accounts map[string]int64
	posts    []post
	nextID   int64
	faults   []*Failure
	requests int
}

// Post is a post as its author wrote it.
type Post struct {
	CreatedAt time.Time // now when zero
	Text      string
	ReplyTo   int64  // id of the post it answers
	Reposts   int64  // id of the reposted post
	Quotes    int64  // id of the quoted post
	Link      string // an address in the text
	Picture   string // address of a picture
	Private   bool
	Undated   bool // its date is none
	Withheld  []string
}

// Begin makes it a server that was set up anew: without posts, and with numbers
// above the given one.
func (s *Server) Begin(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts, s.nextID = nil, id
}

// Delete removes a post.
func (s *Server) Delete(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = slices.DeleteFunc(s.posts, func(p post) bool { return p.id == id })
}

// Edit puts another text into a post, which keeps its number.
func (s *Server) Edit(id int64, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.find(id).Text = text
}

type post struct {
	Post
	id, thread int64
	handle     string
}

// New returns a server without accounts that serves one user by password and
// one by token.
func New(user, password, token string) *Server {
	return &Server{User: user, Password: password, Token: token, accounts: map[string]int64{}, nextID: 1000}
}

// Account adds an account and returns its number.
func (s *Server) Account(handle string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	s.accounts[handle] = s.nextID
	return s.nextID
}

// Remove deletes an account and returns a way to bring it back.
func (s *Server) Remove(handle string) (restore func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.accounts[handle]
	delete(s.accounts, handle)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.accounts[handle] = id
	}
}

// Post publishes a post and returns its id.
func (s *Server) Post(handle string, p Post) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	made := post{Post: p, id: s.nextID, thread: s.nextID, handle: handle}
	if made.CreatedAt.IsZero() {
		made.CreatedAt = time.Now()
	}
	if parent := s.find(p.ReplyTo); parent != nil {
		made.thread = parent.thread
	}
	s.posts = append(s.posts, made)
	return made.id
}

// Requests returns how many requests were seen.
func (s *Server) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

func (s *Server) find(id int64) *post {
	for i := range s.posts {
		if s.posts[i].id == id {
			return &s.posts[i]
		}
	}
	return nil
}

// ServeHTTP serves the API below [Base].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, body, send := s.answer(r)
	if send != nil {
		send(w, body)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone
}

func (s *Server) answer(r *http.Request) (int, []byte, sender) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	user, password, _ := r.BasicAuth()
	if r.Header.Get("Authorization") != "Bearer "+s.Token && (user != s.User || password != s.Password) {
		return http.StatusUnauthorized, []byte(`{"error":"This api requires login"}`), nil
	}
	var status int
	var answer any
	switch r.URL.Path {
	case Base + "/statuses/user_timeline.json":
		status, answer = s.timeline(r.URL.Query())
	case Base + "/statuses/show.json":
		status, answer = s.show(r.URL.Query())
	case Base + "/account/verify_credentials.json":
		status, answer = http.StatusOK, object{"id": 1, "id_str": "1", "screen_name": s.User}
	default:
		status, answer = http.StatusNotFound, object{"error": "not implemented"}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		panic("twittertest: an answer that is no JSON: " + err.Error()) // strings, numbers, lists and maps only
	}
	return status, body, s.fault()
}

type object = map[string]any

func (s *Server) timeline(q url.Values) (int, any) {
	handle := q.Get("screen_name")
	for h, id := range s.accounts {
		if q.Get("user_id") == strconv.FormatInt(id, 10) {
			handle = h
		}
	}
	if _, known := s.accounts[handle]; !known {
		return http.StatusNotFound, object{"error": "User not found."}
	}
	since, limit := number(q, "since_id"), number(q, "max_id")
	if s.DeafSince {
		since = 0
	}
	if s.DeafMax || limit == 0 {
		limit = s.nextID
	}
	size := min(cmp.Or(number(q, "count"), 20), int64(cmp.Or(s.PageLimit, 100)))
	answer := []object{}
	for _, p := range slices.Backward(s.posts) {
		if p.handle == handle && p.id > since && p.id <= limit && (p.Reposts == 0 || q.Get("include_rts") == "true") && int64(len(answer)) < size {
			answer = append(answer, s.render(p, q.Get("tweet_mode") == "extended"))
		}
	}
	return http.StatusOK, answer
}

// show answers as Friendica does, or as GNU social, where there is no such post.
func (s *Server) show(q url.Values) (int, any) {
	switch p := s.find(number(q, "id")); {
	case p != nil && s.accounts[p.handle] != 0:
		return http.StatusOK, s.render(*p, q.Get("tweet_mode") == "extended")
	case s.GNUSocial:
		return http.StatusNotFound, object{"error": "No such notice."}
	}
	return http.StatusBadRequest, object{"error": fmt.Sprintf("There is no status with the uri-id %d for the given user.", number(q, "id"))}
}

func number(q url.Values, name string) int64 {
	n, err := strconv.ParseInt(q.Get(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

const shortText = 140

func (s *Server) render(p post, extended bool) object {
	id := s.accounts[p.handle]
	o := object{
		"id": p.id, "id_str": strconv.FormatInt(p.id, 10), "truncated": false, "lang": "en",
		"created_at":                p.CreatedAt.UTC().Format(time.RubyDate),
		"user":                      object{"id": id, "id_str": strconv.FormatInt(id, 10), "screen_name": p.handle, "name": strings.ToUpper(p.handle), "protected": false},
		"in_reply_to_status_id":     nil,
		"statusnet_conversation_id": p.thread,
		"friendica_private":         p.Private,
		"external_url":              fmt.Sprintf("https://social.example/display/%d", p.id),
		"entities":                  object{"urls": []object{}, "media": []object{}},
	}
	if s.GNUSocial {
		o["statusnet_conversation_id"] = strconv.FormatInt(p.thread, 10)
		delete(o, "external_url")
	}
	text := p.Text
	if s.Escape {
		text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	}
	switch {
	case (s.CutTexts || !extended) && utf8.RuneCountInString(text) > shortText:
		o["text"], o["truncated"] = string([]rune(text)[:shortText-1])+"…", true
	case extended:
		o["full_text"] = text
	default:
		o["text"] = text
	}
	if p.Undated {
		o["created_at"] = "yesterday"
	}
	if parent := s.find(p.ReplyTo); parent != nil {
		o["in_reply_to_status_id"], o["in_reply_to_user_id"], o["in_reply_to_screen_name"] = parent.id, s.accounts[parent.handle], parent.handle
	}
	if q := s.find(p.Reposts); q != nil {
		o["retweeted_status"] = s.render(*q, extended)
	}
	if q := s.find(p.Quotes); q != nil {
		o["quoted_status_id"], o["quoted_status"] = q.id, s.render(*q, extended)
	}
	entities := o["entities"].(object)
	if p.Link != "" {
		entities["urls"] = []object{{"url": p.Link, "expanded_url": p.Link, "display_url": p.Link, "indices": []int{0, 1}}}
	}
	if p.Picture != "" {
		entities["media"] = []object{{"type": "photo", "media_url_https": p.Picture, "indices": []int{0, 1}}}
	}
	if p.Withheld != nil {
		o["withheld_in_countries"] = p.Withheld
	}
	return o
}
