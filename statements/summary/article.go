package summary

import (
	"slices"
	"strings"

	"onrecord"
)

// Words that quotation marks hold at a distance are no quotation.
const (
	fewWords  = 3 // the speaker's, when there are longer ones
	someWords = 5 // nobody's
)

// ownWords are the speaker's words in an article: what it quotes the speaker
// with, or, when it does not, its own sentences except for those that quote
// others. An account is watched for its speaker, so an article that quotes
// nobody is the speaker's newsroom.
func ownWords(text string, d Draft) []reach {
	c := castOf(d.Case, text)
	if c.find(d.Speaker.Name) == nobody {
		c = append(c, figure{Person: d.Speaker, names: namesOf(d.Speaker)})
	}
	all := attribute(text, c)
	if said := saidBy(c.find(d.Speaker.Name), text, all); len(said) > 0 {
		return said
	}
	own := without(text, slices.DeleteFunc(slices.Clone(all), func(q quotation) bool {
		return q.by == nobody && len(terms(text[q.start:q.end])) < someWords
	}))
	if len(own) > 0 {
		return own
	}
	return without(text, slices.DeleteFunc(all, func(q quotation) bool { return q.by == nobody }))
}

// Voice is a person or party with the words that an article gives them.
type Voice struct {
	Speaker onrecord.Person
	Quotes  []onrecord.Span // in the order of the article
}

// Voices are those of a case whom an article of somebody else quotes by name, in
// the order in which they speak. What the article does not plainly give to one
// of them is nobody's; doubtful says that there is such a quotation.
func Voices(c onrecord.Case, text string) (voices []Voice, doubtful bool) {
	everyone := castOf(c, text)
	all := attribute(text, everyone)
	slices.SortStableFunc(all, func(a, b quotation) int { return a.start - b.start })
	seen := map[voice]bool{}
	for _, q := range all {
		if q.by < 0 {
			doubtful = doubtful || len(terms(text[q.start:q.end])) >= someWords
			continue
		}
		if seen[q.by] {
			continue
		}
		seen[q.by] = true
		v := Voice{Speaker: everyone[q.by].Person}
		for _, r := range saidBy(q.by, text, all) {
			if words := trimmed(0, text, r); visible(words.text()) {
				v.Quotes = append(v.Quotes, words.span())
			}
		}
		if len(v.Quotes) > 0 {
			voices = append(voices, v)
		}
	}
	return voices, doubtful
}

func saidBy(speaker voice, text string, all []quotation) []reach {
	var said, short []reach
	for _, q := range all {
		if q.by != speaker {
			continue
		}
		r := q.reach
		r.end = r.start + len(strings.TrimRight(text[r.start:r.end], ", ،，、\n")) // the article's, before "Reyes said"
		if len(terms(text[r.start:r.end])) < fewWords {
			short = append(short, r)
		} else {
			said = append(said, r)
		}
	}
	if len(said) == 0 {
		return short
	}
	return said
}

// without are the sentences of a text that no quotation touches.
func without(text string, quotations []quotation) []reach {
	if len(quotations) == 0 {
		return []reach{{0, len(text)}}
	}
	var own []reach
	joined := false
	for _, s := range borders(text) {
		if slices.ContainsFunc(quotations, func(q quotation) bool { return q.open < s.end && s.start < q.close }) {
			joined = false
			continue
		}
		if joined {
			own[len(own)-1].end = s.end
		} else {
			own = append(own, s)
		}
		joined = true
	}
	return own
}
