package press

import (
	"slices"
	"strings"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// isVerb reports a verb of saying at word i: "claims" behind an article is a noun.
func (c clause) isVerb(i int) bool {
	t := c.words[i]
	if rest, ok := strings.CutPrefix(t.Text, "ف"); ok && saying[rest] {
		return true
	}
	if !saying[t.Text] && !participles[t.Text] || t.Capital && i > 0 {
		return false
	}
	if i > 0 && c.words[i-1].Possessive && c.words[i-1].Segment == t.Segment {
		return false // "Reyes's claims"
	}
	if i > 1 && c.words[i-1].Text == "to" && c.words[i-2].Text == "on" { // "went on to say"
		return true
	}
	return begins(c.words, i) || !nouns(c.words[i-1].Text) && c.words[i-1].Text != "to"
}

// nouns reports a word behind which no verb stands.
func nouns(w string) bool { return determiners[w] || theirs[w] }

// determiners are English, where many verbs of saying are nouns as well.
var determiners = map[string]bool{
	"the": true, "his": true, "her": true, "its": true, "their": true, "our": true, "these": true, "those": true, "such": true, "no": true, "any": true,
	"le": true, "une": true, "cette": true,
}

// verb is the verb of saying next to a quotation that is led to; -1: none.
func (c clause) verb() int {
	for i := range slices.Backward(c.words) {
		if c.isVerb(i) {
			return i
		}
	}
	return -1
}

// joined is the verb that another one is joined to: "recalled it and regretted that".
func (c clause) joined(verb int) int {
	if verb == 0 || !joints[c.words[verb-1].Text] || auxiliaries[c.words[verb-1].Text] {
		return verb
	}
	for i := verb - 2; i >= 0; i-- {
		if c.isVerb(i) {
			return i
		}
	}
	return verb
}

// determined reports a word that begins a subject: an article or an owner.
func determined(w string) bool { return articles[w] || indefinites[w] || determiners[w] }

// hands reports whether what stands between a verb and the quotation hands over
// to it: a colon, a word like "that", or what the quotation is the end of, as in
// "said that the contract “was broken on the first day”".
func (c clause) hands(verb int, words string) bool {
	const farthest = 25
	fewest := 3
	if slices.ContainsFunc(c.words[verb+1:], func(t lang.Word) bool { return introduces[t.Text] }) {
		fewest = 2
	}
	end := strings.TrimRight(c.text, " \n\u00a0>")
	r, _ := utf8.DecodeLastRuneInString(end)
	last := len(c.words) - 1
	const near = 4 // words: "calificó de", "called the claim"
	if strings.ContainsRune(":,–—-،：", r) || verb == last || introduces[c.words[last].Text] || asWhat[c.words[last].Text] && last-verb <= near {
		return true
	}
	return last-verb <= farthest && len(lang.Terms(words)) >= fewest && !c.othersVerb(verb)
}

// asWhat lead to what something is called: "dismissed it as", "calificó de".
var asWhat = map[string]bool{"as": true, "als": true, "como": true, "come": true, "comme": true, "de": true, "di": true, "jako": true, "als-": true}

// othersVerb reports, in English, that what leads to a quotation ends in a verb of
// somebody else: "said that a rival had boasted".
func (c clause) othersVerb(verb int) bool {
	last := len(c.words) - 1
	w := c.words[last].Text
	return (strings.HasSuffix(w, "ed") || strings.HasSuffix(w, "ing")) && slices.ContainsFunc(c.words[verb+1:last], func(t lang.Word) bool {
		return t.Text == "had" || t.Text == "has" || t.Text == "have" || t.Text == "been" || t.Text == "were"
	})
}

// nested reports that somebody else tells what the subject of a verb says: "a
// colleague testified that Reyes once said", "the complaint says Reyes wrote".
func (a *article) nested(c clause, verb int) bool {
	if all := a.mentions(c.words[:verb]); len(all) > 0 { // "it is known that Reyes said"
		if m := all[len(all)-1]; m.first > 0 && introduces[c.words[m.first-1].Text] && c.words[m.first].Segment == c.words[verb].Segment {
			return true
		}
	}
	for i := range verb {
		if t := c.words[i]; c.isVerb(i) && begins(c.words, i) && plurals[t.Text] && len(segment(c.words, t.Segment)) == 1 {
			return true // "Говорят, Рейес сказала"
		}
		if t := c.words[i]; c.isVerb(i) && t.Segment != c.words[verb].Segment && t.Segment > c.words[0].Segment && !begins(c.words, i) && !barriers[segment(c.words, t.Segment)[0].Text] && len(a.mentions(segment(c.words, t.Segment))) > 0 {
			return true // "Lind, Reyes said, had told her"
		}
		if !c.isVerb(i) || participles[c.words[i].Text] || aside(c.words, i) || denied(c.words, i) {
			continue
		}
		if i > 0 && !begins(c.words, i) {
			if w := c.words[i-1].Text; conditions[w] || introduces[w] || barriers[w] && !articles[w] && begins(c.words, i-1) {
				continue // "when asked", "Lind, who said little,"
			}
		}
		if first := segment(c.words, c.words[i].Segment)[0]; first.Segment < c.words[verb].Segment && a.preposition(first.Text) && phraseAt(accordingTo, segment(c.words, first.Segment), 0) == 0 && len(a.mentions(segment(c.words, first.Segment))) == 0 {
			continue // "A chi gli chiede di lui, Reyes risponde"
		}
		between := c.words[i+1 : verb]
		if len(a.mentions(between)) > 0 || slices.ContainsFunc(between, func(t lang.Word) bool {
			return pronouns[t.Text] && !articles[t.Text] || a.role(t.Text)
		}) || a.hasThat(between) {
			return true
		}
	}
	return false
}

// hasThat reports a word like "that" among some, and not one of a remark: "en el que".
func (a *article) hasThat(ts []lang.Word) bool {
	for i, t := range ts {
		if introduces[t.Text] && (i == 0 || !a.article(ts[i-1].Text) && !a.preposition(ts[i-1].Text)) {
			return true
		}
	}
	return false
}

// aside reports a verb that begins a remark on its own subject: "Asked whether".
func aside(ts []lang.Word, verb int) bool {
	return begins(ts, verb) && (ts[verb].Capital || verb+1 < len(ts) && anyOf(ts[verb+1].Text, prepositions, conditions))
}

// denied reports a verb of saying that is denied: "did not respond but wrote".
func denied(ts []lang.Word, verb int) bool {
	return slices.ContainsFunc(segment(ts, ts[verb].Segment), func(t lang.Word) bool { return negations[t.Text] })
}

// toldOn reports that somebody else tells what stands behind a quotation: "Reyes
// said, a former colleague testified".
func (a *article) toldOn(c clause, verb int) bool {
	for i := verb + 1; i < len(c.words); i++ {
		t := c.words[i]
		if t.Segment == c.words[verb].Segment && c.isVerb(i) && len(a.mentions(c.words[verb+1:i])) > 0 {
			return true // "Northwind claims Reyes said"
		}
		if t.Segment == c.words[verb].Segment || !c.isVerb(i) || participles[t.Text] || begins(c.words, i) {
			continue
		}
		part := inSegment(c.words[:i], t.Segment)
		first := part[0].Text
		if indefinites[first] {
			return true
		}
		if barriers[first] && !articles[first] || auxiliaries[first] {
			continue
		}
		if slices.ContainsFunc(part, func(t lang.Word) bool { return a.role(t.Text) || relatives[t.Text] || hearers[t.Text] }) || len(a.mentions(part)) > 0 {
			return true
		}
	}
	return false
}
