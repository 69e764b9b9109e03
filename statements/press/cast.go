package press

import (
	"slices"
	"strings"
	"unicode"

	"onrecord"
	"onrecord/statements/lang"
)

// cast is who may speak in an article about a case.
type cast []figure

// figure is a person or party of the case with all that names it here.
type figure struct {
	onrecord.Person
	names    [][]string      // folded words
	glued    []string        // names in scripts without spaces, as they are written
	epithets map[string]bool // what the article says that the one is, where it gives the full name
	party    bool
	group    bool // no person: "he" is somebody else
}

// castOf gathers everyone of a case, by the names they are configured with and
// by the spellings that an article in another script introduces them with.
func castOf(c onrecord.Case, text string) cast {
	var all cast
	for i, p := range c.Everyone() {
		f := figure{Person: p, names: namesOf(p), party: i < len(c.Parties)}
		f.group = slices.ContainsFunc(lang.FoldedWords(p.Name), func(w string) bool { return companies[w] || groups[w] })
		for _, n := range append([]string{p.Name}, p.Aliases...) {
			if strings.ContainsFunc(n, glues) {
				f.glued = append(f.glued, n)
			}
		}
		all = append(all, f)
	}
	for i := range all { // whoever others work for is no person; but a person has a lawyer, too
		all[i].group = all[i].group || slices.ContainsFunc(c.People, func(p onrecord.Person) bool {
			return p.Name != all[i].Name && figure{Person: p}.worksFor(all[i]) && !(servesPersons(p.Role) && !all[i].housed())
		})
	}
	for i := range all {
		if all[i].group { // the last word of a house is no surname
			last := lang.FoldedWords(all[i].Name)
			all[i].names = slices.DeleteFunc(all[i].names, func(n []string) bool {
				return len(last) > 1 && len(n) == 1 && n[0] == last[len(last)-1] && !slices.ContainsFunc(all[i].Aliases, func(alias string) bool { return slices.Equal(lang.FoldedWords(alias), n) })
			})
		}
	}
	if !lang.ASCII(text) {
		all.matchTransliterations(text)
		all.matchGlosses(text)
	}
	return all
}

// servesPersons reports a role that people have for a person as for a house.
func servesPersons(role string) bool {
	return slices.ContainsFunc(lang.FoldedWords(role), func(w string) bool {
		return anyOf(w, spokes, servants, relatives, attendants) || lawyer(w)
	})
}

// attendants serve persons, as officers serve houses.
var attendants = map[string]bool{"agent": true, "publicist": true, "assistant": true, "aide": true, "adviser": true, "advisor": true, "manager": true, "doctor": true, "physician": true, "biographer": true, "guardian": true, "trustee": true, "executor": true, "heir": true, "representative": true, "attorney": true}

// housed reports a name of one word, or one that ends in a word of everyday, as houses
// have.
func (f figure) housed() bool {
	name := lang.FoldedWords(f.Name)
	return len(name) < 2 || ordinary[name[len(name)-1]]
}

// find returns the figure of a name.
func (c cast) find(name string) voice {
	return voice(slices.IndexFunc(c, func(f figure) bool { return f.Name == name })) // nobody when there is none
}

// namesOf are the name, the aliases and the surname of a person, in words.
func namesOf(p onrecord.Person) [][]string {
	var all [][]string
	for _, n := range append([]string{p.Name}, p.Aliases...) {
		ws := lang.FoldedWords(n)
		if len(ws) == 0 {
			continue
		}
		all = append(all, ws)
		if last := len(ws) - 1; last > 0 && companies[ws[last]] {
			all = append(all, ws[:last])
		}
	}
	if len(all) == 0 {
		return nil
	}
	if last := len(all[0]) - 1; last > 0 && !companies[all[0][last]] {
		first := last
		for first > 1 && particles[all[0][first-1]] {
			first--
		}
		if all = append(all, all[0][last:]); first < last {
			all = append(all, all[0][first:])
		}
	}
	return all
}

// glues reports letters of languages that are read by glued.go.
func glues(r rune) bool { return lang.ScriptOf(r).EastAsian() }

// offices are the words by which the roles of the case tell what its people do, and,
// of houses whose name says what they are, that word: "the mayor", "the city".
func (a *article) offices() map[string]bool {
	if a.does != nil {
		return a.does
	}
	a.does = map[string]bool{}
	a.readEpithets()
	for _, f := range a.cast {
		words := lang.FoldedWords(f.Role)
		if f.group {
			words = slices.DeleteFunc(lang.FoldedWords(f.Name), func(w string) bool { return !bodies[w] })
		}
		for w := range f.epithets {
			a.does[w] = true
		}
		for _, w := range words {
			if !anyOf(w, prepositions, articles, barriers, companies) && (f.group || !a.isName(w)) {
				a.does[w] = true
			}
		}
	}
	return a.does
}

// mention is a name in the text around a quotation: words [first, end).
type mention struct {
	first, end int
	who        voice // someone: a stranger
	full       bool  // by more than a surname
	owner      bool  // its possessive: somebody or something of theirs
	object     bool  // behind a preposition
}

