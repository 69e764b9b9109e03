package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// dialogue is speech set with dashes, a line each: "— No —dijo Reyes—. Nunca.", "–
// Nie – powiedziała Reyes. – Nigdy.", "— Non, répond Reyes."
func (a *article) dialogue(lines []lang.Range) (all []quotation) {
	head := lang.Range{}
	for _, l := range lines {
		line := l.In(a.plain)
		if strings.TrimSpace(line) == "" {
			continue
		}
		begin := turn(line)
		if begin == 0 { // behind a sentence of the article's
			begin = laterTurn(line)
		}
		if begin > 0 {
			all = append(all, a.turn(lang.Range{Start: l.Start + begin, End: l.End}, head)...)
		}
		head = l
	}
	return all
}

// turn is how many bytes of a line are the dash that opens speech; 0: none.
func turn(line string) int {
	r, n := utf8.DecodeRuneInString(line)
	next, space := utf8.DecodeRuneInString(line[n:])
	switch {
	case !lang.Dash(r):
		return 0
	case unicode.IsSpace(next):
		return n + space
	case (r == '—' || r == '–' || r == '―') && (unicode.IsLetter(next) || strings.ContainsRune("¿¡«“…", next)):
		return n
	}
	return 0
}

// laterTurn finds a dash that opens speech behind the end of a sentence.
func laterTurn(line string) int {
	for at := 0; ; {
		i := strings.IndexAny(line[at:], "–—")
		if i < 0 {
			return 0
		}
		at += i
		before := strings.TrimRightFunc(line[:at], unicode.IsSpace)
		_, n := utf8.DecodeRuneInString(line[at:])
		next := strings.TrimLeftFunc(line[at+n:], unicode.IsSpace)
		if before != line[:at] && (strings.HasSuffix(before, ".") || strings.HasSuffix(before, ":")) && unicode.IsUpper(firstRune(next)) {
			return len(line) - len(next)
		}
		at += n
	}
}

// turn are the pieces of speech in what stands behind the first dash.
func (a *article) turn(line, head lang.Range) (all []quotation) {
	if all = a.pieces(line); len(all) > 0 {
		return all
	}
	for at := line.End; at > line.Start; { // "— Non, répond Reyes."
		comma := strings.LastIndex(a.plain[line.Start:at], ", ")
		if comma < 0 {
			break
		}
		at = line.Start + comma
		if rest := (lang.Range{Start: at + 2, End: line.End}); a.tells(rest) {
			return appendTurn(nil, a.text, lang.Range{Start: line.Start, End: at}, rest)
		}
		if line.End-at > 200 {
			break
		}
	}
	if leads(head.In(a.text)) {
		return []quotation{laidOut(line.Trimmed(a.text), head)}
	}
	return nil
}

// pieces are what is said in a text between dashes that tells in between who says
// it; nil when it does not.
func (a *article) pieces(text lang.Range) (all []quotation) {
	parts := dashed(a.plain, text)
	speech, told := parts[0], false
	for i := 1; i < len(parts); i++ {
		if !a.tells(parts[i]) {
			speech.End = parts[i].End // a dash of the speech itself, or its beginning
			continue
		}
		all = appendTurn(all, a.text, speech, parts[i])
		told = true
		speech = lang.Range{Start: parts[i].End, End: parts[i].End}
		if i+1 < len(parts) {
			i++
			speech = parts[i]
		}
	}
	if !told {
		return nil
	}
	return appendTurn(all, a.text, speech, lang.Range{})
}

// interrupted parts quotations in which it is told who says them: «Слова, — сказала
// Рейес. — Ещё слова».
func (a *article) interrupted() {
	var all []quotation
	for _, q := range a.said {
		if words := q.In(a.text); !q.GoesOn && !q.Unclosed {
			if strings.ContainsAny(words, "—–") || strings.Contains(words, " - ") {
				if parts := a.pieces(q.Range); len(parts) > 1 {
					all = append(all, parts...)
					continue
				}
			}
			if parts := a.inverted(q.Range); len(parts) > 1 {
				all = append(all, parts...)
				continue
			}
		}
		all = append(all, q)
	}
	a.said = all
}

