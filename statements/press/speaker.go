package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// led finds the voice in words that lead to a quotation: "Reyes said: ".
func (a *article) led(c clause, words string) voice {
	ts := c.words
	if len(ts) == 0 {
		return nobody
	}
	verb := c.verb()
	if v := a.attributed(ts); v != nobody {
		return v
	}
	if a.fromNote(ts) {
		return a.houseNear()
	}
	for i := range ts { // "According to Reyes, "
		n := phraseAt(accordingTo, ts, i)
		if n == 0 || !beginsSentence(ts, i) {
			continue
		}
		if verb > i+n && verb < len(ts) && !begins(ts, verb) && a.nested(clause{c.text[ts[i+n-1].End:], nil}, 0) {
			return someone
		}
		if verb > i+n && len(a.mentions(ts[i+n:verb])) > 1 {
			return someone // "According to Reyes, Lind said"
		}
		return a.behind(ts, i+n, true)
	}
	if v := a.related(c, verb); v != nobody {
		return v
	}
	if v := a.quotedAs(ts); v != nobody {
		return v
	}
	if v := a.byMouth(ts); v != nobody {
		return v
	}
	if a.asTheySay(ts) {
		return pronoun
	}
	if verb < 0 {
		return a.verbless(c)
	}
	if a.tongue() == "he" && a.plural(ts[verb].Text) {
		if v := a.fromHouse(ts); v >= 0 {
			return v
		}
	}
	if !c.hands(verb, words) {
		return someone
	}
	verb = c.joined(verb)
	if quoting[ts[verb].Text] {
		return someone
	}
	if participles[ts[verb].Text] && !saying[ts[verb].Text] {
		if i := slices.IndexFunc(ts[:verb], func(t lang.Word) bool { return saying[t.Text] }); i < 0 || !c.isVerb(i) {
			return a.first(ts[:verb])
		} else if !a.nested(c, i) {
			return a.subject(ts[:verb], i) // "وردت لوسيا مورينو قائلة:"
		}
		return someone
	}
	if a.nested(c, verb) {
		return someone
	}
	v := a.subject(ts, verb)
	if v == someone && joints[ts[max(verb-1, 0)].Text] && verb > 1 { // "Reyes leaned over and whispered:"
		return a.first(ts[:verb-1])
	}
	if v == nobody && a.verbBetween(ts, verb) || v < 0 && (a.leftOut(ts, verb) || a.onlyThat(ts, verb)) {
		return pronoun // "La empresa, subrayó, “…”", "Escribió en X:"
	}
	if v == someone {
		v = a.inWhich(ts, verb)
	}
	if v == nobody && len(a.mentions(ts)) == 0 && !slices.ContainsFunc(ts, func(t lang.Word) bool { return a.role(t.Text) && t.Text != ts[verb].Text }) {
		return pronoun // "وأضافت:": some languages leave it out
	}
	return v
}

// related is the person right behind whose name a clause begins that hands over to the
// quotation: "…, Reyes, who told reporters", "l'avocat Hale, pour qui l'affaire relève".
func (a *article) related(c clause, verb int) voice {
	ts := c.words
	last := ts[len(ts)-1].Segment
	part := segment(ts, last)
	if last == 0 || len(part) < 2 {
		return nobody
	}
	view := views[part[0].Text] && whose[part[1].Text]
	if !view && (!whose[part[0].Text] || verb < 0 || ts[verb].Segment != last || a.pronoun(part[1].Text)) || slices.ContainsFunc(part, func(t lang.Word) bool { return anyOf(t.Text, hearing, relatives, negations) && !a.smallWord(t.Text) }) {
		return nobody
	}
	for _, m := range a.mentions(part) {
		if !view && !m.object || m.who >= 0 && !a.cast[m.who].group {
			return nobody
		}
	}
	for head := last - 1; head >= 0; head-- {
		part := segment(ts, head)
		all := a.mentions(part)
		if len(all) == 0 || all[len(all)-1].end != len(part) {
			return nobody
		}
		m := all[len(all)-1]
		if m.who >= 0 && !a.cast[m.who].group && !m.owner && !m.object && !a.served(part, m) && !a.strangerBefore(part, m) {
			return m.who
		}
		if m.who < 0 || !a.cast[m.who].group || !anyOf(part[0].Text, articles, titles, indefinites) { // "Hale, l’avocat de Harbor Labs, pour qui"
			return nobody
		}
	}
	return nobody
}

// whose are the pronouns by which a clause says more of the person before it.
var whose = map[string]bool{
	"who": true, "quien": true, "qui": true, "quem": true, "die": true, "der": true, "den": true, "che": true, "cui": true, "wie": true,
	"który": true, "która": true, "którego": true, "której": true, "который": true, "которая": true, "которого": true, "которой": true, "який": true, "яка": true,
}

// leftOut reports, where subjects are left out, a verb behind a quotation that only when,
// where and to whom follow.
func (a *article) leftOut(ts []lang.Word, verb int) bool {
	if !slices.Contains([]string{"es", "pt", "it", "pl", "ar", "he", "ru", "uk"}, a.tongue()) || slices.ContainsFunc(ts[:verb], func(t lang.Word) bool { return !anyOf(t.Text, adverbs, auxiliaries, lead) }) || verb+1 >= len(ts) {
		return false
	}
	rest := segment(ts[verb+1:], ts[verb].Segment)
	if len(rest) == 0 || !a.preposition(rest[0].Text) || owners[rest[0].Text] || places[rest[0].Text] {
		return false
	}
	for _, m := range a.mentions(rest) {
		if m.who >= 0 || !m.object {
			return false
		}
	}
	return len(rest) == len(ts)-verb-1
}

// onlyThat reports, where subjects are left out, a clause that begins with a verb which is
// followed by "that": "وأوضح أن".
func (a *article) onlyThat(ts []lang.Word, verb int) bool {
	return slices.Contains([]string{"es", "pt", "it", "pl", "ar", "he"}, a.tongue()) && verb+1 < len(ts) && introduces[ts[verb+1].Text] && ts[verb+1].Segment == ts[verb].Segment && beginsSentence(ts, verb) &&
		!slices.ContainsFunc(a.mentions(ts), func(m mention) bool { return m.who >= 0 && !a.cast[m.who].group })
}

// quotedAs is who is told to be quoted by others, in the passive: "Reyes was quoted by the
// Standard as saying", and, in Arabic, "ونقلت الصحيفة عن رييس قولها".
func (a *article) quotedAs(ts []lang.Word) voice {
	for i, t := range ts {
		english := participles[t.Text] && i > 0 && ts[i-1].Text == "as" && a.tongue() == "en"
		if !english && !itsSaying[t.Text] {
			continue
		}
		all := a.mentions(ts[:i])
		if slices.ContainsFunc(ts[:i], func(t lang.Word) bool { return documents[t.Text] && t.Text != "صحيفة" || relatives[t.Text] }) || len(all) == 0 {
			return nobody
		}
		m := all[0]
		if english && (m.end >= i || !passives[ts[m.end].Text] || !slices.ContainsFunc(ts[m.end:i], func(t lang.Word) bool { return quoting[t.Text] }) || !a.allTitles(ts[:m.first])) {
			return nobody
		}
		if !english && (len(all) != 1 || all[0].end != i) {
			return nobody
		}
		if m.who >= 0 && !m.owner && !a.served(ts, m) && !a.strangerBefore(ts, m) {
			return m.who
		}
		return nobody
	}
	return nobody
}

// itsSaying are "his saying", "her saying".
var itsSaying = map[string]bool{"قوله": true, "قولها": true, "قولهم": true}

