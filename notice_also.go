package onrecord

// AlsoSaid is the kind of an [AlsoSaidNotice].
const AlsoSaid NoticeKind = "also"

// AlsoSaidNotice tells that the words of a statement stand in one more place. It
// changes the message of the statement.
type AlsoSaidNotice struct {
	Statement Statement // with that place the last of its mirrors
	Case      Case
}

var alsoSaid = definition{
	kind: AlsoSaid, letter: "a", counted: true, changes: NewStatement, apart: true, subject: statementName,
	of: func(f Facts) Notice {
		if f.Statement == nil {
			return nil
		}
		return AlsoSaidNotice{Statement: *f.Statement}
	},
}

// Kind implements [Notice].
func (AlsoSaidNotice) Kind() NoticeKind { return AlsoSaid }

// In implements [Notice].
func (n AlsoSaidNotice) In(cases map[string]Case) Notice {
	n.Case = cases[n.Statement.Case]
	return n
}

func (AlsoSaidNotice) closed() {}
