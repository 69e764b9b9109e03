package match

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"onrecord"
)

// score is the evidence for one case while it is gathered.
type score struct {
	id       string
	known    bool // the case is configured
	total    float64
	evidence []onrecord.Reason
	text     float64         // what the post's own words weigh
	anchor   float64         // of it, what names this very case
	shared   float64         // of it, what speaks of courts in general
	other    bool            // the other side is named
	terms    map[string]bool // of the case, that occurred
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
	if sc.accepted() {
		sc.add(k, acceptLine-.01-sc.total, e)
	}
}

// candidate is a match of a kind of evidence: which thing it is about, and
// which share of the full weight it has.
type candidate struct {
	about string
	share float64
	onrecord.Reason
}

// candidates are matches by kind, the strongest for each thing.
type candidates [kinds][]candidate

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
	slices.SortStableFunc(cs, func(a, b candidate) int { return cmp.Compare(b.share, a.share) })
	for i, c := range cs[:min(len(cs), len(table[k].Weights))] {
		sum += sc.add(k, table[k].Weights[i]*c.share, c.Reason)
	}
	return sum
}

// score gathers the evidence for one case, always in the same order, so that
// a replay gives the same sum to the last bit.
func (m *Matcher) score(r *features, id string, s *State) *score {
	sc := &score{id: id, terms: map[string]bool{}}
	n, ok := m.byID[id]
	if !ok {
		return sc
	}
	sc.known = true
	c, learned := &m.cases[n], s.learned(id)
	near := nearness(c.Case, r.Post.Created)
	floor := coldPrior
	if near > math.Exp2(-15) { // within 30 days
		floor = eventPrior
	}
	sc.add(prior, s.prior(learned, floor), onrecord.Reason{})
	sc.names(r, c, s)
	sc.talk(r, s)
	sc.profile(r, learned, s)
	sc.around(r, c, s, learned)
	if near > .1 {
		sc.add(nearEvent, table[nearEvent].Weights[0]*near, onrecord.Reason{})
	}
	sc.form(r, c)
	return sc
}

// names gathers what names the case, or another matter, in the post's words.
func (sc *score) names(r *features, c *compiled, s *State) {
	speaker := c.speaker(r.Speaker)
	var found candidates
	for t := range r.texts() {
		dilution := t.dilution(keywordLength)
		for _, h := range t.hits {
			for _, u := range h.node.of(c.n) {
				k, ok := c.kindOf(u, speaker)
				if !ok || t.inside(h, c.n, u.role) {
					continue
				}
				sc.terms[h.node.key] = true
				if share := t.share(h, u, k, dilution, s); share > 0 {
					found.keep(k, candidate{about: u.about(c, h), share: share, Reason: t.evidence(h.start, h.end)})
				}
			}
		}
		if start, end, ok := t.caption(c); ok {
			found.keep(identifier, candidate{about: "caption", share: 1, Reason: t.evidence(start, end)})
		}
	}
	sc.other = len(found[otherSide]) > 0
	found.once()
	sc.anchor = sc.series(identifier, found[identifier])
	identified := sc.anchor > 0
	for _, k := range []kind{caseTitle, casePerson, caseKeyword, otherSide, soundsLike} {
		sc.anchor += sc.series(k, found[k])
	}
	sc.other = sc.other && sc.anchor > .4
	sc.text = sc.anchor
	sc.shared = sc.series(courtKeyword, found[courtKeyword])
	sc.text += sc.shared
	for _, k := range []kind{coParty, caseContext} {
		sc.text += sc.series(k, found[k])
	}
	if !identified {
		if sc.anchor >= 1.5 {
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
func (c *compiled) kindOf(u use, speaker int) (kind, bool) {
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
func (u use) about(c *compiled, h hit) string {
	if u.role == name {
		return c.everyone[u.person].Name
	}
	return h.node.key
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
func (t *scan) share(h hit, u use, k kind, dilution float64, s *State) float64 {
	if k == identifier || k == otherMatter {
		return 1
	}
	share := u.share * s.rarity(h.node.key, max(rareShare, u.expect))
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

// talk gathers the language of courts, law, answers and promotion.
func (sc *score) talk(r *features, s *State) {
	before := sc.total
	most := s.courtTalk()
	find := func(classes ...class) (cs []candidate) {
		for _, c := range classes {
			for _, w := range r.talk[c] {
				share := min(most, s.rarity(w.entry.text, rareShare)) * w.in.dilution(talkLength)
				cs = append(cs, candidate{share: share, Reason: w.in.evidence(w.start, w.end)})
			}
		}
		return cs
	}
	law := sc.series(legalTalk, find(legal, outcome))
	law += sc.series(lawTalk, find(weak))
	law += sc.series(answering, find(answer))
	law = min(1, law/table[legalTalk].Weights[0])
	if len(r.talk[first]) > 0 {
		sc.add(selfAndLaw, table[selfAndLaw].Weights[0]*law, onrecord.Reason{})
	}
	if sc.other {
		sc.add(otherAndLaw, table[otherAndLaw].Weights[0]*law, onrecord.Reason{})
	}
	sc.shared += sc.total - before
	if sc.anchor < named {
		if over := sc.shared - sharedMost; over > 0 {
			sc.shared += sc.add(anyCase, -over, onrecord.Reason{})
		}
		var cs []candidate
		for _, w := range r.talk[noise] {
			cs = append(cs, candidate{share: 1, Reason: w.in.evidence(w.start, w.end)})
		}
		sc.series(promotion, cs)
	}
	sc.text += sc.total - before
}

// form gathers what the post's form says against it.
func (sc *score) form(r *features, c *compiled) {
	if r.words < 2 {
		sc.add(tooShort, table[tooShort].Weights[0], onrecord.Reason{})
	}
	if !r.ownWord {
		sc.add(notOwnWords, table[notOwnWords].Weights[0], onrecord.Reason{})
		sc.hold(notOwnWords, onrecord.Reason{})
	} else if r.bare && !r.own.leadsTo(append(c.bears(r.Speaker), strings.ToLower(r.Post.Author.Handle))) {
		sc.hold(noWords, onrecord.Reason{})
	}
}
