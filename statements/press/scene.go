package press

import (
	"slices"
	"strings"
	"unicode"

	"onrecord/statements/lang"
)

// scene is who is spoken of in a stretch of an article: what a pronoun, or a
// quotation that nobody is named beside, can be about.
type scene struct {
	persons   []voice // of the case, in the order in which they are first named
	strangers bool    // others, by name or by what they are
	ladies    bool    // among them some who may be women
	gentlemen bool    // and some who may be men
	owners    []voice // of the case, of whom only something is told: "Reyes's post"
	subject   voice   // of the last sentence that names anybody
	house     voice   // that the last sentence begins with, "La banque conteste"; nobody: with none
}

// nearby is how much of what stands before a quotation is looked through.
const nearby = 900 // bytes

// sceneOf reads a stretch of an article.
func (a *article) sceneOf(text string) (s scene) {
	s.subject, s.house = nobody, nobody
	for _, r := range lang.Sentences(text) {
		ts := wordsOf(r.In(text))
		named, subject, plain := map[int]bool{}, nobody, true
		for _, m := range a.mentions(ts) {
			for i := m.first - 1; i < m.end; i++ {
				named[i] = true
			}
			for i := m.first - 1; i >= 0 && (titles[ts[i].Text] || a.isTitle(ts[i].Text)); i-- {
				named[i] = true
			}
			for i := range remarkOn(ts, m) {
				named[m.end+i] = true
			}
			for i := range a.introduction(ts, m) {
				named[m.first-1-i] = true
			}
			switch {
			case m.who >= 0 && a.cast[m.who].group:
			case m.owner:
				if m.who >= 0 && !slices.Contains(s.owners, m.who) {
					s.owners = append(s.owners, m.who)
				}
			case m.who < 0 && (m.object || a.commonNoun(ts, m)):
			case m.who < 0 && a.bare() && a.bentName(ts[m.first:m.end]) >= 0: // "в письме Дины Рейес"
				if who := a.bentName(ts[m.first:m.end]); !a.cast[who].group && !slices.Contains(s.owners, who) {
					s.owners = append(s.owners, who)
				}
			case m.who < 0:
				s.addStranger(ts, m)
				if !m.object {
					plain = plain && subject != nobody
				}
			default:
				if !slices.Contains(s.persons, m.who) {
					s.persons = append(s.persons, m.who)
				}
				if !m.object && subject == nobody {
					subject = m.who
				}
			}
		}
		if s.house = a.houseFirst(ts); s.house != nobody && subject == nobody {
			s.subject = s.house
		}
		for i, t := range ts {
			if named[i] || !a.role(t.Text) || firms[t.Text] {
				continue
			}
			if a.introduced(ts, i) {
				continue // by the name that follows
			}
			if v := a.holder(a.officeAt(ts, i)); v >= 0 && !a.cast[v].group {
				if !slices.Contains(s.persons, v) {
					s.persons = append(s.persons, v)
				}
				if subject == nobody {
					subject = v
				}
				continue
			}
			if a.behindPreposition(ts, i) || !a.mayBeSubject(ts, i) {
				continue
			}
			if s.addStranger(ts, mention{first: i, end: i + 1}); subject == nobody {
				plain = false
			}
		}
		if subject >= 0 || !plain {
			if s.subject = subject; !plain {
				s.subject = someone
			}
		}
	}
	return s
}

// bentName is whom a name means that has another ending than at the head of a sentence.
func (a *article) bentName(name []lang.Word) voice {
	if all := a.mentions(a.unbent(name)); len(all) == 1 {
		return all[0].who
	}
	return nobody
}

// addStranger notes somebody who is nobody of the case; a title may tell of what gender.
func (s *scene) addStranger(ts []lang.Word, m mention) {
	s.strangers = true
	for i := max(0, m.first-1); i < m.end; i++ {
		w := ts[i].Text
		if ts[i].Segment == ts[m.first].Segment && (women[w] != men[w]) && honorifics[w] {
			s.ladies, s.gentlemen = s.ladies || women[w], s.gentlemen || men[w]
			return
		}
	}
	s.ladies, s.gentlemen = true, true
}

// strange reports somebody who is nobody of the case and may be meant by a pronoun.
func (s scene) strange(g gender) bool {
	return s.strangers && !(g == woman && !s.ladies) && !(g == man && !s.gentlemen)
}

// houseFirst is the house that a sentence begins with, by name or by what it is; nobody: it
// begins with none.
func (a *article) houseFirst(ts []lang.Word) voice {
	i := 0
	for i < len(ts) && i < 2 && (a.article(ts[i].Text) || theirs[ts[i].Text]) {
		i++
	}
	if i >= len(ts) {
		return nobody
	}
	if (i > 0 || a.bare()) && (firms[ts[i].Text] || bodies[ts[i].Text]) {
		if house := a.houseBeing(ts[i].Text); bodies[ts[i].Text] && house >= 0 {
			return house
		}
		return a.onlyHouse()
	}
	if all := a.mentions(ts); len(all) > 0 && all[0].first <= i && all[0].who >= 0 && a.cast[all[0].who].group && !all[0].owner && !all[0].object && (len(all) == 1 || !a.allTitles(ts[all[0].end:all[1].first])) {
		return all[0].who
	}
	return nobody
}

