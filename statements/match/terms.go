package match

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"

	"onrecord"
)

// term is a sense with the stems it is recognised by, and the one word that
// handles and hashtags make of it.
type term struct {
	sense
	words []string
	whole string
}

func newTerm(toks []lang.Token, s sense) term {
	t := term{sense: s, words: stems(toks)}
	if len(t.words) > 1 {
		var b strings.Builder
		for _, tok := range toks {
			if !tok.Whole {
				b.WriteString(tok.Text)
			}
		}
		t.whole = lang.Stem(b.String(), toks[0].Script)
	}
	return t
}

// terms lists what a case is recognised by.
func terms(c onrecord.Case) (ts []term) {
	add := func(text string, s sense) { ts = append(ts, newTerm(lang.Tokens(text), s)) }
	for i, p := range c.Everyone() {
		ts = append(ts, names(p, i, sharedNames(c, i))...)
	}
	ts = append(ts, judges(c)...)
	for _, k := range c.Keywords {
		toks := lang.Tokens(k)
		word := newTerm(toks, sense{role: keyword, share: 1, common: everyday(toks), expect: commonness(toks)})
		ts = append(ts, word)
		for _, edges := range abroad(toks) {
			way := term{sense: word.sense, words: edges}
			way.says = strings.Join(word.words, " ")
			ts = append(ts, way)
		}
	}
	for _, x := range c.Exclude {
		add(x, sense{role: excluded, share: 1})
	}
	for _, d := range c.Docket {
		for _, words := range dockets(d) {
			ts = append(ts, term{sense: sense{role: docket, share: 1}, words: words})
		}
	}
	if words := caption(c.Title); len(words) >= 2 {
		ts = append(ts, term{sense: sense{role: title, share: 1}, words: words})
	}
	for _, w := range contextWords(c) {
		ts = append(ts, term{sense: sense{role: context, share: 1}, words: []string{w}})
	}
	return ts
}

// stems are the words of a term; the whole of a hashtag repeats its pieces.
func stems(toks []lang.Token) (ss []string) {
	for _, t := range toks {
		if !t.Whole {
			ss = append(ss, t.Stem)
		}
	}
	return ss
}

// everyday reports whether a term is nothing but language of courts and
// function words: "court" says little about which case. Of what is law in
// general, single words are everyday ("fraud"), phrases are a subject.
func everyday(toks []lang.Token) bool {
	single := len(toks) == 1
	plain := func(e *entry) bool {
		if e == nil {
			return false
		}
		for c := range classes {
			if e.in[c] != 0 && (single || c != weak && c != answer) {
				return true
			}
		}
		return false
	}
	if e := theLexicon().phrases[strings.Join(stems(toks), " ")]; e != nil {
		return plain(e)
	}
	return !slices.ContainsFunc(toks, func(t lang.Token) bool {
		return !plain(theLexicon().phrases[t.Stem]) && !plain(starting(theLexicon().prefixes, t.Text))
	})
}

// root is the beginning that a keyword of one word shares with others of its
// family: "deportation", "deported"; "Brazil", "Brazilian".
func root(words []string) string {
	if len(words) != 1 {
		return ""
	}
	letters := []rune(words[0])
	if len(letters) < 6 || strings.HasPrefix(words[0], familyMark) || lang.ScriptOf(letters[0]).Glued() {
		return ""
	}
	return string(letters[:max(6, (len(letters)*55+99)/100)])
}

func namesOf(p onrecord.Person) []string { return append([]string{p.Name}, p.Aliases...) }

// names returns the ways a person is named: the configured ones, a company's
// name without its legal form, a person's without initials, and the bare
// surname, which counts half since others bear it too.
func names(p onrecord.Person, person int, shared func(stem string) bool) (ts []term) {
	add := func(toks []lang.Token, share float64) {
		single := len(toks) == 1
		ts = append(ts, newTerm(toks, sense{
			role: name, person: person, who: p.Name, share: share, expect: nameExpect(toks), spelled: spelled(toks),
			cased:  single && toks[0].Capital,
			plain:  single && toks[0].Capital && ordinary[toks[0].Text],
			symbol: single && utf8.RuneCountInString(toks[0].Text) <= 2 && !toks[0].Script.Glued(),
		}))
	}
	for i, n := range namesOf(p) {
		toks := lang.Tokens(strings.TrimPrefix(n, "@"))
		if len(toks) == 0 {
			continue
		}
		add(toks, 1)
		short := plainName(toks)
		if len(short) < len(toks) {
			add(short, 1)
		}
		if i > 0 || len(short) < 2 || len(short) > 4 || !personal(short) {
			continue
		}
		if last := short[len(short)-1]; utf8.RuneCountInString(last.Text) >= 5 && !shared(last.Stem) {
			add([]lang.Token{last}, .5)
		}
	}
	return ts
}

