package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// A surname is not yet the person: it may be a relative's, a judge's, a stranger's.

// meant reports that a surname, words [first, end), with what stands before it, is
// that of a person of the case.
func (a *article) meant(who voice, ts []lang.Word, first, end int) bool {
	for i := end - 2; i >= 0 && i >= first-3 && ts[i].Segment == ts[first].Segment; i-- {
		w := ts[i].Text
		if i < first && !honorifics[w] && !relatives[w] && !offices[w] && !women[w] && !men[w] {
			break
		}
		switch {
		case relatives[w], servants[w]:
			return false
		case a.honoured(who, w):
		case offices[w] && !titles[w] && !a.cast[who].holdsOffice(),
			offices[w] && titles[w] && !a.cast[who].holdsOffice() && !a.cast[who].does([]string{w}),
			women[w] && !a.cast[who].mayBeWoman(),
			men[w] && !women[w] && !a.cast[who].mayBeMan():
			return false
		}
	}
	return !a.namesake(who)
}

// holdsOffice reports a judge and the like.
func (f figure) holdsOffice() bool {
	return slices.ContainsFunc(lang.FoldedWords(f.Role), func(w string) bool { return offices[w] })
}

// mayBeWoman and mayBeMan go by how the first name ends, where the article does not
// tell: most that end in o or a hard consonant are men's, most in a women's.
func (f figure) mayBeWoman() bool {
	return !f.named(func(r rune) bool { return strings.ContainsRune("osrdkfmtbpgucvjwxz", r) })
}

func (f figure) mayBeMan() bool { return !f.named(func(r rune) bool { return r == 'a' }) }

