package markup

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Guess reads what a place sends without saying whether it is HTML or plain
// text, or escaped once too often.
func Guess(source string, base *url.URL) Document {
	if hasTags(source) {
		return Read(source, base)
	}
	if once := unescape(source); once != source && strings.HasPrefix(strings.TrimSpace(once), "<") && strings.Contains(once, "</") && hasTags(once) {
		return Read(once, base)
	}
	return Document{Text: Plain(unescape(source))}
}

// Plain tidies plain text: its lines stay, its white space and what is no text
// are treated as in HTML.
func Plain(source string) string {
	var w writer
	for line := range strings.Lines(source) {
		w.write(line)
		w.breaks++
	}
	return w.text()
}

// Line reads a title, which places send as plain text, as HTML or escaped once
// too often, as one line. Tags that HTML knows are dropped; what only looks
// like one, as in "<not>", stays.
func Line(source string) string {
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return strings.Join(strings.Fields(strings.ToValidUTF8(b.String(), string(utf8.RuneError))), " ")
		case xhtml.TextToken:
			b.Write(z.Text())
		case xhtml.StartTagToken, xhtml.EndTagToken, xhtml.SelfClosingTagToken:
			raw := string(z.Raw())
			if name, _ := z.TagName(); atom.Lookup(name) == 0 {
				b.WriteString(raw)
			}
		}
	}
}

// hasTags reports whether there is a tag that HTML knows.
func hasTags(s string) bool {
	z := xhtml.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return false
		case xhtml.StartTagToken, xhtml.EndTagToken, xhtml.SelfClosingTagToken:
			if name, _ := z.TagName(); atom.Lookup(name) != 0 {
				return true
			}
		}
	}
}

// reference is a character reference with its semicolon. HTML reads some
// without one, which in plain text turns "this&notthat" into another word.
var reference = regexp.MustCompile(`&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});`)

func unescape(s string) string { return reference.ReplaceAllStringFunc(s, html.UnescapeString) }
