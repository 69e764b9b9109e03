package lang_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onrecord/statements/lang"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want []string
	}{
		{"Northwind’s 5% isn't 5", []string{"northwind", "s", "5%", "isn", "t", "5"}},
		{"see #HarborTrial2025 @ivo_lind!", []string{"see", "harbor", "trial", "2025", "harbortrial2025", "ivo_lind"}},
		{"#lower @ # mail@host", []string{"lower", "mail", "host"}},
		{"https://harbor.example/our-answer?id=1 next", []string{"https", "harbor", "example", "our", "answer", "next"}},
		{"#裁判 #ÉtéAuTribunal", []string{"裁", "判", "裁判", "ete", "au", "tribunal", "eteautribunal"}},
		{"裁判所はNorthwindに", []string{"裁", "判", "所", "は", "northwind", "に"}},
		{"\xffbroken\xfe", []string{"broken"}},
	}
	for _, tc := range tests {
		var got []string
		for _, tok := range lang.Tokens(tc.text) {
			got = append(got, tok.Text)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%q: %s", tc.text, diff)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	words := lang.Words("Reyes’s co-founder isn’t, she said, in the Labs’ U.S. office")
	var got []string
	for _, w := range words {
		text := w.Text
		if w.Possessive {
			text += " (owner)"
		}
		got = append(got, text)
	}
	want := []string{"reyes (owner)", "co-founder", "isn't", "she", "said", "in", "the", "labs (owner)", "u.s", "office"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if a, b := words[2].Segment, words[3].Segment; a != 0 || b != 1 || !words[0].Capital || words[1].Capital {
		t.Errorf("%+v", words)
	}
}
