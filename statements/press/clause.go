package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// clause is the part of a sentence that leads to a quotation or follows it. Its
// words have segments: commas, dashes and brackets stand between them.
type clause struct {
	text  string
	words []lang.Word
}

func clauseOf(text string) clause { return clause{text, wordsOf(text)} }

// wordsOf are the words of a clause. What a language writes together with the
// next word, as in "l'avocat", and a subject that is tied to its verb, as in
// "a-t-elle", are words of their own.
func wordsOf(text string) []lang.Word {
	var all []lang.Word
	for _, w := range lang.Words(text) {
		all = append(all, parted(text, w)...)
	}
	return all
}

// elided are what is left of words before a vowel: French, Italian.
var elided = map[string]bool{
	"l": true, "d": true, "qu": true, "n": true, "s": true, "j": true, "c": true, "m": true, "dell": true, "all": true, "nell": true, "dall": true,
	"sull": true, "un": true, "quell": true, "lorsqu": true, "puisqu": true,
}

// tied are subjects behind a verb and a hyphen: French.
var tied = []string{"-elles", "-elle", "-ils", "-il", "-on"}

func parted(text string, w lang.Word) []lang.Word {
	if head, tail, ok := strings.Cut(w.Text, "'"); ok && elided[head] && tail != "" {
		if at := strings.IndexFunc(text[w.Start:w.End], lang.SingleQuote); at > 0 {
			_, n := utf8.DecodeRuneInString(text[w.Start+at:])
			first, rest := w, w
			first.End, first.Text, first.Possessive = w.Start+at, head, false
			rest.Start, rest.Text = w.Start+at+n, tail
			r, _ := utf8.DecodeRuneInString(text[rest.Start:])
			rest.Capital = unicode.IsUpper(r)
			return append([]lang.Word{first}, parted(text, rest)...)
		}
	}
	for _, pronoun := range tied {
		verb, ok := strings.CutSuffix(w.Text, pronoun)
		if !ok || len(pronoun) > w.End-w.Start {
			continue
		}
		first, rest := w, w
		first.End -= len(pronoun)
		first.Text = strings.TrimSuffix(verb, "-t")
		rest.Start, rest.Text, rest.Capital = first.End, pronoun[1:], false
		return []lang.Word{first, rest}
	}
	return []lang.Word{w}
}

// segment are the words of one segment; nil when it has none.
func segment(ts []lang.Word, n int) []lang.Word {
	from := slices.IndexFunc(ts, func(t lang.Word) bool { return t.Segment == n })
	if from < 0 {
		return nil
	}
	ts = ts[from:]
	if to := slices.IndexFunc(ts, func(t lang.Word) bool { return t.Segment != n }); to >= 0 {
		ts = ts[:to]
	}
	return ts
}

// begins reports that a word is the first of its segment.
func begins(ts []lang.Word, i int) bool { return i == 0 || ts[i-1].Segment != ts[i].Segment }

// phraseAt is how many words a phrase has that stands at word i: 0 for none. "#"
// in a phrase is any word.
func phraseAt(all [][]string, ts []lang.Word, i int) int {
	for _, p := range all {
		if hasPhrase(ts[i:], p) {
			return len(p)
		}
	}
	return 0
}

func hasPhrase(ts []lang.Word, phrase []string) bool {
	if len(phrase) == 0 || len(ts) < len(phrase) {
		return false
	}
	for i, w := range phrase {
		if ts[i].Text != w && w != "#" {
			return false
		}
	}
	return true
}

// endOfSentence are the marks that end one.
const endOfSentence = ".!?…。！？।؟"

// leading is the beginning of the sentence that leads to a quotation. A quotation
// that begins a sentence of its own has none.
func (a *article) leading(i int) clause {
	const far = 600 // bytes; no sentence leads to a quotation from farther away
	q := a.said[i]
	if q.head.End > 0 {
		return clauseOf(lastSentence(q.head.In(a.plain)))
	}
	start := max(0, q.Open-far)
	if i > 0 {
		start = max(start, a.said[i-1].Close)
	}
	for start < q.Open && !utf8.RuneStart(a.plain[start]) {
		start++
	}
	text := a.plain[start:q.Open]
	if q.laid {
		text = strings.TrimRight(text, "«“„–—― \u00a0\u202f")
	}
	ended := strings.TrimRightFunc(text, unicode.IsSpace)
	last, _ := utf8.DecodeLastRuneInString(ended)
	colon := last == ':' || last == '：'
	if ended == "" || lang.EndsLine(text) && !colon || strings.ContainsRune(endOfSentence, last) {
		return clause{}
	}
	return clauseOf(text[len(ended)-len(lastSentence(ended)):])
}

// lastSentence is the last sentence of a text's last line.
func lastSentence(text string) string {
	text = text[strings.LastIndexByte(text, '\n')+1:]
	pieces := lang.Sentences(text)
	if len(pieces) == 0 {
		return ""
	}
	return text[pieces[len(pieces)-1].Start:]
}

// following is the rest of the sentence behind a quotation, when it goes on.
func (a *article) following(i int) clause {
	q := a.said[i]
	if q.tail.End > 0 {
		tail := q.tail.In(a.plain)
		if s := lang.Sentences(tail); len(s) > 0 {
			tail = tail[:s[0].End]
		}
		return clauseOf("— " + tail) // the dash is what parts it from the speech
	}
	if q.GoesOn || q.laid || q.Unclosed {
		return clause{}
	}
	rest := a.lineBehind(i, 400)
	first := strings.TrimLeftFunc(rest, unicode.IsSpace)
	if first == "" || strings.ContainsRune(".;:।。؛", firstRune(first)) && !a.thus(first) {
		return clause{}
	}
	rest = rest[:lang.Sentences(rest)[0].End]
	words := strings.TrimRightFunc(a.text[q.Start:q.End], unicode.IsSpace)
	full, _ := utf8.DecodeLastRuneInString(words)
	if strings.ContainsRune(".।。", full) && unicode.IsLetter(firstRune(first)) && !unicode.IsLower(firstRune(first)) {
		return clause{}
	}
	return clauseOf(rest)
}

// lineBehind is the line behind a quotation, up to the next one, of so many bytes at most.
func (a *article) lineBehind(i, far int) string {
	start := a.said[i].Close
	end := min(len(a.plain), start+far)
	if i+1 < len(a.said) {
		end = min(end, max(a.said[i+1].Open, start))
	}
	for end > start && end < len(a.plain) && !utf8.RuneStart(a.plain[end]) {
		end--
	}
	line, _, _ := strings.Cut(a.plain[start:end], "\n")
	return line
}

// thus reports words behind a quotation and a colon that point back to it: "«…»:
// così Reyes".
func (a *article) thus(text string) bool {
	text, colon := strings.CutPrefix(text, ":")
	word, _, _ := strings.Cut(strings.TrimLeftFunc(text, unicode.IsSpace), " ")
	return colon && so[lang.Fold(word)]
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
