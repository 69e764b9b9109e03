package lang_test

import (
	"testing"

	"onrecord/statements/lang"
)

// TestFold: spellings that writers use for one another are one word, and words
// that differ in meaning stay apart.
func TestFold(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Harbor", "HARBOR", "harbor", "Ｈａｒｂｏｒ", "har\u00adbor"},
		{"dolar", "Dólar", "DÓLAR", "do\u0301lar", "ｄｏｌａｒ"},
		{"x", "𝕏", "Ｘ", "X"},
		{"елка", "Ёлка", "ёлка"},
		{"Łódź", "lodz", "łodz"},
		{"Straße", "STRASSE", "strasse"},
		{"açıkladı", "acikladi"},
		{"isn’t", "isn't", "Isnʼt"},
		{"علي", "على", "علی", "عَلِيّ"},
		{"שָׁלוֹם", "שלום"},
		{"हाँ", "हां"},
		{"ज़मीन", "जमीन"},
		{"노스윈드", "노스윈드"},
		{"ﾃｽﾄ", "テスト"},
	} {
		for _, w := range same[1:] {
			if a, b := lang.Fold(same[0]), lang.Fold(w); a != b {
				t.Errorf("%q is %q, and %q is %q", same[0], a, w, b)
			}
		}
	}
	for _, pair := range [][2]string{{"कि", "की"}, {"कम", "काम"}, {"か", "が"}, {"не", "на"}} {
		if lang.Fold(pair[0]) == lang.Fold(pair[1]) {
			t.Errorf("%q and %q are one", pair[0], pair[1])
		}
	}
}

func TestScriptOf(t *testing.T) {
	t.Parallel()
	for letters, want := range map[string]struct {
		script          lang.Script
		unspaced, glued bool
	}{
		"aßéＡﬁ": {lang.Latin, false, false},
		"я":     {lang.Cyrillic, false, false},
		"ש":     {lang.Hebrew, false, false},
		"عﻉ":    {lang.Arabic, false, false},
		"क":     {lang.Devanagari, false, false},
		"北々〇":   {lang.Han, true, true},
		"のノーﾉ":  {lang.Kana, true, true},
		"한ㄱ":    {lang.Hangul, false, true},
		"ทລမខ":  {lang.Indochinese, true, true},
		"α、「。":  {lang.OtherScript, false, false},
	} {
		for _, r := range letters {
			if s := lang.ScriptOf(r); s != want.script || s.Unspaced() != want.unspaced || s.Glued() != want.glued {
				t.Errorf("%q is of script %d", r, s)
			}
		}
	}
}
