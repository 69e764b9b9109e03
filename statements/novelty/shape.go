package novelty

import "slices"

// shape is what a text is compared by. All hashes are sorted; a collision would
// take two texts for a little more alike than they are, and what is folded is
// laid side by side word by word anyway.
type shape struct {
	words    []uint64  // that may carry meaning
	counts   []float64 // how often each stands in the text
	shingles []uint64  // runs of four words
	grams    []uint64  // runs of four letters
}

// shapeOf measures a text. Words of a formula count as runs of words only, for
// those are how a formula is known.
func shapeOf(d doc, formula func(shingle uint64) bool) shape {
	hashes := make([]uint64, len(d.words))
	for i, w := range d.words {
		hashes[i] = hash(w.text)
	}
	var s shape
	in := make([]bool, len(d.words))
	for i := 0; i+4 <= len(hashes); i++ {
		run := shingle(hashes[i : i+4])
		s.shingles = append(s.shingles, run)
		if formula != nil && formula(run) {
			in[i], in[i+1], in[i+2], in[i+3] = true, true, true, true
		}
	}
	var meanings []uint64
	var run uint64
	letters := 0
	add := func(r rune) {
		run = run<<16 ^ uint64(r)
		if letters++; letters >= 4 {
			s.grams = append(s.grams, run)
		}
	}
	for i, w := range d.words {
		if in[i] {
			letters = 0
			continue
		}
		if w.content {
			meanings = append(meanings, hashes[i])
		}
		for _, r := range w.text {
			add(r)
		}
		add(' ')
	}
	s.shingles, s.grams = set64(s.shingles), set64(s.grams)
	slices.Sort(meanings)
	for i, w := range meanings {
		if i == 0 || w != meanings[i-1] {
			s.words, s.counts = append(s.words, w), append(s.counts, 0)
		}
		s.counts[len(s.counts)-1]++
	}
	return s
}

func set64(hashes []uint64) []uint64 {
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// inBoth counts what two sorted sets share.
func inBoth(a, b []uint64) (n int) {
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
