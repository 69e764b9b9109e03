package press

import (
	"slices"
	"strings"
	"unicode"

	"onrecord/statements/lang"
)

// Where neither verb nor form is known, a sentence that speaks of one person only and of
// nobody and nothing else that could say or hold words hands its quotation to that one. So
// what is looked for here is not who speaks but who else could.

// plainly finds the voice in the words around a quotation by leaving out all others.
func (a *article) plainly(before, after clause, q *quotation) voice {
	words := q.In(a.text)
	if v := a.plainlyBehind(before, after, words); v != nobody {
		return v
	}
	if len(after.words) > 0 && !a.verbAlone(after.words) {
		return nobody
	}
	if a.subjunctive(before.words) || a.pronounInside(before, words) {
		return pronoun
	}
	if a.reported(before.words) {
		return a.toldBefore(q.Open - len(before.text))
	}
	return a.plainlyAhead(before)
}

// pronounInside reports a clause of German or Dutch that hands over with a pronoun behind
// the verb: "Der Gewerkschaft warf sie vor, „…“".
func (a *article) pronounInside(c clause, words string) bool {
	end := strings.TrimRightFunc(c.text, unicode.IsSpace)
	if tongue := a.tongue(); tongue != "de" && tongue != "nl" || !strings.HasSuffix(end, ",") && !strings.HasSuffix(end, ":") || len(lang.Terms(words)) < fewWords {
		return false
	}
	at := slices.IndexFunc(c.words, func(t lang.Word) bool { return a.sheOrHe(t.Text) })
	return at > 1 && c.words[at].Segment == c.words[len(c.words)-1].Segment && !slices.ContainsFunc(a.mentions(c.words), func(m mention) bool { return m.who >= 0 && !a.cast[m.who].group }) && !a.rivals(c.words, mention{first: at, end: at + 1})
}

// subjunctive reports the form by which German tells what somebody named before says:
// "Er fühle sich „…“".
func (a *article) subjunctive(ts []lang.Word) bool {
	return a.tongue() == "de" && len(ts) > 1 && a.sheOrHe(ts[0].Text) && (ts[1].Text == "sei" || strings.HasSuffix(ts[1].Text, "e") && !strings.HasSuffix(ts[1].Text, "te")) && !ts[1].Capital &&
		ts[1].Segment == ts[0].Segment && !slices.ContainsFunc(a.mentions(ts), func(m mention) bool { return m.who >= 0 })
}

// reported reports a sentence of German that tells what somebody says by its form alone:
// "Die Schiffe hätten „…“".
func (a *article) reported(ts []lang.Word) bool {
	return a.tongue() == "de" && len(ts) > 1 && !slices.ContainsFunc(a.mentions(ts), func(m mention) bool { return m.who >= 0 && !a.cast[m.who].group }) &&
		slices.ContainsFunc(ts[1:min(len(ts), 5)], func(t lang.Word) bool { return supposes[t.Text] && !t.Capital }) &&
		!slices.ContainsFunc(ts, func(t lang.Word) bool {
			return saying[t.Text] && !supposes[t.Text] || a.condition(t.Text) && t.Text != "hatte"
		})
}

// supposes are the forms of verbs that do so.
var supposes = map[string]bool{
	"sei": true, "seien": true, "habe": true, "hatten": true, "werde": true, "konne": true, "konnten": true, "musse": true, "mussten": true, "durfe": true, "solle": true, "gebe": true, "wisse": true, "bleibe": true, "stehe": true, "liege": true, "gehe": true, "brauche": true,
}

// toldBefore is who is told to speak in the sentence that ends before a place.
func (a *article) toldBefore(at int) voice {
	text := strings.TrimRightFunc(a.narrated[:max(0, min(at, len(a.narrated)))], unicode.IsSpace)
	c := clauseOf(lastSentence(text))
	verb := c.verb()
	if verb < 0 || a.secondHand(c, clause{}) || a.nested(c, verb) || denied(c.words, verb) {
		return nobody
	}
	if v := a.subject(c.words, verb); v >= 0 || v == pronoun {
		return v
	}
	return nobody
}

