package markup_test

import (
	"strings"
	"testing"

	"onrecord/sources/markup"
)

func TestTitle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, page, contentType, want string }{
		{"title", "<!doctype html><html><head><title>\n Northwind &amp; Harbor:\n the answer </title></head><body><h1>Other</h1>", "text/html", "Northwind & Harbor: the answer"},
		{"for sharing", `<title>Home</title><meta property="og:title" content="The answer &quot;in full&quot;">`, "text/html", `The answer "in full"`},
		{"for sharing, under its other name", `<meta content="The answer" name="og:title"/><title>Home</title>`, "text/html", "The answer"},
		{"for sharing, empty", `<meta property="og:title" content=" "><title>Home</title>`, "text/html", "Home"},
		{"of a picture in the page", `<html><body><svg><title>Logo</title></svg>`, "text/html", ""},
		{"in the head alone", `<title>Home</title><body><meta property="og:title" content="Injected">`, "text/html", "Home"},
		{"the first of two", `<title>One</title><title>Two</title>`, "text/html", "One"},
		{"none", `<p>Words.</p>`, "text/html", ""},
		{"never ends", `<title>The answer`, "text/html", "The answer"},
		{"Latin-1 by its header", "<title>R\xe9ponse</title>", "text/html; charset=iso-8859-1", "Réponse"},
		{"Shift JIS by its own word", "<meta charset=shift_jis><title>\x93\x9a\x95\xd9</title>", "text/html", "答弁"},
		{"no text at all", "\x00\xff\xfe", "text/html", ""},
		{"nothing", "", "", ""},
	} {
		if got := markup.Title([]byte(c.page), c.contentType); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := markup.Title([]byte("<title>Home</title><meta content='"+strings.Repeat("x", 1<<20)), ""); got != "Home" {
		t.Errorf("before an endless tag: %q", got)
	}
}

func FuzzTitle(f *testing.F) {
	f.Add(`<meta property="og:title" content="a"><title>b</title>`, "text/html; charset=utf-16")
	f.Fuzz(func(t *testing.T, page, contentType string) {
		if got := markup.Title([]byte(page), contentType); strings.ContainsAny(got, "\n\r\t") {
			t.Errorf("%q is no line", got)
		}
	})
}
