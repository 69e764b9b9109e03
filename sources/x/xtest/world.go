package xtest

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var handlePattern = regexp.MustCompile(`^[A-Za-z0-9_]{1,15}$`)

// Post is a post as its author wrote it: plain text, links in full. The server
// escapes, shortens and cuts it as X does.
type Post struct {
	ID        string    // of 1 to 19 digits; made from CreatedAt when empty. As at X, since_id goes by it alone
	CreatedAt time.Time // read from ID, or now, when zero
	Text      string
	Lang      string   // "en" when empty
	ReplyTo   string   // id of the post it answers; one's own makes a thread
	Quotes    string   // id of the quoted post
	Reposts   string   // id of the reposted post, whose text replaces Text when X knows it
	Article   string   // title of the article it announces
	Pictures  int      // attached pictures
	Withheld  []string // countries
}

type account struct {
	id, handle, name     string
	protected, suspended bool
}

// post is a chain of versions.
type post struct {
	Post
	author   *account
	root     string // conversation
	versions []*version
	deleted  bool
}

type version struct {
	post *post
	id   string
	num  uint64
	text string
	at   time.Time
}

func (p *post) latest() *version { return p.versions[len(p.versions)-1] }

type world struct {
	accounts map[string]*account // by id
	posts    []*post
	versions map[string]*version // by id
	ids      int64               // accounts made so far
}

func newWorld() world {
	return world{accounts: map[string]*account{}, versions: map[string]*version{}}
}

func (w *world) byHandle(handle string) *account {
	for _, a := range w.accounts {
		if strings.EqualFold(a.handle, handle) {
			return a
		}
	}
	return nil
}

// of finds the account; naming one that was never added is a mistake of the
// script.
func (w *world) of(handle string) *account {
	a := w.byHandle(handle)
	if a == nil {
		panic("xtest: no account @" + handle)
	}
	return a
}

// Account adds an account and returns its id.
func (s *Server) Account(handle, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.world.byHandle(handle) != nil || !handlePattern.MatchString(handle) {
		panic("xtest: the handle @" + handle + " is taken or none")
	}
	s.world.ids++
	id := strconv.FormatInt(1101270825169846283+s.world.ids*7919, 10)
	s.world.accounts[id] = &account{id: id, handle: handle, name: name}
	return id
}

// Post publishes a post of the account and returns its id.
func (s *Server) Post(handle string, p Post) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.world.publish(handle, p)
	s.tell(s.world.versions[id], "post.create")
	return id
}

func (w *world) publish(handle string, given Post) string {
	id, at := w.place(given.ID, given.CreatedAt)
	given.Lang = cmp.Or(given.Lang, "en")
	p := &post{Post: given, author: w.of(handle), root: strconv.FormatUint(id, 10)}
	if given.ReplyTo != "" {
		p.root = given.ReplyTo
		if parent := w.versions[given.ReplyTo]; parent != nil {
			p.root = parent.post.root
		}
	}
	w.posts = append(w.posts, p)
	return w.version(p, id, at, given.Text)
}

// place settles id and time of a new version: what is missing follows from the
// other, and a made id is the lowest free one of its millisecond.
func (w *world) place(given string, at time.Time) (uint64, time.Time) {
	if given != "" {
		id, err := strconv.ParseUint(given, 10, 64)
		if err != nil || w.versions[given] != nil || len(given) > 19 {
			panic("xtest: the id " + given + " is taken or none")
		}
		if at.IsZero() {
			at = Time(id)
		}
		return id, at
	}
	if at.IsZero() {
		at = time.Now()
	}
	id := ID(at)
	for w.versions[strconv.FormatUint(id, 10)] != nil {
		id++
	}
	return id, at
}

func (w *world) version(p *post, id uint64, at time.Time, text string) string {
	v := &version{post: p, id: strconv.FormatUint(id, 10), num: id, text: text, at: at}
	p.versions = append(p.versions, v)
	w.versions[v.id] = v
	return v.id
}

// ID returns the lowest post id of a moment.
func ID(at time.Time) uint64 { return uint64(at.UnixMilli()-1288834974657) << 22 }

// Time returns when the post of an id was made.
func Time(id uint64) time.Time { return time.UnixMilli(int64(id>>22) + 1288834974657) }

// Edit publishes a new version of a post and returns its id. X allows five.
func (s *Server) Edit(id, text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.world.versions[id].post
	if len(p.versions) > maxEdits {
		panic("xtest: a post can be edited five times")
	}
	next, at := s.world.place("", time.Time{})
	return s.world.version(p, next, at, text)
}

const maxEdits = 5

// Delete removes a post with all its versions.
func (s *Server) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.world.versions[id].post
	p.deleted = true
	s.tell(p.latest(), "post.delete")
}

// Withhold hides a post in countries.
func (s *Server) Withhold(id string, countries ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.versions[id].post.Withheld = countries
}

// Protect makes an account's posts private, or public again.
func (s *Server) Protect(handle string, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.of(handle).protected = on
}

// Suspend suspends an account, or lifts that.
func (s *Server) Suspend(handle string, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.of(handle).suspended = on
}

// Remove deletes an account.
func (s *Server) Remove(handle string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.world.accounts, s.world.of(handle).id)
}

// Rename gives an account another handle; the old one is free for others.
func (s *Server) Rename(handle, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.world.of(handle)
	a.handle = to
	s.tellName(a, handle)
}

// timeline returns the latest versions of an account's posts, newest first.
func (w *world) timeline(a *account, ask timelineQuery) []*version {
	var all []*version
	for _, p := range w.posts {
		if p.author == a && !p.deleted && !(ask.noReposts && p.Reposts != "") && !(ask.noReplies && p.ReplyTo != "") {
			all = append(all, p.latest())
		}
	}
	slices.SortFunc(all, func(a, b *version) int { return cmp.Compare(b.num, a.num) })
	depth := timelineDepth
	if ask.noReplies {
		depth = timelineDepthNoReplies
	}
	all = all[:min(len(all), depth)]
	return slices.DeleteFunc(all, func(v *version) bool {
		return v.num <= ask.since || ask.until != 0 && v.num >= ask.until ||
			!ask.start.IsZero() && v.at.Before(ask.start) || !ask.end.IsZero() && !v.at.Before(ask.end)
	})
}
