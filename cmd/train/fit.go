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
	reviews = .096 // share of the posts that a person is asked about, at most
	likely  = .28  // share of the posts that are candidates, at most
	right   = .82  // of what is accepted on the cases learned from
)

// learn replays and fits in turn, from what the weights are as far as no post has told.
func learn(streams []*stream) *match.Weights {
	w, places := &match.Weights{Review: -1.5, Candidate: -2}, match.Places()
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
	posts := 0
	for _, c := range cases {
		posts += len(c)
	}
	for _, c := range cases {
		var n [2]float64
		for _, j := range c {
			if j.label == 0 || j.label == 1 {
				n[j.label]++
			}
		}
		// Each case counts the same, and in it the statements more than their number,
		// or cases with few of them would tell nothing.
		of := float64(posts) / float64(len(cases))
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
			s := scored{label: j.label, held: j.Held, buried: j.Buried}
			for k, x := range j.Strength {
				s.score += weights[k] * x
			}
			scores[i], all = append(scores[i], s), append(all, s.score)
		}
	}
	accept := acceptFrom(scores)
	review := reviewFrom(scores, accept)
	slices.SortFunc(all, func(a, b float64) int { return cmp.Compare(b, a) })
	weights = slices.Clone(weights)
	weights[0] -= accept
	w.Set(weights)
	w.Review, w.Candidate = review-accept, min(review, all[int(likely*float64(len(all)))])-accept
}

// scored is a post's score under some weights, before any line.
type scored struct {
	score        float64
	label        int
	held, buried bool
}

// grid is where lines are tried, in log-odds.
func grid(f func(line float64)) {
	for i := range 81 {
		f(-5 + .1*float64(i))
	}
}

// acceptFrom is the line that finds most statements of the average case, of those
// at which enough of what is accepted is right.
func acceptFrom(cases [][]scored) (best float64) {
	best, most := 3.0, 0.0
	grid(func(line float64) {
		var precision, recall mean
		for _, c := range cases {
			hit, wrong, all := 0, 0, 0
			for _, s := range c {
				ok := s.score >= line && !s.held
				switch {
				case s.label == 1:
					all++
					if ok {
						hit++
					}
				case s.label == 0 && ok:
					wrong++
				}
			}
			if hit+wrong > 0 {
				precision.add(float64(hit) / float64(hit+wrong))
			}
			if all > 0 {
				recall.add(float64(hit) / float64(all))
			}
		}
		if precision.value() >= right && recall.value() > most {
			best, most = line, recall.value()
		}
	})
	return best
}

// reviewFrom is the lowest line at which a person gets no more to read than is
// bearable.
func reviewFrom(cases [][]scored, accept float64) (best float64) {
	best = accept - .1
	grid(func(line float64) {
		load, all := 0, 0
		for _, c := range cases {
			for _, s := range c {
				all++
				load += count(s.score >= line && !s.buried && (s.score < accept || s.held))
			}
		}
		if share(load, all) <= reviews {
			best = min(best, line)
		}
	})
	return best
}

type mean struct{ sum, n float64 }

func (m *mean) add(x float64) { m.sum += x; m.n++ }

func (m mean) value() float64 { return m.sum / max(m.n, 1) }
