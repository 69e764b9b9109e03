package press

import (
	"maps"
	"slices"
	"strings"

	"onrecord/statements/lang"
)

// What stands for somebody who was named before: "she", "the chief executive", "the
// company".

// only is the one person a text speaks of; nobody when it names none.
func (a *article) only(text string) voice {
	ts := wordsOf(text)
	found, named, marked, upper := nobody, map[int]bool{}, 0, false
	for _, m := range a.mentions(ts) {
		for i := m.end - 1; i >= 0 && (i >= m.first || titles[ts[i].Text]); i-- {
			named[i] = true
		}
		for i := range a.introduction(ts, m) {
			named[m.first-1-i] = true
		}
		switch {
		case m.object || m.who >= 0 && a.cast[m.who].group || m.owner && m.who < 0 || m.who < 0 && a.commonNoun(ts, m):
			continue
		case m.who < 0 || m.owner || found >= 0 && found != m.who:
			return someone
		}
		found = m.who
		for i := range remarkOn(ts, m) { // "Reyes, the chief executive,", "Reyes is the founder"
			named[m.end+i] = true
		}
		if m.end < len(ts) && markers[ts[m.end].Text] {
			marked++
		}
	}
	if found == nobody {
		return nobody
	}
	for i, t := range ts {
		upper = upper || t.Capital
		if markers[t.Text] {
			marked--
		}
		if !named[i] && a.role(t.Text) && !firms[t.Text] {
			return someone
		}
	}
	if marked < 0 || !upper && !slices.ContainsFunc(ts, func(t lang.Word) bool { return markers[t.Text] }) {
		return someone // strangers cannot be seen
	}
	return found
}

// introduction is how many words before a full name tell what its bearer is, where a
// genitive may stand between: "Prezes klubu Petra Weiss".
func (a *article) introduction(ts []lang.Word, m mention) (n int) {
	const most = 4
	if !m.full || m.who < 0 || !a.bare() && a.tongue() != "ar" {
		return 0
	}
	for i := m.first - 1; i >= 0 && m.first-i <= most && ts[i].Segment == ts[m.first].Segment && !saying[ts[i].Text] && !a.preposition(ts[i].Text) && !anyOf(ts[i].Text, relatives, servants); i-- {
		n++
	}
	return n
}

// remarkOn are the words behind a name that tell who bears it.
func remarkOn(ts []lang.Word, m mention) []lang.Word {
	if m.end >= len(ts) {
		return nil
	}
	rest := segment(ts[m.end:], ts[m.end].Segment)
	tells := ts[m.end].Segment != ts[m.end-1].Segment && anyOf(rest[0].Text, articles, titles, indefinites) || copulas[rest[0].Text]
	if !tells {
		return nil
	}
	return rest
}

// role reports a word for a person who is not named.
func (a *article) role(w string) bool {
	return w != "l" && (a.offices()[w] || anyOf(w, titles, honorifics, servants, spokes, relatives, strangers) && !a.isName(w)) && !anyOf(w, articles, adverbs, barriers, prepositions, lead)
}

