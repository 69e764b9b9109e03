package feedtest

import (
	"encoding/json"
	"encoding/xml"
	"html"
	"slices"
	"strings"
	"time"
)

// body is the HTML of an item.
func (it Item) body() string {
	if it.HTML != "" {
		return it.HTML
	}
	return "<p>" + html.EscapeString(it.Text) + "</p>"
}

func element(b *strings.Builder, name, text string) {
	if text == "" {
		return
	}
	tag, _, _ := strings.Cut(name, " ")
	b.WriteString("<" + name + ">")
	_ = xml.EscapeText(b, []byte(text)) // a Builder takes everything
	b.WriteString("</" + tag + ">")
}

func attribute(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text))
	return `"` + b.String() + `"`
}

// newestFirst calls do for the items in the order feeds show them.
func newestFirst(items []Item, do func(Item)) {
	for _, it := range slices.Backward(items) {
		do(it)
	}
}

func writeRSS(path string, items []Item, twice bool) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>`)
	element(&b, "title", "Feed "+path)
	element(&b, "link", "https://site.example/")
	element(&b, "language", "en-us")
	newestFirst(items, func(it Item) {
		title, body := it.Title, it.body()
		if twice {
			title, body = html.EscapeString(title), html.EscapeString(body)
		}
		b.WriteString("<item>")
		element(&b, "title", title)
		element(&b, "link", it.Link)
		element(&b, `guid isPermaLink="false"`, it.ID)
		if !it.Undated {
			element(&b, "pubDate", it.Published.UTC().Format(time.RFC1123Z))
		}
		element(&b, "dc:creator", it.Author)
		if it.Enclosure != "" {
			b.WriteString("<enclosure type=\"application/pdf\" length=\"1\" url=" + attribute(it.Enclosure) + "/>")
		}
		if it.Summary {
			element(&b, "description", body)
		} else {
			element(&b, "content:encoded", body)
		}
		b.WriteString("</item>")
	})
	b.WriteString("</channel></rss>")
	return []byte(b.String())
}

func writeAtom(path string, items []Item) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">`)
	element(&b, "title", "Feed "+path)
	element(&b, "id", "tag:site.example,2026:"+path)
	newestFirst(items, func(it Item) {
		b.WriteString("<entry>")
		element(&b, "title", it.Title)
		element(&b, "id", it.ID)
		b.WriteString("<link href=" + attribute(it.Link) + "/>")
		if !it.Undated {
			element(&b, "published", it.Published.UTC().Format(time.RFC3339Nano))
			element(&b, "updated", it.Published.UTC().Format(time.RFC3339Nano))
		}
		if it.Author != "" {
			b.WriteString("<author>")
			element(&b, "name", it.Author)
			b.WriteString("</author>")
		}
		if it.Enclosure != "" {
			b.WriteString("<link rel=\"enclosure\" type=\"application/pdf\" href=" + attribute(it.Enclosure) + "/>")
		}
		if it.Summary {
			element(&b, `summary type="html"`, it.body())
		} else {
			element(&b, `content type="html"`, it.body())
		}
		b.WriteString("</entry>")
	})
	b.WriteString("</feed>")
	return []byte(b.String())
}

func writeJSON(path string, items []Item) []byte {
	type person struct {
		Name string `json:"name"`
	}
	type attachment struct {
		URL  string `json:"url"`
		Type string `json:"mime_type"`
	}
	type entry struct {
		ID        string       `json:"id,omitempty"`
		URL       string       `json:"url,omitempty"`
		Title     string       `json:"title,omitempty"`
		HTML      string       `json:"content_html,omitempty"`
		Text      string       `json:"content_text,omitempty"`
		Summary   string       `json:"summary,omitempty"`
		Published string       `json:"date_published,omitempty"`
		Authors   []person     `json:"authors,omitempty"`
		Attached  []attachment `json:"attachments,omitempty"`
	}
	document := struct {
		Version string  `json:"version"`
		Title   string  `json:"title"`
		Items   []entry `json:"items"`
	}{Version: "https://jsonfeed.org/version/1.1", Title: "Feed " + path, Items: []entry{}}
	newestFirst(items, func(it Item) {
		e := entry{ID: it.ID, URL: it.Link, Title: it.Title}
		switch {
		case it.Summary:
			e.Summary = it.Text
		case it.HTML != "":
			e.HTML = it.HTML
		default:
			e.Text = it.Text
		}
		if !it.Undated {
			e.Published = it.Published.UTC().Format(time.RFC3339Nano)
		}
		if it.Author != "" {
			e.Authors = []person{{it.Author}}
		}
		if it.Enclosure != "" {
			e.Attached = []attachment{{it.Enclosure, "application/pdf"}}
		}
		document.Items = append(document.Items, e)
	})
	b, _ := json.Marshal(document) // strings only: cannot fail
	return b
}

// latin1 is the document as an old site serves it: ISO 8859-1 without saying
// so. What does not fit becomes a question mark.
func latin1(document []byte) []byte {
	text := strings.Replace(string(document), ` encoding="UTF-8"`, "", 1)
	out := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			r = '?'
		}
		out = append(out, byte(r))
	}
	return out
}