// spelled are the words of a name as they are written: names are not stemmed, or
// the first name Robert would be the surname Roberts.
func spelled(toks []lang.Token) string {
	var texts []string
	for _, t := range toks {
		if !t.Whole {
			texts = append(texts, t.Text)
		}
	}
	return strings.Join(texts, " ")
}

// nameExpect is in which share of other posts a name is expected: where it is
// borne by very many, or an everyday word.
func nameExpect(toks []lang.Token) float64 {
	if e := commonness(toks); e >= commonName {
		return e
	}
	return rareShare
}

// judgeNames reads the names in the case's judge, which is free text: "Hon. Mara
// Quist (trial); Jon Ek, Liv Aas (appeal)".
func judgeNames(c onrecord.Case) (names [][]lang.Token) {
	for _, piece := range strings.FieldsFunc(c.Judge, func(r rune) bool { return strings.ContainsRune(",;()/", r) }) {
		toks := plainName(lang.Tokens(piece))
		for len(toks) > 0 && (everyday(toks[:1]) || honorifics[toks[0].Text]) {
			toks = toks[1:]
		}
		if len(toks) >= 2 && len(toks) <= 4 && personal(toks) {
			names = append(names, toks)
		}
	}
	return names
}

// judges are what the judges of a case are recognised by. Who is configured as a person
// too is left to that.
func judges(c onrecord.Case) (ts []term) {
	taken := sharedNames(c, -1)
	for _, toks := range judgeNames(c) {
		if taken(toks[len(toks)-1].Stem) {
			continue
		}
		s, last := sense{role: judge, person: len(c.Parties), share: 1, spelled: spelled(toks)}, toks[len(toks)-1:]
		ts = append(ts, newTerm(toks, s))
		s.share, s.cased, s.spelled = .5, true, spelled(last)
		ts = append(ts, newTerm(last, s))
	}
	return ts
}

// plainName drops legal forms at the end and single letters between names.
func plainName(toks []lang.Token) []lang.Token {
	for len(toks) > 1 && legalForms[toks[len(toks)-1].Text] {
		toks = toks[:len(toks)-1]
	}
	var out []lang.Token
	for i, t := range toks {
		if len(t.Text) > 1 || i == 0 || i == len(toks)-1 {
			out = append(out, t)
		}
	}
	return out
}

// ordinary are everyday words that companies and people like to be called by.
// Which others a speaker uses every day, its own stream tells.
var ordinary, legalForms, honorifics = lang.Set("ordinary"), lang.Set("company"), lang.Set("honorific")

// personal guesses whether a name is a person's, whose last word is a surname:
// capitalised words, none of them of institutions or of courts.
func personal(toks []lang.Token) bool {
	return !slices.ContainsFunc(toks, func(t lang.Token) bool {
		return digits(t.Text) || !t.Capital && len(t.Text) > 3 || institutional()[t.Stem] || t.Capital && everyday([]lang.Token{t})
	})
}

var institutional = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for w := range lang.Set("institution") {
		m[lang.Stem(w, lang.Latin)] = true
	}
	return m
})

// sharedNames reports words that also name somebody else of the case.
func sharedNames(c onrecord.Case, self int) func(string) bool {
	taken := map[string]bool{}
	for i, p := range c.Everyone() {
		if i == self {
			continue
		}
		for _, n := range namesOf(p) {
			for _, s := range stems(lang.Tokens(n)) {
				taken[s] = true
			}
		}
	}
	return func(stem string) bool { return taken[stem] }
}

// number is a docket number with its divisions and years, without spaces.
var number = regexp.MustCompile(`\d[\dA-Za-z]*(?:(?:[-./:]|\.? ?(?:[Cc]iv|[Cc]v|[Cc]r|[Cc]rim)\.? ?)[\dA-Za-z]+)*`)

// dockets returns the words a docket is recognised by. Long numbers stand
// alone, in any of their writings; a short one needs the word before it, as in
// "No. 12".
func dockets(text string) (out [][]string) {
	for _, at := range number.FindAllStringIndex(text, -1) {
		var words []string
		for _, t := range lang.Tokens(text[at[0]:at[1]]) {
			words = append(words, docketWords(t.Text)...)
		}
		for len(words) > 1 && !digits(strings.TrimPrefix(words[len(words)-1], "№")) { // the judge's initials
			words = words[:len(words)-1]
		}
		if len(words) >= 3 && utf8.RuneCountInString(words[0]) <= 2 { // the division in front of a federal number
			words = words[1:]
		}
		typed := len(words) == 3 && !digits(strings.TrimPrefix(words[1], "№")) // a year, the kind of case, a number
		long := typed || len(strings.Map(keepDigits, text[at[0]:at[1]])) >= 7
		if before := stems(lang.Tokens(text[:at[0]])); long {
			out = append(out, append([]string{docketMark}, words...))
		} else if len(before) > 0 {
			out = append(out, slices.Concat(before[len(before)-1:], stems(lang.Tokens(text[at[0]:at[1]]))))
		}
	}
	return out
}

