package novelty

import (
	"cmp"
	"slices"
	"time"

	"github.com/clipperhouse/uax29/v2/sentences"

	"onrecord"
)

// Earlier is a statement that is on the record.
type Earlier struct {
	ID       int64
	Posts    []string // keys of its posts
	Text     string   // of all its posts
	At       time.Time
	SameSide bool // said by the speaker or for the same party
}

// Range is a part of the new text, in bytes.
type Range struct{ Start, End int }

// Comparison is what a text adds to the record.
type Comparison struct {
	Novelty onrecord.Novelty
	Of      int64   // the statement it is compared with; 0 when new
	Added   []Range // what is new in it, for Expands and Changed
	Why     string
}

const (
	// restated is where another wording of a claim begins: the lowest line at
	// which no news was taken for a repetition. docs/decisions/2026-11-27-in-other-words.md
	restated = .35
	// quotedOther is how alike a text must be to what another side said to be
	// shown as repeating it.
	quotedOther = .8
	// fewWords is how many words that carry meaning an addition may have
	// without being one, "read our answer:", and fewShare which part of what is
	// repeated.
	fewWords, fewShare = 3, .25
	// tooFew is how many of them a text needs to be recognised again by its
	// words alone. "Exactly." is said on many occasions.
	tooFew = 3
	// enough is how many of them two texts must share for their runs of words to
	// be no chance, and asItIs the share of the runs that must be found again:
	// the place's own words at the end are not.
	enough, asItIs = 6, .75
	// knownSentence is the share of a sentence's words that a statement must
	// have for the sentence to add nothing to it.
	knownSentence = .6
)

// Compare compares a new text, published as the given posts, with the record. The
// first step of the ladder that holds decides.
func Compare(text string, posts []string, record []Earlier) Comparison {
	return new(Memory).Compare(text, posts, record)
}

// compare also returns what the text was measured as; nil: it was not.
func compare(a doc, posts []string, record []known) (Comparison, *measured) {
	if v, ok := samePost(a, posts, record); ok {
		return v, nil
	}
	own := measure(a)
	return newCorpus(own, record).compare(a), own
}

func (c corpus) compare(a doc) Comparison {
	record := c.record
	if v, ok := c.sameWords(a); ok {
		return v
	}
	if v, ok := c.verbatim(a); ok {
		return v
	}
	best := -1
	for i, e := range record {
		if e.SameSide && (best < 0 || cmp.Or(c.over[i].nearer(c.over[best]), e.At.Compare(record[best].At)) >= 0) {
			best = i
		}
	}
	if best >= 0 && c.over[best].same() {
		if v, ok := c.version(a, record[best]); ok {
			return v
		}
	}
	if best >= 0 && c.over[best].claim() >= restated && !otherFacts(a, record[best].doc()) && repeats(a, record[best].doc()) {
		return Comparison{Novelty: onrecord.Restates, Of: record[best].ID, Why: "says the same in other words"}
	}
	for i, e := range record {
		if o := c.over[i]; !e.SameSide && o.cosine >= quotedOther && o.shared > tooFew && !otherFacts(a, e.doc()) && repeats(a, e.doc()) {
			return Comparison{Novelty: onrecord.Restates, Of: e.ID, Why: "repeats what another side said"}
		}
	}
	return Comparison{Novelty: onrecord.New, Why: "nothing like it is on the record"}
}

// samePost finds a post that is on the record already, perhaps edited since.
func samePost(a doc, posts []string, record []known) (Comparison, bool) {
	for _, e := range record {
		if !slices.ContainsFunc(posts, func(p string) bool { return slices.Contains(e.Posts, p) }) {
			continue
		}
		al, ok := align(a, e.doc())
		if len(a.words) == 0 || ok && len(al.changed)+len(al.head)+len(al.tail) == 0 && !al.dropped && !al.fact && !al.turned {
			return Comparison{Novelty: onrecord.Mirror, Of: e.ID, Why: "the same post"}, true
		}
		return Comparison{Novelty: onrecord.Changed, Of: e.ID, Added: al.differences(), Why: "the same post with other words"}, true
	}
	return Comparison{}, false
}

// sameWords finds a text that is equal but for letter case, signs and what
// belongs to the place. The latest one counts.
func (c corpus) sameWords(a doc) (Comparison, bool) {
	for _, e := range slices.Backward(c.record) {
		if !e.SameSide || len(a.words) == 0 || !slices.Equal(c.mine.words, e.shape.words) {
			continue
		}
		if !slices.EqualFunc(a.words, e.doc().words, func(x, y word) bool { return x.text == y.text }) {
			continue
		}
		if len(c.mine.words) < tooFew {
			return Comparison{Novelty: onrecord.Restates, Of: e.ID, Why: "the same few words"}, true
		}
		return Comparison{Novelty: onrecord.Mirror, Of: e.ID, Why: "the same words"}, true
	}
	return Comparison{}, false
}