// inverted parts a quotation in which it is told between commas who says it, with the
// subject behind the verb: « Je relis tout, confie-t-elle. C’est mieux. »
func (a *article) inverted(text lang.Range) (all []quotation) {
	const longest = 60 // bytes
	if a.tongue() != "fr" {
		return nil
	}
	speech := text
	for at := text.Start; ; {
		comma := strings.Index(a.plain[at:text.End], ", ")
		if comma < 0 {
			break
		}
		at += comma + 2
		end := strings.IndexAny(a.plain[at:min(text.End, at+longest)], ".,")
		if end < 0 {
			continue
		}
		ts := wordsOf(a.plain[at : at+end])
		c := clause{a.plain[at : at+end], ts}
		verb := slices.IndexFunc(ts, func(t lang.Word) bool { return saying[t.Text] })
		if verb < 0 && len(ts) == 2 && ts[0].End == ts[1].Start && slices.Contains(tied, "-"+ts[1].Text) { // "tranche-t-elle", whatever the verb
			verb = 0
		} else if verb >= 0 && !c.isVerb(verb) {
			verb = -1
		}
		if verb < 0 || verb+1 >= len(ts) || slices.ContainsFunc(ts[:verb], func(t lang.Word) bool { return !auxiliaries[t.Text] && !anyOf(t.Text, pronouns, adverbs) }) ||
			!pronouns[ts[verb+1].Text] && a.behind(ts, verb+1, false) < 0 && !(verb > 0 && pronouns[ts[verb-1].Text]) {
			continue
		}
		all = appendTurn(all, a.text, lang.Range{Start: speech.Start, End: at - 2}, lang.Range{Start: at, End: at + end})
		speech.Start = at + end + 1
		at = speech.Start
		if at >= text.End {
			break
		}
	}
	if len(all) == 0 {
		return nil
	}
	return appendTurn(all, a.text, speech, lang.Range{})
}

// appendTurn adds a piece of speech; tail is what tells who says it, unless it goes
// on with the piece before.
func appendTurn(all []quotation, text string, speech, tail lang.Range) []quotation {
	words := speech.In(text)
	speech.Start += len(words) - len(strings.TrimLeft(words, " .,;:"))
	if speech.Start >= speech.End || !lang.HasWord(speech.In(text)) {
		return all
	}
	q := laidOut(speech.Trimmed(text), lang.Range{})
	q.tail, q.follows = tail, len(all) > 0
	return append(all, q)
}

// dashed cuts a line at the dashes between its words.
func dashed(text string, line lang.Range) (pieces []lang.Range) {
	start := line.Start
	for i := line.Start; i < line.End; {
		r, n := utf8.DecodeRuneInString(text[i:])
		if lang.Dash(r) {
			before, _ := utf8.DecodeLastRuneInString(text[line.Start:i])
			after, _ := utf8.DecodeRuneInString(text[min(i+n, line.End):line.End])
			open, end := unicode.IsSpace(before), unicode.IsSpace(after) || i+n >= line.End || strings.ContainsRune(".,;:", after)
			if open && end || r != '-' && r != '‐' && r != '‑' && (open || end) {
				pieces = append(pieces, lang.Range{Start: start, End: i})
				start = i + n
			}
		}
		i += n
	}
	return append(pieces, lang.Range{Start: start, End: line.End})
}

// tells reports words that begin with a verb of saying, or with who says and one.
func (a *article) tells(r lang.Range) bool {
	const nearest = 3
	c := clauseOf("— " + r.In(a.plain))
	for i := 0; i < len(c.words) && i <= nearest && c.words[i].Segment == c.words[0].Segment; i++ {
		if c.isVerb(i) && (i == 0 || anyOf(c.words[i-1].Text, auxiliaries, pronouns, adverbs) || len(a.mentions(c.words[:i])) == 1) {
			return true
		}
	}
	return a.unlisted(c, "") >= 0
}
