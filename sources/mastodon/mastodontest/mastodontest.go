// Package mastodontest is a server of its own that speaks Mastodon's API: accounts
// that post, reply, boost, quote, edit and delete. It has two characters: Mastodon
// as it is by default, with ids that are numbers, and one as strict as GoToSocial,
// which shows nothing without a login, knows no since_id, has ULIDs for ids and a
// JSON Feed. It stands in for a real server in tests.
package mastodontest

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"onrecord/sources/sourcetest/faults"
)

// Token is the one that opens a strict server.
const Token = "a-token-of-this-server"

// Server is a server with the accounts it knows.
type Server struct {
	faults.Switches[Fault] // requests by path, with "ID" in the place of ids

	// Strict makes it one of the second character.
	Strict bool

	host     string
	mu       sync.Mutex
	accounts []*account
	statuses []*status
	last     int64
	beside   string // where the pages beside the one that is asked for are
}

type account struct {
	id, acct, name string
	state          string // "", "suspended", "deleted"
	movedTo        string
}

type status struct {
	id      string
	by      *account
	draft   Draft
	boosts  *status
	created time.Time
	edits   []version // after the first; the last one is shown
	deleted bool
}

type version struct {
	text, warning string
	at            time.Time
}

// Draft is a post to be.
type Draft struct {
	Text       string // paragraphs are parted by an empty line; addresses become links, @names mentions
	Warning    string
	Lang       string
	Visibility string    // default: public
	ReplyTo    string    // id of a status
	Quotes     string    // id of a status
	QuoteState string    // default: accepted
	Created    time.Time // of a post that comes late from another server: its id is as of then
	Image, Alt string
	CardURL    string
	CardTitle  string
}

// New returns a server without accounts, for a host such as social.example.
func New(host string) *Server {
	return &Server{host: host}
}

// Join makes an account. One of another server is called by its whole name.
func (s *Server) Join(acct, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts = append(s.accounts, &account{id: s.newID(time.Now()), acct: acct, name: name})
}

// Post publishes a draft and returns the id of the status.
func (s *Server) Post(acct string, d Draft) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(&status{by: s.account(acct), draft: d, created: d.Created})
}

// Boost repeats a status and returns the id of the boost.
func (s *Server) Boost(acct, id, visibility string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(&status{by: s.account(acct), boosts: s.status(id), draft: Draft{Visibility: visibility}})
}

// Edit puts another text and warning into a status.
func (s *Server) Edit(id, text, warning string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.status(id)
	st.edits = append(st.edits, version{text, warning, time.Now()})
}

// Delete removes a status.
func (s *Server) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status(id).deleted = true
}

// SetState changes what an account is: "", "suspended" or "deleted".
func (s *Server) SetState(acct, state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(acct).state = state
}

// Move says that an account has gone to another one.
func (s *Server) Move(acct, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(acct).movedTo = to
}

func (s *Server) add(st *status) string {
	if st.created.IsZero() {
		st.created = time.Now()
	}
	if st.draft.Visibility == "" {
		st.draft.Visibility = "public"
	}
	for _, id := range []string{st.draft.ReplyTo, st.draft.Quotes} {
		if id != "" {
			s.status(id)
		}
	}
	st.id = s.newID(st.created)
	s.statuses = append(s.statuses, st)
	slices.SortStableFunc(s.statuses, func(a, b *status) int { return compare(a.id, b.id) })
	return st.id
}

// newID makes an id that sorts as of a time: a number of milliseconds and a count, or
// a ULID.
func (s *Server) newID(at time.Time) string {
	s.last++
	if !s.Strict {
		return fmt.Sprint(at.UnixMilli()<<16 + s.last)
	}
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	id := make([]byte, 26)
	for i, n := 9, uint64(at.UnixMilli()); i >= 0; i-- {
		id[i] = letters[n&31]
		n >>= 5
	}
	for i, n := 25, uint64(s.last); i >= 10; i-- {
		id[i] = letters[n&31]
		n >>= 5
	}
	return string(id)
}

// compare orders ids as their server does: numbers by their size.
func compare(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

func (s *Server) account(acct string) *account {
	for _, a := range s.accounts {
		if a.acct == acct {
			return a
		}
	}
	panic("mastodontest: nobody is called " + acct)
}

func (s *Server) status(id string) *status {
	if st := s.find(id); st != nil {
		return st
	}
	panic("mastodontest: there is no " + id)
}

func (s *Server) find(id string) *status {
	for _, st := range s.statuses {
		if st.id == id && !st.deleted {
			return st
		}
	}
	return nil
}

func (s *Server) home(a *account) string {
	if name, host, ok := strings.Cut(a.acct, "@"); ok {
		return "https://" + host + "/@" + name
	}
	return "https://" + s.host + "/@" + a.acct
}

func (st *status) shown() version {
	if n := len(st.edits); n > 0 {
		return st.edits[n-1]
	}
	return version{st.draft.Text, st.draft.Warning, st.created}
}

var marked = regexp.MustCompile(`https?://\S+|@[a-z0-9_]+|#[A-Za-z]+`)

// content writes a text as Mastodon does: paragraphs, breaks, addresses of which the
// beginning and the end are hidden, people and topics as links.
func (s *Server) content(text string) string {
	var out strings.Builder
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		out.WriteString("<p>")
		at := 0
		write := func(plain string) {
			out.WriteString(strings.ReplaceAll(html.EscapeString(plain), "\n", "<br />"))
		}
		for _, m := range marked.FindAllStringIndex(paragraph, -1) {
			write(paragraph[at:m[0]])
			word := paragraph[m[0]:m[1]]
			at = m[1]
			switch word[0] {
			case '@':
				fmt.Fprintf(&out, `<span class="h-card" translate="no"><a href="https://%s/%s" class="u-url mention">@<span>%s</span></a></span>`, s.host, word, word[1:])
			case '#':
				fmt.Fprintf(&out, `<a href="https://%s/tags/%s" class="mention hashtag" rel="tag">#<span>%s</span></a>`, s.host, word[1:], word[1:])
			default:
				scheme, rest, _ := strings.Cut(word, "://")
				cut := min(len(rest), 30)
				fmt.Fprintf(&out, `<a href="%s" rel="nofollow noopener" target="_blank"><span class="invisible">%s://</span><span class="ellipsis">%s</span><span class="invisible">%s</span></a>`,
					html.EscapeString(word), scheme, html.EscapeString(rest[:cut]), html.EscapeString(rest[cut:]))
			}
		}
		write(paragraph[at:])
		out.WriteString("</p>")
	}
	return out.String()
}
