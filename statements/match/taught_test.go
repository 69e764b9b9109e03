package match

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"onrecord"
)

// verdicts has a person say the same of a post so often.
func verdicts(m *Matcher, d onrecord.Decision, statement bool, times int, s State) State {
	for range times {
		s = m.Judged(d.Case, d.Score, d.Reasons, statement, s)
	}
	return s
}

// What persons say of a kind of evidence moves its weight from the fifth verdict on, as
// a reason of its own, and never far.
func TestPersonsTeachWeights(t *testing.T) {
	t.Parallel()
	c := northwind()
	m := Compile([]onrecord.Case{c})
	in := say("Ivo Lind", "Nobody keeps trade secrets like my grandmother.", 300*24*time.Hour)
	decide := func(s State) onrecord.Decision {
		ds, _ := m.Classify(in, s)
		return ds[0]
	}
	plain := decide(State{})
	if plain.Label != onrecord.Review {
		t.Fatalf("the test proves nothing: %+v", plain)
	}
	if d := decide(verdicts(m, plain, false, verdictsFewest-1, State{})); d.Score != plain.Score {
		t.Errorf("after four verdicts it scores %v, not %v", d.Score, plain.Score)
	}
	taughtNo := verdicts(m, plain, false, verdictsFewest, State{})
	no := decide(taughtNo)
	reason, ok := evidenceOf(no, taught)
	if no.Score >= plain.Score || !ok || !strings.Contains(reason.Text, "a keyword of the case: 0 of 5 were statements") {
		t.Errorf("after five rejections: %+v", no)
	}
	sum := 0.0
	for _, r := range no.Reasons {
		sum += r.Weight
	}
	if math.Abs(sum-no.Score) > .005 {
		t.Errorf("the reasons add up to %v, the score is %v", sum, no.Score)
	}
	if yes := decide(verdicts(m, plain, true, verdictsFewest, State{})); yes.Score <= plain.Score {
		t.Errorf("after five times yes: %+v", yes)
	}
	before := 0.0
	for _, r := range plain.Reasons {
		if r.Weight > 0 {
			before += r.Weight
		}
	}
	most := decide(verdicts(m, plain, false, 1000, State{}))
	if lost := plain.Score - most.Score; lost > before*factorMost+.01 || lost <= plain.Score-no.Score {
		t.Errorf("a thousand rejections take %v of %v", lost, before)
	}
	other := say("Harbor Labs", "Northwind sued us today. We will answer in court: we never had their source code.", 10*time.Hour)
	if ds, _ := m.Classify(other, verdicts(m, plain, false, 1000, State{})); ds[0].Label != onrecord.Accept {
		t.Errorf("what names the case in other ways is %+v", ds[0])
	}
	was := verdicts(m, plain, false, verdictsFewest, State{})
	_ = verdicts(m, plain, true, 3, was)
	if !reflect.DeepEqual(was, taughtNo) {
		t.Error("a verdict changed the state it was given")
	}
	if s := m.Judged("nobody's", 0, plain.Reasons, true, State{}); len(s.Cases) != 0 {
		t.Errorf("of a case that is not configured %+v was learned", s.Cases)
	}
}

// Scores that say how likely a statement is stay as they are when persons agree.
func TestVerdictsAsExpected(t *testing.T) {
	t.Parallel()
	const score, often = -1.0986, 4 // one in four is a statement
	taught := Taught{}
	for i := range 40 {
		taught.count(i%often == 0, 1/(1+math.Exp(-score)))
	}
	if f := taught.factor(2); math.Abs(f-1) > .01 {
		t.Errorf("a weight is multiplied by %v", f)
	}
	if up, down := (Taught{Verdicts: 9, Yes: 9}).factor(2), (Taught{Verdicts: 9, Yes: 9}).factor(-2); up <= 1 || down >= 1 {
		t.Errorf("evidence for is multiplied by %v, evidence against by %v, where all were statements", up, down)
	}
	for range 1000 {
		taught.count(true, .5)
	}
	if taught.Verdicts > verdictsMost || taught.Yes > taught.Verdicts {
		t.Errorf("%+v is remembered", taught)
	}
}
