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
	return l
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

// read takes an item of a language: a word, a phrase, or with "*" the beginning
// of a word.
func (l *lexicon) read(item string, c class, one languages, starts map[string]*entry) error {
	word, starred := strings.CutSuffix(item, "*")
	toks := lang.Tokens(word)
	if len(toks) == 0 || strings.Contains(word, "*") || starred && len(toks) > 1 {
		return fmt.Errorf("bad entry %q", item)
	}
	into, key := l.phrases, phraseKey(toks)
	if starred {
		into, key = starts, toks[0].Text
	}
	if into[key] == nil {
		into[key] = &entry{text: item}
		if starred {
			into[key].text = key
		}
	}
	into[key].in[c] |= one
	return nil
}

// phraseKey joins stems; a word cannot hold a space.
func phraseKey(toks []lang.Token) string {
	stems := make([]string, len(toks))
	for i, t := range toks {
		stems[i] = t.Stem
	}
	return strings.Join(stems, " ")
}

// starting returns the longest of the prefixes that a word begins with, or nil.
// All of them are ancestors of the greatest prefix that is not after the word.
func starting(ps []prefix, word string) *entry {
	i := sort.Search(len(ps), func(i int) bool { return ps[i].text > word }) - 1
	for ; i >= 0; i = ps[i].parent {
		if strings.HasPrefix(word, ps[i].text) {
			return &ps[i].entry
		}
	}
	return nil
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
