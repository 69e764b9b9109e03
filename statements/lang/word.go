package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// Word is a word as a reader sees it. What is compared across scripts and
// spellings is a [Token].
type Word struct {
	Range
	Text       string // folded, without a possessive ending
	Capital    bool   // begins with a capital
	Possessive bool   // "Reyes's"
	Segment    int    // counts what commas, colons, dashes and brackets separate
}

// Words are the words of a text, as UAX #29 finds them. Words joined by a hyphen
// are one.
func Words(text string) []Word {
	var all []Word
	var folded []byte    // of the last word, which a hyphen may lengthen
	segment, end := 0, 0 // of the last word
	for it := words.FromString(text); it.Next(); {
		w := it.Value()
		if !HasWord(w) {
			continue
		}
		between, last := text[end:it.Start()], len(all)-1
		end = it.End()
		if last >= 0 && (between == "-" || between == "‑" || between == "‐") {
			all[last].End = end
			folded = append(append(folded, '-'), Fold(w)...)
			continue
		}
		if last >= 0 {
			all[last].Text = string(folded)
			owner := (strings.HasPrefix(between, "'") || strings.HasPrefix(between, "’")) && strings.HasSuffix(all[last].Text, "s")
			all[last].Possessive = all[last].Possessive || owner
		}
		if strings.ContainsAny(between, ",;:()—–\n،؛、，：।") || strings.Contains(between, " - ") {
			segment++
		}
		r, _ := utf8.DecodeRuneInString(w)
		name, owner := strings.CutSuffix(Fold(w), "'s")
		all = append(all, Word{Range: Range{it.Start(), end}, Capital: unicode.IsUpper(r), Possessive: owner, Segment: segment})
		folded = append(folded[:0], name...)
	}
	if last := len(all) - 1; last >= 0 {
		all[last].Text = string(folded)
	}
	return all
}

// FoldedWords are the words of a text by their folded form.
func FoldedWords(text string) []string {
	var ws []string
	for _, t := range Words(text) {
		ws = append(ws, t.Text)
	}
	return ws
}

// HasPhrase reports whether a phrase stands HasPhrase token i.
func HasPhrase(ts []Word, i int, phrase []string) bool {
	if len(phrase) == 0 || len(ts)-i < len(phrase) {
		return false
	}
	for n, w := range phrase {
		if ts[i+n].Text != w {
			return false
		}
	}
	return true
}

// Terms are the folded words of a text.
func Terms(text string) []string {
	var all []string
	for it := words.FromString(text); it.Next(); {
		if w := it.Value(); HasWord(w) {
			all = append(all, singular(Fold(w)))
		}
	}
	return all
}

// singular lets "trade secret" find "trade secrets".
func singular(w string) string {
	if len(w) > 3 {
		return strings.TrimSuffix(w, "s")
	}
	return w
}
