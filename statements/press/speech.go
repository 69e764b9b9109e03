package press

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"onrecord/statements/lang"
)

// readWords reads the words below, which take two megabytes, when the first article is
// read: most commands, and a program that watches no outlet, read none.
var readWords = sync.OnceFunc(func() {
	saying = lang.Set("says")
	participles = lang.Set("participle")
	telling = lang.Set("tells")
	pronouns = lang.Set("pronoun")
	prepositions = lang.Set("before")
	barriers = lang.Set("barrier")
	titles = lang.Set("title")
	articles = lang.Set("article")
	indefinites = lang.Set("indefinite")
	adverbs = lang.Set("adverb")
	auxiliaries = lang.Set("auxiliary")
	copulas = lang.Set("copula")
	honorifics = lang.Set("honorific")
	lead = lang.Set("lead")
	introduces = lang.Set("that")
	markers = lang.Set("marker")
	owners = lang.Set("of")
	servants = lang.Set("servant")
	spokes = lang.Set("spokes")
	places = lang.Set("place")
	hearers = lang.Set("hearer")
	so = lang.Set("so")
	relatives = lang.Set("relative")
	strangers = lang.Set("stranger")
	theirs = lang.Set("theirs")
	hearing = lang.Set("hears")
	tellings = lang.Set("telling")

	accordingTo = phrasesOf("according")
	inHerWords = phrasesOf("hers")
	accordingly = phrasesOf("behind")
	further = phrasesOf("further")

	// Houses speak without a name of anybody, or without one of their own.
	firms = lang.Set("firm")
	houses = lang.Set("house")
	nobodies = lang.Set("nobody")
	plurals = lang.Set("plural")

	// What tells that words were not said here and now: see hedge.go.
	hedges = lang.Set("hedge")
	modals = lang.Set("modal")
	conditions = lang.Set("condition")
	documents = lang.Set("document")
	insides = lang.Set("inside")
	cited = lang.Set("cited")
	negations = lang.Set("negation")
	longAgo = phrasesOf("past")

	women, men, offices = lang.Set("woman"), lang.Set("man"), lang.Set("rank")
	sources = wordsIn("according")
	replies = lang.Set("reply")
	cases = lang.Set("case")
	quoting = lang.Set("quotes")
	joints = lang.Set("joint")
	views = lang.Set("view")
	denials = lang.Set("denies")
	things = lang.Set("thing")
	notes, runs = lang.Set("note"), lang.Set("runs")

	lawyers = lang.Entries("lawyer")
	ordinary = union(lang.Set("ordinary"), lang.Set("common"))

	// What people do, whatever the language that it is told in.
	callings = []map[string]bool{
		wordsIn("head"), wordsIn("founder"), wordsIn("engineer"), wordsIn("artist"), wordsIn("scientist"), wordsIn("author"), wordsIn("mayor"), wordsIn("medic"),
		wordsIn("coach"), wordsIn("player"), wordsIn("spokes"),
		wordsIn("plaintiff"), wordsIn("defendant"),
	}
	companies, bodies, particles = lang.Set("company"), lang.Set("body"), lang.Set("particle")
	groups = union(lang.Set("institution"), bodies)
	judges, passives = union(lang.Set("judge"), honorifics), lang.Set("passive")
	smallWords, small = readSmallWords()
	rivalWords = map[string]bool{}
	for _, class := range rivalClasses {
		maps.Copy(rivalWords, lang.Set(class))
	}
})

// The words by which articles tell who says something, in all languages:
// articles quote in several.
var (
	saying, participles, telling, pronouns, prepositions, barriers, titles, articles, indefinites, adverbs, auxiliaries, copulas, honorifics, lead,
	introduces, markers, owners, servants, spokes, places, hearers, so, relatives, strangers, theirs, hearing, tellings, firms, houses, nobodies,
	plurals, hedges, modals, conditions, documents, insides, cited, negations, women, men, offices, sources, replies, cases, quoting, joints, views,
	denials, things, notes, runs, ordinary, rivalWords map[string]bool
	accordingTo, inHerWords, accordingly, further, longAgo [][]string
	lawyers                                                []string
	callings                                               []map[string]bool // what people do, whatever the language that it is told in

	// companies end in words that articles leave out; groups bear these in their names.
	companies, groups map[string]bool
	// bodies are houses that go by what they are: "the city".
	bodies map[string]bool
	// particles begin surnames of several words.
	particles map[string]bool
	// judges are in the chair, whoever is named beside the word.
	judges map[string]bool
	// passives are verbs by which the subject is told of.
	passives map[string]bool

	// smallWords are the languages of articles, prepositions and the like, small has the words
	// of each such class with their language behind them.
	smallWords map[string][]string
	small      map[string]map[string]bool
)

// phrasesOf are the phrases of a class in words as a clause has them, the longest
// first.
func phrasesOf(class string) [][]string {
	var all [][]string
	for _, p := range lang.Entries(class) {
		var words []string
		for p := range strings.SplitSeq(strings.ReplaceAll(p, "#", "x#"), " x# ") {
			for _, w := range wordsOf(p) {
				words = append(words, w.Text)
			}
			words = append(words, "#")
		}
		all = append(all, words[:len(words)-1])
	}
	slices.SortStableFunc(all, func(a, b []string) int { return len(b) - len(a) })
	return all
}

// wordsIn are the single words of a class's phrases.
func wordsIn(class string) map[string]bool {
	all := map[string]bool{}
	for _, p := range lang.Phrases(class) {
		for _, w := range p {
			all[w] = true
		}
	}
	return all
}

// anyOf reports whether a word is in one of several sets.
func anyOf(w string, sets ...map[string]bool) bool {
	for _, s := range sets {
		if s[w] {
			return true
		}
	}
	return false
}

// union are the words of two sets.
func union(a, b map[string]bool) map[string]bool {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
