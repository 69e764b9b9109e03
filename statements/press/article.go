package press

import (
	"slices"
	"strings"

	"onrecord/statements/lang"

	"onrecord"
)

// Words that quotation marks hold at a distance are no quotation.
const (
	fewWords  = 3 // the speaker's, when there are longer ones
	someWords = 5 // nobody's
)

// Own are the speaker's words in an article of the speaker's account: what it
// quotes the speaker with, or, when it does not, its own sentences except for
// those that quote others. An account is watched for its speaker, so an article
// that quotes nobody is the speaker's newsroom.
func Own(c onrecord.Case, speaker onrecord.Person, text string) []lang.Range {
	everyone := castOf(c, text)
	if everyone.find(speaker.Name) == nobody {
		everyone = append(everyone, figure{Person: speaker, names: namesOf(speaker)})
	}
	all := attribute(text, everyone)
	if said := saidBy(everyone.find(speaker.Name), text, all); len(said) > 0 {
		return said
	}
	own := without(text, slices.DeleteFunc(slices.Clone(all), func(q quotation) bool {
		return q.by == nobody && len(lang.Terms(text[q.Start:q.End])) < someWords
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
	slices.SortStableFunc(all, func(a, b quotation) int { return a.Start - b.Start })
	seen := map[voice]bool{}
	for _, q := range all {
		if q.by < 0 {
			doubtful = doubtful || len(lang.Terms(text[q.Start:q.End])) >= someWords
			continue
		}
		if seen[q.by] {
			continue
		}
		seen[q.by] = true
		v := Voice{Speaker: everyone[q.by].Person}
		for _, r := range saidBy(q.by, text, all) {
			if words := r.Trimmed(text); lang.Visible(words.In(text)) {
				v.Quotes = append(v.Quotes, onrecord.Span{Start: words.Start, End: words.End})
			}
		}
		if len(v.Quotes) > 0 {
			voices = append(voices, v)
		}
	}
	return voices, doubtful
}

func saidBy(speaker voice, text string, all []quotation) []lang.Range {
	var said, short []lang.Range
	for _, q := range all {
		if q.by != speaker {
			continue
		}
		r := q.Range
		r.End = r.Start + len(strings.TrimRight(text[r.Start:r.End], ", ،，、\n")) // the article's, before "Reyes said"
		if len(lang.Terms(text[r.Start:r.End])) < fewWords {
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
func without(text string, quotations []quotation) []lang.Range {
	if len(quotations) == 0 {
		return []lang.Range{{End: len(text)}}
	}
	var own []lang.Range
	joined := false
	for _, s := range lang.Sentences(text) {
		if slices.ContainsFunc(quotations, func(q quotation) bool { return q.Open < s.End && s.Start < q.Close }) {
			joined = false
			continue
		}
		if joined {
			own[len(own)-1].End = s.End
		} else {
			own = append(own, s)
		}
		joined = true
	}
	return own
}
