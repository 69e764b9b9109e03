package bot

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"onrecord"
	"onrecord/sources"
	"onrecord/statements/match"
)

// Scout tries accounts and words before they are trusted: what it reads is
// neither stored nor posted.
type Scout struct {
	Cases    []onrecord.Case
	Accounts []onrecord.Account
	Sources  map[string]sources.Source // by kind name
	// Replay puts posts, the oldest first, through review on a record of their own
	// and returns its decisions.
	Replay func(ctx context.Context, posts []onrecord.Post) ([]Explanation, error)
	Told   func(done, of int)  // how many accounts were tried; nil: nobody asks
	Redact func(string) string // see [Setup]
}

// Trial is what came of reading an account once.
type Trial struct {
	Account  string          `json:"account"`
	Speaker  string          `json:"speaker,omitempty"`
	Seen     int             `json:"posts"`
	Newest   time.Time       `json:"newest,omitzero"` // post; zero: there is none
	Trouble  sources.Trouble `json:"trouble,omitempty"`
	Error    string          `json:"error,omitempty"` // what is wrong, and what to do
	Warnings []string        `json:"warnings,omitempty"`

	Posts []onrecord.Post `json:"-"` // oldest first
}

// trying is how many accounts are tried side by side.
const trying = 8

// Try reads every account once, back to a length of time ago where the place can
// say so; 0: as a first pull without a backfill does. The trials come in the order
// of the accounts.
func (s Scout) Try(ctx context.Context, back time.Duration) []Trial {
	trials := make([]Trial, len(s.Accounts))
	slots := make(chan struct{}, trying)
	var running sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for i, a := range s.Accounts {
		a.Backfill = back
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			trials[i] = s.try(ctx, a)
			mu.Lock()
			defer mu.Unlock()
			if done++; s.Told != nil {
				s.Told(done, len(s.Accounts))
			}
		})
	}
	running.Wait()
	return trials
}

func (s Scout) try(ctx context.Context, a onrecord.Account) Trial {
	t := Trial{Account: a.ID, Speaker: a.Speaker}
	source := s.Sources[a.Source]
	if source == nil {
		t.Trouble, t.Error = sources.Denied, "its source lacks credentials; `onrecord check` says which"
		return t
	}
	var cursor sources.Cursor
	for range maxPages {
		page, err := ask(ctx, source, a, cursor)
		if err != nil {
			t.Trouble, t.Error = troubleOf(err), err.Error()
			if s.Redact != nil {
				t.Error = s.Redact(t.Error)
			}
			break
		}
		t.Posts, t.Warnings = append(t.Posts, page.Posts...), append(t.Warnings, page.Warnings...)
		if cursor = page.Next; !page.More {
			break
		}
	}
	for _, p := range t.Posts {
		if p.Dated && p.Created.After(t.Newest) {
			t.Newest = p.Created
		}
	}
	t.Seen = len(t.Posts)
	return t
}

func troubleOf(err error) sources.Trouble {
	if told, ok := errors.AsType[*sources.Error](err); ok {
		return told.Trouble
	}
	return sources.Unreached
}

// Preview is what a configuration would have brought in a time that is over. Every
// statement stands in it as the decision that opened it. A language model is not
// asked: with one, fewer wait for a person.
type Preview struct {
	From, Until time.Time
	Trials      []Trial
	Posts       int           // read
	Posted      []Explanation // oldest first
	Waiting     []Explanation // would wait for a person
	Repeated    int           // posts that were taken into an earlier statement, as a part or a repetition
	Rejected    []Explanation // nearest miss first; one for a post, that of the case it came nearest to
	Terms       []TermUse     // those that are in most of what was not posted come first
	Otherwise   []Otherwise   // judged in another way than what is stored; nil where nothing is
}