// plainlyBehind reads ", NAME beamed", ", so reacted the head of the house NAME to it".
func (a *article) plainlyBehind(before, c clause, words string) voice {
	const most, far = 8, 4 // words before the name, and of a quotation inside of a sentence
	behind := strings.TrimLeftFunc(c.text, unicode.IsSpace)
	words = strings.TrimRightFunc(words, unicode.IsSpace)
	goesOn := strings.HasPrefix(behind, ",") || strings.HasPrefix(behind, "،") || lang.Dash(firstRune(behind))
	if len(c.words) < 2 || !goesOn && !strings.ContainsAny(words[max(0, len(words)-1):], ",!?") {
		return nobody
	}
	if len(before.words) > 0 && (len(lang.Terms(words)) < far || slices.ContainsFunc(a.mentions(before.words), func(m mention) bool { return m.who >= 0 && !a.cast[m.who].group })) {
		return nobody
	}
	ts := segment(c.words, c.words[0].Segment)
	all := a.mentions(ts)
	at := slices.IndexFunc(all, func(m mention) bool { return !m.object })
	if at < 0 {
		if v := a.pronounBehind(ts, all); v != nobody {
			return v
		}
		return a.officeBehind(c, ts)
	}
	m := all[at]
	if m.who < 0 || m.owner || m.first > most || a.cast[m.who].group || a.served(ts, m) || a.strangerBefore(ts, m) {
		return nobody
	}
	if slices.ContainsFunc(all[at+1:], func(o mention) bool {
		return !o.object && !(o.who < 0 && a.commonNoun(ts, o)) && (o.who < 0 || !a.cast[o.who].group)
	}) {
		return nobody // somebody told somebody
	}
	if m.first == 0 && a.tongue() != "en" && a.tongue() != "he" && a.tongue() != "tr" { // the verb goes first
		return nobody
	}
	if m.first == 0 && (m.end >= len(ts) || !a.mayBeVerb(ts[m.end], a.tongue())) || m.first > 0 && !a.leadsToName(ts, m) {
		return nobody
	}
	if a.rivals(ts, m) || a.toldOn(c, m.end-1) {
		return nobody
	}
	return m.who
}

// officeBehind reads ", celebró la consejera delegada, Amara Okafor", ", évacue le milieu de
// terrain": a verb, and then what somebody is.
func (a *article) officeBehind(c clause, ts []lang.Word) voice {
	if slices.Contains([]string{"en", "he", "tr"}, a.tongue()) {
		return nobody
	}
	i := 0
	for i < len(ts)-1 && (auxiliaries[ts[i].Text] || reflexives[ts[i].Text]) {
		i++
	}
	if i+1 >= len(ts) || !a.mayBeVerb(ts[i], a.tongue()) {
		return nobody
	}
	rest := ts[i+1:]
	end := len(rest)
	if office := slices.IndexFunc(rest, func(t lang.Word) bool { return a.isTitle(t.Text) && !a.article(t.Text) }); office >= 0 {
		end = office + 1
	}
	if a.rivals(ts, mention{first: i + 1 + end, end: i + 1 + end}) || a.toldOn(c, i) || slices.ContainsFunc(rest[:end], func(t lang.Word) bool { return lawyer(t.Text) || owners[t.Text] || a.preposition(t.Text) }) {
		return nobody // or somebody who belongs to one with an office
	}
	if v := a.behind(c.words, i+1, false); v >= 0 && !a.cast[v].group {
		return v
	}
	return nobody
}

// pronounBehind reads ", strahlte sie".
func (a *article) pronounBehind(ts []lang.Word, all []mention) voice {
	const near = 3 // words before it
	at := slices.IndexFunc(ts, func(t lang.Word) bool { return a.sheOrHe(t.Text) })
	if at < 0 || at > near || slices.ContainsFunc(all, func(m mention) bool { return m.who >= 0 || m.end <= at }) || a.rivals(ts, mention{first: at, end: at + 1}) {
		return nobody
	}
	if at == 0 && (len(ts) < 2 || !a.mayBeVerb(ts[1], a.tongue())) || at > 0 && slices.ContainsFunc(ts[:at], func(t lang.Word) bool {
		return t.Capital || !auxiliaries[t.Text] && (barriers[t.Text] || a.preposition(t.Text))
	}) {
		return nobody
	}
	return pronoun
}

