package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// Quotation is what stands between a pair of Quotation marks in an article.
type Quotation struct {
	lang.Range  // the words between the marks
	Open, Close int
	GoesOn      bool // ends with its paragraph; the next one begins with a mark again
	Unclosed    bool // its other mark is missing: it may end anywhere in its paragraph
}

// closing marks by opening mark: English, German, French and Spanish, German
// with turned guillemets, Swedish, Japanese.
var closing = map[rune]string{
	'“': "”\"", '„': "“”\"", '”': "”", '"': "\"", '〝': "〟〞", '‘': "’", '‚': "‘’", '\'': "'",
	'«': "»", '»': "«", '‹': "›", '「': "」", '『': "』",
}

// Opens reports a mark that may open a quotation.
func Opens(mark rune) bool { return closing[mark] != "" }

// Quotations finds the paired Quotation marks of a text. Marks inside a
// quotation belong to it.
func Quotations(text string) []Quotation {
	var all []Quotation
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if ends := closing[r]; ends != "" && opens(text, i, i+n, r) {
			if q, ok := quotationAt(text, i, i+n, r, ends); ok {
				all = append(all, q)
				i = q.Close
				continue
			}
		}
		i += n
	}
	return all
}

// opens reports whether a mark that may also close, or be an apostrophe, opens.
func opens(text string, start, end int, mark rune) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	switch mark {
	case '"':
		return !spaced(before) && !unicode.IsSpace(after) && end < len(text)
	case '\'', '‘', '”', '»':
		return !lang.InWord(before) && !unicode.IsSpace(after) && end < len(text)
	}
	return true
}

// spaced reports a letter of a script that parts words by spaces: "…"고 in Korean is
// a mark that closes, and מנכ"ל in Hebrew is none.
func spaced(r rune) bool { return lang.InWord(r) && !lang.ScriptOf(r).EastAsian() }

// longest is how far apart two marks of a pair may be, in bytes.
const longest = 8000

func quotationAt(text string, open, start int, mark rune, ends string) (Quotation, bool) {
	i := start
	doubtful := false // a mark may have closed it that was taken for an apostrophe
	for i < min(len(text), start+longest) {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case strings.ContainsRune(ends, r) && closes(text, i, i+n, r):
			return Quotation{Range: lang.Range{Start: start, End: i}, Open: open, Close: i + n}, true
		case r == '’' && strings.ContainsRune(ends, r) || r == '\'' && mark == r:
			next, _ := utf8.DecodeRuneInString(text[i+n:])
			doubtful = doubtful || !lang.InWord(next)
		case r == mark && !strings.ContainsRune("“„«", mark) && opens(text, i, i+n, r):
			return Quotation{}, false // the next one opens
		case r == '\n':
			next := strings.TrimLeftFunc(text[i:], unicode.IsSpace)
			first, _ := utf8.DecodeRuneInString(next)
			if first == mark && next != "" {
				if doubtful {
					return Quotation{}, false
				}
				return Quotation{Range: lang.Range{Start: start, End: i}, Open: open, Close: i, GoesOn: true}, true
			}
			if blank := text[i+n : len(text)-len(next)]; strings.Contains(blank, "\n") {
				return unclosed(open, start, i, mark)
			}
		}
		i += n
	}
	return unclosed(open, start, i, mark)
}

// unclosed is a quotation without its other mark. Straight and single marks
// are inches and apostrophes as well: those are none.
func unclosed(open, start, end int, mark rune) (Quotation, bool) {
	q := Quotation{Range: lang.Range{Start: start, End: end}, Open: open, Close: end, Unclosed: true}
	return q, mark == '“' || mark == '„' || mark == '«'
}

// closes reports whether a mark that may also open, or be an apostrophe, closes.
func closes(text string, start, end int, mark rune) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	switch mark {
	case '"':
		return !spaced(after) && !unicode.IsSpace(before)
	case '\'', '’':
		rest := strings.TrimLeft(text[end:], " ")
		next, _ := utf8.DecodeRuneInString(rest)
		owner := before == 's' && rest != text[end:] && unicode.IsLower(next) // "the Labs' lawyers"
		return !lang.InWord(after) && !unicode.IsSpace(before) && !owner
	}
	return true
}
