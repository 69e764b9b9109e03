package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
	"onrecord/statements/quote"
)

// voice is whose words a quotation holds: the index of a figure of the cast, or
// why there is none. Only a sentence that names the speaker as the subject of a
// verb of saying makes them the speaker's; wherever that is not plain, they are
// someone's.
type voice int

const (
	nobody  voice = -1 - iota // the article does not say
	someone                   // somebody else, or it is not plain who
	pronoun                   // "she said": to be resolved
)

// quotation is one of an article, with whose words it holds.
type quotation struct {
	quote.Quotation
	block bool // a paragraph of its own behind "Reyes wrote:", without marks
	by    voice
}

func quotationsOf(text string) (all []quotation) {
	for _, q := range quote.Quotations(text) {
		all = append(all, quotation{Quotation: q})
	}
	return all
}

// attribute tells for each quotation of an article who says it.
func attribute(text string, c cast) []quotation {
	all := withBlocks(text, quotationsOf(text))
	last, lastEnd := nobody, 0 // the last voice known, and where it was given
	for i := range all {
		q := &all[i]
		before, after := before(text, all, i), after(text, all, i)
		q.by = c.around(before, after)
		start := q.Open - len(before)
		if more := behindFullStop(text, all, i); q.by == nobody && language(more) == "zh" {
			after, q.by = more, c.around(before, more)
		}
		if q.by == pronoun {
			q.by = c.antecedent(before, text[min(lastEnd, start):start], last)
		}
		switch {
		case q.Unclosed:
			q.by = c.beginning(text, before, q)
		case q.by == nobody && i > 0 && continues(text, all[i-1], *q):
			q.by = all[i-1].by
		}
		last, lastEnd = q.by, max(q.Close, q.Close+len(after))
	}
	return slices.DeleteFunc(all, func(q quotation) bool { return q.block && q.by < 0 })
}

// around finds the voice in the words before and behind a quotation.
func (c cast) around(before, after string) voice {
	if l := language(before + after); l != "" {
		return c.gluedVoice(l, before, after)
	}
	lead, trail := lang.Words(before), lang.Words(after)
	a, b := c.leading(lead, before), c.trailing(trail)
	if a == nobody && verbAlone(trail) { // "Reyes, “…” dedi.": the verb stands behind
		if len(lead) > 0 {
			return c.nearest(lead)
		}
		return pronoun // "«…», añadió.": some languages leave it out
	}
	return agreed(a, b)
}

// verbAlone reports words that begin with a verb of saying and name nobody behind it.
func verbAlone(ts []lang.Word) bool {
	return len(ts) > 0 && saying[ts[0].Text] && (len(ts) == 1 || ts[1].Segment != ts[0].Segment)
}

// nearest finds the subject in the last segment that names anybody.
func (c cast) nearest(ts []lang.Word) voice {
	for n := len(ts); n > 0; {
		segment := ts[n-1].Segment
		if v := c.ahead(append(slices.Clip(ts[:n]), lang.Word{Segment: segment}), n); v != someone || len(c.mentions(inSegment(ts[:n], segment))) > 0 {
			return v
		}
		n = slices.IndexFunc(ts, func(t lang.Word) bool { return t.Segment == segment })
	}
	return someone
}

// beginning is whose a quotation is whose other mark is missing. It may end
// anywhere; but behind a colon its first sentence is the speaker's.
func (c cast) beginning(text, before string, q *quotation) voice {
	if q.by < 0 || !strings.HasSuffix(strings.TrimRightFunc(before, unicode.IsSpace), ":") {
		return someone
	}
	words := text[q.Start:q.End]
	first := lang.Sentences(words)
	if len(first) == 0 || len(first) < 2 || len(lang.Terms(words[:first[0].End])) < someWords {
		return someone
	}
	q.End = q.Start + len(strings.TrimRightFunc(words[:first[0].End], unicode.IsSpace))
	q.Close = q.End
	return q.by
}

// antecedent is whom "she said" means: the one person that the sentence names
// before, else who spoke last when nothing was said in between, else the one
// person that the paragraph speaks of since.
func (c cast) antecedent(sentence, window string, last voice) voice {
	if v := c.only(sentence); v != nobody {
		return v
	}
	if !lang.HasWord(window) {
		if last == nobody || last >= 0 && c[last].group {
			return someone
		}
		return last
	}
	v := c.only(window[strings.LastIndexByte(window, '\n')+1:])
	if v == nobody || last >= 0 && v != last && !strings.Contains(window, "\n") {
		return someone
	}
	return v
}

