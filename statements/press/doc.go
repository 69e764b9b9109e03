// Package press says whose words are in an article. It owns the attribution of
// quotations: to the person or party of a case that a sentence names as the one
// who says them, and to nobody wherever that is not plain.
//
//	article.go      Own and Voices: the words of the account's speaker, of all who are quoted
//	attribution.go  each quotation with whose it is
//	cast.go         who may speak, by every spelling of their names
//	block.go        paragraphs quoted without marks
//	glued.go        Chinese, Japanese and Korean, which are read in a way of their own
//	speech.go       the words by which articles tell who says something
package press
