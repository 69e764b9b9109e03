package eval

import (
	"math/rand/v2"
	"slices"
)

const resamples = 2000 // of the bootstrap

// Intervals hold 95 % of what comes out when the posts are drawn anew: over
// threads, for how sure the figures of these cases are, or over cases and the
// threads in them, for what to expect of another case.
type Intervals struct {
	Over      string     `json:"resampled_over"` // threads or cases
	Precision [2]float64 `json:"precision"`
	Recall    [2]float64 `json:"recall"`
	F1        [2]float64 `json:"f1"`
}

// bootstrap draws the threads of each case anew, since the posts of a thread
// stand and fall together; over cases it draws the cases first, since the
// threads of a case are alike. The seed is fixed: the same decisions have the
// same intervals.
func bootstrap(cases [][]compared, overCases bool) Intervals {
	in := Intervals{Over: "threads"}
	if overCases {
		in.Over = "cases"
	}
	each := make([][]tally, len(cases))
	for i, list := range cases {
		for _, thread := range threads(list) {
			each[i] = append(each[i], tallied(thread))
		}
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a sample, not a secret
	drawn := [3][]float64{}
	for range resamples {
		n := draw(each, overCases, random)
		p, r, f1 := n.rates()
		missed := n.statements - n.hit
		for i, x := range [3]struct {
			rate float64
			of   int
		}{{p, n.hit + n.wrong}, {r, n.statements}, {f1, n.hit + n.wrong + missed}} {
			if x.of > 0 { // a share of nothing is no figure
				drawn[i] = append(drawn[i], x.rate)
			}
		}
	}
	for i, into := range []*[2]float64{&in.Precision, &in.Recall, &in.F1} {
		if n := len(drawn[i]); n > 0 {
			slices.Sort(drawn[i])
			*into = [2]float64{drawn[i][n*25/1000], drawn[i][max(n*975/1000-1, 0)]}
		}
	}
	return in
}

// draw adds up as many threads of each case as it has, and of as many cases as
// there are.
func draw(cases [][]tally, overCases bool, random *rand.Rand) (n tally) {
	for _, c := range cases {
		if overCases {
			c = cases[random.IntN(len(cases))]
		}
		for range c {
			n.add(c[random.IntN(len(c))])
		}
	}
	return n
}
