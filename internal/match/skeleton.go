package match

import (
	"slices"
	"strings"
	"unicode/utf8"

	"onrecord/internal/words"
)

// A name written in another script is recognised by its skeleton: its
// consonants in Latin letters, with those that scripts do not tell apart made
// equal. Only names of one word have one. Three consonants are weak evidence,
// since ordinary words share them.

// skeleton is a name's sound with the share of weight it deserves.
type skeleton struct {
	text  string
	share float64
}

const shortSkeleton = .4 // share of one with three consonants

// skeletons returns the skeletons of a name as it is configured: c is spoken
// as k or as s, and Arabic and Hebrew may leave out v and w.
func skeletons(name string) (out []skeleton) {
	for _, c := range []string{"k", "s"} {
		full := words.Skeleton(name, c)
		for _, text := range []string{full, strings.ReplaceAll(full, "f", "")} {
			seen := slices.ContainsFunc(out, func(s skeleton) bool { return s.text == text })
			switch n := len(text); {
			case n < 3 || seen:
			case n == 3:
				out = append(out, skeleton{text, shortSkeleton})
			default:
				out = append(out, skeleton{text, 1})
			}
		}
	}
	return out
}

func foreign(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return r >= utf8.RuneSelf && scriptOf(r) != latin
}

// readSounds looks for names by sound: words of other scripts, and Latin ones
// when a case has names in another script. Letters of scripts written without
// spaces are read together, and for Korean without the particle at the end.
func (m *Matcher) readSounds(s *scan) {
	for i := 0; i < len(s.tokens); i++ {
		t := &s.tokens[i]
		if t.script == latin && !m.foreign || t.link || t.script == han || t.script == other {
			continue
		}
		to := i + 1
		for t.script.glued() && to < len(s.tokens) && s.tokens[to].script == t.script && s.tokens[to].start == s.tokens[to-1].end {
			to++
		}
		if !m.sound(s, i, to) && t.script == hangul && to-i > 2 {
			m.sound(s, i, to-1)
		}
		i = to - 1
	}
}

// sound takes a name whose skeleton the tokens have, unless it is spelled as
// configured, which counts as the name itself.
func (m *Matcher) sound(s *scan, from, to int) bool {
	var word strings.Builder
	for _, t := range s.tokens[from:to] {
		word.WriteString(t.text)
	}
	text := words.Skeleton(word.String(), "k")
	if len(text) < 3 {
		return false
	}
	id, ok := m.nodes[0].next[soundMark+text]
	if ok {
		s.take(&m.nodes[id], from, to)
	}
	return ok
}