func (f figure) named(ends func(rune) bool) bool {
	ws := lang.FoldedWords(f.Name)
	if len(ws) < 2 {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(ws[0])
	return ends(r)
}

// honoured reports that the article puts an honorific before the full name as well.
func (a *article) honoured(who voice, honorific string) bool {
	return a.readNames().named[styled{who, honorific}]
}

// namesake reports one whose surname somebody else bears in the article as far as it
// has been read.
func (a *article) namesake(who voice) bool {
	from, shared := a.readNames().shared[who]
	return shared && from <= a.read
}

type styled struct {
	who       voice
	honorific string
}

// bearers is what the whole article tells of names.
type bearers struct {
	named  map[styled]bool
	shared map[voice]int   // from where on somebody else bears the surname, too
	inside map[string]bool // words with a capital that no sentence gives them
}

// namedInside reports a word that has a capital inside of a sentence somewhere in the
// article, as names have.
func (a *article) namedInside(word string) bool { return a.readNames().inside[word] }

// readNames looks through the article once for full names and those of others.
func (a *article) readNames() *bearers {
	if a.bearers != nil {
		return a.bearers
	}
	a.bearers = &bearers{map[styled]bool{}, map[voice]int{}, map[string]bool{}}
	ts := lang.Words(a.plain)
	nouns := a.tongue() == "de" // begins all nouns with a capital
	for i, t := range ts {
		if t.Capital && i > 0 && !strings.ContainsAny(a.plain[ts[i-1].End:t.Start], ".!?…:;\n“”\"«»„—–") {
			a.inside[t.Text] = true
		}
		for v, f := range a.cast {
			for _, n := range f.names {
				if last := i + len(n) - 1; !f.group && lang.HasPhrase(ts, i, n) && ts[last].Possessive && last+2 < len(ts) && relatives[ts[last+1].Text] && ts[last+2].Capital {
					a.share(voice(v), t.Start) // "Lind's brother Anders"
				}
				switch {
				case !surnameOnly(n) && lang.HasPhrase(ts, i, n):
					if i > 0 && ts[i-1].Segment == ts[i].Segment {
						a.named[styled{voice(v), ts[i-1].Text}] = true
					}
				case surnameOnly(n) && !f.group && i > 0 && lang.HasPhrase(ts, i, n) && ts[i-1].Segment == ts[i].Segment && !nouns:
					if a.otherFirstName(ts, i-1, len(n), f) {
						a.share(voice(v), t.Start)
					}
				}
			}
		}
	}
	return a.bearers
}

// share notes where somebody else with a surname is first named. Whoever is named so
// in the same paragraph or later may be that one.
func (b *bearers) share(who voice, at int) {
	if from, known := b.shared[who]; !known || at < from {
		b.shared[who] = at
	}
}

// otherFirstName reports a word before a surname that is another's first name: it
// has a capital inside of a sentence, and no other reason for it.
func (a *article) otherFirstName(ts []lang.Word, i, surname int, f figure) bool {
	w := ts[i]
	if !w.Capital || w.Possessive || f.given(w.Text) || utf8.RuneCountInString(w.Text) < 3 ||
		anyOf(w.Text, prepositions, barriers, lead, pronouns, saying, places, spokes, articles, indefinites, titles, honorifics, relatives, women, men, offices, participles, adverbs, conditions) {
		return false
	}
	if behind := i + 1 + surname; behind < len(ts) && saying[ts[behind].Text] && ts[behind].Segment == w.Segment { // "Anders Lind dijo"
		return true
	}
	if i == 0 {
		return false
	}
	between := a.plain[ts[i-1].End:w.Start]
	if strings.ContainsAny(between, ".!?\n:“\"«„") || strings.ContainsAny(a.plain[w.End:ts[i+1].Start], ".!?\n,;:“\"«„—–-") {
		return false
	}
	if strings.IndexFunc(w.In(a.plain), unicode.IsLower) < 0 {
		return false
	}
	return !slices.ContainsFunc(a.cast, func(o figure) bool {
		return slices.ContainsFunc(o.names, func(n []string) bool { return slices.Contains(n, w.Text) })
	})
}

// unbent gives names their first form where a language puts an ending to them:
// "по словам Линда", "Reyes'e göre".
func (a *article) unbent(ts []lang.Word) []lang.Word {
	ts = slices.Clone(ts)
	for i := range len(ts) - 1 { // "Олени Петрової"
		for _, f := range a.cast {
			for _, n := range f.names {
				if len(n) == 2 && lang.ASCII(n[0]) && unicode.Is(unicode.Cyrillic, firstRune(ts[i].Text)) && bentSound(ts[i+1].Text, n[1]) && slices.Contains(variants(n[0]), lang.Skeleton(ts[i].Text, "k")) {
					ts[i].Text, ts[i+1].Text = n[0], n[1]
				}
			}
		}
	}
	for i, t := range ts {
		if base, _, ok := strings.Cut(t.Text, "'"); ok && a.isName(base) {
			ts[i].Text = base
			continue
		}
		if a.isName(t.Text) {
			continue
		}
		for _, f := range a.cast {
			for _, n := range f.names {
				for _, w := range n {
					if bentFrom(t.Text, w) || bentSound(t.Text, w) {
						ts[i].Text = w
					}
				}
			}
		}
	}
	return ts
}

func (a *article) isName(word string) bool {
	return slices.ContainsFunc(a.cast, func(f figure) bool {
		return slices.ContainsFunc(f.names, func(n []string) bool { return slices.Contains(n, word) })
	})
}

// bentSound reports a name in Cyrillic letters that no sentence of the article has in its
// first form.
func bentSound(word, name string) bool {
	const fewest = 3 // consonants
	if !unicode.Is(unicode.Cyrillic, firstRune(word)) || !lang.ASCII(name) {
		return false
	}
	bones := lang.Skeleton(word, "k")
	return len(bones) >= fewest && slices.Contains(variants(name), bones)
}

// bentFrom reports a name with an ending.
func bentFrom(word, name string) bool {
	const fewest = 3
	stem := name
	if r, n := utf8.DecodeLastRuneInString(name); strings.ContainsRune("аяоa", r) {
		stem = name[:len(name)-n]
	}
	ending, ok := strings.CutPrefix(word, stem)
	return ok && utf8.RuneCountInString(stem) >= fewest && cases[ending]
}
