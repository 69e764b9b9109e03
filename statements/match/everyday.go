package match

import (
	"strings"
	"sync"

	"onrecord/statements/lang"
)

// Everyday reports whether a name is an everyday word, too, or nothing but
// language of courts: a post that holds it may speak of anything.
func Everyday(name string) bool {
	toks := lang.Tokens(strings.TrimPrefix(name, "@"))
	return len(toks) > 0 && (len(toks) == 1 && ordinary[toks[0].Text] || everyday(toks) || commonness(toks) >= commonWord)
}

// Commonness is the share of posts on anything at all in which a term is
// expected, by what is known of its language: from a third for "the" to one of
// 500 for a word of which nothing is known.
func Commonness(term string) float64 { return commonness(lang.Tokens(strings.TrimPrefix(term, "@"))) }

// What is known of words: function words, everyday ones, and names that very
// many bear. A word more in a row is found in one of ten of the places.
const functionWord, commonWord, commonName, nextWord = .3, .04, .012, .1

func commonness(toks []lang.Token) float64 {
	phrase := strings.Join(stems(toks), " ")
	if commonNames()[phrase] {
		return commonName
	}
	least, more := functionWord, -1
	for _, t := range toks {
		if t.Whole {
			continue
		}
		more++
		least = min(least, max(wordCommonness(t), byLength(t)))
	}
	for range more {
		least *= nextWord
	}
	return max(least, rareShare)
}

func wordCommonness(t lang.Token) float64 {
	e := theLexicon().phrases[t.Stem]
	switch {
	case e != nil && (e.in[function]|e.in[first]) != 0:
		return functionWord
	case everydayWords()[t.Text]:
		return commonWord
	case commonNames()[t.Stem]:
		return commonName
	}
	return 0
}

// byLength expects most of short words, unless they are names.
func byLength(t lang.Token) float64 {
	if t.Capital || t.Script != lang.Latin {
		return 0
	}
	switch n := len(t.Text); {
	case n <= 4:
		return 6 * rareShare
	case n <= 6:
		return 2.5 * rareShare
	}
	return 0
}

// commonNames are first names and places, by their stems.
var commonNames = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, class := range []string{"given", "region"} {
		for _, e := range lang.Entries(class) {
			m[strings.Join(stems(lang.Tokens(e)), " ")] = true
		}
	}
	return m
})

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

// everydayWords are what a language uses every day, and the names of days and months.
var everydayWords = sync.OnceValue(func() map[string]bool { return union(lang.Set("common"), lang.Set("date")) })

func union(sets ...map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, s := range sets {
		for w := range s {
			all[w] = true
		}
	}
	return all
}