// docketWords are the pieces of a word of a docket number, alike in all
// writings: without leading zeros and centuries, and with one word for a civil
// and one for a criminal case.
func docketWords(word string) (pieces []string) {
	for len(word) > 0 {
		numeric := unicode.IsDigit(rune(word[0]))
		n := strings.IndexFunc(word, func(r rune) bool { return unicode.IsDigit(r) != numeric })
		if n <= 0 {
			n = len(word)
		}
		piece := word[:n]
		word = word[n:]
		switch {
		case digits(piece):
			if len(piece) == 4 && (piece[:2] == "19" || piece[:2] == "20") {
				piece = piece[2:]
			}
			piece = strings.TrimLeft(piece, "0")
		case piece == "civ":
			piece = "cv"
		case piece == "crim":
			piece = "cr"
		}
		pieces = append(pieces, "№"+piece)
	}
	return pieces
}

func digits(s string) bool { return s != "" && strings.Map(keepDigits, s) == s }

func keepDigits(r rune) rune {
	if unicode.IsDigit(r) {
		return r
	}
	return -1
}

// caption is the title as people would write it, up to the first bracket,
// comma or slash. A title of the form "X v. Y" is recognised by its parties.
func caption(title string) []string {
	if slices.ContainsFunc(lang.Tokens(title), func(t lang.Token) bool { return versus[t.Text] }) {
		return nil
	}
	if i := strings.IndexAny(title, "(,;/"); i > 0 {
		title = title[:i]
	}
	toks := lang.Tokens(title)
	if len(toks) > 7 || everyday(toks) {
		return nil
	}
	return stems(toks)
}

// contextWords are the longer words of title, court, events and keywords of
// several words that are neither names nor language of courts.
func contextWords(c onrecord.Case) (out []string) {
	texts := []string{c.Title, c.Court}
	for _, e := range c.Events {
		texts = append(texts, e.What)
	}
	for _, k := range c.Keywords {
		if len(lang.Tokens(k)) > 1 {
			texts = append(texts, k)
		}
	}
	for _, p := range c.Everyone() {
		texts = append(texts, p.Role)
	}
	taken := sharedNames(c, -1)
	for _, text := range texts {
		for _, t := range lang.Tokens(text) {
			if utf8.RuneCountInString(t.Text) < 5 || t.Script.Glued() || digits(t.Text) || taken(t.Stem) || everyday([]lang.Token{t}) || everydayWords()[t.Text] || slices.Contains(out, t.Stem) {
				continue
			}
			out = append(out, t.Stem)
		}
	}
	return out
}

// SameSide reports whether two speakers of a case speak for the same side: see
// [sides]. Whoever is nobody of the case speaks for no side but the own.
func (m *Matcher) SameSide(caseID, a, b string) bool {
	if a == b {
		return true
	}
	i, ok := m.byID[caseID]
	if !ok {
		return false
	}
	c := &m.cases[i]
	x, y := c.speaker(strings.ToLower(a)), c.speaker(strings.ToLower(b))
	return x >= 0 && y >= 0 && c.sides[x] == c.sides[y]
}

// sides groups everyone of a case: parties whose roles are alike stand on one
// side, people on that of the party their role names.
func sides(c onrecord.Case) (out []int) {
	for i, p := range c.Parties {
		side := i
		for j := range i {
			if sameRole(c.Parties[j].Role, p.Role) {
				side = out[j]
				break
			}
		}
		out = append(out, side)
	}
	for i, p := range c.People {
		side := len(c.Parties) + i // nobody's
		role := spaced(p.Role)
		for j, party := range c.Parties {
			for _, n := range namesOf(party) {
				if words := spaced(n); words != "  " && strings.Contains(role, words) {
					side = out[j]
				}
			}
		}
		out = append(out, side)
	}
	return out
}

// lawyer reads a role. Parties name their own people daily, but their lawyers
// only where a case is spoken of.
func lawyer(role string) bool {
	words := strings.ReplaceAll(spaced(role), " ", "")
	return slices.ContainsFunc(lawyerWords, func(w string) bool { return strings.Contains(words, w) })
}

var lawyerWords = lang.Entries("lawyer")

// spaced is a text's stems with a space around each, for whole-word search.
func spaced(text string) string { return " " + strings.Join(stems(lang.Tokens(text)), " ") + " " }

// sameRole compares the words for the parts parties play: "defendant" and
// "nominal defendant", "imputada" and "imputado".
func sameRole(a, b string) bool {
	for _, x := range lang.Tokens(a) {
		for _, y := range lang.Tokens(b) {
			if n := min(len(x.Text), len(y.Text)) - 1; n >= 5 && x.Text[:n] == y.Text[:n] {
				return true
			}
		}
	}
	return a == b
}
