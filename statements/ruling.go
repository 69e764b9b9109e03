package statements

import "onrecord"

// Ruling is a person's decision on a borderline statement, from which nothing has
// followed yet.
type Ruling struct {
	Statement onrecord.Statement
	Verdict   onrecord.Verdict // Accept or Reject
	Profile   Profile          // of the statement's stream
	Nearby    []Nearby         // decisions on the posts of its threads
}

// Ruled is what follows from a person's decision.
type Ruled struct {
	Learned   Profile
	Statement *onrecord.Statement // on the record from now on, new; nil: none
	Reread    []onrecord.PostID   // see [Finding]
}

// Rule makes of a person's decision what follows from it: it teaches how the
// speaker speaks on the case, and what it accepts is put on the record at once, as
// a statement of its own. The one that reviewers saw stays.
func (r *Reader) Rule(g Ruling) Ruled {
	state := g.Profile.State
	for _, p := range g.Statement.Parts {
		state = r.matcher.Teach(p, g.Statement.Case, g.Verdict == onrecord.Accept, state)
	}
	ruled := Ruled{Learned: Profile{g.Profile.Version, state}}
	if g.Verdict != onrecord.Accept {
		return ruled
	}
	s := g.Statement
	s.ID, s.No, s.Lane = 0, 0, onrecord.Record
	ruled.Statement = &s
	if s.Via == "" {
		ruled.Reread = reread(g.Nearby, s.Case, s.Seen)
	}
	return ruled
}
