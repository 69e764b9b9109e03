package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
	"onrecord/statements/quote"
)

// withBlocks adds the paragraphs that an article quotes without marks: those
// behind a line that ends in a colon. Who says them decides whether they are
// quotations at all.
func withBlocks(text string, all []quotation) []quotation {
	lines := linesOf(text)
	for i, l := range lines {
		if head := strings.TrimSpace(text[l.Start:l.End]); !strings.HasSuffix(head, ":") && !strings.HasSuffix(head, "：") {
			continue
		}
		for _, r := range behindColon(text, lines[i+1:]) {
			crosses := func(q quotation) bool {
				return q.Open < r.End && r.Start < q.Close && (q.Open < r.Start || q.Close > r.End)
			}
			if slices.ContainsFunc(all, func(q quotation) bool { return crosses(q) || q.block && q.Start == r.Start }) {
				continue // inside of a quotation a line that ends in a colon is the speaker's
			}
			all = slices.DeleteFunc(all, func(q quotation) bool { return q.Open >= r.Start && q.Close <= r.End })
			all = append(all, quotation{Quotation: quote.Quotation{Range: r, Open: r.Start, Close: r.End}, block: true})
		}
	}
	slices.SortStableFunc(all, func(a, b quotation) int { return a.Open - b.Open })
	return all
}

// behindColon are the paragraphs that follow: one, or as many as are set off
// from the article's own by an indent or by ">".
func behindColon(text string, lines []lang.Range) (block []lang.Range) {
	blank := false
	for _, l := range lines {
		line := text[l.Start:l.End]
		if strings.TrimSpace(line) == "" {
			blank = true
			continue
		}
		words := strings.TrimLeft(line, "> \t")
		setOff := words != line
		first, _ := utf8.DecodeRuneInString(words)
		switch {
		case words == "" || quote.Opens(first) || !setOff && (!blank || len(block) > 0):
			return block
		case strings.HasSuffix(strings.TrimSpace(words), ":"): // leads to something else
			return block
		}
		start := l.End - len(words)
		block = append(block, lang.Range{Start: start, End: start + len(strings.TrimRightFunc(words, unicode.IsSpace))})
		if !setOff {
			return block
		}
	}
	return block
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
