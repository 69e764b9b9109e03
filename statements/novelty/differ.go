package novelty

import "slices"

// Differences counts the words by which a text differs from what it was, of those that
// may carry meaning, in the text of the two that has more of them. Letter case, signs,
// white space, addresses and the place's own words are none.
func Differences(was, now string) int {
	a, b := read(was).words, read(now).words
	for len(a) > 0 && len(b) > 0 && a[0].text == b[0].text {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1].text == b[len(b)-1].text {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return max(without(a, b), without(b, a))
}

// without counts the words of one text that have no partner in the other, in order. Of
// long texts that differ from end to end only how often each word stands in them counts.
func without(a, b []word) (n int) {
	partner := make([]bool, len(a))
	if len(a) <= alignLimit && len(b) <= alignLimit {
		for _, i := range inOrder(a, b) {
			partner[i] = true
		}
	} else {
		left := map[string]int{}
		for _, w := range b {
			left[w.text]++
		}
		for i, w := range a {
			if left[w.text] > 0 {
				left[w.text]--
				partner[i] = true
			}
		}
	}
	for i, w := range a {
		if !partner[i] && (meaning(w) || denies(w)) {
			n++
		}
	}
	return n
}

// inOrder returns which words of a are in the longest common sequence with b.
func inOrder(a, b []word) (list []int) {
	ids := map[string]int32{}
	x, y := numbered(a, ids), numbered(b, ids)
	width := len(y) + 1
	long := make([]int16, (len(x)+1)*width) // of what is left of both
	for i := range slices.Backward(x) {
		for j := range slices.Backward(y) {
			if x[i] == y[j] {
				long[i*width+j] = long[(i+1)*width+j+1] + 1
			} else {
				long[i*width+j] = max(long[(i+1)*width+j], long[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] == y[j]:
			list = append(list, i)
			i, j = i+1, j+1
		case long[(i+1)*width+j] >= long[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return list
}
