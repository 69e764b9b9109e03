package markup

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// pending says that an anchor is set where the next text begins.
const pending = -1

// writer lays text out in lines. White space is held back until text follows,
// so none is left at the ends of lines or of the whole.
type writer struct {
	b      strings.Builder
	breaks int    // line breaks owed before the next text
	gap    bool   // a space is owed
	marks  string // a bullet owed
	quotes int    // depth of quotations
	pre    int    // depth of elements whose white space counts
	anchor int    // where the text of a link begins
}

// write adds running text, its white space collapsed as a browser does. A
// space that may not break counts as one: people copy and search without it.
func (w *writer) write(s string) {
	for _, r := range strings.ToValidUTF8(s, string(utf8.RuneError)) {
		switch {
		case w.pre > 0 && r == '\n':
			w.breaks++
		case w.pre > 0 && (r == ' ' || r == '\t') && !w.fresh():
			w.put(r)
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' || r == '\u00a0':
			w.gap = true
		case r >= 0x80 && r < 0xa0: // what Windows has there: a reference such as &#146; means an apostrophe
			if r = charmap.Windows1252.DecodeByte(byte(r)); r != utf8.RuneError {
				w.put(r)
			}
		case r < ' ' || r == 0x7f: // control characters are no text
		default:
			w.put(r)
		}
	}
}

// fresh reports whether the next text begins a line.
func (w *writer) fresh() bool { return w.b.Len() == 0 || w.breaks > 0 }

// put writes what is owed, then r.
func (w *writer) put(r rune) {
	switch {
	case w.fresh():
		if w.b.Len() > 0 {
			w.b.WriteString(strings.Repeat("\n", min(w.breaks, 2)))
		}
		w.b.WriteString(strings.Repeat("> ", min(w.quotes, maxQuoteDepth)))
	case w.gap:
		w.b.WriteByte(' ')
	}
	w.b.WriteString(w.marks)
	w.breaks, w.gap, w.marks = 0, false, ""
	if w.anchor == pending {
		w.anchor = w.b.Len()
	}
	w.b.WriteRune(r)
}

func (w *writer) line()      { w.breaks = max(w.breaks, 1) }
func (w *writer) paragraph() { w.breaks = max(w.breaks, 2) }
func (w *writer) space()     { w.gap = true }

// mark puts a bullet before the next text.
func (w *writer) mark(s string) { w.marks = s }

func (w *writer) quote(by int) { w.quotes = max(w.quotes+by, 0) }

// anchored returns what was written since the anchor was set.
func (w *writer) anchored() string {
	if w.anchor == pending {
		return ""
	}
	return w.b.String()[w.anchor:]
}

// text is all that was written. What grew to hold it is let go: it may be twice as large.
func (w *writer) text() string { return strings.Clone(strings.TrimSpace(w.b.String())) }
