package match

import (
	"slices"
	"time"

	"onrecord/statements/lang"
)

// Who is watched for hundreds of cases says nothing of most of them, and of many the same by
// a keyword that they share. Cases that nothing tells apart share a score.

// likeness is what the score of a case depends on, where nothing is about this very case.
type likeness struct {
	said  int           // see saidOf
	near  time.Duration // how far away its nearest event is
	judge bool          // whether its judge could be among the judges that are named
}

// alike are scores of cases that nothing tells apart.
type alike struct {
	scores map[likeness]*score
	last   likeness // the next case is mostly like the last one
	score  *score   // of that
}

func (a *alike) find(like likeness) *score {
	if a.score == nil || like != a.last {
		a.last, a.score = like, a.scores[like]
	}
	return a.score
}

func (a *alike) add(like likeness, sc *score) {
	if a.scores == nil {
		a.scores = map[likeness]*score{}
	}
	a.scores[like], a.last, a.score = sc, like, sc
}

// step is what a hit means in a case, after other hits.
type step struct {
	after, hit int
	sense      *sense
	kind       kind
}

// saidOf numbers what a post, and what it answers or quotes, says of each case by the hits
// in it: of cases with equal numbers the same is said, and means the same. 0: nothing is.
func (m *Matcher) saidOf(r *question) []int {
	asked, said := make([]bool, len(m.cases)), make([]int, len(m.cases))
	for _, n := range r.asked {
		if n >= 0 {
			asked[n] = true
		}
	}
	hits, numbers := 0, map[step]int{}
	for t := range r.all() {
		for i := range t.hits {
			hits++
			var last step // the next case is mostly like the last one
			number := 0
			for _, u := range t.hits[i].uses {
				if !asked[u.inCase] {
					continue
				}
				next := step{said[u.inCase], hits, u.sense, m.cases[u.inCase].evidenceOf(u, r.who)}
				if next != last {
					if number = numbers[next]; number == 0 {
						number = len(numbers) + 1
						numbers[next] = number
					}
					last = next
				}
				said[u.inCase] = number
			}
		}
	}
	return said
}

// hits are those among which those of a case are: none when nothing is said of it.
func (r *question) hits(t *scan, c *compiled) []hit {
	if r.said != nil && r.said[c.n] == 0 {
		return nil
	}
	return t.hits
}

// evidenceOf is what a use is evidence of from a speaker; kinds: of nothing.
func (c *compiled) evidenceOf(u use, who string) kind {
	speaker := -1
	if u.role == name {
		speaker = c.speaker(who)
	}
	if k, ok := c.kindOf(&u, speaker); ok {
		return k
	}
	return kinds
}

// likeness returns what a case has in common with others; alone: the case is judged for
// itself.
func (r *question) likeness(c *compiled, near time.Duration) (like likeness, alone bool) {
	if r.singles == nil || r.singles[c.n] {
		return likeness{}, true
	}
	judged := slices.ContainsFunc(r.judges, func(i int) bool { return slices.Contains(c.judged, r.own.tokens[i].Script) })
	return likeness{r.said[c.n], near, judged}, false
}

// singlesOf marks the cases that something of a post, around it or learned from the stream
// may be about, beside hits.
func (m *Matcher) singlesOf(r *question) []bool {
	single := make([]bool, len(m.cases))
	for id := range r.around {
		if n, known := m.byID[id]; known {
			single[n] = true
		}
	}
	for _, n := range r.asked {
		if n >= 0 {
			c := &m.cases[n]
			single[n] = single[n] || r.copied || slices.ContainsFunc(r.to, func(who string) bool { return c.speaker(who) >= 0 })
		}
	}
	named := func(t *lang.Token) {
		for _, n := range m.owners[t.Stem] {
			single[n] = true
		}
	}
	for t := range r.all() {
		if !t.versus && !r.bare {
			continue
		}
		for i := range t.tokens {
			named(&t.tokens[i])
		}
	}
	for _, i := range r.strange {
		named(&r.own.tokens[i])
	}
	for _, i := range r.judges {
		named(&r.own.tokens[i])
	}
	return single
}

// apart returns each score once. Where it matters whose it is, from review on, every case of
// which something is said gets a score of its own.
func apart(cases []string, scores []*score) []*score {
	distinct := make([]*score, 0, min(len(scores), 8))
	var owns []score
	for i, sc := range scores {
		switch {
		case !sc.known:
			continue
		case sc.cases > 1 && sc.spoken && sc.total > sc.w.Review-.01:
			if len(owns) == cap(owns) {
				owns = make([]score, 0, min(len(scores)-i, sc.cases))
			}
			owns = append(owns, *sc)
			own := &owns[len(owns)-1]
			own.id, own.cases, own.evidence = cases[i], 1, slices.Clip(sc.evidence)
			scores[i] = own
		case sc.id != cases[i]:
			continue // one before has it
		}
		distinct = append(distinct, scores[i])
	}
	return distinct
}
