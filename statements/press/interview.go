package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// answers are the lines of an interview: "Dana Reyes: We did not.", "Reyes: No.", "D.
// R.: No.", "A: No." What others say in it is nobody's, whomever they quote.
func (a *article) answers(lines []lang.Range) (all []quotation) {
	const fewest = 2
	if !several(lines, fewest, func(l lang.Range) bool {
		label, words := labelOf(a.text, l)
		return label != "" && sentence(words.In(a.text))
	}) {
		return nil
	}
	labelled, answered := 0, false
	before := map[voice]bool{} // who was named before the first label
	for _, l := range lines {
		label, words := labelOf(a.text, l)
		if label == "" {
			if labelled == 0 && len(before) < len(a.cast) {
				for _, m := range a.mentions(wordsOf(l.In(a.plain))) {
					before[m.who] = true
				}
			}
			continue
		}
		if !sentence(words.In(a.text)) { // a heading
			for _, m := range a.mentions(wordsOf(l.In(a.plain))) {
				before[m.who] = true
			}
			continue
		}
		by := a.labelled(label, before)
		labelled++
		if by >= 0 {
			answered, before[by] = true, true
		}
		q := laidOut(words, lang.Range{})
		q.label = &by
		all = append(all, q)
	}
	if labelled < fewest || !answered {
		return nil
	}
	return all
}

// questions are the answers of an interview without labels, where each question is a line
// that says "you": they are of the one person of the case who is named before the first.
func (a *article) questions(lines []lang.Range) (all []quotation) {
	const fewest = 2
	if !several(lines, fewest, func(l lang.Range) bool { return isQuestion(strings.TrimSpace(l.In(a.text))) }) {
		return nil
	}
	asked, addressed, whom := 0, 0, nobody
	for i := range lines {
		line := strings.TrimSpace(lines[i].In(a.text))
		if line == "" {
			continue
		}
		if !isQuestion(line) {
			for _, m := range a.mentions(wordsOf(lines[i].In(a.plain))) {
				switch {
				case m.who < 0 || a.cast[m.who].group || m.who == whom:
				case asked > 0 || whom != nobody:
					return nil // who is told of, too
				default:
					whom = m.who
				}
			}
			if asked == 0 || i == 0 {
				continue
			}
			before := i - 1
			for before > 0 && strings.TrimSpace(lines[before].In(a.text)) == "" {
				before--
			}
			if isQuestion(strings.TrimSpace(lines[before].In(a.text))) && sentence(line) && !strings.ContainsAny(line, "«»“”\"") {
				by := whom
				q := laidOut(lines[i].Trimmed(a.text), lang.Range{})
				q.label = &by
				all = append(all, q)
			}
			continue
		}
		asked++
		if slices.ContainsFunc(wordsOf(line), func(t lang.Word) bool { return you[t.Text] }) {
			addressed++
		}
	}
	if whom == nobody || len(all) < fewest || 2*addressed < asked {
		return nil
	}
	return all
}

// several reports whether there are so many lines of a kind. Most articles are no interview,
// and to look for names in one takes much longer.
func several(lines []lang.Range, fewest int, is func(lang.Range) bool) bool {
	n := 0
	return slices.ContainsFunc(lines, func(l lang.Range) bool {
		if is(l) {
			n++
		}
		return n >= fewest
	})
}

func isQuestion(line string) bool {
	return strings.HasSuffix(line, "?") || strings.HasSuffix(line, "？") || strings.HasSuffix(line, "؟")
}

// you are, folded, the words by which an interviewer addresses somebody.
var you = map[string]bool{
	"you": true, "your": true, "vous": true, "votre": true, "vos": true, "sie": true, "ihnen": true, "ihr": true, "ihre": true, "ihren": true, "usted": true, "le": true, "su": true, "sus": true, "lei": true, "suo": true, "sua": true,
	"voce": true, "u": true, "uw": true, "pan": true, "pani": true, "pana": true, "вы": true, "вам": true, "вас": true, "ваш": true, "ваша": true, "ви": true, "siz": true, "size": true, "sizi": true,
}

// sentence reports words that end as sentences do.
func sentence(words string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(words, "»”\"’)」』 "))
	return strings.ContainsRune(endOfSentence, r)
}

// labelOf cuts the label from a line; "" when it has none.
func labelOf(text string, line lang.Range) (string, lang.Range) {
	const longest, mostWords = 60, 6
	words := line.In(text)
	at := strings.IndexAny(words[:min(len(words), longest)], ":：")
	if letter := strings.TrimLeft(words, " \t"); len(letter) > 2 && letter[1] == '.' && letter[2] == ' ' && (letter[0] == 'Q' || letter[0] == 'A') { // a transcript
		at = len(words) - len(letter) + 1
		rest := lang.Range{Start: line.Start + at + 1, End: line.End}.Trimmed(text)
		return letter[:1], rest
	}
	if at <= 0 {
		return "", lang.Range{}
	}
	r, n := utf8.DecodeRuneInString(words[at:])
	label := strings.TrimSpace(strings.TrimLeft(words[:at], "•*> \t"))
	next, _ := utf8.DecodeRuneInString(words[at+n:])
	if r == ':' && !unicode.IsSpace(next) || label == "" || len(strings.Fields(label)) > mostWords || !unicode.IsLetter(firstRune(label)) {
		return "", lang.Range{}
	}
	rest := lang.Range{Start: line.Start + at + n, End: line.End}.Trimmed(text)
	if rest.Start >= rest.End || strings.ContainsAny(label, "“”«»\"?!") {
		return "", lang.Range{}
	}
	return label, rest
}

// labelled is whom a label means: a person by name or initials, or, where it says
// that this is an answer, the one person named before.
func (a *article) labelled(label string, before map[voice]bool) voice {
	label, _, _ = strings.Cut(label, "(")
	label, _, _ = strings.Cut(label, ",")
	label = strings.TrimSpace(label)
	if words := lang.Of(language(label)); len(words) > 0 {
		for _, n := range a.namesIn(label) {
			if n.start == 0 && n.who >= 0 && !a.cast[n.who].group && titled(words, label[n.end:]) == "" {
				return n.who
			}
		}
	}
	ts := wordsOf(label)
	if all := a.mentions(ts); len(all) == 1 && all[0].end == len(ts) && a.allTitles(ts[:all[0].first]) && !all[0].owner {
		if who := all[0].who; who >= 0 && !a.cast[who].group {
			return who
		}
	}
	letters := strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, label))
	found := someone
	for who := range before {
		if who < 0 || a.cast[who].group {
			continue
		}
		if replies[letters] || letters == initials(a.cast[who]) && strings.ToUpper(label) == label {
			if found >= 0 {
				return someone
			}
			found = who
		}
	}
	return found
}

func initials(f figure) (letters string) {
	for _, w := range lang.FoldedWords(f.Name) {
		letters += string(firstRune(w))
	}
	return letters
}
