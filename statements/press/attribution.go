package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// voice is whose words a quotation holds: the index of a figure of the cast, or
// why there is none. Only a sentence that names the speaker as the subject of a
// verb of saying makes them the speaker's; wherever that is not plain, they are
// someone's.
type voice int

const (
	nobody  voice = -1 - iota // the article does not say
	someone                   // somebody else, or it is not plain who
	pronoun                   // "she said": to be resolved
)

// article is a text in which people of a case may speak.
type article struct {
	text  string
	plain string // the text with nicknames blanked
	cast
	year  int   // in which it was published; 0: not known
	house voice // whose own it is; nobody: a newspaper's
	said  []quotation
	*bearers
	does     map[string]bool // see offices
	language string
	sure     bool // of it

	// As far as it has been read:
	read       int    // up to the end of the paragraph
	last       voice  // who spoke last
	narrated   string // the text without the letters of its quotations
	paragraph  string // what the paragraph says so far; of a quotation that opens one the paragraph before
	spokeHere  bool   // the last voice was given in this paragraph
	opening    bool   // a quotation opens a paragraph
	told       map[voice]gender
	at         int    // where the quotation begins
	paragraphs string // and the one before it
}

// longLine is how far back the beginning of a paragraph is looked for.
const longLine = 1000 // bytes

// attribute tells for each quotation of an article who says it. What is only laid out
// like one is one when somebody does.
func (a *article) attribute() []quotation {
	return slices.DeleteFunc(a.attributeAll(), func(q quotation) bool { return q.laid && q.by < 0 && !q.setOff })
}

func (a *article) attributeAll() []quotation {
	a.narrated = a.narration()
	a.last = nobody
	lastEnd := 0 // where the last voice was given
	for i := range a.said {
		q := &a.said[i]
		a.read, a.at = len(a.text), q.Open
		if n := strings.IndexByte(a.text[q.Close:], '\n'); n >= 0 {
			a.read = q.Close + n
		}
		if q.label != nil {
			q.by, a.last, lastEnd = *q.label, *q.label, q.Close
			continue
		}
		if q.follows && i > 0 && q.tail.End == 0 { // "— … — said Reyes. — …"
			q.by, q.unsaid, a.last = a.said[i-1].by, a.said[i-1].unsaid, a.said[i-1].by
			lastEnd = q.Close
			continue
		}
		before, after := a.leading(i), a.following(i)
		if l := language(before.text + after.text); l == "ja" || l == "ko" {
			after = clause{text: a.toTheVerb(i, after.text)}
		}
		start := q.Open - len(before.text)
		if q.head.End > 0 {
			start = q.head.End - len(before.text)
		}
		a.paragraph = a.narrated[q.Open-len(a.paragraphBefore(q.Open)) : q.Open]
		line := a.plain[max(0, q.Open-longLine):q.Open]
		line = line[strings.LastIndexByte(line, '\n')+1:]
		a.spokeHere, a.opening = i > 0 && a.said[i-1].Close > q.Open-len(line), !lang.HasWord(line)
		if from := q.Open - len(a.paragraph); from >= 0 {
			a.paragraphs = lastParagraphs(a.narrated[max(0, from-nearby):from], 1)
		}
		q.by, q.unsaid = a.around(before, after, a.text[q.Start:q.End]), a.hedged(before, after)
		if q.by < 0 && q.by != pronoun && !q.unsaid && language(before.text+after.text) == "" {
			if v := a.plainly(before, after, q); v != nobody {
				q.by = v
			}
		}
		if more := a.behindFullStop(i); q.by == nobody && more != "" {
			after = clause{text: more}
			q.by = a.gluedVoice(language(more), "", more)
		}
		if (q.by == nobody || q.by == pronoun) && i > 0 && a.said[i-1].by >= 0 && a.sameSentence(i) {
			q.by = a.said[i-1].by
		}
		if (q.by == nobody || q.by == someone) && i > 0 && !q.unsaid && a.said[i-1].by >= 0 && a.joinsTo(i, after) {
			q.by = a.said[i-1].by
		}
		if q.by == pronoun {
			g := a.genderOf(before, after)
			q.by = a.antecedent(before.text, a.plain[min(lastEnd, start):start], a.last, g)
			if q.by >= 0 && (g == woman || g == man) && !a.cast[q.by].group {
				a.genders()[q.by] = g
			}
		}
		switch {
		case q.Unclosed:
			q.by = a.beginning(before, q)
		case q.by == nobody && i > 0 && (q.follows || a.continues(i)):
			q.by = a.said[i-1].by
		case q.by == nobody && len(before.words)+len(after.words) == 0 && !q.laid:
			if q.by = a.spokeBefore(q); q.by == nobody {
				q.by = a.alone(i, lastEnd)
			}
		}
		if q.by == nobody && a.scare(*q) && len(lang.Terms(q.In(a.text))) < fewWords { // a name in marks
			continue
		}
		a.last, lastEnd = q.by, max(q.Close, min(q.Close+len(after.text), len(a.text)))
		if q.tail.End > 0 {
			lastEnd = q.tail.End
		}
	}
	for i := len(a.said) - 2; i >= 0; i-- { // who says several paragraphs is told behind the last
		if q := &a.said[i]; q.GoesOn && q.by == nobody && a.said[i+1].by >= 0 {
			q.by = a.said[i+1].by
		}
	}
	return a.said
}

