package match

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

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

	Events map[string][]onrecord.Event // by case: what happened in it, besides what is configured
	Others map[string]time.Time        // by case: when another speaker last made a statement on it

	read     *features // of the post, when it was read before: see [Matcher.Prepare]
	learning bool      // how strong each kind of evidence is, is kept: see [Matcher.Study]
}

// Classify decides for each of in.Cases, in that order, whether the post is the
// speaker's statement on the case, and returns the state after the post. A
// case that is not configured is rejected without evidence.
func (m *Matcher) Classify(in Input, s State) ([]onrecord.Decision, State) {
	scores, s := m.classify(in, s)
	decisions := make([]onrecord.Decision, len(scores))
	for i, sc := range scores {
		decisions[i] = sc.decision(in.Cases[i], m.ruleset)
	}
	return decisions, s
}

// classify scores a post on each of in.Cases.
func (m *Matcher) classify(in Input, s State) ([]*score, State) {
	s = s.aged(in.Post.Created)
	r := m.question(in, &s)
	scores, distinct := make([]*score, len(in.Cases)), make([]*score, 0, min(len(in.Cases), 8))
	for i, n := range r.asked {
		if n < 0 {
			scores[i] = &score{id: in.Cases[i]}
			continue
		}
		c := &m.cases[n]
		near := nearest(c.Events, in.Post.Created)
		if len(in.Events) > 0 {
			near = min(near, nearest(in.Events[c.ID], in.Post.Created))
		}
		like, alone := r.likeness(c, near)
		if !alone {
			scores[i] = r.alike.find(like)
		}
		if scores[i] == nil {
			scores[i] = m.score(r, c, near, &s)
			distinct = append(distinct, scores[i])
			if !alone {
				scores[i].spoken = like.said != 0
				r.alike.add(like, scores[i])
			}
		}
		scores[i].cases++
	}
	if len(in.Cases) > 1 && len(distinct) > 0 {
		cede(distinct)
		distinct = apart(in.Cases, scores)
		holdRivals(distinct)
	}
	s.learn(r, distinct)
	return scores, s
}

// question is a post that is judged, with what is the same for all cases.
type question struct {
	Input
	*features
	speech   speech             // what the words of lexicons weigh in the stream
	who      string             // the speaker in small letters
	lately   map[string]float64 // by case: which share of the speaker's last posts was on it
	moments  map[string]float64 // by case: how likely the posts moments before were on it
	run      map[string]reached // by case: the statement moments before that it may go on from
	around   map[string]int     // cases that something was learned of: where in the state; -1: others that something around the post is about
	asked    []int              // the cases, by their indexes; -1: not configured
	said     []int              // see saidOf
	singles  []bool             // see singlesOf
	alike    alike
	found    candidates // of one case after the other, like what follows
	strength []float64
	reasons  []onrecord.Reason
	kept     []onrecord.Reason // room for those of the next cases
}

func (m *Matcher) question(in Input, s *State) *question {
	r := &question{Input: in, features: in.read, who: strings.ToLower(in.Speaker), around: make(map[string]int, len(s.Cases)), strength: make([]float64, places)}
	if r.features == nil {
		r.features = m.features(in.Post)
	}
	r.speech = r.speechIn(s)
	r.run, r.lately, r.moments = r.goingOn(s), s.lately(in.Post.Created), r.besideLikely(s)
	for id := range r.lately {
		r.around[id] = -1
	}
	for id := range r.moments {
		r.around[id] = -1
	}
	for id := range r.Others {
		if r.others(id) > .05 {
			r.around[id] = -1
		}
	}
	for id := range r.run {
		r.around[id] = -1
	}
	for _, cases := range [...][]string{r.Thread, r.ReplyTo, r.Quotes} {
		for _, id := range cases {
			r.around[id] = -1
		}
	}
	for i := range s.Cases {
		r.around[s.Cases[i].ID] = i
	}
	r.asked = m.indexes(r.Cases)
	if len(r.Cases) > 1 {
		r.said, r.singles = m.saidOf(r), m.singlesOf(r)
	}
	return r
}

// indexes are those of cases; -1: it is not configured.
func (m *Matcher) indexes(ids []string) []int {
	all := make([]int, len(ids))
	for i, id := range ids {
		n, known := m.byID[id]
		if !known {
			n = -1
		}
		all[i] = n
	}
	return all
}

