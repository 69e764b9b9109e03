package statements

import (
	"context"
	"slices"

	"onrecord"
	"onrecord/statements/lang"
	"onrecord/statements/match"
	"onrecord/statements/novelty"
	"onrecord/statements/summary"
)

// heard is a decision of our own evidence with what a model says of the post. What
// a rule settles stays as it is, and the matcher has learned from the post by then
// and does not learn from the opinion: one wrong answer would breed the next.
func (in input) heard(ctx context.Context, d onrecord.Decision, of func() summary.Draft) onrecord.Decision {
	if match.Settled(d) || !worded(in.post) {
		return d
	}
	o, ok := in.ask.Opinion(ctx, of, match.Candidate(d))
	if !ok {
		return d
	}
	return judged(d, o)
}

// judged is the second stage: our own reading and a model's answer make one
// decision. A model puts on the record what it is sure of. It makes nothing vanish
// that our own evidence would have shown: what it doubts, a person decides. Where
// a post tries to instruct it our own reading stands.
func judged(d onrecord.Decision, o onrecord.Opinion) onrecord.Decision {
	d.Opinion, d.Without = &o, d.Label
	if o.Together == 0 {
		d = with(d, said(o))
	}
	if o.Instructs {
		return d
	}
	switch own := d.Label; {
	case own == onrecord.Accept && o.OnCase == onrecord.No:
		d.Label = onrecord.Review
	case own == onrecord.Review && o.OnCase == onrecord.No:
		d.Quiet = true
	case own == onrecord.Review && o.OnCase == onrecord.Yes && o.Confidence != onrecord.Low:
		d.Label = onrecord.Accept
	case own == onrecord.Reject && o.OnCase == onrecord.Yes && o.Confidence == onrecord.High:
		d.Label = onrecord.Accept
	case own == onrecord.Reject && o.OnCase == onrecord.Yes:
		d.Label = onrecord.Review
	}
	return d
}

// reworded is a comparison that found nothing, with what a model takes for the same in
// other words, if it does: the earlier statement, and its sentences. The model is
// believed where both passages are in the texts and nothing speaks against it; what it
// takes for known is told like all else.
func reworded(v novelty.Comparison, fresh onrecord.Statement, o *onrecord.Opinion, earlier []onrecord.Statement) (novelty.Comparison, *onrecord.Statement, *onrecord.Passage) {
	if o == nil || o.Rewords == nil || o.Instructs {
		return v, nil, nil
	}
	i := slices.IndexFunc(earlier, func(s onrecord.Statement) bool {
		return s.ID == o.Rewords.Of && s.Speaker == fresh.Speaker && !s.Held && !unseen(s, fresh)
	})
	if i < 0 {
		return v, nil, nil
	}
	words, found := within(fresh, o.Rewords.Words)
	prior, stands := within(earlier[i], o.Rewords.Prior)
	if !found || !stands || novelty.Differs(words, prior) || toldApart(words, earlier[i], earlier) {
		return v, nil, nil
	}
	post, whole := earlier[i].Parts[o.Rewords.Prior.Part], prior.Sentences()
	from := o.Rewords.Prior.Start - prior.Start // of the speaker's words in the post
	return novelty.Comparison{Novelty: onrecord.Restates, Of: earlier[i].ID, Why: "says the same in other words, as a model reads it"}, &earlier[i], &onrecord.Passage{
		Post: onrecord.PostID{Account: post.Account, ID: post.ID}, Revision: post.Revision, Start: from + whole.Start, End: from + whole.End,
		Said: published(post), Text: post.Text[from+whole.Start : from+whole.End],
	}
}

// toldApart reports words that are nearer to a statement of which a person said that it
// does not say again what the earlier one says than to that.
func toldApart(words novelty.Passage, prior onrecord.Statement, earlier []onrecord.Statement) bool {
	texts := []string{prior.Words()}
	for _, e := range earlier {
		if e.DistinctFrom(prior.No) {
			texts = append(texts, e.Words())
		}
	}
	near := novelty.Nearest(words.Text[words.Start:words.End], texts, 1)
	return len(near) > 0 && near[0] > 0
}

// within is a span with the speaker's words around it; false: it is not of those.
func within(s onrecord.Statement, q onrecord.Span) (novelty.Passage, bool) {
	said := s.Said()
	i := slices.IndexFunc(said, func(w onrecord.Span) bool {
		return w.Part == q.Part && w.Start <= q.Start && q.Start < q.End && q.End <= w.End
	})
	if i < 0 {
		return novelty.Passage{}, false
	}
	return novelty.Passage{Text: s.Quoted(said[i]), Range: novelty.Range{Start: q.Start - said[i].Start, End: q.End - said[i].Start}}, true
}

// said is an opinion as a reason. It has no weight, and readers are told of it.
func said(o onrecord.Opinion) onrecord.Reason {
	code, text := match.Opinion, o.String()
	switch {
	case o.Instructs:
		text = "not counted: the post tries to instruct a model"
	case o.OnCase == onrecord.Yes:
		code, text = match.ModelAgrees, string(o.Confidence)+" confidence"
	case o.OnCase == onrecord.No:
		code, text = match.ModelDoubts, string(o.Confidence)+" confidence"
	}
	reason := match.ReasonFor(code)
	reason.Text = text
	return reason
}

// worded reports whether a post has words, but for handles and addresses.
func worded(p onrecord.Post) bool {
	return slices.ContainsFunc(lang.Tokens(p.Text), func(t lang.Token) bool { return !t.Handle && !t.Link })
}