// narration is what the article itself tells, with everything in its place.
func (a *article) narration() string {
	text := []byte(a.plain)
	for _, q := range a.said {
		if q.Unclosed || q.head.End > 0 && q.head.End > q.Start {
			continue
		}
		for i := q.Start; i < q.End; {
			r, n := utf8.DecodeRune(text[i:])
			if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
				for k := range n {
					text[i+k] = ' '
				}
			}
			i += n
		}
	}
	return string(text)
}

// around finds the voice in the words before and behind a quotation.
func (a *article) around(before, after clause, words string) voice {
	if l := language(before.text + after.text); l != "" {
		return a.gluedVoice(l, before.text, after.text)
	}
	if a.secondHand(before, after) {
		return someone
	}
	led, trailed := a.led(before, words), nobody
	if !a.verbAlone(after.words) {
		trailed = a.trailed(after, words)
	} else if v := a.fromHouse(before.words); a.tongue() == "tr" && v >= 0 && a.plural(after.words[len(after.words)-1].Text) {
		return v // "Harbor Labs'dan yapılan açıklamada “…” denildi"
	} else if led < 0 && led != pronoun { // "Reyes, “…” dedi.": the verb stands behind
		if len(before.words) > 0 {
			return a.nearest(before.words)
		}
		return pronoun // "«…», añadió.": some languages leave it out
	}
	if led == nobody && trailed == nobody && len(after.words) > 0 {
		if a.dropped(after) {
			return pronoun
		}
		return a.framed(before, after)
	}
	return agreed(led, trailed)
}

// spokeBefore is who is told to speak in the sentence right before a quotation that
// is a sentence of its own: "The ruling changes nothing, Reyes said. “…”"
func (a *article) spokeBefore(q *quotation) voice {
	const later = 120 // bytes behind it
	if words := strings.TrimSpace(q.In(a.text)); len(lang.Terms(words)) < fewWords || unicode.IsLower(firstRune(words)) || len(lang.Terms(words)) < someWords && !strings.ContainsAny(words[len(words)-1:], ".!?") {
		return nobody
	}
	text := a.paragraphBefore(q.Open)
	if lang.EndsLine(text) {
		return nobody
	}
	if text = strings.TrimRightFunc(text, unicode.IsSpace); text == "" || strings.ContainsAny(text[len(text)-1:], "”\"»") {
		return nobody
	}
	next, _, _ := strings.Cut(a.plain[q.Close:min(len(a.plain), q.Close+later)], "\n")
	if slices.ContainsFunc(lang.Words(strings.ToValidUTF8(next, "")), func(t lang.Word) bool { return documents[t.Text] }) {
		return nobody // "That is what the complaint says."
	}
	c := clauseOf(lastSentence(text))
	verb := c.verb()
	if verb < 0 || language(c.text) != "" || a.secondHand(c, clause{}) || a.nested(c, verb) || denied(c.words, verb) || participles[c.words[verb].Text] {
		return nobody
	}
	persons := 0
	for _, m := range a.mentions(c.words) {
		opens := m.first == 0 && m.end == 1 && m.who < 0 && c.words[verb].Segment > 0 // the capital of the sentence
		if !opens && !(m.who < 0 && a.commonNoun(c.words, m)) && (m.who < 0 || !a.cast[m.who].group) {
			persons++
		}
	}
	if v := a.subject(c.words, verb); persons == 1 && v >= 0 {
		return v
	}
	return nobody
}