// features is a post as it was read, the same for all cases and whoever asks.
type features struct {
	own     scan              // the post's text
	beside  []scan            // its title, warning and the titles of its links
	answers []scan            // texts of the parent and the quoted post
	talk    [classes][]spoken // words of the lexicons in own and beside, each once
	content []string
	heard   []string // the same of answers
	to      []string // who wrote what it answers and quotes
	quoted  int      // percent of the text that stands in quotation marks
	goesOn  bool     // it shows that it goes on from something
	words   int      // how many there are in own and beside
	bare    bool     // there are none, not even function words
	copied  bool     // it is written as a repost of somebody's words
	strange []int    // tokens of own that are names beside language of courts
	judges  []int    // and those that are names of judges
}

// spoken is a word of a lexicon with the text it was found in.
type spoken struct {
	word
	in *scan
}

func (m *Matcher) features(p onrecord.Post) *features {
	r := &features{own: m.read(p.Text, p.Lang), bare: true}
	r.own.spans = true
	r.content = contentWords(&r.own)
	r.goesOn = r.own.goesOn()
	r.quoted = quotedShare(p.Text)
	r.strange, r.judges = r.own.strangeNames(), r.own.judges()
	r.copied = strings.HasPrefix(p.Text, "RT @")
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
		if !strings.Contains(p.Text, l.URL) { // publishers write headlines into addresses
			read(&r.beside, l.URL, p.Lang, "link")
		}
	}
	if p.ReplyTo != nil {
		read(&r.answers, p.ReplyTo.Text, "", "parent")
	}
	if p.Quotes != nil {
		read(&r.answers, p.Quotes.Text, "", "quoted")
	}
	for _, ref := range []*onrecord.Ref{p.ReplyTo, p.Quotes} {
		if ref != nil && ref.Account != "" {
			r.to = append(r.to, handle(ref.Account))
		}
	}
	for i := range r.answers {
		r.heard = append(r.heard, contentWords(&r.answers[i])...)
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

// handle is how somebody of a case is known by an account.
func handle(account string) string {
	return "@" + strings.ToLower(strings.TrimPrefix(account[strings.LastIndex(account, ":")+1:], "@"))
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

// all are those and what the post answers and quotes.
func (r *features) all() iter.Seq[*scan] {
	return func(yield func(*scan) bool) {
		for t := range r.texts() {
			if !yield(t) {
				return
			}
		}
		for i := range r.answers {
			if !yield(&r.answers[i]) {
				return
			}
		}
	}
}

// ownWords reports whether a post's words are its speaker's. Some places still
// write the old form of a repost into the text, at times without a space after
// the handle; who reposts itself says it again.
func ownWords(p *onrecord.Post, speaker string, c *compiled) bool {
	if !p.OwnWords() {
		return false
	}
	rest, copied := strings.CutPrefix(p.Text, "RT @")
	if !copied {
		return !strings.HasPrefix(p.Text, "RT: ")
	}
	of := strings.ToLower(rest[:len(rest)-len(strings.TrimLeftFunc(rest, isHandle))])
	return of != "" && (of == strings.ToLower(p.Author.Handle) || slices.Contains(c.bears(speaker), of))
}

func isHandle(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// cede gives what speaks of courts in general to the case that is named best.
func cede(scores []*score) {
	lead := slices.MaxFunc(scores, func(a, b *score) int { return cmp.Compare(a.anchor, b.anchor) })
	for _, sc := range scores {
		if sc.anchor < named && lead.anchor > sc.anchor && sc.shared > 0 {
			sc.add(rivalCase, -sc.shared, onrecord.Reason{Text: lead.id})
		}
	}
}

// holdRivals holds back what leads no other case by a clear margin. A post may belong
// to two cases when it names each.
func holdRivals(scores []*score) {
	before := make([]float64, len(scores))
	for i, sc := range scores {
		before[i] = sc.total
	}
	for i, sc := range scores {
		switch {
		case !sc.accepted(): // nothing to hold back
		case sc.cases > 1: // as likely on each
			sc.hold(rivalCase, onrecord.Reason{})
		case sc.anchor < named:
			for j, o := range scores {
				if i != j && o.anchor >= sc.anchor && before[j] > before[i]-margin {
					sc.hold(rivalCase, onrecord.Reason{Text: o.id})
					break // one is enough
				}
			}
		}
	}
}

const (
	named  = 1.0 // an anchor of this weight names a case
	margin = 1.0 // by which a case that is not named must lead the others
)

func (sc *score) decision(id, ruleset string) onrecord.Decision {
	d := onrecord.Decision{Case: id, Label: onrecord.Reject, Score: hundredths(sc.total), Reasons: slices.Clip(sc.evidence), Ruleset: ruleset}
	switch {
	case !sc.known:
	case d.Score >= acceptLine:
		d.Label = onrecord.Accept
	case d.Score >= sc.w.Review:
		d.Label = onrecord.Review
	}
	return d
}

func (sc *score) accepted() bool { return sc.known && hundredths(sc.total) >= acceptLine }

// hundredths rounds a weight, so that what people read adds up.
func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

// learn takes the post into the state. Only what names the case by its own words
// teaches what a statement is like: one wrong decision would breed the next.
func (s *State) learn(r *question, scores []*score) {
	s.Posts++
	said := RecentPost{Account: r.Post.Account, At: r.Post.Created, To: repliesTo(&r.Post), Likely: likeliest(scores)}
	background := true
	var named []*score
	for _, sc := range scores {
		if !sc.known {
			continue
		}
		background = background && !(sc.share >= namedShare && sc.accepted()) && (sc.heat < coolBelow || sc.law <= lawless)
		switch {
		case sc.total >= sc.w.Review && sc.own && sc.byName:
			named = append(named, sc)
		case sc.total < sc.w.Review && s.learned(sc.id).Statements > 0:
			s.inCase(sc.id).learnNegative(r.content)
		}
	}
	if len(named) > caseLimit { // of no more cases anything is remembered
		slices.SortStableFunc(named, func(a, b *score) int { return cmp.Compare(b.total, a.total) })
		named = named[:caseLimit]
	}
	for _, sc := range named {
		c := s.inCase(sc.id)
		if !sc.accepted() {
			c.Anchored += .5
			continue
		}
		c.Anchored++
		said.Cases = append(said.Cases, sc.id)
		said.Words = r.content[:min(len(r.content), sameWordsMost)]
		if r.Post.Created.After(c.Last) {
			c.Last = r.Post.Created
		}
		c.learn(r.content)
	}
	if background {
		s.learnOther(r, scores)
	}
	s.Recent = append(s.Recent, said)
	s.trim()
}

// likeliest are the few cases that a post may well be on, and how likely it is on each.
func likeliest(scores []*score) map[string]float64 {
	var list []*score
	for _, sc := range scores {
		if sc.known && sc.cases == 1 && sc.likelihood() >= likelyFrom {
			list = append(list, sc)
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b *score) int { return cmp.Compare(b.total, a.total) })
	likely := map[string]float64{}
	for _, sc := range list[:min(len(list), likelyMost)] {
		likely[sc.id] = hundredths(sc.likelihood())
	}
	return likely
}

// likelyFrom is a little above where review begins; of likelyMost cases that is remembered.
const likelyFrom, likelyMost = .2, 3

// likelihood is even halfway between acceptance and review.
func (sc *score) likelihood() float64 { return 1 / (1 + math.Exp(-1-sc.total)) }

// Teach takes a person's verdict on a post into the state: its words are those
// of a statement on the case, or are unlike them. Somebody else's words teach
// nothing of how the speaker speaks.
func (m *Matcher) Teach(p onrecord.Post, caseID string, statement bool, s State) State {
	s = s.aged(s.At)
	r := m.features(p)
	if n, known := m.byID[caseID]; !known || !ownWords(&p, "", &m.cases[n]) {
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
// While a case is on the speaker's mind only what has nothing of law in it is: the
// rest is not the background that statements stand out from, and that we rejected it
// is no evidence that it is common.
func (s *State) learnOther(r *question, scores []*score) {
	s.Others++
	terms := map[string]bool{}
	for _, sc := range scores {
		for _, t := range sc.terms {
			terms[t] = true
		}
	}
	for _, c := range []class{legal, outcome, weak, answer, blame, repeating, opposing} {
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
