package outline

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// mention is a name where it stands.
type mention struct {
	lang.Range
	first, last int // words
	who         *name
}

// name is somebody or something with all spellings that the story has of it.
type name struct {
	words  []string // folded, of the longest spelling without a company's form
	full   string   // the longest spelling
	forms  []string // others, in order of appearance
	at     int      // where it is first named
	times  int
	spoken bool // it is the subject of a verb of saying
}

// show is the name as a person would write it.
func (n *name) show() string {
	full := n.full
	if cut := withoutCompany(full); cut != full && cut != "" {
		return cut
	}
	return full
}

// aliases are the other spellings.
func (n *name) aliases() []string {
	shown := n.show()
	var all []string
	for _, f := range append([]string{n.full}, n.forms...) {
		if f != shown && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// withoutCompany cuts the form of a company off a name: ", Inc.", "GmbH".
func withoutCompany(full string) string {
	ws := lang.Words(full)
	n := len(ws)
	for n > 1 && company(ws[n-1].Text) {
		n--
	}
	if n == len(ws) || n == 0 {
		return full
	}
	return full[:ws[n-1].End]
}

// company reports a legal form, with or without dots.
func company(word string) bool {
	return companies()[word] || companies()[strings.ReplaceAll(word, ".", "")]
}

// group reports a name that no single person bears.
func (n *name) group() bool {
	return slices.ContainsFunc(lang.FoldedWords(n.full), func(w string) bool { return company(w) || institutions()[w] })
}

// readNames finds who is named: by capitals, and where a script has none, by what
// only stands beside names.
func (r *reader) readNames() {
	for _, at := range dateline().FindAllStringIndex(r.text, -1) {
		r.datelines = append(r.datelines, lang.Range{Start: at[0], End: at[1]})
	}
	var found []mention
	for i := 0; i < len(r.words); i++ {
		if !r.words[i].Capital || elided(r.text[r.words[i].Start:r.words[i].End]) || r.heading(r.words[i].Start) {
			continue
		}
		m, next := r.capitals(i)
		if m.last >= m.first {
			found = append(found, m)
		}
		i = next
	}
	if r.uncased() {
		found = append(found, r.marked()...)
		slices.SortStableFunc(found, func(a, b mention) int { return a.Start - b.Start })
	}
	r.cluster(r.begun(found))
	r.spellings()
	r.speakers()
}

// begun takes the first word off a name at the beginning of a sentence, where the rest
// is a name elsewhere and the whole is none: "Follow Harbor Labs".
func (r *reader) begun(found []mention) []mention {
	key := func(first, last int) string {
		var ws []string
		for _, w := range r.words[first : last+1] {
			ws = append(ws, w.Text)
		}
		return strings.Join(ws, " ")
	}
	inside := map[string]bool{}
	begins := func(m mention) bool {
		return strings.TrimSpace(r.text[r.sentenceOf(m.Start).Start:m.Start]) == ""
	}
	for _, m := range found {
		if !begins(m) {
			inside[key(m.first, m.last)] = true
		}
	}
	for i, m := range found {
		if m.last > m.first && begins(m) && !inside[key(m.first, m.last)] && inside[key(m.first+1, m.last)] {
			found[i].first, found[i].Start = m.first+1, r.words[m.first+1].Start
		}
	}
	return found
}

// elided reports a small word behind an article that lost its vowel: "L'avocat".
func elided(word string) bool {
	i := strings.IndexAny(word, "'’")
	if i < 1 || i > 2 {
		return false
	}
	rest, _ := utf8.DecodeRuneInString(strings.TrimLeft(word[i:], "'’"))
	return unicode.IsLower(rest)
}

// heading reports a place in a line that capitals say nothing in: a headline in which
// most words have one, without a stop at its end.
func (r *reader) heading(at int) bool {
	if r.headings == nil {
		r.headings = []lang.Range{}
		from := 0
		for line := range strings.Lines(r.text) {
			text := strings.TrimSpace(line)
			if text != "" && !strings.ContainsAny(text[len(text)-1:], ".!?:;\"”“») ") && !r.capitalNouns() && strings.ToUpper(text) != text {
				capital, long := 0, 0
				for _, w := range lang.Words(text) {
					if utf8.RuneCountInString(w.Text) > 3 {
						long++
						if w.Capital {
							capital++
						}
					}
				}
				if long >= 3 && 4*capital > 3*long {
					r.headings = append(r.headings, lang.Range{Start: from, End: from + len(line)})
				}
			}
			from += len(line)
		}
	}
	return slices.ContainsFunc(r.headings, func(h lang.Range) bool { return at >= h.Start && at < h.End })
}

// joiners stand in small letters inside names.
var joiners = map[string]bool{"de": true, "del": true, "von": true, "van": true, "der": true, "bin": true, "al": true, "da": true, "di": true, "du": true}

// capitals is the run of capitals that begins at a word, without what stands before a
// name: titles, offices, days. next is the last word of the run.
func (r *reader) capitals(i int) (m mention, next int) {
	j := i
	for j+1 < len(r.words) {
		gap := r.gap(j, j+1)
		tight := gap == " " || gap == ". " && len([]rune(r.words[j].Text)) == 1 || gap == " & " || gap == "\u00a0"
		switch n := r.words[j+1]; {
		case tight && n.Capital:
			j++
			continue
		case tight && joiners[n.Text] && (n.Text != "der" || !r.capitalNouns()) && j+2 < len(r.words) && r.words[j+2].Capital && r.gap(j+1, j+2) == " ":
			j += 2
			continue
		case (gap == ", " || tight) && company(n.Text) && n.Capital:
			j++
			continue
		}
		break
	}
	first := i
	for first <= j && r.is(first, "opener", "lead", "function", "pronoun", "barrier", "date", "honorific", "title", "office", "judge", "plaintiff", "defendant", "before", "article", "suing", "spokes") {
		first++
	}
	for k := j - 1; k >= first; k-- { // "U.S. District Judge Harriet Moss"
		if r.is(k, "judge") || r.is(k, "office") && j-k >= 2 && !company(r.words[j].Text) && !institutions()[r.words[j].Text] {
			first = k + 1
			break
		}
	}
	last := j
	for last >= first && r.is(last, "date", "suing", "office") && !company(r.words[last].Text) {
		last--
	}
	if first > last {
		return mention{first: 1}, j
	}
	m = mention{Range: lang.Range{Start: r.words[first].Start, End: r.words[last].End}, first: first, last: last}
	if strings.HasPrefix(r.text[m.End:], ".") && company(r.words[last].Text) { // Inc.
		m.End++
	}
	return m, j
}

// uncased reports a language that marks its subjects and whose script has no capitals.
func (r *reader) uncased() bool { return len(r.class["marker"]) > 0 }

// marked are the names before the marker of a subject and before what says who is
// taken to court.
func (r *reader) marked() (found []mention) {
	add := func(end int) {
		for end > 0 && strings.Contains(r.gap(end-1, end), "(") || end > 1 && strings.HasPrefix(r.text[r.words[end].End:], ")") && !strings.Contains(r.gap(end-1, end), ")") {
			end-- // a spelling in brackets
		}
		if m := r.back(end); m.last >= m.first {
			found = append(found, m)
			for j := m.first - 1; j > 0 && r.is(j, "joins"); j-- { // and those joined to it
				more := r.back(j - 1)
				if more.last < more.first {
					return
				}
				found = append(found, more)
				j = more.first
			}
		}
	}
	for i := range r.words {
		if r.is(i, "marker") {
			add(i - 1)
		}
		if r.phraseAt("against", i) > 0 {
			add(i - 1)
		}
	}
	for i := range r.words {
		if n := i + 2; r.is(i, "judge") && n < len(r.words) && r.words[n].Segment == r.words[i].Segment {
			if m := r.back(n); m.first == i+1 {
				found = append(found, m)
			}
		}
	}
	// What was found stands elsewhere, too.
	taken := map[int]bool{}
	for _, m := range found {
		for i := m.first; i <= m.last; i++ {
			taken[i] = true
		}
	}
	looked := map[string]bool{}
	for _, m := range slices.Clone(found) {
		size := m.last - m.first + 1
		if key := strings.Join(lang.FoldedWords(r.text[m.Start:m.End]), " "); looked[key] {
			continue
		} else {
			looked[key] = true
		}
		for i := 0; i+size <= len(r.words); i++ {
			if slices.EqualFunc(r.words[i:i+size], r.words[m.first:m.last+1], func(a, b lang.Word) bool { return a.Text == b.Text }) &&
				!taken[i] && !taken[i+size-1] {
				taken[i], taken[i+size-1] = true, true
				found = append(found, mention{Range: lang.Range{Start: r.words[i].Start, End: r.words[i+size-1].End}, first: i, last: i + size - 1})
			}
		}
	}
	return r.adjoining(found)
}

// adjoining joins two names that stand side by side: a first name and a surname.
func (r *reader) adjoining(found []mention) (all []mention) {
	slices.SortStableFunc(found, func(a, b mention) int { return a.Start - b.Start })
	for _, m := range found {
		if last := len(all) - 1; last >= 0 && all[last].last+1 == m.first && r.text[all[last].End:m.Start] == " " && m.last-all[last].first < mostWords {
			all[last].End, all[last].last = m.End, m.last
			continue
		}
		all = append(all, m)
	}
	return all
}

const mostWords = 3 // of a name without capitals

// back is the name that ends at a word: as far back as nothing else stands there.
func (r *reader) back(end int) mention {
	first := end + 1
	for i := end; i >= 0 && end-i < mostWords; i-- {
		w := r.words[i]
		other := w.Segment != r.words[end].Segment || i < end && strings.TrimSpace(r.gap(i, i+1)) != ""
		if other || lang.ScriptOf([]rune(w.Text)[0]) == lang.Latin || r.starred(w.Text, "barrier", "pronoun", "function", "office", "title", "of", "within", "adverb", "suing", "plaintiff", "defendant", "court", "judge", "date", "joins", "legal", "weak", "honorific") ||
			strings.ContainsFunc(w.Text, unicode.IsDigit) {
			break
		}
		first = i
	}
	if first > end {
		return mention{first: 1}
	}
	return mention{Range: lang.Range{Start: r.words[first].Start, End: r.words[end].End}, first: first, last: end}
}

// phraseAt is how many words of a phrase of a class stand at a word; 0: none.
func (r *reader) phraseAt(class string, i int) int {
	for _, p := range r.phrases[class] {
		if lang.HasPhrase(r.words, i, p) {
			return len(p)
		}
	}
	return 0
}

// cluster joins mentions of the same: a name, and its beginning or end.
func (r *reader) cluster(found []mention) {
	full := func(m mention) string {
		shown := strings.Join(strings.Fields(r.text[m.Start:m.End]), " ")
		return strings.TrimSuffix(strings.TrimSuffix(shown, "'s"), "’s")
	}
	key := func(m mention) []string { return lang.FoldedWords(withoutCompany(full(m))) }
	order := slices.Clone(found)
	slices.SortStableFunc(order, func(a, b mention) int { return cmp.Compare(len(key(b)), len(key(a))) })
	of := map[int]*name{}
	for _, m := range order {
		words := key(m)
		if len(words) == 0 || r.noName(m, words) {
			continue
		}
		i := slices.IndexFunc(r.names, func(n *name) bool { return partOf(words, n.words) })
		if i < 0 {
			if len(words) == 1 && r.capitalNouns() && !r.names1(m) {
				continue
			}
			r.names = append(r.names, &name{words: words, full: full(m), at: m.Start})
			i = len(r.names) - 1
		}
		n := r.names[i]
		if f := full(m); f != n.full && !slices.Contains(n.forms, f) {
			if len(f) > len(n.full) {
				n.full, f = f, n.full
			}
			n.forms = append(n.forms, f)
		}
		n.times, n.at = n.times+1, min(n.at, m.Start)
		of[m.Start] = n
	}
	for _, m := range found {
		if m.who = of[m.Start]; m.who != nil {
			r.mentions = append(r.mentions, m)
		}
	}
	slices.SortStableFunc(r.names, func(a, b *name) int { return cmp.Compare(a.at, b.at) })
}

// noName reports what capitals also begin: a court, a place, a number.
func (r *reader) noName(m mention, words []string) bool {
	if slices.ContainsFunc(words, func(w string) bool { return r.courtWord(w) }) {
		return true
	}
	if r.phraseAt("number", m.first) > 0 || slices.ContainsFunc(r.datelines, func(d lang.Range) bool { return m.Start >= d.Start && m.Start < d.End }) {
		return true
	}
	return r.is(m.first-1, "within") || len(words) == 1 && (len([]rune(words[0])) < 2 || institutions()[words[0]] || r.starred(words[0], "legal", "weak", "outcome") || strings.ContainsFunc(words[0], unicode.IsDigit))
}

// A dateline is where a story was written, at the beginning of a paragraph: in capitals,
// or with a day, a state or an agency behind it, before a dash.
var dateline = lazily(`(?m)^[ \t]*(?:\p{Lu}[\p{Lu} .'’-]+(?:,[^—–\n]{1,40}?)?|\p{Lu}[\p{L} ]{1,30}(?:,[^—–\n]{0,40}?[\d.][^—–\n]{0,20}?|\s\([^)\n]{2,30}\)))\s*(?:[—–]|-{1,2}\s)`)

// capitalNouns reports a language that begins every noun with a capital.
func (r *reader) capitalNouns() bool { return r.tag == "de" }

// names1 reports a single capital that is a name even there: it says something, or is
// taken to court.
func (r *reader) names1(m mention) bool {
	if withoutCompany(r.text[m.Start:m.End]) != r.text[m.Start:m.End] {
		return true
	}
	if r.is(m.first-1, "article", "barrier") {
		return false
	}
	return m.last+1 < len(r.words) && says()[r.words[m.last+1].Text] || m.first > 0 && says()[r.words[m.first-1].Text] || m.first > 0 && r.phraseAt("against", m.first-1) > 0
}

// partOf reports words that begin or end a longer name, or are it.
func partOf(words, of []string) bool {
	if len(words) > len(of) {
		return false
	}
	return slices.Equal(words, of[:len(words)]) || slices.Equal(words, of[len(of)-len(words):])
}

var inBrackets = lazily(`^\s*[(（]\s*([^()（）]{2,60}?)\s*[)）]`)

// spellings adds what stands in brackets behind a name in another script, and words in
// another script that sound like it.
func (r *reader) spellings() {
	script := func(s string) lang.Script {
		for _, c := range s {
			if unicode.IsLetter(c) {
				return lang.ScriptOf(c)
			}
		}
		return lang.OtherScript
	}
	for _, m := range r.mentions {
		if in := inBrackets().FindStringSubmatch(r.text[m.End:]); in != nil && script(in[1]) != script(m.who.full) && len(lang.Words(in[1])) <= len(m.who.words)+1 && !slices.Contains(m.who.forms, in[1]) {
			m.who.forms = append(m.who.forms, in[1])
		}
	}
	r.misspelt()
	r.names = r.mergedBySound(r.names, script)
}

// mostNames is how many names are looked for in other spellings.
const mostNames = 50

// leastSound is how many consonants a single word needs to be known by its sound.
const leastSound = 4

// misspelt adds words of a script without capitals that sound like a name of one word:
// a story spells foreign names in several ways.
func (r *reader) misspelt() {
	for _, n := range r.names[:min(len(r.names), mostNames)] {
		sound := lang.Skeleton(n.words[0], "k")
		if !r.uncased() || len(n.words) > 1 || len(sound) < leastSound || lang.ASCII(n.full) {
			continue
		}
		for _, w := range r.words {
			shown := r.text[w.Start:w.End]
			if w.Text != n.words[0] && !lang.ASCII(w.Text) && lang.Skeleton(w.Text, "k") == sound && !slices.Contains(n.forms, shown) {
				n.forms = append(n.forms, shown)
			}
		}
	}
}

// mergedBySound joins names of two scripts that sound alike: what a reader of both
// takes for one.
func (r *reader) mergedBySound(names []*name, script func(string) lang.Script) []*name {
	sound := func(n *name) string {
		var b strings.Builder
		for _, w := range n.words {
			b.WriteString(lang.Skeleton(w, "k"))
		}
		return b.String()
	}
	written := func(n *name, form string) bool {
		return strings.EqualFold(n.full, form) || slices.ContainsFunc(n.forms, func(f string) bool { return strings.EqualFold(f, form) })
	}
	var kept []*name
	for _, n := range names {
		i := slices.IndexFunc(kept, func(o *name) bool {
			return written(o, n.full) || len(o.words) == len(n.words) && script(o.full) != script(n.full) && len(sound(n)) > 2 && sound(o) == sound(n)
		})
		if i < 0 {
			kept = append(kept, n)
			continue
		}
		o := kept[i]
		for _, f := range append([]string{n.full}, n.forms...) {
			if !written(o, f) {
				o.forms = append(o.forms, f)
			}
		}
		o.times += n.times
		for j := range r.mentions {
			if r.mentions[j].who == n {
				r.mentions[j].who = o
			}
		}
	}
	return kept
}

// speakers notes who says something.
func (r *reader) speakers() {
	for _, m := range r.mentions {
		next := m.last + 1
		for next < len(r.words) && r.is(next, "marker", "auxiliary", "adverb") {
			next++
		}
		said := func(i int) bool { return i >= 0 && i < len(r.words) && says()[r.words[i].Text] }
		if said(next) || said(m.first-1) {
			m.who.spoken = true
		}
	}
}
