package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"onrecord"
)

// score is the evidence for one case while it is gathered.
type score struct {
	id       string
	cases    int  // how many have it, since nothing is about any of them
	known    bool // the case is configured
	spoken   bool // they are alike by what is said of them
	w        *Weights
	strength []float64 // of each of [Places]; shared by all cases of the post unless somebody learns weights from it
	own      bool      // the words are the speaker's
	wordless bool      // there are none
	linked   bool      // it stands in a thread, reply or quotation with a statement, or answers what is on the case
	byAnchor bool      // or what surely stands in for them
	byName   bool      // they name the case: see named
	share    float64   // of the best of what names this very case
	subject  float64   // likewise, but for who is on the other side
	heat     float64   // how much the case is on the speaker's mind: 1 at once after a statement or an event
	law      float64   // how much it speaks of courts and law, from 0 to 1
	blame    float64   // and how much it denounces
	whole    float64   // total, before rules hold it back
	held     bool      // a rule keeps it from being accepted
	buried   bool      // and one from being reviewed
	total    float64
	evidence []onrecord.Reason
	text     float64   // what the post's own words weigh
	anchor   float64   // of it, what names this very case
	shared   float64   // of it, what speaks of courts in general
	terms    []string  // of the case, that occurred
	few      [4]string // room for those
}

// weigh adds the match of a kind that stands at a place, 1 being the strongest there can be.
func (sc *score) weigh(k kind, place int, strength float64, e onrecord.Reason) float64 {
	sc.strength[offsets[k]+place] += strength
	return sc.add(k, sc.w.of[k][place]*strength, e)
}

// add adds one piece of evidence.
func (sc *score) add(k kind, weight float64, e onrecord.Reason) float64 {
	weight = hundredths(weight)
	if weight == 0 {
		return 0
	}
	e.Code, e.Name, e.Weight = table[k].Code, table[k].Name, weight
	sc.total += weight
	sc.evidence = append(sc.evidence, e)
	return weight
}

// hold keeps a case from being accepted by its score, with the reason.
func (sc *score) hold(k kind, e onrecord.Reason) {
	sc.held = true
	sc.holdBelow(acceptLine, k, e)
}

func (sc *score) holdBelow(line float64, k kind, e onrecord.Reason) {
	if over := hundredths(sc.total) - line; over >= 0 {
		sc.add(k, -over-.01, e)
	}
}

// candidate is a match of a kind of evidence: which thing it is about, and
// which share of the full weight it has.
type candidate struct {
	about  string
	share  float64
	common bool // a keyword that is said every day, or a name that very many bear: it names nothing alone
	onrecord.Reason
}

func byShare(a, b candidate) int { return cmp.Compare(b.share, a.share) }

// candidates are matches by kind, the strongest for each thing.
type candidates [kinds][]candidate

func (cs *candidates) clear() {
	for k := range cs {
		cs[k] = cs[k][:0]
	}
}

// anchorKinds are what names this very case, the surest first.
var anchorKinds = [...]kind{identifier, caseTitle, casePerson, caseKeyword, otherSide, soundsLike}

func (cs *candidates) keep(k kind, c candidate) {
	for i, o := range cs[k] {
		if o.about == c.about {
			if c.share > o.share {
				cs[k][i] = c
			}
			return
		}
	}
	cs[k] = append(cs[k], c)
}

// series adds the candidates of a kind with falling weights and returns what
// they came to.
func (sc *score) series(k kind, cs []candidate) (sum float64) {
	if len(cs) > 1 {
		slices.SortStableFunc(cs, byShare)
	}
	for i := range cs[:min(len(cs), len(table[k].Start))] {
		sum += sc.weigh(k, i, cs[i].share, cs[i].Reason)
	}
	return sum
}

