package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"onrecord"
	"onrecord/statements/match"
	"onrecord/statements/novelty"
	"onrecord/statements/press"
	"onrecord/statements/quote"
)

// A press account's posts are nobody's statements. What they quote of the people
// of a case is: each of them is judged apart, as if the article were about that
// speaker, and put on the record "as quoted by" the outlet. A post may be read
// again when it has changed; what is on the record of it is not repeated.

// readPress judges a post of a press account for everybody it quotes.
func (b *Bot) readPress(ctx context.Context, account Account, u Unread, state match.State) (Reading, error) {
	r := Reading{Post: u.Post, Speaker: account.Stream(), Known: u.State}
	_, learned := b.matcher.Judge(around(u, onrecord.Anybody, account.Cases), state)
	for _, id := range account.Cases {
		voices, doubtful := press.Voices(b.cases[id], u.Post.Text)
		for _, v := range voices {
			j, err := b.judgeVoice(ctx, account, u, b.onCase(u, state, id, v), v)
			if err != nil {
				return Reading{}, err
			}
			r.Decisions = append(r.Decisions, j)
		}
		if len(voices) == 0 {
			r.Decisions = append(r.Decisions, b.judgeUnnamed(account, u, state, id, doubtful))
		}
	}
	blob, err := json.Marshal(learned)
	if err != nil {
		return Reading{}, fmt.Errorf("keep what is known of %s: %w", account.ID, err)
	}
	r.State = blob
	return r, nil
}

func around(u Unread, speaker string, cases []string) match.Input {
	return match.Input{Post: u.Post, Speaker: speaker, Cases: cases, Thread: u.Thread, ReplyTo: u.ReplyTo, Quotes: u.Quotes}
}

// onCase matches an article for one speaker: the whole of it, and then only what
// it begins with and what stands around the speaker's words. An article on
// another matter that ends in a word about the case is for a person to judge, and
// no opinion puts it on the record.
func (b *Bot) onCase(u Unread, state match.State, id string, v press.Voice) onrecord.Decision {
	whole, _ := b.matcher.Judge(around(u, v.Speaker.Name, []string{id}), state)
	if whole[0].Verdict == onrecord.Reject {
		return whole[0]
	}
	u.Post.Text = near(u.Post.Text, v.Quotes)
	beside, _ := b.matcher.Judge(around(u, v.Speaker.Name, []string{id}), state)
	if v := beside[0].Verdict; v == onrecord.Accept || v == whole[0].Verdict {
		return whole[0]
	}
	d := whole[0]
	d.Verdict = onrecord.Review
	d.Evidence = append(slices.Clip(d.Evidence), onrecord.Evidence{Name: match.NotNear})
	return d
}

