package press

import (
	"slices"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// readEpithets learns from the article itself what it calls the people of the case by,
// where it gives a full name: "The painter Ada Nwosu", "Ada Nwosu, a painter,". What
// follows may then say "the painter".
func (a *article) readEpithets() {
	ts := wordsOf(a.plain)
	for v := range a.cast {
		f := &a.cast[v]
		if f.group {
			continue
		}
		for i := range ts {
			for _, n := range f.names {
				if surnameOnly(n) || !lang.HasPhrase(ts, i, n) {
					continue
				}
				for _, w := range append(a.calledBefore(ts, i), a.calledBehind(ts, i+len(n))...) {
					if a.othersCalled(ts, w) {
						continue
					}
					if f.epithets == nil {
						f.epithets = map[string]bool{}
					}
					f.epithets[w] = true
				}
			}
		}
	}
}

// longestEpithet is how many words one has: "artista plástica".
const longestEpithet = 2

// othersCalled reports a word that stands before the name of somebody else, too.
func (a *article) othersCalled(ts []lang.Word, word string) bool {
	for i := range len(ts) - 1 {
		if next := ts[i+1]; ts[i].Text == word && next.Capital && next.Segment == ts[i].Segment && !a.isName(next.Text) && a.tongue() != "de" {
			return true
		}
	}
	return false
}

// calledBefore are the words between an article, or the beginning of a sentence, and a name.
func (a *article) calledBefore(ts []lang.Word, name int) (all []string) {
	for i := name - 1; i >= max(0, name-longestEpithet-1); i-- {
		t := ts[i]
		if ts[i].Segment != ts[name].Segment && !a.opens(ts, i+1) {
			return nil
		}
		if a.article(t.Text) || a.indefinite(t.Text) {
			return all
		}
		if !a.epithet(t) || len(all) == longestEpithet {
			return nil
		}
		all = append(all, t.Text)
		if a.opens(ts, i) && a.bare() {
			return all
		}
	}
	return nil
}

// calledBehind are the words behind a name and a comma.
func (a *article) calledBehind(ts []lang.Word, i int) (all []string) {
	if i >= len(ts) || ts[i].Segment == ts[i-1].Segment || a.opens(ts, i) {
		return nil
	}
	determined := false
	for _, t := range segment(ts[i:], ts[i].Segment) {
		switch {
		case len(all) == 0 && (a.article(t.Text) || a.indefinite(t.Text)):
			determined = true
			continue
		case a.preposition(t.Text) || owners[t.Text]:
			return all
		case !a.epithet(t) || len(all) == longestEpithet:
			return nil
		}
		all = append(all, t.Text)
	}
	if !determined && !a.bare() {
		return nil
	}
	return all
}

// epithet reports a word that may tell what somebody is, and not how people are related
// to others, or that they act for them, which many in an article may.
func (a *article) epithet(t lang.Word) bool {
	return (!t.Capital || a.tongue() == "de" || a.bare()) && !t.Possessive && utf8.RuneCountInString(t.Text) > 2 && !a.isName(t.Text) &&
		!anyOf(t.Text, relatives, servants, spokes, judges, women, men, honorifics, firms, saying, participles, auxiliaries, copulas, adverbs, lead, prepositions, barriers, pronouns, negations, introduces, documents, hearers, places, theirs) &&
		!lawyer(t.Text)
}

// bare reports the languages without articles.
func (a *article) bare() bool { return slices.Contains([]string{"ru", "uk", "pl"}, a.tongue()) }

// opens reports the first word of a sentence.
func (a *article) opens(ts []lang.Word, i int) bool {
	if i == 0 {
		return true
	}
	between := a.plain[ts[i-1].End:ts[i].Start]
	for _, r := range between {
		if r == '\n' || slices.Contains([]rune(endOfSentence), r) {
			return true
		}
	}
	return false
}
