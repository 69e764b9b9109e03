// Package lang is what the program knows of languages: letters and scripts, the
// folding of words, tokens, sentences, negation, numerals, spellings of names.
// It is pure, and knows nothing of posts, cases or statements.
package lang
