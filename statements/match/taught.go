package match

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"onrecord"
)

// Taught is what persons said of a speaker's posts that a kind of evidence speaks
// for or against, on one case. They are asked about posts near the line, so what they
// say is compared with what their scores let expect: scores are log-odds.
type Taught struct {
	Code     onrecord.ReasonCode
	Verdicts float64
	Yes      float64 // of them, statements on the case
	Expected float64 // how many there would be by their scores
}

const (
	// verdictsFewest is how many verdicts there must be on a kind of evidence until
	// they change what it weighs, verdictDoubt how many more it takes to believe them
	// by half, and verdictsMost how many are remembered.
	verdictsFewest, verdictDoubt, verdictsMost = 5, 10, 40
	// factorMost is how far a weight may move from what it is for everybody.
	factorMost = .5
)

// factor is what a weight is multiplied by: 1 where scores let expect what persons
// said, or nobody has said enough.
func (t Taught) factor(weight float64) float64 {
	if t.Verdicts < verdictsFewest {
		return 1
	}
	more := (t.Yes - t.Expected) / (t.Verdicts + verdictDoubt)
	if weight < 0 {
		more = -more
	}
	return 1 + min(factorMost, max(-factorMost, more))
}

// ofAKind reports whether a reason is evidence that persons can teach the weight of:
// not how often somebody speaks, nor what their words were before, which both learn by
// themselves, nor what only holds a post back.
func ofAKind(code onrecord.ReasonCode) bool {
	for _, k := range []kind{prior, profile, noWords, notOwnWords, rivalCase, unnamed, onlyRecent, taught} {
		if code == table[k].Code {
			return false
		}
	}
	return slices.ContainsFunc(table[:opinion], func(r row) bool { return r.Code == code })
}

// Judged takes into the state what a person said of a post that was decided with a
// score and reasons: each kind of evidence among them was right or wrong once.
func (m *Matcher) Judged(caseID string, score float64, reasons []onrecord.Reason, statement bool, s State) State {
	if _, known := m.byID[caseID]; !known {
		return s
	}
	expected := 1 / (1 + math.Exp(-score))
	s = s.aged(s.At)
	c := s.inCase(caseID)
	for i, r := range reasons {
		of := func(o onrecord.Reason) bool { return o.Code == r.Code }
		if !ofAKind(r.Code) || slices.ContainsFunc(reasons[:i], of) {
			continue
		}
		n, found := slices.BinarySearchFunc(c.Taught, r.Code, byCode)
		if !found {
			c.Taught = slices.Insert(c.Taught, n, Taught{Code: r.Code})
		}
		c.Taught[n].count(statement, expected)
	}
	return s
}

func byCode(t Taught, code onrecord.ReasonCode) int { return cmp.Compare(t.Code, code) }

// count takes in one verdict. Of many the latest count for more.
func (t *Taught) count(statement bool, expected float64) {
	t.Verdicts, t.Expected = t.Verdicts+1, t.Expected+expected
	if statement {
		t.Yes++
	}
	keep := min(1, verdictsMost/t.Verdicts)
	t.Verdicts, t.Yes, t.Expected = rounded(t.Verdicts*keep), rounded(t.Yes*keep), rounded(t.Expected*keep)
}

// taught changes the weight of each kind of evidence by what persons said of it, as a
// reason of its own: one for a kind.
func (sc *score) taught(c CaseState) {
	for _, t := range c.Taught {
		sum, name := 0.0, ""
		for _, e := range sc.evidence {
			if e.Code == t.Code {
				sum, name = sum+e.Weight*(t.factor(e.Weight)-1), e.Name
			}
		}
		sc.add(taught, sum, onrecord.Reason{Text: fmt.Sprintf("%s: %.0f of %.0f were statements, by their scores %.1f", name, t.Yes, t.Verdicts, t.Expected)})
	}
}