// mentions finds the names in a run of words: known ones in every script, and
// runs of capitalised words.
func (a *article) mentions(ts []lang.Word) []mention {
	var all []mention
	for i := 0; i < len(ts); {
		end := i
		for end < len(ts) && (end == i || ts[end].Segment == ts[i].Segment) && !(end > i && ts[end-1].Possessive) {
			n := a.nameLength(ts[end:])
			if n == 0 {
				break
			}
			end += n
		}
		if end == i {
			i++
			continue
		}
		m := mention{first: i, end: end, owner: ts[end-1].Possessive}
		m.who, m.full = a.who(ts[i:end], a.tongue() == "de")
		if m.who >= 0 && !m.full && !a.meant(m.who, ts, i, end) {
			m.who = someone
		}
		if a.opener(ts, m) {
			i = end
			continue
		}
		m.owner = m.owner || end < len(ts) && ts[end].Segment == ts[i].Segment && owners[ts[end].Text]
		at := i - 1
		for at > 0 && ts[at].Segment == ts[i].Segment && honorifics[ts[at].Text] && (women[ts[at].Text] || men[ts[at].Text]) {
			at--
		}
		m.object = at >= 0 && ts[at].Segment == ts[i].Segment && a.preposition(ts[at].Text) || m.who < 0 && i > 0 && a.article(ts[i-1].Text) && a.behindPreposition(ts, i)
		if n := a.houseAndPerson(ts[i:end]); n > 0 && m.who >= 0 && m.object { // "de Harbor Labs Dana Reyes"
			house, _ := a.who(ts[i:i+n], false)
			all = append(all, mention{first: i, end: i + n, who: a.find(a.cast[house].Name), full: true, object: m.object})
			m.first, m.object = i+n, false
		}
		all = append(all, m)
		i = end
	}
	return all
}

// houseAndPerson is how many words of a run of names are those of a house right before the full
// name of a person; 0: it is not such a run.
func (a *article) houseAndPerson(ts []lang.Word) int {
	for n := 1; n+1 < len(ts); n++ {
		house, _ := a.who(ts[:n], false)
		person, full := a.who(ts[n:], false)
		if house >= 0 && a.cast[house].group && person >= 0 && !a.cast[person].group && full && slices.ContainsFunc(a.cast[house].names, func(w []string) bool { return len(w) == n && lang.HasPhrase(ts, 0, w) }) {
			return n
		}
	}
	return 0
}

// opener reports a word that has its capital from the beginning of a sentence: what
// follows shows that it is no name, as in "Pressed by the judge".
func (a *article) opener(ts []lang.Word, m mention) bool {
	if m.who >= 0 || m.end-m.first != 1 || m.end >= len(ts) || ts[m.end].Segment != ts[m.first].Segment {
		return false
	}
	next := ts[m.end].Text
	for m.first > 0 && strings.IndexFunc(ts[m.first-1].Text, unicode.IsLetter) < 0 && m.end == 2 { // "2. Speaking to"
		m.first, m.end = 0, 1
	}
	if m.first == 0 && a.tongue() != "de" && !a.namedInside(ts[m.first].Text) && lang.ScriptOf(firstRune(next)) != lang.Arabic && !saying[next] && !auxiliaries[next] && !anyOf(next, adverbs, lead) {
		return true
	}
	return m.first == 0 && (a.preposition(next) || determined(next) || pronouns[next] && !articles[next])
}

// nameLength is how many words go on with a name.
func (c cast) nameLength(ts []lang.Word) int {
	longest := 0
	for _, f := range c {
		for _, n := range f.names {
			if len(n) > longest && lang.HasPhrase(ts, 0, n) {
				longest = len(n)
			}
		}
	}
	w, _, _ := strings.Cut(ts[0].Text, "'")
	if longest == 0 && ts[0].Capital && !anyOf(w, prepositions, barriers, lead, pronouns, saying, places, spokes, articles, indefinites, sources, titles, honorifics, adverbs, women, men, relatives, auxiliaries, conditions, firms) && !anyOf(w, callings...) {
		if house, _ := c.compound(w); house < 0 {
			longest = 1
		}
	}
	return longest
}

// who is the figure a name belongs to: it ends in a name of several words, or in
// a single one with nothing but a title or the first name before it, that nobody
// else has.
func (c cast) who(ts []lang.Word, nounsAppose bool) (_ voice, full bool) {
	best, longest, shared := someone, 0, false
	for i, f := range c {
		for _, n := range f.names {
			first := len(ts) - len(n)
			if first < 0 || len(n) < longest || !lang.HasPhrase(ts, first, n) {
				continue
			}
			shared = len(n) == longest && (shared || best != voice(i))
			best, longest = voice(i), len(n)
		}
	}
	if longest == 0 || shared {
		return someone, false
	}
	if c[best].group && !nounsAppose { // "Сотрудники Harbor Labs" are not the house
		stranger := slices.ContainsFunc(ts[:len(ts)-longest], func(t lang.Word) bool { return !anyOf(t.Text, titles, honorifics, firms, spokes) })
		if stranger {
			return someone, true
		}
	}
	if longest > 1 && !particles[ts[len(ts)-longest].Text] || c[best].group {
		return best, true
	}
	if n := len(ts) - longest; n > 0 && c[best].given(ts[n-1].Text) || c[best].given(ts[0].Text) && len(ts) > 1 && len(ts) <= 4 { // "Ivo T. Lind"
		return best, true
	}
	if slices.ContainsFunc(ts[:len(ts)-longest], func(t lang.Word) bool { return !honorifics[t.Text] && !titles[t.Text] }) {
		return someone, false
	}
	return best, false
}

// given reports the first name of a person.
func (f figure) given(word string) bool {
	return slices.ContainsFunc(f.names, func(n []string) bool { return len(n) > 1 && n[0] == word && !particles[word] })
}

// surnameOnly reports a name without the first one: "Reyes", "van der Velde".
func surnameOnly(name []string) bool { return len(name) == 1 || particles[name[0]] }