// verbatim finds a text that stands in a statement as it is, cut or a part of
// it, however many formulas it holds.
func (c corpus) verbatim(a doc) (Comparison, bool) {
	if len(c.mine.words) < enough {
		return Comparison{}, false
	}
	var likely []int
	part := map[int]float64{}
	for _, i := range slices.Backward(c.near) {
		if part[i] = ratio(inBoth(c.mine.shingles, c.record[i].shingles), len(c.mine.shingles)); c.record[i].SameSide && part[i] >= asItIs {
			likely = append(likely, i)
		}
	}
	if len(likely) > mostLaid {
		slices.SortStableFunc(likely, func(a, b int) int { return cmp.Compare(part[b], part[a]) })
		likely = likely[:mostLaid]
	}
	for _, i := range likely {
		if v, ok := c.version(a, c.record[i]); ok && v.Novelty == onrecord.Mirror {
			return v, true
		}
	}
	return Comparison{}, false
}

// mostLaid is how many texts one is laid beside, word by word, which takes far longer than
// counting what they share: one that stands in an earlier text shares most with it.
const mostLaid = 4

// otherFacts is the veto on a repetition in other words: the text names a
// number, a date or a name that the earlier one lacks, or only one of the two
// denies something.
func otherFacts(a, b doc) bool {
	al, ok := align(a, b)
	denial := slices.ContainsFunc(a.words, denies)
	if !ok || denial && !slices.ContainsFunc(b.words, denies) || al.denied && !denial {
		return true
	}
	told := texts(b)
	return slices.ContainsFunc(a.words, func(x word) bool { return x.fact && !denies(x) && !told[x.text] })
}

// texts are the words of a text by what they say.
func texts(d doc) map[string]bool {
	all := map[string]bool{}
	for _, w := range d.words {
		all[w.text] = true
	}
	return all
}

// version decides about a text that is a version of an earlier one. It reports
// false when the texts share words but not their order.
func (c corpus) version(a doc, e known) (Comparison, bool) {
	al, ok := align(a, e.doc())
	if !ok {
		return Comparison{}, false
	}
	extra := slices.Concat(al.head, al.tail)
	more, fact := 0, false
	for _, w := range extra {
		if meaning(w) {
			more++
		}
		fact = fact || w.fact
	}
	switch {
	case al.fact || al.turned || al.dropped || len(al.changed) > 0:
		return Comparison{Novelty: onrecord.Changed, Of: e.ID, Added: al.differences(), Why: "nearly the same words with a difference"}, true
	case float64(more) > min(fewWords, fewShare*float64(al.shared)) || fact:
		return Comparison{Novelty: onrecord.Expands, Of: e.ID, Added: c.added(a, extra), Why: "the same words and more"}, true
	case al.shared < tooFew:
		return Comparison{Novelty: onrecord.Restates, Of: e.ID, Why: "the same few words"}, true
	}
	return Comparison{Novelty: onrecord.Mirror, Of: e.ID, Why: "the same words but for small things"}, true
}

// differences are the parts of the new text that the earlier one lacks.
func (al alignment) differences() (out []Range) {
	span := func(ws []word) {
		if len(ws) > 0 {
			out = append(out, Range{ws[0].start, ws[len(ws)-1].end})
		}
	}
	span(al.head)
	out = append(out, al.changed...)
	span(al.tail)
	return out
}

// added is the longest run of sentences that are unlike anything on the record,
// or, when every sentence is mixed, the words around the common part.
func (c corpus) added(a doc, extra []word) []Range {
	var best, run Range
	it := sentences.FromString(a.text)
	for it.Next() && it.Start() < a.words[min(len(a.words), alignLimit)-1].end { // what is behind is not compared
		d := read(it.Value())
		words := measure(d).shape.words
		fresh := len(words) > 0 && !slices.ContainsFunc(c.record, func(b known) bool {
			return ratio(within(words, b.shape.words), len(words)) >= knownSentence
		})
		switch {
		case fresh && run == Range{}:
			run = Range{it.Start() + d.words[0].start, it.End()}
		case fresh:
			run.End = it.End()
		default:
			run = Range{}
		}
		if run.End-run.Start > best.End-best.Start {
			best = run
		}
	}
	if best == (Range{}) {
		return spansOf(extra)
	}
	return []Range{trimmed(a.text, best)}
}

// spansOf joins words that follow one another.
func spansOf(ws []word) (out []Range) {
	for _, w := range ws {
		if n := len(out); n > 0 && w.start-out[n-1].End <= 2 {
			out[n-1].End = w.end
			continue
		}
		out = append(out, Range{w.start, w.end})
	}
	return out
}

func trimmed(s string, r Range) Range {
	for r.End > r.Start && (s[r.End-1] == ' ' || s[r.End-1] == '\n' || s[r.End-1] == '\t' || s[r.End-1] == '\r') {
		r.End--
	}
	return r
}
