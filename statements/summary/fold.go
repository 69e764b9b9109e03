package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold makes spellings of one word equal: letter case and accents go. Vowel
// signs of Indic scripts stay: without them different words fall together.
func fold(w string) string {
	if ascii(w) {
		return strings.ToLower(w)
	}
	var out []byte
	for _, r := range norm.NFKD.String(w) {
		if unicode.Is(unicode.Mn, r) && (r < 0x0900 || r > 0x0DFF) || invisible(r) {
			continue
		}
		if single[r] {
			r = '\''
		}
		out = utf8.AppendRune(out, unicode.ToLower(r))
	}
	return norm.NFC.String(string(out)) // Hangul is read in syllables
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
