package statements

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/statements/lang"
	"onrecord/statements/match"
	"onrecord/statements/novelty"
	"onrecord/statements/press"
	"onrecord/statements/quote"
	"onrecord/statements/summary"
)

// A press account's posts are nobody's statements. What they quote of the people
// of a case is: each of them is judged apart, as if the article were about that
// speaker, and put on the record "as quoted by" the outlet. A post may be read
// again when it has changed; what is on the record of it is not repeated.

// readArticle reads a post of a press account for everybody it quotes.
func (r *Reader) readArticle(ctx context.Context, in input) (Reading, error) {
	_, state := r.matched(in, "", in.account.Cases)
	reading := Reading{Post: in.post, ProfileKey: in.account.ProfileKey(), Learned: in.learned(state)}
	for _, id := range in.account.Cases {
		voices, doubtful := press.Voices(r.cases[id], in.post.Text, published(in.post))
		heard := proposed{}
		if doubtful {
			heard = r.proposed(ctx, in, id)
		}
		for _, v := range voices {
			reading.Findings = append(reading.Findings, r.findQuoted(ctx, in, heard.confirm(r.onCase(in, id, v), v), v))
		}
		for _, v := range heard.more {
			reading.Findings = append(reading.Findings, r.findQuoted(ctx, in, heard.doubt(r.onCase(in, id, v)), v))
		}
		if len(voices)+len(heard.more) == 0 {
			reading.Findings = append(reading.Findings, r.findUnnamed(in, id, doubtful))
		}
	}
	return reading, ctx.Err()
}

// proposed is what a model says of whose words an article quotes.
type proposed struct {
	model     string
	confirmed map[string]bool // by speaker: our own reading has them, too
	more      []press.Voice   // it does not
}

// proposed asks a model, where there is one, about an article that may be on the case
// and has quotations that we give to nobody.
func (r *Reader) proposed(ctx context.Context, in input, id string) (p proposed) {
	if decisions, _ := r.matched(in, "", []string{id}); !match.Candidate(decisions[0]) {
		return p
	}
	c := r.cases[id]
	proposals, model := in.ask.Proposals(ctx, summary.Draft{Case: c, Parts: []onrecord.Post{in.post}, Quotes: []onrecord.Span{}})
	if len(proposals) == 0 {
		return p
	}
	p.model = cmp.Or(model, "a model")
	p.confirmed, p.more = press.Proposed(c, in.post.Text, published(in.post), proposals)
	return p
}

// confirm is a decision on what we read that a model reads, too.
func (p proposed) confirm(d onrecord.Decision, v press.Voice) onrecord.Decision {
	if !p.confirmed[v.Speaker.Name] {
		return d
	}
	return with(d, p.says(match.ModelHears))
}

// doubt is a decision on what only a model reads: a person looks at it.
func (p proposed) doubt(d onrecord.Decision) onrecord.Decision {
	return atMostReview(with(d, p.says(match.ModelQuotes)))
}

func (p proposed) says(code onrecord.ReasonCode) onrecord.Reason {
	reason := match.ReasonFor(code)
	reason.Text = p.model
	return reason
}

// atMostReview is a decision that only a person turns into an acceptance where only a
// model reads the words as the speaker's.
func atMostReview(d onrecord.Decision) onrecord.Decision {
	if d.Label == onrecord.Accept && onlyAModel(d) {
		d.Label = onrecord.Review
	}
	return d
}

// onlyAModel reports a decision on words that only a model reads as the speaker's.
func onlyAModel(d onrecord.Decision) bool {
	return slices.ContainsFunc(d.Reasons, func(r onrecord.Reason) bool { return r.Code == match.ModelQuotes })
}

// onCase matches an article for one speaker: the whole of it, and then only what
// it begins with and what stands around the speaker's words. An article on
// another matter that ends in a word about the case is for a person to judge, and
// no opinion puts it on the record.
func (r *Reader) onCase(in input, id string, v press.Voice) onrecord.Decision {
	whole, _ := r.matched(in, v.Speaker.Name, []string{id})
	d := whole[0]
	if d.Label == onrecord.Reject {
		return d
	}
	in.post.Text = beside(in.post.Text, v.Quotes)
	nearby, _ := r.matched(in, v.Speaker.Name, []string{id})
	if v := nearby[0].Label; v == onrecord.Accept || v == d.Label {
		return d
	}
	d.Label = onrecord.Review
	return with(d, match.ReasonFor(match.NotNear))
}

