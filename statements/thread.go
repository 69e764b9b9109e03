package statements

import (
	"context"
	"slices"
	"time"

	"onrecord"
	"onrecord/statements/lang"
	"onrecord/statements/match"
	"onrecord/statements/novelty"
)

// Threads are judged, not posts: a statement is held until its thread is
// complete, and accepting a part of a thread has the earlier parts read again
// that were not accepted, and the post it replies to when its speaker said that,
// too.

const (
	// A thread is held until its last part is this old, so that it is one message …
	threadPause = 90 * time.Second
	// … but never longer than this after its first part was seen.
	threadLimit = 5 * time.Minute
	// partsHold is how long a statement is held for parts that are unread already:
	// unread posts are read before anything is released.
	partsHold = time.Second
)

// releaseAt says until when a statement waits for the rest of its thread. A post
// that shows no sign of a thread waits for nothing; one whose next part is
// already here waits for it, however long ago both were said.
func releaseAt(s onrecord.Statement, in input) time.Time {
	if in.post.Kind != onrecord.Thread && in.Siblings == 0 && len(s.Parts) == 1 && !lang.Counted(in.post.Text) {
		return time.Time{}
	}
	last := s.Parts[len(s.Parts)-1]
	said := last.Created
	if !last.Dated {
		said = in.Seen
	}
	at := said.Add(threadPause)
	if limit := s.Seen.Add(threadLimit); limit.Before(at) {
		at = limit
	}
	if soon := in.Now.Add(partsHold); !in.Next.IsZero() && in.Next.Sub(said) <= threadPause && at.Before(soon) {
		return soon
	}
	return at
}

// announces reports whether a post begins a thread and says too little to be known by, where
// its account said the same before: what it announces comes with the rest.
func (in input) announces(of onrecord.Statement) bool {
	p := in.post
	return of.Account == p.Account && p.Kind != onrecord.Thread && (in.Siblings > 0 || lang.Counted(p.Text)) && novelty.Brief(p.Text)
}

// continued is the statement on the record that the post's thread goes on with;
// nil: none.
func continued(earlier []onrecord.Statement, p onrecord.Post) *onrecord.Statement {
	for i, s := range slices.Backward(earlier) {
		if p.Thread != "" && !s.Held && s.Account == p.Account && s.First().Thread == p.Thread && s.Lane == onrecord.Record {
			return &earlier[i]
		}
	}
	return nil
}

// unread are the posts to be read again once a post is a statement on a case.
func (in input) unread(caseID string) []onrecord.PostID { return reread(in.Nearby, caseID, in.Seen) }

// reread picks the posts that are judged again when their thread has a statement
// on a case: each once for a case, and none that was accepted, that a person
// decided about, or that is older than what statements are compared with.
func reread(nearby []Nearby, caseID string, seen time.Time) (ids []onrecord.PostID) {
	for _, n := range nearby {
		if n.Case == caseID && n.Label != onrecord.Accept && !n.Moderated && !n.Again && n.Seen.After(seen.Add(-RecordWindow)) {
			ids = append(ids, n.Post)
		}
	}
	return ids
}

// partOf returns the borderline statement on a case that a post was made a part
// of when it was read before; nil: none.
func (in input) partOf(caseID string) *onrecord.Statement {
	for _, b := range in.Before {
		if b.Case == caseID && b.Statement != nil && slices.ContainsFunc(b.Statement.Parts, is(in.post)) {
			return b.Statement
		}
	}
	return nil
}

// readAgain reads a post once more, with what its thread says by now. Its
// verdict may rise, never fall, and nothing is learned from it: what it says of
// the speaker's stream was learned when it was first read.
func (r *Reader) readAgain(ctx context.Context, in input) (Reading, error) {
	reading := Reading{Post: in.post, Again: true}
	if in.account.Kind == onrecord.Press { // it was not when the post was first read
		return reading, nil
	}
	for _, b := range in.Before {
		in.Thread = append(slices.Clip(in.Thread), b.Case)
	}
	decisions, _ := r.matched(in, in.account.Speaker, in.account.Cases)
	for _, before := range in.Before {
		i := slices.IndexFunc(decisions, func(d onrecord.Decision) bool { return d.Case == before.Case })
		if before.Moderated || i < 0 || !above(decisions[i].Label, before.Label) {
			continue
		}
		again := match.ReasonFor(match.ReadAgain)
		again.Text, again.Where = in.post.Thread, "thread"
		f := r.find(ctx, in, r.opinions(ctx, in, []onrecord.Decision{with(decisions[i], again)})[0])
		if !above(f.Label, before.Label) { // held back by what is no score
			continue
		}
		if from := in.partOf(before.Case); from != nil {
			f.Effect = Moves{From: r.without(ctx, in, *from), To: f.Effect}
		}
		reading.Findings = append(reading.Findings, f)
	}
	return reading, ctx.Err()
}

// above reports whether a verdict is nearer to the record than another.
func above(a, b onrecord.Label) bool {
	order := []onrecord.Label{onrecord.Reject, onrecord.Review, onrecord.Accept}
	return slices.Index(order, a) > slices.Index(order, b)
}

// without is a statement after the post went elsewhere.
func (r *Reader) without(ctx context.Context, in input, s onrecord.Statement) onrecord.Statement {
	s.Parts = slices.DeleteFunc(slices.Clone(s.Parts), is(in.post))
	s.Added = nil // they may have been spans of the part
	if len(s.Parts) > 0 {
		s.Summary = in.ask.Summary(ctx, draft(r.cases[s.Case], s, nil))
	}
	return s
}

// is recognises a post.
func is(p onrecord.Post) func(onrecord.Post) bool {
	return func(o onrecord.Post) bool { return o.Key() == p.Key() }
}