// sheOrHe reports a pronoun of a person that may be a subject.
func (a *article) sheOrHe(w string) bool {
	words := lang.Of(a.tongue())
	return a.pronoun(w) && !a.article(w) && (slices.Contains(words["she"], w) || slices.Contains(words["he"], w))
}

// leadsToName reports words before a name of which none can be the subject: a verb with
// what goes with it, and what the bearer of the name is.
func (a *article) leadsToName(ts []lang.Word, m mention) bool {
	start, lone := m.first, !m.full // a surname alone is nobody's who stands before it
	for start > 0 && a.isTitle(ts[start-1].Text) {
		start--
	}
	verbs, first := 0, 0
	for first < start && (auxiliaries[ts[first].Text] || reflexives[ts[first].Text]) { // "a lancé Miriam Haddad"
		first++
	}
	for _, t := range a.withoutWhen(ts[first:start]) {
		switch {
		case a.indefinite(t.Text), t.Capital && a.tongue() != "de", barriers[t.Text] && !a.article(t.Text):
			return false
		case anyOf(t.Text, adverbs, auxiliaries, lead) || a.pronoun(t.Text) && !a.sheOrHe(t.Text):
		case a.article(t.Text):
			if lone {
				return false
			}
		case verbs == 0 && !a.mayBeVerb(t, a.tongue()):
			return false
		default:
			verbs++
		}
	}
	if a.tongue() == "en" {
		return verbs == 1 && start == 1 && a.mayBeVerb(ts[0], "en")
	}
	if second := a.preposition(ts[0].Text) && start > 2; second && (a.tongue() == "de" || a.tongue() == "nl") {
		return m.full // the verb stands behind the first words, whichever they are
	}
	return verbs >= 1 && (verbs == 1 || m.full)
}

// isTitle reports a word that tells what the bearer of the name behind it is.
func (a *article) isTitle(w string) bool {
	house, _ := a.compound(w)
	return anyOf(w, titles, honorifics) && !articles[w] || anyOf(w, callings...) || a.offices()[w] || house >= 0
}

// rivals reports, in a part of a sentence with a name, somebody else who may speak, or
// something that may hold words.
func (a *article) rivals(ts []lang.Word, m mention) bool {
	for i, t := range ts {
		if i >= m.first && i < m.end || a.isName(t.Text) {
			continue
		}
		if i < m.first && a.isTitle(t.Text) && !anyOf(t.Text, servants, relatives, strangers) {
			continue
		}
		switch {
		case m.first < len(ts) && t.Segment < ts[m.first].Segment && modals[t.Text] && aside(ts, 0): // "Asked if she would settle, Reyes"
		case a.foreign(t.Text):
		case anyOf(t.Text, documents, things) && !a.smallWord(t.Text) && !(a.behindPreposition(ts, i) && !slices.ContainsFunc(ts[:i], func(p lang.Word) bool { return insides[p.Text] })),
			hearing[t.Text] && !denials[t.Text] && !a.smallWord(t.Text), anyOf(t.Text, hedges, modals, quoting, plurals) && !a.smallWord(t.Text), nobodies[t.Text] && (i > 0 && saying[ts[i-1].Text] || i+1 < len(ts) && saying[ts[i+1].Text]),
			a.condition(t.Text) && begins(ts, i),
			a.passive(ts, i), i == m.end && hearing[t.Text] && !denials[t.Text],
			anyOf(t.Text, relatives, servants, strangers, spokes, offices) && !a.smallWord(t.Text) && !a.behindPreposition(ts, i) && !(i > 1 && a.preposition(ts[i-2].Text) && ts[i-2].Segment == t.Segment):
			return true
		}
	}
	return false
}

