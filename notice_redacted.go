package onrecord

// The kinds of a [RedactedNotice].
const (
	Redacted     NoticeKind = "redacted"      // changes the message of the statement
	RedactedEdit NoticeKind = "redacted_edit" // changes the message about an edit

	RedactedReplacement NoticeKind = "redacted_replacement" // changes the message about a replacement
)

// RedactedNotice takes words out of a message that showed them. What became of the
// statement is told by a [FateNotice].
type RedactedNotice struct {
	Statement Statement
	Case      Case
	Edit      *Fate // an edit or a replacement, whose message it changes; nil: the statement's
}

var (
	redacted     = redaction(Redacted, NewStatement, "x")
	redactedEdit = redaction(RedactedEdit, Edited, "y")

	redactedReplacement = redaction(RedactedReplacement, Replaced, "w")
)

func redaction(kind, changes NoticeKind, letter string) definition {
	return definition{
		kind: kind, letter: letter, counted: true, changes: changes, same: changes != NewStatement, subject: statementName,
		of: func(f Facts) Notice {
			n := RedactedNotice{}
			if f.Statement == nil {
				return nil
			}
			if n.Statement = *f.Statement; kind != Redacted {
				if f.Seq < 1 || f.Seq > len(n.Statement.Fates) {
					return nil
				}
				n.Edit = &n.Statement.Fates[f.Seq-1]
			}
			return n
		},
	}
}

// Kind implements [Notice].
func (n RedactedNotice) Kind() NoticeKind {
	switch {
	case n.Edit == nil:
		return Redacted
	case n.Edit.Kind == Replaced:
		return RedactedReplacement
	}
	return RedactedEdit
}

// In implements [Notice].
func (n RedactedNotice) In(cases map[string]Case) Notice {
	n.Case = cases[n.Statement.Case]
	return n
}

func (RedactedNotice) closed() {}