// holder is whom words for an office mean, "the chief executive", "Harbor Labs’
// founder": the one person of the case who holds it. "The company" is the house
// that the paragraph speaks of.
func (a *article) holder(ts []lang.Word) voice {
	ts = slices.DeleteFunc(slices.Clone(ts), func(t lang.Word) bool { return anyOf(t.Text, adverbs, auxiliaries, lead) && !titles[t.Text] })
	of := someone
	if all := a.mentions(ts); len(all) == 1 && all[0].who >= 0 && a.cast[all[0].who].group {
		m := all[0]
		of = m.who
		ts = slices.Concat(ts[:m.first], ts[m.end:])
	} else if len(all) > 0 {
		return someone
	}
	if len(ts) == 0 || a.indefinite(ts[0].Text) {
		return someone
	}
	var does []string
	for i, t := range ts {
		switch {
		case a.article(t.Text) || t.Text == "l" || owners[t.Text] || prepositions[t.Text] && of >= 0 || barriers[t.Text] && articles[t.Text]:
		case titles[t.Text] || firms[t.Text] || a.offices()[t.Text] || anyOf(t.Text, callings...):
			does = append(does, t.Text)
		case t.Possessive && of < 0 && a.houseWith(t.Text) >= 0: // "the dairy's boss"
			of = a.houseWith(t.Text)
		case hearers[t.Text] || places[t.Text]:
		case strings.Contains(t.Text, "-") && of == someone: // "Harbor-Labs-Chefin"
			house, office := a.compound(t.Text)
			if house < 0 {
				return someone
			}
			of, does = house, append(does, office)
		case of < 0 && genitives[t.Text] && len(does) > 0 && a.houseMeant(ts[i+1:]) >= 0: // "la directrice du musée", "la empresa de catering"
			return a.incumbent(does, a.houseMeant(ts[i+1:]))
		default:
			if len(does) == 0 {
				return someone
			}
			if insides[t.Text] { // "in a statement"
				return a.incumbent(does, of)
			}
			if house := a.houseWith(t.Text); of < 0 && house >= 0 { // "the catering company"
				of = house
				continue
			}
			if of < 0 && a.last >= 0 && !t.Capital && !a.preposition(t.Text) && a.cast[a.last].does(does) { // "le dirigeant suédois", who spoke last
				continue
			}
			return someone // "the founder of another house"
		}
	}
	return a.incumbent(does, of)
}

// compound parts a house from an office: "harbor-labs-chefin".
func (c cast) compound(word string) (house voice, office string) {
	parts := strings.Split(word, "-")
	for i, f := range c {
		for _, n := range f.names {
			if f.group && len(n) == len(parts)-1 && slices.Equal(n, parts[:len(n)]) {
				return voice(i), parts[len(n)]
			}
		}
	}
	return someone, ""
}

// incumbent is the one person who does what words say, for a house if one is named.
func (a *article) incumbent(does []string, of voice) voice {
	if len(does) == 0 {
		return someone
	}
	if body := a.body(does); body >= 0 {
		return body
	}
	if !slices.ContainsFunc(does, func(w string) bool { return !firms[w] }) {
		if of >= 0 {
			return of
		}
		return a.houseNear()
	}
	if house := a.spokenFor(does); house >= 0 {
		return house
	}
	var holders []voice
	for i, f := range a.cast {
		if !f.group && f.does(does) && (of < 0 || f.worksFor(a.cast[of])) {
			holders = append(holders, voice(i))
		}
	}
	switch {
	case len(holders) == 1:
		return holders[0]
	case slices.Contains(holders, a.last): // of several the one who has just spoken
		return a.last
	}
	return someone
}

// spokenFor is the house whose spokesman, who is not named, the paragraph has told of before
// "the spokesman".
func (a *article) spokenFor(does []string) voice {
	if len(does) != 1 || !spokes[does[0]] {
		return nobody
	}
	found := nobody
	for _, r := range lang.Sentences(a.paragraph) {
		ts := wordsOf(r.In(a.paragraph))
		all := a.mentions(ts)
		if slices.ContainsFunc(ts, func(t lang.Word) bool { return spokes[t.Text] }) && len(all) > 0 && !slices.ContainsFunc(all, func(m mention) bool { return m.who >= 0 && !a.cast[m.who].group }) {
			if v := a.spokesFor(ts); v >= 0 {
				found = v
			}
		}
	}
	return found
}

// onlyHouse is the house of a case that has one, where the paragraph tells of no other.
func (a *article) onlyHouse() voice {
	var houses, associations []voice // "the company" is no association where there is a company
	for i, f := range a.cast {
		switch {
		case !f.group:
		case f.isBody():
			associations = append(associations, voice(i))
		default:
			houses = append(houses, voice(i))
		}
	}
	if len(houses) == 0 {
		houses = associations
	}
	if len(houses) != 1 {
		return someone
	}
	ts := wordsOf(a.paragraph)
	if slices.ContainsFunc(a.mentions(ts), func(m mention) bool { return m.who < 0 && !m.object && !a.commonNoun(ts, m) }) {
		return someone
	}
	return houses[0]
}

