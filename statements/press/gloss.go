package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/statements/lang"
)

// matchGlosses adds the spellings that an article in another script puts before a name as
// it is configured: "村田健二（Kenji Murata）".
func (c cast) matchGlosses(text string) {
	for i := range c {
		f := &c[i]
		for _, n := range append([]string{f.Name}, f.Aliases...) {
			for from := 0; n != "" && len(f.glued)+len(f.names) < mostSpellings; {
				at := strings.Index(text[from:], n)
				if at < 0 {
					break
				}
				at += from
				from = at + len(n)
				if before, _ := utf8.DecodeLastRuneInString(text[:at]); before == '(' || before == '（' {
					f.addGloss(strings.TrimRightFunc(text[:at-utf8.RuneLen(before)], unicode.IsSpace))
				}
			}
		}
	}
}

// mostSpellings bounds what a text can make of a name.
const mostSpellings = 48

// addGloss adds the name that a text ends in.
func (f *figure) addGloss(text string) {
	const far = 200 // bytes
	text = strings.ToValidUTF8(text[max(0, len(text)-far):], "")
	run := text[strings.LastIndexFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !dots.MatchString(string(r)) && r != 'ー'
	})+1:]
	if run = strings.TrimLeftFunc(run, func(r rune) bool { return r == utf8.RuneError || unicode.IsPunct(r) }); run == "" {
		return
	}
	if !strings.ContainsFunc(run, glues) {
		f.addSpelledWords(text)
		return
	}
	if language(run) == "ko" {
		if words, n := strings.Fields(text), len(lang.FoldedWords(f.Name)); n > 1 && len(words) >= n {
			f.glued = append(f.glued, strings.Join(words[len(words)-n:], " "))
			if f.group {
				return
			}
		}
	}
	if last := lastRune(run); unicode.Is(unicode.Katakana, last) || last == 'ー' {
		run = run[strings.LastIndexFunc(run, func(r rune) bool {
			return !unicode.Is(unicode.Katakana, r) && r != 'ー' && !dots.MatchString(string(r))
		})+1:]
		run = strings.TrimLeftFunc(run, func(r rune) bool { return r == utf8.RuneError })
	}
	if words := lang.Of(language(run)); language(run) != "ko" {
		for cut := true; cut; {
			cut = false
			for _, title := range slices.Concat(words["honorific"], words["head"], words["founder"], words["artist"], words["firm"], words["spokes"], []string{"律师", "律師", "弁護士"}) {
				if i := strings.LastIndex(run, title); i >= 0 && i+len(title) < len(run) {
					run, cut = run[i+len(title):], true
				}
			}
		}
	}
	const fewest, most = 2, 12 // letters
	if n := utf8.RuneCountInString(run); n < fewest || n > most || language(run) == "zh" && n > 6 && !dots.MatchString(run) {
		return
	}
	f.glued = append(f.glued, run)
	if pieces := dots.Split(run, -1); len(pieces) > 1 && !f.group {
		if last := pieces[len(pieces)-1]; utf8.RuneCountInString(last) >= fewest {
			f.glued = append(f.glued, last)
		}
	}
}

// addSpelledWords adds as many words as the name has.
func (f *figure) addSpelledWords(text string) {
	const far = 120 // bytes
	ts := lang.Words(strings.ToValidUTF8(text[max(0, len(text)-far):], ""))
	n := len(lang.FoldedWords(f.Name))
	if len(ts) < n || n == 0 || ts[len(ts)-n].Segment != ts[len(ts)-1].Segment || lang.ASCII(ts[len(ts)-1].Text) {
		return
	}
	var spelled []string
	for _, t := range ts[len(ts)-n:] {
		spelled = append(spelled, t.Text)
	}
	f.names = append(f.names, spelled)
	if n > 1 && !f.group {
		f.names = append(f.names, spelled[n-1:])
	}
}
