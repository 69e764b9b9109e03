package novelty

import (
	"math"
	"slices"
)

// shape is what a text is compared by.
type shape struct {
	doc
	shingles map[[4]string]bool // runs of four words
	counts   map[string]float64 // words that may carry meaning, outside of formulas
	grams    map[[4]rune]bool   // runs of four letters, outside of formulas
}

func newShape(d doc) shape {
	s := shape{doc: d, shingles: map[[4]string]bool{}}
	for i := 0; i+4 <= len(d.words); i++ {
		s.shingles[s.shingle(i)] = true
	}
	return s
}

func (s *shape) shingle(i int) [4]string {
	return [4]string{s.words[i].text, s.words[i+1].text, s.words[i+2].text, s.words[i+3].text}
}

// without measures the words that are in no formula.
func (s *shape) without(formula map[[4]string]int) {
	in := make([]bool, len(s.words))
	for i := 0; i+4 <= len(s.words); i++ {
		if formula[s.shingle(i)] >= boilerplate {
			in[i], in[i+1], in[i+2], in[i+3] = true, true, true, true
		}
	}
	s.counts, s.grams = map[string]float64{}, map[[4]rune]bool{}
	var run [4]rune
	n := 0
	add := func(r rune) {
		run = [4]rune{run[1], run[2], run[3], r}
		if n++; n >= 4 {
			s.grams[run] = true
		}
	}
	for i, w := range s.words {
		if in[i] {
			n = 0
			continue
		}
		if w.content {
			s.counts[w.text]++
		}
		for _, r := range w.text {
			add(r)
		}
		add(' ')
	}
}

// overlap is how alike two texts are.
type overlap struct {
	contained float64 // shingles of the shorter text that are in the longer one
	cosine    float64 // of the words, rare ones counting more
	grams     float64 // Jaccard index of the letters
	shared    int     // words in common that may carry meaning
}

// same reports the overlap of texts that are versions of one another.
func (o overlap) same() bool {
	return o.contained >= .5 && o.shared >= 6 || o.cosine >= .8 || o.grams >= .6
}

// claim is the overlap of texts that say the same in other words.
func (o overlap) claim() float64 { return .5*o.cosine + .3*o.grams + .2*o.contained }

// corpus is the record as a text is compared with it.
type corpus struct {
	docs  []doc
	close []*shape           // of those that share words with the text
	over  []overlap          // of the text with each
	uses  map[string]float64 // statements with a word
	plate map[[4]string]int  // statements with a shingle
}

const (
	// boilerplate is how many statements must hold a run of words for it to be
	// a formula of the speaker, which says nothing about sameness.
	boilerplate = 3
	// Texts that share fewer words than this are not compared further.
	fewShared = 2
)

func newCorpus(a *shape, record []Earlier) corpus {
	c := corpus{close: make([]*shape, len(record)), over: make([]overlap, len(record)), uses: map[string]float64{}, plate: map[[4]string]int{}}
	mine := a.meanings()
	for i, e := range record {
		d := read(e.Text)
		c.docs = append(c.docs, d)
		shared := 0
		for w := range d.meanings() {
			c.uses[w]++
			if mine[w] {
				shared++
			}
		}
		if shared < min(fewShared, len(mine)) {
			continue
		}
		s := newShape(d)
		c.close[i] = &s
		for sh := range s.shingles {
			c.plate[sh]++
		}
	}
	a.without(c.plate)
	for i, s := range c.close {
		if s != nil {
			s.without(c.plate)
			c.over[i] = c.overlap(a, s)
		}
	}
	return c
}

// meanings is the set of words that may carry meaning.
func (d doc) meanings() map[string]bool {
	m := make(map[string]bool, len(d.words))
	for _, w := range d.words {
		if w.content {
			m[w.text] = true
		}
	}
	return m
}

func (c corpus) overlap(a, b *shape) overlap {
	o := overlap{contained: c.contained(a, b), cosine: c.cosine(a.counts, b.counts), grams: jaccard(a.grams, b.grams)}
	for w := range a.counts {
		if b.counts[w] > 0 {
			o.shared++
		}
	}
	return o
}

// weight of a word falls with the share of statements that hold it. On a short
// record all words weigh nearly the same.
func (c corpus) weight(w string) float64 {
	return math.Log((float64(len(c.docs)) + 50) / (c.uses[w] + 5))
}

func (c corpus) contained(a, b *shape) float64 {
	own := func(s *shape) (n int) {
		for sh := range s.shingles {
			if c.plate[sh] < boilerplate {
				n++
			}
		}
		return n
	}
	both := 0
	for sh := range a.shingles {
		if b.shingles[sh] && c.plate[sh] < boilerplate {
			both++
		}
	}
	return ratio(both, min(own(a), own(b)))
}

// cosine sums over sorted words, so that it is the same in every run.
func (c corpus) cosine(a, b map[string]float64) float64 {
	dot, aa, bb := 0.0, 0.0, 0.0
	for _, w := range sorted(a) {
		x := a[w] * c.weight(w)
		dot += x * b[w] * c.weight(w)
		aa += x * x
	}
	for _, w := range sorted(b) {
		y := b[w] * c.weight(w)
		bb += y * y
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return dot / math.Sqrt(aa*bb)
}

func sorted(m map[string]float64) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func jaccard(a, b map[[4]rune]bool) float64 {
	both := 0
	for g := range a {
		if b[g] {
			both++
		}
	}
	return ratio(both, len(a)+len(b)-both)
}

func ratio(a, b int) float64 {
	if b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}
