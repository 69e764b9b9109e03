package press

import (
	"slices"
	"strings"
	"unicode"

	"onrecord/statements/lang"
)

// Whoever was named is told of in other words the next time: "the midfielder", "der
// 54-Jährige", "de Tsjech". No list holds these; but behind an article that says that the
// reader knows whom, in a paragraph on one person of the case and on nobody else, they
// mean that one.

// described is whom such words mean, at the beginning of ts; nobody: they are none.
func (a *article) described(ts []lang.Word) voice {
	const most = 3 // words
	if len(ts) < 2 || !a.definite(ts[0].Text) {
		return nobody
	}
	g, noun, aged := a.articleGender(ts[0].Text), 0, false // aged: or of a country
	for _, t := range ts[1:] {
		if t.Segment != ts[0].Segment || a.preposition(t.Text) || noun > 0 && (barriers[t.Text] || hearers[t.Text]) || a.article(t.Text) || adverbs[t.Text] || lead[t.Text] {
			break
		}
		if noun++; noun > most || t.Possessive || a.isName(t.Text) || owners[t.Text] ||
			anyOf(t.Text, relatives, servants, strangers, spokes, offices, documents, things, hearers, firms, bodies, notes, barriers, pronouns, saying, houses, places, negations, plurals) ||
			anyOf(t.Text, callings...) && slices.ContainsFunc(a.cast, func(f figure) bool { return f.does([]string{t.Text}) }) || titles[t.Text] && !anyOf(t.Text, callings...) || lawyer(t.Text) {
			return nobody // a list knows it, and what it knows of it is asked elsewhere
		}
		aged = aged || strings.ContainsFunc(t.Text, unicode.IsDigit)
		if t.Capital && noun == 1 && a.tongue() != "de" {
			noun, aged = most, true // "de Tsjech", "the Czech"
		}
	}
	if noun == 0 || slices.ContainsFunc(ts[:min(noun+1, len(ts))], func(t lang.Word) bool { return theirs[t.Text] }) || a.tongue() == "en" && strings.HasSuffix(ts[min(noun, len(ts)-1)].Text, "s") && !aged {
		return nobody
	}
	if a.opening && !aged { // somebody new may speak
		return nobody
	}
	return a.inFocus(a.paragraph, g)
}

// lawyer reports a word for one.
func lawyer(w string) bool {
	return slices.ContainsFunc(lawyers, func(stem string) bool { return strings.HasPrefix(w, stem) })
}

// inFocus is the one person whom a paragraph is about; nobody: none, or more are told of.
func (a *article) inFocus(text string, g gender) voice {
	if !lang.HasWord(text) {
		return nobody
	}
	s := a.sceneOf(text)
	switch {
	case s.strangers || len(s.persons) > 1:
		return nobody
	case len(s.persons) == 1 && s.persons[0] == s.subject && a.mayBe(s.subject, g):
		return s.subject
	case s.house != nobody:
		return nobody
	case len(s.persons) == 0 && a.last >= 0 && a.spokeHere && !a.cast[a.last].group && a.mayBe(a.last, g):
		return a.last
	}
	return nobody
}

// definite reports an article of the language of the text that is one of a single person.
func (a *article) definite(w string) bool {
	return slices.Contains(definites[a.tongue()], w)
}

var definites = map[string][]string{
	"en": {"the"}, "de": {"der", "die"}, "nl": {"de"}, "fr": {"le", "la", "l"}, "es": {"el", "la"}, "pt": {"o", "a"}, "it": {"il", "la", "lo", "l"},
}

// articleGender is what the article tells of whom it stands before.
func (a *article) articleGender(w string) gender {
	switch w {
	case "la", "die", "a":
		return woman
	case "le", "der", "el", "o", "il", "lo":
		return man
	}
	return either
}
