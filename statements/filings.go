package statements

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"onrecord"
)

// mostFilings is how many entries of dockets are told one by one at once.
const mostFilings = 12

// Filings are what is told of entries that dockets of a case got: those that people speak
// about one by one, and how many of what else there were.
func Filings(on string, filed []onrecord.Post) onrecord.Filings {
	out := onrecord.Filings{Case: on}
	count := map[string]int{}
	for _, p := range filed {
		if p.Kind != onrecord.Filing {
			continue
		}
		if !happened(p) || len(out.Entries) == mostFilings {
			count[described(p)]++
			continue
		}
		e := onrecord.FiledEntry{What: strings.TrimSpace(p.Title), Filer: p.Author.Name, URL: p.URL}
		if p.Dated {
			e.On = p.Created.UTC().Truncate(24 * time.Hour)
		}
		out.Entries = append(out.Entries, e)
	}
	for what, n := range count {
		out.Folded = append(out.Folded, onrecord.Folded{What: what, Count: n})
	}
	slices.SortFunc(out.Folded, func(a, b onrecord.Folded) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.What, b.What))
	})
	slices.SortStableFunc(out.Entries, func(a, b onrecord.FiledEntry) int { return a.On.Compare(b.On) })
	return out
}

// described is what an entry is, by the words of a docket's daily business or else of what
// weighs, in small letters.
func described(p onrecord.Post) string {
	first := openingOf(p)
	return cmp.Or(strings.ToLower(routine().FindString(first)), strings.ToLower(weighty().FindString(first)), "other")
}
