package feed

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode"
)

const (
	marks = 16 // of a sketch
	run   = 8  // letters
	// sketched bounds the letters that are looked at.
	sketched = 64 << 10
	// legible is how many marks two sketches must have between them to be compared.
	legible = 8
	blank   = "."
)

// wordless is in place of the sketch of an item whose headline is all there is.
var wordless = strings.Repeat("!", marks)

// sketch is what is remembered of a text to tell how much of another is the
// same: each run of letters falls into one of sixteen parts, and of each part the
// least hash leaves a mark (one permutation hashing, Li, Owen and Zhang 2012).
func sketch(text string) string {
	var least [marks]uint64
	var last [run]uint64
	hash, power, n := uint64(0), uint64(1), 0
	const base = 0x9e3779b97f4a7c15
	for range run {
		power *= base
	}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		u := uint64(unicode.ToLower(r))
		hash = hash*base + u - last[n%run]*power
		last[n%run] = u
		if n++; n >= run {
			h := mix(hash)
			if part := &least[h>>60]; *part == 0 || h<<4|1 < *part {
				*part = h<<4 | 1
			}
		}
		if n == sketched {
			break
		}
	}
	var b strings.Builder
	for _, h := range least {
		if h == 0 {
			b.WriteString(blank)
			continue
		}
		v := mix(h)
		b.WriteString(base64.RawURLEncoding.EncodeToString([]byte{byte(v), byte(v >> 8), byte(v >> 16)})[:1])
	}
	return b.String()
}

// mix spreads a hash over all bits (the finisher of splitmix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// shared is how much of two texts is the same, from 0 to 1; ok is false when one
// is not known or too short to tell.
func shared(a, b string) (share float64, ok bool) {
	if len(a) != marks || len(b) != marks || a == wordless || b == wordless {
		return 0, false
	}
	same, either := 0, 0
	for i := range marks {
		switch {
		case a[i] == blank[0] && b[i] == blank[0]:
			continue
		case a[i] == b[i]:
			same++
		}
		either++
	}
	return float64(same) / float64(max(either, 1)), either >= legible
}

// pool finds entries by their titles and by parts of their sketches: two that are
// the same in most marks have some pair of neighbours in common.
type pool map[string][]int

func newPool(known []entry) pool {
	p := pool{}
	for i, e := range known {
		for _, k := range traits(e.title, e.words) {
			p[k] = append(p[k], i)
		}
	}
	return p
}

// common is how many entries may have a trait for it to tell anything.
const common = 20

// candidates are the places of the entries that may be alike, in order.
func (p pool) candidates(title, words string) []int {
	var found []int
	for _, k := range traits(title, words) {
		if len(p[k]) <= common {
			found = append(found, p[k]...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func traits(title, words string) (ts []string) {
	if title != "" && title[0] != blank[0] {
		ts = append(ts, title)
	}
	if words == wordless {
		return ts
	}
	for i := 0; i+1 < len(words); i += 2 {
		if pair := words[i : i+2]; pair != blank+blank {
			ts = append(ts, string(rune('a'+i))+pair)
		}
	}
	return ts
}
