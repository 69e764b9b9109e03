package press

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"onrecord/statements/lang"
)

// release is a house's own release without what is printed around it: the dateline
// before the first words, and what follows about the house and whom to call.
func (a *article) release() lang.Range {
	whole := lang.Range{End: len(a.text)}
	r := whole
	for _, l := range linesOf(a.text) {
		line := strings.TrimSpace(l.In(a.text))
		if line == "" {
			continue
		}
		if r.Start == 0 && r.End == whole.End {
			if n := dateline(l.In(a.text)); n > 0 {
				r.Start = l.Start + n
				continue
			}
		}
		if l.Start > r.Start && a.boilerplate(line, 5*l.Start > 3*len(a.text)) {
			r.End = l.Start
			break
		}
	}
	if !lang.HasWord(r.In(a.text)) {
		return whole
	}
	return r
}

// dateline is how many bytes of a line are place and date: "LISBON, Nov. 27 – ",
// "BERLIN (dpa) -- ", "Lisboa, 27 de novembro de 2026 – ".
func dateline(line string) int {
	const longest = 100 // bytes
	at := datelineEnd.FindStringIndex(line[:min(len(line), 3*longest)])
	if at == nil || at[0] > longest {
		return 0
	}
	place := line[:at[0]]
	first := strings.FieldsFunc(place, func(r rune) bool { return !unicode.IsLetter(r) })
	if len(first) == 0 || strings.ContainsAny(place, "“”«»\"?!") {
		return 0
	}
	city := strings.TrimFunc(first[0], unicode.IsMark)
	capitals := len(city) > 2 && strings.ToUpper(city) == city && strings.ToLower(city) != city
	dated := strings.Contains(place, ",") && strings.ContainsFunc(place, unicode.IsDigit) && unicode.IsUpper(firstRune(city)) ||
		strings.Contains(place, "年") && strings.Contains(place, "日")
	next := firstRune(line[at[1]:])
	if !capitals && !dated || capitals && !dated && len(first) > 6 || unicode.IsLower(next) {
		return 0
	}
	return at[1]
}

var datelineEnd = regexp.MustCompile(`--\([A-Z ]+\)--|\s+(?:[–—―]|-{1,2}|//|/PRNewswire/ *-{2})\s+|\s*——\s*`)

var boilerplates, abouts = lang.Phrases("boilerplate"), lang.Phrases("about")

// boilerplate reports a line with which what a house prints under all its releases
// begins: "About Harbor Labs", "Media contact:". Far down a heading need not name the
// house in a way that we know.
func (a *article) boilerplate(line string, far bool) bool {
	const heading = 8 // words
	if strings.Trim(line, "# *") == "" && strings.Contains(line, "##") {
		return true
	}
	ts := lang.Words(line)
	label := strings.Contains(line[:min(len(line), 80)], ":") || len(ts) <= heading
	for i := range min(len(ts), 1) {
		if n := phraseAt(boilerplates, ts, i); n > 0 && label && (len(ts) == n || strings.Contains(line[ts[n-1].End:min(len(line), ts[n-1].End+2)], ":")) {
			return true
		}
		n := phraseAt(abouts, ts, i)
		if n > 0 && n < len(ts) && label {
			all := a.mentions(ts[n:])
			return len(all) > 0 && all[0].first <= 1 && (all[0].who == a.house || all[0].who >= 0 && a.cast[all[0].who].group || len(ts) <= heading && !strings.HasSuffix(line, "."))
		}
	}
	for _, l := range []string{"ja", "ko", "zh"} {
		words := lang.Of(l)
		if language(line) == l && len([]rune(line)) < 40 && (hasAny(line, words["boilerplate"]) || containsAny(line, words["about"]) && (len(a.namesIn(line)) > 0 || len(a.mentions(ts)) > 0 || far && slices.ContainsFunc(words["about"], func(w string) bool { return strings.HasSuffix(line, w) || strings.HasPrefix(line, w) }))) {
			return true
		}
	}
	return false
}
