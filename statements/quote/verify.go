package quote

import (
	"bytes"
	"iter"
	"sort"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// leastFragment is the shortest piece of an elided quotation, in runes. With
// shorter ones a sentence could be put together that nobody said.
const leastFragment = 8

// No quotation has more pieces, and no piece stands in more places: the search
// grows with both.
const (
	mostFragments = 8
	mostPlaces    = 64
)

// Verify finds a quotation in its source and returns the bytes of the source
// that cover it. Show source[start:end], never the quotation itself.
//
// Both are compared as typesetting leaves them (quotation marks, dashes, white
// space, width); letter case and every word count, and both ends stand at word
// borders. An ellipsis ("...", "…", "[…]") that is not the source's own splits
// the quotation into pieces of at least eight characters, which must follow one
// another in the source, with no negation left out between them; the bytes
// returned then hold what the ellipsis left out.
func Verify(quote, source string) (start, end int, ok bool) {
	q := bytes.Trim(canonical(quote).text, " ")
	if !bytes.ContainsFunc(q, tells) {
		return 0, 0, false
	}
	c := canonical(source)
	for at := range c.occurrences(q) {
		return int(c.from[at.Start]), c.sourceEnd(at.End), true
	}
	return c.elided(q)
}

// tells reports what is neither white space nor punctuation.
func tells(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) }

// occurrences yields where a text stands in c, at word borders on both ends.
func (c canon) occurrences(text []byte) iter.Seq[lang.Range] {
	return func(yield func(lang.Range) bool) {
		for from := 0; ; {
			i := bytes.Index(c.text[from:], text)
			if i < 0 {
				return
			}
			at := lang.Range{Start: from + i, End: from + i + len(text)}
			if c.border(at.Start) && c.border(at.End) && !yield(at) {
				return
			}
			from = at.Start + 1
		}
	}
}

// elided finds the pieces between the ellipses of a quotation, in order. Of
// several places the last one before the next piece counts: it leaves out least.
func (c canon) elided(q []byte) (start, end int, ok bool) {
	type chain struct{ first, end int } // where the quotation begins, how far it has got
	var reached []chain
	pieces, gaps := fragments(q)
	for n, piece := range pieces {
		var next []chain
		places := 0
		for at := range c.occurrences(piece) {
			if places++; places > mostPlaces {
				break
			}
			if n == 0 {
				if !gaps[0] || !bytes.Contains(c.text[:at.Start], threeDots) {
					next = append(next, chain{at.Start, at.End})
				}
				continue
			}
			before := sort.Search(len(reached), func(i int) bool { return reached[i].end > at.Start }) - 1
			if before >= 0 && c.mayLeaveOut(reached[before].end, at.Start, gaps[n]) {
				next = append(next, chain{reached[before].first, at.End})
			}
		}
		reached = next
	}
	for _, r := range reached {
		if !gaps[len(pieces)] || !bytes.Contains(c.text[r.end:], threeDots) {
			return int(c.from[r.first]), c.sourceEnd(r.end), true
		}
	}
	return 0, 0, false
}

var threeDots = []byte("...")

// fragments splits a quotation at its ellipses; nil when there is none or a
// piece is too short. bare tells for each gap, from the one before the first
// piece to the one behind the last, that a single ellipsis without brackets
// stands there: it could be the speaker's own.
func fragments(q []byte) (pieces [][]byte, bare []bool) {
	if !bytes.Contains(q, threeDots) {
		return nil, nil
	}
	gap, rest := false, q // the gap before rest
	for more := true; more; {
		var head []byte
		head, rest, more = bytes.Cut(rest, threeDots)
		bracket := len(head) > 0 && (head[len(head)-1] == '[' || head[len(head)-1] == '(')
		if more {
			rest = bytes.TrimLeft(bytes.TrimLeft(rest, "."), " ])")
			head = bytes.TrimRight(head, " [(")
		}
		if len(head) == 0 { // an ellipsis at the beginning, or two in a row
			if more {
				gap = !bracket && len(pieces) == 0
			}
			continue
		}
		if utf8.RuneCount(head) < leastFragment || len(pieces) == mostFragments {
			return nil, nil
		}
		pieces, bare = append(pieces, head), append(bare, gap)
		gap = more && !bracket
	}
	if len(pieces) == 0 {
		return nil, nil
	}
	return pieces, append(bare, gap)
}

// mayLeaveOut reports whether an ellipsis may stand for c.text[from:to]: not
// for a negation, and when it may be the speaker's own, for nothing else.
func (c canon) mayLeaveOut(from, to int, bare bool) bool {
	gap := bytes.Trim(c.text[from:to], " ")
	if bare && bytes.Contains(gap, threeDots) && len(bytes.Trim(gap, " .")) > 0 {
		return false
	}
	return !lang.Negates(string(gap))
}
