package match

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Folding makes spellings of one word equal: letter case, accents, Arabic and
// Hebrew points, width and styled letters go. Vowel signs of Indic scripts stay,
// since without them different words fall together. Words are folded one by one
// and keep the byte span they came from, so no offset map is needed.

// foldTable answers for the alphabets most posts are written in.
var foldTable = func() (t [0x600]string) {
	for r := range rune(len(t)) {
		t[r] = foldSlow(r)
	}
	return t
}()

// appendFolded appends the folded form of one rune, which may be empty.
func appendFolded(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, byte(r))
	}
	if int(r) < len(foldTable) {
		return append(dst, foldTable[r]...)
	}
	switch scriptOf(r) {
	case han, kana, hangul: // no case, no accents, but width
		if r < 0xF900 {
			return utf8.AppendRune(dst, r)
		}
	}
	return append(dst, foldSlow(r)...)
}

func foldSlow(r rune) string {
	if r == 'ß' || r == 'ẞ' {
		return "ss"
	}
	form := norm.NFKD
	if scriptOf(r) == hangul || scriptOf(r) == kana {
		form = norm.NFKC // decomposed they would fall apart into their strokes
	}
	var out []byte
	for _, d := range form.String(string(r)) {
		if unicode.Is(unicode.Mn, d) && !vowelSign(d) || unicode.Is(unicode.Cf, d) {
			continue
		}
		out = utf8.AppendRune(out, unify(unicode.ToLower(d)))
	}
	return string(out)
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

type script uint8

const (
	other script = iota
	latin
	cyrillic
	arabic
	hebrew
	devanagari
	han
	kana
	hangul
	unspaced // Thai, Lao, Khmer, Burmese: written without spaces between words
)

func scriptOf(r rune) script {
	switch {
	case r < 0x0250:
		return latin
	case r >= 0x0400 && r < 0x0530:
		return cyrillic
	case r >= 0x0590 && r < 0x0600:
		return hebrew
	case r >= 0x0600 && r < 0x0780, r >= 0x08A0 && r < 0x0900, r >= 0xFB50 && r < 0xFE00, r >= 0xFE70 && r < 0xFF00:
		return arabic
	case r >= 0x0900 && r < 0x0980:
		return devanagari
	case r >= 0x0E00 && r < 0x0F00, r >= 0x1000 && r < 0x10A0, r >= 0x1780 && r < 0x1800:
		return unspaced
	case r >= 0x1100 && r < 0x1200, r >= 0x3130 && r < 0x3190, r >= 0xAC00 && r < 0xD7B0:
		return hangul
	case r >= 0x3040 && r < 0x3100, r >= 0x31F0 && r < 0x3200, r >= 0xFF66 && r < 0xFFA0:
		return kana
	case r >= 0x2E80 && r < 0x3040, r >= 0x3400 && r < 0xA000, r >= 0xF900 && r < 0xFB00, r >= 0x20000 && r < 0x32000:
		return han
	case r >= 0x1E00 && r < 0x1F00, r >= 0xFB00 && r < 0xFB07, r >= 0xFF21 && r < 0xFF5B, r >= 0x1D400 && r < 0x1D7CC:
		return latin
	}
	return other
}

// glued reports scripts whose words are not set apart by spaces, or, as in
// Korean, carry their particles: they are matched letter by letter.
func (s script) glued() bool { return s == han || s == kana || s == hangul || s == unspaced }
