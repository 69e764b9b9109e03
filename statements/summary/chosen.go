package summary

import (
	"slices"
	"unicode/utf8"

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
func Chosen(d Draft, part int, quote string) (onrecord.Span, bool) {
	for _, own := range passages(d, part, d.Parts[part]) {
		start, end, ok := Verify(quote, own.text())
		if !ok {
			continue
		}
		wide := reach{start, end}
		for _, s := range rounded(own.text(), borders(own.text())) {
			if s.start < end && start < s.end {
				wide = reach{min(wide.start, s.start), max(wide.end, s.end)}
			}
		}
		found := trimmed(part, own.source, reach{own.start + wide.start, own.start + wide.end})
		return found.span(), utf8.RuneCountInString(found.text()) <= atMost
	}
	return onrecord.Span{}, false
}
