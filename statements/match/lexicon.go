package match

import (
	"fmt"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"sync"

	"onrecord/statements/lang"
)

// The language of courts and of ordinary talk, by which a post is told from
// talk on other things, is data of package lang.

// class says what a word of a lexicon is.
type class uint8

const (
	function class = iota
	first
	legal
	outcome
	weak
	answer
	noise
	idiom
	blame
	onward
	repeating
	opposing
	classes
)

// classNames are the classes as package lang has and explains them.
var classNames = [classes]string{"function", "first", "legal", "outcome", "weak", "answer", "noise", "idiom", "blame", "onward", "again", "opponent"}

// languages is a set of lexicons.
type languages uint32

const mostLanguages = 32

// entry is a word or phrase of one or more lexicons; in says in which
// languages it belongs to each class.
type entry struct {
	text string
	in   [classes]languages
}

// prefix is an entry that ends in "*". Parent is the longest other prefix it
// begins with, or -1.
type prefix struct {
	entry
	parent int
}

// lexicon is all languages together.
type lexicon struct {
	tags     []string // language of each bit of languages
	prefixes []prefix // sorted by text
	phrases  map[string]*entry
}

// What is made of the data of languages is made when it is first needed: a command that judges nothing does not wait for it.
var theLexicon = sync.OnceValue(readLexicon)

func readLexicon() *lexicon {
	l := &lexicon{phrases: map[string]*entry{}}
	starts := map[string]*entry{}
	for _, tag := range lang.Languages() {
		words := lang.Of(tag)
		if len(words[classNames[function]]) == 0 { // nobody could tell that it is spoken
			continue
		}
		if len(l.tags) == mostLanguages {
			panic("more languages than a set of them can hold: widen the type languages")
		}
		one := languages(1) << len(l.tags)
		l.tags = append(l.tags, tag)
		for c, name := range classNames {
			for _, item := range words[name] {
				if err := l.read(item, class(c), one, starts); err != nil {
					panic(fmt.Sprintf("language %s, %s: %v", tag, name, err)) // a test reads them all
				}
			}
		}
	}
	for _, e := range starts {
		l.prefixes = append(l.prefixes, prefix{entry: *e, parent: -1})
	}
	l.prefixes = linked(l.prefixes)
	for key, e := range l.phrases {
		l.speakIn(key, e)
	}
	return l
}

// speakIn gives a phrase with the speaker in it, as "we deny", the class of words for the
// speaker, too.
func (l *lexicon) speakIn(key string, e *entry) {
	words := strings.Fields(key)
	if len(words) < 2 {
		return
	}
	var all languages
	for _, langs := range e.in {
		all |= langs
	}
	for _, w := range words {
		if o := l.phrases[w]; o != nil {
			e.in[first] |= o.in[first] & all
		}
	}
}

// linked links each prefix to the longest other one it begins with, whose
// classes it shares.
func linked(ps []prefix) []prefix {
	sort.Slice(ps, func(i, j int) bool { return ps[i].text < ps[j].text })
	for i := range ps {
		for j := i - 1; j >= 0; j = ps[j].parent {
			if strings.HasPrefix(ps[i].text, ps[j].text) {
				ps[i].parent = j
				for c, langs := range ps[j].in {
					ps[i].in[c] |= langs
				}
				break
			}
		}
	}
	return ps
}

// read takes an item of a language: a word or a phrase, whose words may be no more than
// the beginnings of words, with "*".
func (l *lexicon) read(item string, c class, one languages, starts map[string]*entry) error {
	edges := edgesOf(item)
	if len(edges) == 0 {
		return fmt.Errorf("bad entry %q", item)
	}
	into, key, text := l.phrases, strings.Join(edges, " "), item
	if start, ok := strings.CutPrefix(key, familyMark); ok && len(edges) == 1 {
		into, key, text = starts, start, start
	}
	if into[key] == nil {
		into[key] = &entry{text: text}
	}
	into[key].in[c] |= one
	return nil
}

// edgesOf are the stems of an item, and its beginnings of words behind a mark; none
// where a "*" stands anywhere but at the end of a word.
func edgesOf(item string) (edges []string) {
	for field := range strings.FieldsSeq(item) {
		word, starred := strings.CutSuffix(field, "*")
		toks := lang.Tokens(word)
		if strings.Contains(word, "*") || starred && len(toks) == 0 {
			return nil
		}
		edges = append(edges, stems(toks)...)
		if starred {
			edges[len(edges)-1] = familyMark + toks[len(toks)-1].Text
		}
	}
	return edges
}

// starting returns the longest of the prefixes that a word begins with, or nil.
func starting(ps []prefix, word string) *entry {
	if i := longest(ps, word); i >= 0 {
		return &ps[i].entry
	}
	return nil
}

// longest is where that prefix is, or -1. All of those that a word begins with are
// ancestors of the greatest prefix that is not after the word.
func longest(ps []prefix, word string) int {
	i := sort.Search(len(ps), func(i int) bool { return ps[i].text > word }) - 1
	for i >= 0 && !strings.HasPrefix(word, ps[i].text) {
		i = ps[i].parent
	}
	return i
}

// tagged returns the lexicon of a language tag such as "pt-BR".
func (l *lexicon) tagged(tag string) languages {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if base == "ms" || base == "in" { // Malay is near enough; X calls Indonesian "in"
		base = "id"
	}
	if i := slices.Index(l.tags, base); i >= 0 {
		return 1 << i
	}
	return 0
}

// spoken decides whose words count: those of the language the place names and
// those of the language that function words show, more than one of them unless
// the place names none. Nothing known: all of them.
func (l *lexicon) spoken(tag string, hits [mostLanguages]int) languages {
	most := 0
	for _, n := range hits {
		most = max(most, n)
	}
	set := l.tagged(tag)
	named := set != 0
	for i, n := range hits {
		if n > 0 && n == most && (n > 1 || !named) {
			set |= 1 << i
		}
	}
	if set == 0 {
		return ^languages(0)
	}
	return set
}

func (s languages) each(f func(i int)) {
	for s != 0 {
		i := bits.TrailingZeros32(uint32(s))
		f(i)
		s &= s - 1
	}
}
