package match

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"

	"onrecord"
)

// Weights are what the kinds of evidence weigh, in log-odds, and the lines
// between the verdicts. They are learned from labelled posts by the program
// cmd/train and kept in weights.txt, a kind a line: the weight of the
// strongest match, of the second and so on.
type Weights struct {
	of [kinds][]float64
	// Lines: from which score on a person should look at a post, and from which
	// on it is a candidate. From zero on it is accepted.
	Review, Candidate float64
	// Lines above zero, for what needs more to be accepted: a post that names the case
	// while nothing of it is on the speaker's mind, and one that names it by no word of
	// its own while it is.
	Cold, Unnamed float64
}

//go:embed weights.txt
var learnedText string

var learned = mustRead(learnedText)

func mustRead(text string) *Weights {
	w, err := ReadWeights(strings.NewReader(text))
	if err != nil {
		panic(err) // a test reads them
	}
	return w
}

// ReadWeights reads weights as [Weights.Write] writes them.
func ReadWeights(r io.Reader) (*Weights, error) {
	w := &Weights{}
	for k, row := range table {
		w.of[k] = make([]float64, len(row.Start))
	}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		into := w.line(fields[0])
		if len(into) != len(fields)-1 {
			return nil, fmt.Errorf("weights: %q has %d numbers, want %d", fields[0], len(fields)-1, len(into))
		}
		for i, f := range fields[1:] {
			x, err := strconv.ParseFloat(f, 64)
			if err != nil {
				return nil, fmt.Errorf("weights: %s: %w", fields[0], err)
			}
			*into[i] = x
		}
	}
	return w, lines.Err()
}

// line is what a line of the file sets.
func (w *Weights) line(name string) (into []*float64) {
	switch name {
	case "review":
		return []*float64{&w.Review}
	case "candidate":
		return []*float64{&w.Candidate}
	case "cold":
		return []*float64{&w.Cold}
	case "unnamed":
		return []*float64{&w.Unnamed}
	}
	for k := range table {
		if string(table[k].Code) == name {
			for i := range w.of[k] {
				into = append(into, &w.of[k][i])
			}
		}
	}
	return into
}

// Write writes the weights, a kind a line.
func (w *Weights) Write(to io.Writer) error {
	_, err := fmt.Fprintf(to, "review %.2f\ncandidate %.2f\ncold %.2f\nunnamed %.2f\n", w.Review, w.Candidate, w.Cold, w.Unnamed)
	for k, row := range table {
		if len(row.Start) == 0 || err != nil {
			continue
		}
		var b strings.Builder
		b.WriteString(string(row.Code))
		for _, x := range w.of[k] {
			fmt.Fprintf(&b, " %.2f", x)
		}
		_, err = fmt.Fprintln(to, b.String())
	}
	return err
}

// acceptLine is where the lines begin to be counted: what is accepted scores zero or more.
const acceptLine = 0.0

// Lines returns from which score on a post is accepted, from which on a
// person should look at it, and from which on it is a candidate: whoever reads
// posts for their meaning reads these first, since hardly a statement is below.
// A rule may hold a post back, never put it forward. Scores are no calibrated
// probabilities.
func Lines() (accept, review, candidate float64) {
	return acceptLine, learned.Review, learned.Candidate
}

// SameThread is the evidence of a real thread with a statement, Seldom the least that
// the stream's own share of statements can be for [Weights].
const (
	SameThread onrecord.ReasonCode = "same_thread"
	Seldom                         = coldPrior
)

// A Place is one weight: a kind of evidence, and the how-manieth match of it.
type Place struct {
	Code  onrecord.ReasonCode
	N     int
	Sign  int     // that the weight must have; 0: any
	Start float64 // what it is as far as no post has told
}

// Places are all weights, in a fixed order.
func Places() (all []Place) {
	for _, row := range table {
		for n, start := range row.Start {
			all = append(all, Place{row.Code, n, row.Sign, start})
		}
	}
	return all
}

// offsets are where a kind's weights begin in [Places].
var offsets = func() (at [kinds]int) {
	n := 0
	for k, row := range table {
		at[k] = n
		n += len(row.Start)
	}
	return at
}()

var places = len(Places())

// Values are the weights in the order of [Places].
func (w *Weights) Values() (all []float64) {
	for _, of := range w.of {
		all = append(all, of...)
	}
	return all
}

// Set sets the weights in the order of [Places].
func (w *Weights) Set(all []float64) {
	for k := range w.of {
		w.of[k] = append([]float64(nil), all[offsets[k]:offsets[k]+len(table[k].Start)]...)
	}
}
