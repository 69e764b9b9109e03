package bot

import (
	"context"
	"slices"

	"onrecord"
	"onrecord/statements/match"
)

// Threads are judged, not posts: accepting a part of a thread makes the earlier
// parts unread that were not accepted, and the post it replies to when its
// speaker said that, too. The store does so in the transaction that accepts the
// part; here such a post is read.

// Standing is how a post stands on a case on which it is judged once more.
type Standing struct {
	Case      string
	Verdict   onrecord.Verdict
	Statement *onrecord.Statement // the borderline one that the post led to; nil: none
}

// partOf returns the borderline statement on a case that an unread post was made
// a part of when it was judged before; nil: none.
func (u Unread) partOf(caseID string) *onrecord.Statement {
	for _, s := range u.Again {
		if s.Case == caseID && s.Statement != nil && slices.ContainsFunc(s.Statement.Parts, is(u.Post)) {
			return s.Statement
		}
	}
	return nil
}

// readAgain judges a post once more, with what its thread says by now. Its
// verdict may rise, never fall, and nothing is learned from it: what it says of
// the speaker's stream was learned when it was first read.
func (b *Bot) readAgain(ctx context.Context, account Account, u Unread, state match.State) (Reading, error) {
	r := Reading{Post: u.Post, Again: true}
	if account.Press() { // it was not when the post was first read
		return r, nil
	}
	for _, s := range u.Again {
		u.Thread = append(slices.Clip(u.Thread), s.Case)
	}
	decisions, _ := b.matcher.Judge(around(u, account.Speaker, account.Cases), state)
	for _, before := range u.Again {
		i := slices.IndexFunc(decisions, func(d onrecord.Decision) bool { return d.Case == before.Case })
		if i < 0 || !above(decisions[i].Verdict, before.Verdict) {
			continue
		}
		d := decisions[i]
		d.Evidence = append(slices.Clip(d.Evidence), onrecord.Evidence{Name: "judged again, after the statement in its thread", Text: u.Post.Thread, Where: "thread"})
		j, err := b.judge(ctx, account, u, d)
		if err != nil {
			return Reading{}, err
		}
		if !above(j.Verdict, before.Verdict) { // held back by what is no score
			continue
		}
		if from := u.partOf(d.Case); from != nil {
			j.Left = b.without(ctx, *from, u.Post)
		}
		r.Decisions = append(r.Decisions, j)
	}
	return r, nil
}

// above reports whether a verdict is nearer to the record than another.
func above(a, b onrecord.Verdict) bool {
	order := []onrecord.Verdict{onrecord.Reject, onrecord.Review, onrecord.Accept}
	return slices.Index(order, a) > slices.Index(order, b)
}

// without is a statement after one of its parts went elsewhere.
func (b *Bot) without(ctx context.Context, s onrecord.Statement, p onrecord.Post) *onrecord.Statement {
	s.Parts = slices.DeleteFunc(slices.Clone(s.Parts), is(p))
	s.Added = nil // they may have been spans of the part
	if len(s.Parts) > 0 {
		s.Summary = b.summarize(ctx, b.cases[s.Case], s, nil)
	}
	return &s
}

// is recognises a post.
func is(p onrecord.Post) func(onrecord.Post) bool {
	return func(o onrecord.Post) bool { return o.Key() == p.Key() }
}
