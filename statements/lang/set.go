package lang

import (
	"maps"
	"strings"
)

// Set is a list of words as a set.
func Set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

func folded(words string) map[string]bool {
	m := map[string]bool{}
	for w := range maps.Keys(Set(words)) {
		m[Fold(w)] = true
	}
	return m
}