// score gathers the evidence for one case, always in the same order, so that
// a replay gives the same sum to the last bit.
func (m *Matcher) score(r *question, c *compiled, away time.Duration, s *State) *score {
	var learned CaseState
	if i, ok := r.around[c.ID]; ok && i >= 0 {
		learned = s.Cases[i]
	}
	near := nearness(away)
	sc := &score{id: c.ID, known: true, w: m.weights, strength: r.strength, evidence: r.reasons[:0], heat: near}
	clear(sc.strength)
	sc.terms = sc.few[:0]
	if !learned.Last.IsZero() {
		sc.heat = max(near, halved(max(0, r.Post.Created.Sub(learned.Last)), heatHalfLife))
	}
	sc.own = ownWords(&r.Post, r.Speaker, c)
	sc.prior(s.prior(learned))
	sc.names(r, c, s)
	sc.talk(r)
	sc.strangers(m, r, c)
	sc.otherJudge(m, r, c)
	sc.announcing(r, c)
	sc.profile(r, learned)
	sc.around(r, c, s, learned)
	sc.hot()
	if near > .1 {
		sc.weigh(nearEvent, 0, near, onrecord.Reason{})
	}
	sc.taught(learned)
	sc.form(r, c)
	sc.byName = sc.named()
	r.reasons = sc.evidence[:0]
	sc.evidence = r.keep(sc.evidence)
	if r.learning {
		sc.strength = slices.Clone(sc.strength)
	}
	return sc
}

// keep copies the reasons of a case, with room for one more where it has a rival.
// Those of many cases share their memory.
func (r *question) keep(reasons []onrecord.Reason) []onrecord.Reason {
	n := len(reasons) + 1
	if cap(r.kept)-len(r.kept) < n {
		r.kept = make([]onrecord.Reason, 0, n*min(8, len(r.Cases)))
	}
	at := len(r.kept)
	r.kept = append(r.kept, reasons...)
	r.kept = r.kept[:at+n]
	return r.kept[at : at+n-1 : at+n]
}

// heatHalfLife is that of how much a case is on the mind of who spoke on it. Below
// coolBelow of it a stream is on its everyday subjects, and so is a post with no
// more of law in it than lawless.
const heatHalfLife, coolBelow, lawless = 12 * time.Hour, .25, .15

// prior is one reason of two weights: what any post starts from, and how much
// the stream's own share of statements moves that.
func (sc *score) prior(odds float64) {
	sc.strength[offsets[prior]], sc.strength[offsets[prior]+1] = 1, odds
	sc.add(prior, sc.w.of[prior][0]+sc.w.of[prior][1]*odds, onrecord.Reason{})
}

// names gathers what names the case, or another matter, in the post's words.
func (sc *score) names(r *question, c *compiled, s *State) {
	speaker := -2 // not looked for yet
	found := &r.found
	found.clear()
	for t := range r.texts() {
		dilution := t.dilution(keywordLength)
		for i := range r.hits(t, c) {
			h := &t.hits[i]
			uses := h.of(c.n)
			for j := range uses {
				u := &uses[j]
				if speaker < -1 {
					speaker = c.speaker(r.who)
				}
				k, ok := c.kindOf(u, speaker)
				if !ok || t.inside(h, c.n, u.role) || !t.written(h, u) {
					continue
				}
				if !slices.Contains(sc.terms, h.key) {
					sc.terms = append(sc.terms, h.key)
				}
				if share := t.share(h, u, k, dilution, s); share > 0 {
					found.keep(k, candidate{about: u.about(h), share: share, common: u.role == keyword && u.expect >= commonName, Reason: t.evidence(h.start, h.end)})
				}
			}
		}
		if start, end, ok := t.caption(c); ok {
			found.keep(identifier, candidate{about: "caption", share: 1, Reason: t.evidence(start, end)})
		}
	}
	found.once()
	common := 0.0 // two words that many bear name a case together
	for _, k := range anchorKinds {
		for i := range found[k] {
			c := &found[k][i]
			share := c.share
			if c.common {
				share, common = min(common, c.share), max(common, c.share)
			}
			sc.share = max(sc.share, share)
			if k != otherSide && k != soundsLike {
				sc.subject = max(sc.subject, share)
			}
		}
	}
	sc.anchor = sc.series(identifier, found[identifier])
	identified := sc.anchor > 0
	for _, k := range anchorKinds[1:] {
		sc.anchor += sc.series(k, found[k])
	}
	sc.text = sc.anchor
	sc.shared = sc.series(courtKeyword, found[courtKeyword])
	sc.text += sc.shared
	for _, k := range []kind{coParty, caseContext} {
		sc.text += sc.series(k, found[k])
	}
	if !identified {
		if sc.share >= namedShare {
			for i := range found[otherMatter] {
				found[otherMatter][i].share *= .5
			}
		}
		sc.text += sc.series(otherMatter, found[otherMatter])
	}
}

