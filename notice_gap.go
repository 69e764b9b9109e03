package onrecord

// CaughtUp is the kind of a [GapNotice].
const CaughtUp NoticeKind = "gap"

// GapNotice tells of a gap, once, before the first statement recovered from it.
type GapNotice struct{ Gap Gap }

var caughtUp = definition{
	kind: CaughtUp, letter: "g",
	subject: func(typed string) (string, bool) {
		id, ok := ParseGapNumber(typed)
		return Gap{ID: id}.Number(), ok
	},
	of: func(f Facts) Notice {
		if f.Gap == nil {
			return nil
		}
		return GapNotice{*f.Gap}
	},
}

// Kind implements [Notice].
func (GapNotice) Kind() NoticeKind { return CaughtUp }

// In implements [Notice]. A gap is on no case.
func (n GapNotice) In(map[string]Case) Notice { return n }

func (GapNotice) closed() {}
