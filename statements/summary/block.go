package summary

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// withBlocks adds the paragraphs that an article quotes without marks: those
// behind a line that ends in a colon. Who says them decides whether they are
// quotations at all.
func withBlocks(text string, all []quotation) []quotation {
	lines := linesOf(text)
	for i, l := range lines {
		if head := strings.TrimSpace(text[l.start:l.end]); !strings.HasSuffix(head, ":") && !strings.HasSuffix(head, "：") {
			continue
		}
		for _, r := range behindColon(text, lines[i+1:]) {
			crosses := func(q quotation) bool {
				return q.open < r.end && r.start < q.close && (q.open < r.start || q.close > r.end)
			}
			if slices.ContainsFunc(all, func(q quotation) bool { return crosses(q) || q.block && q.start == r.start }) {
				continue // inside of a quotation a line that ends in a colon is the speaker's
			}
			all = slices.DeleteFunc(all, func(q quotation) bool { return q.open >= r.start && q.close <= r.end })
			all = append(all, quotation{reach: r, open: r.start, close: r.end, block: true})
		}
	}
	slices.SortStableFunc(all, func(a, b quotation) int { return a.open - b.open })
	return all
}

// behindColon are the paragraphs that follow: one, or as many as are set off
// from the article's own by an indent or by ">".
func behindColon(text string, lines []reach) (block []reach) {
	blank := false
	for _, l := range lines {
		line := text[l.start:l.end]
		if strings.TrimSpace(line) == "" {
			blank = true
			continue
		}
		words := strings.TrimLeft(line, "> \t")
		setOff := words != line
		first, _ := utf8.DecodeRuneInString(words)
		switch {
		case words == "" || closing[first] != "" || !setOff && (!blank || len(block) > 0):
			return block
		case strings.HasSuffix(strings.TrimSpace(words), ":"): // leads to something else
			return block
		}
		start := l.end - len(words)
		block = append(block, reach{start, start + len(strings.TrimRightFunc(words, unicode.IsSpace))})
		if !setOff {
			return block
		}
	}
	return block
}

// linesOf cuts a text at its line ends.
func linesOf(text string) (all []reach) {
	start := 0
	for line := range strings.Lines(text) {
		all = append(all, reach{start, start + len(strings.TrimRight(line, "\r\n"))})
		start += len(line)
	}
	return all
}
