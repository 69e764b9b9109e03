package match

import (
	"strings"

	"onrecord/statements/lang"
)

// Everyday reports whether a name is an everyday word, too, or nothing but
// language of courts: a post that holds it may speak of anything.
func Everyday(name string) bool {
	toks := lang.Tokens(strings.TrimPrefix(name, "@"))
	return len(toks) > 0 && (len(toks) == 1 && ordinary[toks[0].Text] || everyday(toks))
}

// Holding lists, for each term, which of the texts hold its words, in any form
// of letters and endings that the matcher takes for the same.
func Holding(terms, texts []string) [][]int {
	out := make([][]int, len(terms))
	words := make([]string, len(terms))
	for i, t := range terms {
		words[i] = spaced(strings.TrimPrefix(t, "@"))
	}
	for n, text := range texts {
		in := spaced(text)
		for i, w := range words {
			if strings.TrimSpace(w) != "" && strings.Contains(in, w) {
				out[i] = append(out[i], n)
			}
		}
	}
	return out
}
