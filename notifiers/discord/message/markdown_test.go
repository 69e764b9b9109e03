package message_test

import (
	"strings"
	"testing"

	"onrecord/notifiers/discord/message"
	"onrecord/statements/card"
)

func TestMarkdown(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a.b 1. x":           "a.b 1. x",
		"1. x\n 23. y\n4":    "1\\. x\n 23\\. y\n4",
		"# a\n> b\n- c":      "\\# a\n\\> b\n\\- c",
		`¯\_(ツ)_/¯`:          `¯\\\_\(ツ\)\_/¯`,
		"@everyone <@1> :x:": `\@everyone \<\@1\> \:x\:`,
		"https://a.example":  `https\://a.example`,
	} {
		if got := message.Markdown(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{`a\b`: `a\b`, `a\`: `a\`, `\\\*`: `\*`, "\\@\u200bx": "@x", `\é\1`: `\é\1`} {
		if got := message.Unescape(in); got != want {
			t.Errorf("unescaped %q: %q, want %q", in, got, want)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{"", "1.", "\n1\n2.", `\`, `\\*`, "a\r\n\r\n\r\nb", "\u0301", "e\u0301\u0301\u0301\u0301\u0301\u0301", "[a](b)", "\xff", "\u1fef\u1fef\u1fef"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean := card.Clean(s)
		escaped := message.Markdown(clean)
		if got := message.Unescape(escaped); got != clean {
			t.Errorf("%q is shown as %q", clean, got)
		}
		for i, r := range escaped {
			if strings.ContainsRune("*_~`|<>#[]@:", r) && backslashes(escaped[:i])%2 == 0 {
				t.Errorf("%q stands alone in %q", r, escaped)
			}
		}
	})
}

func backslashes(s string) int { return len(s) - len(strings.TrimRight(s, `\`)) }
