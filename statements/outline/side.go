package outline

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// The roles of parties, as configurations have them.
const (
	plaintiff = "plaintiff"
	defendant = "defendant"
)

// parties are who sues and who is sued: by the caption, or by the first sentences that
// tell of it.
func (r *reader) parties() []Figure {
	if list := r.caption(); len(list) > 0 {
		return list
	}
	side, from := map[*name]string{}, map[*name]string{}
	take := func(n *name, role string, at int) {
		if side[n] == "" {
			side[n], from[n] = role, r.around(at)
		}
	}
	for _, s := range r.sentences {
		if both := slices.Contains(values(side), plaintiff) && slices.Contains(values(side), defendant); both {
			break
		}
		r.sides(s, take)
	}
	for i, m := range r.mentions { // A v. B
		if i+1 == len(r.mentions) || r.mentions[i+1].first != m.last+2 || !r.is(m.last+1, "versus") {
			continue
		}
		take(m.who, plaintiff, m.Start)
		for _, d := range r.joined(i + 1) {
			take(d.who, defendant, m.Start)
		}
	}
	for i, m := range r.mentions { // "the plaintiff, A"
		for role, class := range map[string]string{plaintiff: "plaintiff", defendant: "defendant"} {
			i := i
			before, behind := m.first-1, m.last+1
			if r.is(before, "article") {
				before--
			}
			if r.is(before, "being") { // "the plaintiffs are A and B"
				before--
			}
			if r.is(behind, "role") && r.is(behind+1, class) { // "names A and B as defendants"
				before = behind + 1
				for i > 0 && len(r.joined(i-1)) > 1 {
					i--
				}
			}
			if r.is(before, class) && r.sentenceOf(m.Start) == r.sentenceOf(r.words[before].Start) {
				for _, d := range r.joined(i) {
					take(d.who, role, m.Start)
				}
			}
		}
	}
	var list []Figure
	for _, role := range []string{plaintiff, defendant} {
		for _, n := range r.names {
			if side[n] == role {
				list = append(list, Figure{Name: n.show(), Role: role, Aliases: n.aliases(), From: from[n]})
			}
		}
	}
	return list
}

func values[K comparable, V any](m map[K]V) (all []V) {
	for _, v := range m {
		all = append(all, v)
	}
	return all
}

// sides reads a sentence that tells of a suit.
func (r *reader) sides(s lang.Range, take func(n *name, role string, at int)) {
	first, end := r.wordsIn(s)
	suing := first + slices.IndexFunc(r.words[first:end], func(w lang.Word) bool { return r.class["suing"][w.Text] })
	var in []int // mentions of the sentence
	for i, n := r.mentionsIn(s); i < n; i++ {
		in = append(in, i)
	}
	if suing < first || len(in) == 0 {
		return
	}
	near := func(from, to int) bool { // a word of suing between two words
		for i := max(from, 0); i <= to && i < len(r.words); i++ {
			if r.is(i, "suing") {
				return true
			}
		}
		return false
	}
	var suer, sued []mention
	for _, i := range in {
		m := r.mentions[i]
		before := m.first - 1
		for before >= 0 && r.is(before, "article", "barrier", "office", "title") && r.words[before].Segment == r.words[m.first].Segment && !r.is(before, "suer") && !r.against(before) {
			before--
		}
		switch {
		case r.against(before), r.againstBehind(m.last + 1):
			sued = append(sued, r.joined(i)...)
		case r.is(before, "suer") && (near(before-3, before-1) || near(m.last+1, m.last+2)):
			suer = append(suer, r.joined(i)...)
		}
	}
	has := func(list []mention, n *name) bool {
		return slices.ContainsFunc(list, func(m mention) bool { return m.who == n })
	}
	if len(suer) == 0 {
		if m := r.mentions[in[0]]; !has(sued, m.who) && (m.first < suing || r.uncased()) {
			suer = append(suer, m)
		}
	}
	if len(sued) == 0 {
		for _, i := range in {
			if m := r.mentions[i]; !has(suer, m.who) && (m.first > suing || r.capitalNouns() || r.is(suing-1, "suer") || len(suer) > 0 && r.is(suer[0].first-1, "suer")) {
				sued = append(sued, r.joined(i)...)
				break
			}
		}
	}
	if len(suer) == 0 || len(sued) == 0 {
		return
	}
	for _, m := range suer {
		take(m.who, plaintiff, r.words[suing].Start)
	}
	for _, m := range sued {
		take(m.who, defendant, r.words[suing].Start)
	}
}

// against reports a word after which stands who is taken to court.
func (r *reader) against(i int) bool { return i >= 0 && !r.uncased() && r.phraseAt("against", i) > 0 }

func (r *reader) againstBehind(i int) bool { return r.uncased() && r.phraseAt("against", i) > 0 }

