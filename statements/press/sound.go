package press

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

const (
	// leastSound is how many consonants a name of one word needs to be known by
	// its sound alone, and leastFull one of several words. A shorter surname is
	// known once the article gave the full name.
	leastSound, leastFull = 3, 4
)

// matchTransliterations adds the spellings of names that sound like configured ones. From
// then on names are compared by letters only.
func (c cast) matchTransliterations(text string) {
	ts := foreign(lang.Words(text))
	runs := append(katakana.FindAllString(text, -1), dotted.FindAllString(text, -1)...)
	for i := range c {
		f := &c[i]
		for _, name := range f.names {
			if !lang.ASCII(strings.Join(name, "")) {
				continue
			}
			sounds := make([][]string, len(name))
			for n, w := range name {
				sounds[n] = variants(w)
			}
			f.matchForeign(ts, name, sounds)
			for _, r := range runs {
				f.matchUnspaced(r, name, sounds)
			}
		}
	}
}

// matchForeign finds a name in the words of a text.
func (f *figure) matchForeign(ts []phoneticWord, name []string, sounds [][]string) {
	for i := 0; i+len(name) <= len(ts); i++ {
		spelled, size := []string{}, 0
		for n, w := range name {
			t := ts[i+n]
			base, sound := t.matches(w, sounds[n])
			if sound == 0 || n > 0 && t.segment != ts[i].segment {
				break
			}
			spelled, size = append(spelled, base), size+sound
		}
		if len(spelled) < len(name) || len(name) == 1 && size < leastSound || len(name) > 1 && size < leastFull {
			continue
		}
		f.addSpelling(spelled...)
		for n := range len(name) - 1 { // "브라이트웨이 스쿨스": what looks like a particle may be the name's
			if whole := ts[i+n].whole(sounds[n]); whole != "" && whole != spelled[n] {
				uncut := slices.Clone(spelled)
				uncut[n] = whole
				f.addSpelling(uncut...)
			}
		}
		if len(name) > 1 && !f.group {
			f.addSpelling(spelled[len(spelled)-1])
		}
	}
}

func (f *figure) addSpelling(spelled ...string) {
	f.names = append(f.names, spelled)
	if name := strings.Join(spelled, " "); strings.ContainsFunc(name, glues) {
		f.glued = append(f.glued, name)
	}
}

// katakana are foreign names in Japanese, dotted are those in Chinese, which
// may have other words before and behind them.
var (
	katakana = regexp.MustCompile(`[\p{Katakana}ー]+(?:[・＝=·][\p{Katakana}ー]+)*`)
	dotted   = regexp.MustCompile(`\p{Han}{1,20}(?:[·・•]\p{Han}{1,20})+`)
	dots     = regexp.MustCompile(`[・＝=·•]`)
)

// matchUnspaced finds a name in a run of letters without spaces.
func (f *figure) matchUnspaced(run string, name []string, sounds [][]string) {
	pieces := dots.Split(run, -1)
	if len(pieces) != len(name) {
		return
	}
	size := 0
	for i, w := range name {
		piece := []rune(pieces[i])
		if unicode.Is(unicode.Han, piece[0]) {
			piece = soundingLike(piece, w, sounds[i], i == 0, i == len(name)-1)
		}
		if _, sound := phonetic(string(piece)).matches(w, sounds[i]); sound > 0 {
			pieces[i], size = string(piece), size+sound
			continue
		}
		return
	}
	if size < leastSound { // a dot between names says that they are
		return
	}
	last := pieces[len(pieces)-1]
	if len(name) > 1 && !f.group {
		f.glued = append(f.glued, last)
	}
	sign := dots.FindString(run)
	f.glued = append(f.glued, strings.Join(pieces, sign))
}

// soundingLike is the shortest end, or beginning, of a piece that sounds like a
// word. Other words stand before a first name and behind a surname.
func soundingLike(piece []rune, word string, sounds []string, first, last bool) []rune {
	best, most := piece, 0
	for n := 1; n <= len(piece); n++ {
		part := piece[:n]
		if first && !last {
			part = piece[len(piece)-n:]
		}
		if _, sound := phonetic(string(part)).matches(word, sounds); sound > most { // 彼得罗, 彼得罗娃
			best, most = part, sound
			if first && !last {
				break
			}
		}
	}
	return best
}

// phoneticWord is a word of another script than Latin with what it sounds like, with and
// without the particles at its end.
type phoneticWord struct {
	segment int
	bases   []string
	bones   []string
}

// foreign are the words of other scripts than Latin.
func foreign(ts []lang.Word) (all []phoneticWord) {
	for _, t := range ts {
		if r, _ := utf8.DecodeRuneInString(t.Text); r < 0x0250 {
			continue
		}
		h := phonetic(t.Text)
		h.segment = t.Segment
		all = append(all, h)
	}
	return all
}

