package lang

import (
	"strings"
	"unicode"
)

// Range is a byte range of a text.
type Range struct{ Start, End int }

// In is the part of a text that r covers.
func (r Range) In(text string) string { return text[r.Start:r.End] }

// Trimmed is r without the white space around its words.
func (r Range) Trimmed(text string) Range {
	r.End = r.Start + len(strings.TrimRightFunc(r.In(text), unicode.IsSpace))
	r.Start = r.End - len(strings.TrimLeftFunc(r.In(text), unicode.IsSpace))
	return r
}
