// Package lang is what the program knows of languages, once for all that read
// texts. It is pure, and knows nothing of posts, cases or statements.
//
//	data/        the words of each language, by class: one folder a language
//	data.go      what the classes are; reading them
//	letter.go    letters, marks of quotation, what cannot be seen; script.go: scripts
//	fold.go      spellings that are one word
//	token.go     what texts are compared by; word.go: words as a reader sees them
//	sentence.go  sentences
//	negation.go  what turns a sentence round; number.go: numerals
//	skeleton.go  names that sound alike in other scripts
//	counter.go   the count of a thread's parts
//	range.go     a part of a text
package lang