// joined are a mention and those that "and" joins to it.
func (r *reader) joined(i int) []mention {
	all := []mention{r.mentions[i]}
	for ; i+1 < len(r.mentions); i++ {
		a, b := r.mentions[i], r.mentions[i+1]
		if b.first-a.last-1 > 7 || strings.ContainsAny(r.text[a.End:b.Start], ".;:\n।") {
			break
		}
		join := slices.IndexFunc(r.words[a.last+1:b.first], func(w lang.Word) bool { return r.class["joins"][w.Text] })
		list := strings.TrimSpace(r.text[a.End:b.Start]) == ","
		verb := slices.ContainsFunc(r.words[a.last+1:b.first], func(w lang.Word) bool {
			return r.class["suing"][w.Text] || r.class["within"][w.Text] || says()[w.Text]
		})
		if join > 1 || join < 0 && !list || verb {
			break
		}
		all = append(all, b)
	}
	if r.uncased() { // "A and B against": the marked names stand before
		for j := i; j > 0; j-- {
			a, b := r.mentions[j-1], r.mentions[j]
			if b.first-a.last != 2 || !r.is(a.last+1, "joins") || slices.Contains(all, a) {
				break
			}
			all = append(all, a)
		}
	}
	return all
}

var versusLine = lazily(`(?im)^[\s)§:]*(?:-?\s*(?:v|vs|against|versus)\.?\s*-?)[\s)§:]*$`)

// caption reads the head of a complaint: the sides above and below a line that says
// "v.".
func (r *reader) caption() (list []Figure) {
	at := versusLine().FindStringIndex(r.text)
	if at == nil {
		return nil
	}
	above, below := strings.Split(strings.TrimSpace(r.text[:at[0]]), "\n"), strings.Split(strings.TrimSpace(r.text[at[1]:]), "\n")
	slices.Reverse(above)
	list = append(r.side(above, plaintiff, true), r.side(below, defendant, false)...)
	if len(list) < 2 {
		return nil
	}
	return list
}

const captionLines = 8

// side reads the lines of one side, nearest first, until something else begins.
func (r *reader) side(lines []string, role string, upwards bool) (list []Figure) {
	var block []string
	named := false
	for i, line := range lines[:min(len(lines), captionLines)] {
		line = strings.Trim(line, " \t)§:")
		role := slices.ContainsFunc(lang.FoldedWords(line), func(w string) bool { return r.class["plaintiff"][w] || r.class["defendant"][w] })
		if line == "" && named && upwards || i > 0 && slices.ContainsFunc(lang.FoldedWords(line), r.courtWord) {
			break
		}
		named = named || line != "" && !role
		block = append(block, line)
		if !upwards && slices.ContainsFunc(lang.FoldedWords(line), func(w string) bool { return r.class["defendant"][w] }) {
			break
		}
	}
	if upwards {
		slices.Reverse(block)
	}
	for _, part := range splitNames(strings.Join(block, " "), r) {
		list = append(list, Figure{Name: withoutCompany(part), Role: role, From: part})
		if last := &list[len(list)-1]; last.Name != part {
			last.Aliases = []string{part}
		}
	}
	return list
}

var between = lazily(`[;,]?\s+(?i:and|und|et|y)\s+|\s*[;,]\s*`)

// splitNames cuts a side of a caption into its names: what describes a party, and says
// which side it is, is left out.
func splitNames(block string, r *reader) (names []string) {
	for _, part := range between().Split(strings.Join(strings.Fields(block), " "), -1) {
		part = strings.Trim(part, " .,;()")
		ws := lang.Words(part)
		if len(ws) == 0 || !ws[0].Capital || r.class["plaintiff"][ws[0].Text] || r.class["defendant"][ws[0].Text] {
			continue
		}
		if len(ws) == 1 && companies()[ws[0].Text] {
			if n := len(names); n > 0 {
				names[n-1] += ", " + strings.Trim(part, ".") + "."
			}
			continue
		}
		if slices.ContainsFunc(ws, func(w lang.Word) bool { return strings.ContainsFunc(w.Text, unicode.IsDigit) }) && len(ws) == 1 {
			continue
		}
		names = append(names, spelled(part))
	}
	return names
}

// spelled is a name set in capitals as people write it.
func spelled(s string) string {
	if strings.ToUpper(s) != s || len([]rune(s)) < 5 {
		return s
	}
	ws := strings.Fields(s)
	for i, w := range ws {
		switch lower := strings.ToLower(w); {
		case i > 0 && courtJoiners[lower]:
			ws[i] = lower
		case len([]rune(w)) > 3 || i == 0 || !companies()[strings.Trim(lower, ".,")]: // LLC stays, OF does not
			rs := []rune(lower)
			ws[i] = string(unicode.ToUpper(rs[0])) + string(rs[1:])
		}
	}
	return strings.Join(ws, " ")
}

