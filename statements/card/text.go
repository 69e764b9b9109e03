package card

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/unicode/norm"
)

// maxMarks is how many combining marks a character keeps: what more there is
// was put there to spill over the lines around it.
const maxMarks = 4

// Clean makes text from outside fit to be shown: no control characters, nothing
// that turns the direction of writing or cannot be seen, no towers of marks, no
// more than one empty line in a row, NFC. It is for display only: what is stored
// and hashed stays as the source gave it.
func Clean(s string) string {
	s = lines.Replace(strings.ToValidUTF8(s, ""))
	s = norm.NFC.String(strip(s))
	s = trailing.ReplaceAllString(s, "\n")
	return strings.TrimSpace(emptyLines.ReplaceAllString(s, "\n\n"))
}

var (
	lines      = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ", "\v", " ", "\f", " ")
	trailing   = regexp.MustCompile(` +\n`)
	emptyLines = regexp.MustCompile(`\n{3,}`)
)

const blackFlag = '\U0001F3F4'

// flagTags are the invisible letters that make the flags of England, Scotland
// and Wales out of a black flag. Elsewhere such letters hide text.
var flagTags = regexp.MustCompile(`^[\x{E0030}-\x{E0039}\x{E0061}-\x{E007A}]{1,8}\x{E007F}`)

// strip drops what must not be shown and limits marks.
func strip(s string) string {
	var b strings.Builder
	marks := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if isMark(r) {
			marks++
		} else if !unseen(r) {
			marks = 0
		}
		if marks > maxMarks || unseen(r) {
			continue
		}
		b.WriteRune(r)
		if r == blackFlag {
			tags := flagTags.FindString(s[i:])
			b.WriteString(tags)
			i += len(tags)
		}
	}
	return b.String()
}

// isMark reports what attaches to the character before it, joiners included. A
// long run of anything with a combining class would make NFC insert characters.
func isMark(r rune) bool {
	return r == '\u200c' || r == '\u200d' || unicode.In(r, unicode.Mn, unicode.Me) ||
		unicode.Is(unicode.Mc, r) && norm.NFC.PropertiesString(string(r)).CCC() != 0
}

// unseen reports characters that have no look of their own. The joiners U+200C
// and U+200D are not among them: scripts and emoji need them.
func unseen(r rune) bool {
	switch {
	case r == '\n':
		return false
	case r < ' ', r >= 0x7f && r < 0xa0: // C0, C1
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x206f, r == 0x200e, r == 0x200f, r == 0x061c: // direction
		return true
	case r == 0x200b, r >= 0x2060 && r <= 0x2065, r == 0xfeff, r == 0x00ad, r == 0x180e, r == 0x034f:
		return true
	case r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0: // fillers
		return true
	case r >= 0xfff9 && r <= 0xfffb, r >= 0x1d173 && r <= 0x1d17a, r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}

// Visible reports whether there is anything to see in clean text.
func Visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r) && r != '\u2800'
	})
}

// Line is clean text on one line, at most max UTF-16 units long.
func Line(s string, max int) string {
	return Clip(strings.Join(strings.Fields(Clean(s)), " "), max)
}

// Units counts as JavaScript and Discord count: UTF-16 code units.
func Units(s string) (n int) {
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// Clip cuts text at the border of a character that a reader sees and ends it in
// "…" when it is longer than max UTF-16 units.
func Clip(s string, max int) string {
	if Units(s) <= max {
		return s
	}
	end, units := 0, 1 // the ellipsis
	for g := graphemes.FromString(s); g.Next(); end = g.End() {
		if units += Units(g.Value()); units > max {
			break
		}
	}
	return strings.TrimRight(s[:end], " ") + "…"
}

// Characters counts what a reader sees as one.
func Characters(s string) (n int) {
	for g := graphemes.FromString(s); g.Next(); {
		n++
	}
	return n
}

// Plain is the passage as text, cut between words when it has more than max
// characters. rest counts those that follow in the post; "" when there are none.
func (p Passage) Plain(max int) (text, rest string) {
	end, word, n := 0, 0, 0
	for g := graphemes.FromString(p.Text); n < max && g.Next(); n++ {
		if end = g.End(); strings.TrimSpace(g.Value()) == "" {
			word = end
		}
	}
	if end < len(p.Text) && word > end/2 {
		end = word
	}
	if left := Characters(p.Text[end:]) + p.After; left > 0 {
		rest = More(left)
	}
	return strings.TrimRight(p.Text[:end], " \n"), rest
}
