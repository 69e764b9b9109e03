package lang

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// A language is a folder of data, named by its tag: lines of "class: entry,
// entry" in as many files as read well. What belongs to no single language is in
// the folder "mul". Adding a language touches nothing else.
//
//go:embed data
var files embed.FS

// classes are what a line may hold. What one language lacks, a test lists.
var classes = map[string]string{
	// court.txt: is a post on a case. A word, a phrase, or the beginning of a word
	// with "*"; never a name or a phrase of a particular case.
	"function": "the, of, and: tells the language",
	"first":    "I, we, our",
	"legal":    "the business of courts: judge, lawsuit, testify",
	"outcome":  "how proceedings end: ruling, dismissed, settled",
	"weak":     "of law, but as often of politics or trade: illegal, evidence, fraud",
	"answer":   "denying, admitting, making up: baseless, we apologise",
	"noise":    "greetings and promotion",
	"blame":    "calling somebody or something unjust, false or corrupt: sham, witch hunt, shameful",
	"onward":   "begins what goes on from something said before: also, moreover, by the way",
	"again":    "tells that something is said again, corrected or cleared up: to repeat, correction",
	"opponent": "stands for the other side of a dispute: opposing counsel, my former employer",
	"idiom":    "turns of phrase in which a word of courts is none: tennis court, use case",

	// press.txt: who says something in an article. All are compared whatever the
	// language: articles quote in several.
	"says":        "verbs between a person and the words quoted",
	"tells":       "of them, those whose object may follow: told Dana Reyes",
	"according":   "stands before the one who says it",
	"behind":      "stands behind the one who says it",
	"pronoun":     "stands for somebody named before",
	"before":      "makes the name behind it an object or an owner",
	"barrier":     "shows that a name before it is not the subject of the verb after",
	"title":       "may stand between an employer and a name, or between the verb and the subject",
	"article":     "as in the Reyes camp",
	"adverb":      "may stand between the subject and the verb",
	"auxiliary":   "stands right before a verb of saying and belongs to it",
	"honorific":   "may stand before a surname",
	"lead":        "begins a sentence with a capital and is no name",
	"that":        "stands between a verb and a quotation inside the sentence",
	"marker":      "stands behind the subject and behind nothing else",
	"of":          "stands between an owner and what it owns",
	"servant":     "is followed by the genitive of whom it serves",
	"spokes":      "who speaks for the party named with it",
	"place":       "where people post; no name of a person",
	"participle":  "a verb of saying whose subject is that of the sentence: saying",
	"indefinite":  "as in a judge: somebody who was not named before",
	"copula":      "as in Reyes was brief:",
	"joint":       "joins a verb to the one before it, of the same subject: and",
	"further":     "leads to more of the same speaker: and further:",
	"so":          "stands between a quotation and a bare name",
	"house":       "as in at Harbor Labs they say",
	"nobody":      "the subject of such a sentence",
	"plural":      "the verb of such a sentence, without a subject",
	"passive":     "makes its subject the one who is told of: was",
	"quotes":      "verbs that tell what another says: quoted",
	"view":        "stands before the one whose view it is: for",
	"note":        "a text of somebody that is not of a court: statement",
	"runs":        "says what stands in it: reads",
	"case":        "endings of a name behind a preposition",
	"hearer":      "who is told, and not who tells: reporters",
	"deictic":     "points to a quotation that stands beside the sentence: thus",
	"head":        "who runs a house",
	"founder":     "who began one",
	"engineer":    "who builds things for one",
	"artist":      "what people are: painter; so are the six that follow",
	"scientist":   "chemist",
	"author":      "novelist",
	"mayor":       "mayor",
	"medic":       "doctor",
	"coach":       "trainer",
	"player":      "midfielder",
	"firm":        "a house that is not named: the company",
	"woman":       "an honorific of women",
	"man":         "an honorific of men",
	"rank":        "an honorific that comes with an office: judge",
	"body":        "what a public body or an association is, in its name: city, union",
	"relative":    "of the same family, mostly: aunt, brother",
	"stranger":    "who is told of without a name, and is nobody of a case: a resident, an analyst",
	"hears":       "verbs of those who are told, and do not tell: received, read",
	"denies":      "of them, those by which somebody denies, who may then say something",
	"thing":       "what words stand on or in, and nobody says: banner",
	"telling":     "what somebody makes of things: in her telling",
	"theirs":      "a pronoun of owners",
	"she":         "a pronoun of women",
	"he":          "a pronoun of men",
	"hers":        "according to somebody named before: in her words",
	"reply":       "labels an answer",
	"hedge":       "words so marked are not known to have been said: allegedly",
	"modal":       "before a verb of saying: it was not said, or not now: would",
	"condition":   "begins a condition: if",
	"document":    "a paper of a court, which speaks for nobody: complaint",
	"inside":      "stands before it: in the complaint",
	"cited":       "how it holds words: quoted, attached",
	"past":        "something was said long ago: years ago; # is any word",
	"about":       "begins what a house prints under its releases: about Harbor Labs",
	"boilerplate": "begins what else stands there",
	"topic":       "ends what a sentence is about",
	"aside":       "begins what may stand between the subject and the verb",

	// words.txt: how a language says no, counts, dates, shortens and inflects.
	"negation":     "turns a sentence into its opposite when it is left out",
	"sign":         "a negation within a text without spaces",
	"denial":       "says no without a negation",
	"numeral":      "a number in words, with the digits that say the same: two=2",
	"multiple":     "tells how many times as much",
	"quantity":     "a number that is left open: dozens",
	"date":         "days and months that mean nothing else",
	"abbreviation": "ends in a dot and does not end a sentence",
	"opener":       "begins a sentence with a capital and names nobody",
	"announcing":   "stands in front of what is said again",
	"ending":       "is cut off when names and nouns are compared",
	"proclitic":    "is written together with the noun behind it",

	// common.txt: what is used so often that it tells no case from another.
	"common": "everyday words: people, work, market",
	"given":  "first names",
	"region": "countries, states and cities",

	// subjects.txt: what cases are about, so that a keyword is known in every language.
	// "name = a, b" begins a subject: its name in English, and how it is said.
	"subject": "trade secret = secreto comercial, secreto industrial",

	// names.txt: what is in names, and beside them.
	"versus":      "stands between the sides of a case",
	"lawyer":      "in a role: somebody who speaks for a party in court",
	"company":     "a legal form, which is left out where a company is named",
	"particle":    "begins a surname of several words: van der",
	"institution": "in a name: nobody's surname",
	"ordinary":    "an everyday word that companies and people like to be called by",

	// story.txt: what a news story, a release or a caption says of a case. It suggests a
	// configuration and decides about no post.
	"suing":     "tells that somebody takes somebody to court",
	"against":   "stands before the one who is taken to court, or behind where a language has it so",
	"suer":      "stands before the one who does, in the passive",
	"within":    "makes the name behind it a place",
	"plaintiff": "the side that sues",
	"defendant": "the side that is sued",
	"court":     "in the name of a court",
	"judge":     "before the name of a judge",
	"office":    "in what somebody is: chief executive, lawyer",
	"month":     "a month with its number: may=5",
	"joins":     "and: stands between two of a side",
	"being":     "between a side and who it is: the plaintiffs are",
	"role":      "before a side, behind who it is: names them as defendants",
	"number":    "before the number of a case",
}

