package main

import (
	"fmt"
	"io"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// harmless writes what commands print. Text from outside may hold what a terminal
// obeys, or what turns the direction of writing: it is written as a JSON string
// escapes it, so that it can be seen, and JSON says the same as before.
//
// What colours its own text, such as cards and the log, makes text from outside
// harmless itself and writes to the terminal as it is: see [terminal.screen].
type harmless struct {
	to   io.Writer
	rest []byte // of a character whose end is not written yet
}

func (h *harmless) Write(p []byte) (int, error) {
	text := slices.Concat(h.rest, p)
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		if !utf8.FullRune(text) {
			break
		}
		r, n := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && n == 1:
			out = append(out, "�"...)
		case obeyed(r):
			out = escaped(out, r)
		default:
			out = append(out, text[:n]...)
		}
		text = text[n:]
	}
	h.rest = text
	if _, err := h.to.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// obeyed reports what a terminal does not show but follows, and what changes how
// other text is read: control characters, marks of direction, invisible letters.
// Joiners and soft hyphens stay, which scripts and emoji need.
func obeyed(r rune) bool {
	switch r {
	case '\n', '\t', '\u200c', '\u200d', '\u00ad':
		return false
	case '\u2028', '\u2029':
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

func escaped(out []byte, r rune) []byte {
	if r <= 0xffff {
		return fmt.Appendf(out, `\u%04x`, r)
	}
	high, low := utf16.EncodeRune(r)
	return fmt.Appendf(out, `\u%04x\u%04x`, high, low)
}
