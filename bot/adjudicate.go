package bot

import (
	"context"

	"onrecord"
	"onrecord/statements/match"
	"onrecord/statements/summary"
)

// Adjudicator is a [Summarizer] that also has an opinion on whether a post is
// on its case. It is asked about borderline posts alone and never inside a
// transaction. An error is no opinion: the decision stays what it was.
type Adjudicator interface {
	Adjudicate(ctx context.Context, d summary.Draft) (summary.Opinion, error)
}

// adjudicate lets an opinion weigh on a decision near the line between review
// and accept. What it may do is bounded by [match.Weigh], and it becomes a
// piece of evidence like any other: stored, explained, and part of the sum.
//
// The matcher has learnt from the post by then, and does not learn from the
// opinion: one wrong answer would breed the next.
func (b *Bot) adjudicate(ctx context.Context, account Account, u Unread, d onrecord.Decision, earlier []onrecord.Statement) onrecord.Decision {
	alone := onrecord.Statement{Speaker: account.Speaker, Parts: []onrecord.Post{u.Post}}
	return b.weighed(ctx, d, draft(b.cases[d.Case], alone, earlier))
}

// weighed is the decision on a draft with the opinion on it, if it can matter
// and there is one.
func (b *Bot) weighed(ctx context.Context, d onrecord.Decision, of summary.Draft) onrecord.Decision {
	adjudicator, ok := b.summarizer.(Adjudicator)
	if !ok || !match.InReach(d) {
		return d
	}
	opinion, err := adjudicator.Adjudicate(ctx, of)
	if err != nil {
		b.log.Debug("no opinion on a borderline post", "post", of.Parts[0].Key(), "case", d.Case, "why", err)
		return d
	}
	return match.Weigh(d, opinion.Lean, opinion.Text)
}
