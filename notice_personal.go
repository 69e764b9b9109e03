package onrecord

// Personal is the kind of a [PersonalNotice].
const Personal NoticeKind = "personal"

// PersonalNotice tells one reader of a statement that they asked to hear of. It holds none of
// its words: the channel has them, and whatever becomes of them is told there.
type PersonalNotice struct {
	Statement Statement
	Case      Case
	Gap       *Gap // that the statement was recovered from; nil: it was not late
}

var personal = definition{
	kind: Personal, letter: "p", beside: NewStatement, subject: statementName,
	of: func(f Facts) Notice {
		if f.Statement == nil {
			return nil
		}
		return PersonalNotice{Statement: *f.Statement, Gap: f.Gap}
	},
}

// Kind implements [Notice].
func (PersonalNotice) Kind() NoticeKind { return Personal }

// In implements [Notice].
func (n PersonalNotice) In(cases map[string]Case) Notice {
	n.Case = cases[n.Statement.Case]
	return n
}

// News implements [Pinging].
func (n PersonalNotice) News() (Statement, bool) {
	return StatementNotice(n).News()
}

func (PersonalNotice) closed() {}
