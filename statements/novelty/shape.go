package novelty

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// shape is what a text is compared by. All hashes are sorted; a collision would
// take two texts for a little more alike than they are, and what is folded is
// laid side by side word by word anyway.
type shape struct {
	words    []uint64  // that may carry meaning
	counts   []float64 // how often each stands in the text
	shingles []uint64  // runs of four words
	grams    []uint32  // runs of four letters
}

// measured is a text as its shapes are made of it, without formulas and with them:
// what stands where, in the order of the hashes, so that nothing is sorted again.
type measured struct {
	shape
	kept  *doc     // it, see Memory.keep
	runs  []uint64 // of four words, as they stand in the text
	words []placed
	grams []placedGram
}

// placed is the hash of a word with its place.
type placed struct {
	hash uint64
	at   uint32
}

// placedGram is that of a run of letters, in its upper half, with the words it stands in: the
// first, and how many follow, in the two lowest bits. It sorts as the number it is, and is
// small, since a text has as many as letters.
type placedGram uint64

func placeGram(hash uint32, first, last uint32) placedGram {
	return placedGram(uint64(hash)<<32 | uint64(first<<2|(last-first)&(run-1)))
}

func (g placedGram) hash() uint32  { return uint32(g >> 32) }
func (g placedGram) first() uint32 { return uint32(g) >> 2 }
func (g placedGram) last() uint32  { return g.first() + uint32(g)&(run-1) }

// run is how many words a shingle has, and letters a gram.
const run = 4

func measure(d doc) *measured {
	hashes := make([]uint64, len(d.words))
	for i, w := range d.words {
		hashes[i] = hash(w.text)
	}
	all := 0
	for _, w := range d.words {
		all += utf8.RuneCountInString(w.text) + 1
	}
	m := &measured{runs: make([]uint64, 0, len(d.words)), grams: make([]placedGram, 0, all)}
	for i := 0; i+run <= len(hashes); i++ {
		m.runs = append(m.runs, shingle(hashes[i:i+run]))
	}
	var letters [run]rune
	var in [run]uint32
	n := 0
	add := func(r rune, word int) {
		copy(letters[:], letters[1:])
		copy(in[:], in[1:])
		letters[run-1], in[run-1] = r, uint32(word)
		if n++; n >= run {
			m.grams = append(m.grams, placeGram(gram(letters), in[0], in[run-1]))
		}
	}
	for i, w := range d.words {
		if w.content {
			m.words = append(m.words, placed{hashes[i], uint32(i)})
		}
		for _, r := range w.text {
			add(r, i)
		}
		add(' ', i)
	}
	slices.SortFunc(m.words, func(a, b placed) int { return cmp.Compare(a.hash, b.hash) })
	slices.Sort(m.grams)
	m.shingles = set64(slices.Clone(m.runs))
	m.shape = m.without(nil)
	return m
}

// without is the shape but for the words that are marked. Words of a formula count
// as runs of words only, for those are how a formula is known.
func (m measured) without(marked []bool) shape {
	s := shape{shingles: m.shingles, words: make([]uint64, 0, len(m.shape.words)), counts: make([]float64, 0, len(m.shape.words)), grams: make([]uint32, 0, len(m.shape.grams))}
	free := func(first, last uint32) bool {
		for i := first; i <= last && marked != nil; i++ {
			if marked[i] {
				return false
			}
		}
		return true
	}
	for _, w := range m.words {
		if !free(w.at, w.at) {
			continue
		}
		if n := len(s.words); n == 0 || s.words[n-1] != w.hash {
			s.words, s.counts = append(s.words, w.hash), append(s.counts, 0)
		}
		s.counts[len(s.counts)-1]++
	}
	for _, g := range m.grams {
		if n := len(s.grams); (n == 0 || s.grams[n-1] != g.hash()) && free(g.first(), g.last()) {
			s.grams = append(s.grams, g.hash())
		}
	}
	return s
}

// unformed is the shape without formulas.
func (m measured) unformed(formulas map[uint64]bool) shape {
	var marked []bool
	for i, r := range m.runs {
		if formulas[r] {
			if marked == nil {
				marked = make([]bool, len(m.runs)+run-1)
			}
			marked[i], marked[i+1], marked[i+2], marked[i+3] = true, true, true, true
		}
	}
	if marked == nil {
		return m.shape
	}
	return m.without(marked)
}

// size is about what it takes in memory.
func (m measured) size() int {
	return 16*len(m.shape.words) + 8*len(m.shingles) + 4*len(m.shape.grams) + 8*len(m.runs) + 16*len(m.words) + 8*len(m.grams)
}

func set64(hashes []uint64) []uint64 {
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// inBoth counts what two sorted sets share.
func inBoth[H uint32 | uint64](a, b []H) (n int) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			n++
			a, b = a[1:], b[1:]
		}
	}
	return n
}

// countBoth adds one to the count of each hash of a sorted set that another holds.
func countBoth(counts []int, a, b []uint64) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			counts[i]++
			i++
			j++
		}
	}
}

// within counts how many of a few hashes a sorted set holds.
func within(few, sorted []uint64) (n int) {
	for _, h := range few {
		if contains(sorted, h) {
			n++
		}
	}
	return n
}

func contains(sorted []uint64, h uint64) bool {
	_, ok := slices.BinarySearch(sorted, h)
	return ok
}

// times is how often a word stands in the text.
func (s shape) times(word uint64) float64 {
	if i, ok := slices.BinarySearch(s.words, word); ok {
		return s.counts[i]
	}
	return 0
}

const prime = 1099511628211 // of FNV-1a

func gram(letters [run]rune) uint32 {
	h := uint64(14695981039346656037)
	for _, r := range letters {
		h = (h ^ uint64(r)) * prime
	}
	return uint32(h >> 32)
}

func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return h
}

func shingle(words []uint64) (h uint64) {
	for _, w := range words {
		h = (h ^ w) * prime
	}
	return h
}