// passive reports a verb that tells of its subject what others do: "was told", "fue
// acusado", and not "n’est pas du même avis".
func (a *article) passive(ts []lang.Word, i int) bool {
	if !passives[ts[i].Text] {
		return false
	}
	const shortest = 2 // letters of no participle
	part := segment(ts, ts[i].Segment)
	if i > 0 && ts[i-1].Segment == ts[i].Segment && slices.ContainsFunc(inSegment(ts[:i], ts[i].Segment), func(t lang.Word) bool { return reflexives[t.Text] && a.tongue() != "en" }) {
		return false // "s’en est amusée"
	}
	if tongue := a.tongue(); tongue == "de" || tongue == "nl" {
		last := part[len(part)-1].Text
		return strings.HasSuffix(last, "t") || strings.HasSuffix(last, "en") || strings.HasSuffix(last, "d")
	}
	endings, ok := participleEndings[a.tongue()]
	if !ok {
		return true
	}
	for _, t := range segment(ts[i+1:], ts[i].Segment) {
		if negations[t.Text] || adverbs[t.Text] || strings.HasSuffix(t.Text, "ly") || strings.HasSuffix(t.Text, "ment") || t.Text == "pas" {
			continue
		}
		return !a.preposition(t.Text) && len(t.Text) > shortest && slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(t.Text, e) })
	}
	return false
}

// participleEndings are, folded, those of what stands behind such a verb.
var participleEndings = map[string][]string{
	"en": {"ed", "told", "heard", "shown", "given", "sent", "taught", "caught", "seen", "known", "en"},
	"fr": {"e", "ee", "i", "ie", "u", "ue", "it", "is"}, "es": {"ado", "ada", "ido", "ida", "icho", "icha", "ito", "ita"}, "pt": {"ado", "ada", "ido", "ida"},
	"it": {"ato", "ata", "uto", "uta", "ito", "ita", "sto", "sta"},
}

// smallWord reports an article or a pronoun of the language of the article.
func (a *article) smallWord(w string) bool {
	w += " " + a.tongue()
	return small["article"][w] || small["pronoun"][w] || small["barrier"][w]
}

// plainlyAhead reads "NAME, at the other end of the line, laughs:".
func (a *article) plainlyAhead(c clause) voice {
	end := strings.TrimRight(c.text, " \n\u00a0\u202f>")
	if !strings.HasSuffix(end, ":") && !strings.HasSuffix(end, "：") || len(c.words) == 0 {
		return nobody
	}
	ts := c.words
	for i := range ts {
		if phraseAt(accordingTo, ts, i) > 0 && !views[ts[i].Text] {
			return nobody
		}
	}
	found, owned := mention{who: nobody}, false
	all := a.mentions(ts)
	for _, m := range all {
		switch {
		case m.who >= 0 && a.cast[m.who].group, m.who < 0 && (m.object || a.commonNoun(ts, m)):
		case m.who < 0 || found.who >= 0 && m.who != found.who:
			return nobody
		case found.who == nobody:
			found, owned = m, m.owner || m.object
		}
	}
	if found.who == nobody {
		return a.houseAhead(ts, all)
	}
	if found.end < len(ts) && generations[ts[found.end].Text] && ts[found.end].Segment == ts[found.first].Segment {
		return nobody // "Lind senior"
	}
	if owned && !a.noteOf(ts, found) || a.served(ts, found) || a.strangerBefore(ts, found) || inRelative(ts, found) || found.first > 0 && introduces[ts[found.first-1].Text] {
		return nobody
	}
	if found.first > 0 && articles[ts[found.first-1].Text] && slices.Contains([]string{"en", "de", "nl"}, a.tongue()) { // "the Reyes memo"
		return nobody
	}
	named := mention{first: found.first, end: found.end}
	if found.end < len(ts) && ts[found.end].Segment > ts[found.first].Segment {
		remark := remarkOn(ts, found)
		if rest := segment(ts[found.end:], ts[found.end].Segment); len(remark) == 0 && (a.isTitle(rest[0].Text) || spokes[rest[0].Text] || servants[rest[0].Text] || lawyer(rest[0].Text)) {
			remark = rest // "Reyes, portavoce della società,"
		}
		named.end = found.end + len(remark)
	}
	for named.first > 0 && (ts[named.first-1].Segment == ts[found.first].Segment && a.isTitle(ts[named.first-1].Text) || found.full && a.apposes(ts, named.first, found)) {
		named.first--
	}
	if found.full && a.bare() { // "Адвокат сценаристки Ханна Лехтонен"
		named.first = min(named.first, found.first-a.genitives(ts, found.first))
	}
	if a.rivals(ts, named) {
		return nobody
	}
	return found.who
}