// asTheySay reports, where subjects are left out, a beginning that says no more than that
// somebody says what follows: "Jak dodaje, koncern", "Según explica, la empresa".
func (a *article) asTheySay(ts []lang.Word) bool {
	first := segment(ts, ts[0].Segment)
	return len(first) == 2 && len(first) < len(ts) && asThey[first[0].Text] && saying[first[1].Text] && !slices.ContainsFunc(a.mentions(ts), func(m mention) bool { return m.who >= 0 && !a.cast[m.who].group })
}

var asThey = map[string]bool{"jak": true, "como": true, "come": true, "segun": true, "как": true, "як": true}

// inWhich is, where subjects are left out, whose text it is in which something is said:
// "Reyes respondió con un comunicado en el que tacha la demanda de".
func (a *article) inWhich(ts []lang.Word, verb int) voice {
	if !slices.Contains([]string{"es", "pt", "it", "pl", "ru", "uk"}, a.tongue()) {
		return someone
	}
	for k := verb - 1; k > 1 && ts[k].Segment == ts[verb].Segment && k >= verb-3; k-- {
		at := k - 1
		if a.article(ts[at].Text) {
			at--
		}
		if at < 1 || !insides[ts[at].Text] || !introduces[ts[k].Text] && !whose[ts[k].Text] && !which[ts[k].Text] {
			continue
		}
		for i := at - 1; i >= 0; i-- {
			if !saying[ts[i].Text] || ts[i].Capital && i > 0 {
				continue
			}
			return a.subject(ts[:at], i)
		}
		return a.first(ts[:at])
	}
	return someone
}

var which = map[string]bool{"cual": true, "qual": true, "quale": true, "cui": true, "ktorym": true, "ktorej": true, "котором": true, "которои": true, "якому": true, "якіи": true}

// verbBetween reports, where subjects are left out, a verb that is all that commas
// hold, or that stands behind nothing but "as".
func (a *article) verbBetween(ts []lang.Word, verb int) bool {
	if !slices.Contains([]string{"es", "pt", "it", "pl"}, a.tongue()) || slices.ContainsFunc(a.mentions(ts), func(m mention) bool { return m.who < 0 || !a.cast[m.who].group }) {
		return false
	}
	return !slices.ContainsFunc(segment(ts, ts[verb].Segment), func(t lang.Word) bool {
		return t.Text != ts[verb].Text && !anyOf(t.Text, adverbs, auxiliaries, lead)
	})
}

// attributed finds words that say whose the quotation is, in a clause that leads to it:
// "heeft volgens Reyes “…”", "По её словам, покупатель".
func (a *article) attributed(ts []lang.Word) voice {
	if all := a.mentions(ts); len(all) > 0 && all[0].owner && all[0].who >= 0 && all[0].first == 1 && insides[ts[0].Text] && all[0].end < len(ts) && tellings[ts[all[0].end].Text] {
		return all[0].who // "In Reyes's telling, the line “…”"
	}
	for i := range ts {
		if n := phraseAt(inHerWords, ts, i); n > 0 && (beginsSentence(ts, i) || i+n == len(ts)) {
			if len(a.mentions(ts[i+n:])) > 0 && slices.ContainsFunc(ts[i+n:], func(t lang.Word) bool { return saying[t.Text] }) {
				return someone
			}
			return pronoun
		}
		n := phraseAt(accordingTo, ts, i)
		if n == 0 || i+n >= len(ts) || i == 0 {
			continue
		}
		rest := ts[i+n:]
		if all := a.mentions(a.unbent(rest)); len(all) == 1 && all[0].first == 0 && all[0].end == len(rest) && !all[0].owner {
			return all[0].who
		}
	}
	return nobody
}

// beginsSentence reports that nothing but conjunctions and the like stands before
// word i.
func beginsSentence(ts []lang.Word, i int) bool {
	return !slices.ContainsFunc(ts[:i], func(t lang.Word) bool { return !anyOf(t.Text, barriers, lead, adverbs) })
}

// verbless finds the voice where no verb of saying leads: "Reyes zufolge", "Reyes:",
// "Reyes was brief:", "And further:".
func (a *article) verbless(c clause) voice {
	ts := c.words
	for i := range ts {
		if phraseAt(accordingly, ts, i) > 0 {
			return a.ahead(ts, i, true)
		}
	}
	end := strings.TrimRight(c.text, " \n\u00a0>")
	colon := strings.HasSuffix(end, ":") || strings.HasSuffix(end, "：")
	if n := phraseAt(further, ts, 0); colon && n == len(ts) {
		return pronoun
	}
	if last := segment(ts, ts[len(ts)-1].Segment); (colon || last[0].Segment > 0) && so[last[0].Text] && len(last) > 1 { // "…, so Reyes:"
		if v := a.behind(last, 1, false); v != nobody {
			return v
		}
	}
	if v := a.topic(ts); colon && v >= 0 {
		return v
	}
	all := a.mentions(ts)
	if colon {
		if v := a.owned(ts, all); v != nobody {
			return v
		}
		if house, office := a.compound(ts[min(1, len(ts)-1)].Text); house >= 0 && spokes[office] && a.cast[house].party && a.indefinite(ts[0].Text) {
			return house // "Ein Northwind-Sprecher winkt ab:"
		}
	}
	if colon && len(all) > 1 && a.aboutOne(ts, all) {
		return a.sceneOf(c.text).subject
	}
	if len(all) == 0 || all[0].who < 0 || all[0].owner {
		return nobody
	}
	m, rest := all[0], ts[all[0].end:]
	if m.object || m.full && a.viewOf(ts, m) == 0 {
		if !colon && (a.viewOf(ts, m) != 0 || !views[ts[0].Text]) {
			return nobody
		}
		if !slices.ContainsFunc(all[1:], func(o mention) bool {
			return o.who < 0 && !o.object && !a.commonNoun(ts, o) || o.who >= 0 && !a.cast[o.who].group
		}) && a.viewOf(ts, m) >= 0 && (len(rest) == 0 && a.viewOf(ts, m) <= 1 || a.viewOf(ts, m) == 0 && rest[0].Segment > ts[m.first].Segment || slices.ContainsFunc(ts, func(t lang.Word) bool {
			return copulas[t.Text] || m.full && a.viewOf(ts, m) == 0 && auxiliaries[t.Text]
		})) {
			return m.who // "Per Lind la vicenda è chiara:"
		}
		return nobody
	}
	if v := a.marked(ts, end); v != nobody {
		return v
	}
	if colon && len(all) == 1 && !a.allTitles(ts[:m.first]) {
		return a.unlistedBefore(ts, m)
	}
	if !colon || !a.allTitles(ts[:m.first]) || a.strangerBefore(ts, m) {
		return nobody
	}
	if !slices.ContainsFunc(rest, func(t lang.Word) bool {
		return hearing[t.Text] || !a.article(t.Text) && !anyOf(t.Text, prepositions, titles) && !a.inHouse(ts, all[1:], t)
	}) {
		return m.who // "Reyes:", "Dana Reyes (Harbor Labs):"
	}
	if last := all[len(all)-1]; len(all) == 2 && m.who >= 0 && a.cast[m.who].group && last.end == len(ts) && a.allTitles(ts[m.end:last.first]) {
		return last.who // "Harbor Labs founder Dana Reyes:"
	}
	if len(all) > 1 && (all[1].who < 0 || !a.cast[all[1].who].group) {
		return nobody
	}
	if a.passive(ts, m.end) && slices.ContainsFunc(rest, func(t lang.Word) bool { return by[t.Text] }) {
		return nobody // "Reyes was greeted by"
	}
	if at := slices.IndexFunc(rest, func(t lang.Word) bool { return copulas[t.Text] }); at == 0 || at > 0 && rest[0].Segment != ts[m.end-1].Segment {
		return m.who
	}
	return a.unlistedBefore(ts, m)
}

