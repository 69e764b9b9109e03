package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"onrecord"
	"onrecord/statements/lang"
)

// Query says which statements on the record somebody wants to see. What is empty does
// not matter.
type Query struct {
	Case  string    `json:"case,omitempty"` // its id
	By    string    `json:"by,omitempty"`   // the speaker
	Text  string    `json:"text,omitempty"` // words that all stand in it, and passages in quotation marks
	Since time.Time `json:"since,omitzero"` // when it was published
	Kind  string    `json:"kind,omitempty"` // one of [QueryKinds]
}

// QueryKinds are what a statement can be to its speaker's record, and what can have become
// of it, as people ask for it.
func QueryKinds() []string {
	return []string{"new", "adds", "changed", "repeats", "edited", "deleted", "gone"}
}

var fatesOf = map[string]onrecord.NoticeKind{"edited": onrecord.Edited, "deleted": onrecord.Deleted, "gone": onrecord.Gone}

var noveltiesOf = map[string][]onrecord.Novelty{
	"new": {onrecord.New}, "adds": {onrecord.Expands}, "changed": {onrecord.Changed}, "repeats": {onrecord.Restates, onrecord.Mirror},
}

// From is where a page of statements begins: below a number, or above one. Both are 0
// for the newest.
type From struct{ Below, Above int64 }

// Found is what a query finds from a place on, newest first.
type Found struct {
	Statements   []onrecord.StatementNotice
	Newer, Older From // where the pages beside it begin; zero: there is none
	// Reached is the last statement that was looked at, when looking on was left to the
	// next page; zero: nothing was left.
	Reached time.Time
}

const (
	// searchBatch is how many statements are read at a time, and searchReach how many
	// for one page.
	searchBatch, searchReach = 100, 2000
)

// Search returns statements on the record that a query asks for.
func (v Visitor) Search(ctx context.Context, q Query, from From, size int) (Found, error) {
	upwards := from.Above > 0
	wanted := q.matcher()
	stretch := Stretch{Case: q.Case, Speaker: q.By, Since: q.Since, Fate: fatesOf[q.Kind], Below: from.Below, Above: from.Above, Upwards: upwards, Limit: searchBatch}
	var found []onrecord.Statement
	var last onrecord.Statement
	looked, all := 0, false
	for len(found) <= size && looked < searchReach && !all {
		batch, err := v.Record.Stretch(ctx, stretch)
		if err != nil {
			return Found{}, err
		}
		for _, s := range batch {
			last = s
			if wanted(s) {
				found = append(found, s)
			}
		}
		looked, all = looked+len(batch), len(batch) == 0 // damaged ones are left out of a full one
		if upwards {
			stretch.Above = last.No
		} else {
			stretch.Below = last.No
		}
	}
	return v.page(found, last, from, size, all, upwards), nil
}

// page makes a page of what was found in the direction of looking.
func (v Visitor) page(found []onrecord.Statement, last onrecord.Statement, from From, size int, all, upwards bool) (p Found) {
	more := len(found) > size
	found = found[:min(len(found), size)]
	if upwards {
		slices.Reverse(found)
	}
	p.Statements = v.Notices(found)
	if !more && !all {
		p.Reached = last.First().Created
	}
	if len(found) == 0 {
		switch {
		case !all && upwards:
			p.Newer = From{Above: last.No}
		case !all:
			p.Older = From{Below: last.No}
		}
		if from.Below > 0 {
			p.Newer = From{Above: from.Below - 1}
		}
		return p
	}
	newest, oldest := found[0].No, found[len(found)-1].No
	if more && upwards || !upwards && from.Below > 0 {
		p.Newer = From{Above: newest}
	}
	if more && !upwards || upwards {
		p.Older = From{Below: oldest}
	}
	if !more && !all && !upwards {
		p.Older = From{Below: last.No}
	}
	if !more && !all && upwards {
		p.Newer = From{Above: last.No}
	}
	return p
}

// matcher says of a statement whether it is asked for.
func (q Query) matcher() func(onrecord.Statement) bool {
	wanted := passages(q.Text)
	novelties := noveltiesOf[q.Kind]
	return func(s onrecord.Statement) bool {
		if q.By != "" && s.Speaker != q.By { // it was corrected to another
			return false
		}
		if novelties != nil && !slices.Contains(novelties, s.Novelty) || s.First().Created.Before(q.Since) {
			return false
		}
		if len(wanted) == 0 {
			return true
		}
		text := lang.Tokens(s.Words())
		return !slices.ContainsFunc(wanted, func(p []lang.Token) bool { return !stands(text, p) })
	}
}

// passages are what has to stand in a text word by word: what was put in quotation marks,
// each other word by itself, and what is written without spaces as it is.
func passages(text string) (list [][]lang.Token) {
	for quoted := false; text != ""; quoted = !quoted {
		part, rest := text, ""
		if i := strings.IndexFunc(text, lang.DoubleQuote); i >= 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			part, rest = text[:i], text[i+size:]
		}
		if words := lang.Tokens(part); quoted && len(words) > 0 {
			list = append(list, words)
		} else {
			list = append(list, apart(words)...)
		}
		text = rest
	}
	return list
}

