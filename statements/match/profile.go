package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"onrecord"
	"onrecord/statements/lang"
)

// Learned is a word of a speaker's statements on a case. Only words of
// statements are kept, each with how the rest of the stream has used it since.
type Learned struct {
	Word  string  `json:"w"`
	Yes   float64 `json:"y"` // statements with it
	No    float64 `json:"n"` // posts on no case with it, since it was learned
	Since float64 `json:"s"` // posts on no case since it was learned
}

const (
	profileTop   = 3 // words that count, or long posts would always look alike
	liftMost     = 3.0
	profileDoubt = 4 // statements until the profile has half its weight
)

func byWord(l Learned, w string) int { return strings.Compare(l.Word, w) }

// lift is the log-ratio of a word's share of statements to its share of other
// posts.
func (c CaseState) lift(word string) float64 {
	i, ok := slices.BinarySearchFunc(c.Words, word, byWord)
	if !ok {
		return 0
	}
	l := c.Words[i]
	yes := l.Yes / (c.Statements + 1)
	no := (l.No + .8) / (l.Since + 80)
	return min(liftMost, max(0, math.Log(yes/no)))
}

// value orders words for forgetting: often in statements, seldom elsewhere,
// lately.
func (l Learned) value() float64 { return l.Yes - 40*l.No/(l.Since+20) - l.Since/400 }

// learn adds the words of a statement.
func (c *CaseState) learn(words []string) {
	c.Statements++
	known := c.Words
	for _, w := range words {
		if i, ok := slices.BinarySearchFunc(known, w, byWord); ok {
			known[i].Yes++
		} else {
			c.Words = append(c.Words, Learned{Word: w, Yes: 1})
		}
	}
	slices.SortStableFunc(c.Words, func(a, b Learned) int { return strings.Compare(a.Word, b.Word) })
}

// learnNegative counts the words of a post on no case.
func (c *CaseState) learnNegative(words []string) {
	for i := range c.Words {
		c.Words[i].Since++
	}
	for _, w := range words {
		if i, ok := slices.BinarySearchFunc(c.Words, w, byWord); ok {
			c.Words[i].No++
		}
	}
}

// profile weighs the words that the speaker's statements had and the rest of
// the stream had not. Terms of the case have been counted already.
func (sc *score) profile(p *question, c CaseState) {
	if strength, words := c.like(p.content, sc.terms); strength >= .05 {
		sc.weigh(profile, 0, strength, onrecord.Reason{Text: words})
	}
}

// like is how much some words are those of the speaker's statements, from 0 to 1, and
// which of them say so.
func (c CaseState) like(content, without []string) (strength float64, telling string) {
	if len(c.Words) == 0 {
		return 0, ""
	}
	type lifted struct {
		word string
		lift float64
	}
	var ls []lifted
	for _, w := range content {
		if slices.Contains(without, w) {
			continue
		}
		if l := c.lift(w); l > .3 {
			ls = append(ls, lifted{w, l})
		}
	}
	slices.SortStableFunc(ls, func(a, b lifted) int { return cmp.Compare(b.lift, a.lift) })
	sum := 0.0
	var words []string
	for _, l := range ls[:min(profileTop, len(ls))] {
		sum += l.lift
		words = append(words, l.word)
	}
	return min(1, sum*c.Statements/(c.Statements+profileDoubt)/profileTop), strings.Join(words, " ")
}

// contentWords are the words that may say what a text is about: no function words,
// nothing that is said every day; also numbers, the ids of addresses, and runs of
// letters of a script without spaces.
func contentWords(t *scan) (words []string) {
	seen := map[string]bool{}
	keep := func(w string) {
		if !seen[w] {
			seen[w] = true
			words = append(words, w)
		}
	}
	for i := 0; i < len(t.tokens); i++ {
		tok := &t.tokens[i]
		n := utf8.RuneCountInString(tok.Text)
		switch {
		case tok.Script.Glued():
			to := t.runEnd(i)
			if n := to - i; n >= 2 && n <= 6 && (tok.Script != lang.Kana || n >= 3 && tok.Text >= "゠") {
				if run := strings.ToLower(t.text[tok.Start:t.tokens[to-1].End]); !everydayWords()[run] {
					keep(run)
				}
			}
			i = to - 1
		case tok.Handle || tok.Whole || t.function[i] || tok.Site && n < 8 || everydayWords()[tok.Text]:
		case n >= 4 || n == 3 && digits(tok.Text):
			keep(tok.Stem)
		}
	}
	return words
}
