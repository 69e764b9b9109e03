package markup

import (
	"bytes"
	"io"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// longestToken bounds what is held of a page at once.
const longestToken = 64 << 10

// Title is what a page of HTML is called: what it wants to be called where it is
// linked (og:title, https://ogp.me/#metadata), else its title. Only the head is read.
func Title(page []byte, contentType string) string {
	var text io.Reader = bytes.NewReader(page)
	if decoded, err := charset.NewReader(text, contentType); err == nil {
		text = decoded
	}
	z, title := xhtml.NewTokenizer(text), ""
	z.SetMaxBuf(longestToken)
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return title
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			switch t := z.Token(); t.DataAtom {
			case atom.Body:
				return title
			case atom.Meta:
				if shared := Line(content(t, "og:title")); shared != "" {
					return shared
				}
			case atom.Title:
				if z.Next() == xhtml.TextToken && title == "" {
					title = Line(string(z.Text()))
				}
			}
		}
	}
}

// content is what a meta element says of a property; "" when it is of another.
func content(meta xhtml.Token, property string) (value string) {
	is := false
	for _, a := range meta.Attr {
		switch a.Key {
		case "property", "name":
			is = is || a.Val == property
		case "content":
			value = a.Val
		}
	}
	if !is {
		return ""
	}
	return value
}
