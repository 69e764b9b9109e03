package main

import (
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
)

const (
	runPause    = 90 * time.Second // posts without a conversation id that are no farther apart are one thread
	quietMargin = 24 * time.Hour   // from any statement
	resamples   = 2000             // of the bootstrap
)

// figures are what a replay came to, for one case or all of them.
type figures struct {
	Case      string  `json:"case"`
	Ruleset   string  `json:"ruleset"`
	Posts     int     `json:"posts"`
	Labelled  int     `json:"labelled"`
	Statement int     `json:"statements"` // posts labelled 1
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Reached   float64 `json:"accept_review_recall"`
	Review    float64 `json:"review_load"` // share of posts in review
	Novelty   float64 `json:"novelty_accuracy"`

	Intervals intervals                 `json:"intervals"`
	OverCases *intervals                `json:"intervals_over_cases,omitempty"` // of several cases
	Average   float64                   `json:"average_precision"`
	Context   share                     `json:"context_recall"` // statements that their neighbours alone show
	Threads   share                     `json:"thread_recall"`  // threads with a statement, found by one of their statements
	Quiet     share                     `json:"quiet_accepts"`  // label 0, far from any statement, and accepted
	Confusion map[string]map[string]int `json:"novelty_confusion"`
}

// share is a part of a whole, which may be empty.
type share struct {
	N     int     `json:"n"`
	Of    int     `json:"of"`
	Share float64 `json:"share"`
}

func (s *share) add(counts bool) {
	s.Of++
	if counts {
		s.N++
	}
	s.Share = float64(s.N) / float64(s.Of)
}

func (s share) String() string {
	if s.Of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f (%d/%d)", s.Share, s.N, s.Of)
}

// intervals hold 95 % of what comes out when the posts are drawn anew: over
// threads, for how sure the figures of these cases are, or over cases and the
// threads in them, for what to expect of another case.
type intervals struct {
	Over      string     `json:"resampled_over"` // threads or cases
	Precision [2]float64 `json:"precision"`
	Recall    [2]float64 `json:"recall"`
	F1        [2]float64 `json:"f1"`
}

// compared is a decision with the line it was made on.
type compared struct {
	bot.StoredDecision
	line replayed
}

func (c compared) accepted() bool { return c.Decision.Verdict == onrecord.Accept }
func (c compared) is(label int) bool {
	return c.line.Label != nil && *c.line.Label == label
}

// tested is a case with the decisions of its replay.
type tested struct {
	id, ruleset string
	list        []compared
}

// compare puts decisions beside their labels, case by case.
func compare(ruleset string, posts []replayed, entries []bot.StoredDecision) (cases []tested) {
	lines := map[string]replayed{}
	for _, p := range posts {
		lines[p.account+"\n"+p.ID] = p
	}
	for _, e := range best(entries) {
		i := slices.IndexFunc(cases, func(c tested) bool { return c.id == e.Decision.Case })
		if i < 0 {
			i, cases = len(cases), append(cases, tested{id: e.Decision.Case, ruleset: ruleset})
		}
		cases[i].list = append(cases[i].list, compared{e, lines[e.Post.Account+"\n"+e.Post.ID]})
	}
	return cases
}

// measure rates each case, and all of them pooled.
func measure(cases []tested) (list []figures) {
	var all [][]compared
	var rulesets []string
	for _, c := range cases {
		list = append(list, rate(c.id, c.ruleset, [][]compared{c.list}))
		all = append(all, c.list)
		if !slices.Contains(rulesets, c.ruleset) {
			rulesets = append(rulesets, c.ruleset)
		}
	}
	return append(list, rate("all", strings.Join(rulesets, ", "), all))
}

// best keeps one decision for each post and case: of an article that quotes
// several speakers the one that reached furthest.
func best(entries []bot.StoredDecision) (list []bot.StoredDecision) {
	rank := map[onrecord.Verdict]int{onrecord.Review: 1, onrecord.Accept: 2}
	at := map[string]int{}
	for _, e := range entries {
		key := e.Decision.Case + "\n" + e.Post.Key()
		i, known := at[key]
		switch {
		case !known:
			at[key] = len(list)
			list = append(list, e)
		case rank[e.Decision.Verdict] > rank[list[i].Decision.Verdict]:
			list[i] = e
		}
	}
	return list
}