// viewOf is the word before a name whose bearer's view of things is told: "Per la
// direttrice Reyes"; -1: none.
func (a *article) viewOf(ts []lang.Word, m mention) int {
	i := m.first - 1
	for i >= 0 && (ts[i].Segment == ts[m.first].Segment || m.full && ts[i].Segment == ts[m.first].Segment-1 && begins(ts, m.first)) && (a.isTitle(ts[i].Text) || a.article(ts[i].Text) || theirs[ts[i].Text]) {
		i-- // "Per il suo avvocato, Rafael Ortega, quello è"
	}
	if i < 0 || !views[ts[i].Text] {
		return -1
	}
	return i
}

// aboutOne reports a sentence that begins with one person of the case and tells of
// nobody else: what it hands over to is said by that one, whatever the verb is.
func (a *article) aboutOne(ts []lang.Word, all []mention) bool {
	said := -1
	for _, m := range all {
		switch {
		case m.who >= 0 && a.cast[m.who].group || m.object && m.who < 0:
		case m.who < 0 || m.owner || m.object || said >= 0:
			return false
		default:
			said = m.first
		}
	}
	if said < 0 || slices.ContainsFunc(ts, func(t lang.Word) bool {
		return !a.isName(t.Text) && (hearing[t.Text] || (anyOf(t.Text, negations, documents, relatives, servants, strangers, spokes, plurals, modals, hedges) || conditions[t.Text] && (t.Text != "se" || a.tongue() == "it")) && !a.article(t.Text) || a.pronoun(t.Text) && !a.article(t.Text))
	}) {
		return false
	}
	return !slices.ContainsFunc(ts[:said], func(t lang.Word) bool {
		return !anyOf(t.Text, titles, lead, adverbs, firms, prepositions, owners) && !a.offices()[t.Text] && !a.article(t.Text) && !slices.ContainsFunc(all, func(m mention) bool { return ts[m.first].Start <= t.Start && t.End <= ts[m.end-1].End })
	})
}

// byMouth is by whom a house says what a clause leads to: "Harbor Labs laat bij monde van
// Reyes weten dat".
func (a *article) byMouth(ts []lang.Word) voice {
	for _, m := range a.mentions(ts) {
		for i := m.first - 1; i > 0 && ts[i].Segment == ts[m.first].Segment && m.first-i <= 4; i-- {
			if mouths[ts[i-1].Text] && (a.preposition(ts[i].Text) || genitives[ts[i].Text]) && m.who >= 0 && !a.cast[m.who].group && !m.owner {
				return m.who
			}
			if !a.isTitle(ts[i].Text) && !a.article(ts[i].Text) {
				break
			}
		}
	}
	return nobody
}

// mouths are those by which somebody speaks for another.
var mouths = map[string]bool{"monde": true, "voix": true, "bouche": true, "boca": true, "voz": true, "bocca": true, "voce": true, "ustami": true, "устами": true, "вустами": true}

// owned is whose text leads to a quotation: "Reyes's reply came by email:", "Her last post
// reads:".
func (a *article) owned(ts []lang.Word, all []mention) voice {
	const near = 3 // words between an owner and the text
	at := slices.IndexFunc(ts, func(t lang.Word) bool { return notes[t.Text] })
	if at < 1 || slices.ContainsFunc(ts, func(t lang.Word) bool { return documents[t.Text] || hearing[t.Text] || negations[t.Text] }) {
		return nobody
	}
	if len(all) > 0 && all[0].owner && all[0].first == 0 && all[0].who >= 0 && at-all[0].end < near {
		return all[0].who
	}
	if theirs[ts[0].Text] && at <= near && !slices.ContainsFunc(all, func(m mention) bool { return m.who >= 0 }) {
		return pronoun
	}
	return nobody
}

// marked is the one who bears the mark of a subject in a clause that hands over to a
// quotation, whatever its verb: Hindi.
func (a *article) marked(ts []lang.Word, end string) voice {
	if !strings.HasSuffix(end, ",") && !strings.HasSuffix(end, ":") && !introduces[ts[len(ts)-1].Text] || !slices.ContainsFunc(ts, func(t lang.Word) bool { return markers[t.Text] }) {
		return nobody
	}
	if v := a.subjectOf(ts); v >= 0 {
		return v
	}
	return nobody
}

// inHouse reports a word of the name of a house.
func (a *article) inHouse(ts []lang.Word, all []mention, t lang.Word) bool {
	return slices.ContainsFunc(all, func(m mention) bool {
		return m.who >= 0 && a.cast[m.who].group && ts[m.first].Start <= t.Start && t.End <= ts[m.end-1].End
	})
}

// first is whom a sentence begins with: the subject of a participle at its end.
func (a *article) first(ts []lang.Word) voice {
	all := a.mentions(ts)
	if len(all) == 0 {
		if len(ts) > 0 && pronouns[ts[0].Text] {
			return pronoun
		}
		return someone
	}
	if at := slices.IndexFunc(ts, func(t lang.Word) bool { return a.sheOrHe(t.Text) }); at == 0 || at > 0 && at < all[0].first && beginsSentence(ts, at) {
		return pronoun // "She had a message for Lind, saying"
	}
	var subjects []mention
	for _, m := range all {
		if !m.object && !m.owner {
			subjects = append(subjects, m)
		}
	}
	if len(subjects) == 0 {
		return someone
	}
	m := subjects[0]
	if !a.allTitles(a.withoutWhen(ts[:m.first])) && !(a.tongue() == "ar" && a.oneVerb(ts[:m.first])) || m.who < 0 || a.strangerBefore(ts, m) {
		return someone
	}
	if len(subjects) > 1 && (a.office(ts, m) || a.cast[m.who].group && a.allTitles(ts[m.end:subjects[1].first])) {
		m = subjects[1] // "Harbor Labs founder Dana Reyes"
	}
	for _, next := range subjects {
		if next != m && next.who != m.who && next.first > m.end && m.end < len(ts) && barriers[ts[m.end].Text] {
			return someone
		}
	}
	return m.who
}

// trailed finds the voice in words behind a quotation: ", Reyes said".
func (a *article) trailed(c clause, words string) voice {
	ts := c.words
	if v := a.signed(c); v != nobody {
		return v
	}
	if v := a.ofNote(ts); v != nobody {
		return v
	}
	for i, t := range ts {
		if n := phraseAt(inHerWords, ts, i); n == len(ts) || n > 0 && i == 0 && ts[n].Segment > ts[0].Segment {
			return pronoun
		}
		if n := phraseAt(accordingTo, ts, i); n > 0 && (i == 0 || anyOf(ts[i-1].Text, adverbs, lead)) {
			return a.behind(ts, i+n, true)
		}
		if phraseAt(accordingly, ts, i) > 0 {
			return a.ahead(ts, i, true)
		}
		if i == 0 && so[t.Text] && len(ts) > 1 {
			if v := a.behind(ts, 1, false); v != someone {
				return v
			}
		}
		if !c.isVerb(i) || participles[t.Text] && !saying[t.Text] {
			continue
		}
		if first := ts[0]; first.Segment == t.Segment && verbStart(ts, i) > 0 && (barriers[first.Text] && !determined(first.Text) || a.preposition(first.Text) && !determined(first.Text)) && !pronouns[ts[verbStart(ts, i)-1].Text] {
			return a.ofHouse(ts, i, nobody) // a sentence of its own
		}
		if a.toldOn(c, i) || quoting[t.Text] {
			return someone
		}
		if a.leftOut(ts, i) {
			return pronoun // "«…», zanjó ante los analistas"
		}
		return a.subject(ts, i)
	}
	return a.unlisted(c, words)
}

