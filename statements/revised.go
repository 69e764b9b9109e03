package statements

import (
	"slices"

	"onrecord"
	"onrecord/statements/novelty"
)

// revised is a post that says something else than when it was read before, compared with
// that. What its author changed is told as an edit; only what was added is judged.
type revised struct {
	novelty.Comparison
	of *onrecord.Statement // that it made when it was read before; nil: it was there before the account was watched
}

// revised compares a post with what it said before; nil: nobody read it before, or nothing
// came of it, and it is judged as if it were new.
func (in input) revised(d onrecord.Decision, earlier []onrecord.Statement) *revised {
	fresh := onrecord.Statement{Lane: laneOf(d.Label), Quiet: d.Quiet}
	for _, s := range slices.Backward(earlier) {
		if s.Held || unseen(s, fresh) {
			continue
		}
		if i := slices.IndexFunc(s.Parts, is(in.post)); i >= 0 {
			return in.comparedWith(s.Parts[i].Text, &s)
		}
		if in.Instead != nil && slices.ContainsFunc(s.Parts, func(p onrecord.Post) bool { return p.Account == in.Instead.Of.Account && p.ID == in.Instead.Of.ID }) {
			return in.comparedWith(in.Instead.Said, &s)
		}
	}
	if in.Baseline != "" {
		return in.comparedWith(in.Baseline, nil)
	}
	return nil
}

func (in input) comparedWith(was string, of *onrecord.Statement) *revised {
	e := novelty.Earlier{ID: 1, Text: was, At: in.Seen, SameSide: true}
	r := &revised{novelty.Compare(in.post.Text, nil, []novelty.Earlier{e}), of}
	if r.Novelty == onrecord.Expands {
		r.Why = "its author added to it"
	}
	if r.Of = 0; of != nil {
		r.Of = of.ID
	}
	return r
}

// adds reports whether there is more in it than was changed.
func (r *revised) adds() bool {
	return r.Novelty == onrecord.New || r.Novelty == onrecord.Expands
}

// addsTo reports whether it adds to a statement that readers know.
func (r *revised) addsTo() bool {
	return r != nil && r.of != nil && r.Novelty == onrecord.Expands
}

// finding is what comes of a post in which nothing was added.
func (r *revised) finding(d onrecord.Decision) Finding {
	f := Finding{Decision: d, Novelty: onrecord.Mirror, Why: "older than the watch", Effect: Nothing{}}
	if r.of != nil {
		f.Why, f.Effect = "the same post, changed by its author", Repeats{Statement: *r.of}
	}
	return f
}

// added is a statement of such a post without what it said before, so that a summary is
// made of what is new. What is left keeps its place.
func (r *revised) added(s onrecord.Statement) onrecord.Statement {
	if r == nil || r.Novelty != onrecord.Expands || len(r.Added) == 0 || len(s.Parts) != 1 {
		return s
	}
	text := []byte(s.Parts[0].Text)
	for i := range text {
		if text[i] != '\n' && !slices.ContainsFunc(r.Added, func(a novelty.Range) bool { return a.Start <= i && i < a.End }) {
			text[i] = ' '
		}
	}
	p := s.Parts[0]
	p.Text = string(text)
	s.Parts = []onrecord.Post{p}
	return s
}
