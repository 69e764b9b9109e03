package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold makes spellings of one word equal: letter case and accents go. Vowel
// signs of Indic scripts stay: without them different words fall together.
func Fold(w string) string {
	if ASCII(w) {
		return strings.ToLower(w)
	}
	var out []byte
	for _, r := range norm.NFKD.String(w) {
		if unicode.Is(unicode.Mn, r) && (r < 0x0900 || r > 0x0DFF) || Invisible(r) {
			continue
		}
		if SingleQuote(r) {
			r = '\''
		}
		out = utf8.AppendRune(out, unicode.ToLower(r))
	}
	return norm.NFC.String(string(out)) // Hangul is read in syllables
}

// ASCII reports a text without a letter that folding would have to look up.
func ASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
