package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// token is a word of the text around a quotation.
type token struct {
	reach
	text    string // folded, without a possessive ending
	upper   bool   // begins with a capital
	owner   bool   // possessive: "Reyes's"
	segment int    // counts what commas, colons, dashes and brackets separate
}

// tokens are the words of a text. Words joined by a hyphen are one.
func tokens(text string) []token {
	var all []token
	segment, between := 0, ""
	for it := words.FromString(text); it.Next(); {
		w := it.Value()
		if !wordy(w) {
			between += w
			continue
		}
		last := len(all) - 1
		if last >= 0 && (between == "-" || between == "‑" || between == "‐") {
			all[last].end = it.End()
			all[last].text += "-" + fold(w)
			between = ""
			continue
		}
		if last >= 0 && (strings.HasPrefix(between, "'") || strings.HasPrefix(between, "’")) && strings.HasSuffix(all[last].text, "s") {
			all[last].owner = true
		}
		if strings.ContainsAny(between, ",;:()—–\n،؛、，：।") || strings.Contains(between, " - ") {
			segment++
		}
		r, _ := utf8.DecodeRuneInString(w)
		t := token{reach: reach{it.Start(), it.End()}, text: fold(w), upper: unicode.IsUpper(r), segment: segment}
		t.text, t.owner = strings.CutSuffix(t.text, "'s")
		all = append(all, t)
		between = ""
	}
	return all
}

func foldedWords(text string) []string {
	var ws []string
	for _, t := range tokens(text) {
		ws = append(ws, t.text)
	}
	return ws
}

// at reports whether a phrase stands at token i.
func at(ts []token, i int, phrase []string) bool {
	if len(phrase) == 0 || len(ts)-i < len(phrase) {
		return false
	}
	for n, w := range phrase {
		if ts[i+n].text != w {
			return false
		}
	}
	return true
}
