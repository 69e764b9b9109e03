package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// reading are elements that tell how letters are read. Their end may be left out:
// the next of them ends them, and so does that of the ruby.
var reading = set(atom.Rt, atom.Rp, atom.Rtc)

// speaksAgain reports whether a tag begins what is text again although the end of
// what is not was left out, as HTML allows.
func (w *walker) speaksAgain(t tag) bool {
	over := reading[w.silent] && (reading[t.DataAtom] || t.DataAtom == atom.Rb) ||
		w.silent == atom.P && (paragraphs[t.DataAtom] || blocks[t.DataAtom])
	if over {
		w.silent = 0
	}
	return over
}

// void elements hold nothing and have no end.
var void = set(
	atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source,
	atom.Track, atom.Wbr,
)

var (
	// unshown are the styles and the customary classes of text that nobody sees.
	unshown   = lazily(`(?i)display\s*:\s*none|visibility\s*:\s*hidden`)
	forReader = lazily(`(?:^|\s)(?:screen-reader-text|sr-only|visually-?hidden)(?:\s|$)`)
)

// hidden reports an element whose text nobody sees. A name that HTML does not know
// is left alone: its end could not be told.
func hidden(t tag) bool {
	if t.DataAtom == 0 || void[t.DataAtom] || t.DataAtom == atom.Body || t.DataAtom == atom.Html {
		return false
	}
	for _, a := range t.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			if unshown().MatchString(a.Val) {
				return true
			}
		case "class":
			if forReader().MatchString(a.Val) {
				return true
			}
		}
	}
	return false
}

// openQuotation sets the mark that browsers show for <q>, unless the author wrote
// one as well.
func (w *walker) openQuotation() {
	open, end := "“", "”"
	if len(w.quoted)%2 == 1 {
		open, end = "‘", "’"
	}
	if strings.ContainsRune("\"'“”„«»‘‚‹「『", w.out.last()) && !w.out.gap && !w.out.fresh() {
		open, end = "", ""
	}
	w.quoted = append(w.quoted, end)
	w.out.write(open)
}

func (w *walker) closeQuotation() {
	last := len(w.quoted) - 1
	if last < 0 {
		return
	}
	w.out.gap = w.out.gap && w.quoted[last] == ""
	if w.out.breaks == 0 {
		w.out.write(w.quoted[last])
	}
	w.quoted = w.quoted[:last]
}

// longestScript is how much raised text is one, in bytes; with more its end was
// forgotten.
const longestScript = 40

// script is raised or lowered text.
type script struct {
	text    string
	lowered bool
	note    bool // it leads to a note
}

func (w *walker) startScript(a atom.Atom) {
	w.endScript()
	w.raised = &script{lowered: a == atom.Sub}
}

var raisedDigits, loweredDigits = digits("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾"), digits("₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")

func digits(look string) *strings.Replacer {
	var pairs []string
	plain := []rune("0123456789+-−()")
	for i, r := range []rune(look) {
		pairs = append(pairs, string(plain[i]), string(r))
	}
	return strings.NewReplacer(pairs...)
}

// endScript writes raised or lowered text. Digits keep their place, since ten to
// the sixth is not 106; letters need none, as in "1st". What leads to a note is
// the editor's.
func (w *walker) endScript() {
	if w.raised == nil {
		return
	}
	s := *w.raised
	w.raised = nil
	words := strings.TrimSpace(s.text)
	number := words != "" && strings.Trim(words, "0123456789+-−()") == ""
	switch {
	case s.note && !s.lowered:
		return
	case number && (unicode.IsLetter(w.out.last()) || unicode.IsDigit(w.out.last())) && !w.out.gap && s.lowered:
		w.out.write(loweredDigits.Replace(words))
	case number && !s.lowered:
		w.out.write(raisedDigits.Replace(words))
	default:
		w.out.write(s.text)
	}
}

// last is what was written last; a line end when the next text begins a line.
func (w *writer) last() rune {
	if w.fresh() {
		return '\n'
	}
	r, _ := utf8.DecodeLastRuneInString(w.b.String())
	return r
}
