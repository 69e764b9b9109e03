package match

import (
	"math"
	"slices"
	"strings"
	"time"

	"onrecord"
)

const (
	// runGap is the longest pause within a run of posts. It stands in for the
	// thread where the place has no conversation ids.
	runGap = 90 * time.Second
	// talkGap is the longest pause in an exchange with one other account.
	talkGap = 30 * time.Minute
	// runLoss is what is left of a run's weight with each post that did not
	// stand on its own text.
	runLoss = .7

	burstHalfLife = 3 * time.Hour
	// A speaker who goes on within minutes is likelier to be on the subject
	// still: this much more, with its own half-life.
	pauseWeight, pauseHalfLife = 1.0, 8 * time.Minute
	// noText is the share of a burst for a post that says nothing like the case.
	noText = .3
)

// around gathers what stands around the post: thread, parent, quoted post, and
// what the speaker said just before. Only the best link to a statement counts.
func (sc *score) around(r *features, c *compiled, s *State, learned CaseState) {
	links := []struct {
		kind   kind
		holds  bool
		weight float64
	}{
		{sameThread, slices.Contains(r.Thread, sc.id), table[sameThread].Weights[0]},
		{repliesToIt, slices.Contains(r.ReplyTo, sc.id), table[repliesToIt].Weights[0]},
		{quotesIt, slices.Contains(r.Quotes, sc.id), table[quotesIt].Weights[0]},
	}
	for _, l := range links { // strongest first
		if l.holds {
			sc.add(l.kind, l.weight, onrecord.Reason{Where: "thread"})
			return
		}
	}
	// Articles of one newsroom often appear together and are no run.
	if steps, ok := s.run(r.Post, sc.id); ok && r.Post.Thread == "" && r.Post.Kind != onrecord.Article {
		sc.add(sameRun, table[sameRun].Weights[0]*math.Pow(runLoss, float64(steps)), onrecord.Reason{Where: "thread"})
		return
	}
	sc.parent(r, c, s)
	sc.burst(r, learned)
}

// run finds the statement that the post goes on from, and how many posts stand
// between: posts with short pauses, or replies to one account.
func (s *State) run(p onrecord.Post, id string) (steps int, ok bool) {
	at, to := p.Created, repliesTo(p)
	for _, said := range slices.Backward(s.Recent) {
		if said.Account != p.Account || said.To != to {
			continue
		}
		pause, longest := at.Sub(said.At), runGap
		if to != "" {
			longest = talkGap
		}
		if pause < 0 || pause > longest {
			return 0, false
		}
		if slices.Contains(said.Cases, id) {
			return steps, true
		}
		steps++
		at = said.At
	}
	return 0, false
}

// repliesTo is whom a post answers; "" when it answers nobody or its author.
func repliesTo(p onrecord.Post) string {
	if p.Kind != onrecord.Reply || p.ReplyTo == nil {
		return ""
	}
	return strings.ToLower(p.ReplyTo.Account)
}

// parent gathers terms of the case in the texts the post answers.
func (sc *score) parent(r *features, c *compiled, s *State) {
	speaker := c.speaker(r.Speaker)
	var found candidates
	for i := range r.answers {
		t := &r.answers[i]
		for _, h := range t.hits {
			for _, u := range h.node.of(c.n) {
				if k, ok := c.kindOf(u, speaker); ok && anchors(k) && (!u.cased || h.capital) && (!u.plain || t.named(h)) && !u.symbol && !t.leading(h) {
					share := t.share(h, u, k, t.dilution(keywordLength), s)
					if u.role == name {
						share *= .5
					}
					found.keep(parentOnCase, candidate{about: u.about(c, h), share: share, Reason: t.evidence(h.start, h.end)})
				}
			}
		}
	}
	sc.series(parentOnCase, found[parentOnCase])
}

func anchors(k kind) bool {
	return k == identifier || k == caseTitle || k == casePerson || k == caseKeyword || k == otherSide
}

// burst weighs how lately the speaker spoke on the case by name.
func (sc *score) burst(r *features, learned CaseState) {
	if learned.Last.IsZero() {
		return
	}
	ago := max(0, r.Post.Created.Sub(learned.Last))
	w := table[burst].Weights[0] * halved(ago, burstHalfLife)
	if sc.text < .5 {
		w *= noText
	}
	if repliesTo(r.Post) == "" {
		w += pauseWeight * halved(ago, pauseHalfLife)
	}
	if w >= .1 {
		sc.add(burst, w, onrecord.Reason{})
	}
}

func halved(d, halfLife time.Duration) float64 {
	return math.Exp2(-float64(d) / float64(halfLife))
}

// nearness is 1 on the day of an event and halves every two days before and
// after it.
func nearness(c onrecord.Case, at time.Time) (best float64) {
	for _, e := range c.Events {
		d := at.Sub(e.Date)
		if d >= 0 {
			d = max(0, d-24*time.Hour)
		}
		best = max(best, halved(d.Abs(), 48*time.Hour))
	}
	return best
}