// apart are words by themselves, but for what is written without spaces between them.
func apart(words []lang.Token) (list [][]lang.Token) {
	for i, t := range words {
		if i > 0 && t.Script.Unspaced() && words[i-1].Script.Unspaced() && words[i-1].End == t.Start {
			list[len(list)-1] = append(list[len(list)-1], t)
			continue
		}
		list = append(list, []lang.Token{t})
	}
	return list
}

// stands reports whether words stand in a text one after the other. The last may be the
// beginning of one.
func stands(text, words []lang.Token) bool {
	for i := 0; i+len(words) <= len(text); i++ {
		same := true
		for n, w := range words {
			t := text[i+n]
			last := n == len(words)-1
			if t.Text != w.Text && t.Stem != w.Stem && !(last && strings.HasPrefix(t.Text, w.Text)) {
				same = false
				break
			}
		}
		if same {
			return true
		}
	}
	return false
}

// Notices are statements with their cases.
func (v Visitor) Notices(list []onrecord.Statement) []onrecord.StatementNotice {
	notices := make([]onrecord.StatementNotice, len(list))
	for i, s := range list {
		notices[i] = onrecord.StatementNotice{Statement: s, Case: caseOf(v.Cases, s.Case)}
	}
	return notices
}

// caseOf is the one of the cases with an id, which may no longer be configured.
func caseOf(cases []onrecord.Case, id string) onrecord.Case {
	if i := slices.IndexFunc(cases, func(c onrecord.Case) bool { return c.ID == id }); i >= 0 {
		return cases[i]
	}
	return onrecord.Case{ID: id, Title: id}
}

// Nearest orders names by how much they are like what somebody typed, the nearest first.
// Names that are alike in the same way stay in their order.
func Nearest(typed string, names []string) []string {
	want := lang.Fold(strings.Join(strings.Fields(typed), " "))
	type near struct {
		name     string
		class    int
		distance float64
	}
	list := make([]near, len(names))
	for i, name := range names {
		has := lang.Fold(name)
		n := near{name: name, class: 4, distance: 1 - alike(want, has)}
		switch {
		case want == "" || has == want:
			n.class, n.distance = 0, 0
		case strings.HasPrefix(has, want):
			n.class, n.distance = 1, 0
		case strings.Contains(" "+has, " "+want):
			n.class, n.distance = 2, 0
		case strings.Contains(has, want):
			n.class, n.distance = 3, 0
		}
		list[i] = n
	}
	slices.SortStableFunc(list, func(a, b near) int { return cmp.Or(a.class-b.class, cmp.Compare(a.distance, b.distance)) })
	sorted := make([]string, len(list))
	for i, n := range list {
		sorted[i] = n.name
	}
	return sorted
}

// alike is the share of pairs of letters that two words have in common, from 0 to 1.
func alike(a, b string) float64 {
	count := map[[2]rune]int{}
	pairs := func(s string) (list [][2]rune) {
		before := ' '
		for _, r := range s {
			list = append(list, [2]rune{before, r})
			before = r
		}
		return list
	}
	of, in := pairs(a), pairs(b)
	for _, p := range of {
		count[p]++
	}
	common := 0
	for _, p := range in {
		if count[p] > 0 {
			count[p]--
			common++
		}
	}
	return 2 * float64(common) / float64(max(len(of)+len(in), 1))
}

// UnknownNameError says that nobody of a name is known, and who comes nearest.
type UnknownNameError struct {
	Name string
	Near []string
}

func (e UnknownNameError) Error() string {
	return fmt.Sprintf("there is nobody called %q; nearest: %s", e.Name, strings.Join(e.Near, ", "))
}

// Names of the speakers, and ids of the cases, that somebody may mean.
const nearestNames = 3

