package summary

import (
	"strings"
	"unicode"

	"onrecord/statements/lang"
)

// Unsupported returns what a text states and no source does: numbers, words
// with a capital, a negation. It knows words and not what they mean: a text that
// passes can still be wrong, so it never stands alone. Scripts without capitals
// are held to numbers and negation.
func Unsupported(text string, sources ...string) []string {
	var missing []string
	known := knownTo(sources)
	for _, n := range lang.Numbers(text) {
		if !known.numbers[n] {
			missing = append(missing, n)
		}
	}
	begins := map[int]bool{}
	for _, s := range lang.Sentences(text) {
		if ts := lang.Words(text[s.Start:s.End]); len(ts) > 0 {
			begins[s.Start+ts[0].Start] = true
		}
	}
	for _, t := range lang.Words(text) {
		named := t.Capital && !(begins[t.Start] && openers[t.Text])
		if (named || known.isAmount(t.Text)) && !known.word(t.Text) {
			missing = append(missing, text[t.Start:t.End])
		}
	}
	if lang.Negates(text) && !known.negates {
		missing = append(missing, "a negation")
	}
	return missing
}

// Turned reports that a text may say the opposite of what it sums up: one of
// them negates or denies and the other does not.
func Turned(text, quote string) bool { return denies(text) != denies(quote) }

func denies(text string) bool {
	for _, t := range lang.Words(text) {
		if denials[t.Text] {
			return true
		}
	}
	return lang.Negates(text)
}

var (
	denials = lang.Set("denial")
	openers = lang.Set("opener")
	// numerals are English: in other languages such words are often others, too.
	numerals   = lang.Numerals("en")
	quantities = lang.Set("quantity")
)

// knowledge is what sources hold.
type knowledge struct {
	words, numbers map[string]bool
	negates        bool
	percent        bool
}

func knownTo(sources []string) knowledge {
	k := knowledge{words: map[string]bool{}, numbers: map[string]bool{}}
	for _, s := range sources {
		for _, w := range lang.FoldedWords(s) {
			k.words[w] = true
			for part := range strings.SplitSeq(w, "-") {
				k.words[part] = true
			}
		}
		for _, n := range lang.Numbers(s) {
			k.numbers[n] = true
		}
		k.negates = k.negates || denies(s)
		k.percent = k.percent || strings.ContainsRune(s, '%')
	}
	return k
}

// isAmount reports a number in words that the sources do not give in digits.
func (k knowledge) isAmount(w string) bool {
	digits, ok := numerals[w]
	return (ok || quantities[w]) && !k.numbers[digits] && !(w == "percent" && k.percent)
}

// word reports whether a word, or all parts of a joined one, are in the sources.
func (k knowledge) word(w string) bool {
	for part := range strings.SplitSeq(w, "-") {
		if !k.words[part] && strings.ContainsFunc(part, unicode.IsLetter) {
			return k.words[w]
		}
	}
	return true
}