// isBody reports a house whose name says that it is no company: an association, a city.
func (f figure) isBody() bool {
	return slices.ContainsFunc(lang.FoldedWords(f.Name), func(w string) bool { return bodies[w] && !firms[w] })
}

// houseMeant is the house that a word with or without an article stands for.
func (a *article) houseMeant(ts []lang.Word) voice {
	for len(ts) > 0 && (a.article(ts[0].Text) || ts[0].Text == "l") {
		ts = ts[1:]
	}
	if len(ts) != 1 {
		return nobody
	}
	if house := a.houseBeing(ts[0].Text); house >= 0 || !bodies[ts[0].Text] {
		return max(house, a.houseWith(ts[0].Text))
	}
	return nobody
}

// houseBeing is the one house whose name says, in whatever language, that it is such a
// body: "le musée", of a Pellworth Museum.
func (c cast) houseBeing(body string) voice {
	const stem = 2 // consonants
	bones, found := lang.Skeleton(body, "k"), nobody
	for i, f := range c {
		if !f.group || !slices.ContainsFunc(lang.FoldedWords(f.Name), func(w string) bool {
			own := lang.Skeleton(w, "k")
			return bodies[w] && len(bones) >= stem && len(own) >= stem && own[:stem] == bones[:stem]
		}) {
			continue
		}
		if found >= 0 {
			return someone
		}
		found = voice(i)
	}
	return found
}

// houseWith is the one house that has a word in its name.
func (c cast) houseWith(word string) voice {
	found := nobody
	for i, f := range c {
		if f.group && slices.Contains(lang.FoldedWords(f.Name), word) {
			if found >= 0 {
				return someone
			}
			found = voice(i)
		}
	}
	return found
}

// body is the one house that has such a word in its name: "the city", "the union".
func (a *article) body(does []string) voice {
	found := nobody
	for i, f := range a.cast {
		if f.group && len(does) == 1 && bodies[does[0]] && slices.Contains(lang.FoldedWords(f.Name), does[0]) {
			if found >= 0 {
				return someone
			}
			found = voice(i)
		}
	}
	return found
}

// does reports whether a person is known to do what words say, in whatever language.
func (f figure) does(words []string) bool {
	role := map[string]bool{}
	for _, w := range lang.FoldedWords(f.Role) {
		role[w] = true
	}
	maps.Copy(role, f.epithets)
	return !slices.ContainsFunc(words, func(w string) bool {
		if role[w] || indefinites[w] || firms[w] && !f.group {
			return false
		}
		for _, calling := range callings {
			if calling[w] {
				for r := range role {
					if calling[r] {
						return false
					}
				}
			}
		}
		return true
	})
}

// worksFor reports whether a person's role names a house.
func (f figure) worksFor(house figure) bool {
	ts := lang.Words(f.Role)
	for i := range ts {
		for _, n := range house.names {
			if lang.HasPhrase(ts, i, n) {
				return true
			}
		}
	}
	return false
}

// houseNear is the house that the paragraph has named so far: the one, or the one that
// its last sentence is about; or that the paragraph before it is about.
func (a *article) houseNear() voice {
	if a.house >= 0 {
		return a.house
	}
	for _, text := range []string{a.paragraph, a.paragraphs} {
		found, about := nobody, nobody
		for _, r := range lang.Sentences(text) {
			ts := wordsOf(r.In(text))
			first := true
			for _, m := range a.mentions(ts) {
				if m.who >= 0 && a.cast[m.who].group {
					if found == nobody || found == m.who {
						found = m.who
					} else {
						found = someone
					}
					if first && !m.object && !m.owner {
						about = m.who
					}
				}
				first = false
			}
		}
		switch {
		case found >= 0:
			return found
		case found == someone:
			if about >= 0 {
				return about
			}
			return someone
		case text == a.paragraph && a.last >= 0 && a.cast[a.last].group:
			return a.last
		}
	}
	return a.onlyHouse()
}
