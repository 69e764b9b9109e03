package match

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"

	"onrecord"
)

// Input is a post with what the record knows around it.
type Input struct {
	Post    onrecord.Post
	Speaker string
	Cases   []string // ids of the cases the account is watched for

	// Ids of the cases on which an accepted statement is in the post's thread,
	// is the post it replies to, or is the post it quotes.
	Thread, ReplyTo, Quotes []string
}

// Classify decides for each of in.Cases, in that order, whether the post is the
// speaker's statement on the case, and returns the state after the post. A
// case that is not configured is rejected without evidence.
func (m *Matcher) Classify(in Input, s State) ([]onrecord.Decision, State) {
	s = s.aged(in.Post.Created)
	r := m.features(in)
	scores := make([]*score, len(in.Cases))
	for i, id := range in.Cases {
		scores[i] = m.score(r, id, &s)
	}
	settle(scores)
	decisions := make([]onrecord.Decision, len(scores))
	for i, sc := range scores {
		decisions[i] = sc.decision(m.ruleset)
	}
	s.learn(r, scores)
	return decisions, s
}

// features is a post as it was read, the same for all cases.
type features struct {
	Input
	own     scan              // the post's text
	beside  []scan            // its title, warning and the titles of its links
	answers []scan            // texts of the parent and the quoted post
	talk    [classes][]spoken // words of the lexicons in own and beside, each once
	content []string
	ownWord bool // the words are the speaker's
	words   int  // how many there are in own and beside
	bare    bool // there are none, not even function words
}

// spoken is a word of a lexicon with the text it was found in.
type spoken struct {
	word
	in *scan
}

func (m *Matcher) features(in Input) *features {
	p := in.Post
	r := &features{Input: in, own: m.read(p.Text, p.Lang), bare: true}
	r.own.spans = true
	r.ownWord = p.OwnWords() && !copied(p)
	r.content = contentWords(&r.own)
	read := func(into *[]scan, text, tag, where string) {
		if text != "" {
			s := m.read(text, tag)
			s.where = where
			*into = append(*into, s)
		}
	}
	read(&r.beside, p.Title, p.Lang, "")
	read(&r.beside, p.Warning, p.Lang, "")
	for _, l := range p.Links {
		read(&r.beside, l.Title, p.Lang, "link")
	}
	if p.ReplyTo != nil {
		read(&r.answers, p.ReplyTo.Text, "", "parent")
	}
	if p.Quotes != nil {
		read(&r.answers, p.Quotes.Text, "", "quoted")
	}
	for t := range r.texts() {
		r.words += t.words
		r.bare = r.bare && t.bare
		for _, w := range t.lexical {
			if !slices.ContainsFunc(r.talk[w.class], func(o spoken) bool { return o.entry == w.entry }) {
				r.talk[w.class] = append(r.talk[w.class], spoken{w, t})
			}
		}
	}
	return r
}

// texts are those whose words are the post's.
func (r *features) texts() iter.Seq[*scan] {
	return func(yield func(*scan) bool) {
		if !yield(&r.own) {
			return
		}
		for i := range r.beside {
			if !yield(&r.beside[i]) {
				return
			}
		}
	}
}

// copied recognises the old form of a repost, which some places still write
// into the text, at times without a space after the handle. An author's copy of
// their own words is theirs.
func copied(p onrecord.Post) bool {
	of, ok := strings.CutPrefix(p.Text, "RT @")
	if !ok {
		return strings.HasPrefix(p.Text, "RT: ")
	}
	by, _, found := strings.Cut(of, ":")
	return !found || p.Author.Handle == "" || !strings.EqualFold(by, p.Author.Handle)
}