// once drops a keyword that is the name of a person of the case, and a name of
// the other side that is a keyword: the same word is one piece of evidence.
func (cs *candidates) once() {
	same := func(list []candidate) func(candidate) bool {
		return func(c candidate) bool {
			return slices.ContainsFunc(list, func(o candidate) bool { return strings.EqualFold(o.Text, c.Text) })
		}
	}
	cs[caseKeyword] = slices.DeleteFunc(cs[caseKeyword], same(cs[casePerson]))
	cs[otherSide] = slices.DeleteFunc(cs[otherSide], same(cs[caseKeyword]))
}

// kindOf says what a term of the case is evidence of, from this speaker.
func (c *compiled) kindOf(u *use, speaker int) (kind, bool) {
	switch u.role {
	case docket:
		return identifier, true
	case title:
		return caseTitle, true
	case keyword, family:
		if u.common {
			return courtKeyword, true
		}
		return caseKeyword, true
	case judge:
		return casePerson, true
	case context:
		return caseContext, true
	case excluded:
		return otherMatter, true
	}
	switch {
	case u.person == speaker:
		return 0, false // its own name says nothing
	case u.sounds:
		return soundsLike, true
	case speaker >= 0 && c.sides[u.person] == c.sides[speaker] && !c.lawyers[u.person]:
		return coParty, true
	case u.person >= len(c.Parties):
		return casePerson, true
	}
	return otherSide, true
}

// about is the thing a use speaks of: a person by any name, or the term.
func (u *use) about(h *hit) string {
	switch {
	case u.role == name:
		return u.who
	case u.says != "":
		return u.says
	}
	return h.key
}

const (
	// keywordLength and talkLength are how many words a text may have until a
	// keyword, or a word of the lexicons, begins to lose weight in it.
	keywordLength, talkLength = 60, 40

	lowerCase   = .4 // of a name that is written with a capital
	addressee   = .5 // of a handle in front of a reply: whom it answers, not what it speaks of
	symbolShare = .5 // of a name of one or two letters
	familyShare = .6 // of a word of a keyword's family
)

// share is how much of the full weight a hit has.
func (t *scan) share(h *hit, u *use, k kind, dilution float64, s *State) float64 {
	if k == identifier || k == otherMatter {
		return 1
	}
	share := u.share * s.rarity(h.key, max(rareShare, u.expect))
	if u.cased && !h.capital {
		share *= lowerCase
	}
	if u.plain && !t.named(h) {
		return 0
	}
	if u.symbol {
		share *= symbolShare
	}
	if u.role == family {
		share *= familyShare
	}
	if u.role == name && t.leading(h) {
		share *= addressee
	}
	if k == caseKeyword || k == courtKeyword {
		share *= dilution
	}
	return share
}

// dilution is the share of weight a word keeps in a long text, where words of
// every kind turn up.
func (t *scan) dilution(length float64) float64 {
	return min(1, math.Sqrt(length/float64(1+t.words)))
}

// spokenKinds are the kinds of evidence that the words of lexicons are.
var spokenKinds = []struct {
	kind    kind
	classes []class
}{
	{legalTalk, []class{legal, outcome}}, {lawTalk, []class{weak}}, {answering, []class{answer}}, {blaming, []class{blame}}, {again, []class{repeating}}, {opponent, []class{opposing}},
}

// speech is what the words of lexicons in a post are evidence of, by kind: the same
// for all cases.
type speech = candidates

// speechIn weighs the words of lexicons by how common they are in the stream.
func (r *features) speechIn(s *State) (found speech) {
	for _, w := range r.talk[noise] {
		found[promotion] = append(found[promotion], candidate{share: 1, Reason: w.in.evidence(w.start, w.end)})
	}
	most := s.courtTalk()
	for _, k := range spokenKinds {
		for _, c := range k.classes {
			for _, w := range r.talk[c] {
				share := min(most, s.rarity(w.entry.text, rareShare)) * w.in.dilution(talkLength)
				found[k.kind] = append(found[k.kind], candidate{share: share, Reason: w.in.evidence(w.start, w.end)})
			}
		}
	}
	return found
}

