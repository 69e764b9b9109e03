package message

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"onrecord/statements/card"
)

// special are the characters that mean something to Discord's Markdown: "<"
// begins mentions, timestamps and emoji, ":" and "[" begin links.
const special = "\\*_~`|>#-+[]()<:@"

// Markdown escapes clean text so that Discord shows it as it stands.
func Markdown(s string) string {
	e := newEscaper("")
	e.write(s)
	return e.text.String()
}

// pinged keeps a name after "@" from being taken for a mention by readers of
// the raw text, which ignore escapes. An address stays what it is: with anything
// put into it, it leads nowhere.
func pinged(markdown string) string {
	var b strings.Builder
	call := func(text string) { b.WriteString(strings.ReplaceAll(text, "@", "@\u200b")) }
	done := 0
	for _, at := range target.FindAllStringIndex(markdown, -1) {
		call(markdown[done:at[0]])
		b.WriteString(markdown[at[0]:at[1]])
		done = at[1]
	}
	call(markdown[done:])
	return b.String()
}

// target is where a link of ours leads; in text from outside its brackets are escaped.
var target = regexp.MustCompile(`\]\(https?://[^\s()<>]*\)`)

// Unescape returns what a reader sees of escaped text.
func Unescape(markdown string) string {
	var b strings.Builder
	escaped := false
	for _, r := range markdown {
		punctuation := r > ' ' && r < 0x7f && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		switch {
		case escaped && !punctuation:
			b.WriteByte('\\')
		case !escaped && r == '\\':
			escaped = true
			continue
		}
		escaped = false
		if r != '\u200b' { // card.Clean leaves none: it is ours
			b.WriteRune(r)
		}
	}
	if escaped {
		b.WriteByte('\\')
	}
	return b.String()
}

// quoteMark begins every line of a quotation.
const quoteMark = "> "

// escaper writes Markdown piece by piece, so that its length is known at every
// border where it could be cut.
type escaper struct {
	text   strings.Builder
	units  int
	mark   string // begins every line
	inLine bool   // something other than white space was written to the line
	digits bool   // the line holds nothing but digits: a full stop would make a list
	calls  bool   // it stands where mentions call, and is measured with what keeps them from it
}

func newEscaper(mark string) *escaper {
	e := &escaper{mark: mark}
	e.put(mark)
	return e
}

func (e *escaper) write(s string) {
	for _, r := range s {
		if strings.ContainsRune(special, r) || r == '.' && e.digits {
			e.put("\\")
		}
		e.put(string(r))
		if r == '@' && e.calls {
			e.put("\u200b")
		}
		if r == '\n' {
			e.put(e.mark)
			e.inLine, e.digits = false, false
			continue
		}
		e.digits = r >= '0' && r <= '9' && (e.digits || !e.inLine)
		e.inLine = e.inLine || !unicode.IsSpace(r)
	}
}

func (e *escaper) put(s string) {
	e.text.WriteString(s)
	e.units += card.Units(s)
}

// quotation returns clean text as a Markdown quotation of at most max UTF-16
// units. after counts characters that follow in the source; what has to be cut
// is added to them, and the end says how many there are.
func quotation(text string, after, max int) string {
	whole := newEscaper(quoteMark)
	whole.write(text)
	if after > 0 {
		whole.put(" " + card.More(after))
	}
	if whole.units <= max {
		return whole.text.String()
	}
	end := fits(newEscaper(quoteMark), text, max-card.Units(" "+card.More(after+len(text))))
	cut := newEscaper(quoteMark)
	cut.write(strings.TrimRight(text[:end], " \n"))
	cut.put(" " + card.More(card.Characters(text[end:])+after))
	return cut.text.String()
}

// fits returns how many bytes of a text fit, ending between words unless that would give up
// more than half.
func fits(e *escaper, text string, max int) int {
	end, word := 0, 0
	for g := graphemes.FromString(text); g.Next(); {
		if e.write(g.Value()); e.units > max {
			break
		}
		end = g.End()
		if strings.TrimSpace(g.Value()) == "" {
			word = end
		}
	}
	if end < len(text) && word > end/2 {
		return word
	}
	return end
}