// openingParagraphs of an article say what it is about.
const openingParagraphs = 2

// beside blanks what is neither the beginning of an article nor beside a quotation,
// so that spans of what is left keep their place.
func beside(text string, quotes []onrecord.Span) string {
	var lines [][2]int
	start := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, [2]int{start, start + len(line)})
		}
		start += len(line)
	}
	keep := make([]bool, len(lines))
	for i, l := range lines {
		keep[i] = keep[i] || i < openingParagraphs
		if slices.ContainsFunc(quotes, func(q onrecord.Span) bool { return q.Start < l[1] && l[0] < q.End }) {
			for n := max(0, i-1); n <= min(i+1, len(lines)-1); n++ {
				keep[n] = true
			}
		}
	}
	out := []byte(text)
	for i, l := range lines {
		if !keep[i] {
			copy(out[l[0]:l[1]], strings.Repeat(" ", l[1]-l[0]-1)+"\n")
		}
	}
	return string(out)
}

// findUnnamed is the finding on a post that quotes nobody of the case by
// name. Nothing is put on the record; where it is on the case and quotes
// somebody, a person is asked whom.
func (r *Reader) findUnnamed(in input, id string, doubtful bool) Finding {
	decisions, _ := r.matched(in, "", []string{id})
	f := Finding{Decision: decisions[0], Effect: Nothing{}}
	if f.Label == onrecord.Reject {
		return f
	}
	f.Decision = with(f.Decision, match.ReasonFor(match.NamesNobody))
	if f.Label == onrecord.Review || !doubtful || in.Baseline != "" {
		f.Label = onrecord.Reject
		return f
	}
	f.Label, f.Novelty, f.Why = onrecord.Review, onrecord.New, "a quotation nobody is named for"
	f.Effect = Opens{Statement: quoted(in, f.Decision, onrecord.ForReview, press.Voice{})}
	return f
}

// findQuoted decides what a speaker's words in an article do to the record.
func (r *Reader) findQuoted(ctx context.Context, in input, d onrecord.Decision, v press.Voice) Finding {
	f := Finding{Decision: d, Speaker: v.Speaker.Name, Proposed: onlyAModel(d), Effect: Nothing{}}
	if !match.Candidate(d) {
		return f
	}
	c, earlier := r.cases[d.Case], in.Earlier[d.Case]
	unsaid, _ := newQuotes(in, v, earlier, d)
	if len(unsaid.Quotes) > 0 {
		d = atMostReview(in.heard(ctx, d, func() summary.Draft { return draft(c, quoted(in, d, laneOf(d.Label), unsaid), earlier) }))
	}
	if f.Decision = d; d.Label == onrecord.Reject {
		return f
	}
	unsaid, said := newQuotes(in, v, earlier, d) // an opinion may have moved it to another lane
	if len(unsaid.Quotes) == 0 {                 // the article has changed elsewhere
		f.Novelty, f.Why = onrecord.Mirror, "on the record from this article, or older than the watch"
		if len(said) > 0 {
			f.Effect = Repeats{Statement: said[len(said)-1]}
		}
		return f
	}
	s := quoted(in, d, laneOf(d.Label), unsaid)
	compared := r.compareQuoted(s, earlier)
	if first := corrected(s, said); first != nil && compared.Novelty != onrecord.Mirror {
		compared = novelty.Comparison{Novelty: onrecord.Changed, Of: first.ID, Why: "the article corrected the quotation"}
	}
	verdict, of := displayed(compared, s.Speaker, earlier)
	if verdict.Novelty == onrecord.New {
		verdict, of = r.saidWithdrawn(verdict, s, in.withdrawn[d.Case])
	}
	if verdict.Novelty == onrecord.New && of == nil {
		verdict, of, s.Rewords = reworded(verdict, s, d.Opinion, earlier)
	}
	f.Novelty, f.Why = verdict.Novelty, verdict.Why
	if verdict.Novelty == onrecord.Mirror {
		f.Effect = repeats(*of, mention(in))
		return f
	}
	s.Novelty, s.Prior = verdict.Novelty, prior(of)
	written := in.ask.Summary(ctx, draft(c, s, earlier))
	written.Quotes = s.Summary.Quotes // what is on the record of the article is compared with them: a summary leaves none out
	s.Summary = written
	f.Effect = Opens{Statement: s}
	return f
}