// alone is whose a quotation is that is a sentence of its own with nobody named beside
// it: of whom the sentence before is about and of nobody else, "Reyes does not find it
// funny. “…”"; of who spoke last, where it answers a question of the article's; or of whom the sentence behind says it is, "“…”. So Reyes".
func (a *article) alone(i, lastEnd int) voice {
	q := &a.said[i]
	opens := strings.TrimSpace(a.paragraphBefore(q.Open)) == "" || strings.HasSuffix(a.plain[:q.Open], "\n")
	if words := q.In(a.text); len(lang.Terms(words)) < someWords && !(opens && len(lang.Terms(words)) >= fewWords) || unicode.IsLower(firstRune(words)) || a.thusBehind(i) == someone {
		return nobody
	}
	if v := a.thusBehind(i); v >= 0 {
		return v
	}
	before := strings.TrimRightFunc(a.paragraphBefore(q.Open), unicode.IsSpace)
	switch {
	case before == "" || strings.HasSuffix(a.plain[:q.Open], "\n"): // it opens a paragraph
		return a.toldOf(i)
	case strings.HasSuffix(before, "?"):
		if between := strings.TrimSpace(a.plain[min(lastEnd, q.Open):q.Open]); i > 0 && a.last >= 0 && len(lang.Sentences(between)) == 1 {
			return a.last
		}
		return nobody
	}
	if i > 0 && a.said[i-1].Close > q.Open-len(a.paragraphBefore(q.Open)) && strings.TrimSpace(a.plain[a.said[i-1].Close:q.Open]) == "" {
		return nobody
	}
	last := lastSentence(before)
	c := clauseOf(last)
	if len(c.words) > 0 && a.sheOrHe(c.words[0].Text) && a.tongue() != "de" && len(a.mentions(c.words)) == 0 && !a.secondHand(c, clause{}) && !slices.ContainsFunc(c.words, func(t lang.Word) bool {
		return anyOf(t.Text, documents, relatives, strangers, quoting, negations) && !a.foreign(t.Text)
	}) { // "She laughs. “…”"
		start := q.Open - len(a.plain[:q.Open][strings.LastIndex(a.plain[:q.Open], last):])
		if v := a.antecedent("", a.plain[min(lastEnd, start):start], a.last, a.genderOf(c, clause{})); v >= 0 {
			return v
		}
		return nobody
	}
	if all := a.mentions(c.words); len(all) == 1 && all[0].who >= 0 && a.cast[all[0].who].group && !all[0].object && !all[0].owner && (all[0].first == 0 || a.allTitles(c.words[:all[0].first]) || strings.IndexFunc(c.words[0].Text, unicode.IsLetter) < 0) && !a.secondHand(c, clause{}) &&
		slices.ContainsFunc(c.words[all[0].end:], func(t lang.Word) bool { return notes[t.Text] }) && !slices.ContainsFunc(c.words, func(t lang.Word) bool { return documents[t.Text] || hearing[t.Text] || negations[t.Text] }) {
		return all[0].who // "The bank has issued a statement. “…”"
	}
	if language(last) != "" || a.secondHand(c, clause{}) || !a.aboutOne(c.words, a.mentions(c.words)) || a.tongue() == "de" && len(a.sceneOf(last).persons) != 1 {
		return nobody
	}
	s := a.sceneOf(last)
	if len(s.persons) != 1 || s.strangers {
		return nobody
	}
	return s.subject
}

