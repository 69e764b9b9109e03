package summary

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// voice is whose words a quotation holds. Only a sentence that names the
// speaker as the subject of a verb of saying makes them the speaker's; wherever
// that is not plain, they are someone's.
type voice int

const (
	nobody  voice = iota // the article does not say
	speaker              // the speaker of the statement
	someone              // somebody else, or it is not plain who
	pronoun              // "she said": to be resolved
)

// attribute tells for each quotation of an article who says it.
func attribute(text string, c cast) []quotation {
	all := quotations(text)
	last, lastEnd := nobody, 0 // the last voice known, and where it was given
	for i := range all {
		q := &all[i]
		before, after := before(text, all, i), after(text, all, i)
		q.by = agreed(c.leading(tokens(before), before), c.trailing(tokens(after)))
		switch {
		case q.unclosed:
			q.by = someone
		case q.by == pronoun: // plain only when nothing was said in between
			if q.by = last; q.by == nobody || wordy(text[lastEnd:max(lastEnd, q.open-len(before))]) {
				q.by = someone
			}
		case q.by == nobody && i > 0 && continues(text, all[i-1], *q):
			q.by = all[i-1].by
		}
		last, lastEnd = q.by, q.close+len(after)
	}
	return all
}

// agreed joins what stands before and behind a quotation.
func agreed(a, b voice) voice {
	switch {
	case a == nobody:
		return b
	case b == nobody || a == b:
		return a
	}
	return someone
}

// before is the beginning of the sentence that leads to a quotation.
func before(text string, all []quotation, i int) string {
	const far = 300 // bytes; no sentence leads to a quotation from farther away
	start := max(0, all[i].open-far)
	if i > 0 {
		start = max(start, all[i-1].close)
	}
	for start < all[i].open && !utf8.RuneStart(text[start]) {
		start++
	}
	lead := text[start:all[i].open]
	if strings.TrimSpace(lead) == "" {
		return ""
	}
	pieces := borders(lead)
	last := pieces[len(pieces)-1]
	piece := lead[last.start:last.end]
	if ended := strings.TrimRightFunc(piece, unicode.IsSpace); strings.ContainsAny(piece[len(ended):], "\n") && !strings.HasSuffix(ended, ":") || strings.HasSuffix(ended, ".") {
		return "" // the quotation begins a sentence of its own
	}
	return piece
}

// after is the rest of the sentence behind a quotation, when it goes on.
func after(text string, all []quotation, i int) string {
	const far = 300
	q := all[i]
	end := min(len(text), q.close+far)
	if i+1 < len(all) {
		end = min(end, all[i+1].open)
	}
	for end > q.close && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	rest := text[q.close:end]
	if line := strings.IndexByte(rest, '\n'); line >= 0 {
		rest = rest[:line]
	}
	if strings.TrimSpace(rest) == "" || q.goesOn {
		return ""
	}
	rest = rest[:borders(rest)[0].end]
	first := strings.TrimLeftFunc(rest, unicode.IsSpace)
	if first == "" || strings.ContainsAny(first[:1], ".;:") || strings.HasPrefix(first, "।") || strings.HasPrefix(first, "。") {
		return ""
	}
	letter := strings.IndexFunc(first, unicode.IsLetter)
	words := strings.TrimRightFunc(text[q.start:q.end], unicode.IsSpace)
	if full := strings.HasSuffix(words, ".") || strings.HasSuffix(words, "।") || strings.HasSuffix(words, "。"); full && letter == 0 {
		if r, _ := utf8.DecodeRuneInString(first); !unicode.IsLower(r) {
			return ""
		}
	}
	return rest
}

// continues reports whether a quotation goes on with the one before: only
// white space between them, or only who says it ("…," Reyes said. "…").
func continues(text string, a, b quotation) bool {
	between := text[a.close:b.open]
	if strings.TrimSpace(between) == "" {
		return a.goesOn || !strings.Contains(between, "\n")
	}
	return !strings.Contains(between, "\n") && len(borders(between)) == 1 &&
		a.end > a.start && strings.ContainsAny(text[a.end-1:a.end], ",!?")
}

// leading finds the voice in words that lead to a quotation: "Reyes said: ".
func (c cast) leading(ts []token, text string) voice {
	if len(ts) == 0 {
		return nobody
	}
	for i := range ts { // "According to Reyes, "
		if n := phraseAt(accordingTo, ts, i); n > 0 && !strings.ContainsFunc(text[:ts[i].start], unicode.IsLetter) {
			return c.behind(ts, i+n)
		}
	}
	verb := -1
	for i, t := range ts {
		if saying[t.text] && !t.upper {
			verb = i
		}
	}
	if verb < 0 {
		for i := range ts {
			if phraseAt(accordingly, ts, i) > 0 {
				return c.ahead(ts, i)
			}
		}
		return nobody
	}
	const farthest = 8 // words between the verb and the quotation
	end := strings.TrimRightFunc(text, unicode.IsSpace)
	r, _ := utf8.DecodeLastRuneInString(end)
	introduced := strings.ContainsRune(":,–—-", r) || verb == len(ts)-1 || introduces[ts[len(ts)-1].text]
	if !introduced || len(ts)-1-verb > farthest {
		return someone
	}
	return c.subject(ts, verb)
}

