package novelty

import (
	"slices"
	"strings"
)

// alignment is two texts laid side by side where they are most alike.
type alignment struct {
	changed []Range // of the new text: inside the common part, with a meaning of their own
	dropped bool    // the earlier text has words there that are gone now
	fact    bool    // a difference is a fact
	turned  bool    // the common part was cut out of a sentence that denies it
	denied  bool    // the earlier text denies something in the common part or its sentences
	head    []word  // what the new text has before …
	tail    []word  // … and after the common part
	shared  int     // words of the common part that may carry meaning
}

// alignLimit bounds the words of each text between where both begin and where both end
// alike: the table grows with their product. Of more only the beginning is compared.
const alignLimit = 1500

// noChance is how many equal words at the beginning or the end of both texts are certainly
// partners: a name with which both begin may stand elsewhere, too, before what was taken over.
const noChance = 50

// align compares a new text with an earlier one. It reports false when they
// have no word in common.
func align(a, b doc) (al alignment, ok bool) {
	x, y, pairs := common(a.words, b.words)
	if len(pairs) == 0 {
		return al, false
	}
	first, last := pairs[0], pairs[len(pairs)-1]
	for _, p := range pairs {
		if x[p[0]].content {
			al.shared++
		}
	}
	for i := 1; i < len(pairs); i++ {
		p, q := pairs[i-1], pairs[i]
		al.gap(x[p[0]+1:q[0]], y[p[1]+1:q[1]])
	}
	al.head, al.tail = x[:first[0]], x[last[0]+1:]
	cut := a.part || a.cutAfter(last[0])
	if n := last[1] + 1; len(al.tail) > 0 && !cut && n < len(y) && strings.HasPrefix(y[n].text, al.tail[0].text) && a.cutAfter(last[0]+1) {
		cut, al.tail = true, al.tail[1:] // half a word
	}
	// Both texts go on, each its own way: the sentence has another end.
	if differ(al.head, y[:first[1]]) && !a.part {
		al.dropped = al.dropped || sameSentence(b.text, y, first[1]-1) || sameSentence(a.text, x, first[0]-1)
	}
	if differ(al.tail, y[last[1]+1:]) && !cut {
		al.dropped = al.dropped || sameSentence(b.text, y, last[1]) || sameSentence(a.text, x, last[0])
	}
	al.turned = !a.part && turned(b, y, first[1], last[1], cut)
	al.denied = al.turned || slices.ContainsFunc(y[first[1]:last[1]+1], denies)
	return al, true
}

// differ reports texts of which each has words where the other has others.
func differ(x, y []word) bool {
	return len(x) > 0 && len(y) > 0 && (slices.ContainsFunc(x, meaning) || slices.ContainsFunc(y, meaning))
}

func denies(w word) bool { return negates(w.text) }

func meaning(w word) bool { return w.content && !w.tag }

func sameSentence(text string, ws []word, i int) bool {
	return !sentenceEnds(text[ws[i].end:ws[i+1].start])
}

// gap judges what stands on each side between two common words.
func (al *alignment) gap(x, y []word) {
	if len(x) == 0 && len(y) == 0 || sameName(x, y) || sameName(y, x) || typo(x, y) {
		return
	}
	fact := func(w word) bool { return w.fact }
	content := func(w word) bool { return w.content }
	if slices.ContainsFunc(x, content) {
		al.changed = append(al.changed, Range{x[0].start, x[len(x)-1].end})
	}
	al.dropped = al.dropped || slices.ContainsFunc(y, content)
	al.fact = al.fact || slices.ContainsFunc(x, fact) || slices.ContainsFunc(y, fact)
}

// sameName accepts a handle where the other text has the name: places have
// different handles for one person.
func sameName(tags, names []word) bool {
	if len(tags) != 1 || !tags[0].handle || len(names) == 0 || len(names) > 3 {
		return false
	}
	handle := tags[0].text
	if names[0].handle {
		return len(names) == 1 && handle[:min(4, len(handle))] == names[0].text[:min(4, len(names[0].text))]
	}
	return !slices.ContainsFunc(names, func(n word) bool { return n.tag || !strings.Contains(handle, n.text) })
}

// typo accepts one word for another that differs by one letter. Words of up to
// four letters are too alike for that, and so are facts.
func typo(x, y []word) bool {
	if len(x) != 1 || len(y) != 1 || x[0].fact || y[0].fact {
		return false
	}
	a, b := []rune(x[0].text), []rune(y[0].text)
	if len(a) < 5 || len(b) < 5 || len(a)-len(b) > 1 || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	j := 0
	for j < min(len(a), len(b))-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	return i > 0 && max(len(a), len(b))-i-j <= 1
}