// toldOf is of whom and of nobody else the sentence tells that begins behind a quotation
// which opens a paragraph: "“They copied our mistakes.” Reyes does not mince words."
func (a *article) toldOf(i int) voice {
	rest := a.lineBehind(i, 300)
	if words := strings.TrimSpace(a.said[i].In(a.text)); !strings.HasPrefix(rest, ".") && !strings.HasPrefix(rest, ":") && !strings.ContainsAny(words[max(0, len(words)-1):], ".!?…") {
		return nobody
	}
	colon := strings.HasPrefix(strings.TrimLeft(rest, " "), ":")
	rest = strings.TrimLeft(rest, ".: ")
	if rest == "" {
		return nobody
	}
	c := clauseOf(rest[:lang.Sentences(rest)[0].End])
	all := a.mentions(c.words)
	if verb := c.verb(); colon && verb >= 0 && language(rest) == "" && !denied(c.words, verb) && !a.secondHand(clause{}, c) && !a.nested(c, verb) { // "« … » : Dana Reyes a raconté comment"
		return a.subject(c.words, verb)
	}
	if thatWay(c.words) && !a.secondHand(clause{}, c) { // "Con esa frase resume Reyes la demanda"
		all = slices.DeleteFunc(all, func(m mention) bool { return m.object || m.who >= 0 && a.cast[m.who].group })
		if len(all) == 1 && all[0].who >= 0 && !all[0].owner && !a.served(c.words, all[0]) {
			return all[0].who
		}
		return nobody
	}
	if len(all) == 0 || all[0].first > 0 || all[0].who < 0 || a.cast[all[0].who].group || all[0].owner || slices.ContainsFunc(all[1:], func(m mention) bool {
		return m.who < 0 && !m.object || m.who >= 0 && m.who != all[0].who && !a.cast[m.who].group
	}) || a.secondHand(clause{}, c) || language(rest) != "" {
		return nobody
	}
	named := all[0]
	if named.end < len(c.words) && c.words[named.end].Segment > c.words[0].Segment {
		named.end += len(remarkOn(c.words, named))
		if next := segment(c.words[all[0].end:], c.words[all[0].end].Segment); named.end == all[0].end && a.isTitle(next[0].Text) { // "Reyes, presidenta de la casa,"
			named.end += len(next)
		}
	}
	if verb := c.verb(); verb >= 0 && !denied(c.words, verb) || a.rivals(c.words, named) { // "«…»: Reyes a raconté"
		return nobody
	}
	return all[0].who
}

// thatWay reports a sentence that begins with what was said before: "With these words".
func thatWay(ts []lang.Word) bool {
	const near = 3
	return len(ts) > near && prepositions[ts[0].Text] && slices.ContainsFunc(ts[1:near], func(t lang.Word) bool { return itsOwnWords[t.Text] })
}

var itsOwnWords = map[string]bool{
	"words": true, "frase": true, "palabras": true, "worten": true, "satz": true, "mots": true, "phrase": true, "parole": true, "palavras": true, "woorden": true, "zin": true, "slowami": true, "словами": true, "фразою": true, "фразои": true,
}

// thusBehind is whom the next sentence gives a quotation to: "“…”. Così Reyes"; someone:
// to another.
func (a *article) thusBehind(i int) voice {
	rest := strings.TrimLeft(a.lineBehind(i, 300), " .")
	word, _, _ := strings.Cut(rest, " ")
	if !so[lang.Fold(word)] {
		return nobody
	}
	ts := wordsOf(rest[:lang.Sentences(rest)[0].End])
	return a.behind(ts, 1, false)
}

// agreed joins what stands before and behind a quotation.
func agreed(a, b voice) voice {
	switch {
	case a == nobody:
		return b
	case b == nobody || a == b, a >= 0 && b == pronoun: // "said she was “…”, which she called"
		return a
	}
	return someone
}

