package press

import (
	"strconv"
	"strings"

	"onrecord/statements/lang"
)

// Second-hand words are nobody's statement: what a paper of a court alleges or
// quotes, what is rumoured or only supposed, and what was said in an earlier year
// and is recalled. What a witness says that somebody said is found where the verb
// is (verb.go).

// secondHand reports words that the sentence around them does not tell as said
// here and now.
func (a *article) secondHand(before, after clause) bool {
	const telling = 2 // letters; "se" and "si" behind a quotation are no condition
	for n, c := range []clause{before, after} {
		for i, t := range c.words {
			switch {
			case hedges[t.Text] && !t.Capital, supposed(c.words, i), phraseAt(longAgo, c.words, i) > 0 && !remarked(c.words, i):
				return true
			case begins(c.words, i) && a.condition(t.Text) && !isPast(c.words, i) && (n == 0 || len(t.Text) > telling):
				return true
			case a.old(c.words, i):
				return true
			case documents[t.Text] && a.byPaper(c.words, i):
				return true
			}
		}
	}
	asked := strings.TrimRight(after.text, " »”\"")
	return strings.HasSuffix(asked, "?") || strings.HasSuffix(asked, "？") || strings.HasSuffix(asked, "؟")
}

// remarked reports a word of a remark on somebody: ", who has run the house for ten years".
func remarked(ts []lang.Word, i int) bool {
	first := segment(ts, ts[i].Segment)[0]
	return ts[i].Segment > ts[0].Segment && barriers[first.Text] && !articles[first.Text] && !indefinites[first.Text]
}

// hedged is the same for all languages.
func (a *article) hedged(before, after clause) bool {
	if l := language(before.text + after.text); l != "" {
		return a.gluedHedge(lang.Of(l), before.text) || a.gluedHedge(lang.Of(l), after.text)
	}
	return a.secondHand(before, after)
}

// isPast tells "Reyes, in court, had described" from "Had Reyes described".
func isPast(ts []lang.Word, i int) bool {
	return (ts[i].Text == "had" || ts[i].Text == "should") && i > 0 && i+1 < len(ts) && !ts[i+1].Capital && !pronouns[ts[i+1].Text] && !determined(ts[i+1].Text)
}

// supposed reports a verb of saying behind what makes it a thing not done: "would
// say", "did not say", "soll gesagt haben".
func supposed(ts []lang.Word, i int) bool {
	if !saying[ts[i].Text] {
		return false
	}
	const near = 6 // words between them
	for n := i - 1; n >= 0 && n >= i-near && ts[n].Segment == ts[i].Segment; n-- {
		if joints[ts[n].Text] && strings.HasSuffix(ts[i].Text, "ed") {
			return false // "promised that they would continue and described it as"
		}
		if modals[ts[n].Text] && !ts[n].Capital && n+1 < i && only[ts[n+1].Text] {
			return false // "would only say"
		}
		if modals[ts[n].Text] && !ts[n].Capital || negations[ts[n].Text] {
			return true
		}
		if saying[ts[n].Text] || participles[ts[n].Text] {
			return false
		}
	}
	return false
}

// only makes a thing done of one that somebody would do.
var only = map[string]bool{"only": true, "merely": true, "just": true, "nur": true, "solo": true, "seulement": true, "alleen": true, "tylko": true, "apenas": true, "только": true}

// byPaper reports a paper of a court that holds the words: "according to the
// complaint", "in the complaint", "in a message quoted in the complaint".
func (a *article) byPaper(ts []lang.Word, i int) bool {
	const near = 4 // words
	for n := i; n >= 0 && n >= i-near && (n == i || ts[n].Segment == ts[i].Segment); n-- {
		if phraseAt(accordingTo, ts, n) > 0 && n < i && len(a.mentions(a.unbent(ts[n+1:i]))) > 0 {
			break // "Zdaniem Reyes pozew"
		}
		if insides[ts[n].Text] && (n < i || !begins(ts, i) || len(ts) > i+1) || phraseAt(accordingTo, ts, n) > 0 {
			return true
		}
	}
	if i+1 < len(ts) && insides[ts[i+1].Text] && postposed[ts[i+1].Text] {
		return true
	}
	for n, t := range ts {
		if cited[t.Text] && n-i < 8 && i-n < 8 || phraseAt(accordingly, ts, n) > 0 && n > i && n-i <= near {
			return true
		}
	}
	return false
}

// old reports a year before the article's that says when something was said, and
// not what is spoken of: "in a 2019 interview", not "the 2019 contract" or "Reyes,
// who came in 2021,".
func (a *article) old(ts []lang.Word, i int) bool {
	digits := ts[i].Text
	year, err := strconv.Atoi(digits[strings.LastIndexByte(digits, '-')+1:])
	if err != nil || year < 1900 || a.year == 0 || year >= a.year {
		return false
	}
	first := i
	for ; first > 0 && ts[first-1].Segment == ts[i].Segment; first-- {
	}
	if w := ts[first].Text; first > 0 && (barriers[w] && !articles[w] && !indefinites[w] || cited[w]) {
		return false // a remark
	}
	for n := first; n < i; n++ {
		if introduces[ts[n].Text] {
			return false // it stands in what is said
		}
	}
	return i == first || !articles[ts[i-1].Text] || indefinites[ts[i-1].Text]
}

// postposed are words for in that stand behind the paper: Hindi.
var postposed = map[string]bool{"में": true}
