package statements

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"onrecord"
	"onrecord/statements/match"
	"onrecord/statements/novelty"
	"onrecord/statements/summary"
)

// readOwn reads a post that its speaker published.
func (r *Reader) readOwn(ctx context.Context, in input) (Reading, error) {
	if err := in.completeThread(ctx); err != nil {
		return Reading{}, err
	}
	decisions, state := r.matched(in, in.account.Speaker, in.account.Cases)
	if slices.ContainsFunc(decisions, match.WantsContext) {
		more, err := in.askAround(ctx)
		if err != nil {
			return Reading{}, err
		}
		if more {
			decisions, state = r.matched(in, in.account.Speaker, in.account.Cases)
		}
	}
	reading := Reading{Post: in.post, ProfileKey: in.account.ProfileKey(), Learned: in.learned(state)}
	for _, d := range r.opinions(ctx, in, decisions) {
		reading.Findings = append(reading.Findings, r.find(ctx, in, d))
	}
	return reading, ctx.Err()
}

// byAnother recognises an item of a feed that names another party of the case as
// its author: the account only passes it on.
func (r *Reader) byAnother(p onrecord.Post, a onrecord.Account) bool {
	return p.Kind == onrecord.Article && slices.ContainsFunc(a.Cases, func(id string) bool {
		by, found := r.cases[id].Find(p.Author.Name)
		own, _ := r.cases[id].Find(a.Speaker)
		return found && by.Name != own.Name && slices.ContainsFunc(r.cases[id].Parties, func(o onrecord.Person) bool { return o.Name == by.Name })
	})
}

// mostAsked is on how many cases a model is asked about a post: an account may be
// watched for hundreds, and its posts do not wait for all of them.
const mostAsked = 5

// opinions are the decisions on a post with what a model says of it, asked about the
// likeliest cases.
func (r *Reader) opinions(ctx context.Context, in input, decisions []onrecord.Decision) []onrecord.Decision {
	order := make([]int, len(decisions))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(decisions[b].Score, decisions[a].Score) })
	heard := slices.Clone(decisions)
	for _, i := range order[:min(len(order), mostAsked)] {
		c := r.cases[decisions[i].Case]
		heard[i] = in.heard(ctx, decisions[i], func() summary.Draft {
			return draft(c, onrecord.Statement{Speaker: in.account.Speaker, Parts: []onrecord.Post{in.post}}, in.Earlier[c.ID])
		})
	}
	return heard
}

// find turns the decision on a post into what it does to the record.
func (r *Reader) find(ctx context.Context, in input, d onrecord.Decision) Finding {
	if d.Label == onrecord.Reject {
		return Finding{Decision: d, Effect: Nothing{}}
	}
	c, earlier := r.cases[d.Case], in.Earlier[d.Case]
	if from := in.partOf(d.Case); from != nil { // it repeats nothing by being in doubt
		earlier = slices.DeleteFunc(slices.Clone(earlier), func(s onrecord.Statement) bool { return s.ID == from.ID })
	}
	held := in.heldOn(d)
	was := in.revised(d, earlier)
	if was != nil && !was.adds() {
		return was.finding(d)
	}
	v, of, rewords := r.compare(d, in, held != nil, earlier)
	if was.addsTo() {
		v, of, rewords = was.Comparison, was.of, nil
	}
	f := Finding{Decision: d, Novelty: v.Novelty, Why: v.Why}
	f.Recheck = in.again(of, held, onrecord.Statement{Lane: laneOf(d.Label), Quiet: d.Quiet})
	if v.Novelty == onrecord.Mirror && in.announces(*of) {
		v.Novelty, f.Novelty = onrecord.Restates, onrecord.Restates
	}
	if v.Novelty == onrecord.Mirror {
		f.Effect = repeats(*of, mention(in))
		return f
	}
	s := opened(c, in, d, v, of)
	s.Rewords = rewords
	if held != nil {
		s = joined(*held, in.post)
		if s.Novelty == onrecord.Restates && v.Novelty == onrecord.New {
			s.Novelty, s.Prior, s.Rewords = onrecord.New, 0, nil // as a whole it says more
		}
		s.Quiet = s.Quiet && d.Quiet
	}
	s.Summary = in.ask.Summary(ctx, draft(c, was.added(s), earlier))
	if s.Lane == onrecord.Record && lacksQuote(s) {
		f.Decision = with(f.Decision, match.ReasonFor(match.LacksQuote))
		f.Label, s.Lane, s.Reasons = onrecord.Review, onrecord.ForReview, f.Reasons
	}
	if s.Lane == onrecord.Record {
		f.Reread = in.unread(d.Case)
	}
	hold := Hold{Parts: releaseAt(s, in)}
	if soon := in.Now.Add(partsHold); len(f.Reread) > 0 && hold.Parts.Before(soon) {
		hold.Parts = soon // they may belong to it
	}
	if len(f.Recheck) > 0 {
		hold.Look = in.Now.Add(lookHold)
	}
	f.Effect = Opens{s, hold}
	if held != nil {
		f.Effect = Joins{s, hold}
	}
	return f
}

