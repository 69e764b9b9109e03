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
	fmt.Fprintf(&b, "%-28s %6s %6s %9s %6s %6s %15s %6s %7s\n", "case", "posts", "stmts", "precision", "recall", "F1", "accept+review R", "review", "novelty")
	for _, f := range list {
		fmt.Fprintf(&b, "%-28s %6d %6d %9.2f %6.2f %6.2f %15.2f %5.1f%% %7.2f\n", f.Case, f.Posts, f.Statement, f.Precision, f.Recall, f.F1, f.Reached, 100*f.Review, f.Novelty)
	}
	fmt.Fprintf(&b, "\n%-28s %-12s %-12s %-12s %-7s %5s %15s %15s %15s\n", "95 % of resamples", "precision", "recall", "F1", "over", "AP", "context R", "thread R", "quiet accepts")
	for _, f := range list {
		in := f.Intervals
		fmt.Fprintf(&b, "%-28s %-12s %-12s %-12s %-7s %5.2f %15s %15s %15s\n", f.Case, between(in.Precision), between(in.Recall), between(in.F1), in.Over, f.Average, f.Context, f.Threads, f.Quiet)
		if o := f.OverCases; o != nil {
			fmt.Fprintf(&b, "%-28s %-12s %-12s %-12s %s\n", f.Case, between(o.Precision), between(o.Recall), between(o.F1), o.Over)
		}
	}
	ladder := []onrecord.Novelty{onrecord.New, onrecord.Expands, onrecord.Changed, onrecord.Restates, onrecord.Mirror}
	all := list[len(list)-1]
	fmt.Fprintf(&b, "\n%-28s", "novelty, all: labelled")
	for _, n := range ladder {
		fmt.Fprintf(&b, " %8s", n)
	}
	for _, label := range []string{"new", "dup"} {
		fmt.Fprintf(&b, "\n%-28s", label)
		for _, n := range ladder {
			fmt.Fprintf(&b, " %8d", all.Confusion[label][string(n)])
		}
	}
	fmt.Fprintf(&b, "\n\nruleset %s\n", all.Ruleset)
	_, err := io.WriteString(w, b.String())
	return err
}

func between(x [2]float64) string { return fmt.Sprintf("%.2f..%.2f", x[0], x[1]) }