// Speakers are the names of everyone in the cases, each once.
func (v Visitor) Speakers() (names []string) {
	for _, c := range v.Cases {
		for _, p := range c.Everyone() {
			if !slices.Contains(names, p.Name) {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// Speaker returns the name, as the record has it, of who is called so. The error may be
// [UnknownNameError].
func (v Visitor) Speaker(name string) (string, error) {
	for _, c := range v.Cases {
		if p, ok := c.Find(name); ok {
			return p.Name, nil
		}
	}
	near := Nearest(name, v.Speakers())
	return "", UnknownNameError{name, near[:min(len(near), nearestNames)]}
}

// Case returns the case that an id or a title names. The error may be [UnknownCaseError],
// with the nearest.
func (v Visitor) Case(name string) (onrecord.Case, error) {
	var names []string
	for _, c := range v.Cases {
		if strings.EqualFold(c.ID, name) || lang.Fold(c.Title) == lang.Fold(name) {
			return c, nil
		}
		names = append(names, c.ID, c.Title)
	}
	e := UnknownCaseError{ID: name}
	for _, n := range Nearest(name, names) {
		i := slices.IndexFunc(v.Cases, func(c onrecord.Case) bool { return c.ID == n || c.Title == n })
		if known := v.Cases[i]; len(e.Cases) < nearestNames && !slices.ContainsFunc(e.Cases, func(c onrecord.Case) bool { return c.ID == known.ID }) {
			e.Cases = append(e.Cases, known)
		}
	}
	return onrecord.Case{}, e
}

// CaseReport is what is known of a case.
type CaseReport struct {
	Case       onrecord.Case
	Statements map[string]int // on the record, by speaker
	Latest     []onrecord.StatementNotice
}

// ReportCase returns what is known of a case, with so many of its newest statements.
func (v Visitor) ReportCase(ctx context.Context, c onrecord.Case, latest int) (r CaseReport, err error) {
	r.Case = c
	if r.Statements, err = v.Record.Tally(ctx, c.ID); err != nil {
		return r, err
	}
	page, err := v.Search(ctx, Query{Case: c.ID}, From{}, latest)
	r.Latest = page.Statements
	return r, err
}

// OnTheRecord is what the record holds of a text that somebody came across.
type OnTheRecord struct {
	Found []onrecord.StatementNotice // it names them, links to them, or repeats their words
	Near  []onrecord.StatementNotice // when none was found: what comes nearest, the nearest first
}

// mostFound bounds both lists.
const mostFound = 3

// FindText looks for what a text quotes, links to or names by its number.
func (v Visitor) FindText(ctx context.Context, text string) (o OnTheRecord, err error) {
	numbers, err := v.named(ctx, text)
	if err != nil {
		return o, err
	}
	for _, n := range numbers {
		s, _, err := v.Record.Statement(ctx, n)
		if err == nil && s.Lane == onrecord.Record && len(o.Found) < mostFound { // a number that nobody has is no fault
			o.Found = append(o.Found, v.Notices([]onrecord.Statement{s})...)
		}
	}
	words := significant(text)
	if len(o.Found) > 0 || len(words) == 0 {
		return o, nil
	}
	return o, v.likest(ctx, words, &o)
}

// named are the numbers of statements that a text names itself, or whose posts it links to.
func (v Visitor) named(ctx context.Context, text string) (numbers []int64, err error) {
	add := func(n int64) {
		if n > 0 && !slices.Contains(numbers, n) && len(numbers) < 2*mostFound {
			numbers = append(numbers, n)
		}
	}
	links := 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || strings.ContainsRune("<>()[]\"", r) }) {
		word = strings.Trim(word, ".,;:!?*_`'“”·")
		what, known := ParseReference(word)
		switch {
		case !known:
		case what.Statement > 0:
			add(what.Statement)
		case links < 2*mostFound:
			links++
			list, err := v.Record.ByURL(ctx, what.URL)
			if err != nil {
				return nil, err
			}
			for _, d := range list {
				add(d.Statement)
			}
		}
	}
	return numbers, nil
}

// leastWords is how many words a passage must have for its repetition to be no accident.
const leastWords = 4

func significant(text string) (words []lang.Token) {
	for _, t := range lang.Tokens(text) {
		if !t.Link && !t.Handle {
			words = append(words, t)
		}
	}
	return words
}

// likest fills in the statements whose words a text shares, of the newest on the record.
func (v Visitor) likest(ctx context.Context, words []lang.Token, o *OnTheRecord) error {
	type candidate struct {
		onrecord.Statement
		share float64
	}
	asked := map[string]bool{}
	for _, w := range words {
		asked[w.Stem] = true
	}
	var near []candidate
	stretch := Stretch{Limit: searchBatch}
	for looked := 0; looked < searchReach; {
		batch, err := v.Record.Stretch(ctx, stretch)
		if err != nil {
			return err
		}
		for _, s := range batch {
			stretch.Below = s.No
			text := significant(s.Words())
			if repeats(text, words) && len(o.Found) < mostFound {
				o.Found = append(o.Found, v.Notices([]onrecord.Statement{s})...)
				continue
			}
			common := map[string]bool{}
			for _, t := range text {
				if asked[t.Stem] && len([]rune(t.Text)) > 3 {
					common[t.Stem] = true
				}
			}
			if len(common) > 1 {
				near = append(near, candidate{s, float64(len(common)) / float64(len(asked))})
			}
		}
		if looked += len(batch); len(batch) == 0 {
			break
		}
	}
	if len(o.Found) > 0 {
		return nil
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(b.share, a.share) })
	for _, n := range near[:min(len(near), mostFound)] {
		o.Near = append(o.Near, v.Notices([]onrecord.Statement{n.Statement})...)
	}
	return nil
}

// repeats reports whether a run of words of a text stands in a statement: all of a short
// text, or eight words of a long one.
func repeats(said, text []lang.Token) bool {
	run := min(len(text), 8)
	if run < leastWords {
		return false
	}
	for i := 0; i+run <= len(text); i++ {
		if stands(said, text[i:i+run]) {
			return true
		}
	}
	return false
}

// Stretch is a piece of the record, for [Record].
type Stretch struct {
	Case, Speaker string              // "": any
	Since         time.Time           // nothing that was seen before
	Fate          onrecord.NoticeKind // that they met; "": any, or none
	Below, Above  int64               // numbers; 0: no bound
	Upwards       bool                // the oldest first, and not the newest
	Limit         int
}