// generations stand behind the name of somebody else who bears it.
var generations = map[string]bool{"sr": true, "jr": true, "senior": true, "junior": true, "elder": true, "younger": true, "ii": true, "iii": true}

// genitives is how many words right before a name tell what its bearer is, and of whom.
func (a *article) genitives(ts []lang.Word, name int) (n int) {
	const most = 3
	for i := name - 1; i >= 0 && n < most && ts[i].Segment == ts[name].Segment && !a.preposition(ts[i].Text) && !saying[ts[i].Text] && (!ts[i].Capital || a.opens(ts, i)); i-- {
		n++
	}
	return n
}

// apposes reports a word of what stands right before a name between commas, and says who
// that is: "Pełnomocnik artystki, mecenas Rafael Ortega".
func (a *article) apposes(ts []lang.Word, i int, m mention) bool {
	return i > 0 && ts[i-1].Segment == ts[m.first].Segment-1 && a.allTitles(inSegment(ts[:m.first], ts[m.first].Segment)) && !relatives[ts[i-1].Text] && !strangers[ts[i-1].Text]
}

// noteOf reports a name whose bearer is told to have written or said something: "The
// reply of Reyes came at once".
func (a *article) noteOf(ts []lang.Word, m mention) bool {
	const near = 3 // words
	if slices.ContainsFunc(ts, func(t lang.Word) bool { return cited[t.Text] }) {
		return false // an exhibit
	}
	if m.object && !m.owner && !genitives[ts[m.first-1].Text] && !by[ts[m.first-1].Text] {
		return a.viewOf(ts, m) == 0
	}
	for i := max(0, m.first-near); i < min(len(ts), m.end+near); i++ {
		if notes[ts[i].Text] && ts[i].Segment == ts[m.first].Segment {
			return !slices.ContainsFunc(ts[:max(i, m.first)], func(t lang.Word) bool { return saying[t.Text] && !notes[t.Text] })
		}
	}
	return m.object && !m.owner && a.viewOf(ts, m) == 0
}

// by are the prepositions behind a text and before who wrote it.
var by = map[string]bool{"by": true, "from": true, "von": true, "par": true, "por": true, "da": true, "dal": true, "dalla": true, "door": true, "od": true, "от": true, "від": true}

// houseAhead reads "Harbor Labs hits back:", and, of somebody named before, "She laughs:".
func (a *article) houseAhead(ts []lang.Word, all []mention) voice {
	if v := a.officeAhead(ts, all); v != nobody {
		return v
	}
	if a.rivals(ts, mention{}) {
		return nobody
	}
	all = slices.DeleteFunc(slices.Clone(all), func(m mention) bool { return m.who < 0 && m.end-m.first == 1 && notes[ts[m.first].Text] })
	if len(all) > 0 && all[0].who >= 0 && !all[0].object && !all[0].owner && a.allTitles(ts[:all[0].first]) && a.actsBehind(ts, all[0]) && !slices.ContainsFunc(all[1:], func(m mention) bool { return !m.object && m.who != all[0].who }) {
		return all[0].who
	}
	if len(all) == 1 && all[0].who >= 0 && (all[0].object || all[0].owner) && a.noteOf(ts, all[0]) {
		return all[0].who // "A statement by Harbor Labs just in:"
	}
	if len(ts) > 1 && (a.article(ts[0].Text) || theirs[ts[0].Text]) && firms[ts[1].Text] && slices.ContainsFunc(ts[2:], func(t lang.Word) bool { return notes[t.Text] }) && !slices.ContainsFunc(all, func(m mention) bool { return m.who >= 0 || !m.object && !a.commonNoun(ts, m) }) {
		return a.houseNear() // "The company emailed a statement:"
	}
	if a.droppedAhead(ts, all) {
		return pronoun
	}
	for i, t := range ts { // "Ai cancelli il sindacalista rincara la dose:"
		if a.definite(t.Text) && !a.behindPreposition(ts, i) && !slices.ContainsFunc(all, func(m mention) bool { return !m.object }) && (i == 0 || a.preposition(ts[0].Text) || anyOf(ts[0].Text, adverbs, lead)) {
			if v := a.described(ts[i:]); v >= 0 {
				return v
			}
			break
		}
	}
	if a.sheOrHe(ts[0].Text) && !slices.ContainsFunc(all, func(m mention) bool { return !m.object }) {
		return pronoun
	}
	return nobody
}

