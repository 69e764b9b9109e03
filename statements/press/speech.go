package press

import "onrecord/statements/lang"

// The words by which articles tell who says something, in all languages:
// articles quote in several.
var (
	saying       = lang.Set("says")
	telling      = lang.Set("tells")
	pronouns     = lang.Set("pronoun")
	prepositions = lang.Set("before")
	barriers     = lang.Set("barrier")
	titles       = lang.Set("title")
	articles     = lang.Set("article")
	adverbs      = lang.Set("adverb")
	auxiliaries  = lang.Set("auxiliary")
	honorifics   = lang.Set("honorific")
	lead         = lang.Set("lead")
	introduces   = lang.Set("that")
	markers      = lang.Set("marker")
	owners       = lang.Set("of")
	servants     = lang.Set("servant")
	spokes       = lang.Set("spokes")
	places       = lang.Set("place")

	accordingTo = lang.Phrases("according")
	accordingly = lang.Phrases("behind")
)
