package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold makes spellings of one word equal: letter case, accents, Arabic and
// Hebrew points, width, styled letters and the form of an apostrophe go. Vowel
// signs of Indic scripts stay, since without them different words fall together.
// Words are folded one by one and keep the byte span they came from, so no
// offset map is needed.
func Fold(word string) string {
	if ASCII(word) {
		return strings.ToLower(word)
	}
	var letters [64]byte // of all but the longest words: most words are folded as they stand
	out := letters[:0]
	for _, r := range word {
		if SingleQuote(r) {
			out = append(out, '\'')
			continue
		}
		out = AppendFolded(out, r)
	}
	if string(out) != word {
		word = string(out)
	}
	return norm.NFC.String(word) // what was written in pieces, as Hangul can be
}

// foldTable answers for the alphabets most posts are written in.
var foldTable = func() (t [0x600]string) {
	for r := range rune(len(t)) {
		t[r] = string(appendSlow(nil, r))
	}
	return t
}()

// AppendFolded appends the folded form of one rune, which may be empty.
func AppendFolded(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, byte(r))
	}
	if int(r) < len(foldTable) {
		return append(dst, foldTable[r]...)
	}
	switch ScriptOf(r) {
	case Han, Kana, Hangul: // no case, no accents, but width
		if r < 0xF900 {
			return utf8.AppendRune(dst, r)
		}
	}
	return appendSlow(dst, r)
}

func appendSlow(dst []byte, r rune) []byte {
	if r == 'ß' || r == 'ẞ' {
		return append(dst, "ss"...)
	}
	form := norm.NFKD
	if ScriptOf(r) == Hangul || ScriptOf(r) == Kana {
		form = norm.NFKC // decomposed they would fall apart into their strokes
	}
	for _, d := range form.String(string(r)) {
		if unicode.Is(unicode.Mn, d) && !vowelSign(d) || unicode.Is(unicode.Cf, d) {
			continue
		}
		dst = utf8.AppendRune(dst, unify(unicode.ToLower(d)))
	}
	return dst
}

// unify maps letters that writers use for one another.
func unify(r rune) rune {
	switch r {
	case 'ى', 'ی':
		return 'ي'
	case 'ک':
		return 'ك'
	case 'ة':
		return 'ه'
	case 'ı':
		return 'i'
	case 'ł':
		return 'l'
	case 'ø':
		return 'o'
	case 'đ':
		return 'd'
	case 'ँ':
		return 'ं'
	}
	return r
}

// vowelSign reports marks of Indic scripts that are vowels of the word. The
// dot below a letter is none, and many writers leave it out.
func vowelSign(r rune) bool { return r >= 0x0900 && r <= 0x0DFF && r != 0x093C }

// ASCII reports a text without a letter that folding would have to look up.
func ASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
