package main

import (
	"cmp"
	"math"
	"slices"

	"onrecord/statements/match"
)

const (
	rounds  = 4 // of replay and fit; later ones change little
	sweeps  = 60
	doubt   = 3.0  // how much every weight is held to what it is taken for without posts
	reviews = .095 // share of the posts that a person is asked about, at most
	likely  = .28  // share of the posts that are candidates, at most
	right   = .82  // of what is accepted on the cases learned from
	calm    = .005 // of the posts farther than a day from any statement may be accepted
	cold    = .5   // more that a post needs to be accepted while nothing happens in its case
)

// learn replays and fits in turn, from what the weights are as far as no post has told.
func learn(streams []*stream) *match.Weights {
	w, places := &match.Weights{Review: -1.5, Candidate: -2, Unnamed: 1}, match.Places()
	start := make([]float64, len(places))
	for i, p := range places {
		start[i] = p.Start
	}
	w.Set(start)
	for range rounds {
		var cases [][]judged
		for _, s := range streams {
			cases = append(cases, s.replay(w))
		}
		f := newFit(cases)
		f.run()
		w = &match.Weights{}
		lines(w, f.weights, cases)
	}
	return w
}

// fit is a logistic regression by coordinate descent, with a quadratic penalty
// and bounds on the signs. The first weight stands for what is always there and
// is free of both.
type fit struct {
	places  []match.Place
	weights []float64
	columns [][]entry // by place: the posts it is found in
	y, heft []float64 // by post
	odds    []float64
}

type entry struct {
	row int
	x   float64
}

func newFit(cases [][]judged) *fit {
	f := &fit{places: match.Places()}
	f.weights, f.columns = make([]float64, len(f.places)), make([][]entry, len(f.places))
	posts, roots := 0.0, 0.0
	for _, c := range cases {
		posts, roots = posts+float64(len(c)), roots+math.Sqrt(float64(len(c)))
	}
	for _, c := range cases {
		var n [2]float64
		for _, j := range c {
			if j.label == 0 || j.label == 1 {
				n[j.label]++
			}
		}
		// A case counts as the root of its posts, or long streams would drown the others, and
		// in it the statements more than their number, or cases with few of them would tell
		// nothing.
		of := posts * math.Sqrt(float64(len(c))) / roots
		of1 := .5 * math.Sqrt(n[1]/(n[0]+n[1]))
		for _, j := range c {
			if j.label != 0 && j.label != 1 {
				continue
			}
			each := of * (1 - of1) / n[0]
			if j.label == 1 {
				each = of * of1 / n[1]
			}
			row := len(f.y)
			f.y, f.heft, f.odds = append(f.y, float64(j.label)), append(f.heft, each), append(f.odds, 0)
			for k, x := range j.Strength {
				if x != 0 {
					f.columns[k] = append(f.columns[k], entry{row, x})
				}
			}
		}
	}
	return f
}

func (f *fit) run() {
	for range sweeps {
		for k := range f.weights {
			f.step(k)
		}
	}
}

func (f *fit) step(k int) {
	penalty := doubt
	if k == 0 {
		penalty = 0
	}
	slope, curve := -penalty*(f.weights[k]-f.places[k].Start), penalty
	for _, e := range f.columns[k] {
		p := 1 / (1 + math.Exp(-f.odds[e.row]))
		slope += f.heft[e.row] * (f.y[e.row] - p) * e.x
		curve += f.heft[e.row] * max(p*(1-p), .01) * e.x * e.x
	}
	if curve == 0 {
		return
	}
	next := f.weights[k] + max(-1, min(1, slope/curve))
	if sign := float64(f.places[k].Sign); next*sign < 0 {
		next = 0
	}
	by := next - f.weights[k]
	if by == 0 {
		return
	}
	f.weights[k] = next
	for _, e := range f.columns[k] {
		f.odds[e.row] += by * e.x
	}
}

