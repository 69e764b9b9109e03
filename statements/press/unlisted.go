package press

import (
	"slices"
	"strings"
	"unicode"

	"onrecord/statements/lang"
)

// No list holds all verbs by which people speak. Where a sentence is built as only
// such a sentence is, the verb need not be known: "“…,” Reyes thundered", "« … »,
// tonne Reyes", "Reyes tuona: «…»".

// unlisted finds the voice in words behind a quotation of which one may be a verb.
// It is asked when no known verb is among them.
func (a *article) unlisted(c clause, words string) voice {
	behind := strings.TrimLeftFunc(c.text, unicode.IsSpace)
	goesOn := strings.HasPrefix(behind, ",") || strings.HasPrefix(behind, "،") || lang.Dash(firstRune(behind))
	if words = strings.TrimRightFunc(words, unicode.IsSpace); !goesOn && !strings.ContainsAny(words[max(0, len(words)-1):], ",!?") || len(c.words) < 2 {
		return nobody
	}
	ts := segment(c.words, c.words[0].Segment)
	all := a.mentions(ts)
	if len(all) == 0 || all[0].who < 0 || all[0].owner || all[0].object || a.cast[all[0].who].group || len(all) > 1 && !all[1].object {
		return nobody
	}
	m := all[0]
	before, after := ts[:m.first], ts[m.end:]
	switch tongue := a.tongue(); {
	case m.first > 0 && tongue != "en" && a.oneVerb(before):
		return m.who
	case m.first == 0 && (tongue == "en" || tongue == "he" || tongue == "und" && lang.ScriptOf(firstRune(ts[0].Text)) == lang.Latin) && len(after) > 0 && a.mayBeVerb(after[0], tongue):
		return m.who
	}
	return nobody
}

// oneVerb reports words of which one may be a verb, and all others go with it or
// with the name behind it.
func (a *article) oneVerb(ts []lang.Word) bool {
	verbs := 0
	for _, t := range a.withoutWhen(ts) {
		switch {
		case anyOf(t.Text, adverbs, auxiliaries, lead), a.article(t.Text), t.Text == "sie" && a.tongue() == "pl", titles[t.Text] && verbs > 0:
		case a.mayBeVerb(t, a.tongue()):
			verbs++
		default:
			return false
		}
	}
	return verbs == 1
}

// verbEndings are how verbs end that a name without a case ending could follow as
// a genitive if they were nouns, or that English has.
var verbEndings = map[string][]string{
	"en": {"ed", "ought", "aid", "ept", "ung", "oke"},
	"pl": {"ł", "ła", "je", "ął", "ęła", "się"},
	"ru": {"л", "ла", "ет", "ит", "ёт", "лся", "лась", "ется", "ится", "в", "є", "ить", "вся"}, // and Ukrainian
}

// mayBeVerb reports a word in small letters of which nothing else is known.
func (a *article) mayBeVerb(t lang.Word, tongue string) bool {
	if t.Capital || t.Possessive || unicode.IsDigit(firstRune(t.Text)) || anyOf(t.Text, documents, hearers, hearing, notes) || a.role(t.Text) || firms[t.Text] ||
		anyOf(t.Text, prepositions, barriers, articles, indefinites, pronouns, negations, conditions, introduces, modals, hedges, copulas) {
		return false
	}
	switch {
	case lang.ScriptOf(firstRune(t.Text)) == lang.Cyrillic:
		tongue = "ru"
	case tongue == "und" && lang.ScriptOf(firstRune(t.Text)) == lang.Latin:
		tongue = "en"
	}
	endings := verbEndings[tongue]
	return len(endings) == 0 || slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(t.Text, lang.Fold(e)) })
}

// unlistedBefore finds the voice before a colon: a name and at most two words,
// or, where verbs stand in front, a word and a name.
func (a *article) unlistedBefore(ts []lang.Word, m mention) voice {
	const few = 2
	rest := ts[m.end:]
	if m.owner || m.object || slices.ContainsFunc(ts, func(t lang.Word) bool { return plurals[t.Text] || hearing[t.Text] }) {
		return nobody
	}
	known := func(t lang.Word) bool { return anyOf(t.Text, adverbs, auxiliaries, lead) }
	if a.allTitles(ts[:m.first]) && len(rest) > 0 && len(rest) <= few && slices.ContainsFunc(rest, func(t lang.Word) bool { return a.mayBeVerb(t, a.tongue()) }) &&
		!slices.ContainsFunc(rest, func(t lang.Word) bool { return !known(t) && !a.mayBeVerb(t, "") }) {
		return m.who
	}
	r := lang.ScriptOf(firstRune(ts[m.first].Text))
	if len(rest) == 0 && m.first > 0 && !a.cast[m.who].group && (r == lang.Arabic || r == lang.Hebrew || slices.Contains([]string{"es", "pt", "it", "fr"}, a.tongue())) {
		before := slices.Clone(ts[:m.first])
		before[0].Capital = false
		if a.oneVerb(before) {
			return m.who
		}
	}
	return nobody
}

// dropped reports words behind a quotation that are a verb and no subject, where a
// language leaves it out: «…», sentenció.
func (a *article) dropped(c clause) bool {
	behind := strings.TrimLeftFunc(c.text, unicode.IsSpace)
	if !strings.HasPrefix(behind, ",") && !lang.Dash(firstRune(behind)) || !slices.Contains([]string{"es", "pt", "it", "pl"}, a.tongue()) {
		return false
	}
	ts := segment(c.words, c.words[0].Segment)
	if len(ts) != len(c.words) || len(a.mentions(ts)) > 0 {
		return false
	}
	for len(ts) > 1 && (participles[ts[len(ts)-1].Text] || prepositions[ts[len(ts)-1].Text]) { // "limitou-se a dizer"
		ts = ts[:len(ts)-1]
	}
	return a.oneVerb(ts)
}

// framed finds the voice in a sentence of Turkish, which ends in its verb: "Reyes,
// “…” çıkıştı".
func (a *article) framed(before, after clause) voice {
	const few = 3 // words of the verb
	lead := strings.TrimRightFunc(before.text, unicode.IsSpace)
	if a.tongue() != "tr" || !strings.HasSuffix(lead, ",") || len(after.words) == 0 || len(after.words) > few || len(a.mentions(after.words)) > 0 {
		return nobody
	}
	all := a.mentions(before.words)
	if len(all) == 0 {
		return nobody
	}
	m := all[len(all)-1]
	if m.end != len(before.words) || m.who < 0 || m.owner || len(all) > 1 && !a.cast[max(all[0].who, 0)].group {
		return nobody
	}
	return m.who
}
