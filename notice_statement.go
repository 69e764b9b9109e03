package onrecord

// NewStatement is the kind of a [StatementNotice].
const NewStatement NoticeKind = "new"

// StatementNotice tells of a statement on the record, or for review.
type StatementNotice struct {
	Statement Statement
	Case      Case
	Gap       *Gap // that the statement was recovered from; nil: it was not late
}

var newStatement = definition{
	kind: NewStatement, letter: "n", subject: statementName,
	of: func(f Facts) Notice {
		if f.Statement == nil {
			return nil
		}
		return StatementNotice{Statement: *f.Statement, Gap: f.Gap}
	},
}

func statementName(typed string) (string, bool) {
	id, ok := ParseStatementNumber(typed)
	return StatementNumber(id), ok
}

// Kind implements [Notice].
func (StatementNotice) Kind() NoticeKind { return NewStatement }

// In implements [Notice].
func (n StatementNotice) In(cases map[string]Case) Notice {
	n.Case = cases[n.Statement.Case]
	return n
}

func (StatementNotice) closed() {}
