package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"onrecord/statements/match"
)

// figures are the counts of a case.
type figures struct {
	posts, statements, hit, wrong, reviewed, reached int
	quiet, quietAccepted                             int
	early                                            int // statements among the 30 % of posts with the highest scores
	candidates, reachedThere                         int
	average                                          float64 // precision at each statement, by falling score
	list                                             []judged
	review                                           float64
}

func (s *stream) measure(w *match.Weights) (f figures) {
	f.list, f.review = s.replay(w), w.Review
	for _, j := range f.list {
		f.posts++
		accept, review := j.Score >= 0, j.Score < 0 && j.Score >= w.Review
		f.reviewed += count(review)
		f.candidates += count(j.Score >= w.Candidate)
		switch j.label {
		case 1:
			f.statements++
			f.hit += count(accept)
			f.reached += count(accept || review)
			f.reachedThere += count(j.Score >= w.Candidate)
		case 0:
			f.wrong += count(accept)
			f.quiet += count(j.quiet)
			f.quietAccepted += count(accept && j.quiet)
		}
	}
	f.early, f.average = earliest(f.list), averagePrecision(f.list)
	return f
}

func averagePrecision(list []judged) (sum float64) {
	n, hits := 0, 0
	for _, j := range byScore(list) {
		n += count(j.label < 2)
		if j.label == 1 {
			hits++
			sum += float64(hits) / float64(n)
		}
	}
	return sum / float64(max(hits, 1))
}

func byScore(list []judged) []judged {
	return slices.SortedStableFunc(slices.Values(list), func(a, b judged) int { return cmp.Compare(b.Score, a.Score) })
}

func earliest(list []judged) (n int) {
	for _, j := range byScore(list)[:len(list)*3/10] {
		n += count(j.label == 1)
	}
	return n
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (f *figures) add(o figures) {
	f.posts, f.statements, f.hit, f.wrong, f.reviewed, f.reached = f.posts+o.posts, f.statements+o.statements, f.hit+o.hit, f.wrong+o.wrong, f.reviewed+o.reviewed, f.reached+o.reached
	f.quiet, f.quietAccepted, f.candidates, f.reachedThere = f.quiet+o.quiet, f.quietAccepted+o.quietAccepted, f.candidates+o.candidates, f.reachedThere+o.reachedThere
	f.list = append(f.list, o.list...)
	f.early, f.average = earliest(f.list), averagePrecision(f.list)
}

// shares are the figures as they are printed.
func (f figures) shares() []float64 {
	p, r := share(f.hit, f.hit+f.wrong), share(f.hit, f.statements)
	f1 := 0.0
	if p+r > 0 {
		f1 = 2 * p * r / (p + r)
	}
	return []float64{p, r, f1, share(f.reached, f.statements), share(f.reviewed, f.posts), share(f.early, f.statements), share(f.candidates, f.posts), share(f.reachedThere, f.statements), share(f.quietAccepted, f.quiet), f.average}
}

var heads = []string{"P", "R", "F1", "A+R", "load", "at30", "cand", "inCand", "quiet", "AP"}

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// old are the cases that weights were set on before they were learned.
var old = []string{"dolar-futuro", "mpf-v-lula-triplex", "pampena-v-musk", "tornetta-v-musk", "twitter-v-musk", "vos-selections-v-trump", "x-moraes-stf-2024"}

func report(out io.Writer, streams []*stream, inSample, leftOut []figures) {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "case\tposts\tyes\t")
	for _, h := range append(heads, heads[:5]...) {
		fmt.Fprint(w, h, "\t")
	}
	fmt.Fprintln(w)
	row := func(name string, posts, yes int, out, in []float64) {
		fmt.Fprintf(w, "%s\t%d\t%d\t", name, posts, yes)
		for _, x := range append(append([]float64(nil), out...), in[:5]...) {
			fmt.Fprintf(w, "%.3f\t", x)
		}
		fmt.Fprintln(w)
	}
	total := func(name string, keep func(string) bool) {
		var in, out figures
		inMean, outMean := make([]mean, len(heads)), make([]mean, len(heads))
		for i, s := range streams {
			if !keep(s.name) {
				continue
			}
			in.add(inSample[i])
			out.add(leftOut[i])
			for k, x := range inSample[i].shares() {
				if k != 0 || inSample[i].hit+inSample[i].wrong > 0 {
					inMean[k].add(x)
				}
			}
			for k, x := range leftOut[i].shares() {
				if k != 0 || leftOut[i].hit+leftOut[i].wrong > 0 {
					outMean[k].add(x)
				}
			}
		}
		row(name+" macro", in.posts, in.statements, values(outMean), values(inMean))
		row(name+" pooled", in.posts, in.statements, out.shares(), in.shares())
	}
	for i, s := range streams {
		row(s.name, leftOut[i].posts, leftOut[i].statements, leftOut[i].shares(), inSample[i].shares())
	}
	total("old", func(n string) bool { return slices.Contains(old, n) })
	total("new", func(n string) bool { return !slices.Contains(old, n) })
	total("all", func(string) bool { return true })
	_ = w.Flush()
}

func values(ms []mean) (xs []float64) {
	for _, m := range ms {
		xs = append(xs, m.value())
	}
	return xs
}

// writePosts writes what was made of each post, for looking at the errors.
func writePosts(path string, streams []*stream, all []figures) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(f)
	places := match.Places()
	for i, s := range streams {
		for _, j := range all[i].list {
			found := map[string]float64{}
			for k, x := range j.Strength {
				if x != 0 {
					found[fmt.Sprintf("%s%d", places[k].Code, places[k].N)] = float64(int(x*100)) / 100
				}
			}
			label := "reject"
			if j.Score >= 0 {
				label = "accept"
			} else if j.Score >= all[i].review {
				label = "review"
			}
			if err := lines.Encode(map[string]any{"case": s.name, "id": j.post.ID, "decision": label, "score": j.Score, "whole": j.Whole, "found": found, "label": j.label, "held": j.Held, "buried": j.Buried}); err != nil {
				return err
			}
		}
	}
	return f.Close()
}
