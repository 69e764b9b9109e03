package novelty

import (
	"cmp"
	"math"
	"slices"
)

const (
	// Of BM25: how soon a term that is repeated adds nothing, and how much a long
	// text's terms lose.
	saturation, lengthLoss = 1.2, .75
	// pieceWeight is what a piece of a word counts beside the word: enough to find it
	// with another ending, or in a compound.
	pieceWeight, pieceLength = .3, 4
)

// Nearest returns which of some texts are most like one, by the words and the pieces of
// words they share, the nearest first: at most so many, and none that shares nothing.
func Nearest(text string, among []string, most int) (indexes []int) {
	asked := sorted(terms(text)) // in order: sums of floats depend on it
	docs := make([]map[string]float64, len(among))
	frequency, total := map[string]float64{}, 0.0
	for i, t := range among {
		docs[i] = terms(t)
		for term, n := range docs[i] {
			total += n
			frequency[term]++
		}
	}
	like := make([]float64, len(among))
	for i, d := range docs {
		length := 0.0
		for _, n := range d {
			length += n
		}
		norm := saturation * (1 - lengthLoss + lengthLoss*length*float64(len(docs))/max(total, 1))
		for _, term := range asked {
			if n := d[term]; n > 0 {
				like[i] += weightOf(term) * math.Log(1+float64(len(docs))/frequency[term]) * n * (saturation + 1) / (n + norm)
			}
		}
		if like[i] > 0 {
			indexes = append(indexes, i)
		}
	}
	slices.SortStableFunc(indexes, func(a, b int) int { return cmp.Or(cmp.Compare(like[b], like[a]), cmp.Compare(b, a)) })
	return indexes[:min(len(indexes), most)]
}

func sorted(terms map[string]float64) (list []string) {
	for t := range terms {
		list = append(list, t)
	}
	slices.Sort(list)
	return list
}

// pieceMark tells pieces from words.
const pieceMark = "~"

func weightOf(term string) float64 {
	if term[:1] == pieceMark {
		return pieceWeight
	}
	return 1
}

// terms counts the words of a text that may carry meaning, and their pieces.
func terms(text string) map[string]float64 {
	counts := map[string]float64{}
	for _, w := range read(text).words {
		if !w.content {
			continue
		}
		counts[w.text]++
		letters := []rune(w.text)
		for i := 0; len(letters) > pieceLength && i+pieceLength <= len(letters); i++ {
			counts[pieceMark+string(letters[i:i+pieceLength])]++
		}
	}
	return counts
}
