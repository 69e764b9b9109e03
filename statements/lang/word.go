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
	segment, between := 0, ""
	for it := words.FromString(text); it.Next(); {
		w := it.Value()
		if !HasWord(w) {
			between += w
			continue
		}
		last := len(all) - 1
		if last >= 0 && (between == "-" || between == "‑" || between == "‐") {
			all[last].End = it.End()
			all[last].Text += "-" + Fold(w)
			between = ""
			continue
		}
		if last >= 0 && (strings.HasPrefix(between, "'") || strings.HasPrefix(between, "’")) && strings.HasSuffix(all[last].Text, "s") {
			all[last].Possessive = true
		}
		if strings.ContainsAny(between, ",;:()—–\n،؛、，：।") || strings.Contains(between, " - ") {
			segment++
		}
		r, _ := utf8.DecodeRuneInString(w)
		t := Word{Range: Range{it.Start(), it.End()}, Text: Fold(w), Capital: unicode.IsUpper(r), Segment: segment}
		t.Text, t.Possessive = strings.CutSuffix(t.Text, "'s")
		all = append(all, t)
		between = ""
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
