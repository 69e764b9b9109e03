package press

import (
	"slices"
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

func (c cast) gluedVoice(language, before, after string) voice {
	words := lang.Of(language)
	before, after = strings.TrimSpace(before), strings.TrimSpace(after)
	if language == "zh" {
		return agreed(c.chineseBefore(words, before), c.chineseBehind(words, after))
	}
	if v := c.sourceOf(words, before); v != nobody {
		return v
	}
	if !containsAny(after, words["says"]) {
		return nobody
	}
	return c.topicOf(words, before, after)
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

// sourceOf finds "によると" and the like at the end of the words before a quotation.
func (c cast) sourceOf(words map[string][]string, before string) voice {
	before = strings.TrimRight(before, "、, ")
	for _, according := range words["according"] {
		head, ok := strings.CutSuffix(before, according)
		if !ok {
			continue
		}
		for _, n := range c.namesIn(head) {
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
func (c cast) topicOf(words map[string][]string, before, after string) voice {
	found := nobody
	keep := func(v voice) {
		if found != nobody && found != v {
			v = someone
		}
		found = v
	}
	for _, text := range []string{before, after} {
		known := map[int]bool{} // where a topic of a known name ends
		for _, n := range c.namesIn(text) {
			rest := titled(words, text[n.end:])
			v := n.who
			if of, ok := cutAny(rest, words["of"]); ok || hasAny(strings.TrimLeft(rest, " "), words["spokes"]) {
				if rest, ok = cutAny(strings.TrimLeft(of, " "), words["spokes"]); !ok || v < 0 || !c[v].party {
					continue
				}
				rest = titled(words, rest)
			}
			if behind, ok := cutAny(rest, words["topic"]); ok {
				known[len(text)-len(behind)] = true
				keep(v)
			}
		}
		for _, title := range slices.Concat(words["honorific"], words["spokes"]) {
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
	return found
}

// chineseBefore reads "雷耶斯在声明中表示：".
func (c cast) chineseBefore(words map[string][]string, before string) voice {
	clause := strings.TrimRight(before, "：:，, 。")
	verb := longestSuffix(clause, words["says"])
	if verb == "" || clause == before && before != "" && !strings.HasSuffix(before, verb) {
		return nobody
	}
	clause = strings.TrimSuffix(clause, verb)
	if i := strings.LastIndexAny(clause, "，；。"); i >= 0 {
		_, n := utf8.DecodeRuneInString(clause[i:])
		if head := clause[i+n:]; head != "" && !hasAny(head, words["aside"]) || len(c.namesIn(head)) > 0 {
			clause = head
		}
	}
	return c.chineseSubject(words, clause)
}

// chineseBehind reads "，雷耶斯在声明中说。".
func (c cast) chineseBehind(words map[string][]string, after string) voice {
	after = strings.TrimLeft(after, "，, ")
	clause, _, _ := strings.Cut(strings.TrimRight(after, "。 \n"), "，")
	verb := longestSuffix(clause, words["says"])
	if verb == "" {
		return nobody
	}
	return c.chineseSubject(words, strings.TrimSuffix(clause, verb))
}

// chineseSubject is who stands before the verb of a clause, with nothing between
// them but when, where and to whom.
func (c cast) chineseSubject(words map[string][]string, clause string) voice {
	if rest, ok := cutAny(clause, words["pronoun"]); ok && (rest == "" || hasAny(rest, words["aside"])) {
		return pronoun
	}
	var subject *named
	for _, n := range c.namesIn(clause) {
		if n.who < 0 || subject != nil && !c[subject.who].group {
			return someone // somebody told somebody
		}
		subject = &n
	}
	if subject == nil {
		return someone
	}
	rest := titled(words, clause[subject.end:])
	possessive := strings.HasPrefix(rest, "的")
	if name, ok := cutAny(strings.TrimPrefix(rest, "的"), words["spokes"]); ok && c[subject.who].party {
		const longestName = 12 // bytes of a spokesman's name
		if i := strings.IndexFunc(name, func(r rune) bool { return hasAny(string(r), words["aside"]) }); i < 0 && len(name) <= longestName || i >= 0 && i <= longestName {
			return subject.who
		}
		return someone
	}
	if possessive || rest != "" && !hasAny(rest, words["aside"]) {
		return someone
	}
	return subject.who
}

// behindFullStop is what follows a quotation that ends in a full stop: "……。”雷耶斯说。"
func behindFullStop(text string, all []quotation, i int) string {
	end := len(text)
	if i+1 < len(all) {
		end = all[i+1].Open
	}
	rest := text[all[i].Close:end]
	if line := strings.IndexByte(rest, '\n'); line >= 0 {
		rest = rest[:line]
	}
	if stop := strings.Index(rest, "。"); stop >= 0 {
		return rest[:stop]
	}
	return ""
}

// titled cuts the titles behind a name.
func titled(words map[string][]string, rest string) string {
	for {
		cut, ok := cutAny(strings.TrimLeft(rest, " "), words["honorific"])
		if !ok {
			return rest
		}
		rest = cut
	}
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
