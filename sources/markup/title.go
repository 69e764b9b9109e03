package markup

import (
	"bytes"
	"io"
	"strings"
	"time"

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
		case "property", "name", "itemprop":
			is = is || strings.EqualFold(a.Val, property)
		case "content":
			value = a.Val
		}
	}
	if !is {
		return ""
	}
	return value
}

// Published is when a page says that it was published; zero when it does not say so in a
// form made for programs: a meta element, schema.org's datePublished, or its first <time>.
// https://ogp.me/#type_article, https://schema.org/datePublished
func Published(page []byte) (at time.Time) {
	z := xhtml.NewTokenizer(bytes.NewReader(page))
	z.SetMaxBuf(longestToken)
	for {
		switch kind := z.Next(); kind {
		case xhtml.ErrorToken:
			if m := datePublished().FindSubmatch(page); m != nil && at.IsZero() {
				at, _ = readDate(string(m[1]))
			}
			return at
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			t := z.Token()
			switch {
			case t.DataAtom == atom.Meta:
				for _, name := range []string{"article:published_time", "datePublished", "date", "dc.date", "DC.date.issued"} {
					if on, ok := readDate(content(t, name)); ok {
						return on
					}
				}
			case t.DataAtom == atom.Time && at.IsZero():
				at, _ = readDate(attributeOf(t, "datetime"))
			}
		}
	}
}

var datePublished = lazily(`"datePublished"\s*:\s*"([^"]{8,40})"`)

// readDate reads a date as programs write it.
func readDate(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil && at.Year() > 1994 {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

func attributeOf(t xhtml.Token, name string) string { return attribute(tag{Token: t}, name) }
