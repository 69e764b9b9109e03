package match

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"onrecord/statements/lang"
)

// A keyword is configured in one language, and speakers may write in another: where it is
// a subject that package lang has words for, those of other languages are the keyword, too.

// subject is how something that cases are about is said: by language, as edges of the
// trie.
type subject map[string][][]string

var subjects = sync.OnceValue(func() (all []subject) {
	named := lang.Subjects()
	for _, name := range slices.Sorted(maps.Keys(named)) {
		s := subject{}
		for tag, forms := range named[name] {
			for _, form := range forms {
				s[tag] = append(s[tag], edgesOf(form))
			}
		}
		all = append(all, s)
	}
	return all
})

// subjectsBy finds subjects by the first letters of their words.
var subjectsBy = sync.OnceValue(func() map[string][]subject {
	by := map[string][]subject{}
	for _, s := range subjects() {
		seen := map[string]bool{}
		for _, ways := range s {
			for _, edges := range ways {
				if first := initial(edges[0]); !seen[first] {
					seen[first] = true
					by[first] = append(by[first], s)
				}
			}
		}
	}
	return by
})

// initial is the first letter of an edge.
func initial(edge string) string {
	for _, r := range strings.TrimPrefix(edge, familyMark) {
		return string(r)
	}
	return ""
}

// abroad is how a keyword is said in the languages that do not say it so.
func abroad(keyword []lang.Token) (ways [][]string) {
	words, written := stems(keyword), strings.Fields(spelled(keyword))
	if len(words) == 0 {
		return nil
	}
	for _, s := range subjectsBy()[initial(words[0])] {
		var elsewhere [][]string
		said := false
		for _, tag := range slices.Sorted(maps.Keys(s)) {
			if slices.ContainsFunc(s[tag], func(edges []string) bool { return says(edges, words, written) }) {
				said = true
			} else {
				elsewhere = append(elsewhere, s[tag]...)
			}
		}
		if said {
			ways = append(ways, elsewhere...)
		}
	}
	return ways
}

// says reports whether edges are just some words, by their stems or as they are written.
func says(edges, stems, written []string) bool {
	if len(edges) != len(stems) {
		return false
	}
	for i, e := range edges {
		if start, ok := strings.CutPrefix(e, familyMark); e != stems[i] && !(ok && strings.HasPrefix(written[i], start)) {
			return false
		}
	}
	return true
}
