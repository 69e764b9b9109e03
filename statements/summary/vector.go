package summary

import (
	"math"
	"slices"

	"onrecord"
	"onrecord/statements/lang"
)

// vectors are the sentences of a statement as weighted terms.
type vectors struct {
	ids map[string]int
	idf []float64
	of  [][]weight // per sentence, by ascending term
}

type weight struct {
	term  int
	value float64 // the squares of a sentence add up to 1
}

func newVectors(all []sentence) vectors {
	v := vectors{ids: map[string]int{}, of: make([][]weight, len(all))}
	var holds []float64 // sentences that hold the term
	for i, s := range all {
		var ids []int
		for _, t := range s.terms {
			id, known := v.ids[t]
			if !known {
				id = len(v.ids)
				v.ids[t] = id
				holds = append(holds, 0)
			}
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for n, id := range ids {
			if n > 0 && ids[n-1] == id {
				v.of[i][len(v.of[i])-1].value++
				continue
			}
			v.of[i] = append(v.of[i], weight{id, 1})
			holds[id]++
		}
	}
	for _, n := range holds {
		v.idf = append(v.idf, math.Log(1+float64(len(all))/n))
	}
	for _, ws := range v.of {
		sum := 0.0
		for i := range ws {
			ws[i].value *= v.idf[ws[i].term]
			sum += ws[i].value * ws[i].value
		}
		for i := range ws {
			ws[i].value /= math.Sqrt(sum)
		}
	}
	return v
}

func cosine(a, b []weight) float64 {
	sum := 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].term < b[j].term:
			i++
		case a[i].term > b[j].term:
			j++
		default:
			sum += a[i].value * b[j].value
			i++
			j++
		}
	}
	return sum
}

// centrality is LexRank (Erkan and Radev, JAIR 22, 2004) on the weighted
// graph of sentences: a sentence counts as much as the sentences that resemble
// it count. The highest is 1.
func (v vectors) centrality() []float64 {
	const (
		damping = .15
		rounds  = 30
	)
	n := len(v.of)
	like, total := make([][]float64, n), make([]float64, n)
	cells := make([]float64, n*n)
	for i := range n {
		like[i] = cells[i*n : (i+1)*n]
	}
	for i := range n {
		for j := range i {
			c := cosine(v.of[i], v.of[j])
			like[i][j], like[j][i] = c, c
			total[i] += c
			total[j] += c
		}
	}
	rank, next, share := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range rank {
		rank[i] = 1 / float64(n)
	}
	for range rounds {
		for j, r := range rank {
			if share[j] = 0; total[j] > 0 {
				share[j] = r / total[j]
			}
		}
		times(like, share, next)
		for i, sum := range next {
			next[i] = damping/float64(n) + (1-damping)*sum
		}
		rank, next = next, rank
	}
	top := slices.Max(append(rank, 0))
	for i := range rank {
		rank[i] /= top
	}
	return rank
}

// times multiplies a matrix with a vector. Each sum has to wait for the one before it, but
// four rows do not wait for one another.
func times(rows [][]float64, by, sums []float64) {
	i := 0
	for ; i+4 <= len(rows); i += 4 {
		a, b, c, d := rows[i][:len(by)], rows[i+1][:len(by)], rows[i+2][:len(by)], rows[i+3][:len(by)]
		var x, y, z, w float64
		for j, v := range by {
			x += a[j] * v
			y += b[j] * v
			z += c[j] * v
			w += d[j] * v
		}
		sums[i], sums[i+1], sums[i+2], sums[i+3] = x, y, z, w
	}
	for ; i < len(rows); i++ {
		sum := 0.0
		for j, v := range by {
			sum += rows[i][j] * v
		}
		sums[i] = sum
	}
}

// said is how much of each sentence earlier statements hold already: the share
// of its weight, of the statement that holds most.
func (v vectors) said(earlier []onrecord.Statement) []float64 {
	most := make([]float64, len(v.of))
	size := 0
	for _, e := range slices.Backward(earlier[max(0, len(earlier)-mostEarlier):]) {
		text := e.Words()
		if size += len(text); size > mostSaid {
			break
		}
		holds := make([]bool, len(v.ids))
		for _, t := range lang.Terms(text) {
			if id, known := v.ids[t]; known {
				holds[id] = true
			}
		}
		for i, ws := range v.of {
			shared, all := 0.0, 0.0
			for _, w := range ws {
				all += v.idf[w.term]
				if holds[w.term] {
					shared += v.idf[w.term]
				}
			}
			if all > 0 {
				most[i] = max(most[i], shared/all)
			}
		}
	}
	return most
}
