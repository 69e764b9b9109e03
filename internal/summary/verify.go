package summary

import (
	"bytes"
	"iter"
	"sort"
	"unicode/utf8"
)

// leastFragment is the shortest piece of an elided quotation, in runes. With
// shorter ones a sentence could be put together that nobody said.
const leastFragment = 8

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
	if len(q) == 0 {
		return 0, 0, false
	}
	c := canonical(source)
	for at := range c.occurrences(q) {
		return int(c.from[at.start]), c.sourceEnd(at.end), true
	}
	return c.elided(q)
}

// occurrences yields where a text stands in c, at word borders on both ends.
func (c canon) occurrences(text []byte) iter.Seq[reach] {
	return func(yield func(reach) bool) {
		for from := 0; ; {
			i := bytes.Index(c.text[from:], text)
			if i < 0 {
				return
			}
			at := reach{from + i, from + i + len(text)}
			if c.border(at.start) && c.border(at.end) && !yield(at) {
				return
			}
			from = at.start + 1
		}
	}
}

// elided finds the pieces between the ellipses of a quotation, in order. Of
// several places the last one before the next piece counts: it leaves out least.
func (c canon) elided(q []byte) (start, end int, ok bool) {
	type chain struct{ first, end int } // where the quotation begins, how far it has got
	var reached []chain
	pieces, bare := fragments(q)
	for n, piece := range pieces {
		var next []chain
		for at := range c.occurrences(piece) {
			if n == 0 {
				next = append(next, chain{at.start, at.end})
				continue
			}
			before := sort.Search(len(reached), func(i int) bool { return reached[i].end > at.start }) - 1
			if before >= 0 && c.mayLeaveOut(reached[before].end, at.start, bare[n-1]) {
				next = append(next, chain{reached[before].first, at.end})
			}
		}
		reached = next
	}
	if len(reached) == 0 {
		return 0, 0, false
	}
	return int(c.from[reached[0].first]), c.sourceEnd(reached[0].end), true
}

var threeDots = []byte("...")

// fragments splits a quotation at its ellipses; nil when there is none or a
// piece is too short. bare tells for each gap between pieces that one ellipsis
// without brackets stands there, which may be the speaker's own.
func fragments(q []byte) (pieces [][]byte, bare []bool) {
	if !bytes.Contains(q, threeDots) {
		return nil, nil
	}
	single, rest := false, q
	for more := true; more; {
		var head []byte
		head, rest, more = bytes.Cut(rest, threeDots)
		bracket := len(head) > 0 && (head[len(head)-1] == '[' || head[len(head)-1] == '(')
		if more {
			rest = bytes.TrimLeft(bytes.TrimLeft(rest, "."), " ])")
			head = bytes.TrimRight(head, " [(")
		}
		if len(head) == 0 { // two ellipses, or one at an end
			single = false
			continue
		}
		if utf8.RuneCount(head) < leastFragment {
			return nil, nil
		}
		if len(pieces) > 0 {
			bare = append(bare, single)
		}
		pieces, single = append(pieces, head), !bracket
	}
	return pieces, bare
}

// mayLeaveOut reports whether an ellipsis may stand for c.text[from:to].
func (c canon) mayLeaveOut(from, to int, bare bool) bool {
	gap := bytes.Trim(c.text[from:to], " ")
	if bare && len(bytes.Trim(gap, " .")) > 0 && (bytes.HasPrefix(gap, threeDots) || bytes.HasSuffix(gap, threeDots)) {
		return false // the speaker's own ellipsis stands there: it hides no words
	}
	return !negates(string(gap))
}