// TermUse is what a keyword or a name of a case brings in: the posts that hold
// it, of accounts whose speaker does not bear the name.
type TermUse struct {
	Case     string `json:"case"`
	Kind     string `json:"kind"` // keyword, name or alias
	Term     string `json:"term"`
	Of       string `json:"of,omitempty"` // whose name it is
	Posts    int    `json:"posts"`
	Posted   int    `json:"posted"`
	Waiting  int    `json:"waiting"`
	Rejected int    `json:"rejected"`
	Alone    int    `json:"alone"` // of those posted or waiting, the ones that hold no other term of the case
	Everyday bool   `json:"everyday"`
}

// Noise is how many of the posts nobody would have been shown as a statement.
func (t TermUse) Noise() int { return t.Waiting + t.Rejected }

// Otherwise is a stored decision that would be another one today.
type Otherwise struct {
	Was onrecord.Label
	Is  Explanation
}

// Preview judges what was published since a length of time ago: what [Scout.Try]
// read that far back, and stored posts. Either may be none.
func (s Scout) Preview(ctx context.Context, back time.Duration, trials []Trial, stored []onrecord.Post, decided []StoredDecision) (Preview, error) {
	now := time.Now()
	v := Preview{From: now.Add(-back), Until: now, Trials: trials}
	posts := s.merged(v, stored)
	v.Posts = len(posts)
	list, err := s.Replay(ctx, posts)
	if err != nil {
		return v, err
	}
	v.sort(list)
	v.Terms = s.terms(posts, list)
	v.Otherwise = otherwise(list, decided)
	return v, ctx.Err()
}

// merged are the posts of all accounts on one time line, each once. One that was
// read just now says what it says today.
func (s Scout) merged(v Preview, stored []onrecord.Post) (posts []onrecord.Post) {
	known := map[string]bool{}
	add := func(p onrecord.Post) {
		configured := slices.ContainsFunc(s.Accounts, func(a onrecord.Account) bool { return a.ID == p.Account })
		if configured && !known[p.Key()] && !p.Created.Before(v.From) {
			known[p.Key()] = true
			posts = append(posts, p)
		}
	}
	for _, t := range v.Trials {
		for _, p := range t.Posts {
			add(p)
		}
	}
	for _, p := range stored {
		add(p)
	}
	slices.SortStableFunc(posts, onrecord.Less)
	return posts
}

// sort puts each decision where it belongs.
func (v *Preview) sort(list []Explanation) {
	shown := map[int64]bool{}
	nearest := map[string]Explanation{}
	taken := map[string]bool{} // posts that are not rejected on some case
	for _, e := range list {
		key := e.Post.Key()
		if e.Decision.Label == onrecord.Reject {
			if of, ok := nearest[key]; !ok || e.Decision.Score > of.Decision.Score {
				nearest[key] = e
			}
			continue
		}
		taken[key] = true
		switch {
		case shown[e.Statement]:
			v.Repeated++
		case e.Lane == onrecord.Record:
			v.Posted = append(v.Posted, e)
		default: // also one that opens nothing: a person has to place it
			v.Waiting = append(v.Waiting, e)
		}
		shown[e.Statement] = e.Statement != 0
	}
	for key, e := range nearest {
		if !taken[key] {
			v.Rejected = append(v.Rejected, e)
		}
	}
	slices.SortStableFunc(v.Rejected, func(a, b Explanation) int {
		return cmp.Or(cmp.Compare(b.Decision.Score, a.Decision.Score), onrecord.Less(a.Post, b.Post), cmp.Compare(a.Post.Key(), b.Post.Key()))
	})
}

// terms counts what each term of the cases is in.
func (s Scout) terms(posts []onrecord.Post, list []Explanation) (uses []TermUse) {
	verdict := map[string]onrecord.Label{}
	for _, e := range list {
		key := e.Decision.Case + "\n" + e.Post.Key()
		if is := verdict[key]; is == "" || is == onrecord.Reject || e.Decision.Label == onrecord.Accept {
			verdict[key] = e.Decision.Label
		}
	}
	for _, c := range s.Cases {
		uses = append(uses, s.termsOf(c, posts, verdict)...)
	}
	slices.SortStableFunc(uses, func(a, b TermUse) int { return cmp.Compare(b.Noise(), a.Noise()) })
	return uses
}

