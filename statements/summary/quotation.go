package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// quotation is what stands between a pair of quotation marks in an article.
type quotation struct {
	reach       // the words between the marks
	open, close int
	goesOn      bool // ends with its paragraph; the next one begins with a mark again
	unclosed    bool // its other mark is missing: it may end anywhere in its paragraph
	block       bool // a paragraph of its own behind "Reyes wrote:", without marks
	by          voice
}

// closing marks by opening mark: English, German, French and Spanish, German
// with turned guillemets, Swedish, Japanese.
var closing = map[rune]string{
	'“': "”\"", '„': "“”\"", '”': "”", '"': "\"", '〝': "〟〞", '‘': "’", '‚': "‘’", '\'': "'",
	'«': "»", '»': "«", '‹': "›", '「': "」", '『': "』",
}

// quotations finds the paired quotation marks of a text. Marks inside a
// quotation belong to it.
func quotations(text string) []quotation {
	var all []quotation
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if ends := closing[r]; ends != "" && opens(text, i, i+n, r) {
			if q, ok := quotationAt(text, i, i+n, r, ends); ok {
				all = append(all, q)
				i = q.close
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
	case '"', '\'', '‘', '”', '»':
		return !wordRune(before) && !unicode.IsSpace(after) && end < len(text)
	}
	return true
}

// longest is how far apart two marks of a pair may be, in bytes.
const longest = 8000

func quotationAt(text string, open, start int, mark rune, ends string) (quotation, bool) {
	i := start
	for i < min(len(text), start+longest) {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case strings.ContainsRune(ends, r) && closes(text, i, i+n, r):
			return quotation{reach: reach{start, i}, open: open, close: i + n}, true
		case r == mark && !strings.ContainsRune("“„«", mark) && opens(text, i, i+n, r):
			return quotation{}, false // the next one opens
		case r == '\n':
			next := strings.TrimLeftFunc(text[i:], unicode.IsSpace)
			first, _ := utf8.DecodeRuneInString(next)
			if first == mark && next != "" {
				return quotation{reach: reach{start, i}, open: open, close: i, goesOn: true}, true
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
func unclosed(open, start, end int, mark rune) (quotation, bool) {
	q := quotation{reach: reach{start, end}, open: open, close: end, unclosed: true}
	return q, mark == '“' || mark == '„' || mark == '«'
}

// closes reports whether a mark that may also open, or be an apostrophe, closes.
func closes(text string, start, end int, mark rune) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	switch mark {
	case '"':
		return !wordRune(after) && !unicode.IsSpace(before)
	case '\'', '’':
		rest := strings.TrimLeft(text[end:], " ")
		next, _ := utf8.DecodeRuneInString(rest)
		owner := before == 's' && rest != text[end:] && unicode.IsLower(next) // "the Labs' lawyers"
		return !wordRune(after) && !unicode.IsSpace(before) && !owner
	}
	return true
}
