package match

import (
	"slices"
	"strings"
	"sync"

	"onrecord/statements/lang"

	"onrecord"
)

// scan is what was recognised in one text.
type scan struct {
	text     string
	where    string // as in Evidence
	spans    bool   // it is the post's own text, whose spans are kept
	tokens   []lang.Token
	hits     []hit  // by their first token
	longest  int    // tokens of the longest hit
	handles  int    // how many handles the text begins with
	lexical  []word // in the languages spoken, one class each
	function []bool // by token: a function word of the languages spoken
	words    int    // words of three letters or more that are not function words
	langs    languages
	bare     bool // there is no word at all but names of accounts and addresses
	versus   bool // it holds what stands between the sides of a case
}

// hit is a term of one or more cases in a text.
type hit struct {
	*ending
	from, to   int // tokens
	start, end int // bytes
	capital    bool
}

// word is a word of a lexicon in a text.
type word struct {
	entry      *entry
	class      class
	from, to   int // tokens
	start, end int
}

// found is a lexicon's entry before the languages are known.
type found struct {
	entry    *entry
	from, to int
}

// read recognises the terms of all cases and the words of the lexicons.
func (m *Matcher) read(text, tag string) scan {
	s := scan{text: text, tokens: lang.Tokens(text)}
	entries := make([]found, 0, len(s.tokens)/2)
	for i := range s.tokens {
		entries = m.readAt(&s, i, entries)
	}
	m.readSounds(&s)
	slices.SortStableFunc(s.hits, func(a, b hit) int { return a.from - b.from })
	for s.handles < len(s.tokens) && s.tokens[s.handles].Handle {
		s.handles++
	}
	s.choose(entries, tag)
	return s
}

// around returns the hits among which all are that hold a token: a text may hold
// any number of hits, and each of them is compared with others.
func (s *scan) around(token int) []hit {
	from := func(at int) int {
		i, _ := slices.BinarySearchFunc(s.hits, at, func(h hit, at int) int { return h.from - at })
		return i
	}
	return s.hits[from(token+1-s.longest):from(token+1)]
}

// readAt takes every term and the longest lexicon phrase that begin at a token.
func (m *Matcher) readAt(s *scan, i int, entries []found) []found {
	t := &s.tokens[i]
	if t.Hashtag || t.Handle {
		if id, ok := m.nodes[0].next(wholeMark + t.Stem); ok {
			s.take(&m.nodes[id], i, i+1)
		}
		if t.Whole {
			return entries
		}
	}
	m.docketAt(s, i)
	phrase := m.walk(s, i)
	if t.Handle {
		return entries
	}
	if phrase.entry != nil {
		entries = append(entries, phrase)
	}
	if phrase.to <= i+1 {
		p := starting(theLexicon().prefixes, t.Text)
		if p == nil && t.Script == lang.Arabic { // behind the article
			p = starting(theLexicon().prefixes, t.Stem)
		}
		if p != nil && p != phrase.entry {
			entries = append(entries, found{p, i, i + 1})
		}
	}
	return entries
}

// docketAt takes the docket numbers that begin at a token.
func (m *Matcher) docketAt(s *scan, i int) {
	first := s.tokens[i].Text[0]
	at, ok := m.nodes[0].next(docketMark)
	if !ok || first < '0' || first > '9' {
		return
	}
	for j := i; j < len(s.tokens); j++ {
		for _, piece := range docketWords(s.tokens[j].Text) {
			if at, ok = m.nodes[at].next(piece); !ok {
				return
			}
		}
		if m.nodes[at].ends != nil {
			s.take(&m.nodes[at], i, j+1)
		}
	}
}

// walk follows the trie from a token.
func (m *Matcher) walk(s *scan, i int) (phrase found) {
	m.step(s, i, i, 0, &phrase)
	return phrase
}