// fromNote reports words that give a quotation to a text of somebody named before: "In
// einer Mitteilung heißt es".
func (a *article) fromNote(ts []lang.Word) bool {
	at := slices.IndexFunc(ts, func(t lang.Word) bool { return notes[t.Text] })
	return at > 0 && at <= 2 && insides[ts[0].Text] && !slices.ContainsFunc(a.mentions(ts), func(m mention) bool { return m.who >= 0 || !m.object && !a.commonNoun(ts, m) }) &&
		slices.ContainsFunc(ts, func(t lang.Word) bool { return runs[t.Text] }) && slices.ContainsFunc(ts, func(t lang.Word) bool { return nobodies[t.Text] })
}

// ofNote finds whose text it is that reads so: "reads a statement by Reyes".
func (a *article) ofNote(ts []lang.Word) voice {
	ts = a.unbent(ts)
	in := func(set map[string]bool) func(lang.Word) bool { return func(t lang.Word) bool { return set[t.Text] } }
	at, verb := slices.IndexFunc(ts, in(notes)), slices.IndexFunc(ts, in(runs))
	if at < 0 || verb < 0 || verb > 2 || at == verb {
		return nobody
	}
	all := a.mentions(ts)
	if len(all) == 0 && at == 1 && (a.article(ts[0].Text) || theirs[ts[0].Text]) && verb == at+1 && verb == len(ts)-1 {
		return pronoun // "the post reads"
	}
	if len(all) != 1 || all[0].who < 0 || all[0].owner != (all[0].end == at) || all[0].first > at+2 || slices.ContainsFunc(ts, func(t lang.Word) bool {
		return pronouns[t.Text] && !nobodies[t.Text] || a.role(t.Text) && !firms[t.Text]
	}) {
		return nobody
	}
	return all[0].who
}

// signed finds a name that stands alone behind a quotation: "(Reyes)", "— Dana Reyes".
func (a *article) signed(c clause) voice {
	first := firstRune(strings.TrimLeftFunc(c.text, unicode.IsSpace))
	if len(c.words) == 0 || first != '(' && first != '（' && !lang.Dash(first) {
		return nobody
	}
	all := a.mentions(c.words)
	if len(all) == 1 && all[0].first == 0 && all[0].end == len(c.words) && !all[0].owner {
		return all[0].who
	}
	const few = 3 // words of an office behind the name
	if rest := c.words; len(all) == 1 && all[0].first == 0 && !all[0].owner && lang.Dash(first) && len(rest)-all[0].end <= few && rest[all[0].end].Segment > rest[0].Segment && !a.secondHand(clause{}, c) && !slices.ContainsFunc(rest, func(t lang.Word) bool { return saying[t.Text] }) {
		return all[0].who // "— Harbor Labs, press office"
	}
	return nobody
}

// verbAlone reports words that begin with a verb of saying and name nobody behind it.
func (a *article) verbAlone(ts []lang.Word) bool {
	verb := slices.IndexFunc(ts, func(t lang.Word) bool {
		return !anyOf(t.Text, auxiliaries, adverbs) && !(a.tongue() == "tr" && (strings.HasSuffix(t.Text, "gini") || strings.HasSuffix(t.Text, "gunu"))) || saying[t.Text]
	})
	if verb < 0 || !saying[ts[verb].Text] || ts[verb].Segment != ts[0].Segment {
		return false
	}
	rest := segment(ts, ts[0].Segment)[verb+1:]
	if s := lang.ScriptOf(firstRune(ts[verb].Text)); s == lang.Arabic || s == lang.Hebrew { // any word may be a name
		return !slices.ContainsFunc(rest, func(t lang.Word) bool { return !anyOf(t.Text, adverbs, hearers, lead) })
	}
	return len(rest) == 0 || len(a.mentions(rest)) == 0 && !slices.ContainsFunc(rest, func(t lang.Word) bool {
		return t.Capital || a.role(t.Text) || pronouns[t.Text] && !articles[t.Text] || a.preposition(t.Text) || a.article(t.Text) || barriers[t.Text]
	})
}

// nearest finds the subject in the last segment that names anybody.
func (a *article) nearest(ts []lang.Word) voice {
	if first := segment(ts, ts[0].Segment); a.tongue() == "tr" && len(first) < len(ts) { // "Reyes, Çek televizyonuna yaptığı açıklamada"
		all := slices.DeleteFunc(a.mentions(ts), func(m mention) bool { return m.owner || m.who >= 0 && a.cast[m.who].group })
		last := ts[len(ts)-1]
		if len(all) > 0 && all[0].who >= 0 && !all[0].owner && all[0].end == len(first) && a.allTitles(first[:all[0].first]) && !last.Capital &&
			!slices.ContainsFunc(all[1:], func(m mention) bool {
				_, end, _ := strings.Cut(ts[m.end-1].Text, "'")
				return m.who >= 0 && !a.cast[m.who].group || m.end-m.first > 1 && !strings.HasSuffix(end, "a") && !strings.HasSuffix(end, "e") || m.end == len(ts)
			}) {
			return all[0].who
		}
	}
	if tongue := a.tongue(); (tongue == "de" || tongue == "nl") && ts[0].Segment == ts[len(ts)-1].Segment { // "Reyes hatte die Klage als „…“ bezeichnet"
		if all := a.mentions(ts); len(all) > 0 && all[0].end < len(ts) && auxiliaries[ts[all[0].end].Text] && !slices.ContainsFunc(ts, func(t lang.Word) bool { return negations[t.Text] }) {
			return a.first(ts)
		}
	}
	for n := len(ts); n > 0; {
		segment := ts[n-1].Segment
		part := append(slices.Clip(ts[:n]), lang.Word{Segment: segment})
		if v := a.topic(inSegment(ts[:n], segment)); v >= 0 {
			return v
		}
		if v := a.ahead(part, n, false); v != someone || len(a.mentions(inSegment(ts[:n], segment))) > 0 {
			return v
		}
		n = slices.IndexFunc(ts, func(t lang.Word) bool { return t.Segment == segment })
	}
	return someone
}

// topic is the one person that a clause of Turkish begins with, where the verb ends
// the sentence and much may stand between.
func (a *article) topic(ts []lang.Word) voice {
	if a.tongue() != "tr" {
		return nobody
	}
	all := slices.DeleteFunc(a.mentions(ts), func(m mention) bool { return m.owner || strings.Contains(ts[m.end-1].Text, "'") })
	const office = 2 // words
	if len(all) == 2 && all[0].who >= 0 && a.cast[all[0].who].group && all[1].who >= 0 && !a.cast[all[1].who].group && all[1].full && all[1].first-all[0].end <= office {
		all = all[1:] // "Harbor Labs CEO'su Dana Reyes"
	}
	if len(all) == 0 || all[0].who < 0 || slices.ContainsFunc(all[1:], func(m mention) bool { return m.who != all[0].who }) {
		return nobody
	}
	m := all[len(all)-1]
	if m.end < len(ts) && (a.preposition(ts[m.end].Text) || a.cast[m.who].group && !mayFollow(ts[m.end].Text)) {
		return nobody
	}
	if len(all) > 1 || slices.ContainsFunc(ts[m.end:], func(t lang.Word) bool { return a.role(t.Text) || conditions[t.Text] || t.Capital }) {
		return nobody
	}
	return m.who
}

