package press

import (
	"strings"
	"unicode"

	"onrecord/statements/lang"
	"onrecord/statements/quote"
)

// blocks are the paragraphs that an article quotes without marks: those set off
// by an indent or by ">", and the one behind a line that ends in a colon. Who says
// them decides whether they are quotations at all.
func (a *article) blocks(lines []lang.Range) (all []quotation) {
	head := lang.Range{} // the last line with words that is the article's own
	for i := 0; i < len(lines); i++ {
		switch line := lines[i].In(a.text); {
		case strings.TrimSpace(line) == "":
		case setOff(line):
			end := i
			for end < len(lines) && (setOff(lines[end].In(a.text)) || strings.TrimSpace(lines[end].In(a.text)) == "") {
				end++
			}
			all = append(all, a.block(head, lines[i:end], lines[end:])...)
			i, head = end-1, lang.Range{}
		default:
			if leads(head.In(a.text)) && i > 0 && strings.TrimSpace(lines[i-1].In(a.text)) == "" && !leads(line) && !quote.Opens(firstRune(line)) && !lang.Dash(firstRune(line)) {
				all = append(all, laidOut(lines[i].Trimmed(a.text), head))
			}
			head = lines[i]
		}
	}
	return all
}

func setOff(line string) bool {
	return strings.HasPrefix(line, ">") || strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t")
}

// leads reports a line that ends in a colon.
func leads(line string) bool {
	line = strings.TrimRightFunc(line, unicode.IsSpace)
	return strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")
}

func laidOut(words, head lang.Range) quotation {
	return quotation{Quotation: quote.Quotation{Range: words, Open: words.Start, Close: words.End}, laid: true, head: head}
}

// block are the lines of text that are set off, each a quotation. An embedded post
// is signed, in its last line or right below it.
func (a *article) block(head lang.Range, lines, behind []lang.Range) (all []quotation) {
	if !leads(head.In(a.text)) {
		head = lang.Range{}
	}
	var signed *voice
	for i, l := range lines {
		line := l.In(a.text)
		words := strings.TrimLeft(line, "> \t")
		if strings.TrimSpace(words) == "" {
			continue
		}
		r := lang.Range{Start: l.End - len(words), End: l.End}.Trimmed(a.text)
		if v, ok := a.signature(r.In(a.text)); ok && i > 0 {
			signed = &v
			continue
		}
		if leads(words) || quote.Opens(firstRune(words)) && signed == nil && i == 0 && len(lines) == 1 {
			continue // leads to something else, or has marks of its own
		}
		q := laidOut(r, head)
		q.setOff = true
		all = append(all, q)
	}
	if signed == nil {
		for _, l := range behind {
			line := strings.TrimSpace(l.In(a.text))
			if line == "" {
				continue
			}
			if v, ok := a.signature(line); ok && lang.Dash(firstRune(line)) {
				signed = &v
			}
			break
		}
	}
	for i := range all {
		all[i].label = signed
	}
	return all
}

// signature reads a line that says who posted what stands above: "— Dana Reyes
// (@danareyes) May 4, 2026".
func (a *article) signature(line string) (voice, bool) {
	const longest = 160 // bytes
	if len(line) > longest {
		return nobody, false
	}
	name := strings.TrimLeftFunc(line, func(r rune) bool { return lang.Dash(r) || unicode.IsSpace(r) })
	dashed := name != line
	handle := ""
	if at := strings.IndexAny(name, "(,·|"); at >= 0 {
		name, handle = name[:at], name[at:]
	}
	if !dashed && !strings.Contains(handle, "@") && !strings.HasPrefix(name, "@") {
		return nobody, false
	}
	ts := wordsOf(name)
	all := a.mentions(ts)
	for _, n := range a.namesIn(name) {
		if strings.TrimSpace(name[n.end:]) == "" && n.start == 0 {
			return n.who, true
		}
	}
	if len(all) == 0 || all[0].first > 0 && !a.allTitles(ts[:all[0].first]) || len(ts) > 6 {
		return nobody, false
	}
	if all[0].end < len(ts) && all[0].who >= 0 && !dashed {
		return nobody, false
	}
	return all[0].who, true
}

// linesOf cuts a text at its line ends.
func linesOf(text string) (all []lang.Range) {
	start := 0
	for line := range strings.Lines(text) {
		all = append(all, lang.Range{Start: start, End: start + len(strings.TrimRight(line, "\r\n"))})
		start += len(line)
	}
	return all
}
