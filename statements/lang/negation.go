package lang

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	negations     = Set("negation")
	negativeSigns = Entries("sign") // Chinese and Japanese set no spaces: a sign is enough
)

// Negates reports whether a text holds a negation.
func Negates(text string) bool {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !SingleQuote(r) && !InWord(r) }) {
		if Negative(Fold(strings.TrimFunc(w, SingleQuote))) {
			return true
		}
	}
	for _, s := range negativeSigns {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// Negative reports whether a folded word is a negation, or a letter that is one
// where letters are taken for words. A kana is none: it stands in any word.
func Negative(w string) bool {
	first, size := utf8.DecodeRuneInString(w)
	return negations[w] || strings.HasSuffix(w, "n't") || strings.HasPrefix(w, "n'") ||
		size == len(w) && ScriptOf(first) == Han && slices.Contains(negativeSigns, w)
}

// CutsNegation reports whether byte i of a text without spaces lies between a
// negation and the word it is written together with.
func CutsNegation(text []byte, i int) bool {
	for _, s := range negativeSigns {
		first, _ := utf8.DecodeRuneInString(s)
		suffix := first >= 'ぁ' && first <= 'ゟ' // Japanese verbs carry it at their end
		if suffix && bytes.HasPrefix(text[i:], []byte(s)) || !suffix && bytes.HasSuffix(text[:i], []byte(s)) {
			return true
		}
	}
	return false
}
