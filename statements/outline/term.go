package outline

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"onrecord/statements/lang"
	"onrecord/statements/match"
)

const mostKeywords = 12

// keywords are what the story puts in quotation marks as a name, names of things, and
// phrases that it has more than once. Names of people are no keywords: they are names.
func (r *reader) keywords(o Outline) (all []Keyword) {
	taken := map[string]bool{}
	for _, f := range slices.Concat(o.Parties, o.People) {
		for _, n := range append([]string{f.Name}, f.Aliases...) {
			taken[strings.Join(lang.FoldedWords(n), " ")] = true
		}
	}
	taken[strings.Join(lang.FoldedWords(o.Judge.Value), " ")] = true
	court := strings.Join(lang.FoldedWords(o.Court.Value), " ")
	text := " " + strings.Join(lang.FoldedWords(r.text), " ") + " "
	add := func(term string) {
		folded := strings.Join(lang.FoldedWords(term), " ")
		if folded == "" || strings.Contains(court, folded) || taken[folded] || slices.ContainsFunc(all, func(k Keyword) bool { return strings.Contains(k.Term, term) }) {
			return
		}
		taken[folded] = true
		all = append(all, Keyword{Term: term, Common: r.common(folded, term), Times: strings.Count(text, " "+folded+" ")})
	}
	for _, q := range r.quoted() {
		add(q)
	}
	for _, n := range r.names {
		if !slices.ContainsFunc(o.People, func(f Figure) bool { return f.Name == n.show() }) && n.times > 1 {
			add(n.show())
		}
	}
	for _, p := range r.phrasesOften() {
		add(p)
	}
	slices.SortStableFunc(all, func(a, b Keyword) int {
		return cmp.Or(cmp.Compare(min(len(a.Common), 1), min(len(b.Common), 1)), cmp.Compare(b.Times, a.Times))
	})
	return all[:min(len(all), mostKeywords)]
}

// common says why a term may stand in posts about anything; "": it is rare.
func (r *reader) common(folded, term string) string {
	words := strings.Fields(folded)
	law := func(w string) bool { return r.starred(w, "legal", "outcome", "weak", "suing", "function") }
	switch {
	case r.starred(folded, "legal", "outcome", "weak") || r.starred(strings.TrimSuffix(folded, "s"), "legal", "outcome", "weak"), !slices.ContainsFunc(words, func(w string) bool { return !law(w) }):
		return "language of any court"
	case match.Everyday(term):
		return "an everyday word"
	case slices.Contains(platforms(), folded):
		return "a place where everybody posts"
	case len(words) == 1 && !unicode.IsUpper([]rune(term)[0]):
		return "one plain word"
	}
	return ""
}

// platforms are the places that stories name without meaning the case.
var platforms = sync.OnceValue(func() []string {
	var all []string
	for _, p := range lang.Entries("place") {
		all = append(all, lang.Fold(p))
	}
	return all
})

// quoted are short texts in quotation marks that begin with a capital or a digit, or
// stand in a script without capitals: what the story calls by a name.
func (r *reader) quoted() (all []string) {
	start := -1
	for i, c := range r.text {
		if !lang.DoubleQuote(c) {
			continue
		}
		if start >= 0 {
			in := strings.Trim(strings.TrimSpace(r.text[start:i]), ",.;:")
			ws := lang.Words(in)
			if n := len(ws); n > 0 && n <= 4 && len(in) < 60 && !strings.ContainsAny(in, ".!?।\n") && (ws[0].Capital || r.uncased() && n <= 3) && !slices.ContainsFunc(ws, func(w lang.Word) bool { return !joiners[w.Text] && r.is0(w.Text) }) {
				all = append(all, in)
				start = -1
				continue
			}
		}
		start = i + len(string(c))
	}
	return all
}

// is0 reports a word that begins a sentence rather than a name.
func (r *reader) is0(w string) bool {
	return r.starred(w, "function", "pronoun", "opener", "barrier") || ourselves()[w]
}

var ourselves = setOf("first")

// phrasesOften are two or three words that stand together more than once, none of them a
// word that only joins.
func (r *reader) phrasesOften() []string {
	content := func(i int) bool {
		w := r.words[i]
		return len([]rune(w.Text)) > 3 && !says()[w.Text] && !r.starred(w.Text, "function", "pronoun", "barrier", "before", "adverb", "auxiliary", "of", "within", "title", "office", "date", "suing", "plaintiff", "defendant", "marker", "joins", "opener") &&
			!strings.ContainsFunc(w.Text, unicode.IsDigit)
	}
	joins := func(i int) bool { return r.is(i, "before", "function") && len([]rune(r.words[i].Text)) <= 3 } // "modelo de precios"
	inName := func(i int) bool {
		return slices.ContainsFunc(r.mentions, func(m mention) bool { return i >= m.first && i <= m.last })
	}
	count, shown := map[string]int{}, map[string]string{}
	var order []string
	for size := 3; size >= 2; size-- {
		for i := 0; i+size <= len(r.words); i++ {
			ok := true
			var ws []string
			for j := i; j < i+size && ok; j++ {
				ok = (content(j) || size == 3 && j == i+1 && joins(j)) && !inName(j) && (j == i || strings.TrimSpace(r.gap(j-1, j)) == "" && !strings.Contains(r.gap(j-1, j), "\n"))
				ws = append(ws, r.words[j].Text)
			}
			if !ok {
				continue
			}
			key := strings.Join(ws, " ")
			if count[key]++; count[key] == 1 {
				shown[key] = r.phrase(i, i+size-1)
				order = append(order, key)
			}
		}
	}
	var all []string
	for _, key := range order {
		if count[key] > 1 {
			all = append(all, shown[key])
		}
	}
	return all
}