// particlesKo stand behind names beside those of topics and owners.
var particlesKo = []string{"에", "에게", "에서", "을", "를", "와", "과", "로", "으로", "측"}

func phonetic(word string) phoneticWord {
	h := phoneticWord{bases: []string{word}}
	if first, _ := utf8.DecodeRuneInString(word); unicode.Is(unicode.Hangul, first) {
		for _, p := range slices.Concat(lang.Of("ko")["topic"], lang.Of("ko")["of"], lang.Of("ko")["honorific"], particlesKo) {
			if cut, ok := strings.CutSuffix(word, p); ok && cut != "" {
				h.bases = slices.Insert(h.bases, 0, cut) // a vowel at the end does not sound
			}
		}
	}
	for _, base := range h.bases {
		base = kana.Replace(base)
		if r := firstRune(base); unicode.Is(unicode.Han, r) { // x and q are spoken as s and ch
			base = pinyin.Replace(lang.Romanized(base))
		}
		h.bones = append(h.bones, lang.Skeleton(base, "k"))
	}
	return h
}

// kana are the signs that are not spoken as they are romanised: one doubles the consonant behind it.
var kana = strings.NewReplacer("ッ", "", "ファ", "fa", "フィ", "fi", "フェ", "fe", "フォ", "fo", "フ", "fu", "ヴ", "v")

var pinyin = strings.NewReplacer("x", "s", "q", "c")

// matches reports how many consonants a word shares with a name in Latin letters that
// it sounds like, 0 for none, and the word without particles.
func (h phoneticWord) matches(name string, sounds []string) (base string, consonants int) {
	for i, base := range h.bases {
		if sound := h.bones[i]; sound != "" && slices.Contains(sounds, sound) && sameEnding(base, name) {
			return base, len(sound)
		}
	}
	return "", 0
}

// whole is the word with what looks like a particle, when it sounds like a name as well.
func (h phoneticWord) whole(sounds []string) string {
	if last := len(h.bases) - 1; last > 0 && slices.Contains(sounds, h.bones[last]) {
		return h.bases[last]
	}
	return ""
}

// variants are the skeletons of a name: c is spoken as k or as s, g before e and
// i as in Eugene, Arabic may leave out v and w, others write b for v, and East Asia
// leaves out an r that does not begin a syllable and says s for th.
func variants(name string) []string {
	soft := softG.ReplaceAllString(name, "j$1")
	spoken := []string{name, soft, withoutR.ReplaceAllString(name, "$1"), withoutR.ReplaceAllString(soft, "$1")}
	if soft != name { // Энерджи
		spoken = append(spoken, strings.ReplaceAll(soft, "j", "dz"))
	}
	if strings.Contains(name, "th") {
		lisped := strings.ReplaceAll(name, "th", "s")
		spoken = append(spoken, lisped, withoutR.ReplaceAllString(lisped, "$1"))
	}
	if strings.Contains(name, "h") { // г in Ukrainian
		spoken = append(spoken, strings.ReplaceAll(name, "h", "g"))
	}
	if strings.Contains(name, "j") { // й: the j of the north
		spoken = append(spoken, strings.ReplaceAll(name, "j", ""), strings.ReplaceAll(name, "j", "dz"), strings.ReplaceAll(name, "j", "kh")) // дж, дз, خ
	}
	if strings.Contains(name, "gh") { // Brightway
		spoken = append(spoken, strings.ReplaceAll(name, "gh", ""))
	}
	if silent.MatchString(name) { // Beaumont
		spoken = append(spoken, name[:len(name)-1])
	}
	var all []string
	for _, n := range spoken {
		for _, c := range []string{"k", "s"} {
			s := lang.Skeleton(n, c)
			all = append(all, s, strings.ReplaceAll(s, "f", ""), strings.ReplaceAll(s, "f", "b"))
		}
	}
	return all
}

// withoutR are the r that East Asia does not hear: those before a consonant and at
// the end.
var withoutR = regexp.MustCompile(`r([bcdfgjklmnpqstvwxz]|$)`)

// silent are letters at the end of a French name.
var silent = regexp.MustCompile(`(on|an|au|eu|ou)[tdsx]$`)

var softG = regexp.MustCompile(`g([eiy])`)

// sameEnding keeps apart what a skeleton does not: in Russian and Ukrainian a
// vowel at the end is mostly a case ending, "Линда" is Lind's, and in Arabic an
// l in front is mostly the preposition.
func sameEnding(word, name string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case unicode.Is(unicode.Cyrillic, first):
		latin := lang.Romanized(word)
		end := latin[len(latin)-min(1, len(latin)):]
		return !slices.Contains([]string{"a", "e", "i", "o", "u", "y"}, end) || strings.HasSuffix(name, end) || end == "i" && strings.HasSuffix(name, "y")
	case first == 'ل':
		return !strings.HasPrefix(name, "r")
	}
	return true
}
