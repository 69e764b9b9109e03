package summary

import (
	"cmp"
	"math"
	"slices"

	"onrecord/statements/lang"

	"onrecord"
)

// Weights of a sentence's score and of the choice among sentences (maximal
// marginal relevance: what is good, less what was already said).
const (
	centralityWeight = .4
	densityWeight    = .4
	positionWeight   = .2
	relevance        = .7
	repetition       = .3

	// Comparing sentences is quadratic in their number.
	mostSentences = 400
	// What was said long ago may be said again.
	mostEarlier, mostSaid = 50, 64 << 10 // statements, bytes
)

// best chooses sentences and returns their spans in reading order.
func best(d Draft, own []passage) []onrecord.Span {
	all, dense := densest(split(own), caseTerms(d.Case))
	v := newVectors(all)
	central := v.centrality()
	score := make([]float64, len(all))
	for i := range all {
		position := 1 - float64(i)/float64(len(all))
		score[i] = centralityWeight*central[i] + densityWeight*dense[i] + positionWeight*position
	}
	said := v.said(d.Earlier)
	var chosen []int
	taken := make([]bool, len(all))
	for size := 0; size < enough; {
		next, top := -1, math.Inf(-1)
		for i, s := range all {
			if size+s.size > atMost || taken[i] {
				continue
			}
			if worth := relevance*score[i] - repetition*said[i]; worth > top {
				next, top = i, worth
			}
		}
		if next < 0 {
			break
		}
		chosen, taken[next] = append(chosen, next), true
		size += all[next].size
		for i := range all {
			said[i] = max(said[i], cosine(v.of[i], v.of[next]))
		}
	}
	slices.Sort(chosen)
	return merged(all, chosen)
}

// merged joins neighbours into one span.
func merged(all []sentence, chosen []int) []onrecord.Span {
	var spans []onrecord.Span
	for n, i := range chosen {
		s := all[i]
		if n > 0 && follows(all[chosen[n-1]], s) {
			spans[len(spans)-1].End = s.End
			continue
		}
		spans = append(spans, s.span())
	}
	return spans
}

// caseTerms are the words people use for the case, longest first.
func caseTerms(c onrecord.Case) [][]string {
	names := slices.Concat(c.Docket, c.Keywords, []string{c.Judge})
	for _, p := range c.Everyone() {
		names = append(append(names, p.Name), p.Aliases...)
	}
	var all [][]string
	for _, n := range names {
		if t := lang.Terms(n); len(t) > 0 {
			all = append(all, t)
		}
	}
	slices.SortStableFunc(all, func(a, b []string) int { return cmp.Compare(len(b), len(a)) })
	return all
}

// densest keeps as many sentences as can be compared, those richest in case
// terms, in reading order, and returns their density, 1 for the highest.
func densest(all []sentence, of [][]string) ([]sentence, []float64) {
	type rated struct {
		sentence
		density float64
	}
	rs := make([]rated, len(all))
	top := 0.0
	for i, s := range all {
		rs[i] = rated{s, density(s.terms, of)}
		top = max(top, rs[i].density)
	}
	if len(rs) > mostSentences {
		slices.SortStableFunc(rs, func(a, b rated) int { return cmp.Compare(b.density, a.density) })
		rs = rs[:mostSentences]
		slices.SortStableFunc(rs, func(a, b rated) int {
			return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.Start, b.Start))
		})
	}
	kept, dense := make([]sentence, len(rs)), make([]float64, len(rs))
	for i, r := range rs {
		kept[i] = r.sentence
		if top > 0 {
			dense[i] = r.density / top
		}
	}
	return kept, dense
}

// density is the share of words that belong to case terms. The constant keeps
// a bare name from outweighing a sentence about it.
func density(ws []string, of [][]string) float64 {
	const barely = 8
	hits := 0
	for i := 0; i < len(ws); {
		n := 0
		for _, t := range of {
			if len(t) <= len(ws)-i && slices.Equal(t, ws[i:i+len(t)]) {
				n = len(t)
				break
			}
		}
		hits += n
		i += max(n, 1)
	}
	return float64(hits) / float64(len(ws)+barely)
}
