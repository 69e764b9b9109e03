package onrecord

// NewStatement is the kind of a [StatementNotice].
const NewStatement NoticeKind = "new"

// StatementNotice tells of a statement on the record, or for review.
type StatementNotice struct {
	Statement Statement
	Case      Case
	Gap       *Gap // that the statement was recovered from; nil: it was not late
}

// Pinging is a notice whose message can call people by name.
type Pinging interface {
	Notice
	// News returns the statement that it tells of, and reports whether that is worth a call:
	// what was recovered, says again what was said, or waits for a person is not.
	News() (s Statement, worth bool)
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

// News implements [Pinging].
func (n StatementNotice) News() (Statement, bool) {
	s := n.Statement
	repeated := s.Novelty == Restates || s.Novelty == Mirror || s.Rewords != nil
	return s, n.Gap == nil && s.Lane == Record && !s.Quiet && !repeated && !s.Withdrawn()
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
