package eval

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
)

const (
	runPause    = 90 * time.Second // posts without a conversation id that are no farther apart are one thread
	quietMargin = 24 * time.Hour   // from any statement
)

// Figures are what a replay came to, for one case or all of them.
type Figures struct {
	Case      string `json:"case"`
	Ruleset   string `json:"ruleset"`
	Posts     int    `json:"posts"`
	Labelled  int    `json:"labelled"`
	Statement int    `json:"statements"` // posts labelled 1
	Accepted  int    `json:"-"`          // of those labelled 0 or 1
	Rates
	Novelty float64 `json:"novelty_accuracy"`

	Macro     *Rates                    `json:"macro,omitempty"` // of several cases: the mean, each case once, so that none drowns the others
	Worst     *Rates                    `json:"worst,omitempty"` // and of each rate that of the case in which it is worst
	Intervals Intervals                 `json:"intervals"`
	OverCases *Intervals                `json:"intervals_over_cases,omitempty"` // of several cases
	Average   float64                   `json:"average_precision"`
	Context   Share                     `json:"context_recall"` // statements that their neighbours alone show
	Threads   Share                     `json:"thread_recall"`  // threads with a statement, found by one of their statements
	Quiet     Share                     `json:"quiet_accepts"`  // label 0, far from any statement, and accepted
	Confusion map[string]map[string]int `json:"novelty_confusion"`
	Feedback  *Feedback                 `json:"feedback,omitempty"` // beside the second half alone
}

// Rates are what a replay is judged by first.
type Rates struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Reached   float64 `json:"accept_review_recall"`
	Review    float64 `json:"review_load"` // share of posts in review
	Untold    float64 `json:"quiet_share"` // of them in review of which nobody is told
	Asked     float64 `json:"asked_share"` // share of posts a model was asked about, alone or with others
}

// Share is a part of a whole, which may be empty.
type Share struct {
	N     int     `json:"n"`
	Of    int     `json:"of"`
	Share float64 `json:"share"`
}

func (s *Share) add(counts bool) {
	s.Of++
	if counts {
		s.N++
	}
	s.Share = float64(s.N) / float64(s.Of)
}

func (s Share) String() string {
	if s.Of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f (%d/%d)", s.Share, s.N, s.Of)
}

// compared is a decision with the post it was made on.
type compared struct {
	bot.Explanation
	post  LabelledPost
	asked bool // a model was
}

func (c compared) accepted() bool { return c.Decision.Label == onrecord.Accept }
func (c compared) is(label int) bool {
	return c.post.Label != nil && *c.post.Label == label
}

// Sample is the decisions on a case, beside the labels of their posts.
type Sample struct {
	Case    string
	ruleset string
	list    []compared
}

// Compare puts decisions, for which a model was asked or nobody, beside the labels of
// their posts, case by case.
func Compare(posts []LabelledPost, decisions []bot.Explanation, m *Model) (cases []Sample) {
	labelled := map[string]LabelledPost{}
	for _, p := range posts {
		labelled[p.Key()] = p
	}
	for _, d := range best(decisions) {
		i := slices.IndexFunc(cases, func(c Sample) bool { return c.Case == d.Decision.Case })
		if i < 0 {
			i, cases = len(cases), append(cases, Sample{Case: d.Decision.Case})
		}
		c := &cases[i]
		c.ruleset = cmp.Or(c.ruleset, d.Decision.Ruleset)
		c.list = append(c.list, compared{d, labelled[d.Post.Key()], m.wasAsked(c.Case, d.Post)})
	}
	return cases
}

// Measure rates each case, and all of them pooled.
func Measure(cases []Sample) (list []Figures) {
	var all [][]compared
	var rulesets []string
	for _, c := range cases {
		list = append(list, rate(c.Case, c.ruleset, [][]compared{c.list}))
		all = append(all, c.list)
		if !slices.Contains(rulesets, c.ruleset) {
			rulesets = append(rulesets, c.ruleset)
		}
	}
	pooled := rate("all", strings.Join(rulesets, ", "), all)
	if len(list) > 1 {
		pooled.Macro, pooled.Worst = eachOnce(list)
	}
	return append(list, pooled)
}

