package card_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"onrecord/statements/card"
)

const england = "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F"

func TestClean(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"controls":            {"a\x00b\x1b[31mc\u009bd", "ab[31mcd"},
		"tab":                 {"a\tb\vc", "a b c"},
		"line ends":           {"a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"},
		"empty lines":         {"a \n  \n\n\nb\n", "a\n\nb"},
		"direction":           {"\u202egnitset\u202c \u2066x\u2069 \u200f\u061c", "gnitset x"},
		"unseen":              {"a\u200bb\u2060c\ufeffd\u00ade\u115f\u3164f", "abcdef"},
		"hidden letters":      {"a\U000E0041\U000E0042b", "ab"},
		"flag":                {"x" + england + "y", "x" + england + "y"},
		"flag left open":      {"\U0001F3F4\U000E0067\U000E0062", "\U0001F3F4"},
		"family":              {"👨‍👩‍👧 ☂️", "👨‍👩‍👧 ☂️"},
		"persian joiner":      {"می\u200cخواهم", "می\u200cخواهم"},
		"tower of marks":      {"a" + strings.Repeat("\u0301", 60) + "b", norm.NFC.String("a\u0301\u0301\u0301\u0301") + "b"},
		"marks and hidden":    {"a\u0301\u200b\u0301\u200b\u0301\u200b\u0301\u200b\u0301\u200b\u0301", norm.NFC.String("a\u0301\u0301\u0301\u0301")},
		"composed":            {"e\u0301", "é"},
		"invalid":             {"a\xffb\xed\xa0\x80c", "abc"},
		"greek that is ASCII": {"\u1fef\u037e", "`;"},
	} {
		if got := card.Clean(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": false, " \n": false, "\u2800": false, "\u0301": false, "a": true, "👍": true, "\u00a0": false} { //nolint:gocritic // white space is what is tested
		if card.Visible(text) != want {
			t.Errorf("%q: visible %v", text, !want)
		}
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		max  int
		want string
	}{
		{"a\n b\t\tc", 10, "a b c"},
		{"abcdef", 6, "abcdef"},
		{"abcdefg", 6, "abcde…"},
		{"👍👍👍", 6, "👍👍👍"},
		{"👍👍👍👍", 6, "👍👍…"},
		{"x👨‍👩‍👧y", 7, "x…"}, // the family is one character of eight units
		{"one two three", 8, "one two…"},
	} {
		if got := card.Line(c.in, c.max); got != c.want || card.Units(got) > c.max {
			t.Errorf("%q in %d: %q, want %q", c.in, c.max, got, c.want)
		}
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://social.example/@northwind/1142":      "https://social.example/@northwind/1142",
		" https://a.example/x y":                      "https://a.example/x%20y",
		"https://en.example/wiki/Foo_(bar)?q=(a)#f":   "https://en.example/wiki/Foo_%28bar%29?q=%28a%29#f",
		"https://a.example/%2Fx?y=%29":                "https://a.example/%2Fx?y=%29",
		"https://user:pw@a.example/":                  "https://a.example/",
		"https://bücher.example:8443/ü?ü":             "https://xn--bcher-kva.example:8443/%C3%BC?%C3%BC",
		"https://a.example/>)](https://evil.example)": "https://a.example/%3E%29%5D%28https://evil.example%29",
		"http://127.0.0.1:80/x":                       "http://127.0.0.1:80/x",
		"javascript:alert(1)":                         "",
		"https:a.example":                             "",
		"https:///x":                                  "",
		"https://a b/":                                "",
		"https://[::1]/":                              "",
		"https://*.example/":                          "",
		"https://a.example:port/":                     "",
		"https://a.example:99999/":                    "",
		"https://a.example:0/":                        "",
		"http://localhost/x":                          "",
		"http://x.LOCALHOST:8080/":                    "",
		"http://intranet/":                            "",
		"//a.example":                                 "",
		"":                                            "",
	} {
		if got := card.Link(in, 100); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := card.Link("https://a.example/"+strings.Repeat("é", 20), 100); got != "" {
		t.Errorf("a link longer than allowed: %q", got)
	}
	for in, want := range map[string]string{"https://WWW.A.example:80/x": "a.example", "mailto:x@a.example": "", "https://bücher.example": "xn--bcher-kva.example"} {
		if got := card.Host(in); got != want {
			t.Errorf("host of %q: %q, want %q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a\r\n\r\n\r\nb", "\u0301", england, "e\u0301\u0301\u0301\u0301\u0301\u0301", "\xff", "\u1fef\u1fef\u1fef"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean := card.Clean(s)
		if !utf8.ValidString(clean) || strings.ContainsAny(clean, "\x00\x1b\r\u200b\u202e") || strings.Contains(clean, "\n\n\n") || strings.TrimSpace(clean) != clean {
			t.Errorf("%q is not clean: %q", s, clean)
		}
		for _, max := range []int{1, 7, 80} {
			if line := card.Line(s, max); card.Units(line) > max || strings.Contains(line, "\n") || !utf8.ValidString(line) {
				t.Errorf("%q in %d: %q", s, max, line)
			}
		}
	})
}

func FuzzLink(f *testing.F) {
	for _, s := range []string{"https://a.example/x", "https://a.example/)](x", "http://ü/", "https://a:1@b:2/?[#]", "https://a.example/%zz", "https://a.example?\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := card.Link(s, 2048)
		if got == "" {
			return
		}
		if len(got) > 2048 || strings.ContainsAny(got, " <>()[]\"\\`{|}^\n") || !strings.HasPrefix(got, "http") {
			t.Errorf("%q became %q", s, got)
		}
		if again := card.Link(got, 2048); again != got {
			t.Errorf("%q became %q and then %q", s, got, again)
		}
		if card.Host(got) == "" {
			t.Errorf("%q leads nowhere", got)
		}
	})
}
