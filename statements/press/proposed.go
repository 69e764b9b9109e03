package press

import (
	"slices"
	"time"

	"onrecord"
	"onrecord/statements/lang"
)

// Somebody else, such as a language model, may take a quotation for a person's where
// our own reading gives it to nobody. Nothing of that is taken on trust.

// Proposed weighs what somebody else takes for the words of people of a case, beside
// our own reading. A proposal counts when its passage is of one of the article's
// quotations, and its speaker is of the case and named in the article. It is confirmed
// when our own reading gives the quotation to the same one. It is more when that gives it
// to nobody, the article names nobody of the case who says it, and does not tell it as
// alleged, supposed or of an earlier year: such words, whole quotations, are returned by
// who is proposed to say them. Where we read another speaker, ours stands.
func Proposed(c onrecord.Case, text string, at time.Time, proposals []onrecord.Proposal) (confirmed map[string]bool, more []Voice) {
	a := articleOf(c, text, yearOf(at))
	all := a.attributeAll()
	confirmed = map[string]bool{}
	for _, p := range proposals {
		who := a.find(p.Speaker)
		i := slices.IndexFunc(all, func(q quotation) bool {
			return q.Start <= p.Words.Start && p.Words.End <= q.End && p.Words.Start < p.Words.End
		})
		switch {
		case who < 0 || i < 0 || !a.isNamed(who):
		case all[i].by == who:
			confirmed[p.Speaker] = true
		case all[i].by < 0 && !all[i].unsaid && len(lang.Terms(all[i].In(text))) >= fewWords:
			more = a.adds(more, who, all[i])
		}
	}
	return confirmed, more
}

// adds gives a quotation to a voice, once.
func (a *article) adds(voices []Voice, who voice, q quotation) []Voice {
	words := a.trimmed(q)
	span := onrecord.Span{Start: words.Start, End: words.End}
	if !lang.Visible(words.In(a.text)) || slices.ContainsFunc(voices, func(v Voice) bool { return slices.Contains(v.Quotes, span) }) {
		return voices
	}
	i := slices.IndexFunc(voices, func(v Voice) bool { return v.Speaker.Name == a.cast[who].Name })
	if i < 0 {
		return append(voices, Voice{Speaker: a.cast[who].Person, Quotes: []onrecord.Span{span}})
	}
	voices[i].Quotes = append(voices[i].Quotes, span)
	slices.SortStableFunc(voices[i].Quotes, func(a, b onrecord.Span) int { return a.Start - b.Start })
	return voices
}

// isNamed reports that the article names somebody.
func (a *article) isNamed(who voice) bool {
	return slices.ContainsFunc(a.mentions(wordsOf(a.plain)), func(m mention) bool { return m.who == who }) ||
		slices.ContainsFunc(a.namesIn(a.plain), func(n named) bool { return n.who == who })
}