// people are those of whom the story says what they are, or what they say.
func (r *reader) people(parties []Figure, judge string) (list []Figure) {
	named := func(n *name) bool {
		if n.show() == judge && judge != "" {
			return true
		}
		return slices.ContainsFunc(parties, func(p Figure) bool { return strings.EqualFold(p.Name, n.show()) || slices.Contains(p.Aliases, n.full) })
	}
	for _, n := range r.names {
		if named(n) || n.group() {
			continue
		}
		role, at := r.office(n)
		if role == "" && (!n.spoken || len(n.words) == 1 || r.inQuotes(n)) {
			continue
		}
		list = append(list, Figure{Name: n.show(), Role: role, Aliases: n.aliases(), From: r.around(max(at, n.at))})
	}
	return list
}

// inQuotes reports what the story first names in quotation marks: a song, a product.
func (r *reader) inQuotes(n *name) bool {
	before, _ := utf8.DecodeLastRuneInString(r.text[:n.at])
	return lang.DoubleQuote(before) && strings.IndexFunc(r.text[n.at:], lang.DoubleQuote) <= len(n.full)
}

// mostLooks is at how many mentions of somebody an office is looked for: a story says it
// early.
const mostLooks = 10

// office is what the story says somebody is, in its words, and where it says so.
func (r *reader) office(n *name) (role string, at int) {
	looked := 0
	for _, m := range r.mentions {
		if m.who != n {
			continue
		}
		if looked++; looked > mostLooks {
			break
		}
		if role := r.officeBefore(m); role != "" {
			return role, m.Start
		}
		if role := r.officeBehind(m); role != "" {
			return role, m.Start
		}
	}
	return "", 0
}

// officeBefore reads "its chief executive Dana Reyes", and "la directora general de
// Harbor Labs, Dana Reyes".
func (r *reader) officeBefore(m mention) string {
	i := m.first - 1
	if i < 0 || strings.TrimSpace(strings.Trim(r.gap(i, m.first), ",")) != "" {
		return ""
	}
	segment, office := r.words[i].Segment, -1
	for n := 0; i >= 0 && n < 8 && r.words[i].Segment == segment && r.words[i].Start >= r.sentenceOf(m.Start).Start; n++ {
		if says()[r.words[i].Text] || n > 0 && r.is(i, "marker") {
			break
		}
		if r.is(i, "office", "spokes") {
			office = i
		}
		i--
	}
	if office < 0 || r.uncased() && m.first-office > 2 {
		return ""
	}
	start := office
	if r.uncased() || r.ownerBefore(office) { // "Harbor Labs chief executive", "हार्बर लैब्स की मुख्य कार्यकारी"
		for _, o := range r.mentions {
			if o.last < office && office-o.last <= 2 && r.words[o.last].Segment == segment && o.who != m.who {
				start = o.first
			}
		}
	}
	return r.phrase(start, m.first-1)
}

func (r *reader) ownerBefore(i int) bool {
	return i > 0 && r.words[i-1].Capital && r.gap(i-1, i) == " "
}

// officeBehind reads "Dana Reyes, chief executive of Harbor Labs, said".
func (r *reader) officeBehind(m mention) string {
	i := m.last + 1
	if i >= len(r.words) || !strings.HasPrefix(strings.TrimSpace(r.gap(m.last, i)), ",") {
		return ""
	}
	segment, last, office, end := r.words[i].Segment, i-1, false, r.sentenceOf(m.Start).End
	for ; i < len(r.words) && r.words[i].Segment == segment && r.words[i].Start < end && i-m.last <= 10 && !says()[r.words[i].Text]; i++ {
		office = office || r.is(i, "office", "spokes") && i-m.last <= 5
		last = i
	}
	if !office {
		return ""
	}
	first := m.last + 1
	for first < last && r.is(first, "article", "barrier", "function") && !r.is(first, "office") {
		first++
	}
	return r.phrase(first, last)
}

// phrase is the story's text from one word to another, on one line.
func (r *reader) phrase(first, last int) string {
	return strings.Join(strings.Fields(r.text[r.words[first].Start:r.words[last].End]), " ")
}

// title is the name of the case: as the headline has it, or made of the parties.
func (r *reader) title(headline string, parties []Figure) Guess {
	for _, word := range []string{" v. ", " vs. ", " v "} {
		if strings.Contains(headline, word) {
			return Guess{strings.TrimSpace(headline), headline}
		}
	}
	var sides [2][]string
	for _, p := range parties {
		i := 0
		if p.Role == defendant {
			i = 1
		}
		sides[i] = append(sides[i], p.Name)
	}
	if len(sides[0]) == 0 || len(sides[1]) == 0 {
		return Guess{}
	}
	return Guess{list(sides[0]) + " v. " + list(sides[1]), parties[0].From}
}

func list(names []string) string {
	if len(names) > 2 {
		return names[0] + " et al."
	}
	return strings.Join(names, " and ")
}
