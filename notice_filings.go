package onrecord

import "time"

// Filed is the kind of a [FilingsNotice].
const Filed NoticeKind = "filings"

// Filings are entries that the dockets of a case got, since a channel was told of some last.
type Filings struct {
	Case    string       `json:"case"`
	Entries []FiledEntry `json:"entries,omitempty"` // that are told one by one, oldest first
	Folded  []Folded     `json:"folded,omitempty"`  // what the others are, the most frequent first
}

// FiledEntry is an entry of a docket. What it says is the clerk's, and nobody's words.
type FiledEntry struct {
	What  string    `json:"what"`
	Filer string    `json:"filer,omitempty"` // as the entry names who filed it; "": it does not say
	On    time.Time `json:"on,omitzero"`     // the day; zero: it is not dated
	URL   string    `json:"url,omitempty"`
}

// Folded are entries that are told by their number.
type Folded struct {
	What  string `json:"what"` // "pro hac vice"
	Count int    `json:"count"`
}

// FilingsNotice tells what was filed in a case. It is kept as a digest, whose number it has.
type FilingsNotice struct {
	Digest  Digest
	Filings Filings
	Case    Case
}

var filed = definition{
	kind: Filed, letter: "k", subject: digestName,
	of: func(f Facts) Notice {
		if f.Digest == nil || f.Digest.Filings == nil {
			return nil
		}
		return FilingsNotice{Digest: *f.Digest, Filings: *f.Digest.Filings}
	},
}

// Kind implements [Notice].
func (FilingsNotice) Kind() NoticeKind { return Filed }

// In implements [Notice].
func (n FilingsNotice) In(cases map[string]Case) Notice {
	n.Case = cases[n.Filings.Case]
	return n
}

func (FilingsNotice) closed() {}
