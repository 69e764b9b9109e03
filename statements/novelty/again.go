package novelty

import (
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

// denies reports a denial in the sentences of a passage.
func (p Passage) denies() bool {
	r := p.Sentences()
	return slices.ContainsFunc(read(p.Text[r.Start:r.End]).words, denies)
}

// Differs is the veto on a passage that is taken for an earlier one in other words,
// by whoever knows meanings: only one of the two denies something, or the new one
// names a number, a date or a name that the earlier text lacks.
func Differs(fresh, earlier Passage) bool {
	if fresh.denies() != earlier.denies() {
		return true
	}
	said, known := fresh.Text[fresh.Start:fresh.End], read(earlier.Text).words
	for rest := read(said).words; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n-1].spelt(said) && rest[n].spelt(said) && strings.Trim(said[rest[n-1].end:rest[n].start], " -.") == "" {
			n++ // first names and surnames are one name, and either tells whose it is
		}
		fact := rest[0].fact && !denies(rest[0])
		if fact && !slices.ContainsFunc(rest[:n], func(w word) bool { return slices.ContainsFunc(known, w.sameFact) }) {
			return true
		}
		rest = rest[n:]
	}
	return false
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