// subject finds who does the saying of a verb.
func (a *article) subject(ts []lang.Word, verb int) voice {
	if v := a.invertedBefore(ts, verb); v != nobody {
		return v
	}
	if tongue := a.tongue(); (tongue == "de" || tongue == "nl") && verb > 0 && verb+1 < len(ts) && a.sheOrHe(ts[verb+1].Text) && ts[verb+1].Segment == ts[verb].Segment {
		if slices.ContainsFunc(a.mentions(ts[:verb]), func(m mention) bool { return m.who >= 0 && !a.cast[m.who].group }) {
			return someone // "Reyes warf er vor": the object
		}
		return pronoun
	}
	if tongue := a.tongue(); (tongue == "de" || tongue == "nl") && participial(ts[verb].Text) { // "Reyes heeft vrijdag voor de rechter gezegd dat"
		if all := a.mentions(ts[:verb]); len(all) > 0 && all[0].end < verb && auxiliaries[ts[all[0].end].Text] && ts[all[0].end].Segment == ts[verb].Segment && a.allTitles(ts[:all[0].first]) && !denied(ts, verb) {
			return a.first(ts[:verb])
		}
	}
	start := verbStart(ts, verb)
	for start > 0 && ts[start-1].Segment == ts[verb].Segment && a.toThem(ts[start-1].Text) { // "lui a répondu Reyes"
		start--
	}
	if start > 0 && ts[start-1].Segment == ts[verb].Segment {
		v := a.ahead(ts, start, false)
		if v >= 0 && !a.cast[v].group && plurals[ts[verb].Text] {
			return someone // "Рейес спросили": the object
		}
		if v == someone {
			v = a.ofHouse(ts, verb, v)
		}
		if v == someone && (a.onlyBefore(inSegment(ts[:start], ts[verb].Segment)) || a.objectBefore(inSegment(ts[:start], ts[verb].Segment), ts[verb+1:])) { // "On Monday said Reyes", "hier a dit Reyes"
			v = a.behind(ts, verb+1, false)
		}
		return v
	}
	if v := a.apposed(ts, verb); v != nobody {
		return v
	}
	// "Lind, who sued Reyes, said": the remark between the commas is skipped.
	for segment := ts[verb].Segment - 2; segment >= 0; segment-- {
		end := slices.IndexFunc(ts, func(t lang.Word) bool { return t.Segment > segment })
		if part := inSegment(ts[:end], segment); len(a.mentions(part)) > 0 {
			if house := a.ofHouse(ts, verb, someone); house >= 0 {
				return house
			}
			return a.ahead(append(slices.Clip(part), lang.Word{Segment: segment}), len(part), false)
		}
	}
	if ts[verb].Segment > 1 { // "El banco, que niega todo, recalcó en una nota que"
		if lead := segment(ts, ts[0].Segment); len(lead) > 1 && len(lead) <= 3 && a.article(lead[0].Text) && slices.ContainsFunc(lead, func(t lang.Word) bool { return firms[t.Text] }) {
			if v := a.holder(lead); v >= 0 {
				return v
			}
		}
	}
	if ts[verb].Segment > 1 && verb+1 >= len(ts) {
		return someone
	}
	if a.tongue() == "en" && verb > 0 && ts[verb].Segment > 1 {
		return someone // "One of his assistants, who left, described Reyes as"
	}
	v := a.behind(ts, verb+1, false)
	if v == someone || v == nobody {
		v = a.ofHouse(ts, verb, v)
	}
	if v >= 0 && telling[ts[verb].Text] && verb > 0 {
		return someone // "In court, told Reyes": the object
	}
	return v
}

// participial reports the form of a verb that German and Dutch put behind "has".
func participial(w string) bool {
	return strings.HasPrefix(w, "ge") || strings.HasPrefix(w, "er") || strings.HasPrefix(w, "be") || strings.HasPrefix(w, "ver")
}

// toThem reports a word before a verb for whom something is said to, where it is no subject.
func (a *article) toThem(w string) bool {
	return slices.Contains(datives[a.tongue()], w)
}

var datives = map[string][]string{
	"fr": {"lui", "leur", "nous", "vous", "m", "me", "y", "en"}, "es": {"le", "les", "nos", "me", "lo"}, "it": {"gli", "le", "ci", "mi", "lo"}, "pt": {"lhe", "lhes", "nos", "me"},
	"ru": {"ему", "ей", "им", "нам"}, "uk": {"йому", "їй", "їм", "нам"}, "pl": {"mu", "jej", "im", "nam"},
}

// invertedBefore finds a name right behind the verb where the subject goes there once
// something else begins the sentence: "Die Klage nannte Reyes „…“", "בתגובה אמרה רייס כי".
func (a *article) invertedBefore(ts []lang.Word, verb int) voice {
	tongue := a.tongue()
	if verb == 0 || !slices.Contains([]string{"de", "nl", "he", "ar"}, tongue) || slices.ContainsFunc(ts[:verb], func(t lang.Word) bool { return a.role(t.Text) && !firms[t.Text] || hearers[t.Text] }) {
		return nobody
	}
	rest := ts[verb+1:]
	all := a.mentions(rest)
	if len(all) == 0 || all[0].first > 0 || all[0].owner || all[0].who < 0 || a.cast[all[0].who].group || rest[0].Segment != ts[verb].Segment {
		return nobody
	}
	if end := all[0].end; len(all) > 1 || end < len(rest) && !introduces[rest[end].Text] || end == len(rest) && tongue != "de" && tongue != "nl" {
		return nobody
	}
	for _, m := range a.mentions(ts[:verb]) {
		if m.who >= 0 && !m.owner && !m.object {
			return nobody
		}
	}
	return all[0].who
}

// onlyBefore reports words before a verb of which none can be its subject: when,
// where and how.
func (a *article) onlyBefore(part []lang.Word) bool {
	if len(part) == 0 || slices.ContainsFunc(a.mentions(part), func(m mention) bool { return m.who >= 0 }) {
		return false
	}
	return !slices.ContainsFunc(a.withoutWhen(part), func(t lang.Word) bool { return !anyOf(t.Text, lead, adverbs, auxiliaries, so) || pronouns[t.Text] })
}

// objectBefore reports, in German and Dutch, words before a verb that are no subject where
// one with an article stands behind it: "Einen Rückzug schloss die Managerin aus".
func (a *article) objectBefore(part, behind []lang.Word) bool {
	return (a.tongue() == "de" || a.tongue() == "nl") && len(part) > 0 && len(behind) > 1 && (accusatives[part[0].Text] || a.preposition(part[0].Text)) && a.article(behind[0].Text) &&
		!slices.ContainsFunc(a.mentions(part), func(m mention) bool { return m.who >= 0 && !a.cast[m.who].group })
}

var accusatives = map[string]bool{"einen": true, "den": true, "dem": true, "keinen": true, "solchen": true, "diesen": true}

