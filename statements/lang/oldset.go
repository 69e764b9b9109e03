package lang

import (
	"maps"
	"strings"
)

func words1(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

func folded(words string) map[string]bool {
	m := map[string]bool{}
	for w := range maps.Keys(words1(words)) {
		m[Fold(w)] = true
	}
	return m
}
