package press

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// Chinese, Japanese and Korean do not let words be told apart by spaces, or put
// particles to their ends, so names are found as strings and what follows them
// says whether they are the subject.

// language tells which of these a sentence is written in; "" for all others.
func language(text string) string {
	found := ""
	for _, r := range text {
		switch s := lang.ScriptOf(r); {
		case s == lang.Kana && unicode.IsLetter(r) && r != 'ー':
			return "ja"
		case s == lang.Hangul:
			return "ko"
		case s == lang.Han:
			found = "zh"
		}
	}
	return found
}

func (a *article) gluedVoice(language, before, after string) voice {
	words := lang.Of(language)
	before, after = strings.TrimSpace(before), strings.TrimSpace(after)
	if a.gluedHedge(words, before) || a.gluedHedge(words, after) {
		return someone
	}
	if v := a.bracketed(words, after); v != nobody {
		return v
	}
	if v := a.bareName(words, before, after); v != nobody {
		return v
	}
	if hasAny(after, mentioned[language]) {
		return nobody
	}
	if language == "zh" {
		if v := a.chineseSource(words, before); v != nobody {
			return v
		}
		if containsAny(before, words["relative"]) && !a.introducedLawyer(words, before) {
			return someone
		}
		return agreed(a.chineseBefore(words, before), a.chineseBehind(words, after))
	}
	if v := a.sourceOf(words, before); v != nobody {
		return v
	}
	if before == "" {
		if all := a.namesIn(after); len(all) > 0 && all[0].start == 0 && all[0].who >= 0 && hasAny(titled(words, after[all[0].end:]), itsWords[language]) {
			return all[0].who // "“….” 레예스 대표의 대답이다."
		}
	}
	if language == "ja" && before == "" && strings.HasPrefix(after, "という") && len(strings.TrimRight(after, "。 ")) == len("という") && a.last >= 0 && a.paragraph != "" {
		return a.last // goes on with what somebody is told to say
	}
	says := containsAny(after, words["says"])
	if led := strings.HasSuffix(before, ":") || strings.HasSuffix(before, "："); led && !says {
		says = containsAny(before, words["says"]) || containsAny(before, words["deictic"])
	}
	if !says && !(hasAny(after, quotatives) && !containsAny(after, unsaid)) {
		return nobody
	}
	for _, h := range slices.Concat(words["hedge"], told) {
		if strings.Contains(after, h) {
			return someone
		}
	}
	v := a.topicOf(words, before, after)
	if v == nobody && a.last >= 0 && lang.HasWord(a.paragraph[:max(0, len(a.paragraph)-len(before))]) && len(a.namesIn(before)) == 0 && topicless(words, before) {
		return pronoun // "夜間の放流については「……」と述べた。"
	}
	return v
}

// topicless reports words that say what is spoken of, and not who speaks.
func topicless(words map[string][]string, before string) bool {
	for _, about := range []string{"については", "に対しては", "に関しては", "とは別に", "대해서는", "관해서는", "에는", "에서는", "では", "には"} {
		before = strings.ReplaceAll(before, about, "")
	}
	return !containsAny(before, slices.Concat(words["topic"], words["document"], words["relative"], words["spokes"], words["honorific"])) && utf8.RuneCountInString(before) < 40
}