// apposed finds a name between commas right before a verb that tells who the one
// before it is: "Her lawyer, Priya Nair, called".
func (a *article) apposed(ts []lang.Word, verb int) voice {
	at := ts[verb].Segment
	name, who := segment(ts, at-1), segment(ts, at-2)
	all := a.mentions(name)
	if len(name) == 0 || len(who) == 0 || !slices.ContainsFunc(who, func(t lang.Word) bool { return a.role(t.Text) || firms[t.Text] }) &&
		!(len(all) == 1 && all[0].full && (a.article(who[0].Text) || determined(who[0].Text) || all[0].who >= 0 && servesPersons(a.cast[all[0].who].Role) && slices.Contains([]string{"he", "ar", "ru", "uk", "pl"}, a.tongue()) && !slices.ContainsFunc(who, func(t lang.Word) bool { return saying[t.Text] || relatives[t.Text] }))) {
		return nobody
	}
	if len(all) != 1 || all[0].first != 0 || all[0].end != len(name) || all[0].owner {
		return nobody
	}
	for _, m := range a.mentions(who) {
		if !m.object && !m.owner && !a.office(who, m) && !(m.who < 0 && a.commonNoun(who, m)) {
			return nobody
		}
	}
	if all[0].who < 0 && slices.ContainsFunc(who, func(t lang.Word) bool { return spokes[t.Text] }) {
		return a.spokesFor(who)
	}
	return all[0].who
}

// office reports a house behind what somebody does for it: "prezeska Harbor Labs".
func (a *article) office(ts []lang.Word, m mention) bool {
	at := m.first - 1
	for at >= 0 && ts[at].Segment == ts[m.first].Segment && (a.preposition(ts[at].Text) || owners[ts[at].Text] || at > 0 && anyOf(ts[at].Text, firms, bodies) && a.preposition(ts[at-1].Text)) {
		at--
	}
	return m.who >= 0 && a.cast[m.who].group && at >= 0 && ts[at].Segment == ts[m.first].Segment && anyOf(ts[at].Text, callings...) && !firms[ts[at].Text]
}

// verbStart is the first word of a verb: "ha detto".
func verbStart(ts []lang.Word, verb int) int {
	for verb > 0 && (auxiliaries[ts[verb-1].Text] || reflexives[ts[verb-1].Text]) && ts[verb-1].Segment == ts[verb].Segment {
		verb--
	}
	if verb > 1 && adverbs[ts[verb-1].Text] && auxiliaries[ts[verb-2].Text] && ts[verb-2].Segment == ts[verb].Segment { // "a toutefois assuré"
		return verbStart(ts, verb-1)
	}
	return verb
}

// reflexives belong to a verb: "s’est dit", "se declaró".
var reflexives = map[string]bool{"s": true, "se": true, "si": true}

func inSegment(ts []lang.Word, segment int) []lang.Word {
	first := slices.IndexFunc(ts, func(t lang.Word) bool { return t.Segment == segment })
	if first < 0 {
		return nil
	}
	return ts[first:]
}

// ahead finds the subject before word i, in the same segment. bent says that the
// name may have an ending there.
func (a *article) ahead(ts []lang.Word, i int, bent bool) voice {
	if i >= len(ts) {
		return someone
	}
	part := inSegment(ts[:i], ts[i].Segment)
	if bent {
		part = a.unbent(part)
	}
	v := a.subjectOf(part)
	if v == someone {
		if party := a.spokesFor(part); party >= 0 {
			return party
		}
		if remark := inSegment(ts[:i], ts[i].Segment+1); len(remark) > 0 { // "Tom Hale, a spokesman for Harbor Labs, said"
			return a.spokesFor(remark)
		}
	}
	return v
}

func (a *article) subjectOf(part []lang.Word) voice {
	all := a.mentions(part)
	subjects := slices.DeleteFunc(slices.Clone(all), func(m mention) bool { return m.object })
	if len(subjects) == 0 {
		at := slices.IndexFunc(part, func(t lang.Word) bool { return a.pronoun(t.Text) })
		told := at == 0 || at > 0 && (part[at-1].End == part[at].Start || !a.preposition(part[at-1].Text)) // "a-t-il", and not "a person close to it"
		if len(all) == 0 && told && !slices.ContainsFunc(part[at+1:], func(t lang.Word) bool { return !mayFollow(t.Text) && !places[t.Text] }) {
			return pronoun
		}
		if v := a.holder(part); v != someone {
			return v
		}
		if rest := a.withoutWhen(part); len(rest) > 0 && len(rest) < len(part) && len(all) == 0 {
			if v := a.holder(rest); v != someone {
				return v
			}
		}
		if v := a.described(part); v >= 0 && len(all) == 0 {
			return v
		}
		return someone
	}
	m := subjects[len(subjects)-1]
	if marked := slices.DeleteFunc(slices.Clone(all), func(m mention) bool { return m.end >= len(part) || !markers[part[m.end].Text] }); len(marked) > 0 {
		if len(marked) > 1 || marked[0].who < 0 || a.strangerBefore(part, marked[0]) {
			return someone
		}
		return marked[0].who // whatever stands between it and the verb
	}
	if a.tongue() == "tr" && m.end < len(part) && a.preposition(part[m.end].Text) { // they stand behind
		return someone
	}
	if slices.ContainsFunc(part[:m.first], func(t lang.Word) bool {
		return hearing[t.Text] && !a.smallWord(t.Text) && !a.foreign(t.Text) && !saying[t.Text]
	}) && m.first > 1 {
		return someone // "A witness heard Reyes say"
	}
	if m.who < 0 || m.owner || a.peopleOf(part, m) || a.served(part, m) || a.strangerBefore(part, m) || inRelative(part, m) {
		if m.owner && len(subjects) == 1 {
			return a.holder(part)
		}
		return someone
	}
	between := part[m.end:]
	if last := all[len(all)-1]; last.object && last.first == m.end+1 && !last.owner { // "Reyes of Harbor Labs said"
		between, all = part[last.end:], all[:len(all)-1]
	}
	if a.office(part, m) {
		return a.holder(part[:m.end])
	}
	if len(between) > 0 && a.cast[m.who].group && len(all) == 1 && !slices.ContainsFunc(between, func(t lang.Word) bool { return !titles[t.Text] && !a.offices()[t.Text] || adverbs[t.Text] }) {
		return a.holder(part) // "the Harbor Labs chief said"
	}
	if slices.ContainsFunc(a.withoutWhen(between), func(t lang.Word) bool { return !mayFollow(t.Text) }) {
		return someone
	}
	// "Harbor Labs founder Dana Reyes said", but not "Lind sued Reyes and said".
	if n := len(all); n > 1 && all[n-1] == m && !a.allTitles(part[all[n-2].end:m.first]) || n > 1 && all[n-1] != m && !all[n-1].object {
		return someone
	}
	return m.who
}

// peopleOf reports, in a script without capitals, a house behind a word for some of
// its people: "עובדי Harbor Labs".
func (a *article) peopleOf(ts []lang.Word, m mention) bool {
	if !a.cast[m.who].group || m.first == 0 || ts[m.first-1].Segment != ts[m.first].Segment {
		return false
	}
	s := lang.ScriptOf(firstRune(ts[m.first-1].Text))
	return (s == lang.Arabic || s == lang.Hebrew) && !anyOf(ts[m.first-1].Text, titles, firms, spokes, adverbs, lead, saying, prepositions, barriers)
}

// inRelative reports a name in a clause on somebody else: "the company that hired Lind".
func inRelative(part []lang.Word, m mention) bool {
	return m.first > 2 && slices.ContainsFunc(part[1:m.first-1], func(t lang.Word) bool { return relativePronouns[t.Text] })
}

var relativePronouns = map[string]bool{"who": true, "which": true, "that": true, "que": true, "qui": true, "che": true, "który": true, "która": true, "который": true, "которая": true}

// mayFollow reports words that may stand between a subject and its verb.
func mayFollow(w string) bool { return anyOf(w, adverbs, auxiliaries, lead, saying) }

