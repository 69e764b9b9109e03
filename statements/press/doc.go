// Package press says whose words are in an article. It owns the attribution of
// quotations: to the person or party of a case that a sentence names as the one
// who says them, and to nobody wherever that is not plain.
//
//	article.go      Own and Voices: the words of the account's speaker, of all who are quoted
//	proposed.go     what of somebody else's reading can be believed
//	release.go      what of a house's own release is printed around it
//	quotation.go    what is quoted: in marks, or laid out as speech
//	block.go        set off, or behind a colon; dialogue.go: with dashes; interview.go: behind labels
//	attribution.go  each quotation with whose it is
//	clause.go       the words that lead to a quotation, or follow it
//	verb.go         the verb of saying in them
//	speaker.go      its subject; unlisted.go: where the verb is not known
//	plain.go        where neither is plain: who else could speak
//	hedge.go        words that are not said here and now
//	scene.go        of whom the sentences before a quotation speak
//	reference.go    "she", "the chief executive", "the company"
//	described.go    "the midfielder"; epithet.go: what the article calls whom
//	cast.go         who may speak, by every spelling of their names; sound.go, gloss.go: in other scripts
//	namesake.go     who else bears a name
//	glued.go        Chinese, Japanese and Korean, which are read in a way of their own
//	speech.go       the words by which articles tell who says something; tongue.go: in which language
package press
