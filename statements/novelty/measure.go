package novelty

import (
	"cmp"
	"math"
	"slices"
)

// overlap is how alike two texts are.
type overlap struct {
	contained float64 // runs of words of the shorter text that are in the longer one
	cosine    float64 // of the words, rare ones counting more
	grams     float64 // Jaccard index of the letters
	shared    int     // words in common that may carry meaning
}

// same reports the overlap of texts that are versions of one another.
func (o overlap) same() bool {
	return o.contained >= .5 && o.shared >= enough || o.cosine >= .8 || o.grams >= .6
}

// claim is the overlap of texts that say the same in other words.
func (o overlap) claim() float64 { return .5*o.cosine + .3*o.grams + .2*o.contained }

// nearer orders overlaps.
func (o overlap) nearer(p overlap) int {
	return cmp.Compare(o.claim()+o.contained, p.claim()+p.contained)
}

// corpus is the record as a text is compared with it.
type corpus struct {
	mine   shape // of the text
	record []known
	near   []int              // of the record, by their place in it
	over   []overlap          // of the text with each; nothing when they are far apart
	uses   map[uint64]float64 // statements with a word, of the text and those near it
	plate  []uint64           // runs of words of the text that the speaker always uses, and …
	fresh  []uint64           // … the others
	formed map[uint64]bool    // the former
}

const (
	// boilerplate is how many statements must hold a run of words for it to be
	// a formula of the speaker, which says nothing about sameness.
	boilerplate = 3
	// Texts that share fewer words than two, or than a quarter of the shorter
	// one, are not compared further: no measure gets anywhere with so few.
	fewShared, fewOf = 2, 4
	// Of more texts than these, those are measured that share the largest part of the
	// shorter one: what is repeated is among them.
	mostNear = 24
)

func newCorpus(own *measured, record []known) corpus {
	c := corpus{mine: own.shape, record: record, over: make([]overlap, len(record)), uses: map[uint64]float64{}}
	part := make([]float64, len(record))
	for i, e := range record {
		shared, shorter := inBoth(c.mine.words, e.shape.words), min(len(c.mine.words), len(e.shape.words))
		if shared >= min(fewShared, len(c.mine.words)) && shared*fewOf >= shorter {
			c.near, part[i] = append(c.near, i), ratio(shared, shorter)
		}
	}
	if len(c.near) > mostNear {
		slices.SortFunc(c.near, func(a, b int) int { return cmp.Or(cmp.Compare(part[b], part[a]), b-a) })
		c.near = c.near[:mostNear]
		slices.Sort(c.near)
	}
	if len(c.near) == 0 {
		return c
	}
	c.count()
	c.formed = make(map[uint64]bool, len(c.plate))
	for _, r := range c.plate {
		c.formed[r] = true
	}
	bare := own.unformed(c.formed)
	for _, i := range c.near {
		if e := record[i]; inBoth(e.shingles, c.plate) > 0 {
			c.over[i] = c.overlap(bare, e.unformed(c.formed))
		} else {
			c.over[i] = c.overlap(c.mine, e.shape)
		}
	}
	return c
}

// count counts the statements that hold each word of the text and of those near
// it, and finds the formulas in the text.
func (c *corpus) count() {
	for _, w := range c.mine.words {
		c.uses[w] = 0
	}
	for _, i := range c.near {
		for _, w := range c.record[i].shape.words {
			c.uses[w] = 0
		}
	}
	runs := make([]int, len(c.mine.shingles))
	for _, e := range c.record {
		for _, w := range e.shape.words {
			if n, ok := c.uses[w]; ok {
				c.uses[w] = n + 1
			}
		}
		countBoth(runs, c.mine.shingles, e.shingles)
	}
	for i, n := range runs {
		if r := c.mine.shingles[i]; n >= boilerplate {
			c.plate = append(c.plate, r)
		} else {
			c.fresh = append(c.fresh, r)
		}
	}
}

func (c corpus) overlap(a, b shape) overlap {
	own := len(b.shingles) - inBoth(b.shingles, c.plate) // that are no formula
	o := overlap{contained: ratio(inBoth(c.fresh, b.shingles), min(len(c.fresh), own)), cosine: c.cosine(a, b), shared: inBoth(a.words, b.words)}
	letters := inBoth(a.grams, b.grams)
	o.grams = ratio(letters, len(a.grams)+len(b.grams)-letters)
	return o
}

// weight of a word falls with the share of statements that hold it. On a short
// record all words weigh nearly the same.
func (c corpus) weight(w uint64) float64 {
	return math.Log((float64(len(c.record)) + 50) / (c.uses[w] + 5))
}

// cosine sums over sorted words, so that it is the same in every run.
func (c corpus) cosine(a, b shape) float64 {
	dot, aa, bb := 0.0, 0.0, 0.0
	for i, w := range a.words {
		x := a.counts[i] * c.weight(w)
		dot += x * b.times(w) * c.weight(w)
		aa += x * x
	}
	for i, w := range b.words {
		y := b.counts[i] * c.weight(w)
		bb += y * y
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return dot / math.Sqrt(aa*bb)
}

func ratio(a, b int) float64 {
	if b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}
