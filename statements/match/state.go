package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// State is what a speaker's stream has taught so far. It is bounded and
// serialisable; the zero State is a speaker never seen. Judge takes one and
// returns the next, and never changes the one it was given.
type State struct {
	At     time.Time    `json:"at"`               // of the newest post
	Posts  float64      `json:"posts"`            // all posts; half-life priorHalfLife
	Others float64      `json:"others"`           // posts on no case; half-life streamHalfLife
	Terms  []Tally      `json:"terms,omitempty"`  // how many of Others held a term; sorted by term
	Cases  []CaseState  `json:"cases,omitempty"`  // sorted by id
	Recent []RecentPost `json:"recent,omitempty"` // newest last
}

// Tally is how often a term was used.
type Tally struct {
	Term string  `json:"t"`
	N    float64 `json:"n"`
}

// CaseState is what was learned about a speaker and one case.
type CaseState struct {
	ID         string    `json:"id"`
	Anchored   float64   `json:"anchored"`         // posts that name the case by their own text; half-life priorHalfLife
	Last       time.Time `json:"last"`             // newest statement that stood on its own text
	Statements float64   `json:"statements"`       // those the profile was learned from; half-life streamHalfLife
	Words      []Learned `json:"words,omitempty"`  // the profile; sorted by word
	Taught     []Taught  `json:"taught,omitempty"` // by persons; sorted by code
}

// RecentPost is one of the speaker's last posts.
type RecentPost struct {
	Account string             `json:"account"`
	At      time.Time          `json:"at"`
	To      string             `json:"to,omitempty"`     // whom it replied to
	Cases   []string           `json:"cases,omitempty"`  // on which it was accepted with evidence of its own
	Words   []string           `json:"words,omitempty"`  // of those posts: what they are about
	Likely  map[string]float64 `json:"likely,omitempty"` // cases it may well be on, and how likely
}

const (
	priorHalfLife  = 96 * time.Hour
	streamHalfLife = 30 * 24 * time.Hour

	termLimit   = 160 // a speaker uses fewer of a case's terms and of the lexicon than that
	wordLimit   = 100 // of all profiles together
	caseLimit   = 16
	recentLimit = 12 // more than a run of posts that context can reach back over

	// A term used in one of ten posts on other things tells nothing; one used
	// in less than one of 500 tells all it can.
	commonShare, rareShare = .1, .002
	// Likewise for speaking of courts at all, which some speakers do daily.
	commonTalk, rareTalk = .3, .01
	// streamDoubt is how many posts the expectation is worth: the stream speaks
	// for itself only once it is longer.
	streamDoubt = 40

	coldPrior, warmPrior = -3.9, -.7

	sameWordsMost = 16 // words of a statement that what goes on from it is compared with
)

// talkTerm counts posts with any language of courts. No term holds a space at
// its end.
const talkTerm = "courts "

// aged returns a copy as of a later time. A post older than the newest ages
// nothing.
func (s State) aged(now time.Time) State {
	s.Terms, s.Cases = slices.Clone(s.Terms), slices.Clone(s.Cases)
	s.Recent = append(make([]RecentPost, 0, len(s.Recent)+1), s.Recent...) // with room for the next one
	fast, slow := 1.0, 1.0
	if now.After(s.At) {
		if !s.At.IsZero() {
			fast = math.Exp2(-float64(now.Sub(s.At)) / float64(priorHalfLife))
			slow = math.Exp2(-float64(now.Sub(s.At)) / float64(streamHalfLife))
		}
		s.At = now
	}
	s.Posts *= fast
	s.Others *= slow
	for i := range s.Terms {
		s.Terms[i].N *= slow
	}
	for i := range s.Cases {
		s.Cases[i] = s.Cases[i].aged(fast, slow)
	}
	return s
}

func (c CaseState) aged(fast, slow float64) CaseState {
	c.Anchored *= fast
	c.Statements *= slow
	c.Words, c.Taught = slices.Clone(c.Words), slices.Clone(c.Taught)
	for i := range c.Words {
		c.Words[i].Yes *= slow
		c.Words[i].No *= slow
		c.Words[i].Since *= slow
	}
	return c
}

