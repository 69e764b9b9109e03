// Package blueskytest is a Bluesky of its own: accounts that post, reply,
// quote, repost, edit and delete, and the part of the AppView that shows it. It
// stands in for the public AppView in tests and in the demonstration.
package blueskytest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"onrecord/sources/sourcetest/faults"
)

// Server is the AppView, with the accounts it knows.
type Server struct {
	faults.Switches[Fault] // requests by method

	// Epochless makes it an AppView as the software is by default: what it calls the
	// time of indexing is the date a post claims, when that is the earlier.
	Epochless bool

	mu       sync.Mutex
	accounts []*account
	clock    int64 // of the last record key

	subscriptions []*subscription
}

type account struct {
	did, handle, name string
	status            string // "" is active
	labels            []object
	entries           []*entry
}

// entry is a record of an account: a post, or a repost of one.
type entry struct {
	by      *account
	key     string
	repost  *entry // nil: a post
	draft   Draft
	cid     string
	claimed time.Time
	indexed time.Time
}

// Draft is a post to be.
type Draft struct {
	Text    string
	Created time.Time // the date it claims; default: now
	ReplyTo string    // address of a post
	Quotes  string    // address of a post
	Links   []Link    // made from parts of the text
	Card    Link      // the card of a page; Text is the page's title
	Image   Link      // a picture; Text says what it shows
	Lang    string
	Label   string // a label the author puts on the post
}

// Link is an address with what is shown for it.
type Link struct{ Text, URL string }

// New returns a Bluesky without accounts.
func New() *Server {
	return &Server{}
}

// Join makes an account and returns its DID.
func (s *Server) Join(handle, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	did := "did:plc:" + hash(fmt.Sprint(handle, len(s.accounts)))[:24]
	s.accounts = append(s.accounts, &account{did: did, handle: handle, name: name})
	return did
}

// Post publishes a draft and returns the address of the post; it panics when
// the account, or a post the draft names, does not exist.
func (s *Server) Post(handle string, d Draft) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, uri := range []string{d.ReplyTo, d.Quotes} {
		if uri != "" {
			s.entry(uri)
		}
	}
	return s.add(&entry{by: s.account(handle), draft: d, claimed: d.Created})
}

// Repost repeats somebody's post and returns the address of the repost.
func (s *Server) Repost(handle, uri string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(&entry{by: s.account(handle), repost: s.entry(uri)})
}

// Edit puts another text into a post: same address, another CID.
func (s *Server) Edit(uri, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entry(uri)
	e.draft.Text = text
	e.sign()
	s.committed(e, "update")
}

// Delete removes a post or repost.
func (s *Server) Delete(uri string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entry(uri)
	e.by.entries = slices.DeleteFunc(e.by.entries, func(x *entry) bool { return x == e })
	s.committed(e, "delete")
}

// SetStatus changes what an account is: "" active, or "deactivated",
// "suspended", "takendown", "deleted".
func (s *Server) SetStatus(handle, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(handle)
	a.status = status
	s.tell(a.did, "account", object{"active": status == "", "status": status, "did": a.did})
}

// Label puts a label on an account.
func (s *Server) Label(handle, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(handle)
	a.labels = append(a.labels, object{"val": value})
}

// Rename gives an account another handle.
func (s *Server) Rename(handle, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(handle)
	a.handle = to
	s.tell(a.did, "identity", object{"did": a.did, "handle": to})
}

func (s *Server) add(e *entry) string {
	e.indexed = time.Now()
	if e.claimed.IsZero() {
		e.claimed = e.indexed
	}
	s.clock = max(s.clock+1, e.indexed.UnixMicro())
	e.key = recordKey(s.clock)
	e.sign()
	e.by.entries = append(e.by.entries, e)
	s.committed(e, "create")
	return e.uri()
}

func (s *Server) account(handle string) *account {
	for _, a := range s.accounts {
		if a.handle == handle || a.did == handle {
			return a
		}
	}
	panic("blueskytest: nobody is called " + handle)
}

func (s *Server) entry(uri string) *entry {
	if e := s.find(uri); e != nil {
		return e
	}
	panic("blueskytest: there is no " + uri)
}

func (s *Server) find(uri string) *entry {
	for _, a := range s.accounts {
		for _, e := range a.entries {
			if e.uri() == uri {
				return e
			}
		}
	}
	return nil
}

func (e *entry) uri() string {
	collection := "app.bsky.feed.post"
	if e.repost != nil {
		collection = "app.bsky.feed.repost"
	}
	return fmt.Sprintf("at://%s/%s/%s", e.by.did, collection, e.key)
}

// sign gives the content its name.
func (e *entry) sign() {
	b, _ := json.Marshal(e.draft) // strings and times: cannot fail
	e.cid = "bafyrei" + hash(e.key + string(b))[:52]
}

// order is the date a feed sorts by: what the author claims, unless it lies in
// the future of when it was indexed.
func (e *entry) order() time.Time {
	if e.claimed.Before(e.indexed) {
		return e.claimed
	}
	return e.indexed
}

// shownIndexed is the time of indexing as the AppView tells it.
func (s *Server) shownIndexed(e *entry) time.Time {
	if s.Epochless {
		return e.order()
	}
	return e.indexed
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// recordKey writes microseconds as a TID, https://atproto.com/specs/tid: keys
// sort as they were made.
func recordKey(micros int64) string {
	const letters = "234567abcdefghijklmnopqrstuvwxyz"
	n := uint64(micros) << 10
	key := make([]byte, 13)
	for i := len(key) - 1; i >= 0; i-- {
		key[i] = letters[n&31]
		n >>= 5
	}
	return string(key)
}

// root is the beginning of the thread a post stands in.
func (s *Server) root(e *entry) string {
	for range 1000 {
		up := s.find(e.draft.ReplyTo)
		if up == nil {
			break
		}
		e = up
	}
	return e.uri()
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// shown returns the feed of an account in the order people see it.
func (a *account) shown() []*entry {
	list := slices.Clone(a.entries)
	slices.SortStableFunc(list, func(x, y *entry) int {
		if c := y.order().Truncate(time.Millisecond).Compare(x.order().Truncate(time.Millisecond)); c != 0 {
			return c
		}
		return strings.Compare(y.key, x.key)
	})
	return list
}
