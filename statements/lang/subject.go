package lang

import "strings"

// Subjects are what cases are about, by a name in English: by language, how it is said.
func Subjects() map[string]map[string][]string {
	all := map[string]map[string][]string{}
	for _, tag := range tags {
		name := ""
		for _, entry := range lexicon[tag]["subject"] {
			if before, first, ok := strings.Cut(entry, "="); ok {
				name, entry = strings.TrimSpace(before), strings.TrimSpace(first)
			}
			if all[name] == nil {
				all[name] = map[string][]string{}
			}
			all[name][tag] = append(all[name][tag], entry)
		}
	}
	return all
}