// step follows every edge that token j, or what comes next, can be, and keeps the longest
// phrase of the lexicon, of equals the one in whole words.
func (m *Matcher) step(s *scan, i, j int, at int32, phrase *found) {
	for j < len(s.tokens) && s.tokens[j].Whole {
		j++
	}
	if j == len(s.tokens) || j > i && s.apart(j) && s.within(i) {
		return
	}
	follow := func(next int32) {
		n := &m.nodes[next]
		if n.ends != nil {
			s.take(n, i, j+1)
		}
		if n.lex != nil && j+1 > phrase.to {
			*phrase = found{n.lex, i, j + 1}
		}
		if n.to != 0 {
			m.step(s, i, j+1, next, phrase)
		}
	}
	n := &m.nodes[at]
	if next, ok := n.next(s.tokens[j].Stem); ok {
		follow(next)
	}
	if !n.part {
		return
	}
	starts := m.starts[at]
	for f := longest(starts, s.tokens[j].Text); f >= 0; f = starts[f].parent {
		next, _ := n.next(familyMark + starts[f].text)
		follow(next)
	}
}

// apart reports a gap before a letter of a script that is matched letter by
// letter. within reports a letter in the middle of a run of its script. A term
// that begins within a run does not go on in the next one: no word does.
func (s *scan) apart(i int) bool {
	return s.tokens[i].Script.Glued() && s.tokens[i-1].Script.Glued() && s.tokens[i].Start != s.tokens[i-1].End
}

func (s *scan) within(i int) bool {
	return i > 0 && s.tokens[i].Script.Glued() && s.tokens[i-1].Script == s.tokens[i].Script && s.tokens[i-1].End == s.tokens[i].Start
}

func (s *scan) take(n *node, from, to int) {
	if n.ends == nil { // a name begins so, that is all
		return
	}
	f, l := &s.tokens[from], &s.tokens[to-1]
	s.longest = max(s.longest, to-from)
	s.hits = append(s.hits, hit{ending: n.ends, from: from, to: to, start: f.Start, end: l.End, capital: f.Capital || f.Handle || f.Hashtag})
}

// choose decides which languages are spoken, keeps their words, and counts.
func (s *scan) choose(entries []found, tag string) {
	var votes [mostLanguages]int
	for _, e := range entries {
		e.entry.in[function].each(func(i int) { votes[i]++ })
	}
	langs := theLexicon().spoken(tag, votes)
	s.langs = langs
	s.function = make([]bool, len(s.tokens))
	read := 0 // tokens taken: "court" in "supreme court" says nothing more, in "tennis court" nothing
	for _, e := range entries {
		s.function[e.from] = s.function[e.from] || e.entry.in[function]&langs != 0
		if e.to <= read {
			continue
		}
		if e.entry.in[idiom]&langs != 0 {
			read = e.to
			continue
		}
		for c := function + 1; c < classes; c++ {
			if e.entry.in[c]&langs != 0 {
				s.lexical = append(s.lexical, word{entry: e.entry, class: c, from: e.from, to: e.to, start: s.tokens[e.from].Start, end: s.tokens[e.to-1].End})
				read = e.to
			}
		}
	}
	letters := 0
	s.bare = true
	for i := range s.tokens {
		t := &s.tokens[i]
		s.bare = s.bare && (t.Handle || t.Link)
		s.versus = s.versus || versus[t.Text]
		switch {
		case t.Handle || t.Whole || t.Link || s.function[i]:
		case t.Script.Glued():
			letters++
		case len(t.Text) >= 3:
			s.words++
		}
	}
	s.words += letters / 2 // about two letters a word
}

// evidence shows a part of the text. Only the post's own text gives spans:
// quotations are made of it alone.
func (s *scan) evidence(start, end int) onrecord.Reason {
	e := onrecord.Reason{Text: s.text[start:end], Where: s.where}
	if s.spans {
		e.Start, e.End = start, end
	}
	return e
}

// leading reports a handle in front of a reply.
func (s *scan) leading(h *hit) bool { return h.from < s.handles }