var year = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)[0-9]{2})(?:[^0-9]|$)`)

// gluedHedge is secondHand for these languages. What follows according to somebody
// is hearsay by its form; so the endings that say so are not looked for here.
func (a *article) gluedHedge(words map[string][]string, text string) bool {
	if containsAny(text, words["past"]) {
		return true
	}
	for _, m := range year.FindAllStringSubmatch(text, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil && a.year > 0 && n < a.year {
			return true
		}
	}
	for _, h := range words["hedge"] {
		if strings.Contains(text, h) && !strings.HasSuffix(h, "。") && utf8.RuneCountInString(h) > 1 && !isEnding(h) {
			return true
		}
	}
	for _, d := range words["document"] {
		head, tail, found := strings.Cut(text, d)
		if !found {
			continue
		}
		for _, mark := range []string{"によ", "は", "が", "で", "の中", "内", "に記", "に引用", "에 따르면", "에 의하면", "은 ", "는 ", "에는", "에서", "에 인용", "에 첨부", "称", "显示", "顯示", "指", "中", "说", "里", "，", "所"} {
			if strings.HasPrefix(tail, mark) {
				return true
			}
		}
		if containsAny(head, words["according"]) {
			return true
		}
	}
	return false
}

// isEnding reports a hedge that is the end of a sentence, or of a verb.
func isEnding(h string) bool {
	return strings.HasPrefix(h, "と") || strings.HasSuffix(h, "한다") || strings.HasPrefix(h, "だっ") || strings.HasPrefix(h, "で") || h == "라면" || h == "했다면" || h == "전해졌" || h == "알려졌"
}

// bareName finds a name that stands alone before a quotation or behind it: "レイエス
// 氏：「……」", "「……」とレイエス氏。"
func (a *article) bareName(words map[string][]string, before, after string) voice {
	text := strings.TrimRight(before, ":： ")
	after = strings.TrimRight(after, "。. ")
	if before == "" {
		text, _ = strings.CutPrefix(after, "と")
		if text == after {
			return nobody
		}
	} else if after != "" {
		return nobody
	}
	all := a.namesIn(text)
	if len(all) == 0 {
		return nobody
	}
	last := all[len(all)-1]
	if strings.TrimSpace(titled(words, text[last.end:])) != "" || last.who < 0 || a.cast[last.who].group {
		return nobody
	}
	head := strings.TrimSpace(text[:last.start])
	if len(all) > 1 && all[0].who >= 0 && a.cast[all[0].who].group { // the house before the name
		head = strings.TrimSpace(text[all[0].end:last.start])
	}
	if head == "" || hasAny(head, words["of"]) && titled(words, strings.TrimPrefix(head, words["of"][0])) == "" || strings.HasSuffix(head, "の") && !containsAny(head, words["topic"]) {
		return last.who
	}
	return nobody
}

// introducedLawyer reports a name of the case right behind the word for whose lawyer its
// bearer is: "洛温的律师奥耶拉兰则认为".
func (a *article) introducedLawyer(words map[string][]string, before string) bool {
	for _, n := range a.namesIn(before) {
		if n.who < 0 || a.cast[n.who].group || !servesPersons(a.cast[n.who].Role) {
			continue
		}
		for _, r := range words["relative"] {
			if head, ok := strings.CutSuffix(before[:n.start], r); ok && (head == "" || strings.HasSuffix(head, "的")) {
				return !containsAny(before[n.end:], words["relative"])
			}
		}
	}
	return false
}

// chineseSource reads "据雷耶斯介绍，".
func (a *article) chineseSource(words map[string][]string, before string) voice {
	rest, ok := cutAny(before, words["according"])
	if !ok {
		return nobody
	}
	for _, n := range a.namesIn(rest) {
		behind := strings.TrimRight(titled(words, rest[n.end:]), "，, ")
		if n.start == 0 && n.who >= 0 && (behind == "" || slices.Contains([]string{"介绍", "介紹", "透露", "所说", "所說", "的说法", "称", "稱", "说", "說", "表示"}, behind)) {
			return n.who
		}
	}
	return someone
}

// bracketed finds a name in brackets behind a quotation: "（レイエス氏）".
func (a *article) bracketed(words map[string][]string, after string) voice {
	for _, marks := range [][2]string{{"（", "）"}, {"(", ")"}} {
		name, ok := strings.CutPrefix(after, marks[0])
		if !ok {
			continue
		}
		name, _, _ = strings.Cut(name, marks[1])
		for _, n := range a.namesIn(name) {
			if strings.TrimSpace(titled(words, name[n.end:])) == "" {
				return n.who
			}
		}
		return someone
	}
	return nobody
}

// named is a name in such a text.
type named struct {
	start, end int
	who        voice
}

// namesIn finds known names, the longest at each place.
func (c cast) namesIn(text string) (all []named) {
	for i := 0; i < len(text); {
		best := named{start: i, end: i}
		for v, f := range c {
			for _, n := range f.glued {
				if !strings.HasPrefix(text[i:], n) {
					continue
				}
				switch {
				case i+len(n) > best.end:
					best.end, best.who = i+len(n), voice(v)
					if partOfAnother(text, i, n) {
						best.who = someone
					}
				case i+len(n) == best.end && best.who != voice(v):
					best.who = someone
				}
			}
		}
		if best.end > i {
			all = append(all, best)
			i = best.end
			continue
		}
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
	}
	return all
}

// partOfAnother reports a surname behind somebody else's first name.
func partOfAnother(text string, i int, name string) bool {
	last, _ := utf8.DecodeLastRuneInString(text[:i])
	first := firstRune(name)
	if dots.MatchString(string(last)) && !dots.MatchString(name) {
		return true
	}
	if unicode.Is(unicode.Katakana, last) && unicode.Is(unicode.Katakana, first) {
		return true
	}
	if !unicode.Is(unicode.Hangul, first) || strings.Contains(name, " ") || last != ' ' {
		return false
	}
	fields := strings.Fields(text[:i])
	if len(fields) == 0 {
		return false
	}
	w := strings.TrimFunc(fields[len(fields)-1], unicode.IsPunct)
	korean := lang.Of("ko")
	return w != "" && unicode.Is(unicode.Hangul, firstRune(w)) && !slices.Contains(korean["adverb"], w) && !slices.ContainsFunc(slices.Concat(korean["honorific"], korean["spokes"]), func(t string) bool { return strings.HasSuffix(w, t) }) &&
		!strings.ContainsRune("의은는이가을를에서로와과도인한던된고며자", lastRune(w)) && !strings.HasSuffix(fields[len(fields)-1], ",")
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// sourceOf finds "によると" and the like at the end of the words before a quotation.
func (a *article) sourceOf(words map[string][]string, before string) voice {
	before = strings.TrimRight(before, "、, ")
	for _, according := range words["according"] {
		head, ok := strings.CutSuffix(before, according)
		if !ok { // "レイエス氏によると、相手側は"
			if all := a.namesIn(before); len(all) > 0 && all[0].who >= 0 {
				rest, ok := strings.CutPrefix(titled(words, before[all[0].end:]), according)
				if ok && len(a.namesIn(rest)) == 0 && !containsAny(rest, words["document"]) && !containsAny(rest, words["says"]) {
					return all[0].who
				}
			}
			continue
		}
		for _, n := range a.namesIn(head) {
			if rest := titled(words, head[n.end:]); rest == "" && n.who >= 0 {
				return n.who
			}
		}
		return someone
	}
	return nobody
}

// topicOf finds what a sentence is about. Whoever else it is about, by a title,
// makes it plain for nobody.
func (a *article) topicOf(words map[string][]string, before, after string) voice {
	found := nobody
	keep := func(v voice) {
		if found != nobody && found != v {
			v = someone
		}
		found = v
	}
	for _, text := range []string{before, after} {
		known := map[int]bool{} // where a topic of a known name ends
		behind := 0             // what belongs to the name before
		for _, n := range a.namesIn(text) {
			if n.start < behind {
				continue
			}
			rest := titled(words, text[n.end:])
			v, end := n.who, len(text)-len(rest)
			if v >= 0 && !a.cast[v].group {
				behind = end // what is cut with the titles
			}
			if house := a.namesIn(strings.TrimLeft(rest, " ")); len(house) > 0 && house[0].start == 0 && house[0].who >= 0 && a.cast[house[0].who].group && rest != "" && rest[0] == ' ' {
				behind = len(text) - len(strings.TrimLeft(rest, " ")) + house[0].end
				rest = titled(words, text[behind:]) // "다나 레예스 하버 랩스 대표"
			}
			if own, ok := cutAny(strings.TrimLeft(rest, " "), words["spokes"]); ok && v >= 0 && !a.cast[v].group && servesPersons(a.cast[v].Role) {
				rest = titled(words, own) // "レイエス広報は"
				behind = max(behind, len(text)-len(rest))
			}
			if of, ok := cutAny(rest, words["of"]); ok || hasAny(strings.TrimLeft(rest, " "), words["spokes"]) {
				if rest, ok = cutAny(strings.TrimLeft(of, " "), words["spokes"]); !ok || v < 0 || !a.cast[v].party {
					continue
				}
				rest = titled(words, rest)
			}
			if behind, ok := cutAny(rest, words["topic"]); ok {
				known[len(text)-len(behind)] = true
				keep(v)
			}
		}
		for _, title := range slices.Concat(words["honorific"], words["spokes"], words["relative"], words["document"]) {
			for _, topic := range words["topic"] {
				for from := 0; ; {
					i := strings.Index(text[from:], title+topic)
					if i < 0 {
						break
					}
					from += i + len(title+topic)
					if !known[from] {
						keep(someone)
					}
				}
			}
		}
		if found == nobody && hasAny(text, words["pronoun"]) {
			if rest, _ := cutAny(text, words["pronoun"]); hasAny(rest, words["topic"]) {
				found = pronoun
			}
		}
	}
	if found == nobody && (before == "" || slices.Contains(words["adverb"], before)) && hasAny(after, quotatives) { // the subject is left out where it goes on
		return pronoun
	}
	return found
}

// itsWords tell whose words stood before.
var itsWords = map[string][]string{"ja": {"の言葉", "の弁", "の答え", "の返事", "の言い分"}, "ko": {"의 대답", "의 말이", "의 설명", "의 주장", "의 이야기", "의 반응", "의 답"}}

// mentioned stand right behind words that are no speech but a name or a thing: "「……」の",
// "‘…’의".
var mentioned = map[string][]string{"ja": {"の", "を", "が", "は", "に", "で", "も"}, "ko": {"의", "을", "를", "에 "}}

// told are verbs by which the one the sentence is about did not speak, but was spoken
// to, or was said by another to have spoken.
var told = []string{
	"と言われ", "と告げられ", "と問われ", "と聞かれ", "と非難され", "と批判され", "と指摘され", "と責められ", "とは", "ていない", "ことはない", "たことがない", "なかった",
	"다고 ", "라는 말을 들", "는 질문을 받", "지 않았", "지 않는", "적이 없", "적 없",
}

// unsaid are what may follow a quotation in the way a verb of saying does, and is
// none: what a thing is called, or what is written on it.
var unsaid = []string{"題", "名付", "名づ", "呼ば", "書かれ", "銘打", "いう名", "称され", "思わ", "제목", "불리", "불린", "적힌", "쓰인", "이름"}

// quotatives stand right behind a quotation whose verb follows.
var quotatives = []string{"と", "などと", "라고", "고", "이라고", "라며", "며", "이라며"}

// chineseBefore reads "雷耶斯在声明中表示：" and "雷耶斯还表示，公司".
func (a *article) chineseBefore(words map[string][]string, before string) voice {
	clause := strings.TrimRight(before, "：:，, 。")
	verb := longestSuffix(clause, words["says"])
	if verb == "" && (strings.HasSuffix(before, "：") || strings.HasSuffix(before, ":")) {
		return a.chineseActor(words, clause)
	}
	if verb == "" {
		at, last := -1, ""
		for _, says := range words["says"] {
			if i := strings.LastIndex(clause, says); i >= 0 && (i+len(says) > at+len(last) || i+len(says) == at+len(last) && len(says) > len(last)) {
				at, last = i, says
			}
		}
		const farthest = 60 // bytes from the verb to the quotation
		if at < 0 || clause != before || len(clause)-at > farthest {
			return nobody
		}
		clause, verb = clause[:at+len(last)], last
	}
	if clause == before && before != "" && !strings.HasSuffix(before, verb) {
		return nobody
	}
	clause = strings.TrimSuffix(clause, verb)
	if i := strings.LastIndexAny(clause, "，；。"); i >= 0 {
		_, n := utf8.DecodeRuneInString(clause[i:])
		if containsAny(clause[:i], words["document"]) {
			return someone
		}
		if head := clause[i+n:]; head != "" && !hasAny(head, words["aside"]) || len(a.namesIn(head)) > 0 {
			clause = head
		}
	}
	return a.chineseSubject(words, clause)
}

// chineseActor reads "雷耶斯耸耸肩：", whatever the verb is: a person with little behind
// the name that is not something else that the person has, or reads.
func (a *article) chineseActor(words map[string][]string, clause string) voice {
	const longest = 18 // bytes
	clause = clause[strings.LastIndexAny(clause, "，；。")+1:]
	clause = strings.TrimLeftFunc(clause, func(r rune) bool { return r == utf8.RuneError })
	all := a.namesIn(clause)
	if len(all) == 0 {
		return nobody
	}
	last := all[len(all)-1]
	rest := titled(words, clause[last.end:])
	if last.who < 0 || a.cast[last.who].group || len(all) > 1 && !a.cast[max(all[0].who, 0)].group || len(rest) > longest ||
		strings.HasPrefix(rest, "的") || containsAny(rest, words["relative"]) || containsAny(rest, words["spokes"]) || containsAny(rest, []string{"收到", "看到", "读到", "讀到", "发现", "發現", "听到", "聽到", "写着", "引用", "律师", "律師", "不说", "没说", "没有说", "未说", "和", "与", "团队", "方面", "阵营"}) {
		return someone
	}
	return last.who
}

// chineseBehind reads "，雷耶斯在声明中说。".
func (a *article) chineseBehind(words map[string][]string, after string) voice {
	after = strings.TrimLeft(after, "，, ")
	clause, _, _ := strings.Cut(strings.TrimRight(after, "。 \n"), "，")
	verb := longestSuffix(clause, words["says"])
	if verb == "" {
		return nobody
	}
	return a.chineseSubject(words, strings.TrimSuffix(clause, verb))
}

// chineseSubject is who stands before the verb of a clause, with nothing between
// them but when, where and to whom.
func (a *article) chineseSubject(words map[string][]string, clause string) voice {
	if rest, ok := cutAny(clause, words["pronoun"]); ok && (rest == "" || hasAny(rest, words["aside"])) {
		return pronoun
	}
	var subject *named
	for _, n := range a.namesIn(clause) {
		if strings.HasPrefix(clause[n.end:], "的") && a.introducedLawyer(words, clause) {
			continue
		}
		if n.who < 0 || subject != nil && !a.cast[subject.who].group {
			return someone // somebody told somebody
		}
		subject = &n
	}
	if subject == nil {
		return someone
	}
	rest := titled(words, clause[subject.end:])
	for _, lawyer := range []string{"律师", "律師"} { // of a client it is the client's
		if cut, ok := strings.CutPrefix(rest, lawyer); ok && slices.ContainsFunc(lang.FoldedWords(a.cast[subject.who].Role), func(w string) bool { return w == "counsel" || w == "lawyer" || w == "attorney" }) {
			rest = cut
		}
	}
	head := clause[:subject.start]
	if a.introducedLawyer(words, clause) {
		head = ""
	}
	if containsAny(head, words["says"]) || slices.ContainsFunc([]string{"对", "對", "向", "跟", "和", "与", "與", "给", "給", "被"}, func(s string) bool { return strings.HasSuffix(head, s) }) {
		return someone // told, or told of
	}
	possessive := strings.HasPrefix(rest, "的")
	if name, ok := cutAny(strings.TrimPrefix(rest, "的"), words["spokes"]); ok && a.cast[subject.who].party {
		const longestName = 12 // bytes of a spokesman's name
		if i := strings.IndexFunc(name, func(r rune) bool { return hasAny(string(r), words["aside"]) }); i < 0 && len(name) <= longestName || i >= 0 && i <= longestName {
			return subject.who
		}
		return someone
	}
	const clauseOfTime = 36 // bytes: "离开法庭时"
	when := len(rest) <= clauseOfTime && strings.ContainsAny(rest, "时時后後前") && !strings.Contains(rest, "的") && !containsAny(rest, words["relative"])
	manner := len(rest) <= 15 && (strings.HasSuffix(rest, "地") || strings.HasSuffix(rest, "着")) // "愤怒地"
	if possessive || rest != "" && !hasAny(rest, words["aside"]) && !when && !manner {
		return someone
	}
	return subject.who
}

// behindFullStop is what follows a quotation that ends in a full stop, in these
// languages: "……。”雷耶斯说。", "「……」。レイエス氏はこう語った。"; "" when it does not
// point back to it.
func (a *article) behindFullStop(i int) string {
	q := a.said[i]
	if q.laid || q.GoesOn || q.Unclosed {
		return ""
	}
	rest := a.lineBehind(i, 300)
	l := language(rest)
	rest = strings.TrimLeft(rest, "。. ")
	stop := strings.IndexAny(rest, "。.")
	if stop < 0 && l == "zh" && i+1 < len(a.said) && a.said[i].Close+len(rest) <= a.said[i+1].Open && strings.ContainsAny(rest, "，：") { // leads to the next one, too
		stop = len(strings.TrimRight(rest, "，： "))
	}
	if l == "" || stop < 0 {
		return ""
	}
	rest = rest[:stop]
	if l != "zh" && !containsAny(rest, lang.Of(l)["deictic"]) {
		return ""
	}
	return rest
}

// joint is how much may stand between two quotations of one sentence: "「……」「……」と
// 述べた", "“…”며 “…”라고 했다".
const joint = 24 // bytes

// toTheVerb is what follows the last of several quotations of one sentence.
func (a *article) toTheVerb(i int, after string) string {
	for ; i+1 < len(a.said) && a.sameSentence(i+1); i++ {
		after = a.following(i + 1).text
	}
	return after
}

// sameSentence reports that a quotation goes on, in these languages, with the
// sentence that the one before it stands in.
func (a *article) sameSentence(i int) bool {
	last, q := a.said[i-1], a.said[i]
	if q.laid || last.laid || last.GoesOn || last.Unclosed || last.Close > q.Open || q.Open-last.Close > joint {
		return false
	}
	between := strings.TrimSpace(a.plain[last.Close:q.Open])
	if strings.ContainsAny(between, "。.\n") || len(a.namesIn(between)) > 0 {
		return false
	}
	return between == "" && !strings.Contains(a.plain[last.Close:q.Open], "\n") && language(a.plain[max(0, last.Start):q.End]) != "" || hasAny(strings.TrimLeft(between, "、, "), quotatives) || between == "、"
}

// titled cuts the titles behind a name.
func titled(words map[string][]string, rest string) string {
	for {
		for _, marks := range [][2]string{{"（", "）"}, {"(", ")"}} { // "대표(CEO)"
			if inside, ok := strings.CutPrefix(rest, marks[0]); ok {
				if _, behind, ok := strings.Cut(inside, marks[1]); ok {
					rest = behind
				}
			}
		}
		cut, ok := cutAny(strings.TrimLeft(rest, " "), words["honorific"])
		if !ok {
			cut, ok = untitled(words, rest)
		}
		if !ok {
			return rest
		}
		rest = cut
	}
}

// untitled cuts a title that no list holds: "製作責任者は", " 제작 총괄은".
func untitled(words map[string][]string, rest string) (string, bool) {
	const longest = 8 // letters
	end := strings.IndexFunc(rest, func(r rune) bool {
		return !unicode.Is(unicode.Han, r) && !unicode.Is(unicode.Katakana, r) && r != 'ー'
	})
	if end > 0 {
		title := rest[:end]
		known := slices.ContainsFunc(slices.Concat(words["relative"], words["spokes"], words["document"]), func(w string) bool { return strings.HasSuffix(title, w) })
		return rest[end:], !known && utf8.RuneCountInString(title) <= longest && language(rest) == "ja" && strings.ContainsRune("者長官員役士家手師任督", lastRune(title))
	}
	if strings.HasPrefix(rest, " ") && language(rest) == "ko" { // "레예스 하버 랩스 대표"
		const most = 3
		words := strings.Fields(rest)
		for n := 1; n <= most && n < len(words); n++ {
			head := strings.Join(words[:n], " ")
			if slices.ContainsFunc(words[:n], func(w string) bool {
				return utf8.RuneCountInString(w) > longest || language(w) != "ko" || strings.ContainsAny(w, ",.“”‘’") || slices.ContainsFunc([]string{"은", "는", "을", "를", "의", "에", "서", "던", "한", "할", "측", "로", "과", "와"}, func(p string) bool { return strings.HasSuffix(w, p) })
			}) {
				break
			}
			if cut, ok := cutAny(words[n], lang.Of("ko")["honorific"]); ok && n > 1 && !hasAny(words[n], []string{"판사", "변호사", "기자", "의원", "교수"}) {
				return cut + rest[strings.Index(rest, head)+len(head)+1+len(words[n]):], true
			}
		}
	}
	if word, behind, ok := strings.Cut(strings.TrimLeft(rest, " "), " "); ok && strings.HasPrefix(rest, " ") && language(word) == "ko" && utf8.RuneCountInString(word) <= longest && !slices.ContainsFunc(slices.Concat(words["topic"], words["of"], []string{"의", "을", "를", "에", "서", "던", "한", "할", "담당", "전", "출신"}), func(p string) bool { return strings.HasSuffix(word, p) }) {
		if cut, ok := cutAny(behind, words["honorific"]); ok && !hasAny(behind, []string{"판사", "변호사", "기자", "의원", "교수"}) {
			return cut, true
		}
	}
	return rest, false
}

func cutAny(text string, beginnings []string) (string, bool) {
	longest := ""
	for _, b := range beginnings {
		if len(b) > len(longest) && strings.HasPrefix(text, b) {
			longest = b
		}
	}
	return text[len(longest):], longest != ""
}

func hasAny(text string, beginnings []string) bool {
	_, ok := cutAny(text, beginnings)
	return ok
}

func containsAny(text string, list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(text, s) })
}

func longestSuffix(text string, list []string) (longest string) {
	for _, s := range list {
		if len(s) > len(longest) && strings.HasSuffix(text, s) {
			longest = s
		}
	}
	return longest
}