// withoutWhen leaves out what tells when, where and to whom between a subject and
// its verb: "on Tuesday", "in an emailed statement".
func (a *article) withoutWhen(ts []lang.Word) (rest []lang.Word) {
	const longest = 4 // words behind the preposition
	for i := 0; i < len(ts); i++ {
		if !a.preposition(ts[i].Text) || owners[ts[i].Text] {
			if !strings.HasSuffix(ts[i].Text, "ly") {
				rest = append(rest, ts[i])
			}
			continue
		}
		for n := 0; n < longest && i+1 < len(ts) && !a.preposition(ts[i+1].Text) && !a.role(ts[i+1].Text) && !(n > 0 && firms[ts[i+1].Text]); n++ {
			i++
		}
	}
	return rest
}

// spokesFor is the party for whom somebody speaks who is nobody of the case: "a
// spokesman for Harbor Labs", "Harbor Labs spokesman Tom Hale".
func (a *article) spokesFor(part []lang.Word) voice {
	at := slices.IndexFunc(part, func(t lang.Word) bool { return spokes[t.Text] })
	if at < 0 {
		return someone
	}
	if at > 0 && bodies[part[at-1].Text] { // "a city spokesperson"
		return a.body([]string{part[at-1].Text})
	}
	for _, m := range a.mentions(part) {
		if m.who < 0 || !a.cast[m.who].party {
			continue
		}
		gap := part[min(at+1, len(part)):max(m.first, min(at+1, len(part)))]
		if m.end <= at {
			gap = part[m.end:at]
		}
		if m.first == at || slices.ContainsFunc(gap, func(t lang.Word) bool { return !anyOf(t.Text, prepositions, articles, owners, titles, firms) }) {
			continue
		}
		return m.who
	}
	if gap := slices.IndexFunc(part[at+1:], func(t lang.Word) bool { return firms[t.Text] }); gap > 0 && len(a.mentions(part)) == 0 && !slices.ContainsFunc(part[at+1:at+1+gap], func(t lang.Word) bool { return !anyOf(t.Text, prepositions, articles, owners) }) {
		return a.holder(part[at+1+gap : at+2+gap]) // "a spokeswoman for the operator"
	}
	return someone
}

// served reports a name behind the word for who serves its bearer. Where names are
// declined a full one in its first form is the servant's own.
func (a *article) served(ts []lang.Word, m mention) bool {
	if m.first == 0 || !servants[ts[m.first-1].Text] {
		return false
	}
	s := lang.ScriptOf(firstRune(ts[m.first].Text))
	return !m.full || a.cast[m.who].group || s != lang.Latin && s != lang.Cyrillic
}

// behind finds the subject from word i on: "said Reyes".
func (a *article) behind(ts []lang.Word, i int, bent bool) voice {
	if i >= len(ts) {
		return nobody
	}
	rest := segment(ts[i:], ts[i].Segment)
	if bent {
		rest = a.unbent(rest)
	}
	if nobodies[rest[0].Text] {
		if v := a.ofHouse(ts, i, someone); v >= 0 || !a.pronoun(rest[0].Text) {
			return v
		}
	}
	if a.pronoun(rest[0].Text) && !(articles[rest[0].Text] && len(rest) > 1 && namesSomebody(rest[1])) {
		return pronoun
	}
	if party := a.spokesFor(rest); party >= 0 && slices.IndexFunc(rest, func(t lang.Word) bool { return spokes[t.Text] }) <= spokesNear {
		if ms := a.mentions(rest); !slices.ContainsFunc(ms, func(m mention) bool { return m.who >= 0 && m.who != party }) {
			return party
		}
	}
	if len(rest) > 1 && len(rest) <= 3 && a.indefinite(rest[0].Text) && spokes[rest[1].Text] && len(ts) == i+len(rest) && len(a.mentions(rest[2:])) == 0 {
		if s := a.sceneOf(a.paragraph); s.house >= 0 {
			return s.house // "teilte eine Sprecherin mit", of the house of the sentence before
		}
	}
	for len(rest) > 1 && saying[rest[0].Text] { // "şeklinde konuşan Reyes"
		rest, i = rest[1:], i+1
	}
	if v := a.described(rest); v >= 0 && a.remark(ts[i+len(rest):]) == nobody {
		return v
	}
	all := a.mentions(rest)
	if len(all) > 0 && all[0].object && all[0].who < 0 {
		if v := a.holder(a.nounPhrase(rest)); v >= 0 {
			return v // "die Künstlerin vor Gericht"
		}
	}
	if len(all) > 1 && all[0].who >= 0 && a.cast[all[0].who].group && !a.allTitles(rest[:all[0].first]) && all[1].first == all[0].end && a.fullName(slices.Concat(rest[:all[0].first], rest[all[1].first:]), mention{first: all[0].first, full: all[1].full, who: all[1].who}) {
		return all[1].who // an office that is not known, its house and the name
	}
	if len(all) > 0 && (a.allTitles(a.withoutWhen(rest[:all[0].first])) || a.fullName(rest, all[0])) {
		m := all[0]
		if m.first > 0 && m.who >= 0 && (articles[rest[m.first-1].Text] && m.end < len(rest) && !anyOf(rest[m.end].Text, prepositions, adverbs, barriers) || a.served(rest, m)) {
			return someone // "said the Reyes camp", "сказал адвокат Рейес"
		}
		for _, next := range all[1:] { // "said Harbor Labs founder Dana Reyes"
			if slices.ContainsFunc(rest[m.end:next.first], func(t lang.Word) bool { return prepositions[t.Text] || barriers[t.Text] }) {
				break
			}
			m = next
		}
		if named := a.remark(ts[i+len(rest):]); named >= 0 && (m.object || a.office(rest, m)) {
			return named
		}
		if a.office(rest, m) {
			return a.holder(rest[:m.end])
		}
		if m.who >= 0 && !m.owner && !m.object && !a.strangerBefore(rest, m) {
			return m.who
		}
		if remark := ts[i+len(rest):]; m.who < 0 && !m.owner && len(remark) > 0 { // "said Tom Hale, a spokesman for Harbor Labs"
			return a.spokesFor(inSegment(remark, remark[0].Segment))
		}
		return someone
	}
	// "said the founder of Harbor Labs, Dana Reyes."
	if named := ts[i+len(rest):]; len(named) > 0 && a.headOf(rest, a.remark(named)) && (slices.ContainsFunc(rest, func(t lang.Word) bool { return a.role(t.Text) || firms[t.Text] }) || a.article(rest[0].Text) || len(a.nounPhrase(rest)) > 0 && a.article(a.nounPhrase(rest)[0].Text)) {
		if v := a.remark(named); v != nobody {
			return v
		}
	}
	if v := a.holder(a.nounPhrase(rest)); v >= 0 {
		return v
	}
	if len(rest) > 0 && a.allTitles(rest[:1]) || len(rest) > 0 && firms[rest[0].Text] {
		return a.holder(rest)
	}
	return someone
}

// headOf reports words for what somebody is who is named next, and not for one who belongs
// to that one: "el abogado de la consejera, Dana Reyes".
func (a *article) headOf(ts []lang.Word, who voice) bool {
	ts = a.nounPhrase(ts) // "con sorna el capitán"
	end := slices.IndexFunc(ts, func(t lang.Word) bool { return a.preposition(t.Text) || owners[t.Text] })
	if end < 0 {
		return true
	}
	role := func(t lang.Word) bool { return a.role(t.Text) || anyOf(t.Text, callings...) }
	head := ts[:end]
	switch {
	case slices.ContainsFunc(head, func(t lang.Word) bool { return relatives[t.Text] || strangers[t.Text] }):
		return false
	case slices.ContainsFunc(head, func(t lang.Word) bool { return lawyer(t.Text) || servants[t.Text] || spokes[t.Text] }):
		return who < 0 || servesPersons(a.cast[who].Role)
	}
	return slices.ContainsFunc(head, role) || !slices.ContainsFunc(ts[end:], role) || who >= 0 && servesPersons(a.cast[who].Role)
}