func (s Scout) termsOf(c onrecord.Case, posts []onrecord.Post, verdict map[string]onrecord.Label) []TermUse {
	uses := termsIn(c)
	speaker := map[string]string{}
	for _, a := range s.Accounts {
		if slices.Contains(a.Cases, c.ID) {
			who, _ := c.Find(a.Speaker)
			speaker[a.ID] = cmp.Or(who.Name, a.Speaker)
		}
	}
	words, texts := make([]string, len(uses)), make([]string, len(posts))
	for i, u := range uses {
		words[i] = u.Term
	}
	for i, p := range posts {
		texts[i] = p.Title + "\n" + p.Text
	}
	held := make([][]int, len(posts)) // terms by post
	for i, hits := range match.Holding(words, texts) {
		for _, n := range hits {
			who, watched := speaker[posts[n].Account]
			if watched && (uses[i].Of == "" || uses[i].Of != who) {
				held[n] = append(held[n], i)
			}
		}
	}
	for n, terms := range held {
		for _, i := range terms {
			u := &uses[i]
			u.Posts++
			switch verdict[c.ID+"\n"+posts[n].Key()] {
			case onrecord.Accept:
				u.Posted++
			case onrecord.Review:
				u.Waiting++
			default:
				u.Rejected++
				continue
			}
			if len(terms) == 1 {
				u.Alone++
			}
		}
	}
	return uses
}

// termsIn are the terms of a case as it names them.
func termsIn(c onrecord.Case) (uses []TermUse) {
	add := func(kind, term, of string) {
		uses = append(uses, TermUse{Case: c.ID, Kind: kind, Term: term, Of: of, Everyday: match.Everyday(term)})
	}
	for _, p := range c.Everyone() {
		add("name", p.Name, p.Name)
		for _, a := range p.Aliases {
			add("alias", a, p.Name)
		}
	}
	for _, k := range c.Keywords {
		add("keyword", k, "")
	}
	return uses
}

// otherwise compares decisions with stored ones on the same post and case. What a
// person decided, or a model had a part in, is not the rules' to change.
func otherwise(list []Explanation, decided []StoredDecision) (changes []Otherwise) {
	name := func(d StoredDecision) string { return d.Decision.Case + "\n" + d.Speaker + "\n" + d.Post.Key() }
	was := map[string]onrecord.Label{}
	for _, d := range decided {
		asked := slices.ContainsFunc(d.Decision.Reasons, func(r onrecord.Reason) bool { return r.Code == match.Opinion })
		if d.Moderation == "" && !asked {
			was[name(d)] = d.Decision.Label
		}
	}
	for _, e := range list {
		if label, ok := was[name(e.StoredDecision)]; ok && label != e.Decision.Label {
			changes = append(changes, Otherwise{label, e})
		}
	}
	return changes
}

// Speaker is who of the cases an account seems to be: whose name its posts, its handle
// or its host are made of. "": nobody's.
func (s Scout) Speaker(a onrecord.Account, posts []onrecord.Post) string {
	host := ""
	if u, err := url.Parse(a.URL); err == nil {
		host = strings.TrimPrefix(u.Hostname(), "www.")
	}
	seen := []string{a.Handle, host}
	for _, p := range posts[max(0, len(posts)-1):] {
		seen = append([]string{p.Author.Name, p.Author.Handle}, seen...)
	}
	for _, name := range seen {
		for _, c := range s.Cases {
			for _, p := range c.Everyone() {
				for _, n := range append([]string{p.Name}, p.Aliases...) {
					if n = squeezed(n); len(n) >= 4 && strings.Contains(squeezed(name), n) {
						return p.Name
					}
				}
			}
		}
	}
	return ""
}

// squeezed is a name without what handles leave out.
func squeezed(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