// only is the one person a text speaks of; nobody when it names none.
func (c cast) only(text string) voice {
	ts := lang.Words(text)
	found, named, marked, upper := nobody, map[int]bool{}, 0, false
	for _, m := range c.mentions(ts) {
		for i := m.end - 1; i >= 0 && (i >= m.first || titles[ts[i].Text]); i-- {
			named[i] = true
		}
		switch {
		case m.object || m.who >= 0 && c[m.who].group || m.owner && m.who < 0:
			continue
		case m.who < 0 || m.owner || found >= 0 && found != m.who:
			return someone
		}
		found = m.who
		if m.end < len(ts) && markers[ts[m.end].Text] {
			marked++
		}
	}
	if found == nobody {
		return nobody
	}
	for i, t := range ts {
		upper = upper || t.Capital
		if markers[t.Text] {
			marked--
		}
		if !named[i] && role(t.Text) {
			return someone
		}
	}
	if marked < 0 || !upper && !slices.ContainsFunc(ts, func(t lang.Word) bool { return markers[t.Text] }) {
		return someone // strangers cannot be seen
	}
	return found
}

// role reports a word for a person who is not named.
func role(w string) bool {
	return (titles[w] || honorifics[w] || servants[w] || spokes[w]) && !articles[w] && !adverbs[w] && !barriers[w] && !prepositions[w] && !lead[w]
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
	const far = 600 // bytes; no sentence leads to a quotation from farther away
	start := max(0, all[i].Open-far)
	if i > 0 {
		start = max(start, all[i-1].Close)
	}
	for start < all[i].Open && !utf8.RuneStart(text[start]) {
		start++
	}
	lead := text[start:all[i].Open]
	ended := strings.TrimRightFunc(lead, unicode.IsSpace)
	if ended == "" {
		return ""
	}
	start = max(strings.LastIndexByte(ended, '\n')+1, 0)
	pieces := lang.Sentences(ended[start:])
	start += pieces[len(pieces)-1].Start
	colon := strings.HasSuffix(ended, ":") || strings.HasSuffix(ended, "：")
	if lang.EndsLine(lead) && !colon || strings.HasSuffix(ended, ".") {
		return "" // the quotation begins a sentence of its own
	}
	return lead[start:]
}

// after is the rest of the sentence behind a quotation, when it goes on.
func after(text string, all []quotation, i int) string {
	const far = 300
	q := all[i]
	end := min(len(text), q.Close+far)
	if i+1 < len(all) {
		end = min(end, all[i+1].Open)
	}
	for end > q.Close && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	rest := text[q.Close:end]
	if line := strings.IndexByte(rest, '\n'); line >= 0 {
		rest = rest[:line]
	}
	if strings.TrimSpace(rest) == "" || q.GoesOn || q.block || q.Unclosed {
		return ""
	}
	rest = rest[:lang.Sentences(rest)[0].End]
	first := strings.TrimLeftFunc(rest, unicode.IsSpace)
	if first == "" || strings.ContainsAny(first[:1], ".;:") || strings.HasPrefix(first, "।") || strings.HasPrefix(first, "。") {
		return ""
	}
	letter := strings.IndexFunc(first, unicode.IsLetter)
	words := strings.TrimRightFunc(text[q.Start:q.End], unicode.IsSpace)
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
	between := text[a.Close:b.Open]
	if strings.TrimSpace(between) == "" {
		return a.GoesOn || !strings.Contains(between, "\n")
	}
	return !strings.Contains(between, "\n") && len(lang.Sentences(between)) == 1 &&
		a.End > a.Start && strings.ContainsAny(text[a.End-1:a.End], ",!?")
}