// lexicon is the data of all languages, by tag and class.
var lexicon = load(files)

var tags = slices.Sorted(maps.Keys(lexicon))

// Languages are the tags of all languages that there are data of.
func Languages() []string { return slices.Clone(tags) }

// Of are the words of one language by class.
func Of(tag string) map[string][]string { return lexicon[tag] }

// All is the data of all languages by tag and class: what decides, for a hash.
func All() map[string]map[string][]string { return lexicon }

// Entries are the words of a class in all languages.
func Entries(class string) (all []string) {
	if classes[class] == "" {
		panic("no class of words: " + class) // a mistake in the program
	}
	for _, tag := range tags {
		all = append(all, lexicon[tag][class]...)
	}
	return all
}

// Set are the single words of a class in all languages, folded.
func Set(class string) map[string]bool {
	all := Entries(class)
	m := make(map[string]bool, len(all))
	for _, w := range all {
		m[Fold(w)] = true
	}
	return m
}

// Phrases are the expressions of a class in all languages as folded words, the
// longest first.
func Phrases(class string) [][]string {
	var all [][]string
	for _, p := range Entries(class) {
		all = append(all, FoldedWords(p))
	}
	slices.SortStableFunc(all, func(a, b []string) int { return len(b) - len(a) })
	return all
}

func load(files fs.FS) map[string]map[string][]string {
	all := map[string]map[string][]string{}
	names, err := fs.Glob(files, "data/*/*.txt")
	if err != nil {
		panic(err) // the pattern is ours
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err) // embedded: cannot fail
		}
		tag := path.Base(path.Dir(name))
		if all[tag] == nil {
			all[tag] = map[string][]string{}
		}
		if err := readClasses(string(data), all[tag]); err != nil {
			panic(fmt.Sprintf("%s: %v", name, err)) // a test reads them all
		}
	}
	return all
}

func readClasses(data string, into map[string][]string) error {
	for line := range strings.Lines(data) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		class, list, ok := strings.Cut(line, ":")
		if !ok || classes[class] == "" {
			return fmt.Errorf("no class: %q", class)
		}
		entries := slices.Grow(into[class], strings.Count(list, ",")+1)
		for entry := range strings.SplitSeq(list, ",") {
			if entry = strings.TrimSpace(entry); entry == "" {
				return fmt.Errorf("%s: an empty entry", class)
			}
			entries = append(entries, entry)
		}
		into[class] = entries
	}
	return nil
}
