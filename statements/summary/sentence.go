package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// sentence is a candidate for quotation.
type sentence struct {
	passage
	of    int  // index of the passage it stands in
	place int  // in that passage
	cut   bool // its end is left out
	size  int  // runes
	terms []string
}

// follows reports that b is the sentence after a in the same passage.
func follows(a, b sentence) bool { return a.of == b.of && a.place+1 == b.place && !a.cut }

// split cuts passages into sentences. A sentence longer than a card is
// represented by its beginning.
func split(own []passage) []sentence {
	var all []sentence
	for i, p := range own {
		place := 0
		for _, b := range rounded(p.text(), lang.Sentences(p.text())) {
			s := sentence{passage: trimmed(p.part, p.source, lang.Range{Start: p.Start + b.Start, End: p.Start + b.End}), of: i, place: place}
			if !lang.Visible(s.text()) {
				continue
			}
			if s.size = utf8.RuneCountInString(s.text()); s.size > atMost {
				s.cut = true
				s.passage = trimmed(s.part, s.source, lang.Range{Start: s.Start, End: s.Start + clip(s.text(), atMost)})
				s.size = utf8.RuneCountInString(s.text())
			}
			s.terms = lang.Terms(s.text())
			all = append(all, s)
			place++
		}
	}
	return all
}

// rounded joins a sentence of a few words to its neighbour on the line: to the
// one before, since "They say we copied it. We did not." means the opposite
// without its end, or at the beginning of a line to the one it announces.
func rounded(text string, all []lang.Range) []lang.Range {
	var joined []lang.Range
	for _, r := range all {
		last := len(joined) - 1
		if last >= 0 && !lang.EndsLine(text[:r.Start]) && utf8.RuneCountInString(text[joined[last].Start:r.End]) <= atMost &&
			(short(text[r.Start:r.End]) || short(text[joined[last].Start:joined[last].End])) {
			joined[last].End = r.End
			continue
		}
		joined = append(joined, r)
	}
	return joined
}

func short(s string) bool {
	const fewWords, fewRunes = 5, 14 // runes for scripts that set no spaces
	return len(lang.Terms(s)) <= fewWords || strings.ContainsFunc(s, func(r rune) bool { return lang.ScriptOf(r).Unspaced() }) && utf8.RuneCountInString(s) <= fewRunes
}

// clip returns the length in bytes of a beginning of at most n runes: to the
// end of a clause when one ends in its second half, else of a word, else of a
// grapheme.
func clip(text string, n int) int {
	clause, word, whole, runes := 0, 0, 0, 0
	for it := graphemes.FromString(text); it.Next(); {
		g := it.Value()
		if runes += utf8.RuneCountInString(g); runes > n {
			break
		}
		if r, _ := utf8.DecodeRuneInString(g); unicode.IsSpace(r) {
			word = it.Start()
			if before, _ := utf8.DecodeLastRuneInString(text[:it.Start()]); strings.ContainsRune(",;:–—،", before) {
				clause = it.Start()
			}
		}
		whole = it.End()
	}
	switch {
	case whole == len(text):
		return whole
	case clause > whole/2:
		return clause
	case word > whole/2:
		return word
	case whole > 0:
		return whole
	}
	return firstRunes(text, n) // one grapheme of more than n runes: a joke, or an attack
}

func firstRunes(text string, n int) int {
	for i := range text {
		if n--; n < 0 {
			return i
		}
	}
	return len(text)
}