// heldOn is the statement that waits for the rest of the post's thread; nil: none.
func (in input) heldOn(d onrecord.Decision) *onrecord.Statement {
	i := slices.IndexFunc(in.Held, func(s onrecord.Statement) bool { return s.Case == d.Case && s.Lane == laneOf(d.Label) })
	if i < 0 {
		return nil
	}
	return &in.Held[i]
}

// compare finds what is new in a post, and which earlier statement that is said of; where
// a model takes it for that one in other words, with the words of that.
func (r *Reader) compare(d onrecord.Decision, in input, joins bool, earlier []onrecord.Statement) (novelty.Comparison, *onrecord.Statement, *onrecord.Passage) {
	fresh := onrecord.Statement{Case: d.Case, Speaker: in.account.Speaker, Lane: laneOf(d.Label), Quiet: d.Quiet, Parts: []onrecord.Post{in.post}}
	v := r.memory.Compare(in.post.Text, []string{in.post.Key()}, r.comparable(fresh, earlier, in.Held))
	if of, more := headlined(earlier, fresh); of != nil && (v.Novelty == onrecord.New || v.Novelty == onrecord.Restates) {
		v = novelty.Comparison{Novelty: onrecord.Mirror, Of: of.ID, Why: "the headline of a text on the record"}
		if more {
			v.Novelty, v.Why = onrecord.Expands, "the text to a headline on the record"
		}
	}
	if v.Novelty == onrecord.New && !joins {
		if of := continued(earlier, in.post); of != nil {
			v.Novelty, v.Of, v.Why = onrecord.Expands, of.ID, "goes on in the same thread"
		}
	}
	v, of := displayed(v, in.account.Speaker, earlier)
	if v.Novelty != onrecord.New || joins {
		return v, of, nil
	}
	if said, of := r.saidWithdrawn(v, fresh, in.withdrawn[d.Case]); of != nil {
		return said, of, nil
	}
	return reworded(v, fresh, d.Opinion, earlier)
}

// headlined is the statement of an article that came with its headline alone, when
// a new one is its text (more), or of the text of which that is the headline.
func headlined(earlier []onrecord.Statement, fresh onrecord.Statement) (of *onrecord.Statement, more bool) {
	p := fresh.First()
	if p.Kind != onrecord.Article || p.Title == "" {
		return nil, false
	}
	for i := range slices.Backward(earlier) {
		e := earlier[i].First()
		if unseen(earlier[i], fresh) || e.Account != p.Account || e.Kind != onrecord.Article || len(earlier[i].Parts) > 1 || !strings.EqualFold(e.Title, p.Title) {
			continue
		}
		if had, has := e.Text != e.Title, p.Text != p.Title; had != has {
			return &earlier[i], has
		}
	}
	return nil, false
}

// opened is a statement with the post as its first part.
func opened(c onrecord.Case, in input, d onrecord.Decision, v novelty.Comparison, of *onrecord.Statement) onrecord.Statement {
	who, _ := c.Find(in.account.Speaker)
	s := onrecord.Statement{
		Case: d.Case, Speaker: in.account.Speaker, Role: who.Role, Account: in.account.ID, Lane: laneOf(d.Label), Quiet: d.Quiet,
		Parts: []onrecord.Post{in.post}, Novelty: v.Novelty, Prior: prior(of),
		Reasons: d.Reasons, Score: d.Score, Seen: in.Seen,
	}
	if len(v.Added) > 0 { // whose words are in a text takes long to read
		s.Added = added(v, summary.Own(draft(c, s, nil)))
	}
	return s
}

// added is what is new of the speaker's words. In a release a changed quotation
// of somebody else is new as well, and shown as nobody's.
func added(v novelty.Comparison, own []onrecord.Span) (spans []onrecord.Span) {
	for _, a := range v.Added {
		for _, w := range own {
			if start, end := max(a.Start, w.Start), min(a.End, w.End); start < end {
				spans = append(spans, onrecord.Span{Start: start, End: end})
			}
		}
	}
	return spans
}

// joined is a held statement with one more part.
func joined(s onrecord.Statement, p onrecord.Post) onrecord.Statement {
	first := s.First().Key()
	s.Parts = append(slices.DeleteFunc(slices.Clone(s.Parts), is(p)), p) // it may be one of them that was edited meanwhile
	slices.SortStableFunc(s.Parts, onrecord.Less)
	if s.First().Key() != first {
		s.Added = nil // they were spans of what was the first part
	}
	return s
}

// lacksQuote recognises an article in which nobody is sure that the speaker speaks, or a
// repost: its words are not put on the record as the speaker's, and a person looks.
func lacksQuote(s onrecord.Statement) bool {
	p := s.First()
	return len(s.Summary.Quotes) == 0 && (p.Kind == onrecord.Article || !p.OwnWords())
}
