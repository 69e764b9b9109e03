package summary

import (
	"slices"
	"unicode/utf8"

	"onrecord/statements/lang"
	"onrecord/statements/quote"

	"onrecord"
)

// Whole reports whether [Extract] quotes all that is the speaker's own.
func Whole(d Draft) bool {
	var own []onrecord.Span
	for i, p := range d.Parts {
		for _, q := range passages(d, i, p) {
			own = append(own, q.span())
		}
	}
	return slices.Equal(own, Extract(d).Quotes)
}

// Chosen finds a quotation that somebody else chose in the speaker's own words
// of a part, and returns the whole sentences around it: a piece of a sentence
// can say the opposite of it. It fails on words that are not there, that are
// not the speaker's, and on sentences longer than a card.
func Chosen(d Draft, part int, words string) (onrecord.Span, bool) {
	for _, own := range passages(d, part, d.Parts[part]) {
		start, end, ok := quote.Verify(words, own.text())
		if !ok {
			continue
		}
		wide := lang.Range{Start: start, End: end}
		for _, s := range rounded(own.text(), lang.Sentences(own.text())) {
			if s.Start < end && start < s.End {
				wide = lang.Range{Start: min(wide.Start, s.Start), End: max(wide.End, s.End)}
			}
		}
		found := trimmed(part, own.source, lang.Range{Start: own.Start + wide.Start, End: own.Start + wide.End})
		return found.span(), utf8.RuneCountInString(found.text()) <= atMost
	}
	return onrecord.Span{}, false
}
