package main

import (
	"slices"
	"time"

	"onrecord"
	"onrecord/internal/eval"
	"onrecord/statements/match"
)

// stream is the labelled posts of a case, as they are replayed.
type stream struct {
	name    string
	matcher *match.Matcher
	posts   []seen
}

// seen is a post read once for many replays.
type seen struct {
	eval.LabelledPost
	account onrecord.Account
	in      match.Input
	quiet   bool // no statement is nearer than a day
}

// judged is what a replay makes of a post on a case.
type judged struct {
	match.Lesson
	post  *seen
	label int  // as the post's; 2 when it is not scored
	quiet bool // no statement is nearer than a day
}

func newStream(name string, m *match.Matcher, accounts []onrecord.Account, posts []eval.LabelledPost) *stream {
	s := &stream{name: name, matcher: m}
	of := map[string]onrecord.Account{}
	for _, a := range accounts {
		of[a.ID] = a
	}
	said := map[string]string{} // what posts say, by source and id: the record knows it
	for _, p := range posts {
		a := of[p.Account]
		for _, ref := range []**onrecord.Ref{&p.ReplyTo, &p.Quotes} {
			if r := *ref; r != nil && r.ID != "" && r.Text == "" {
				known := *r
				known.Text = said[a.Source+" "+r.ID]
				*ref = &known
			}
		}
		said[a.Source+" "+p.ID] = p.Text
		quiet := !slices.ContainsFunc(posts, func(o eval.LabelledPost) bool {
			return o.Label != nil && *o.Label == 1 && o.Created.Sub(p.Created).Abs() <= 24*time.Hour
		})
		s.posts = append(s.posts, seen{p, a, m.Prepare(match.Input{Post: p.Post, Speaker: a.Speaker, Cases: a.Cases}), quiet})
	}
	return s
}

func (p *seen) label() int {
	if p.Label == nil {
		return 2
	}
	return *p.Label
}

// record is what a replay has accepted: the cases by thread and by post, and when each
// speaker last spoke, by case.
type record struct {
	threads, posts map[string][]string
	spoke          map[string]map[string]time.Time
}

// replay judges the posts in time order, each with past state only, as review
// does: what is accepted is known to what follows, and has the earlier parts of
// its thread, and its own parent, judged once more.
func (s *stream) replay(w *match.Weights) (all []judged) {
	m, states := s.matcher.Under(w), map[string]match.State{}
	accepted := record{map[string][]string{}, map[string][]string{}, map[string]map[string]time.Time{}}
	for i := range s.posts {
		p := &s.posts[i]
		key := p.account.ProfileKey()
		lessons, next := m.Study(accepted.around(p), states[key])
		states[key] = next
		for n, l := range lessons {
			all = append(all, judged{l, p, p.label(), p.quiet})
			if l.Score >= 0 {
				accepted.again(m, all, states[key], n)
			}
		}
	}
	return all
}

// around is a post with what is on the record around it.
func (r record) around(p *seen) match.Input {
	in := p.in
	if p.Thread != "" {
		in.Thread = r.threads[thread(p)]
	}
	if p.ReplyTo != nil && p.ReplyTo.ID != "" {
		in.ReplyTo = r.posts[p.ReplyTo.ID]
	}
	if p.Quotes != nil && p.Quotes.ID != "" {
		in.Quotes = r.posts[p.Quotes.ID]
	}
	in.Others = map[string]time.Time{}
	for _, id := range in.Cases {
		for who, at := range r.spoke[id] {
			if who != in.Speaker && at.After(in.Others[id]) {
				in.Others[id] = at
			}
		}
	}
	return in
}

func thread(p *seen) string { return p.Account + " " + p.Thread }

// again puts the last post on the record, and judges again what it may draw in.
func (r record) again(m *match.Matcher, all []judged, s match.State, nth int) {
	last := all[len(all)-1].post
	id := last.in.Cases[nth]
	r.posts[last.ID] = append(r.posts[last.ID], id)
	if r.spoke[id] == nil {
		r.spoke[id] = map[string]time.Time{}
	}
	r.spoke[id][last.in.Speaker] = last.Created
	if last.Thread != "" {
		r.threads[thread(last)] = append(r.threads[thread(last)], id)
	}
	for i := range all[:len(all)-1] {
		o := &all[i]
		part := last.Thread != "" && o.post.Thread == last.Thread && o.post.Account == last.Account
		parent := last.ReplyTo != nil && last.ReplyTo.ID == o.post.ID && o.post.Account == last.Account
		if o.Score >= 0 || !part && !parent {
			continue
		}
		in := r.around(o.post)
		in.Thread = append(slices.Clip(in.Thread), id)
		if lessons, _ := m.Study(in, s); nth < len(lessons) && lessons[nth].Score > o.Score {
			o.Score = lessons[nth].Score
		}
	}
}
