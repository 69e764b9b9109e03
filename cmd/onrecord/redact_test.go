package main

import "testing"

func TestRedactor(t *testing.T) {
	t.Parallel()
	redact := redactor([]string{"hush-hush", "hush-hush-hush", "p+ss/w rd", "abc", ""})
	for text, want := range map[string]string{
		"nothing to hide":                     "nothing to hide",
		"token hush-hush is refused":          "token [secret] is refused",
		"token hush-hush-hush is refused":     "token [secret] is refused",
		"for p%2Bss%2Fw+rd and p+ss/w rd":     "for [secret] and [secret]",
		"abc is too short to be told from it": "abc is too short to be told from it",
		"the token hush-hu… is refused":       "the token [secret]… is refused",
		"a long text… was cut":                "a long text… was cut",
	} {
		if got := redact(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got := redactor(nil)("plain"); got != "plain" {
		t.Errorf("got %q", got)
	}
}