// lines sets the weights and the lines between the verdicts: the first weight is
// moved so that the line of acceptance is zero.
func lines(w *match.Weights, weights []float64, cases [][]judged) {
	scores := make([][]scored, len(cases))
	var all []float64
	for i, c := range cases {
		for _, j := range c {
			s := scored{judged: j}
			for k, x := range j.Strength {
				s.score += weights[k] * x
			}
			scores[i], all = append(scores[i], s), append(all, s.score)
		}
	}
	at := acceptFrom(scores)
	review := reviewFrom(scores, at)
	slices.SortFunc(all, func(a, b float64) int { return cmp.Compare(b, a) })
	weights = slices.Clone(weights)
	weights[0] -= at.named
	suffices(weights)
	w.Set(weights)
	w.Review, w.Candidate = review-at.named, min(review, all[int(likely*float64(len(all)))])-at.named
	w.Cold, w.Unnamed = at.cold-at.named, at.unnamed-at.named
}

// suffices lets a real thread with a statement put a post on the record by itself, even
// of somebody who hardly ever speaks on the case: readers of a thread read it whole.
func suffices(weights []float64) {
	for i, p := range match.Places() {
		if p.Code == match.SameThread {
			weights[i] = max(weights[i], .1-weights[0]-weights[1]*match.Seldom)
		}
	}
}

// scored is a post with its score under some weights, before any line.
type scored struct {
	judged
	score float64
}

// bounds are from which score on a post is accepted: one that names the case, one that
// does while nothing happens in it, and one that does not while something does.
type bounds struct{ named, cold, unnamed float64 }

func (b bounds) accept(s scored) bool {
	switch {
	case s.Barred:
		return false
	case !s.Anchored:
		return s.Hot && s.score >= b.unnamed
	case s.Hot || s.Linked:
		return s.score >= b.named
	}
	return s.score >= b.cold
}

// never is above every score.
const never = 99

// acceptFrom are the bounds that find most statements of the average case, of those
// at which enough of what is accepted is right, and little is accepted while nothing is said.
func acceptFrom(cases [][]scored) (best bounds) {
	best = bounds{3, never, never}
	most := 0.0
	for i := range 31 {
		at := -1.5 + .15*float64(i)
		for _, unnamed := range []float64{.5, 1, 1.5, never} {
			b := bounds{at, at + cold, at + unnamed}
			if recall, ok := b.hold(cases); ok && recall > most {
				best, most = b, recall
			}
		}
	}
	return best
}

// hold says which share of the average case's statements is accepted, and whether what is
// accepted is right often enough.
func (b bounds) hold(cases [][]scored) (found float64, ok bool) {
	var precision, recall mean
	quiet, wrongThere := 0, 0
	for _, c := range cases {
		hit, wrong, all := 0, 0, 0
		for _, s := range c {
			accepted := b.accept(s)
			switch s.label {
			case 1:
				all++
				hit += count(accepted)
			case 0:
				wrong += count(accepted)
				quiet += count(s.quiet)
				wrongThere += count(s.quiet && accepted)
			}
		}
		if hit+wrong > 0 {
			precision.add(float64(hit) / float64(hit+wrong))
		}
		if all > 0 {
			recall.add(float64(hit) / float64(all))
		}
	}
	return recall.value(), precision.value() >= right && float64(wrongThere) <= calm*float64(quiet)
}

// reviewFrom is the lowest line at which a person gets no more to read than is
// bearable.
func reviewFrom(cases [][]scored, at bounds) float64 {
	var rest []float64
	all := 0
	for _, c := range cases {
		all += len(c)
		for _, s := range c {
			if !s.Buried && !at.accept(s) {
				rest = append(rest, s.score)
			}
		}
	}
	slices.SortFunc(rest, func(a, b float64) int { return cmp.Compare(b, a) })
	return min(at.named-.1, rest[min(len(rest)-1, int(reviews*float64(all)))])
}

type mean struct{ sum, n float64 }

func (m *mean) add(x float64) { m.sum += x; m.n++ }

func (m mean) value() float64 { return m.sum / max(m.n, 1) }