// near blanks what is neither the beginning of an article nor beside a quotation,
// so that evidence keeps its place.
func near(text string, quotes []onrecord.Span) string {
	var lines [][2]int
	start := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, [2]int{start, start + len(line)})
		}
		start += len(line)
	}
	const begins = 2 // paragraphs
	keep := make([]bool, len(lines))
	for i, l := range lines {
		keep[i] = keep[i] || i < begins
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

// judgeUnnamed is the decision about a post that quotes nobody of the case by
// name. Nothing is put on the record; where it is on the case and quotes
// somebody, a person is asked whom.
func (b *Bot) judgeUnnamed(account Account, u Unread, state match.State, id string, doubtful bool) Judged {
	found, _ := b.matcher.Judge(around(u, onrecord.Anybody, []string{id}), state)
	j := Judged{Decision: found[0]}
	if j.Verdict == onrecord.Reject {
		return j
	}
	j.Evidence = append(slices.Clip(j.Evidence), onrecord.Evidence{Name: "quotes nobody of the case by name"})
	if j.Verdict == onrecord.Review || !doubtful || u.Baseline != "" {
		j.Verdict = onrecord.Reject
		return j
	}
	j.Verdict, j.Novelty, j.Why = onrecord.Review, onrecord.New, "a quotation nobody is named for"
	j.Notice = onrecord.NewStatement
	j.Statement = quoted(account, u, j.Decision, onrecord.ForReview, press.Voice{})
	return j
}

// judgeVoice decides what a speaker's words in an article do to the record.
func (b *Bot) judgeVoice(ctx context.Context, account Account, u Unread, d onrecord.Decision, v press.Voice) (Judged, error) {
	j := Judged{Decision: d, Speaker: v.Speaker.Name}
	if d.Verdict == onrecord.Reject {
		return j, nil
	}
	earlier, err := b.desk.Earlier(ctx, d.Case, u.Seen.Add(-recordWindow))
	if err != nil {
		return j, err
	}
	whole := v
	lane, said := told(earlier, u.Post, v.Speaker.Name, d.Verdict)
	if v = unsaid(whole, u, said); len(v.Quotes) > 0 {
		d = b.weighed(ctx, d, draft(b.cases[d.Case], *quoted(account, u, d, lane, v), earlier))
		j.Decision = d
		lane, said = told(earlier, u.Post, v.Speaker.Name, d.Verdict) // an opinion may have moved it
		v = unsaid(whole, u, said)
	}
	if len(v.Quotes) == 0 { // the article has changed elsewhere
		j.Novelty, j.Why = onrecord.Mirror, "on the record from this article, or older than the watch"
		if len(said) > 0 {
			j.Statement = &said[len(said)-1]
		}
		return j, nil
	}
	s := quoted(account, u, d, lane, v)
	verdict, of := asShown(b.noveltyOf(d.Case, *s, earlier), s.Speaker, earlier)
	j.Novelty, j.Why = verdict.Novelty, verdict.Why
	if verdict.Novelty == onrecord.Mirror {
		j.fold(earlier[of], mention(u.Post, account))
		return j, nil
	}
	s.Novelty, s.Prior = verdict.Novelty, verdict.Of
	written := b.summarize(ctx, b.cases[d.Case], *s, earlier)
	written.Quotes = s.Summary.Quotes // what is on the record of the article is compared with them: a summary leaves none out
	s.Summary = written
	j.Statement, j.Notice = s, onrecord.NewStatement
	return j, nil
}

// unsaid leaves out what the article quoted before: in a statement, or when its
// account began to be watched.
func unsaid(v press.Voice, u Unread, said []onrecord.Statement) press.Voice {
	v.Quotes = slices.DeleteFunc(slices.Clone(v.Quotes), func(q onrecord.Span) bool {
		words := u.Post.Text[q.Start:q.End]
		return stands(words, u.Baseline) || slices.ContainsFunc(said, func(s onrecord.Statement) bool { return stands(words, texts(s)) })
	})
	return v
}

// noveltyOf compares a speaker's words with the record. Words that stand in what
// the speaker said before are that, however little of it the article quotes.
func (b *Bot) noveltyOf(caseID string, s onrecord.Statement, earlier []onrecord.Statement) novelty.Verdict {
	for _, e := range slices.Backward(earlier) {
		if e.Speaker != s.Speaker || s.Lane == onrecord.Record && e.Lane != onrecord.Record {
			continue
		}
		known := texts(e)
		if !slices.ContainsFunc(s.Summary.Quotes, func(q onrecord.Span) bool { return !stands(s.Quoted(q), known) }) {
			return novelty.Verdict{Novelty: onrecord.Mirror, Of: e.ID, Why: "the same words"}
		}
	}
	return novelty.Judge(texts(s), nil, record(b.cases[caseID], s.Speaker, s.Lane, earlier, nil))
}

// told are the lane of a verdict and the statements of a speaker that came from a
// post, in that lane or a surer one.
func told(earlier []onrecord.Statement, p onrecord.Post, speaker string, v onrecord.Verdict) (lane onrecord.Lane, list []onrecord.Statement) {
	lane = laneOf(v)
	for _, s := range earlier {
		if s.Speaker == speaker && (s.Lane == lane || s.Lane == onrecord.Record) && s.First().Key() == p.Key() {
			list = append(list, s)
		}
	}
	return lane, list
}

// stands reports whether a quotation stands in a text, however it is typeset.
func stands(words, text string) bool {
	_, _, ok := quote.Verify(words, text)
	return ok
}

// quoted is what an article quotes a speaker with, as a statement.
func quoted(account Account, u Unread, d onrecord.Decision, lane onrecord.Lane, v press.Voice) *onrecord.Statement {
	return &onrecord.Statement{
		Case: d.Case, Speaker: v.Speaker.Name, Role: v.Speaker.Role, Account: account.ID, Via: Outlet(account.Account, u.Post), Lane: lane,
		Parts: []onrecord.Post{u.Post}, Novelty: onrecord.New, Summary: onrecord.Summary{Quotes: v.Quotes, Origin: "extract"},
		Reasons: d.Evidence, Score: d.Score, Seen: u.Seen,
	}
}

// Outlet names who quotes in a post of a press account. The author of an article
// is a journalist; its site is the outlet.
func Outlet(a onrecord.Account, p onrecord.Post) string {
	if p.Kind == onrecord.Article {
		return cmp.Or(host(p.URL), host(a.URL), p.Author.Name, a.Handle)
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