// droppedAhead reports a clause before a colon that goes on about somebody named before
// without a word for that one: "Y presume de pruebas:", "Et d’ajouter :".
func (a *article) droppedAhead(ts []lang.Word, all []mention) bool {
	const most = 7 // words
	if len(ts) > most || len(all) > 0 && slices.ContainsFunc(all, func(m mention) bool { return !m.object }) || slices.ContainsFunc(ts, func(t lang.Word) bool { return a.role(t.Text) && !saying[t.Text] }) {
		return false
	}
	if w := ts[len(ts)-1].Text; a.tongue() == "fr" {
		return (ts[0].Text == "et" || ts[0].Text == "avant") && len(ts) > 2 && (ts[1].Text == "d" || ts[1].Text == "de") && (strings.HasSuffix(ts[2].Text, "er") || strings.HasSuffix(ts[2].Text, "re") || strings.HasSuffix(ts[2].Text, "ir")) && !a.isName(w)
	}
	if !slices.Contains([]string{"es", "pt", "it", "pl"}, a.tongue()) {
		return false
	}
	first := ts[0]
	if (adverbs[first.Text] || lead[first.Text]) && len(ts) > 2 && !a.article(first.Text) {
		return saying[ts[1].Text] || reflexives[ts[1].Text] && a.mayBeVerb(ts[2], a.tongue())
	}
	if joints[first.Text] && len(ts) > 1 {
		return a.mayBeVerb(ts[1], a.tongue()) || anyOf(ts[1].Text, adverbs, lead)
	}
	return saying[first.Text] && !notes[first.Text]
}

// actsBehind reports that what follows a house may be a verb that is not known, and not
// some of its people: "Harbor Labs hits back:", "The Harbor Labs union objected:".
func (a *article) actsBehind(ts []lang.Word, m mention) bool {
	switch {
	case slices.ContainsFunc(ts, func(t lang.Word) bool { return saying[t.Text] }), m.first > 0 && a.tongue() == "en":
		return false
	case m.end >= len(ts) || ts[m.end].Segment != ts[m.first].Segment:
		return true
	}
	return a.mayBeVerb(ts[m.end], "") && (a.tongue() != "en" || a.mayBeVerb(ts[m.end], "en") || strings.HasSuffix(ts[m.end].Text, "s"))
}

// officeAhead reads "The mayor shrugs:", of an office that one of the case holds.
func (a *article) officeAhead(ts []lang.Word, all []mention) voice {
	const near = 2 // words before it
	for i := 0; i < len(ts) && i <= near && ts[i].Segment == ts[0].Segment; i++ {
		if !a.isTitle(ts[i].Text) || a.article(ts[i].Text) {
			continue
		}
		office := a.officeAt(ts, i)
		v := a.holder(office)
		if v < 0 || a.cast[v].group || slices.ContainsFunc(all, func(m mention) bool { return m.who < 0 && !m.object && !a.commonNoun(ts, m) }) {
			return nobody
		}
		end := slices.IndexFunc(ts, func(t lang.Word) bool { return t.Start == office[len(office)-1].Start }) + 1
		if end >= len(ts) || slices.ContainsFunc(ts, func(t lang.Word) bool { return saying[t.Text] }) || a.rivals(ts, mention{first: end, end: end}) {
			return nobody
		}
		return v
	}
	return nobody
}
