package outline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord/statements/lang"
)

// filed is what the day of a suit is called.
const filed = "complaint filed"

// mostEvents bounds the days of a story: one that has more is a list.
const mostEvents = 20

var isoDay = lazily(`\b(20\d\d)-(\d\d)-(\d\d)\b`)

// events are the days that a story dates in full. A weekday alone is none: it depends
// on when the story was printed.
func (r *reader) events() (all []Event) {
	months := lang.Months(r.tag)
	seen := map[string]bool{}
	add := func(year, month, day, at int) {
		date := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
		if _, err := time.Parse(time.DateOnly, date); err != nil || year < 1990 || year > 2100 {
			return
		}
		s := r.sentenceOf(at)
		if key := fmt.Sprint(date, s.Start); seen[key] || len(all) == mostEvents {
			return
		} else {
			seen[key] = true
		}
		what := shortened(r.text[s.Start:s.End])
		if r.files(s) {
			what = filed
		}
		if !slices.ContainsFunc(all, func(e Event) bool { return e.Date == date && (e.What == what || e.What == filed) }) {
			all = append(all, Event{Date: date, What: what, From: r.around(at)})
		}
	}
	for i, w := range r.words {
		month := months[w.Text]
		if month == 0 {
			continue
		}
		number := func(j int) int {
			if j < 0 || j >= len(r.words) {
				return 0
			}
			n, _ := strconv.Atoi(strings.TrimRight(lang.Fold(r.words[j].Text), "stndrh"))
			return n
		}
		for _, d := range [][2]int{{i - 1, i + 1}, {i + 1, i + 2}, {i - 2, i + 2}, {i - 1, i + 2}} { // 3 May 2026; May 3, 2026; 3 de mayo de 2026; 3 mai en 2026
			if day, year := number(d[0]), number(d[1]); day >= 1 && day <= 31 && year > 1000 {
				add(year, month, day, w.Start)
				break
			}
		}
	}
	for _, m := range isoDay().FindAllStringSubmatchIndex(r.text, 20) {
		n := func(i int) int { v, _ := strconv.Atoi(r.text[m[2*i]:m[2*i+1]]); return v }
		add(n(1), n(2), n(3), m[0])
	}
	slices.SortStableFunc(all, func(a, b Event) int { return strings.Compare(a.Date, b.Date) })
	return all
}

// files reports a sentence that tells of a suit that two named sides have.
func (r *reader) files(s lang.Range) bool {
	sued := false
	first, end := r.wordsIn(s)
	for _, w := range r.words[first:end] {
		sued = sued || r.class["suing"][w.Text]
	}
	named := map[*name]bool{}
	first, end = r.mentionsIn(s)
	for _, m := range r.mentions[first:end] {
		named[m.who] = true
	}
	return sued && len(named) > 1
}

const gist = 90

// shortened is a sentence on one line, cut where it is long.
func shortened(s string) string {
	line := []rune(strings.Join(strings.Fields(s), " "))
	if len(line) <= gist {
		return strings.TrimRight(string(line), ".।")
	}
	return strings.TrimSpace(string(line[:gist])) + "…"
}
