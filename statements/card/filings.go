package card

import (
	"fmt"
	"strings"

	"onrecord"
)

const (
	filingLength = 200 // of what an entry is, in UTF-16 units
	mostFolded   = 6   // kinds of entries that are told by their number
)

// FilingsOf gathers what is said of entries that dockets of a case got. Who filed one is a
// fact of it: none of its words are anybody's.
func FilingsOf(n onrecord.FilingsNotice) Digest {
	all := len(n.Filings.Entries)
	for _, f := range n.Filings.Folded {
		all += f.Count
	}
	entries := "entries"
	if all == 1 {
		entries = "entry"
	}
	out := Digest{
		Number: n.Digest.Number(), Title: "Filed in " + Line(n.Case.Title, titleLength), From: n.Digest.From, Until: n.Digest.Until, Counts: fmt.Sprintf("%d %s", all, entries),
		Coverage: []string{"Entries of the docket, in the clerk's words; nobody is quoted"},
	}
	for _, e := range n.Filings.Entries {
		l := DigestLine{Speaker: "Undated", What: Line(e.What, filingLength), Link: e.URL}
		if !e.On.IsZero() {
			l.Speaker = e.On.UTC().Format("2 January 2006")
		}
		if e.Filer != "" {
			l.Remark = "filed by " + Line(e.Filer, nameLength)
		}
		out.Lines = append(out.Lines, l)
	}
	if text := folded(n.Filings.Folded); text != "" {
		out.Lines = append(out.Lines, DigestLine{Speaker: "Besides", What: text})
	}
	return out
}

// folded is the sentence about entries that are told by their number.
func folded(list []onrecord.Folded) string {
	all, rest, kinds := 0, 0, []string(nil)
	for i, f := range list {
		if all += f.Count; i < mostFolded && f.What != "other" {
			kinds = append(kinds, fmt.Sprintf("%d %s", f.Count, Line(f.What, nameLength)))
		} else {
			rest += f.Count
		}
	}
	if rest > 0 && len(kinds) > 0 {
		kinds = append(kinds, fmt.Sprintf("%d other", rest))
	}
	switch {
	case all == 0:
		return ""
	case len(kinds) == 0:
		return fmt.Sprintf("%d folded", all)
	}
	return fmt.Sprintf("%d folded: %s", all, strings.Join(kinds, ", "))
}
