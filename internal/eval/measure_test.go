package eval

import (
	"fmt"
	"math"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
)

// invented is a case with one statement in each of its threads; the letters say
// of each whether it was found (h) or missed (m), or that another post was
// accepted (w).
func invented(id, threads string) Sample {
	c := Sample{Case: id, ruleset: "r"}
	one, zero := 1, 0
	for i, fate := range threads {
		d := bot.StoredDecision{Decision: onrecord.Decision{Case: id, Label: onrecord.Accept}, Post: onrecord.Post{
			Account: id, ID: fmt.Sprint(i), Thread: fmt.Sprint(i), Created: time.Date(2026, 10, 5, i, 0, 0, 0, time.UTC),
		}}
		post := LabelledPost{Label: &one}
		switch fate {
		case 'm':
			d.Decision.Label = onrecord.Reject
		case 'w':
			post.Label = &zero
		}
		c.list = append(c.list, compared{Explanation: bot.Explanation{StoredDecision: d}, post: post})
	}
	return c
}

// TestIntervals: drawn with replacement, so many of n statements are missed as
// the binomial distribution says, and where no quantile is near a step of it
// the interval is exact.
func TestIntervals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name             string
		cases            []Sample
		threads, cases95 [2]float64 // of the recall
	}{
		// Of 4 drawn from 4, one of them missed: 3 or 4 missed in 5.1 %, 4 in 0.4 %, none in 32 %.
		{"threads of one case", []Sample{invented("a", "hhhm")}, [2]float64{.25, 1}, [2]float64{}},
		{"cases of one thread", []Sample{invented("a", "h"), invented("b", "h"), invented("c", "h"), invented("d", "m")}, [2]float64{.75, .75}, [2]float64{.25, 1}},
		// Neither case varies in itself; in a quarter of the draws each it is the same one twice.
		{"cases that differ", []Sample{invented("a", "hhhh"), invented("b", "mmmm")}, [2]float64{.5, .5}, [2]float64{0, 1}},
		// Cases that are alike add nothing by being drawn, and their threads are drawn in both:
		// of 8, 6 or more missed in 0.4 %, 4 or more in 11.4 %.
		{"cases that are alike", []Sample{invented("a", "hhhm"), invented("b", "hhhm")}, [2]float64{.375, 1}, [2]float64{.375, 1}},
	} {
		all := Measure(tc.cases)
		got := all[len(all)-1]
		if got.Intervals.Over != "threads" || got.Intervals.Recall != tc.threads {
			t.Errorf("%s: recall over threads %+v, want %v", tc.name, got.Intervals, tc.threads)
		}
		switch {
		case len(tc.cases) == 1 && got.OverCases != nil:
			t.Errorf("%s: one case is drawn from", tc.name)
		case len(tc.cases) > 1 && (got.OverCases == nil || got.OverCases.Over != "cases" || got.OverCases.Recall != tc.cases95):
			t.Errorf("%s: recall over cases %+v, want %v", tc.name, got.OverCases, tc.cases95)
		}
	}
	// Accepted posts that are no statements count in the precision alone.
	all := Measure([]Sample{invented("a", "h"), invented("b", "w")})
	got := all[len(all)-1]
	if got.Precision != .5 || got.Recall != 1 || got.OverCases.Precision != [2]float64{0, 1} || got.OverCases.Recall != [2]float64{1, 1} {
		t.Errorf("pooled %+v, over cases %+v", got, got.OverCases)
	}
}

// TestThreads: a thread is drawn whole, by its conversation or as a run of posts.
func TestThreads(t *testing.T) {
	t.Parallel()
	c := invented("a", "hhhhh")
	at := c.list[0].Post.Created
	for i, p := range []struct {
		thread string
		after  time.Duration
	}{{"x", 0}, {"", time.Minute}, {"", 2 * time.Minute}, {"x", 9 * time.Hour}, {"", 10 * time.Hour}} {
		c.list[i].Post.Thread, c.list[i].Post.Created = p.thread, at.Add(p.after)
	}
	var sizes []int
	for _, thread := range threads(c.list) {
		sizes = append(sizes, len(thread))
	}
	if fmt.Sprint(sizes) != "[2 2 1]" {
		t.Errorf("threads of %v posts", sizes)
	}
}

// Each case counts once, however many posts it has; one without an accepted post
// has no precision, and one without a statement no recall.
func TestEachCaseOnce(t *testing.T) {
	t.Parallel()
	all := Measure([]Sample{invented("a", "hhhhhhhw"), invented("b", "hw"), invented("c", "m"), invented("d", "ww")})
	pooled := all[len(all)-1]
	near := func(got *Rates, precision, recall float64) bool {
		return got != nil && math.Abs(got.Precision-precision) < 1e-9 && math.Abs(got.Recall-recall) < 1e-9
	}
	if !near(&pooled.Rates, 8./12, 8./9) || !near(pooled.Macro, (7./8+1./2+0)/3, 2./3) || !near(pooled.Worst, 0, 0) {
		t.Errorf("pooled %+v, each once %+v, worst %+v", pooled.Rates, pooled.Macro, pooled.Worst)
	}
	if one := Measure([]Sample{invented("a", "h")}); one[1].Macro != nil || one[1].Worst != nil {
		t.Errorf("a mean over one case: %+v", one[1])
	}
}