// beginning is whose a quotation is whose other mark is missing. It may end
// anywhere; but behind a colon its first sentence is the speaker's.
func (a *article) beginning(before clause, q *quotation) voice {
	if q.by < 0 || !strings.HasSuffix(strings.TrimRightFunc(before.text, unicode.IsSpace), ":") {
		return someone
	}
	words := a.text[q.Start:q.End]
	first := lang.Sentences(words)
	if len(first) < 2 || len(lang.Terms(words[:first[0].End])) < someWords {
		return someone
	}
	q.End = q.Start + len(strings.TrimRightFunc(words[:first[0].End], unicode.IsSpace))
	q.Close = q.End
	return q.by
}

// continues reports whether a quotation goes on with the one before: only
// white space between them, or only who says it ("…," Reyes said. "…").
func (a *article) continues(i int) bool {
	last, q := a.said[i-1], a.said[i]
	if q.laid {
		return q.follows
	}
	between := a.text[min(last.Close, q.Open):q.Open]
	if strings.TrimSpace(between) == "" {
		return last.GoesOn || !strings.Contains(between, "\n")
	}
	ts := wordsOf(between)
	if slices.ContainsFunc(a.mentions(ts), func(m mention) bool { return m.first > 0 && joints[ts[m.first-1].Text] && m.who != last.by }) {
		return false // "and Hale that it was “…”"
	}
	return !strings.Contains(between, "\n") && len(lang.Sentences(between)) == 1 && last.End > last.Start && !last.Unclosed &&
		(strings.ContainsAny(a.text[last.End-1:last.End], ",!?") || strings.HasPrefix(strings.TrimLeft(between, " "), ",") || last.by >= 0 && a.trailedBy(i-1))
}

// joinsTo reports a quotation in the sentence of the one before, with nothing between them,
// or behind it, that could have another subject: "said it “…” and that it had “…”".
func (a *article) joinsTo(i int, after clause) bool {
	const most = 8 // words between them
	last, q := a.said[i-1], a.said[i]
	if last.laid || q.laid || last.GoesOn || last.Unclosed || last.Close > q.Open || last.End <= last.Start || strings.ContainsAny(a.text[last.End-1:last.End], ".!?") {
		return false
	}
	between := a.plain[last.Close:q.Open]
	c := clauseOf(between)
	if len(c.words) > 1 && len(c.words) <= most && joints[c.words[0].Text] && saying[c.words[1].Text] && !a.plural(c.words[1].Text) && len(a.mentions(c.words)) == 0 && len(lang.Sentences(between)) == 1 && !strings.ContainsAny(between, "\n;") &&
		!slices.ContainsFunc(c.words, func(t lang.Word) bool {
			return a.role(t.Text) && !saying[t.Text] && !firms[t.Text] || a.sheOrHe(t.Text) || negations[t.Text] || passives[t.Text]
		}) && !a.secondHand(c, after) {
		return true // "called it “…” and adds that “…”"
	}
	if len(c.words) == 0 || len(c.words) > most || strings.ContainsAny(between, "\n;:") || len(lang.Sentences(between)) != 1 || language(between) != "" || a.secondHand(c, after) {
		return false
	}
	that := len(c.words) > 1 && introduces[c.words[1].Text] // which goes on with what is said
	for _, ts := range [][]lang.Word{c.words, after.words} {
		if len(a.mentions(ts)) > 0 || slices.ContainsFunc(ts, func(t lang.Word) bool {
			return a.role(t.Text) || saying[t.Text] && !auxiliaries[t.Text] || !that && (a.sheOrHe(t.Text) || passives[t.Text])
		}) {
			return false
		}
	}
	return joints[c.words[0].Text] || barriers[c.words[0].Text] || a.preposition(c.words[0].Text)
}

// trailedBy reports that who says a quotation stands behind it.
func (a *article) trailedBy(i int) bool { return a.trailed(a.following(i), a.said[i].In(a.text)) >= 0 }

// paragraphBefore is what a paragraph says before a place.
func (a *article) paragraphBefore(i int) string {
	const far = 1000 // bytes
	text := a.plain[max(0, i-far):i]
	return text[strings.LastIndex(strings.TrimRight(text, "\n >"), "\n")+1:]
}
