package quote

import (
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"

	"golang.org/x/text/unicode/norm"
)

// canon is a text in the form in which quotations are compared, and where each
// of its bytes comes from. Only what typesetting changes is folded: width,
// composition, the shape of quotation marks and dashes, white space, invisible
// characters. Letter case stays: it can carry meaning.
type canon struct {
	source   string
	text     []byte
	from, to []int32 // the source's bytes behind each byte of text
}

func canonical(s string) canon {
	c := canon{source: s, text: make([]byte, 0, len(s)+8), from: make([]int32, 0, len(s)+8), to: make([]int32, 0, len(s)+8)}
	for i := 0; i < len(s); {
		if b := s[i]; b < utf8.RuneSelf && (i+1 == len(s) || s[i+1] < utf8.RuneSelf) {
			c.ascii(b, i)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if folded, ok := punctuation(r); ok {
			if folded != 0 {
				c.mark(folded, i, i+n)
			}
			i += n
			continue
		}
		// Up to the next border a composition cannot cross.
		n = max(1, norm.NFKC.NextBoundaryInString(s[i:], true))
		c.segment(s[i:i+n], i)
		i += n
	}
	return c
}

// punctuation folds what typesetting varies; 0 means the rune is dropped.
func punctuation(r rune) (byte, bool) {
	switch {
	case lang.SingleQuote(r):
		return '\'', true
	case lang.DoubleQuote(r):
		return '"', true
	case lang.Dash(r):
		return '-', true
	case unicode.IsSpace(r):
		return ' ', true
	case lang.Invisible(r):
		return 0, true
	}
	return 0, false
}

func (c *canon) ascii(b byte, at int) {
	switch b {
	case '`':
		b = '\''
	case '\t', '\n', '\v', '\f', '\r':
		b = ' '
	}
	c.mark(b, at, at+1)
}

// mark appends a byte; runs of white space and of dashes become one.
func (c *canon) mark(b byte, from, to int) {
	if last := len(c.text) - 1; last >= 0 && c.text[last] == b && (b == ' ' || b == '-') {
		c.to[last] = int32(to)
		return
	}
	c.text = append(c.text, b)
	c.from = append(c.from, int32(from))
	c.to = append(c.to, int32(to))
}

func (c *canon) segment(s string, at int) {
	var buf [64]byte
	form := norm.NFKC.AppendString(buf[:0], s)
	if len(form) > 0 && form[0] == ' ' { // an accent on its own, such as "¯": it is no white space
		form = norm.NFC.AppendString(buf[:0], s)
	}
	for _, r := range string(form) {
		if lang.Invisible(r) {
			continue
		}
		if folded, ok := punctuation(r); ok {
			c.mark(folded, at, at+len(s))
			continue
		}
		c.text = utf8.AppendRune(c.text, r)
		for len(c.from) < len(c.text) {
			c.from = append(c.from, int32(at))
			c.to = append(c.to, int32(at+len(s)))
		}
	}
}
