package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"
)

// Skeleton romanises a word and keeps the consonants that carry it, with those
// that scripts do not tell apart made equal. c stands for the letter c, which
// is spoken as k or as s.
func Skeleton(word, c string) string {
	first, _ := utf8.DecodeRuneInString(word)
	semitic := unicode.In(first, unicode.Arabic, unicode.Hebrew)
	switch {
	case unicode.Is(unicode.Cyrillic, first):
		word = strings.ReplaceAll(word, "х", "") // stands for h
	case unicode.Is(unicode.Devanagari, first):
		word = roundVowels.Replace(word) // which are romanised as if they were nasal
	}
	var b strings.Builder
	last := ""
	for _, r := range Romanized(word) {
		sound := sounds[r]
		switch {
		case r == 'c':
			sound = c
		case semitic && (r == 'v' || r == 'w' || r == 'y'): // write long vowels
			sound = ""
		}
		if sound != "" && sound != last {
			b.WriteString(sound)
		}
		if sound != "" {
			last = sound
		}
	}
	return b.String()
}

// Romanized is a word in small Latin letters.
func Romanized(word string) string { return strings.ToLower(unidecode.Unidecode(word)) }

var roundVowels = strings.NewReplacer("ॉ", "ो", "ऑ", "ओ", "ॅ", "े", "ऍ", "ए")

// sounds makes letters equal that scripts do not tell apart. What is missing,
// vowels and h, is left out.
var sounds = map[rune]string{
	'b': "b", 'p': "b", 'd': "d", 't': "d", 'f': "f", 'v': "f", 'w': "f", 'g': "k", 'k': "k", 'q': "k",
	'l': "r", 'r': "r", 'm': "m", 'n': "n", 's': "s", 'z': "s", 'j': "s", 'x': "ks",
}