// named reports whether a hit is written as a name and cannot be mistaken for
// the everyday word: a handle or hashtag, or a capital within a sentence that is
// not written in capitals throughout.
func (s *scan) named(h *hit) bool {
	t := &s.tokens[h.from]
	if t.Handle || t.Hashtag || t.Link {
		return true
	}
	if !h.capital || h.from == 0 {
		return false
	}
	before := &s.tokens[h.from-1]
	if before.Handle || strings.ContainsAny(s.text[before.End:h.start], ".!?:;\n“\"«(•-–—") {
		return false
	}
	written := s.text[h.start:h.end]
	return written != strings.ToUpper(written) || s.text[before.Start:before.End] != strings.ToUpper(s.text[before.Start:before.End])
}

// leadsTo reports whether an address in the text leads to pages that bear one
// of the words as host or as account.
func (s *scan) leadsTo(words []string) bool {
	return slices.ContainsFunc(s.tokens, func(t lang.Token) bool { return t.Site && slices.Contains(words, t.Stem) })
}

// inside reports a hit that says nothing beyond another one: a keyword within a
// longer keyword, a judge's surname within the name, a looser match of a word that is
// a keyword or a name. A handle in front of a reply is no keyword either.
func (s *scan) inside(h *hit, n int, r role) bool {
	switch r {
	case keyword:
		return s.leading(h) || s.covered(h, n, func(o *hit, u *use) bool { return u.role == keyword && o.to-o.from > h.to-h.from })
	case judge:
		return s.covered(h, n, func(o *hit, u *use) bool { return u.role == judge && o.to-o.from > h.to-h.from })
	case family, context:
		return s.covered(h, n, func(_ *hit, u *use) bool { return u.role == keyword || u.role == name || u.role == judge })
	}
	return false
}

func (s *scan) covered(h *hit, n int, by func(*hit, *use) bool) bool {
	around := s.around(h.from)
	for i := range around {
		if o := &around[i]; o.from <= h.from && o.to >= h.to {
			uses := o.of(n)
			for j := range uses {
				if by(o, &uses[j]) {
					return true
				}
			}
		}
	}
	return false
}

// caption finds "one side v. the other", each by a word that is its own.
func (s *scan) caption(c *compiled) (start, end int, ok bool) {
	if !s.versus {
		return 0, 0, false
	}
	for i := range s.tokens {
		if !versus[s.tokens[i].Text] {
			continue
		}
		a, b := s.sideBy(c, i, -1), s.sideBy(c, i, 1)
		if a >= 0 && b >= 0 && c.sideOf[s.tokens[a].Text] != c.sideOf[s.tokens[b].Text] {
			return s.tokens[a].Start, s.tokens[b].End, true
		}
	}
	return 0, 0, false
}

// captionWords is how far from the "v." a side may be told, as in "Reyes Example Ltd v."
const captionWords = 3

// sideBy finds the word that tells a side before or behind a token; -1: none.
func (s *scan) sideBy(c *compiled, i, step int) int {
	for j := i + step; j >= 0 && j < len(s.tokens) && (j-i)*step <= captionWords; j += step {
		if _, ok := c.sideOf[s.tokens[j].Text]; ok {
			return j
		}
	}
	return -1
}

var versus = lang.Set("versus")

// written reports that a hit of a name is spelled as the name is. Of inflection
// only what changes the writing of names counts: the endings of Cyrillic, and the
// German genitive.
func (s *scan) written(h *hit, u *use) bool {
	if u.spelled == "" {
		return true
	}
	left := u.spelled
	for _, t := range s.tokens[h.from:h.to] {
		if t.Whole {
			continue
		}
		if left == "" {
			return false
		}
		var want string
		want, left, _ = strings.Cut(left, " ")
		if t.Script == lang.Latin && t.Text != want && (t.Text != want+"s" || s.langs&genitive() == 0) {
			return false
		}
	}
	return left == ""
}

// genitive are the languages that write the s of a genitive without an apostrophe.
var genitive = sync.OnceValue(func() languages { return theLexicon().tagged("de") })