// talk gathers the language of courts, law, answers and promotion.
func (sc *score) talk(r *question) {
	before := sc.total
	for _, k := range spokenKinds {
		sc.series(k.kind, r.speech[k.kind])
	}
	at := func(k kind) float64 { return sc.strength[offsets[k]] }
	sc.law = min(1, max(at(legalTalk), at(courtKeyword))+.3*at(lawTalk)+.2*at(answering))
	sc.blame = at(blaming)
	if len(r.talk[first]) > 0 {
		sc.weigh(selfAndLaw, 0, sc.law, onrecord.Reason{})
	}
	if sc.share > 0 {
		sc.weigh(nameAndLaw, 0, sc.share*min(1, sc.law+.3*sc.blame), onrecord.Reason{})
	}
	if r.quoted >= 60 {
		sc.weigh(quotedVoice, 0, sc.heat, onrecord.Reason{})
	}
	sc.shared += sc.total - before
	if sc.share < namedShare {
		sc.series(promotion, r.speech[promotion])
	}
	sc.text += sc.total - before
}

// namedShare is the share of its weight from which on a match names a case, and
// hint that from which on a weaker one says so together with another.
const namedShare, hint = .25, .3

// named reports that the words of the post name the case: by a name, a keyword, the
// caption or the docket, or by two things that say so only together. Who is on the
// other side is spoken of for many reasons: that names the case beside language of law.
func (sc *score) named() bool {
	if sc.share >= namedShare && (sc.subject >= namedShare || sc.law > lawless) {
		return true
	}
	hints := 0
	for _, k := range []kind{courtKeyword, caseContext, profile, soundsLike} {
		for i := range table[k].Start {
			if sc.strength[offsets[k]+i] >= hint {
				hints++
			}
		}
	}
	return sc.strength[offsets[courtKeyword]] >= hint && hints >= 2
}

// speaks reports that something in the words of the post is about the case or of courts.
func (sc *score) speaks() bool {
	for _, k := range []kind{caseKeyword, courtKeyword, caseContext, legalTalk, lawTalk, answering, blaming, again, opponent, profile, parentNames, parentOnCase, parentTalk, answersParty, sameRun, sameTalk} {
		if sc.strength[offsets[k]] > .15 {
			return true
		}
	}
	return sc.share > .15
}

// answersIt reports that what the post answers or quotes surely speaks of the case:
// it names the docket or the caption, or two things of the case; and the post is no
// greeting.
func (sc *score) answersIt() bool {
	return sc.strength[offsets[promotion]] == 0 && (sc.strength[offsets[parentNames]] > 0 || sc.strength[offsets[parentOnCase]+1] >= hint)
}

// stands reports a real link to an accepted statement.
func (sc *score) stands() bool {
	for _, k := range []kind{sameThread, repliesToIt, quotesIt} {
		if sc.strength[offsets[k]] > 0 {
			return true
		}
	}
	return false
}

// elsewhere reports that another court is spoken of: by a judge who is none of the case's,
// and this case by nothing that is its own.
func (sc *score) elsewhere() bool {
	return sc.strength[offsets[otherJudge]] > 0 && sc.share < namedShare && !sc.linked
}

// doubt holds back what the score alone does not put on the record: a post that names
// the case by no word of its own, and one that comes while nothing happens in the case.
func (sc *score) doubt() {
	switch total, hot := hundredths(sc.total), sc.heat >= coolBelow; {
	case sc.elsewhere():
		sc.hold(otherJudge, onrecord.Reason{})
	case !sc.byAnchor && (!hot || total < sc.w.Unnamed):
		sc.hold(unnamed, onrecord.Reason{})
	case sc.byAnchor && !hot && total < sc.w.Cold && !sc.linked:
		sc.hold(outOfSeason, onrecord.Reason{})
	}
}

// form gathers what the post's form says against it.
func (sc *score) form(r *question, c *compiled) {
	if r.words < 2 && !sc.stands() {
		sc.weigh(tooShort, 0, 1, onrecord.Reason{})
	}
	if r.words > keywordLength {
		sc.weigh(longPost, 0, min(1, math.Log2(float64(r.words)/keywordLength)), onrecord.Reason{})
	}
	sc.whole = sc.total
	switch {
	case !sc.own:
		sc.weigh(notOwnWords, 0, 1, onrecord.Reason{})
		sc.hold(notOwnWords, onrecord.Reason{})
	case r.bare && !r.own.leadsTo(append(c.bears(r.Speaker), strings.ToLower(r.Post.Author.Handle))):
		sc.wordless = true
		sc.hold(noWords, onrecord.Reason{})
	default:
		sc.linked = sc.stands() || sc.answersIt()
		sc.byAnchor = sc.linked || sc.named()
		sc.doubt()
	}
	if !sc.speaks() && !sc.stands() {
		sc.buried = true
		sc.holdBelow(sc.w.Review, onlyRecent, onrecord.Reason{})
	}
}
