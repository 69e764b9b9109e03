package onrecord

// Revised is the kind of a [RevisedNotice].
const Revised NoticeKind = "revised"

// RevisedNotice has the message of a statement say that it says something else by now. What
// that is stands in a [FateNotice]: a change of a message is heard by nobody.
type RevisedNotice struct {
	Statement Statement
	Case      Case
}

var revised = definition{
	kind: Revised, letter: "v", changes: NewStatement, subject: statementName,
	of: func(f Facts) Notice {
		if f.Statement == nil {
			return nil
		}
		return RevisedNotice{Statement: *f.Statement}
	},
}

// revision defines a fate after which the message of the statement says that there is one.
func revision(d definition) definition {
	d.revises = true
	return d
}

// Revises reports whether a statement says something else after a notice of this kind.
func (k NoticeKind) Revises() bool { return k.definition().revises }

// Kind implements [Notice].
func (RevisedNotice) Kind() NoticeKind { return Revised }

// In implements [Notice].
func (n RevisedNotice) In(cases map[string]Case) Notice {
	n.Case = cases[n.Statement.Case]
	return n
}

func (RevisedNotice) closed() {}
