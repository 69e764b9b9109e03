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

// denials say no without a negation.
var denials = set(`deny denies denied denying denial reject rejects rejected refuse refuses refused dispute disputes disputed
	contradicts refutes false falsely untrue wrong lack lacks lacked fail fails failed unanswered unfounded baseless
	falso falsa falsch faux fausse niega rechaza nega rejeita rifiuta rejette bestreitet bestreiten bestritt leugnet leugnen ложь отрицает`)

// openers begin a sentence with a capital and name nobody.
var openers = set(`a an the this that these those it its he his she her they their we our there here in on at by for from
	after before since until while when as if both all and but so according with under during two three`)

// amounts are numbers in words, with the digits that say the same.
var amounts = map[string]string{
	"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
	"eleven": "11", "twelve": "12", "dozen": "12", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
	"hundred": "100", "hundreds": "", "dozens": "", "thousand": "1000", "thousands": "", "million": "1000000", "millions": "",
	"billion": "", "billions": "", "trillion": "", "percent": "",
}

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
	digits, ok := amounts[w]
	return ok && !k.numbers[digits] && !(w == "percent" && k.percent)
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

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
