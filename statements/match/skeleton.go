package match

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// A name written in another script is recognised by its skeleton: its
// consonants in Latin letters, with those that scripts do not tell apart made
// equal. Three consonants are weak evidence, since ordinary words share them;
// so is a name whose last r went unwritten. A name of several words is
// recognised when all of them have six consonants or more.

// skeleton is a name's sound with the share of weight it deserves.
type skeleton struct {
	words []string // edges of the trie
	share float64
}

const (
	weakSkeleton = .4 // share of one with three consonants
	longSkeleton = 4  // consonants from which it is not weak
	manyWords    = 6  // consonants that several words must have together
)

// skeletons returns the skeletons of a name as it is configured.
func skeletons(name []string) (out []skeleton) {
	if len(name) > 1 {
		return sequence(name)
	}
	add := func(mark, text string, most float64) {
		seen := slices.ContainsFunc(out, func(s skeleton) bool { return s.words[0] == mark+text })
		switch n := len(text); {
		case n < 3 || seen:
		case n < longSkeleton:
			out = append(out, skeleton{[]string{mark + text}, min(most, weakSkeleton)})
		default:
			out = append(out, skeleton{[]string{mark + text}, most})
		}
	}
	word := name[0]
	for _, full := range readings(word) {
		add(soundMark, full, 1)
	}
	for _, spoken := range eastern(word) {
		for _, full := range readings(spoken) {
			add(eastMark, full, 1)
		}
	}
	if cut, ok := strings.CutSuffix(word, "r"); ok {
		for _, full := range readings(cut) {
			add(soundMark, full, weakSkeleton)
		}
	}
	return out
}

// sequence is the skeleton of a name of several words.
func sequence(name []string) []skeleton {
	s, n := skeleton{share: 1}, 0
	for _, w := range name {
		text := lang.Skeleton(w, "k")
		if text == "" {
			return nil
		}
		n += len(text)
		s.words = append(s.words, soundMark+text)
	}
	if n < manyWords {
		return nil
	}
	return []skeleton{s}
}

// readings are the skeletons of a word: c is spoken as k or as s, and v and w
// may be left out.
func readings(word string) (out []string) {
	for _, c := range []string{"k", "s"} {
		full := lang.Skeleton(word, c)
		for _, text := range []string{full, strings.ReplaceAll(full, "f", "")} {
			if !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return out
}

// eastern returns how a Latin name is spoken where it is written in kana,
// Hangul or Han: th is s, v and f are near b or stay, and an r before a
// consonant or at the end is heard or not.
func eastern(name string) []string {
	name = strings.ReplaceAll(name, "th", "s")
	out := silentR(name)
	if b := strings.NewReplacer("v", "b", "f", "b").Replace(name); b != name {
		out = append(out, silentR(b)...)
	}
	return out
}

func silentR(name string) []string {
	out := []string{""}
	for i, r := range name {
		silent := r == 'r' && (i+1 == len(name) || !strings.ContainsRune("aeiouy", rune(name[i+1])))
		n := len(out)
		for j := range n {
			if silent && len(out) < 8 {
				out = append(out, out[j])
			}
			out[j] += string(r)
		}
	}
	return out
}

func foreign(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return r >= utf8.RuneSelf && lang.ScriptOf(r) != lang.Latin
}

// readSounds looks for names by sound: words of other scripts, and Latin ones
// when a case has names in another script.
func (m *Matcher) readSounds(s *scan) {
	for i := 0; i < len(s.tokens); i++ {
		t := &s.tokens[i]
		switch {
		case t.Script == lang.Latin && !m.foreign || t.Link || t.Script == lang.OtherScript || t.Whole:
		case t.Script.Glued():
			to := s.runEnd(i)
			m.soundRun(s, i, to)
			i = to - 1
		default:
			m.sound(s, i)
		}
	}
}

// sound takes the names whose skeleton the words from a token on have.
func (m *Matcher) sound(s *scan, from int) {
	at := int32(0)
	for j := from; j < len(s.tokens) && !s.tokens[j].Script.Glued(); j++ {
		text := s.tokens[j].Text
		next, ok := m.nodes[at].next(soundMark + lang.Skeleton(text, "k"))
		if !ok && s.tokens[j].Script == lang.Cyrillic { // г stands for h, too; and endings are heard
			text = strings.ReplaceAll(s.tokens[j].Stem, "г", "")
			next, ok = m.nodes[at].next(soundMark + lang.Skeleton(text, "k"))
		}
		if !ok {
			return
		}
		at = next
		if m.nodes[at].ends != nil {
			s.take(&m.nodes[at], from, j+1)
		}
	}
}

// runEnd returns the end of a run of letters of one script, Hiragana apart
// from Katakana.
func (s *scan) runEnd(i int) int {
	kind := func(t *lang.Token) int {
		if t.Script == lang.Kana && t.Text < "゠" {
			return -1
		}
		return int(t.Script)
	}
	to := i + 1
	for to < len(s.tokens) && kind(&s.tokens[to]) == kind(&s.tokens[i]) && s.tokens[to].Start == s.tokens[to-1].End {
		to++
	}
	return to
}

// soundRun looks for a name in a run of letters: at its beginning, before
// particles and other words, or in Han anywhere. Short skeletons must fill the
// run, but for one particle.
func (m *Matcher) soundRun(s *scan, from, to int) {
	inHan := s.tokens[from].Script == lang.Han
	last, letters := from, nameLetters
	if inHan {
		last, letters = to-2, hanLetters
	}
	mark := eastMark[0]
	if s.tokens[from].Script == lang.Indochinese {
		mark = soundMark[0]
	}
	var buf [32]byte
	for i := from; i <= last; i++ {
		text, name, end := append(buf[:0], mark), int32(0), 0
		for j := i; j < min(to, i+letters); j++ {
			text = appendSounds(text, s.tokens[j].Text)
			n := len(text) - 1
			filled := !inHan && j+1 >= to-1
			if j == i || n < 3 || n < longSkeleton && !filled {
				continue
			}
			if id, ok := m.nodes[0].next(string(text)); ok {
				name, end = id, j+1 // the longest
			}
		}
		if end > 0 {
			s.take(&m.nodes[name], i, end)
			i = end - 1
		}
	}
}

// appendSounds goes on with a skeleton by one letter.
func appendSounds(text []byte, letter string) []byte {
	r, _ := utf8.DecodeRuneInString(letter)
	for _, c := range []byte(letterSounds()[r]) {
		if c != text[len(text)-1] {
			text = append(text, c)
		}
	}
	return text
}

// letterSounds are the skeletons of the letters of kana, Hangul, Han and Thai.
var letterSounds = sync.OnceValue(func() map[rune]string {
	sounds := map[rune]string{}
	for _, span := range [][2]rune{{0x0E00, 0x0E7F}, {0x3040, 0x30FF}, {0x4E00, 0x9FFF}, {0xAC00, 0xD7A3}} {
		for r := span[0]; r <= span[1]; r++ {
			spelled := lang.Romanized(string(r))
			if lang.ScriptOf(r) == lang.Han { // x, q and c of pinyin are all near s
				spelled = strings.NewReplacer("x", "s", "q", "s", "c", "s").Replace(spelled)
			}
			if text := lang.Skeleton(spelled, "k"); text != "" {
				sounds[r] = text
			}
		}
	}
	return sounds
})

// How many letters a name has at most in kana or Hangul, and in Han.
const nameLetters, hanLetters = 12, 6