// introduced reports a word for somebody whose full name is the next remark: "the head of
// the house, Dana Reyes,".
func (a *article) introduced(ts []lang.Word, i int) bool {
	name := segment(ts[i:], ts[i].Segment+1)
	all := a.mentions(name)
	return len(all) > 0 && all[0].full && all[0].first == 0 && all[0].who >= 0 && !a.cast[all[0].who].group
}

// commonNoun reports a word with a capital that is no name where nouns have one, or
// that has it from the beginning of its sentence.
func (a *article) commonNoun(ts []lang.Word, m mention) bool {
	if m.end-m.first > 1 {
		return false
	}
	return a.tongue() == "de" && (m.first == 0 || !women[ts[m.first-1].Text] && !men[ts[m.first-1].Text])
}

// officeAt are the words around one for an office: "the chief executive of Kestrel Foods".
func (a *article) officeAt(ts []lang.Word, i int) []lang.Word {
	from, to := i, i+1
	for from > 0 && ts[from-1].Segment == ts[i].Segment && (a.role(ts[from-1].Text) || a.article(ts[from-1].Text) || a.indefinite(ts[from-1].Text)) {
		from--
	}
	for to < len(ts) && ts[to].Segment == ts[i].Segment && a.role(ts[to].Text) {
		to++
	}
	if to+1 < len(ts) && ts[to].Segment == ts[i].Segment && (a.preposition(ts[to].Text) || owners[ts[to].Text]) {
		at := to + 1
		if a.article(ts[at].Text) && at+1 < len(ts) { // "president of the union"
			at++
		}
		if n := a.nameLength(ts[at:]); n > 0 {
			to = at + n
		}
	}
	return ts[from:to]
}

// mayBeSubject reports a word near the beginning of its part of a sentence.
func (a *article) mayBeSubject(ts []lang.Word, i int) bool {
	const near = 2 // words before it
	n := 0
	for ; i > 0 && ts[i-1].Segment == ts[i].Segment && n <= near; i-- {
		n++
	}
	return n <= near
}

// behindPreposition reports a word behind one, with or without an article.
func (a *article) behindPreposition(ts []lang.Word, i int) bool {
	for i > 0 && ts[i-1].Segment == ts[i].Segment && (determined(ts[i-1].Text) || a.article(ts[i-1].Text)) {
		i--
	}
	return i > 0 && ts[i-1].Segment == ts[i].Segment && (a.preposition(ts[i-1].Text) || barriers[ts[i-1].Text] && !articles[ts[i-1].Text])
}

// gender is what a pronoun tells of whom it stands for.
type gender int

const (
	either gender = iota
	woman
	man
	thing
)

// genderOf is that of the pronoun beside a quotation.
func (a *article) genderOf(before, after clause) gender {
	shes, hes := lang.Of(a.tongue())["she"], lang.Of(a.tongue())["he"]
	it := either
	for _, c := range []clause{after, before} {
		for _, t := range c.words {
			switch {
			case t.Text == "it" && a.tongue() == "en":
				it = thing
			case a.article(t.Text): // "dijo él", "dijo el lunes"
			case slices.Contains(shes, t.Text):
				return woman
			case slices.Contains(hes, t.Text):
				return man
			}
		}
	}
	return it
}

// genders are those of the persons of the case before whose names the article puts a title
// that tells: "Ms Reyes".
func (a *article) genders() map[voice]gender {
	if a.told != nil {
		return a.told
	}
	a.told = map[voice]gender{}
	ts := wordsOf(a.plain)
	for i := range ts[:max(0, len(ts)-1)] {
		w := ts[i].Text
		if !honorifics[w] || women[w] == men[w] || ts[i+1].Segment != ts[i].Segment || len(a.does) > 0 && a.does[w] {
			continue
		}
		if n := a.nameLength(ts[i+1:]); n > 0 {
			if v, _ := a.who(ts[i+1:i+1+n], false); v >= 0 && !a.cast[v].group {
				a.told[v] = man
				if women[w] {
					a.told[v] = woman
				}
			}
		}
	}
	return a.told
}

func (a *article) mayBe(v voice, g gender) bool {
	switch known := a.genders()[v]; {
	case v < 0:
		return false
	case !a.cast[v].group && known != either && (g == woman || g == man):
		return known == g
	case g == thing:
		return a.cast[v].group
	case a.cast[v].group:
		return g == either || g == woman && a.tongue() != "en"
	case g == woman:
		return !a.cast[v].named(func(r rune) bool { return r == 'o' || r == 'k' })
	case g == man:
		return a.cast[v].mayBeMan()
	}
	return true
}