// eachOnce returns the mean of each rate over cases, and the worst of each. A case
// without an accepted post has no precision, one without a statement no recall.
func eachOnce(cases []Figures) (macro, worst *Rates) {
	macro, worst = &Rates{}, &Rates{}
	over := func(rate func(*Rates) *float64, isWorse func(a, b float64) bool, has func(Figures) bool) {
		n, sum := 0, 0.0
		for _, f := range cases {
			if !has(f) {
				continue
			}
			x := *rate(&f.Rates)
			if n == 0 || isWorse(x, *rate(worst)) {
				*rate(worst) = x
			}
			n, sum = n+1, sum+x
		}
		*rate(macro) = sum / float64(max(n, 1))
	}
	lower, higher := cmp.Less[float64], func(a, b float64) bool { return a > b }
	accepts := func(f Figures) bool { return f.Accepted > 0 }
	speaks := func(f Figures) bool { return f.Statement > 0 }
	always := func(Figures) bool { return true }
	over(func(r *Rates) *float64 { return &r.Precision }, lower, accepts)
	over(func(r *Rates) *float64 { return &r.Recall }, lower, speaks)
	over(func(r *Rates) *float64 { return &r.F1 }, lower, speaks)
	over(func(r *Rates) *float64 { return &r.Reached }, lower, speaks)
	over(func(r *Rates) *float64 { return &r.Review }, higher, always)
	over(func(r *Rates) *float64 { return &r.Untold }, higher, always)
	over(func(r *Rates) *float64 { return &r.Asked }, higher, always)
	return macro, worst
}

// best keeps one decision for each post and case: of an article that quotes
// several speakers the one that reached furthest.
func best(decisions []bot.Explanation) (list []bot.Explanation) {
	rank := map[onrecord.Label]int{onrecord.Review: 1, onrecord.Accept: 2}
	at := map[string]int{}
	for _, d := range decisions {
		key := d.Decision.Case + "\n" + d.Post.Key()
		i, known := at[key]
		switch {
		case !known:
			at[key] = len(list)
			list = append(list, d)
		case rank[d.Decision.Label] > rank[list[i].Decision.Label]:
			list[i] = d
		}
	}
	return list
}

// rate measures one case, or several together.
func rate(name, ruleset string, cases [][]compared) Figures {
	f := Figures{Case: name, Ruleset: ruleset, Confusion: map[string]map[string]int{}}
	var reached, review, quiet, asked, novelty Share
	for _, list := range cases {
		for _, c := range list {
			f.Posts++
			review.add(c.Decision.Label == onrecord.Review)
			quiet.add(c.Decision.Quiet)
			asked.add(c.asked)
			if c.is(0) || c.is(1) {
				f.Labelled++
				if c.accepted() {
					f.Accepted++
				}
			}
			if !c.is(1) {
				continue
			}
			f.Statement++
			reached.add(c.Decision.Label != onrecord.Reject)
			if c.post.Evidence == "context" {
				f.Context.add(c.accepted())
			}
			if c.accepted() {
				dup := c.Novelty == onrecord.Mirror || c.Novelty == onrecord.Restates
				novelty.add(dup == (c.post.Novelty == "dup"))
				f.confuse(cmp.Or(c.post.Novelty, "unlabelled"), string(c.Novelty))
			}
		}
		f.countThreads(list)
		f.countQuiet(list)
	}
	f.Reached, f.Review, f.Untold, f.Asked, f.Novelty = reached.Share, review.Share, quiet.Share, asked.Share, novelty.Share
	f.Precision, f.Recall, f.F1 = tallyOf(cases).rates()
	f.Average = averagePrecision(slices.Concat(cases...))
	f.Intervals = bootstrap(cases, false)
	if len(cases) > 1 {
		over := bootstrap(cases, true)
		f.OverCases = &over
	}
	return f
}

func (f *Figures) confuse(label, decided string) {
	if f.Confusion[label] == nil {
		f.Confusion[label] = map[string]int{}
	}
	f.Confusion[label][decided]++
}

func (f *Figures) countThreads(list []compared) {
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

func (f *Figures) countQuiet(list []compared) {
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