// introduces are the words between a verb and a quotation inside the sentence.
var introduces = folded("that que qu' dass che что कि")

// trailing finds the voice in words behind a quotation: ", Reyes said".
func (c cast) trailing(ts []token) voice {
	for i, t := range ts {
		if n := phraseAt(accordingTo, ts, i); n > 0 {
			return c.behind(ts, i+n)
		}
		if phraseAt(accordingly, ts, i) > 0 {
			return c.ahead(ts, i)
		}
		if saying[t.text] {
			if first := ts[0]; first.segment == t.segment && verbStart(ts, i) > 0 && (barriers[first.text] || prepositions[first.text]) {
				return nobody // a sentence of its own
			}
			return c.subject(ts, i)
		}
	}
	return nobody
}

func phraseAt(all [][]string, ts []token, i int) int {
	for _, p := range all {
		if at(ts, i, p) {
			return len(p)
		}
	}
	return 0
}

// subject finds who does the saying of a verb.
func (c cast) subject(ts []token, verb int) voice {
	if start := verbStart(ts, verb); start > 0 && ts[start-1].segment == ts[verb].segment {
		return c.ahead(ts, start)
	}
	// "Lind, who sued Reyes, said": the remark between the commas is skipped.
	for segment := ts[verb].segment - 2; segment >= 0; segment-- {
		end := slices.IndexFunc(ts, func(t token) bool { return t.segment > segment })
		if part := inSegment(ts[:end], segment); len(c.mentions(part)) > 0 {
			return c.ahead(append(slices.Clip(part), token{segment: segment}), len(part))
		}
	}
	if ts[verb].segment > 1 || telling[ts[verb].text] {
		return someone
	}
	return c.behind(ts, verb+1)
}

// verbStart is the first token of a verb: "ha detto".
func verbStart(ts []token, verb int) int {
	if verb > 0 && auxiliaries[ts[verb-1].text] && ts[verb-1].segment == ts[verb].segment {
		return verb - 1
	}
	return verb
}

func inSegment(ts []token, segment int) []token {
	first := slices.IndexFunc(ts, func(t token) bool { return t.segment == segment })
	if first < 0 {
		return nil
	}
	return ts[first:]
}

// ahead finds the subject before token i, in the same segment.
func (c cast) ahead(ts []token, i int) voice {
	part := inSegment(ts[:i], ts[i].segment)
	all := c.mentions(part)
	subjects := slices.DeleteFunc(slices.Clone(all), func(m mention) bool { return m.object })
	if len(subjects) == 0 {
		if n := len(part); len(all) == 0 && slices.ContainsFunc(part[max(0, n-2):], func(t token) bool { return pronouns[t.text] }) {
			return pronoun
		}
		return someone
	}
	m := subjects[len(subjects)-1]
	if !m.speaker || m.owner || m.first > 0 && roles[part[m.first-1].text] {
		return someone
	}
	between := part[m.end:]
	if last := all[len(all)-1]; last.object && last.first == m.end+1 && !last.owner { // "Reyes of Harbor Labs said"
		between, all = part[last.end:], all[:len(all)-1]
	}
	if slices.ContainsFunc(between, func(t token) bool { return !adverbs[t.text] && !auxiliaries[t.text] && !lead[t.text] }) {
		return someone
	}
	// "Harbor Labs founder Dana Reyes said", but not "Lind sued Reyes and said".
	if n := len(all); n > 1 && (all[n-1] != m || !allTitles(part[all[n-2].end:m.first])) {
		return someone
	}
	return speaker
}

// behind finds the subject from token i on: "said Reyes".
func (c cast) behind(ts []token, i int) voice {
	if i >= len(ts) {
		return nobody
	}
	rest := inSegment(ts[i:], ts[i].segment)
	if next := slices.IndexFunc(rest, func(t token) bool { return t.segment != ts[i].segment }); next >= 0 {
		rest = rest[:next]
	}
	if pronouns[rest[0].text] {
		return pronoun
	}
	all := c.mentions(rest)
	if len(all) > 0 && allTitles(rest[:all[0].first]) {
		m := all[0]
		if m.first > 0 && articles[rest[m.first-1].text] { // "said the Reyes camp"
			return someone
		}
		for _, next := range all[1:] { // "said Harbor Labs founder Dana Reyes"
			if slices.ContainsFunc(rest[m.end:next.first], func(t token) bool { return prepositions[t.text] || barriers[t.text] }) {
				break
			}
			m = next
		}
		if m.speaker && !m.owner && !m.object {
			return speaker
		}
		return someone
	}
	// "said the founder of Harbor Labs, Dana Reyes."
	named := ts[i+len(rest):]
	if len(named) == 0 {
		return someone
	}
	if next := slices.IndexFunc(named, func(t token) bool { return t.segment != named[0].segment }); next >= 0 {
		named = named[:next]
	}
	if ms := c.mentions(named); len(ms) == 1 && ms[0].first == 0 && ms[0].end == len(named) && ms[0].speaker && !ms[0].owner {
		return speaker
	}
	return someone
}

func allTitles(ts []token) bool {
	return !slices.ContainsFunc(ts, func(t token) bool { return !titles[t.text] && !honorifics[t.text] })
}
