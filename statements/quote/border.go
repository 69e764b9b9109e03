package quote

import (
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// border reports whether a quotation may begin or end at byte i of c: not
// inside a word, a number or a character of the source.
func (c canon) border(i int) bool {
	if i == 0 || i == len(c.text) {
		return true
	}
	if c.from[i] == c.from[i-1] { // one character of the source, such as a ligature
		return false
	}
	before, n := utf8.DecodeLastRune(c.text[:i])
	after, m := utf8.DecodeRune(c.text[i:])
	switch {
	case unicode.IsMark(after):
		return false
	case lang.InWord(before) && lang.InWord(after):
		if !lang.ScriptOf(before).Unspaced() && !lang.ScriptOf(after).Unspaced() || lang.CutsNegation(c.text, i) {
			return false
		}
	case lang.InWord(before):
		r, _ := utf8.DecodeRune(c.text[i+m:])
		if c.joins(i, before, after, r) {
			return false
		}
	case lang.InWord(after):
		r, _ := utf8.DecodeLastRune(c.text[:i-n])
		if c.joins(i-n, r, before, after) || c.sign(i-n, before, after) {
			return false
		}
	}
	if before < utf8.RuneSelf && after < utf8.RuneSelf {
		return true
	}
	return onGrapheme(c.source, c.sourceEnd(i)) && onGrapheme(c.source, int(c.from[i]))
}

// joins reports whether the mark at byte i of c holds its neighbours together:
// "can" does not stand in "can't", "infringing" not in "non-infringing", nor
// "5" in "3.5".
func (c canon) joins(i int, before, mark, after rune) bool {
	switch mark {
	case '\'':
		return lang.InWord(before) && lang.InWord(after)
	case '-':
		return lang.InWord(before) && lang.InWord(after) && c.hyphen(i)
	case '.', ',', ':':
		return unicode.IsDigit(before) && unicode.IsDigit(after)
	}
	return false
}

// sign reports whether the mark at byte i of c belongs to the number behind it.
func (c canon) sign(i int, mark, after rune) bool {
	return unicode.IsDigit(after) && (mark == '.' || mark == '-' && (c.hyphen(i) || c.at(i) == '−'))
}

// hyphen tells a hyphen at byte i of c from the dashes that c holds as one.
func (c canon) hyphen(i int) bool {
	r := c.at(i)
	return (r == '-' || r == '‐' || r == '‑' || r == '－' || r == '﹣') && int(c.to[i]-c.from[i]) == utf8.RuneLen(r)
}

// at is the source's character behind byte i of c.
func (c canon) at(i int) rune {
	r, _ := utf8.DecodeRuneInString(c.source[c.from[i]:])
	return r
}

// sourceEnd is where in the source ends what ends at byte i of c, with the
// invisible rest of its last character.
func (c canon) sourceEnd(i int) int {
	end := int(c.to[i-1])
	for end < len(c.source) && c.source[end] >= utf8.RuneSelf {
		r, n := utf8.DecodeRuneInString(c.source[end:])
		if !unicode.Is(unicode.Variation_Selector, r) {
			break
		}
		end += n
	}
	return end
}

// onGrapheme reports whether no grapheme of a text reaches across byte i.
func onGrapheme(text string, i int) bool {
	if i == 0 || i == len(text) || text[i] < utf8.RuneSelf && text[i-1] < utf8.RuneSelf {
		return true
	}
	from := i
	for from > 0 && text[from-1] != ' ' {
		from--
	}
	at := from
	for it := graphemes.FromString(text[from:]); at < i && it.Next(); {
		at = from + it.End()
	}
	return at == i
}