// nounPhrase is what a verb has behind it without when, where and to whom: "lunedì in aula
// l'artista", "мисткиня журналістам перед засіданням".
func (a *article) nounPhrase(ts []lang.Word) []lang.Word {
	const longest = 3 // words of a place
	for len(ts) > 0 && (anyOf(ts[0].Text, adverbs, lead) && !a.article(ts[0].Text) || a.preposition(ts[0].Text)) {
		n := 1
		if a.preposition(ts[0].Text) {
			for n < len(ts) && n < longest && !a.article(ts[n].Text) && ts[n].Text != "l" && !anyOf(ts[n].Text, callings...) {
				n++
			}
		}
		ts = ts[min(n, len(ts)):]
	}
	for i, t := range ts {
		if i > 0 && (a.preposition(t.Text) && !owners[t.Text] && !genitives[t.Text] || hearers[t.Text]) {
			return ts[:i]
		}
		if i > 0 && joints[t.Text] && i+1 < len(ts) && !a.article(ts[i+1].Text) && !a.role(ts[i+1].Text) && !ts[i+1].Capital { // "sagt der Gründer und lacht"
			return ts[:i]
		}
	}
	return ts
}

// fullName reports a name in full behind a verb and words for an office, of which none
// is known to be somebody else's: "وقال رئيس كيستريل توبياس هارتويل", "наголосила очільниця
// Harbor Labs Дана Рейєс".
func (a *article) fullName(ts []lang.Word, m mention) bool {
	const few = 4 // words
	if !m.full || m.who < 0 || a.cast[m.who].group || m.first > few {
		return false
	}
	arabic := lang.ScriptOf(firstRune(ts[m.first].Text)) == lang.Arabic
	if !arabic && lang.ScriptOf(firstRune(ts[m.first].Text)) == lang.Hebrew {
		return false
	}
	return !slices.ContainsFunc(ts[:m.first], func(t lang.Word) bool {
		return t.Capital || a.preposition(t.Text) || anyOf(t.Text, relatives, saying) || barriers[t.Text] && !a.article(t.Text) && !determined(t.Text) && !theirs[t.Text] || arabic && servants[t.Text] && !(m.first > 1 && firms[ts[m.first-1].Text]) || pronouns[t.Text] && !a.article(t.Text)
	})
}

// remark is the one whom the next segment names and nothing else; nobody: none.
func (a *article) remark(ts []lang.Word) voice {
	if len(ts) == 0 {
		return nobody
	}
	named := segment(ts, ts[0].Segment)
	if ms := a.mentions(named); len(ms) == 1 && ms[0].first == 0 && ms[0].end == len(named) && !ms[0].owner {
		return ms[0].who
	}
	return nobody
}

// namesSomebody reports a word behind an article that is no remark on when or
// where: folded, "dijo el abogado" and "dijo él ayer" begin alike.
func namesSomebody(t lang.Word) bool {
	return !lead[t.Text] && !adverbs[t.Text] && !prepositions[t.Text] && !articles[t.Text] && !places[t.Text]
}

// genitives are the prepositions between an office and its house.
var genitives = map[string]bool{"of": true, "von": true, "vom": true, "de": true, "du": true, "d": true, "del": true, "da": true, "do": true, "di": true, "della": true, "dell": true, "van": true}

// spokesNear is how far behind the verb a spokesman stands: "said a longtime spokesman".
const spokesNear = 4

// allTitles reports words that may stand between a verb, or an employer, and a name.
func (a *article) allTitles(ts []lang.Word) bool {
	return !slices.ContainsFunc(ts, func(t lang.Word) bool {
		if anyOf(t.Text, titles, honorifics, hearers, adverbs, lead, spokes, a.offices()) || a.article(t.Text) {
			return false
		}
		house, _ := a.compound(t.Text)
		return house < 0
	})
}

// ofHouse finds a house whose people speak without a name: "В Harbor Labs сообщили",
// "indique-t-on chez Harbor Labs".
func (a *article) ofHouse(ts []lang.Word, verb int, otherwise voice) voice {
	if a.tongue() == "he" || a.tongue() == "tr" { // "מהרבור נמסר", "Harbor Labs'dan yapılan açıklamada"
		if v := a.fromHouse(ts); v >= 0 && a.plural(ts[verb].Text) {
			return v
		}
	}
	impersonal := slices.ContainsFunc(ts, func(t lang.Word) bool { return nobodies[t.Text] }) || a.plural(ts[verb].Text)
	all := a.mentions(ts)
	if at := slices.IndexFunc(ts, func(t lang.Word) bool { return firms[t.Text] && !saying[t.Text] }); impersonal && at > 0 && !slices.ContainsFunc(all, func(m mention) bool { return m.who >= 0 || !a.commonNoun(ts, m) }) && a.behindPreposition(ts, at) { // "hieß es aus dem Konzern"
		if v := a.houseNear(); v >= 0 {
			return v
		}
	}
	if !impersonal || len(all) != 1 {
		return otherwise
	}
	m := all[0]
	for i := m.first - 1; i >= 0 && i >= m.first-2 && m.who >= 0 && a.cast[m.who].group && ts[i].Segment == ts[m.first].Segment; i-- {
		if houses[ts[i].Text] {
			return m.who
		}
		if !anyOf(ts[i].Text, firms, articles) && !genitives[ts[i].Text] && a.tongue() != "he" && !a.bare() {
			break
		}
	}
	return otherwise
}

// fromHouse is the house from which, by a sign that is written together with its name, something
// comes.
func (a *article) fromHouse(ts []lang.Word) voice {
	found := nobody
	for _, t := range ts {
		name, hebrew := strings.CutPrefix(t.Text, "מ")
		if base, end, ok := strings.Cut(t.Text, "'"); ok && (strings.HasPrefix(end, "d") || strings.HasPrefix(end, "t")) && strings.HasSuffix(end, "n") {
			name, hebrew = base, true
		}
		for i, f := range a.cast {
			if hebrew && f.group && slices.ContainsFunc(f.names, func(n []string) bool { return n[len(n)-1] == name }) {
				if found >= 0 && found != voice(i) {
					return someone
				}
				found = voice(i)
			}
		}
	}
	return found
}

// plural reports a verb that several do.
func (a *article) plural(w string) bool {
	if tongue := a.tongue(); saying[w] && (tongue == "es" && (strings.HasSuffix(w, "aron") || strings.HasSuffix(w, "ieron") || strings.HasSuffix(w, "eron")) || tongue == "pt" && (strings.HasSuffix(w, "aram") || strings.HasSuffix(w, "eram") || strings.HasSuffix(w, "iram"))) {
		return true
	}
	return plurals[w]
}

// strangerBefore reports, in a script without capitals, a word before a surname
// that may be the first name of another.
func (a *article) strangerBefore(ts []lang.Word, m mention) bool {
	if m.who < 0 || m.full || m.first == 0 || ts[m.first-1].Segment != ts[m.first].Segment {
		return false
	}
	r, _ := utf8.DecodeRuneInString(ts[m.first].Text)
	if unicode.IsUpper(unicode.ToUpper(r)) { // capitals tell
		return false
	}
	w := ts[m.first-1].Text
	return !anyOf(w, titles, honorifics, adverbs, lead, barriers, prepositions, saying, participles, auxiliaries, hearers, firms, introduces, owners, articles, spokes, callings[0], callings[1], callings[2]) && !unicode.IsDigit(firstRune(w))
}
