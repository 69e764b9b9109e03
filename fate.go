package onrecord

import "time"

// Fate is what became of posts of a statement since readers were told of it. What a
// place shows is not all it could mean: that a post is not there does not say who
// removed it, and that it cannot be read does not say that it is not there. So there is
// a kind of its own, with a proof of its own, for each.
type Fate struct {
	No    int        // among those of its statement, from 1
	Kind  NoticeKind // [Edited], [Replaced], [Deleted], [Gone], [Unreadable] or [Returned]
	Parts []int      // which posts of the statement, from 0
	From  time.Time  // when they were last seen as they were
	Until time.Time  // when they were first seen as they are
	Was   string     // what those said that were edited or replaced, and …
	Now   string     // … what they say since
	URL   string     // of the first of them, where it can be read now
}

// FateNotice tells what became of a statement, in answer to its message: a change of a
// message is heard by nobody.
type FateNotice struct {
	Statement Statement
	Case      Case
	Fate      Fate
}

// fate defines the notice of a kind of fate.
func fate(kind NoticeKind, letter string) definition {
	return definition{
		kind: kind, letter: letter, counted: true, answers: NewStatement, subject: statementName,
		of: func(f Facts) Notice {
			if f.Statement == nil || f.Seq < 1 || f.Seq > len(f.Statement.Fates) || f.Statement.Fates[f.Seq-1].Kind != kind {
				return nil
			}
			return FateNotice{Statement: *f.Statement, Fate: f.Statement.Fates[f.Seq-1]}
		},
	}
}

// Kind implements [Notice].
func (n FateNotice) Kind() NoticeKind { return n.Fate.Kind }

// In implements [Notice].
func (n FateNotice) In(cases map[string]Case) Notice {
	n.Case = cases[n.Statement.Case]
	return n
}

func (FateNotice) closed() {}