// newQuotes leaves out what the article quoted before: in statements on the record,
// which it returns, or when its account began to be watched.
func newQuotes(in input, v press.Voice, earlier []onrecord.Statement, d onrecord.Decision) (unsaid press.Voice, said []onrecord.Statement) {
	fresh := onrecord.Statement{Lane: laneOf(d.Label), Quiet: d.Quiet}
	for _, s := range earlier {
		if readAs(s, v.Speaker.Name) && !unseen(s, fresh) && s.First().Key() == in.post.Key() {
			said = append(said, s)
		}
	}
	v.Quotes = slices.DeleteFunc(slices.Clone(v.Quotes), func(q onrecord.Span) bool {
		text := in.post.Text[q.Start:q.End]
		return contains(in.Baseline, text) || slices.ContainsFunc(said, func(s onrecord.Statement) bool { return contains(s.Words(), text) })
	})
	return v, said
}

// readAs reports whether the words were read as a speaker's, whoever a person says
// that they are.
func readAs(s onrecord.Statement, speaker string) bool {
	return s.Speaker == speaker || slices.ContainsFunc(s.Corrections, func(c onrecord.Correction) bool { return c.Was == speaker })
}

// compareQuoted compares a speaker's words with the record. Words that stand in what
// the speaker said before are that, however little of it the article quotes.
func (r *Reader) compareQuoted(s onrecord.Statement, earlier []onrecord.Statement) novelty.Comparison {
	for _, e := range slices.Backward(earlier) {
		if e.Speaker != s.Speaker || unseen(e, s) {
			continue
		}
		known := e.Words()
		if !slices.ContainsFunc(s.Summary.Quotes, func(q onrecord.Span) bool { return !contains(known, s.Quoted(q)) }) {
			return novelty.Comparison{Novelty: onrecord.Mirror, Of: e.ID, Why: "the same words"}
		}
	}
	return r.memory.Compare(s.Words(), nil, r.comparable(s, earlier, nil))
}

// corrected is the statement that an article quoted before and quotes in other words
// now: its words are gone from the article, and most of them stand in the new ones.
func corrected(s onrecord.Statement, said []onrecord.Statement) *onrecord.Statement {
	const most = .5 // of the words of both
	for i, e := range slices.Backward(said) {
		for _, q := range e.Summary.Quotes {
			if contains(s.First().Text, e.Quoted(q)) {
				continue
			}
			old := lang.Terms(e.Quoted(q))
			for _, now := range s.Summary.Quotes {
				if words := lang.Terms(s.Quoted(now)); 2*float64(inOrder(old, words)) >= most*float64(len(old)+len(words)) {
					return &said[i]
				}
			}
		}
	}
	return nil
}

// inOrder is how many words two texts share in the same order.
func inOrder(a, b []string) int {
	const enough = 400 // words; it grows with both
	a, b = a[:min(len(a), enough)], b[:min(len(b), enough)]
	best := make([]int, len(b)+1)
	for _, x := range a {
		before := 0 // of the words until then
		for j, y := range b {
			now := best[j+1]
			if x == y {
				best[j+1] = before + 1
			}
			before = now
			best[j+1] = max(best[j+1], best[j])
		}
	}
	return best[len(b)]
}

// contains reports whether a quotation stands in a text, however it is typeset.
func contains(text, quotation string) bool {
	_, _, ok := quote.Verify(quotation, text)
	return ok
}

// quoted is what an article quotes a speaker with, as a statement.
func quoted(in input, d onrecord.Decision, lane onrecord.Lane, v press.Voice) onrecord.Statement {
	return onrecord.Statement{
		Case: d.Case, Speaker: v.Speaker.Name, Role: v.Speaker.Role, Account: in.account.ID, Via: Outlet(in.account, in.post), Lane: lane, Quiet: d.Quiet,
		Parts: []onrecord.Post{in.post}, Novelty: onrecord.New, Summary: onrecord.Summary{Quotes: v.Quotes, Origin: "extract"},
		Reasons: d.Reasons, Score: d.Score, Seen: in.Seen,
	}
}

// Outlet names who quotes in a post of a press account. The author of an article
// is a journalist; its site, which its source tells as its handle, is the outlet.
func Outlet(a onrecord.Account, p onrecord.Post) string {
	if p.Kind == onrecord.Article {
		return cmp.Or(p.Author.Handle, host(p.URL), host(a.URL), p.Author.Name, a.Handle)
	}
	return cmp.Or(p.Author.Name, p.Author.Handle, a.Handle)
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// published is when a post was; the zero time where its place does not say.
func published(p onrecord.Post) time.Time {
	if !p.Dated {
		return time.Time{}
	}
	return p.Created
}
