package press

import "onrecord/statements/lang"

// tongue is the language whose small words an article holds most of. Words of all
// languages are read together, since articles quote in several; this settles the few
// that mean different things.
func (a *article) tongue() string {
	if a.language != "" {
		return a.language
	}
	const enough = 4000 // bytes
	count, most := map[string]int{}, 0
	for _, w := range lang.FoldedWords(a.text[:min(len(a.text), enough)]) {
		for _, tag := range smallWords[w] {
			count[tag]++
			if n := count[tag]; n > most {
				most, a.language = n, tag
			}
		}
	}
	if a.language == "" {
		a.language = "und"
	}
	return a.language
}

// These know the words that are the one here and the other there: "de" is Dutch for
// the, and so is "a" Portuguese; "on" is Polish for he.
func (a *article) article(w string) bool {
	return articles[w] || w == "de" && a.tongue() == "nl"
}

func (a *article) preposition(w string) bool {
	return elidedPrepositions[w] || prepositions[w] && !(w == "a" && !a.romance()) && !(w == "de" && a.tongue() == "nl") && !((w == "de" || w == "da") && a.tongue() == "tr")
}

var elidedPrepositions = map[string]bool{"d": true, "dell": true, "all": true, "nell": true, "dall": true, "sull": true}

// romance reports the languages in which "a" is to, or folded à.
func (a *article) romance() bool {
	return a.tongue() == "es" || a.tongue() == "it" || a.tongue() == "fr"
}

func (a *article) pronoun(w string) bool {
	return pronouns[w] && !(w == "on" && a.tongue() != "pl")
}

func (a *article) indefinite(w string) bool {
	return indefinites[w] && !(w == "a" && a.tongue() == "pt")
}

// smallWords are the languages of articles, prepositions and the like.
var smallWords = func() map[string][]string {
	all := map[string][]string{}
	for _, tag := range lang.Languages() {
		seen := map[string]bool{}
		for _, class := range []string{"before", "barrier", "article", "pronoun", "auxiliary", "function"} {
			for _, w := range lang.Of(tag)[class] {
				if w = lang.Fold(w); !seen[w] {
					all[w] = append(all[w], tag)
				}
				seen[w] = true
			}
		}
	}
	return all
}()
