package match

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"onrecord/statements/lang"

	"onrecord"
)

// Matcher recognises the terms of all configured cases in one pass. It is
// immutable and safe for concurrent use.
type Matcher struct {
	nodes   []node             // nodes[0] is the root
	starts  map[int32][]prefix // by node: beginnings of words; the edge of one is familyMark+text
	foreign bool               // a case has names in another script than Latin
	cases   []compiled
	owners  map[string][]int32 // by the stems of names, titles, courts and events: the cases whose they are, in their order
	byID    map[string]int
	weights *Weights
	ruleset string
}

// node is a state of the token trie; the edges are stems. Most have one: a map for
// each would be two thirds of what a matcher keeps in memory.
type node struct {
	stem string // of the first edge
	to   int32  // where it leads; 0: there is none, as nothing leads to the root
	part bool   // it leads on by beginnings of words, too: see Matcher.starts
	more map[string]int32
	ends *ending // the terms that end here
	lex  *entry  // the lexicon's phrase that ends here
}

// ending is a term of one or more cases.
type ending struct {
	key  string // the stems from the root, which name the term in a State
	uses []use  // in the order of cases
}

// next is the node behind a stem.
func (n *node) next(stem string) (int32, bool) {
	if n.to != 0 && n.stem == stem {
		return n.to, true
	}
	to, ok := n.more[stem]
	return to, ok
}

// lead makes a stem lead to a node.
func (n *node) lead(stem string, to int32) {
	switch {
	case n.to == 0:
		n.stem, n.to = stem, to
	case n.more == nil:
		n.more = map[string]int32{stem: to}
	default:
		n.more[stem] = to
	}
}

// use is what a term means in one case.
type use struct {
	inCase int
	*sense
}

// sense is what a term means in a case. Cases in which it means the same share one:
// those that have a keyword have it in all languages.
type sense struct {
	role    role
	person  int     // index in Everyone, for names
	who     string  // their name
	share   float64 // of the full weight: less for what is only part of a name
	expect  float64 // in which share of posts on other things the term is expected
	cased   bool    // counts fully only when written with a capital
	plain   bool    // a name that is an everyday word, too
	symbol  bool    // one or two letters
	common  bool    // a keyword that is language of courts
	spelled string  // how the words of a name are written, with a space between; "": any form of its stems
	sounds  bool    // found by sound in another script
	says    string  // the keyword that it is another way to say
}

// role is what a term is to its case.
type role uint8

const (
	name role = iota
	judge
	keyword
	family // beginning of a keyword
	context
	excluded
	docket
	title
)

// Some terms are put under one edge that no word of a text can be.
const (
	wholeMark  = "#" // the words of a term written as one, as handles and hashtags do
	familyMark = "*" // the beginning of a word
	soundMark  = "~" // the skeleton of a name
	docketMark = "№" // a docket number
	eastMark   = "=" // the same as it is spoken in the Far East
)

// compiled is what the scorer needs of a case besides its terms.
type compiled struct {
	onrecord.Case
	n        int // its index
	everyone []onrecord.Person
	sides    []int  // of everyone; those of one side share a number
	lawyers  []bool // of everyone
	speakers map[string]int
	sideOf   map[string]int // by a word of a party's name that no other side bears
	judged   []lang.Script  // in which the names of its judges are written; none where it names none
}

// speaker returns the index in everyone of a person, in small letters, or -1.
func (c *compiled) speaker(who string) int {
	if i, ok := c.speakers[who]; ok {
		return i
	}
	return -1
}

// bears returns the words of a person's names.
func (c *compiled) bears(who string) (words []string) {
	if i := c.speaker(strings.ToLower(who)); i >= 0 {
		for _, n := range namesOf(c.everyone[i]) {
			words = append(words, stems(lang.Tokens(n))...)
		}
	}
	return words
}

// Compile builds the matcher of the configured cases, in which everybody is known by
// the handles of their accounts, too. It never fails: a term without letters or digits
// is left out.
func Compile(cases []onrecord.Case, accounts ...onrecord.Account) *Matcher {
	cases = slices.Clone(cases)
	accounts = slices.SortedStableFunc(slices.Values(accounts), func(a, b onrecord.Account) int { return strings.Compare(a.ID, b.ID) })
	for i := range cases {
		cases[i] = addressed(cases[i], accounts)
	}
	m := &Matcher{nodes: []node{{}}, starts: map[int32][]prefix{}, byID: map[string]int{}, owners: map[string][]int32{}, weights: learned}
	senses := map[sense]*sense{}
	for key, e := range theLexicon().phrases {
		m.nodes[m.path(strings.Fields(key))].lex = e
	}
	for i, c := range cases {
		m.byID[c.ID] = i
		m.cases = append(m.cases, compile(c, i))
		m.own(i)
		for _, t := range terms(c) {
			m.add(i, t, senses)
		}
	}
	for at, starts := range m.starts {
		m.starts[at] = linked(starts)
	}
	m.ruleset = ruleset(cases)
	return m
}

// addressed is a case in which people bear the handles of their accounts.
func addressed(c onrecord.Case, accounts []onrecord.Account) onrecord.Case {
	c.Parties, c.People = slices.Clone(c.Parties), slices.Clone(c.People)
	for _, a := range accounts {
		if a.Handle == "" || a.Speaker == "" || !slices.Contains(a.Cases, c.ID) {
			continue
		}
		for _, people := range [][]onrecord.Person{c.Parties, c.People} {
			i := slices.IndexFunc(people, func(p onrecord.Person) bool {
				return slices.ContainsFunc(namesOf(p), func(n string) bool { return strings.EqualFold(n, a.Speaker) })
			})
			if i >= 0 {
				people[i].Aliases = append(slices.Clip(people[i].Aliases), "@"+a.Handle)
				break
			}
		}
	}
	return c
}