// antecedent is whom "she said" means: the one person that the sentence names
// before, else who spoke last when nothing was said in between, else the one
// person that the article speaks of since, or whom its last sentence is about.
func (a *article) antecedent(sentence, window string, last voice, g gender) voice {
	whole := sentence
	if ts := wordsOf(sentence); g != either { // whom a sentence names behind "she" is somebody else
		if at := slices.IndexFunc(ts, func(t lang.Word) bool { return a.sheOrHe(t.Text) }); at >= 0 {
			sentence = sentence[:ts[at].Start]
		}
	}
	if v := a.only(sentence); v != nobody {
		return v
	}
	if !lang.HasWord(window) {
		switch {
		case last == someone && !a.spokeHere:
			return a.soFar(scene{}, whole, last, g)
		case !a.mayBe(last, g):
			return a.otherIn(lastParagraphs(a.narrated[:max(0, min(a.at-len(whole), len(a.narrated)))], 3), last, g)
		}
		return last
	}
	if language(window) != "" {
		if v := a.onlyIn(window); v != nobody {
			return v
		}
	}
	window = strings.ToValidUTF8(window[max(0, len(window)-nearby):], "")
	if last == nobody { // of the article so far, the paragraph and the one before
		window = lastParagraphs(window, 2)
	}
	s := a.sceneOf(window)
	if g == thing || s.house != nobody && g != man && a.tongue() != "en" {
		return s.house
	}
	persons := slices.DeleteFunc(s.persons, func(v voice) bool { return !a.mayBe(v, g) })
	switch {
	case len(persons) == 0 && !s.strange(g) && last >= 0 && !a.cast[last].group && a.mayBe(last, g):
		return last
	case len(persons) == 0 && !s.strange(g) && last < 0:
		return a.soFar(s, whole, last, g)
	case len(persons) == 1 && (persons[0] == last || persons[0] == s.subject):
		return persons[0]
	case len(persons) == 1 && !s.strange(g) && (last < 0 || !a.mayBe(last, g) || strings.Contains(strings.TrimSpace(window), "\n")):
		return persons[0]
	case slices.Contains(persons, s.subject):
		return s.subject
	}
	return someone
}

// otherIn is the one beside who spoke last of whom a text tells and whom a pronoun fits. How
// the name of who spoke last ends is not enough to give their words to another one.
func (a *article) otherIn(text string, last voice, g gender) voice {
	if last < 0 || g == either || !a.cast[last].group && a.genders()[last] == either || a.sceneOf(text).strange(g) {
		return someone
	}
	found := someone
	for _, m := range a.mentions(wordsOf(text)) {
		if m.who < 0 || m.who == last || a.cast[m.who].group || !a.mayBe(m.who, g) {
			continue
		}
		if found >= 0 && found != m.who {
			return someone
		}
		found = m.who
	}
	return found
}

// onlyIn is the one person named in a text without spaces; nobody: none.
func (a *article) onlyIn(text string) voice {
	found := nobody
	for _, n := range a.namesIn(text) {
		switch {
		case n.who >= 0 && a.cast[n.who].group:
		case n.who < 0 || found != nobody && found != n.who:
			return someone
		default:
			found = n.who
		}
	}
	return found
}

// soFar is whom a pronoun means where what stands right before it names nobody: of whom the
// paragraph is, whose something it tells of, or the only person of whom the article has told.
func (a *article) soFar(s scene, sentence string, last voice, g gender) voice {
	if last == someone { // who is not of the case and may go on
		text := a.paragraph[:max(0, len(a.paragraph)-len(sentence))]
		if !lang.HasWord(text) {
			text = a.paragraphs
		}
		if p := a.sceneOf(text); p.subject >= 0 && !a.cast[p.subject].group && a.mayBe(p.subject, g) && len(p.persons) == 1 {
			return p.subject
		}
		return someone
	}
	if len(s.owners) == 1 && a.mayBe(s.owners[0], g) {
		return s.owners[0]
	}
	var told []voice
	for _, m := range a.mentions(wordsOf(a.narrated[:a.read])) {
		if m.who >= 0 && !a.cast[m.who].group && !slices.Contains(told, m.who) {
			told = append(told, m.who)
		}
	}
	if len(told) == 1 && a.mayBe(told[0], g) {
		return told[0]
	}
	return someone
}

// lastParagraphs are the last of a text.
func lastParagraphs(text string, n int) string {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	at := len(text)
	for ; n > 0 && at > 0; n-- {
		at = max(0, strings.LastIndex(strings.TrimRight(text[:at], "\n"), "\n"))
	}
	return text[at:]
}