// rate measures one case, or several together.
func rate(name, ruleset string, cases [][]compared) figures {
	f := figures{Case: name, Ruleset: ruleset, Confusion: map[string]map[string]int{}}
	var reached, review, novelty share
	for _, list := range cases {
		for _, c := range list {
			f.Posts++
			review.add(c.Decision.Verdict == onrecord.Review)
			if c.is(0) || c.is(1) {
				f.Labelled++
			}
			if !c.is(1) {
				continue
			}
			f.Statement++
			reached.add(c.Decision.Verdict != onrecord.Reject)
			if c.line.Evidence == "context" {
				f.Context.add(c.accepted())
			}
			if c.accepted() {
				dup := c.Novelty == onrecord.Mirror || c.Novelty == onrecord.Restates
				novelty.add(dup == (c.line.Novelty == "dup"))
				f.confuse(cmp.Or(c.line.Novelty, "unlabelled"), string(c.Novelty))
			}
		}
		f.countThreads(list)
		f.countQuiet(list)
	}
	f.Reached, f.Review, f.Novelty = reached.Share, review.Share, novelty.Share
	f.Precision, f.Recall, f.F1 = tallyOf(cases).rates()
	f.Average = averagePrecision(slices.Concat(cases...))
	f.Intervals = bootstrap(cases, false)
	if len(cases) > 1 {
		over := bootstrap(cases, true)
		f.OverCases = &over
	}
	return f
}

func (f *figures) confuse(label, decided string) {
	if f.Confusion[label] == nil {
		f.Confusion[label] = map[string]int{}
	}
	f.Confusion[label][decided]++
}

func (f *figures) countThreads(list []compared) {
	for _, thread := range threads(list) {
		statement := func(c compared) bool { return c.is(1) }
		if slices.ContainsFunc(thread, statement) {
			f.Threads.add(slices.ContainsFunc(thread, func(c compared) bool { return c.is(1) && c.accepted() }))
		}
	}
}

// threads groups the posts of an account by conversation, or into runs where the
// place names none, in the order in which they begin.
func threads(list []compared) (groups [][]compared) {
	at := map[string]int{}
	last, run := map[string]time.Time{}, map[string]int{}
	for _, c := range byDate(list) {
		account, posted := c.Post.Account, c.Post.Created
		if posted.Sub(last[account]) > runPause {
			run[account]++
		}
		last[account] = posted
		name := fmt.Sprintf("%s run %d", account, run[account])
		if c.Post.Thread != "" {
			name = account + " thread " + c.Post.Thread
		}
		i, known := at[name]
		if !known {
			i, groups = len(groups), append(groups, nil)
			at[name] = i
		}
		groups[i] = append(groups[i], c)
	}
	return groups
}

func (f *figures) countQuiet(list []compared) {
	for _, c := range list {
		near := func(o compared) bool { return o.is(1) && o.Post.Created.Sub(c.Post.Created).Abs() <= quietMargin }
		if c.is(0) && !slices.ContainsFunc(list, near) {
			f.Quiet.add(c.accepted())
		}
	}
}

func byDate(list []compared) []compared {
	return slices.SortedStableFunc(slices.Values(list), func(a, b compared) int { return a.Post.Created.Compare(b.Post.Created) })
}

// tally is what precision and recall are made of.
type tally struct{ hit, wrong, statements int }

func (n *tally) add(o tally) {
	n.hit, n.wrong, n.statements = n.hit+o.hit, n.wrong+o.wrong, n.statements+o.statements
}

func (n tally) rates() (precision, recall, f1 float64) {
	precision = float64(n.hit) / float64(max(n.hit+n.wrong, 1))
	recall = float64(n.hit) / float64(max(n.statements, 1))
	if n.hit > 0 {
		f1 = 2 * precision * recall / (precision + recall)
	}
	return precision, recall, f1
}

func tallied(list []compared) (n tally) {
	for _, c := range list {
		switch {
		case c.is(1):
			n.statements++
			if c.accepted() {
				n.hit++
			}
		case c.is(0) && c.accepted():
			n.wrong++
		}
	}
	return n
}

func tallyOf(groups [][]compared) (n tally) {
	for _, g := range groups {
		n.add(tallied(g))
	}
	return n
}

// averagePrecision is the mean of the precision at each statement when posts
// are read by falling score. Equal scores are read together.
func averagePrecision(list []compared) (sum float64) {
	list = slices.DeleteFunc(slices.Clone(list), func(c compared) bool { return !c.is(0) && !c.is(1) })
	slices.SortStableFunc(list, func(a, b compared) int { return cmp.Compare(b.Decision.Score, a.Decision.Score) })
	hits := 0
	for from := 0; from < len(list); {
		to, before := from, hits
		for ; to < len(list) && list[to].Decision.Score == list[from].Decision.Score; to++ {
			if list[to].is(1) {
				hits++
			}
		}
		sum += float64(hits-before) * float64(hits) / float64(to)
		from = to
	}
	return sum / float64(max(hits, 1))
}

// bootstrap draws the threads of each case anew, since the posts of a thread
// stand and fall together; over cases it draws the cases first, since the
// threads of a case are alike. The seed is fixed: the same decisions have the
// same intervals.
func bootstrap(cases [][]compared, overCases bool) intervals {
	in := intervals{Over: "threads"}
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

// printFigures prints three tables: the figures at the line, how sure they are
// with what stands beside them, and how novelty was decided.
func printFigures(w io.Writer, list []figures) error {
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
