package match

import (
	"embed"
	"fmt"
	"math/bits"
	"path"
	"slices"
	"sort"
	"strings"

	"onrecord/statements/lang"
)

// The lexicons are data: one file a language in the folder lexicon, one line a
// class, entries between commas. An entry is a word, a phrase, or the beginning
// of a word with "*". They hold the language of courts and of ordinary talk,
// never a name or a phrase of a particular case.
//
//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// class says what a word of a lexicon is.
type class uint8

const (
	function class = iota // the, of, and: tells the language
	first                 // I, we, our
	legal                 // the business of courts: judge, lawsuit, testify
	outcome               // how proceedings end: ruling, dismissed, settled
	weak                  // of law, but as often of politics or trade: illegal, evidence, fraud
	answer                // denying, admitting, making up: baseless, we apologise
	noise                 // greetings and promotion
	idiom                 // turns of phrase in which a word of courts is none: tennis court, use case
	classes
)

var classNames = [classes]string{"function", "first", "legal", "outcome", "weak", "answer", "noise", "idiom"}

// languages is a set of lexicons.
type languages uint32

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
	data     string // all files, for the ruleset's hash
}

var theLexicon = readLexicon()

func readLexicon() *lexicon {
	files, err := lexiconFiles.ReadDir("lexicon")
	if err != nil {
		panic(err) // embedded: cannot fail
	}
	l := &lexicon{phrases: map[string]*entry{}}
	starts := map[string]*entry{}
	var all []byte
	for _, f := range files {
		data, err := lexiconFiles.ReadFile(path.Join("lexicon", f.Name()))
		if err != nil {
			panic(err) // embedded: cannot fail
		}
		all = append(all, data...)
		one := languages(1) << len(l.tags)
		l.tags = append(l.tags, strings.TrimSuffix(f.Name(), ".txt"))
		if err := l.readFile(string(data), one, starts); err != nil {
			panic(fmt.Sprintf("lexicon/%s: %v", f.Name(), err)) // a test reads them all
		}
	}
	l.data = string(all)
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

func (l *lexicon) readFile(data string, one languages, starts map[string]*entry) error {
	for line := range strings.Lines(data) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, list, ok := strings.Cut(line, ":")
		c := slices.Index(classNames[:], name)
		if !ok || c < 0 {
			return fmt.Errorf("no class: %q", name)
		}
		for item := range strings.SplitSeq(list, ",") {
			item = strings.TrimSpace(item)
			word, starred := strings.CutSuffix(item, "*")
			toks := lang.Tokens(word)
			if len(toks) == 0 || strings.Contains(word, "*") || starred && len(toks) > 1 {
				return fmt.Errorf("%s: bad entry %q", name, item)
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
		}
	}
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
// those of the language the function words show. Nothing known: all of them.
func (l *lexicon) spoken(tag string, hits [32]int) languages {
	most := 0
	for _, n := range hits {
		most = max(most, n)
	}
	set := l.tagged(tag)
	for i, n := range hits {
		if most > 0 && n == most {
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
