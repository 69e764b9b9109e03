package outline

import (
	"regexp"
	"slices"
	"strings"

	"onrecord/statements/lang"
)

// courtWord reports a word that names a court, alone or at the end of another.
func (r *reader) courtWord(w string) bool {
	return r.class["court"][w] || r.compound("court", w)
}

// courtJoiners stand in small letters inside the name of a court.
var courtJoiners = map[string]bool{
	"of": true, "for": true, "the": true, "in": true, "de": true, "del": true, "la": true, "lo": true, "los": true, "las": true, "am": true, "im": true, "für": true,
	"da": true, "do": true, "di": true, "du": true, "número": true, "numero": true, "núm": true, "n": true, "no": true,
}

// court is the first court that is named with more than its kind.
func (r *reader) court() Guess {
	for i, w := range r.words {
		if !r.courtWord(w.Text) {
			continue
		}
		var first, last int
		if r.uncased() {
			first, last = r.courtBack(i), i
		} else if first, last = r.courtAround(i); !w.Capital {
			first, last = i, r.courtAhead(i)
		}
		if last > first {
			at := r.words[first].Start
			return Guess{spelled(r.phrase(first, last)), r.around(at)}
		}
	}
	return Guess{}
}

// courtAround is the run of capitals around a word, with what joins them.
func (r *reader) courtAround(i int) (first, last int) {
	inName := func(j int) bool { return r.words[j].Capital || r.words[j].Text[0] >= '0' && r.words[j].Text[0] <= '9' }
	plain := func(a, b int) bool { // a caption breaks the name into lines
		if r.gap(a, b) == "\n" && upper(r.shown(a)) && upper(r.shown(b)) {
			return true
		}
		return !strings.ContainsAny(strings.ReplaceAll(r.gap(a, b), ". ", " "), ".;:()\n")
	}
	first, last = i, i
	s := r.sentenceOf(r.words[i].Start)
	if upper(r.shown(i)) { // a caption is no sentence
		s = lang.Range{Start: 0, End: len(r.text)}
	}
	for j := i - 1; j >= 0 && r.words[j].Start >= s.Start && i-j < 10 && plain(j, j+1) && (inName(j) && !r.is(j, "within", "opener", "article") || courtJoiners[r.words[j].Text] && j > 0 && r.words[j-1].Capital); j-- {
		if inName(j) && r.words[j].Segment == r.words[i].Segment {
			first = j
		}
	}
	for j := i + 1; j < len(r.words) && r.words[j].Start < s.End && j-i < 12 && plain(j-1, j) && (inName(j) || courtJoiners[r.words[j].Text]); j++ {
		if r.is(j, "date", "suing") {
			break
		}
		if inName(j) {
			last = j
		}
	}
	return first, last
}

// courtAhead is where the name of a court ends that begins small: "tribunal de commerce
// de Nantes", "court in Oregon".
func (r *reader) courtAhead(i int) (last int) {
	for j := i + 1; j < len(r.words) && j-i <= 5 && r.words[j].Segment == r.words[i].Segment && !strings.ContainsAny(r.gap(j-1, j), ".;:()\n"); j++ {
		if r.words[j].Capital {
			if courtJoiners[r.words[j-1].Text] {
				return j
			}
			break
		}
	}
	return i
}

func (r *reader) shown(i int) string { return r.text[r.words[i].Start:r.words[i].End] }

func upper(s string) bool { return strings.ToUpper(s) == s }

// courtBack is the name of a court that ends in its kind: "दिल्ली उच्च न्यायालय".
func (r *reader) courtBack(i int) int {
	first := i
	for j := i - 1; j >= 0 && i-j <= 2 && r.words[j].Segment == r.words[i].Segment && !r.starred(r.words[j].Text, "of", "marker", "barrier", "within", "function", "suing", "pronoun"); j-- {
		first = j
	}
	return first
}

// judge is who a title of judges stands before.
func (r *reader) judge() Guess {
	for _, m := range r.mentions {
		if r.is(m.first-1, "judge") || r.is(m.first-1, "honorific") && r.is(m.first-2, "judge") {
			return Guess{m.who.show(), r.around(m.Start)}
		}
	}
	return Guess{}
}

// dockets are the forms of case numbers that nothing need announce: of American and
// German courts, of England, and of India.
var dockets = []func() *regexp.Regexp{
	lazily(`\b\d{1,2}:\d{2}-[a-z]{2}-\d{3,6}(?:-[A-Z]{2,4})*\b`),
	lazily(`\b\d{1,3} (?:O|HK O|U|C|Ca|K|KLs) \d{1,5}/\d{2}\b`),
	lazily(`\[\d{4}\] EW(?:HC|CA) \d+(?: \([A-Za-z]+\))?`),
	lazily(`\bCS ?\((?:COMM|OS)\) ?(?:No\. ?)?\d+(?:/| of )\d{4}\b`),
}

// numbered is what may stand behind the word for a number: digits with what parts them.
var numbered = lazily(`^[\s.:#]*(?:(?i:no|nr|nº|n\.º|number)\.?[\s:#]*)?([A-Z0-9][A-Za-z0-9:/.-]{2,24}\d(?:-[A-Z]{2,4})*)`)

func (r *reader) docket() (all []Guess) {
	add := func(number string, at int) {
		if !slices.ContainsFunc(all, func(g Guess) bool { return strings.Contains(g.Value, number) }) {
			all = append(all, Guess{number, r.around(at)})
		}
	}
	for _, form := range dockets {
		for _, at := range form().FindAllStringIndex(r.text, 5) {
			add(r.text[at[0]:at[1]], at[0])
		}
	}
	for i := range r.words {
		size := r.phraseAt("number", i)
		if size == 0 {
			continue
		}
		end := r.words[i+size-1].End
		if m := numbered().FindStringSubmatch(r.text[end:]); m != nil {
			add(m[1], r.words[i].Start)
		}
	}
	return all
}
