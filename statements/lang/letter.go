package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// InWord reports letters, digits and the marks on them.
func InWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r))
}

// Visible reports whether a text shows anything at all.
func Visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && !Invisible(r) })
}

// Invisible are format characters and variation selectors: they change how
// their neighbours look, or nothing.
func Invisible(r rune) bool {
	return r >= 0xAD && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r))
}

const (
	doubles = "\"“”„‟«»″〝〞〟＂「」『』"
	singles = "'‘’‚‛‹›′`´ʼ＇"
	dashes  = "-‐‑‒–—―−﹘﹣－⸺⸻"
)

var single, double, dash = runes(singles), runes(doubles), runes(dashes)

func runes(s string) map[rune]bool {
	m := map[rune]bool{}
	for _, r := range s {
		m[r] = true
	}
	return m
}

// SingleQuote reports a single quotation mark or an apostrophe, however it is set.
func SingleQuote(r rune) bool { return single[r] }

// DoubleQuote reports a double quotation mark of any language.
func DoubleQuote(r rune) bool { return double[r] }

// Dash reports a hyphen or a dash of any length.
func Dash(r rune) bool { return dash[r] }
