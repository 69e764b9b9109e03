package onrecord

// The kinds of a [WholeNotice].
const (
	Whole        NoticeKind = "whole"
	WholeChanged NoticeKind = "whole_change" // its message is changed
)

// WholeNotice is a part of what a statement says in full, below its message, which had no
// room for that. How much of it a part holds is its place's to say.
type WholeNotice struct {
	Statement Statement
	Case      Case
	Part      int  // counted from 1
	Changed   bool // words were taken out since it was told
}

var (
	whole        = definition{kind: Whole, letter: "t", counted: true, below: NewStatement, subject: statementName, of: ofWhole(false)}
	wholeChanged = definition{kind: WholeChanged, letter: "q", counted: true, changes: Whole, same: true, subject: statementName, of: ofWhole(true)}
)

func ofWhole(changed bool) func(Facts) Notice {
	return func(f Facts) Notice {
		if f.Statement == nil || f.Seq < 1 {
			return nil
		}
		return WholeNotice{Statement: *f.Statement, Part: f.Seq, Changed: changed}
	}
}

// Kind implements [Notice].
func (n WholeNotice) Kind() NoticeKind {
	if n.Changed {
		return WholeChanged
	}
	return Whole
}

// In implements [Notice].
func (n WholeNotice) In(cases map[string]Case) Notice {
	n.Case = cases[n.Statement.Case]
	return n
}

func (WholeNotice) closed() {}
