package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// Sentences cuts a text into sentences by UAX #29, and joins what its rules cut
// at the dot of an abbreviation or leave without a word.
func Sentences(text string) []Range {
	var all []Range
	for it := sentences.FromString(text); it.Next(); {
		piece := it.Value()
		last := len(all) - 1
		if last >= 0 && (unfinished(text[all[last].Start:all[last].End]) || !HasWord(piece) && !EndsLine(text[:it.Start()])) {
			all[last].End = it.End()
			continue
		}
		all = append(all, Range{it.Start(), it.End()})
	}
	return all
}

// HasWord reports whether a text holds a letter or a digit.
func HasWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// EndsLine reports whether a text ends in a line end, perhaps before spaces.
func EndsLine(s string) bool {
	for len(s) > 0 {
		r, n := utf8.DecodeLastRuneInString(s)
		if strings.ContainsRune("\n\r\u2028\u2029\u0085", r) {
			return true
		}
		if !unicode.IsSpace(r) {
			return false
		}
		s = s[:len(s)-n]
	}
	return false
}

var abbreviations = func() map[string]bool {
	m := map[string]bool{}
	for _, a := range Entries("abbreviation") { // with their accents: "núm" is none in English
		m[a] = true
	}
	return m
}()

// longestAbbreviation is more than any has, in bytes: no more is looked at, since
// what is joined to a sentence may be joined to it a thousand times.
const longestAbbreviation = 64

// unfinished reports that a text ends in the dot of an abbreviation, an
// initial or a list number, so that the next piece belongs to it.
func unfinished(s string) bool {
	if EndsLine(s) {
		return false
	}
	s, dot := strings.CutSuffix(strings.TrimRightFunc(s, unicode.IsSpace), ".")
	if !dot {
		return false
	}
	if strings.TrimRight(s, "0123456789 ") == "" {
		return true
	}
	s = s[max(0, len(s)-longestAbbreviation):]
	word := s[strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '(' })+1:]
	if utf8.RuneCountInString(word) == 1 { // an initial; a bare number ends a sentence
		r, _ := utf8.DecodeRuneInString(word)
		return unicode.IsLetter(r) && word != "I"
	}
	return strings.Contains(word, ".") && !strings.ContainsAny(word, "/@") && len(word) <= 8 || abbreviations[strings.ToLower(word)]
}
