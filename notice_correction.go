package onrecord

// The kinds of what a person's correction of a statement owes.
const (
	Corrected  NoticeKind = "corrected"  // of a [CorrectedNotice]
	Correcting NoticeKind = "correction" // of a [CorrectionNotice]
)

// CorrectedNotice is a statement as it is since a person corrected or withdrew it. It
// changes the message of the statement.
type CorrectedNotice struct {
	Statement Statement
	Case      Case
}

// CorrectionNotice tells of one correction, in answer to the message of the statement:
// a change of a message is heard by nobody.
type CorrectionNotice struct {
	Statement  Statement
	Case       Case
	Correction Correction
}

var (
	corrected = definition{
		kind: Corrected, letter: "c", counted: true, changes: NewStatement, subject: statementName,
		of: func(f Facts) Notice {
			if f.Statement == nil {
				return nil
			}
			return CorrectedNotice{Statement: *f.Statement}
		},
	}
	correction = definition{
		kind: Correcting, letter: "r", counted: true, answers: NewStatement, subject: statementName,
		of: func(f Facts) Notice {
			if f.Statement == nil || f.Seq < 1 || f.Seq > len(f.Statement.Corrections) {
				return nil
			}
			return CorrectionNotice{Statement: *f.Statement, Correction: f.Statement.Corrections[f.Seq-1]}
		},
	}
)

// Kind implements [Notice].
func (CorrectedNotice) Kind() NoticeKind { return Corrected }

// In implements [Notice].
func (n CorrectedNotice) In(cases map[string]Case) Notice {
	n.Case = cases[n.Statement.Case]
	return n
}

func (CorrectedNotice) closed() {}

// Kind implements [Notice].
func (CorrectionNotice) Kind() NoticeKind { return Correcting }

// In implements [Notice].
func (n CorrectionNotice) In(cases map[string]Case) Notice {
	n.Case = cases[n.Statement.Case]
	return n
}

func (CorrectionNotice) closed() {}