func byID(c CaseState, id string) int { return strings.Compare(c.ID, id) }

// learned returns what was learned of a case; blank when nothing was.
func (s *State) learned(id string) CaseState {
	if i, ok := slices.BinarySearchFunc(s.Cases, id, byID); ok {
		return s.Cases[i]
	}
	return CaseState{ID: id}
}

// inCase returns what was learned of a case, for changing. An account may be
// watched for many cases, so it is asked for those only that there is something
// to learn of.
func (s *State) inCase(id string) *CaseState {
	i, ok := slices.BinarySearchFunc(s.Cases, id, byID)
	if !ok {
		s.Cases = slices.Insert(s.Cases, i, CaseState{ID: id})
	}
	return &s.Cases[i]
}

func byTerm(t Tally, term string) int { return strings.Compare(t.Term, term) }

// count notes that a post on no case held a term.
func (s *State) count(term string) {
	i, ok := slices.BinarySearchFunc(s.Terms, term, byTerm)
	if !ok {
		s.Terms = slices.Insert(s.Terms, i, Tally{Term: term})
	}
	s.Terms[i].N++
}

// rarity is how much of its weight a term keeps in this speaker's stream, from
// 0 to 1, when it is expected in a share of posts on other things.
func (s *State) rarity(term string, expected float64) float64 {
	return s.scale(term, expected, commonShare, rareShare)
}

// courtTalk is how much of its weight the language of courts keeps.
func (s *State) courtTalk() float64 { return s.scale(talkTerm, rareTalk, commonTalk, rareTalk) }

func (s *State) scale(term string, expected, common, rare float64) float64 {
	n := 0.0
	if i, ok := slices.BinarySearchFunc(s.Terms, term, byTerm); ok {
		n = s.Terms[i].N
	}
	share := (n + streamDoubt*expected) / (s.Others + streamDoubt)
	return min(1, max(0, math.Log(common/share)/math.Log(common/rare)))
}

// prior is the log-odds of a post being on the case before it is read: the
// share of posts that were, with a little doubt added to both counts.
func (s *State) prior(c CaseState) float64 {
	p := (c.Anchored + 1) / (s.Posts + 24)
	return max(coldPrior, min(warmPrior, math.Log(p/max(.01, 1-p))))
}

// trim keeps the state small: what says least is forgotten first, and counts
// are rounded so that they stay short on disk.
func (s *State) trim() {
	s.Terms = leastOut(s.Terms, termLimit, func(t Tally) float64 { return t.N })
	s.Cases = leastOut(s.Cases, caseLimit, func(c CaseState) float64 { return float64(c.Last.Unix()) })
	for i := range s.Terms {
		s.Terms[i].N = rounded(s.Terms[i].N)
	}
	for i := range s.Cases {
		c := &s.Cases[i]
		c.Words = leastOut(c.Words, wordLimit/len(s.Cases), Learned.value)
		c.Anchored, c.Statements = rounded(c.Anchored), rounded(c.Statements)
		for j := range c.Words {
			w := &c.Words[j]
			w.Yes, w.No, w.Since = rounded(w.Yes), rounded(w.No), rounded(w.Since)
		}
	}
	s.Posts, s.Others = rounded(s.Posts), rounded(s.Others)
	s.Recent = s.Recent[max(0, len(s.Recent)-recentLimit):]
}

// leastOut drops the items of the least value until there are few enough.
func leastOut[T any](items []T, limit int, value func(T) float64) []T {
	if len(items) <= limit {
		return items
	}
	order := make([]int, len(items)) // the least first, of equals the first
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(value(items[a]), value(items[b])) })
	keep := order[len(items)-limit:]
	slices.Sort(keep)
	for n, i := range keep {
		items[n] = items[i]
	}
	return items[:limit]
}

func rounded(x float64) float64 { return math.Round(x*1000) / 1000 }
