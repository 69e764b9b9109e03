package press

import (
	"slices"
	"sync"

	"onrecord/statements/lang"
)

// tongue is the language whose small words an article holds most of. Words of all
// languages are read together, since articles quote in several; this settles the few
// that mean different things.
func (a *article) tongue() string {
	if a.language != "" {
		return a.language
	}
	const enough, sure = 4000, 3 // bytes; small words, by which a language is told for sure
	count, most := map[string]int{}, 0
	for _, w := range lang.FoldedWords(a.text[:min(len(a.text), enough)]) {
		for _, tag := range smallWords[w] {
			count[tag]++
			if n := count[tag]; n > most {
				most, a.language = n, tag
			}
		}
	}
	a.sure = most >= sure
	if a.language == "" {
		a.language = "und"
	}
	return a.language
}

// These know the words that are the one here and the other there: "de" is Dutch for
// the, "das" German for it, "on" Polish for he, "si" Italian for oneself.
func (a *article) article(w string) bool {
	return a.own("article", articles, w) || w == "de" && a.tongue() == "nl"
}

func (a *article) preposition(w string) bool {
	return elidedPrepositions[w] || !(w == "a" && !a.romance()) && !(w == "de" && a.tongue() == "nl") && a.own("before", prepositions, w)
}

var elidedPrepositions = map[string]bool{"d": true, "dell": true, "all": true, "nell": true, "dall": true, "sull": true}

// romance reports the languages in which "a" is to, or folded à.
func (a *article) romance() bool {
	return a.tongue() == "es" || a.tongue() == "it" || a.tongue() == "fr"
}

// foreign reports a word that lists know in other languages only, and so not as what it is
// there: "mayor" and "once" in Spanish.
func (a *article) foreign(w string) bool {
	tongue := a.tongue()
	if !a.sure || !rivalWords[w] {
		return false
	}
	return !ownRivals(tongue)[w]
}

func (a *article) pronoun(w string) bool {
	return !(w == "on" && a.tongue() != "pl") && a.own("pronoun", pronouns, w)
}

func (a *article) indefinite(w string) bool { return a.own("indefinite", indefinites, w) }

func (a *article) condition(w string) bool { return a.own("condition", conditions, w) }

// own reports a word of a class that is not a small word of another kind in the language
// of the article.
func (a *article) own(class string, all map[string]bool, w string) bool {
	if !all[w] {
		return false
	}
	tongue := a.tongue()
	if !a.sure || !slices.Contains(smallWords[w], tongue) {
		return true
	}
	return small[class][w+" "+tongue]
}

// rivalClasses are those by which somebody or something else is known that may hold words.
var rivalClasses = []string{"document", "thing", "hears", "denies", "hedge", "modal", "quotes", "nobody", "plural", "condition", "relative", "servant", "stranger", "spokes", "rank", "passive"}

// ownRivals are those of one language.
func ownRivals(tongue string) map[string]bool {
	if own, ok := rivalsOf.Load(tongue); ok {
		return own.(map[string]bool)
	}
	own := map[string]bool{}
	for _, class := range rivalClasses {
		for _, p := range lang.Of(tongue)[class] {
			for _, w := range lang.FoldedWords(p) {
				own[w] = true
			}
		}
	}
	rivalsOf.Store(tongue, own)
	return own
}

var rivalsOf sync.Map // by language

func readSmallWords() (languages map[string][]string, words map[string]map[string]bool) {
	all, own := map[string][]string{}, map[string]map[string]bool{"indefinite": {}, "condition": {}}
	for _, tag := range lang.Languages() {
		seen := map[string]bool{}
		for _, class := range []string{"before", "barrier", "article", "pronoun", "auxiliary", "function"} {
			if own[class] == nil {
				own[class] = map[string]bool{}
			}
			for _, w := range lang.Of(tag)[class] {
				if w = lang.Fold(w); !seen[w] {
					all[w] = append(all[w], tag)
				}
				seen[w], own[class][w+" "+tag] = true, true
			}
		}
		for _, class := range []string{"indefinite", "condition"} {
			for _, w := range lang.Of(tag)[class] {
				own[class][lang.Fold(w)+" "+tag] = true
			}
		}
	}
	return all, own
}
