package press

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"onrecord/statements/lang"

	"onrecord"
)

// Words that quotation marks hold at a distance are no quotation.
const (
	fewWords  = 3 // the speaker's, when there are longer ones
	someWords = 5 // nobody's
)

// Own are the speaker's words in an article of the speaker's account: what it
// quotes the speaker with, and for a house its people, or, when it does not, its
// own sentences except for those that quote others. An account is watched for its
// speaker, so an article that quotes nobody is the speaker's newsroom.
func Own(c onrecord.Case, speaker onrecord.Person, text string) []lang.Range {
	a := articleOf(c, text, 0)
	a.house = a.find(speaker.Name)
	if a.house == nobody {
		a.house = voice(len(a.cast))
		a.cast = append(a.cast, figure{Person: speaker, names: namesOf(speaker)})
	}
	all := a.attribute()
	if said, whole := a.saidBy(all, a.ours); whole {
		return said
	}
	own := a.release()
	if sentences := without(text, own, slices.DeleteFunc(slices.Clone(all), func(q quotation) bool { return a.ours(q.by) || a.scare(q) })); len(sentences) > 0 {
		return sentences
	}
	return without(text, own, slices.DeleteFunc(all, func(q quotation) bool { return a.ours(q.by) || q.by == nobody }))
}

// ours reports the one whose article it is, and who speaks for a house.
func (a *article) ours(v voice) bool {
	return v == a.house || v >= 0 && a.cast[a.house].group && !a.cast[v].group && a.cast[v].worksFor(a.cast[a.house])
}

// scare reports marks around a few words inside of a sentence, which quote nobody
// who speaks there.
func (a *article) scare(q quotation) bool {
	if q.laid || q.Unclosed || q.GoesOn || q.by >= 0 {
		return false
	}
	words := q.In(a.text)
	if len(lang.Terms(words)) >= someWords {
		return false
	}
	inside := !strings.HasSuffix(strings.TrimRight(a.text[:q.Open], " "), "\n") && strings.IndexFunc(words, unicode.IsUpper) != 0
	return q.by == nobody || inside && !strings.ContainsAny(words, ",.!?")
}

// Voice is a person or party with the words that an article gives them.
type Voice struct {
	Speaker onrecord.Person
	Quotes  []onrecord.Span // in the order of the article
}

// Voices are those of a case whom an article of somebody else quotes by name, in
// the order in which they speak. What the article does not plainly give to one
// of them is nobody's; doubtful says that there is such a quotation. What was said
// in a year before the article's and is only recalled is no statement; the zero
// time stands for the year in which the case was filed.
func Voices(c onrecord.Case, text string, at time.Time) (voices []Voice, doubtful bool) {
	a := articleOf(c, text, yearOf(at))
	all := a.attribute()
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
		v := Voice{Speaker: a.cast[q.by].Person}
		said, _ := a.saidBy(all, func(by voice) bool { return by == q.by })
		for _, r := range said {
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

// yearOf is the year of a time; 0 for the zero time.
func yearOf(at time.Time) int {
	if at.IsZero() {
		return 0
	}
	return at.Year()
}

// saidBy are the words of some; whole says that they are more than a few words in
// marks, which the article may only have singled out.
func (a *article) saidBy(all []quotation, some func(voice) bool) (said []lang.Range, whole bool) {
	var short []lang.Range
	for _, q := range all {
		if q.by < 0 || !some(q.by) {
			continue
		}
		r := a.trimmed(q)
		if !q.laid && len(lang.Terms(r.In(a.text))) < fewWords && !a.uttered(q) {
			short = append(short, r)
		} else {
			said = append(said, r)
		}
	}
	if len(said) == 0 {
		return short, false
	}
	return said, true
}

// uttered reports a few words that are set as what is said: with a capital, and with who
// says it behind a comma or a mark of their own.
func (a *article) uttered(q quotation) bool {
	words := strings.TrimSpace(q.In(a.text))
	behind := strings.TrimLeft(a.text[q.Close:min(len(a.text), q.Close+8)], " \u00a0")
	return unicode.IsUpper(firstRune(words)) && (strings.ContainsAny(words[max(0, len(words)-1):], ",.!?") || strings.HasPrefix(behind, ","))
}

// trimmed are the words of a quotation without the comma before "Reyes said".
func (a *article) trimmed(q quotation) lang.Range {
	r := q.Range
	r.End = r.Start + len(strings.TrimRight(r.In(a.text), ", ،，、\n"))
	return r.Trimmed(a.text)
}

// without are the sentences of a part of a text that no quotation touches.
func without(text string, part lang.Range, quotations []quotation) []lang.Range {
	if len(quotations) == 0 {
		return []lang.Range{part}
	}
	slices.SortStableFunc(quotations, func(a, b quotation) int { return a.Open - b.Open })
	var own []lang.Range
	joined, reached := false, 0 // how far the quotations so far reach
	for _, s := range lang.Sentences(part.In(text)) {
		s.Start, s.End = s.Start+part.Start, s.End+part.Start
		for len(quotations) > 0 && quotations[0].Open < s.End {
			reached = max(reached, quotations[0].Close)
			quotations = quotations[1:]
		}
		if reached > s.Start {
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
