package card

import (
	"fmt"
	"strings"
	"time"

	"onrecord"
)

// Fate is what is said about what became of a statement.
type Fate struct {
	Mark     string // S-0043, change 2: what its message is found again by
	Number   string
	Speaker  string
	Byline   string
	Case     string
	Which    string // of the statement's posts; "" when it has one
	Does     string // with the speaker before it: "edited a statement"
	Diff     []Piece
	URL      string // of the post, where there is one to open; see [Link]
	Revised  bool   // both revisions are kept
	Missing  bool   // there is nothing to open
	Sign     string // an emoji beside the words, which say it all: a bin for what its author deleted alone
	sentence func(from, until string) string
}

// fates words what became of a statement. Each sentence says no more than its proof: the
// place's own word, two looks, or two revisions.
var fates = map[onrecord.NoticeKind]struct {
	does, sign       string
	revised, missing bool
	sentence         func(from, until string) string
}{
	onrecord.Edited: {does: "edited a statement", sign: "✏️", revised: true, sentence: func(from, until string) string {
		return "Edited by the author between " + from + " and " + until
	}},
	onrecord.Replaced: {does: "replaced a statement", sign: "🔁", revised: true, sentence: func(from, until string) string {
		return "Replaced: not at its place any more since " + until + ", last seen " + from + ", and posted again by the same account with little changed"
	}},
	onrecord.Deleted: {does: "deleted a statement", sign: "🗑️", missing: true, sentence: func(from, until string) string {
		return "Deleted by the author between " + from + " and " + until + ": the place says so"
	}},
	onrecord.Gone: {does: "’s statement is gone from its place", sign: "❔", missing: true, sentence: func(from, until string) string {
		return "Gone from the place since " + until + ", last seen " + from + ": two looks at least ten minutes apart, while the account can be read. The place does not say who removed it"
	}},
	onrecord.Unreadable: {does: "’s statement cannot be read", sign: "🔒", missing: true, sentence: func(from, until string) string {
		return "Cannot be read since " + until + ", last seen " + from + ": the account is protected, suspended or gone, or the post is withheld. It may well be there"
	}},
	onrecord.Returned: {does: "’s statement can be read again", sign: "🔎", sentence: func(_, until string) string {
		return "Can be read again since " + until
	}},
}

// FateOf gathers what is said about a fate.
func FateOf(n onrecord.FateNotice) (Fate, error) {
	said, known := fates[n.Fate.Kind]
	if !known || len(n.Statement.Parts) == 0 {
		return Fate{}, fmt.Errorf("%s: nothing is known to say of a fate of the kind %q", n.Statement.Number(), string(n.Fate.Kind))
	}
	f := Fate{
		Mark: fmt.Sprintf("%s, change %d", n.Statement.Number(), n.Fate.No), Number: n.Statement.Number(), Speaker: speaker(n.Statement), Byline: byline(n.Statement),
		Case: Line(n.Case.Title, titleLength), Which: which(n.Fate.Parts, len(n.Statement.Parts)), Does: said.does, Sign: said.sign, URL: n.Fate.URL, Revised: said.revised, Missing: said.missing, sentence: said.sentence,
	}
	if said.revised && n.Fate.Was+n.Fate.Now != "" {
		f.Diff = Diff(n.Fate.Was, n.Fate.Now)
		if n.Fate.Was == "" { // it was taken out: what stands now is shown as it is
			f.Diff = []Piece{{Kept, Clean(n.Fate.Now)}}
		}
	}
	if f.URL == "" && !f.Missing {
		f.URL = n.Statement.First().URL
	}
	return f, nil
}

// which names posts of a statement: "Posts 1 and 3 of 4".
func which(parts []int, of int) string {
	if of < 2 || len(parts) == 0 || len(parts) == of {
		return ""
	}
	var list []string
	for _, p := range parts {
		list = append(list, fmt.Sprint(p+1))
	}
	if len(list) == 1 {
		return fmt.Sprintf("Post %s of %d", list[0], of)
	}
	return fmt.Sprintf("Posts %s and %s of %d", strings.Join(list[:len(list)-1], ", "), list[len(list)-1], of)
}

// Headline is the line a reader sees first, where mark sets off a name. It ends in the
// mark by which the message is found again.
func (f Fate) Headline(mark func(string) string) string {
	does := f.Does
	if !strings.HasPrefix(does, "’") {
		does = " " + does
	}
	facts := []string{mark(f.Speaker) + does}
	if f.Which != "" {
		facts = append(facts, f.Which)
	}
	return strings.Join(append(facts, f.Mark), Sep)
}

// Sentence says what became of the statement and what proves it, where when writes a time.
func (f Fate) Sentence(n onrecord.Fate, when func(time.Time) string) string {
	return f.sentence(when(n.From), when(n.Until)) + "."
}