// turned reports that the common part was cut out of a sentence whose rest
// turns it round: "it is not true that" before it, "from nobody" after it. The
// end of a text that says it is cut is open anyway.
func turned(b doc, y []word, first, last int, cut bool) bool {
	for i := first - 1; i >= 0 && sameSentence(b.text, y, i); i-- {
		if denies(y[i]) {
			return true
		}
	}
	for i := last + 1; !cut && i < len(y) && sameSentence(b.text, y, i-1); i++ {
		if denies(y[i]) {
			return true
		}
	}
	return false
}

func sentenceEnds(between string) bool { return strings.ContainsAny(between, ".!?…\n。！？।؟") }

// common returns the index pairs of the best local alignment (Smith-Waterman) of what
// is compared of two texts: equal words count for it, the more when they carry meaning,
// and every word that has no partner between them counts against it. Many words with which
// both begin, or both end, are partners: long texts that are alike differ in a few
// places, and only what lies between is laid out in a table.
func common(xs, ys []word) (x, y []word, pairs [][2]int) {
	ids := map[string]int32{}
	a, b := numbered(xs, ids), numbered(ys, ids)
	begin, end, shorter := 0, 0, min(len(a), len(b))
	for begin < shorter && a[begin] == b[begin] {
		begin++
	}
	if begin < noChance {
		begin = 0
	}
	for end < shorter-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	if end < noChance {
		end = 0
	}
	n, m := len(a)-begin-end, len(b)-begin-end
	if max(n, m) > alignLimit {
		n, m, end = min(n, alignLimit), min(m, alignLimit), 0
	}
	x, y = xs[:begin+n+end], ys[:begin+m+end]
	for i := range begin {
		pairs = append(pairs, [2]int{i, i})
	}
	between, joined, ended := middle(x[begin:begin+n], a[begin:begin+n], b[begin:begin+m], total(x[:begin]), total(x[begin+n:]))
	if !joined {
		pairs = nil
	}
	for _, p := range between {
		pairs = append(pairs, [2]int{begin + p[0], begin + p[1]})
	}
	for i := range end {
		if ended {
			pairs = append(pairs, [2]int{begin + n + i, begin + m + i})
		}
	}
	return x, y, pairs
}

// middle aligns the words a and b, those of x and of the other text. What was gained before
// them is lost if the alignment does not begin there, and what can be gained behind
// them only if it ends there.
func middle(x []word, a, b []int32, before, behind int16) (pairs [][2]int, joined, ended bool) {
	width := len(b) + 1
	score := make([]int16, (len(a)+1)*width) // two for each word at most, and what came before: see alignLimit
	top, bi, bj := before, 0, 0
	for i := range len(a) + 1 {
		score[i*width] = max(0, before-int16(i))
	}
	for j := range width {
		score[j] = max(0, before-int16(j))
	}
	for i := 1; i <= len(a); i++ {
		above, row := score[(i-1)*width:i*width], score[i*width:(i+1)*width]
		mine, same := a[i-1], worth(x[i-1])
		for j := 1; j < width; j++ {
			s := above[j-1] - 1
			if b[j-1] == mine {
				s = above[j-1] + same
			}
			s = max(0, s, above[j]-1, row[j-1]-1)
			row[j] = s
			if s >= top && s > 0 { // of equals the latest, which takes in most
				top, bi, bj = s, i, j
			}
		}
	}
	if last := score[len(score)-1]; behind > 0 && last+behind >= top {
		bi, bj, ended = len(a), len(b), true
	}
	i, j := bi, bj
	for i > 0 && j > 0 && score[i*width+j] > 0 {
		equal, step := a[i-1] == b[j-1], int16(-1)
		if equal {
			step = worth(x[i-1])
		}
		switch score[i*width+j] {
		case score[(i-1)*width+j-1] + step:
			if equal {
				pairs = append(pairs, [2]int{i - 1, j - 1})
			}
			i--
			j--
		case score[(i-1)*width+j] - 1:
			i--
		default:
			j--
		}
	}
	slices.Reverse(pairs)
	return pairs, before > 0 && score[i*width+j] > 0, ended
}

// total is what equal words count together, but no more than outweighs whatever a table holds.
func total(ws []word) int16 {
	sum := 0
	for _, w := range ws {
		sum += int(worth(w))
	}
	return int16(min(sum, 8*alignLimit))
}

// numbered gives equal words equal numbers: they are compared a million times.
func numbered(ws []word, ids map[string]int32) []int32 {
	ns := make([]int32, len(ws))
	for i, w := range ws {
		id, known := ids[w.text]
		if !known {
			id = int32(len(ids))
			ids[w.text] = id
		}
		ns[i] = id
	}
	return ns
}

// worth is what a common word counts.
func worth(w word) int16 {
	if w.content {
		return 2
	}
	return 1
}
