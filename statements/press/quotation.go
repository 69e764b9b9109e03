package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord"
	"onrecord/statements/lang"
	"onrecord/statements/quote"
)

// quotation is one of an article, with whose words it holds.
type quotation struct {
	quote.Quotation
	by     voice
	unsaid bool // not told as said here and now

	laid    bool       // set by its layout, without marks
	setOff  bool       // by an indent or ">"
	follows bool       // goes on with the one before
	head    lang.Range // what leads to it, where that is not the text before
	tail    lang.Range // what tells who says it, where that is not the text behind
	label   *voice     // the layout says whose it is
}

// articleOf finds the quotations of a text.
func articleOf(c onrecord.Case, text string, year int) *article {
	readWords()
	a := &article{text: text, plain: text, cast: castOf(c, text), year: year, house: nobody, read: len(text)}
	if year == 0 && !c.Filed.IsZero() {
		a.year = c.Filed.Year()
	}
	for _, q := range quote.Quotations(text) {
		a.said = append(a.said, quotation{Quotation: q})
	}
	a.takeNicknames()
	a.interrupted()
	var laid []quotation
	lines := linesOf(text)
	laid = append(laid, a.blocks(lines)...)
	laid = append(laid, a.dialogue(lines)...)
	laid = append(laid, a.answers(lines)...)
	laid = append(laid, a.questions(lines)...)
	a.said = merged(a.said, laid)
	return a
}

// merged joins quotations in marks with those by layout. Marks inside of the latter
// belong to them; a layout that crosses marks is none.
func merged(marks, laid []quotation) []quotation {
	slices.SortStableFunc(laid, func(a, b quotation) int { return a.Open - b.Open })
	var all []quotation
	for _, l := range laid {
		if n := len(all); n > 0 && all[n-1].Close > l.Open {
			continue
		}
		for len(marks) > 0 && marks[0].Close <= l.Open {
			all, marks = append(all, marks[0]), marks[1:]
		}
		inside := 0
		for inside < len(marks) && marks[inside].Open >= l.Open && marks[inside].Close <= l.Close {
			inside++
		}
		if inside < len(marks) && marks[inside].Open < l.Close && !marks[inside].Unclosed {
			continue
		}
		for inside < len(marks) && marks[inside].Open < l.Close {
			inside++
		}
		all, marks = append(all, l), marks[inside:]
	}
	return append(all, marks...)
}

// takeNicknames takes names in quotation marks inside of a name, as in Ivo “Ike”
// Lind, for what they are.
func (a *article) takeNicknames() {
	const longest = 2 // words
	plain := []byte(a.text)
	a.said = slices.DeleteFunc(a.said, func(q quotation) bool {
		words := q.In(a.text)
		if q.Unclosed || q.GoesOn || len(words) > 40 || strings.ContainsAny(words, ".,;:!?\n") || len(strings.Fields(words)) > longest {
			return false
		}
		before, after := a.text[max(0, q.Open-60):q.Open], a.text[q.Close:min(len(a.text), q.Close+60)]
		if !a.firstName(before) || !a.surname(after) {
			return false
		}
		for i := q.Open; i < q.Close; i++ {
			plain[i] = ' '
		}
		return true
	})
	a.said = slices.DeleteFunc(a.said, func(q quotation) bool {
		if !a.namesHouse(q) && !a.namesPaper(q) {
			return false
		}
		for i := q.Open; i < q.Close; i++ {
			switch {
			case i < q.Start || i >= q.End:
				plain[i] = ' '
			case a.namesPaper(q):
				plain[i] = 'x' // whose name is not to run on into the next
			}
		}
		return true
	})
	a.blankGlosses(plain)
	a.plain = string(plain)
}

// namesHouse reports marks around the name of a house of the case: «Харбор Лабс».
func (a *article) namesHouse(q quotation) bool {
	const longest = 60 // bytes
	words := q.In(a.text)
	if q.Unclosed || q.GoesOn || len(words) > longest || strings.ContainsAny(words, ".,;:!?\n") {
		return false
	}
	ts := lang.Words(words)
	return len(ts) > 0 && slices.ContainsFunc(a.cast, func(f figure) bool {
		return f.group && slices.ContainsFunc(f.names, func(n []string) bool { return len(n) <= len(ts) && len(ts) <= len(n)+1 && lang.HasPhrase(ts, 0, n) })
	})
}

// namesPaper reports marks around a name behind a preposition: "в беседе с «Вестником»",
// "w rozmowie z „Kurierem”".
func (a *article) namesPaper(q quotation) bool {
	const longest, most, far = 40, 3, 60 // bytes, words, bytes before
	words := q.In(a.text)
	if q.Unclosed || q.GoesOn || len(words) > longest || strings.ContainsAny(words, ".,;:!?\n") || len(strings.Fields(words)) > most || a.tongue() == "de" || !unicode.IsUpper(firstRune(words)) {
		return false
	}
	before := strings.ToValidUTF8(a.text[max(0, q.Open-far):q.Open], "")
	if !strings.HasSuffix(before, " ") {
		return false
	}
	ts := wordsOf(before)
	if len(ts) == 0 || ts[len(ts)-1].End != len(before)-1 {
		return false
	}
	w := ts[len(ts)-1].Text
	return (a.preposition(w) && !asWhat[w] || firms[w]) && !views[w]
}

// blankGlosses takes a name in brackets behind itself in other letters for nothing: "मिरियम
// हद्दाद (Miriam Haddad) ने".
func (a *article) blankGlosses(plain []byte) {
	for _, f := range a.cast {
		for from := 0; ; {
			i := strings.Index(a.text[from:], "("+f.Name+")")
			if i < 0 {
				break
			}
			i += from
			from = i + len(f.Name) + 2
			before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(a.text[:i], " "))
			if before < 0x0250 || glues(before) {
				continue
			}
			for n := i; n < from; n++ {
				plain[n] = ' '
			}
		}
	}
}

// firstName and surname report that a text ends or begins in one of a person of
// the case.
func (a *article) firstName(text string) bool {
	if !strings.HasSuffix(text, " ") && !strings.HasSuffix(text, "\u00a0") {
		return false
	}
	ws := lang.FoldedWords(text)
	return len(ws) > 0 && slices.ContainsFunc(a.cast, func(f figure) bool {
		return slices.ContainsFunc(f.names, func(n []string) bool { return len(n) > 1 && n[0] == ws[len(ws)-1] })
	})
}

func (a *article) surname(text string) bool {
	if r := firstRune(text); !unicode.IsSpace(r) {
		return false
	}
	ws := lang.FoldedWords(text)
	return len(ws) > 0 && slices.ContainsFunc(a.cast, func(f figure) bool {
		return slices.ContainsFunc(f.names, func(n []string) bool { return len(n) > 1 && n[len(n)-1] == strings.TrimSuffix(ws[0], "'s") })
	})
}