// settle gives what speaks of courts in general to the case that is named best,
// and holds back what leads no other case by a clear margin. A post may belong
// to two cases when it names each.
func settle(scores []*score) {
	if len(scores) < 2 {
		return
	}
	lead := slices.MaxFunc(scores, func(a, b *score) int { return cmp.Compare(a.anchor, b.anchor) })
	for _, sc := range scores {
		if sc.anchor < named && lead.anchor > sc.anchor && sc.shared > 0 {
			sc.add(rivalCase, -sc.shared, onrecord.Reason{Text: lead.id})
		}
	}
	before := make([]float64, len(scores))
	for i, sc := range scores {
		before[i] = sc.total
	}
	for i, sc := range scores {
		if !sc.accepted() { // nothing to hold back
			continue
		}
		for j, o := range scores {
			if i != j && sc.anchor < named && o.anchor >= sc.anchor && before[j] > before[i]-margin {
				sc.hold(rivalCase, onrecord.Reason{Text: o.id})
			}
		}
	}
}

const (
	named  = 1.0 // an anchor of this weight names a case
	margin = 1.0 // by which a case that is not named must lead the others
)

func (sc *score) decision(ruleset string) onrecord.Decision {
	d := onrecord.Decision{Case: sc.id, Label: onrecord.Reject, Score: hundredths(sc.total), Reasons: sc.evidence, Ruleset: ruleset}
	switch {
	case !sc.known:
	case d.Score >= acceptLine:
		d.Label = onrecord.Accept
	case d.Score >= reviewLine:
		d.Label = onrecord.Review
	}
	return d
}

func (sc *score) accepted() bool { return sc.known && hundredths(sc.total) >= acceptLine }

// hundredths rounds a weight, so that what people read adds up.
func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

const (
	// A post of its own teaches how often the speaker speaks on the case from
	// this weight of text on, starts a burst, and teaches the profile. Context
	// teaches nothing: one wrong decision would breed the next.
	teachesPrior, startsBurst, teachesWords = 2.6, 2.9, 3.3
	// A post with less text than this carries no run on.
	carriesRun = 1.0
)

// learn takes the post into the state.
func (s *State) learn(r *features, scores []*score) {
	s.Posts++
	said := RecentPost{Account: r.Post.Account, At: r.Post.Created, To: repliesTo(r.Post)}
	accepted := false
	for _, sc := range scores {
		if !sc.known {
			continue
		}
		if r.ownWord && sc.anchor >= named && sc.text >= teachesPrior {
			s.inCase(sc.id).Anchored++
		}
		if !sc.accepted() {
			continue
		}
		accepted = true
		if sc.text >= carriesRun {
			said.Cases = append(said.Cases, sc.id)
		}
		if sc.anchor >= named && sc.text >= startsBurst && r.Post.Created.After(s.learned(sc.id).Last) {
			s.inCase(sc.id).Last = r.Post.Created
		}
		if sc.anchor >= named && sc.text >= teachesWords {
			s.inCase(sc.id).learn(r.content)
		}
	}
	if !accepted {
		s.learnOther(r, scores)
	}
	s.Recent = append(s.Recent, said)
	s.trim()
}

// Teach takes a person's verdict on a post into the state: its words are those
// of a statement on the case, or are unlike them. Somebody else's words teach
// nothing of how the speaker speaks.
func (m *Matcher) Teach(p onrecord.Post, caseID string, statement bool, s State) State {
	s = s.aged(s.At)
	r := m.features(Input{Post: p})
	if _, known := m.byID[caseID]; !known || !r.ownWord {
		return s
	}
	if c := s.inCase(caseID); statement {
		c.learn(r.content)
	} else {
		c.learnNegative(r.content)
	}
	s.trim()
	return s
}

// learnOther takes in a post on no case: its terms are less telling from now on.
func (s *State) learnOther(r *features, scores []*score) {
	s.Others++
	terms := map[string]bool{}
	for _, sc := range scores {
		maps.Copy(terms, sc.terms)
	}
	for i := range s.Cases {
		if slices.ContainsFunc(scores, func(sc *score) bool { return sc.known && sc.id == s.Cases[i].ID }) {
			s.Cases[i].learnNegative(r.content)
		}
	}
	for c := legal; c < noise; c++ {
		for _, w := range r.talk[c] {
			terms[w.entry.text] = true
		}
	}
	if len(r.talk[legal])+len(r.talk[outcome]) > 0 {
		terms[talkTerm] = true
	}
	for t := range terms { // each adds one, so the order does not matter
		s.count(t)
	}
}
