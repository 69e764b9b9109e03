package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/sentences"
	"github.com/clipperhouse/uax29/v2/words"
)

// sentence is a candidate for quotation.
type sentence struct {
	passage
	of    int  // index of the passage it stands in
	place int  // in that passage
	cut   bool // its end is left out
	size  int  // runes
	terms []string
}

// follows reports that b is the sentence after a in the same passage.
func follows(a, b sentence) bool { return a.of == b.of && a.place+1 == b.place && !a.cut }

// split cuts passages into sentences. A sentence longer than a card is
// represented by its beginning.
func split(own []passage) []sentence {
	var all []sentence
	for i, p := range own {
		place := 0
		for _, b := range rounded(p.text(), borders(p.text())) {
			s := sentence{passage: trimmed(p.part, p.source, reach{p.start + b.start, p.start + b.end}), of: i, place: place}
			if !visible(s.text()) {
				continue
			}
			if s.size = utf8.RuneCountInString(s.text()); s.size > atMost {
				s.cut = true
				s.passage = trimmed(s.part, s.source, reach{s.start, s.start + clip(s.text(), atMost)})
				s.size = utf8.RuneCountInString(s.text())
			}
			s.terms = terms(s.text())
			all = append(all, s)
			place++
		}
	}
	return all
}

// rounded joins a sentence of a few words to its neighbour on the line: to the
// one before, since "They say we copied it. We did not." means the opposite
// without its end, or at the beginning of a line to the one it announces.
func rounded(text string, all []reach) []reach {
	var joined []reach
	for _, r := range all {
		last := len(joined) - 1
		if last >= 0 && !endsLine(text[:r.start]) && utf8.RuneCountInString(text[joined[last].start:r.end]) <= atMost &&
			(short(text[r.start:r.end]) || short(text[joined[last].start:joined[last].end])) {
			joined[last].end = r.end
			continue
		}
		joined = append(joined, r)
	}
	return joined
}

func short(s string) bool {
	const fewWords, fewRunes = 5, 14 // runes for scripts that set no spaces
	return len(terms(s)) <= fewWords || strings.ContainsFunc(s, unspaced) && utf8.RuneCountInString(s) <= fewRunes
}

// borders cuts a text into sentences by UAX #29, and joins what its rules cut
// at the dot of an abbreviation or leave without a word.
func borders(text string) []reach {
	var all []reach
	for it := sentences.FromString(text); it.Next(); {
		piece := it.Value()
		last := len(all) - 1
		if last >= 0 && (unfinished(text[all[last].start:all[last].end]) || !wordy(piece) && !endsLine(text[:it.Start()])) {
			all[last].end = it.End()
			continue
		}
		all = append(all, reach{it.Start(), it.End()})
	}
	return all
}

func wordy(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

func endsLine(s string) bool {
	tail := s[len(strings.TrimRightFunc(s, unicode.IsSpace)):]
	return strings.ContainsAny(tail, "\n\r\u2028\u2029\u0085")
}

// abbreviations end in a dot and do not end a sentence.
var abbreviations = set(`adv al apdo art arts av bros ca cap capt cf cía cia co col corp dept dir dott dr dra drs ed eds
	etc evtl exc fa fig fr gen ggf gov gr hon hr ibid inc jr jun lt ltd ltda mag max me messrs min mlle mm mme mr mrs ms
	mt mx no nos nr núm op pag pág par pp prof pt rep rev rr sec sect sen sgt sig soc sr sra sras srs srta st ste str
	tel univ usw jan feb apr aug sep sept oct nov dec ene abr ago dic fev dez janv févr juil déc okt v vgl vol vs z zb им обл пр проф рис руб см ст стр тыс ул`)

// unfinished reports that a text ends in the dot of an abbreviation, an
// initial or a list number, so that the next piece belongs to it.
func unfinished(s string) bool {
	if endsLine(s) {
		return false
	}
	s, dot := strings.CutSuffix(strings.TrimRightFunc(s, unicode.IsSpace), ".")
	if !dot {
		return false
	}
	if strings.Trim(s, "0123456789 ") == "" {
		return true
	}
	word := s[strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '(' })+1:]
	if utf8.RuneCountInString(word) == 1 { // an initial; a bare number ends a sentence
		r, _ := utf8.DecodeRuneInString(word)
		return unicode.IsLetter(r) && word != "I"
	}
	return strings.Contains(word, ".") && !strings.ContainsAny(word, "/@") && len(word) <= 8 || abbreviations[strings.ToLower(word)]
}

// clip returns the length in bytes of a beginning of at most n runes: to the
// end of a clause when one ends in its second half, else of a word, else of a
// grapheme.
func clip(text string, n int) int {
	clause, word, whole, runes := 0, 0, 0, 0
	for it := graphemes.FromString(text); it.Next(); {
		g := it.Value()
		if runes += utf8.RuneCountInString(g); runes > n {
			break
		}
		if r, _ := utf8.DecodeRuneInString(g); unicode.IsSpace(r) {
			word = it.Start()
			if before, _ := utf8.DecodeLastRuneInString(text[:it.Start()]); strings.ContainsRune(",;:–—،", before) {
				clause = it.Start()
			}
		}
		whole = it.End()
	}
	switch {
	case whole == len(text):
		return whole
	case clause > whole/2:
		return clause
	case word > whole/2:
		return word
	case whole > 0:
		return whole
	}
	return firstRunes(text, n) // one grapheme of more than n runes: a joke, or an attack
}

func firstRunes(text string, n int) int {
	for i := range text {
		if n--; n < 0 {
			return i
		}
	}
	return len(text)
}

// terms are the folded words of a text.
func terms(text string) []string {
	var all []string
	for it := words.FromString(text); it.Next(); {
		if w := it.Value(); wordy(w) {
			all = append(all, singular(fold(w)))
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

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
