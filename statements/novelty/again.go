package novelty

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// Passage is a part of a text that says something.
type Passage struct {
	Text string
	Range
}

// Sentences are the whole sentences around a passage: a piece of one can say the
// opposite of it.
func (p Passage) Sentences() Range {
	wide := p.Range
	for _, s := range lang.Sentences(p.Text) {
		if s = s.Trimmed(p.Text); s.Start < p.End && p.Start < s.End {
			wide = Range{min(wide.Start, s.Start), max(wide.End, s.End)}
		}
	}
	return wide
}

// denies reports a denial in a passage, or in what commas and the like do not part from
// it: what is cut out of a denial is one.
func (p Passage) denies() bool {
	const parts = ",;:—–()\n"
	s, r := p.Sentences(), p.Range
	if i := strings.LastIndexAny(p.Text[s.Start:r.Start], parts); i >= 0 {
		s.Start += i
	}
	if i := strings.IndexAny(p.Text[r.End:s.End], parts); i >= 0 {
		s.End = r.End + i
	}
	return slices.ContainsFunc(read(p.Text[s.Start:s.End]).words, denies)
}

// sameSubject is the share of the words of the shorter of two passages that tells that
// both are on one thing, of which one says the opposite. In quite other words
// "it is false" and "we did not" are the same.
const sameSubject = .6

// Differs is the veto on a passage that is taken for an earlier one in other words,
// by whoever knows meanings: in much the same words only one of the two denies something,
// or the new one names a number, a date or a name that the earlier text lacks. A
// name of one word counts where the earlier passage has another in its place: a
// capital alone may be emphasis.
func Differs(fresh, earlier Passage) bool {
	if fresh.denies() != earlier.denies() && fresh.shares(earlier) >= sameSubject {
		return true
	}
	said, known := fresh.Text[fresh.Start:fresh.End], read(earlier.Text).words
	for rest := read(said).words; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n-1].spelt(said) && rest[n].spelt(said) && strings.Trim(said[rest[n-1].end:rest[n].start], " -.") == "" {
			n++ // first names and surnames are one name, and either tells whose it is
		}
		fact := rest[0].fact && !denies(rest[0]) && !(n == 1 && rest[0].spelt(said) && !earlier.namesBesides(fresh))
		if fact && !slices.ContainsFunc(rest[:n], func(w word) bool { return slices.ContainsFunc(known, w.sameFact) }) {
			return true
		}
		rest = rest[n:]
	}
	return false
}

// small are words that tell of no subject.
var small = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, class := range []string{"function", "barrier", "pronoun", "auxiliary", "before", "first", "article"} {
		maps.Copy(all, lang.Set(class))
	}
	return all
})

// subjects are the words of a passage that tell what it is on, by their first letters.
func (p Passage) subjects() map[string]bool {
	const letters = 5
	all := map[string]bool{}
	for _, w := range read(p.Text[p.Start:p.End]).words {
		if w.content && !denies(w) && !small()[w.text] {
			first := []rune(w.text)
			all[string(first[:min(len(first), letters)])] = true
		}
	}
	return all
}

// shares is how much of the shorter of two passages stands in the other.
func (p Passage) shares(o Passage) float64 {
	a, b, both := p.subjects(), o.subjects(), 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	if min(len(a), len(b)) == 0 {
		return 1
	}
	return ratio(both, min(len(a), len(b)))
}

// namesBesides reports a name in a passage that another text lacks.
func (p Passage) namesBesides(o Passage) bool {
	said, known := p.Text[p.Start:p.End], read(o.Text).words
	return slices.ContainsFunc(read(said).words, func(w word) bool { return w.spelt(said) && !slices.ContainsFunc(known, w.sameFact) })
}

// spelt reports a name as names are spelt: where all letters are capitals, nobody can tell.
func (w word) spelt(text string) bool {
	return w.name && strings.ContainsFunc(text[w.start:w.end], unicode.IsLower)
}

// sameFact reports whether two words are the same number, date or name, whoever owns
// something in one of them.
func (w word) sameFact(o word) bool { return unowned(w.text) == unowned(o.text) }

func unowned(w string) string { return strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s") }

// repeats reports that a text surely says what an earlier one says: most of its words
// that carry meaning stand there, and both tell of the same outcomes.
func repeats(a, b doc) bool {
	known, all, told := 0, 0, texts(b)
	for _, w := range a.words {
		if !meaning(w) {
			continue
		}
		if all++; told[w.text] {
			known++
		}
	}
	return ratio(known, all) >= knownSentence && slices.Equal(a.outcomes(), b.outcomes())
}

// outcome is a word that tells how something ended in court, or what words for it
// begin with.
type outcome struct {
	text string
	stem bool
}

var outcomes = sync.OnceValue(func() (list []outcome) {
	ordinary := []map[string]bool{lang.Set("function"), lang.Set("legal"), lang.Set("weak")} // of a phrase: the case
	for _, phrase := range lang.Entries("outcome") {
		words := strings.Fields(phrase)
		for _, w := range words {
			text, stem := strings.CutSuffix(w, "*")
			o := outcome{lang.Fold(text), stem}
			if len(words) == 1 || !slices.ContainsFunc(ordinary, func(set map[string]bool) bool { return set[o.text] }) {
				list = append(list, o)
			}
		}
	}
	return list
})

// sameOutcome is how many letters say which outcome a word tells of.
const sameOutcome = 5

// outcomes are the outcomes a text tells of, each by its first letters. That a court
// heard a claim is one statement, that it dismissed it another.
func (d doc) outcomes() (list []string) {
	folded := lang.Fold(d.text)
	for _, o := range outcomes() {
		first, _ := utf8.DecodeRuneInString(o.text)
		told := lang.ScriptOf(first).Unspaced() && strings.Contains(folded, o.text) || slices.ContainsFunc(d.words, func(w word) bool {
			return w.text == o.text || o.stem && strings.HasPrefix(w.text, o.text)
		})
		if letters := []rune(o.text); told {
			list = append(list, string(letters[:min(len(letters), sameOutcome)]))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