// leading finds the voice in words that lead to a quotation: "Reyes said: ".
func (c cast) leading(ts []lang.Word, text string) voice {
	if len(ts) == 0 {
		return nobody
	}
	for i := range ts { // "According to Reyes, "
		if n := phraseAt(accordingTo, ts, i); n > 0 && !strings.ContainsFunc(text[:ts[i].Start], unicode.IsLetter) {
			return c.behind(ts, i+n)
		}
	}
	verb := -1
	for i, t := range ts {
		if saying[t.Text] && !t.Capital {
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
	introduced := strings.ContainsRune(":,–—-،：", r) || verb == len(ts)-1 || introduces[ts[len(ts)-1].Text]
	if !introduced || len(ts)-1-verb > farthest {
		return someone
	}
	return c.subject(ts, verb)
}

// trailing finds the voice in words behind a quotation: ", Reyes said".
func (c cast) trailing(ts []lang.Word) voice {
	for i, t := range ts {
		if n := phraseAt(accordingTo, ts, i); n > 0 {
			return c.behind(ts, i+n)
		}
		if phraseAt(accordingly, ts, i) > 0 {
			return c.ahead(ts, i)
		}
		if saying[t.Text] {
			if first := ts[0]; first.Segment == t.Segment && verbStart(ts, i) > 0 && (barriers[first.Text] || prepositions[first.Text]) {
				return nobody // a sentence of its own
			}
			return c.subject(ts, i)
		}
	}
	return nobody
}

func phraseAt(all [][]string, ts []lang.Word, i int) int {
	for _, p := range all {
		if lang.HasPhrase(ts, i, p) {
			return len(p)
		}
	}
	return 0
}

// subject finds who does the saying of a verb.
func (c cast) subject(ts []lang.Word, verb int) voice {
	if start := verbStart(ts, verb); start > 0 && ts[start-1].Segment == ts[verb].Segment {
		return c.ahead(ts, start)
	}
	// "Lind, who sued Reyes, said": the remark between the commas is skipped.
	for segment := ts[verb].Segment - 2; segment >= 0; segment-- {
		end := slices.IndexFunc(ts, func(t lang.Word) bool { return t.Segment > segment })
		if part := inSegment(ts[:end], segment); len(c.mentions(part)) > 0 {
			return c.ahead(append(slices.Clip(part), lang.Word{Segment: segment}), len(part))
		}
	}
	if ts[verb].Segment > 1 || telling[ts[verb].Text] {
		return someone
	}
	return c.behind(ts, verb+1)
}

// verbStart is the first token of a verb: "ha detto".
func verbStart(ts []lang.Word, verb int) int {
	if verb > 0 && auxiliaries[ts[verb-1].Text] && ts[verb-1].Segment == ts[verb].Segment {
		return verb - 1
	}
	return verb
}

func inSegment(ts []lang.Word, segment int) []lang.Word {
	first := slices.IndexFunc(ts, func(t lang.Word) bool { return t.Segment == segment })
	if first < 0 {
		return nil
	}
	return ts[first:]
}

// ahead finds the subject before token i, in the same segment.
func (c cast) ahead(ts []lang.Word, i int) voice {
	part := inSegment(ts[:i], ts[i].Segment)
	v := c.subjectOf(part)
	if v == someone {
		if party := c.spokesFor(part); party >= 0 {
			return party
		}
		if remark := inSegment(ts[:i], ts[i].Segment+1); len(remark) > 0 { // "Tom Hale, a spokesman for Harbor Labs, said"
			return c.spokesFor(remark)
		}
	}
	return v
}

func (c cast) subjectOf(part []lang.Word) voice {
	all := c.mentions(part)
	subjects := slices.DeleteFunc(slices.Clone(all), func(m mention) bool { return m.object })
	if len(subjects) == 0 {
		at := slices.IndexFunc(part, func(t lang.Word) bool { return pronouns[t.Text] })
		if len(all) == 0 && at >= 0 && !slices.ContainsFunc(part[at+1:], func(t lang.Word) bool {
			return !adverbs[t.Text] && !auxiliaries[t.Text] && !lead[t.Text] && !places[t.Text]
		}) {
			return pronoun
		}
		return someone
	}
	m := subjects[len(subjects)-1]
	if marked := slices.DeleteFunc(slices.Clone(all), func(m mention) bool { return m.end >= len(part) || !markers[part[m.end].Text] }); len(marked) > 0 {
		if len(marked) > 1 || marked[0].who < 0 {
			return someone
		}
		return marked[0].who // whatever stands between it and the verb
	}
	if m.who < 0 || m.owner || m.first > 0 && servants[part[m.first-1].Text] {
		return someone
	}
	between := part[m.end:]
	if last := all[len(all)-1]; last.object && last.first == m.end+1 && !last.owner { // "Reyes of Harbor Labs said"
		between, all = part[last.end:], all[:len(all)-1]
	}
	if slices.ContainsFunc(between, func(t lang.Word) bool { return !adverbs[t.Text] && !auxiliaries[t.Text] && !lead[t.Text] }) {
		return someone
	}
	// "Harbor Labs founder Dana Reyes said", but not "Lind sued Reyes and said".
	if n := len(all); n > 1 && (all[n-1] != m || !allTitles(part[all[n-2].end:m.first])) {
		return someone
	}
	return m.who
}

// spokesFor is the party for whom somebody speaks who is nobody of the case: "a
// spokesman for Harbor Labs", "Harbor Labs spokesman Tom Hale".
func (c cast) spokesFor(part []lang.Word) voice {
	at := slices.IndexFunc(part, func(t lang.Word) bool { return spokes[t.Text] })
	if at < 0 {
		return someone
	}
	for _, m := range c.mentions(part) {
		if m.who < 0 || !c[m.who].party {
			continue
		}
		gap := part[min(at+1, len(part)):max(m.first, min(at+1, len(part)))]
		if m.end <= at {
			gap = part[m.end:at]
		}
		if m.first == at || slices.ContainsFunc(gap, func(t lang.Word) bool {
			return !prepositions[t.Text] && !articles[t.Text] && !owners[t.Text] && !titles[t.Text]
		}) {
			continue
		}
		return m.who
	}
	return someone
}

// behind finds the subject from token i on: "said Reyes".
func (c cast) behind(ts []lang.Word, i int) voice {
	if i >= len(ts) {
		return nobody
	}
	rest := inSegment(ts[i:], ts[i].Segment)
	if next := slices.IndexFunc(rest, func(t lang.Word) bool { return t.Segment != ts[i].Segment }); next >= 0 {
		rest = rest[:next]
	}
	if pronouns[rest[0].Text] && !(articles[rest[0].Text] && len(rest) > 1 && namesSomebody(rest[1])) {
		return pronoun
	}
	if party := c.spokesFor(rest); party >= 0 && slices.IndexFunc(rest, func(t lang.Word) bool { return spokes[t.Text] }) <= spokesNear {
		if ms := c.mentions(rest); !slices.ContainsFunc(ms, func(m mention) bool { return m.who >= 0 && m.who != party }) {
			return party
		}
	}
	all := c.mentions(rest)
	if len(all) > 0 && allTitles(rest[:all[0].first]) {
		m := all[0]
		if m.first > 0 && articles[rest[m.first-1].Text] { // "said the Reyes camp"
			return someone
		}
		for _, next := range all[1:] { // "said Harbor Labs founder Dana Reyes"
			if slices.ContainsFunc(rest[m.end:next.first], func(t lang.Word) bool { return prepositions[t.Text] || barriers[t.Text] }) {
				break
			}
			m = next
		}
		if m.who >= 0 && !m.owner && !m.object {
			return m.who
		}
		if remark := ts[i+len(rest):]; m.who < 0 && !m.owner && len(remark) > 0 { // "said Tom Hale, a spokesman for Harbor Labs"
			return c.spokesFor(inSegment(remark, remark[0].Segment))
		}
		return someone
	}
	// "said the founder of Harbor Labs, Dana Reyes."
	named := ts[i+len(rest):]
	if len(named) == 0 {
		return someone
	}
	if next := slices.IndexFunc(named, func(t lang.Word) bool { return t.Segment != named[0].Segment }); next >= 0 {
		named = named[:next]
	}
	if ms := c.mentions(named); len(ms) == 1 && ms[0].first == 0 && ms[0].end == len(named) && ms[0].who >= 0 && !ms[0].owner {
		return ms[0].who
	}
	return someone
}

// namesSomebody reports a word behind an article that is no remark on when or
// where: folded, "dijo el abogado" and "dijo él ayer" begin alike.
func namesSomebody(t lang.Word) bool {
	return !lead[t.Text] && !adverbs[t.Text] && !prepositions[t.Text] && !articles[t.Text] && !places[t.Text]
}

// spokesNear is how far behind the verb a spokesman stands: "said a longtime spokesman".
const spokesNear = 4

func allTitles(ts []lang.Word) bool {
	return !slices.ContainsFunc(ts, func(t lang.Word) bool { return !titles[t.Text] && !honorifics[t.Text] })
}