func compile(c onrecord.Case, n int) compiled {
	out := compiled{Case: c, n: n, everyone: c.Everyone(), sides: sides(c), speakers: map[string]int{}, sideOf: map[string]int{}}
	out.distinguish()
	for _, name := range judgeNames(c) {
		out.judged = append(out.judged, name[len(name)-1].Script)
	}
	for i, p := range out.everyone {
		out.lawyers = append(out.lawyers, lawyer(p.Role))
		for _, n := range namesOf(p) {
			if key := strings.ToLower(n); out.speaker(key) < 0 {
				out.speakers[key] = i
			}
		}
	}
	return out
}

// own notes whose the words of a case's names, title, court and events are.
func (m *Matcher) own(n int) {
	c := &m.cases[n]
	texts := slices.Concat([]string{c.Title, c.Court, c.Judge}, c.Keywords, eventTexts(c.Case))
	for _, p := range c.everyone {
		texts = append(texts, namesOf(p)...)
	}
	for _, text := range texts {
		for _, stem := range stems(lang.Tokens(text)) {
			if !m.owns(n, stem) {
				m.owners[stem] = append(m.owners[stem], int32(n))
			}
		}
	}
}

// owns reports whether a word is one of a case's names, title, court and events.
func (m *Matcher) owns(n int, stem string) bool {
	_, ok := slices.BinarySearch(m.owners[stem], int32(n))
	return ok
}

// distinguish finds the words that tell the sides of a case: all of a name that
// are neither legal forms nor used every day, or else all of it.
func (c *compiled) distinguish() {
	shared := map[string]bool{}
	for i, p := range c.Parties {
		for _, n := range namesOf(p) {
			toks := lang.Tokens(n)
			telling := slices.DeleteFunc(slices.Clone(toks), func(t lang.Token) bool {
				return t.Whole || t.Handle || legalForms[t.Text] || ordinary[t.Text] || institutional()[t.Stem] || wordCommonness(t) > 0 || utf8.RuneCountInString(t.Text) < 3
			})
			if len(telling) == 0 {
				telling = plainName(toks)
			}
			for _, t := range telling {
				if side, ok := c.sideOf[t.Text]; ok && side != c.sides[i] {
					shared[t.Text] = true
				}
				c.sideOf[t.Text] = c.sides[i]
			}
		}
	}
	for word := range shared {
		delete(c.sideOf, word)
	}
}

func eventTexts(c onrecord.Case) (texts []string) {
	for _, e := range c.Events {
		texts = append(texts, e.What)
	}
	return texts
}

// Ruleset is a hash of everything that decides: the table of evidence, the
// lexicons and the cases. Equal rulesets decide equally.
func (m *Matcher) Ruleset() string { return m.ruleset }

func ruleset(cases []onrecord.Case) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, part := range []any{revision, table, learned.Values(), learned.Review, learned.Candidate, learned.Cold, learned.Unnamed, lang.All(), cases} {
		_ = enc.Encode(part) // plain values into a hash: cannot fail
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// path returns the node of a sequence of stems, making it where needed.
func (m *Matcher) path(stems []string) int32 {
	at := int32(0)
	for _, s := range stems {
		next, ok := m.nodes[at].next(s)
		if !ok {
			next = int32(len(m.nodes))
			m.nodes = append(m.nodes, node{})
			m.nodes[at].lead(s, next)
			if start, ok := strings.CutPrefix(s, familyMark); ok {
				m.nodes[at].part = true
				m.starts[at] = append(m.starts[at], prefix{entry: entry{text: start}, parent: -1})
			}
		}
		at = next
	}
	return at
}

// add puts a term of a case into the trie, with the other forms it is recognised by.
func (m *Matcher) add(inCase int, t term, senses map[sense]*sense) {
	if len(t.words) == 0 {
		return
	}
	put := func(words []string, s sense) {
		if senses[s] == nil {
			senses[s] = &s
		}
		m.put(words, use{inCase, senses[s]})
	}
	put(t.words, t.sense)
	if len(t.whole) >= 6 {
		s := t.sense
		s.cased, s.plain, s.spelled = false, false, ""
		put([]string{wholeMark + t.whole}, s)
	}
	if start := root(t.words); start != "" && t.role == keyword && !t.common {
		s := t.sense
		s.role = family
		put([]string{familyMark + start}, s)
	}
	if t.role == name && len(t.words) <= 3 {
		m.foreign = m.foreign || foreign(t.words[0])
		for _, sk := range skeletons(t.words) {
			s := t.sense
			s.sounds, s.cased, s.plain, s.spelled, s.share = true, false, false, "", s.share*sk.share
			put(sk.words, s)
		}
	}
}

// put adds a use; of two for one person and role the better stays.
func (m *Matcher) put(words []string, u use) {
	at := m.path(words)
	if m.nodes[at].ends == nil {
		m.nodes[at].ends = &ending{key: strings.Join(words, " ")}
	}
	n := m.nodes[at].ends
	for i := range n.uses {
		if old := &n.uses[i]; old.inCase == u.inCase && old.role == u.role && old.person == u.person {
			if u.share > old.share {
				*old = u
			}
			return
		}
	}
	n.uses = append(n.uses, u)
}

// of returns what a term means in one case.
func (n *ending) of(inCase int) []use {
	from, end := 0, len(n.uses)
	for from < end {
		if mid := (from + end) / 2; n.uses[mid].inCase < inCase {
			from = mid + 1
		} else {
			end = mid
		}
	}
	to := from
	for to < len(n.uses) && n.uses[to].inCase == inCase {
		to++
	}
	return n.uses[from:to]
}
