package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"

	"onrecord"
)

// token is a word of the text around a quotation.
type token struct {
	reach
	text    string // folded, without a possessive ending
	upper   bool   // begins with a capital
	owner   bool   // possessive: "Reyes's"
	segment int    // counts what commas, colons, dashes and brackets separate
}

// tokens are the words of a text. Words joined by a hyphen are one.
func tokens(text string) []token {
	var all []token
	segment, between := 0, ""
	for it := words.FromString(text); it.Next(); {
		w := it.Value()
		if !wordy(w) {
			between += w
			continue
		}
		last := len(all) - 1
		if last >= 0 && (between == "-" || between == "‑" || between == "‐") {
			all[last].end = it.End()
			all[last].text += "-" + fold(w)
			between = ""
			continue
		}
		if last >= 0 && (strings.HasPrefix(between, "'") || strings.HasPrefix(between, "’")) && strings.HasSuffix(all[last].text, "s") {
			all[last].owner = true
		}
		if strings.ContainsAny(between, ",;:()—–\n") || strings.Contains(between, " - ") {
			segment++
		}
		r, _ := utf8.DecodeRuneInString(w)
		t := token{reach: reach{it.Start(), it.End()}, text: fold(w), upper: unicode.IsUpper(r), segment: segment}
		t.text, t.owner = strings.CutSuffix(t.text, "'s")
		all = append(all, t)
		between = ""
	}
	return all
}

func foldedWords(text string) []string {
	var ws []string
	for _, t := range tokens(text) {
		ws = append(ws, t.text)
	}
	return ws
}

// at reports whether a phrase stands at token i.
func at(ts []token, i int, phrase []string) bool {
	if len(phrase) == 0 || len(ts)-i < len(phrase) {
		return false
	}
	for n, w := range phrase {
		if ts[i+n].text != w {
			return false
		}
	}
	return true
}

// cast is who may speak in an article about a case.
type cast struct{ speaker, others [][]string }

func castOf(d Draft) cast {
	c := cast{speaker: namesOf(d.Speaker)}
	for _, p := range d.Case.Everyone() {
		if p.Name != d.Speaker.Name {
			c.others = append(c.others, namesOf(p)...)
		}
	}
	return c
}

// companies end in words that articles leave out.
var companies = set("inc corp corporation llc ltd limited llp plc gmbh ag sa srl co company")

// namesOf are the name, the aliases and the surname of a person, in words.
func namesOf(p onrecord.Person) [][]string {
	var all [][]string
	for _, n := range append([]string{p.Name}, p.Aliases...) {
		ws := foldedWords(n)
		if len(ws) == 0 {
			continue
		}
		all = append(all, ws)
		if last := len(ws) - 1; last > 0 && companies[ws[last]] {
			all = append(all, ws[:last])
		}
	}
	if len(all) > 0 && len(all[0]) > 1 {
		all = append(all, all[0][len(all[0])-1:])
	}
	return all
}

// mention is a name in the text around a quotation: tokens [first, end).
type mention struct {
	first, end int
	speaker    bool
	owner      bool // its possessive: somebody or something of theirs
	object     bool // behind a preposition
}

// mentions finds the names in a run of tokens: known ones in every script, and
// runs of capitalised words.
func (c cast) mentions(ts []token) []mention {
	var all []mention
	for i := 0; i < len(ts); {
		end := i
		for end < len(ts) && (end == i || ts[end].segment == ts[i].segment) && !(end > i && ts[end-1].owner) {
			n := c.nameLength(ts[end:])
			if n == 0 {
				break
			}
			end += n
		}
		if end == i {
			i++
			continue
		}
		m := mention{first: i, end: end, speaker: c.isSpeaker(ts[i:end]), owner: ts[end-1].owner}
		m.object = i > 0 && ts[i-1].segment == ts[i].segment && prepositions[ts[i-1].text]
		all = append(all, m)
		i = end
	}
	return all
}

// nameLength is how many tokens go on with a name.
func (c cast) nameLength(ts []token) int {
	longest := 0
	for _, names := range [][][]string{c.speaker, c.others} {
		for _, n := range names {
			if len(n) > longest && at(ts, 0, n) {
				longest = len(n)
			}
		}
	}
	w := ts[0].text
	if longest == 0 && ts[0].upper && !prepositions[w] && !barriers[w] && !lead[w] && !pronouns[w] && !saying[w] {
		longest = 1
	}
	return longest
}

// isSpeaker reports whether a name is the speaker's: it ends in a name of
// several words, or in a single one with nothing but a title before it, that
// nobody else in the case has.
func (c cast) isSpeaker(ts []token) bool {
	tail := func(names [][]string) int {
		longest := 0
		for _, n := range names {
			if first := len(ts) - len(n); first >= 0 && len(n) > longest && at(ts, first, n) {
				longest = len(n)
			}
		}
		return longest
	}
	own := tail(c.speaker)
	if own == 0 || own <= tail(c.others) {
		return false
	}
	if own > 1 {
		return true
	}
	for _, t := range ts[:len(ts)-1] {
		if !honorifics[t.text] && !titles[t.text] {
			return false
		}
	}
	return true
}
