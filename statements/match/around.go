package match

import (
	"math"
	"slices"
	"strings"
	"time"

	"onrecord"
)

const (
	// runGap is the longest pause within a run of posts, whose weight halves with
	// every runHalfLife of it. It stands in for the thread where the place has no
	// conversation ids.
	runGap, runHalfLife = 10 * time.Minute, 3 * time.Minute
	// talkGap is the longest pause in an exchange with one other account.
	talkGap = 30 * time.Minute
	// runLoss is what is left of a run's weight with each post that did not
	// stand on its own text.
	runLoss = .7

	burstHalfLife = 3 * time.Hour
	// A speaker who goes on within minutes is likelier to be on the subject
	// still, with its own half-life.
	pauseHalfLife = 8 * time.Minute
	// noText is the share of a burst for a post that says nothing like the case.
	noText = .3
)

// around gathers what stands around the post: thread, parent, quoted post, and
// what the speaker said just before. Only the best link to a statement counts.
func (sc *score) around(r *features, c *compiled, s *State, learned CaseState) {
	links := []struct {
		kind  kind
		holds bool
	}{
		{sameThread, slices.Contains(r.Thread, sc.id)},
		{repliesToIt, slices.Contains(r.ReplyTo, sc.id)},
		{quotesIt, slices.Contains(r.Quotes, sc.id)},
	}
	for _, l := range links { // strongest first
		if l.holds {
			sc.weigh(l.kind, 0, 1, onrecord.Reason{Where: "thread"})
			return
		}
	}
	// Articles of one newsroom often appear together and are no run.
	if from, steps := s.run(r.Post, sc.id); from != nil && r.Post.Thread == "" && r.Post.Kind != onrecord.Article {
		strength := math.Pow(runLoss, float64(steps)) * halved(r.Post.Created.Sub(from.At), runHalfLife)
		if from.To != "" {
			sc.weigh(sameTalk, 0, math.Pow(runLoss, float64(steps)), onrecord.Reason{Where: "thread"})
			return
		}
		if r.goesOn || sharesWords(r.content, from.Words) {
			sc.weigh(sameRun, 0, strength, onrecord.Reason{Where: "thread"})
			return
		}
	}
	sc.parent(r, c, s)
	sc.burst(r, learned)
}

// sharesWords reports the same subject: two words in common, or all there are.
func sharesWords(a, b []string) bool {
	n := 0
	for _, w := range a {
		if slices.Contains(b, w) {
			n++
		}
	}
	return n >= 2 || n > 0 && n == len(a)
}

// run finds the statement that the post may go on from, and how many posts stand
// between: posts with short pauses, or replies to one account.
func (s *State) run(p onrecord.Post, id string) (from *RecentPost, steps int) {
	at, to := p.Created, repliesTo(p)
	for i, said := range slices.Backward(s.Recent) {
		if said.Account != p.Account || said.To != to {
			continue
		}
		pause, longest := at.Sub(said.At), runGap
		if to != "" {
			longest = talkGap
		}
		if pause < 0 || pause > longest {
			return nil, 0
		}
		if slices.Contains(said.Cases, id) {
			return &s.Recent[i], steps
		}
		steps++
		at = said.At
	}
	return nil, 0
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
	words, lawful := 0, false
	for i := range r.answers {
		t := &r.answers[i]
		words += t.words
		lawful = lawful || slices.ContainsFunc(t.lexical, func(w word) bool { return w.class == legal || w.class == outcome })
		if start, end, ok := t.caption(c); ok {
			found.keep(parentNames, candidate{about: "caption", share: 1, Reason: t.evidence(start, end)})
		}
		for _, h := range t.hits {
			for _, u := range h.node.of(c.n) {
				if k, ok := c.kindOf(u, speaker); ok && anchors(k) && t.written(h, u) && (!u.cased || h.capital) && (!u.plain || t.named(h)) && !u.symbol && !t.leading(h) {
					share := t.share(h, u, k, t.dilution(keywordLength), s)
					if u.role == name {
						share *= .5
					}
					what := parentOnCase
					if k == identifier || k == caseTitle {
						what = parentNames
					}
					found.keep(what, candidate{about: u.about(c, h), share: share, Reason: t.evidence(h.start, h.end)})
				}
			}
		}
	}
	sc.series(parentNames, found[parentNames])
	sc.series(parentOnCase, found[parentOnCase])
	if len(found[parentNames])+len(found[parentOnCase]) == 0 && words >= 4 && !lawful {
		sc.weigh(elsewhere, 0, 1, onrecord.Reason{Where: r.answers[0].where})
	}
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
	speaks := 1.0
	if !sc.speaks() {
		speaks = noText
	}
	for i, halfLife := range []time.Duration{burstHalfLife, pauseHalfLife} {
		if strength := speaks * halved(ago, halfLife); strength > .05 && (i == 0 || repliesTo(r.Post) == "") {
			sc.weigh(burst, i, strength, onrecord.Reason{})
		}
	}
}

// hot weighs language of law, blame and names of the case by how much the case is on the speaker's mind.
func (sc *score) hot() {
	for i, talk := range []float64{sc.law, sc.blame, sc.share} {
		if strength := sc.heat * talk; strength > .05 {
			sc.weigh(hotTalk, i, strength, onrecord.Reason{})
		}
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
