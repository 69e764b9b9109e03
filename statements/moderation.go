package statements

import "onrecord"

// Moderation is a person's decision on a borderline statement, from which nothing has
// followed yet.
type Moderation struct {
	Statement onrecord.Statement
	Label     onrecord.Label // Accept, Distinct or Reject
	Profile   Profile        // of the statement's stream
	Nearby    []Nearby       // decisions on the posts of its threads
}

// Moderated is what follows from a person's decision.
type Moderated struct {
	Learned   Profile
	Statement *onrecord.Statement // on the record from now on, new; nil: none
	Reread    []onrecord.PostID   // see [Finding]
}

// Moderate makes of a person's decision what follows from it: it teaches how the
// speaker speaks on the case and what each kind of evidence is worth there, and what it accepts is put on the record at once, as
// a statement of its own. The one that reviewers saw stays.
func (r *Reader) Moderate(m Moderation) Moderated {
	state := m.Profile.State
	for _, p := range m.Statement.Parts {
		state = r.matcher.Teach(p, m.Statement.Case, m.Label.Accepts(), state)
	}
	state = r.matcher.Judged(m.Statement.Case, m.Statement.Score, m.Statement.Reasons, m.Label.Accepts(), state)
	moderated := Moderated{Learned: Profile{m.Profile.Version, state}}
	if !m.Label.Accepts() {
		return moderated
	}
	s := m.Statement
	if m.Label == onrecord.Distinct {
		s = s.Unmarked()
	}
	s.ID, s.No, s.Lane, s.Quiet = 0, 0, onrecord.Record, false
	moderated.Statement = &s
	if s.Via == "" {
		moderated.Reread = reread(m.Nearby, s.Case, s.Seen)
	}
	return moderated
}
