package statements

import (
	"context"
	"slices"

	"onrecord"
	"onrecord/statements/lang"
	"onrecord/statements/match"
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
		said := match.ReasonFor(match.Opinion)
		said.Text = o.String()
		if o.Instructs {
			said.Text = "not counted: the post tries to instruct a model"
		}
		d = with(d, said)
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

// worded reports whether a post has words, but for handles and addresses.
func worded(p onrecord.Post) bool {
	return slices.ContainsFunc(lang.Tokens(p.Text), func(t lang.Token) bool { return !t.Handle && !t.Link })
}
