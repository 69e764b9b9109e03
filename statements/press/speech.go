package press

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"onrecord/statements/lang"
)

// The words by which articles tell who says something are data: one file a
// language in the folder lexicon, one line a class, entries between commas. All
// are compared folded, whatever the language: articles quote in several.
// Chinese, Japanese and Korean are read in a way of their own, see glued.go.
//
//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// speechClasses are what a line of a lexicon may hold.
var speechClasses = map[string]string{
	"says":      "verbs between a person and the words quoted",
	"tells":     "of them, those whose object may follow: told Dana Reyes",
	"according": "stands before the one who says it",
	"behind":    "stands behind the one who says it",
	"pronoun":   "stands for somebody named before",
	"before":    "makes the name behind it an object or an owner",
	"barrier":   "shows that a name before it is not the subject of the verb after",
	"title":     "may stand between an employer and a name, or between the verb and the subject",
	"article":   "as in the Reyes camp",
	"adverb":    "may stand between the subject and the verb",
	"auxiliary": "stands right before a verb of saying and belongs to it",
	"honorific": "may stand before a surname",
	"lead":      "begins a sentence with a capital and is no name",
	"that":      "stands between a verb and a quotation inside the sentence",
	"marker":    "stands behind the subject and behind nothing else",
	"of":        "stands between an owner and what it owns",
	"servant":   "is followed by the genitive of whom it serves",
	"spokes":    "who speaks for the party named with it",
	"place":     "where people post; no name of a person",
	"topic":     "ends what a sentence is about",
	"aside":     "begins what may stand between the subject and the verb",
}

// speech holds the words of all languages by class, and those of one language by
// language and class.
var speech, speechOf = readSpeech()

func readSpeech() (all map[string][]string, of map[string]map[string][]string) {
	files, err := lexiconFiles.ReadDir("lexicon")
	if err != nil {
		panic(err) // embedded: cannot fail
	}
	all, of = map[string][]string{}, map[string]map[string][]string{}
	for _, f := range files {
		data, err := lexiconFiles.ReadFile(path.Join("lexicon", f.Name()))
		if err != nil {
			panic(err) // embedded: cannot fail
		}
		language, err := readClasses(string(data))
		if err != nil {
			panic(fmt.Sprintf("lexicon/%s: %v", f.Name(), err)) // a test reads them all
		}
		of[strings.TrimSuffix(f.Name(), ".txt")] = language
		for class, entries := range language {
			all[class] = append(all[class], entries...)
		}
	}
	return all, of
}

func readClasses(data string) (map[string][]string, error) {
	classes := map[string][]string{}
	for line := range strings.Lines(data) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		class, list, ok := strings.Cut(line, ":")
		if !ok || speechClasses[class] == "" {
			return nil, fmt.Errorf("no class: %q", class)
		}
		for entry := range strings.SplitSeq(list, ",") {
			if entry = strings.TrimSpace(entry); entry == "" {
				return nil, fmt.Errorf("%s: an empty entry", class)
			}
			classes[class] = append(classes[class], entry)
		}
	}
	return classes, nil
}

var (
	saying       = spoken("says")
	telling      = spoken("tells")
	pronouns     = spoken("pronoun")
	prepositions = spoken("before")
	barriers     = spoken("barrier")
	titles       = spoken("title")
	articles     = spoken("article")
	adverbs      = spoken("adverb")
	auxiliaries  = spoken("auxiliary")
	honorifics   = spoken("honorific")
	lead         = spoken("lead")
	introduces   = spoken("that")
	markers      = spoken("marker")
	owners       = spoken("of")
	servants     = spoken("servant")
	spokes       = spoken("spokes")
	places       = spoken("place")

	accordingTo = phrases(speech["according"]...)
	accordingly = phrases(speech["behind"]...)
)

// spoken are the single words of a class in all languages, folded.
func spoken(class string) map[string]bool {
	m := map[string]bool{}
	for _, w := range speech[class] {
		m[lang.Fold(w)] = true
	}
	return m
}

// phrases are expressions as folded words, the longest first.
func phrases(all ...string) [][]string {
	var ps [][]string
	for _, p := range all {
		ps = append(ps, lang.FoldedWords(p))
	}
	slices.SortStableFunc(ps, func(a, b []string) int { return len(b) - len(a) })
	return ps
}
