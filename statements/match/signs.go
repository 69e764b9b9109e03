package match

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord"
	"onrecord/statements/lang"
)

// goesOn reports a text that shows that it goes on from one before it: it counts
// itself, begins in the middle of a sentence, or with a word that joins.
func (s *scan) goesOn() bool {
	text := strings.TrimLeftFunc(s.text, unicode.IsSpace)
	if strings.HasPrefix(text, "…") || strings.HasPrefix(text, "..") || lang.Counted(text) {
		return true
	}
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.Handle {
			continue
		}
		first, _ := utf8.DecodeRuneInString(s.text[t.Start:])
		return unicode.IsLower(first) && !t.Link || slices.ContainsFunc(s.lexical, func(w word) bool { return w.class == onward && w.start == t.Start })
	}
	return false
}

// quotedShare is how many percent of a text stand in its first quotation marks
// to the last ones, when it begins with them.
func quotedShare(text string) int {
	text = strings.TrimSpace(text)
	first, size := utf8.DecodeRuneInString(text)
	if !strings.ContainsRune("\"“”«„「『", first) {
		return 0
	}
	end := strings.LastIndexAny(text, "\"”“»」』")
	if end <= size {
		return 0
	}
	return 100 * end / len(text)
}

// near is how many words away from language of courts a name belongs to it.
const near = 6

// strangers weighs names beside language of courts that are nobody's of the
// case: then it speaks of another matter.
func (sc *score) strangers(m *Matcher, r *question, c *compiled) {
	if sc.law == 0 || len(r.strange) == 0 {
		return
	}
	s, most := &r.own, len(table[strangers].Start)
	var found []candidate
	for _, i := range r.strange {
		t := &s.tokens[i]
		if m.owns(c.n, t.Stem) || s.isOf(i, c) {
			continue
		}
		if n := len(found); n > 0 && s.tokens[i-1].End+1 == t.Start && found[n-1].End == s.tokens[i-1].End { // the rest of the name
			found[n-1].End = t.End
			continue
		}
		found = append(found, candidate{share: 1, Reason: onrecord.Reason{Start: t.Start, End: t.End}})
	}
	found = found[:min(len(found), most)]
	for i := range found {
		e := &found[i]
		e.Reason = s.evidence(e.Start, e.End)
		if sc.share >= namedShare {
			e.share = .5
		}
	}
	sc.series(strangers, found)
}

// otherJudge weighs the name of a judge who is none of the case: then another court is
// spoken of. Where nobody wrote down who the judge is, none is another, and no name in
// another script is.
func (sc *score) otherJudge(m *Matcher, r *question, c *compiled) {
	for _, i := range r.judges {
		if t := &r.own.tokens[i]; slices.Contains(c.judged, t.Script) && !m.owns(c.n, t.Stem) && !r.own.isOf(i, c) {
			sc.weigh(otherJudge, 0, 1, r.own.evidence(t.Start, t.End))
			return
		}
	}
}

// judges are the tokens behind the word for a judge that are written as a name.
func (s *scan) judges() (found []int) {
	for i := 1; i < len(s.tokens); i++ {
		t := &s.tokens[i]
		if t.Capital && judgeWords[s.tokens[i-1].Text] && t.Start == s.tokens[i-1].End+1 && !s.function[i] && !everydayWords()[t.Text] &&
			utf8.RuneCountInString(t.Text) >= 3 && s.text[t.Start:t.End] != strings.ToUpper(s.text[t.Start:t.End]) && !slices.ContainsFunc(s.lexical, func(w word) bool { return w.from <= i && i < w.to }) {
			found = append(found, i)
		}
	}
	return found
}

// announcing weighs a link and a hashtag: who speaks of a dispute has little to advertise.
// Beside language of law they lead to more of it. An article is a link by itself.
func (sc *score) announcing(r *question, c *compiled) {
	loose := 1 - sc.law
	if loose <= 0 {
		return
	}
	if len(r.Post.Links) > 0 && r.Post.Kind != onrecord.Article {
		sc.weigh(announcing, 0, loose, onrecord.Reason{Text: r.Post.Links[0].URL})
	}
	var tag *lang.Token
	for i := range r.own.tokens {
		t := &r.own.tokens[i]
		if t.Hashtag && r.own.isOf(i, c) {
			return
		}
		if t.Hashtag && tag == nil {
			tag = t
		}
	}
	if tag != nil {
		sc.weigh(announcing, 1, loose, r.own.evidence(tag.Start, tag.End))
	}
}

var judgeWords = lang.Set("judge")

// isOf reports whether a token is of a term of the case.
func (s *scan) isOf(token int, c *compiled) bool {
	return slices.ContainsFunc(s.around(token), func(h hit) bool { return h.to > token && len(h.of(c.n)) > 0 })
}

// strangeNames are the tokens with language of courts near that are written as names
// and are words of no lexicon nor of every day.
func (s *scan) strangeNames() (found []int) {
	var plain, beside []bool
	mark := func(in []bool, from, to int) {
		for i := max(0, from); i < min(len(in), to); i++ {
			in[i] = true
		}
	}
	if !slices.ContainsFunc(s.lexical, ofCourts) || s.manyCapitals() {
		return nil
	}
	plain, beside = make([]bool, len(s.tokens)), make([]bool, len(s.tokens))
	for _, w := range s.lexical {
		mark(plain, w.from, w.to)
		if ofCourts(w) {
			mark(beside, w.from-near, w.to+near)
		}
	}
	for i := range s.tokens {
		t := &s.tokens[i]
		if !t.Capital || plain[i] || !beside[i] || t.Handle || t.Link || t.Whole || s.function[i] || utf8.RuneCountInString(t.Text) < 3 || everydayWords()[t.Text] {
			continue
		}
		if s.named(&hit{from: i, to: i + 1, start: t.Start, end: t.End, capital: true}) {
			found = append(found, i)
		}
	}
	return found
}

func ofCourts(w word) bool { return w.class == legal || w.class == outcome }

// manyCapitals reports a text in which a capital shows no name: of a language
// that writes nouns with one, or of somebody who writes Like This.
func (s *scan) manyCapitals() bool {
	n, capitals := 0, 0
	for i := range s.tokens {
		if t := &s.tokens[i]; !s.function[i] && !t.Handle && !t.Link && utf8.RuneCountInString(t.Text) >= 4 {
			n++
			if t.Capital {
				capitals++
			}
		}
	}
	return 5*capitals > 2*n
}
