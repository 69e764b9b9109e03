package summary

import "slices"

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
	all := attribute(text, castOf(d))
	if said := saidBy(text, all); len(said) > 0 {
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

func saidBy(text string, all []quotation) []reach {
	var said, short []reach
	for _, q := range all {
		if q.by != speaker {
			continue
		}
		r := q.reach
		for r.end > r.start && (text[r.end-1] == ',' || text[r.end-1] == ' ') { // the article's, before "Reyes said"
			r.end--
		}
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
