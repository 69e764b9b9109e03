package eval

import (
	"fmt"
	"io"
	"strings"

	"onrecord"
)

// Print prints three tables: the figures at the line, how sure they are
// with what stands beside them, and how novelty was decided.
func Print(w io.Writer, list []Figures) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%-30s %6s %6s %9s %6s %6s %15s %6s %6s %6s %7s\n", "case", "posts", "stmts", "precision", "recall", "F1", "accept+review R", "review", "quiet", "asked", "novelty")
	for _, f := range list {
		fmt.Fprintf(&b, "%-30s %6d %6d %s %7.2f\n", f.Case, f.Posts, f.Statement, f.Rates, f.Novelty)
	}
	all := list[len(list)-1]
	if all.Macro != nil {
		fmt.Fprintf(&b, "%-44s %s\n%-44s %s\n", "each case once", *all.Macro, "worst case", *all.Worst)
	}
	fmt.Fprintf(&b, "\n%-30s %-12s %-12s %-12s %-7s %5s %15s %15s %15s\n", "95 % of resamples", "precision", "recall", "F1", "over", "AP", "context R", "thread R", "quiet accepts")
	for _, f := range list {
		in := f.Intervals
		fmt.Fprintf(&b, "%-30s %-12s %-12s %-12s %-7s %5.2f %15s %15s %15s\n", f.Case, between(in.Precision), between(in.Recall), between(in.F1), in.Over, f.Average, f.Context, f.Threads, f.Quiet)
		if o := f.OverCases; o != nil {
			fmt.Fprintf(&b, "%-30s %-12s %-12s %-12s %s\n", f.Case, between(o.Precision), between(o.Recall), between(o.F1), o.Over)
		}
	}
	printFeedback(&b, list)
	ladder := []onrecord.Novelty{onrecord.New, onrecord.Expands, onrecord.Changed, onrecord.Restates, onrecord.Mirror}
	fmt.Fprintf(&b, "\n%-30s", "novelty, all: labelled")
	for _, n := range ladder {
		fmt.Fprintf(&b, " %8s", n)
	}
	for _, label := range []string{"new", "dup"} {
		fmt.Fprintf(&b, "\n%-30s", label)
		for _, n := range ladder {
			fmt.Fprintf(&b, " %8d", all.Confusion[label][string(n)])
		}
	}
	fmt.Fprintf(&b, "\n\nruleset %s\n", all.Ruleset)
	_, err := io.WriteString(w, b.String())
	return err
}

// printFeedback prints what a person's verdicts changed.
func printFeedback(b *strings.Builder, list []Figures) {
	all := list[len(list)-1]
	if all.Feedback == nil {
		return
	}
	fmt.Fprintf(b, "\n%-30s %8s %17s %17s %17s %17s %17s\n", "verdicts on the first half", "verdicts", "precision", "recall", "F1", "accept+review R", "review")
	line := func(name, verdicts string, from, to Rates) {
		fmt.Fprintf(b, "%-30s %8s", name, verdicts)
		for _, change := range [][2]float64{{from.Precision, to.Precision}, {from.Recall, to.Recall}, {from.F1, to.F1}, {from.Reached, to.Reached}, {from.Review, to.Review}} {
			fmt.Fprintf(b, " %4.2f→%4.2f (%+.2f)", change[0], change[1], change[1]-change[0])
		}
		fmt.Fprintln(b)
	}
	for _, f := range list {
		line(f.Case, fmt.Sprint(f.Feedback.Verdicts), f.Feedback.Without, f.Rates)
	}
	if all.Macro != nil && all.Feedback.Macro != nil {
		line("each case once", "", *all.Feedback.Macro, *all.Macro)
	}
}

func (r Rates) String() string {
	return fmt.Sprintf("%9.2f %6.2f %6.2f %15.2f %5.1f%% %5.1f%% %5.1f%%", r.Precision, r.Recall, r.F1, r.Reached, 100*r.Review, 100*r.Untold, 100*r.Asked)
}

func between(x [2]float64) string { return fmt.Sprintf("%.2f..%.2f", x[0], x[1]) }
