package statements

import (
	"slices"

	"onrecord"
	"onrecord/statements/novelty"
	"onrecord/statements/summary"
)

// comparable is what a new statement is compared with. Statements that are held
// belong to the same thread and repeat nothing. What is shown is never taken for a
// repetition of what its readers were not told of.
func (r *Reader) comparable(fresh onrecord.Statement, earlier, held []onrecord.Statement) []novelty.Earlier {
	var es []novelty.Earlier
	for _, s := range earlier {
		if unseen(s, fresh) {
			continue
		}
		if slices.ContainsFunc(held, func(o onrecord.Statement) bool { return o.ID == s.ID }) {
			continue
		}
		e := novelty.Earlier{ID: s.ID, Text: s.Words(), At: s.Seen, SameSide: r.matcher.SameSide(fresh.Case, s.Speaker, fresh.Speaker)}
		for _, p := range s.Parts {
			e.Posts = append(e.Posts, p.Key())
		}
		es = append(es, e)
	}
	return es
}

// unseen reports whether those who would be shown a new statement were not told of
// an earlier one.
func unseen(earlier, fresh onrecord.Statement) bool {
	return fresh.Lane == onrecord.Record && earlier.Lane != onrecord.Record || earlier.Quiet && !fresh.Quiet
}

// mostNeighbours is how many earlier statements are named beside one.
const mostNeighbours = 3

// Neighbours are the statements before one that are most like it, the nearest first: of
// the same speaker on the same case, told to all who were told of it.
func Neighbours(s onrecord.Statement, among []onrecord.Statement) (list []onrecord.Statement) {
	var earlier []onrecord.Statement
	var texts []string
	for _, e := range among {
		if e.Case == s.Case && e.Speaker == s.Speaker && e.No > 0 && e.No < s.No && !unseen(e, s) {
			earlier, texts = append(earlier, e), append(texts, e.Words())
		}
	}
	for _, i := range novelty.Nearest(s.Words(), texts, mostNeighbours) {
		list = append(list, earlier[i])
	}
	return list
}

// displayed is a comparison as readers can be shown it, and the earlier statement
// it is about; nil: none.
func displayed(v novelty.Comparison, speaker string, earlier []onrecord.Statement) (novelty.Comparison, *onrecord.Statement) {
	i := slices.IndexFunc(earlier, func(s onrecord.Statement) bool { return s.ID == v.Of })
	if i < 0 {
		return v, nil
	}
	of := &earlier[i]
	if v.Novelty == onrecord.Mirror && of.Speaker != speaker {
		v.Novelty = onrecord.Restates // another person saying the same is news
	}
	if v.Novelty != onrecord.Mirror && of.Held {
		v.Novelty, v.Of, v.Added = onrecord.New, 0, nil // it has no number yet that a card could name
		return v, nil
	}
	return v, of
}

// prior is how a statement refers to an earlier one: as readers know it.
func prior(of *onrecord.Statement) int64 {
	if of == nil {
		return 0
	}
	return of.No
}

// repeats adds a place to the statement that was repeated there.
func repeats(s onrecord.Statement, m onrecord.Mention) Repeats {
	if mentioned(s, m) {
		return Repeats{Statement: s}
	}
	s.Mirrors = append(slices.Clip(s.Mirrors), m)
	return Repeats{Statement: s, Mentioned: true}
}

// mentioned reports whether the card already names the place: the statement was
// made there, or the parts of a cross-posted thread are one mention.
func mentioned(s onrecord.Statement, m onrecord.Mention) bool {
	return slices.ContainsFunc(s.Parts, func(p onrecord.Post) bool { return p.Key() == m.Post }) || slices.ContainsFunc(s.Mirrors, func(o onrecord.Mention) bool {
		return o.Post == m.Post || o.Account == m.Account && o.Thread == m.Thread && m.Thread != ""
	})
}

func mention(in input) onrecord.Mention {
	p, a := in.post, in.account
	return onrecord.Mention{Post: p.Key(), Thread: p.Thread, Account: a.ID, Source: a.Source, URL: p.URL, At: p.Created}
}

// draft is a statement as a summary is made of it.
func draft(c onrecord.Case, s onrecord.Statement, earlier []onrecord.Statement) summary.Draft {
	who, ok := c.Find(s.Speaker)
	if !ok {
		who = onrecord.Person{Name: s.Speaker}
	}
	d := summary.Draft{Case: c, Speaker: who, Parts: s.Parts}
	if s.Via != "" { // nothing else in the article is the speaker's
		d.Quotes = s.Summary.Quotes
	}
	for _, e := range earlier {
		if e.Speaker == s.Speaker && e.ID != s.ID && (s.Via != "" || !slices.ContainsFunc(e.Parts, is(s.First()))) {
			d.Earlier = append(d.Earlier, e)
		}
	}
	return d
}
