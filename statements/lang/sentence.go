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
	tail := s[len(strings.TrimRightFunc(s, unicode.IsSpace)):]
	return strings.ContainsAny(tail, "\n\r\u2028\u2029\u0085")
}

// abbreviations end in a dot and do not end a sentence.
var abbreviations = words1(`adv al apdo art arts av bros ca cap capt cf cía cia co col corp dept dir dott dr dra drs ed eds
	etc evtl exc fa fig fr gen ggf gov gr hon hr ibid inc jr jun lt ltd ltda mag max me messrs min mlle mm mme mr mrs ms
	mt mx no nos nr núm op pag pág par pp prof pt rep rev rr sec sect sen sgt sig soc sr sra sras srs srta st ste str
	tel univ usw jan feb apr aug sep sept oct nov dec ene abr ago dic fev dez janv févr juil déc okt v vgl vol vs z zb им обл пр проф рис руб см ст стр тыс ул`)

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
	if strings.Trim(s, "0123456789 ") == "" {
		return true
	}
	word := s[strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '(' })+1:]
	if utf8.RuneCountInString(word) == 1 { // an initial; a bare number ends a sentence
		r, _ := utf8.DecodeRuneInString(word)
		return unicode.IsLetter(r) && word != "I"
	}
	return strings.Contains(word, ".") && !strings.ContainsAny(word, "/@") && len(word) <= 8 || abbreviations[strings.ToLower(word)]
}
