package card

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"onrecord"
)

// Citation is how to cite a statement: as a sentence, as American courts do, and as
// reference managers read it.
type Citation struct {
	Plain    string
	Bluebook string // rule 18.2, with a copy at the Internet Archive in brackets
	CSL      string // CSL-JSON
}

// Lengths of what a citation names by its words, in UTF-16 units.
const citedLength = 80

// CitationOf cites the first post of a statement. Its texts are clean, and in nobody's
// markup: they are to be copied.
func CitationOf(s onrecord.Statement) Citation {
	p, who, via := s.First(), speaker(s), Line(s.Via, nameLength)
	url, place := Link(p.URL, MaxLink), cmp.Or(Host(p.URL), Line(p.Account, nameLength))
	if handle := strings.TrimLeft(Line(p.Author.Handle, nameLength), "@"); handle != "" && via == "" {
		who += " (@" + handle + ")"
	}
	said, title := "“"+Line(s.Words(), citedLength)+"”", Line(p.Title, citedLength)
	if p.Redacted != "" {
		said = ""
	}
	source := place
	if title != "" {
		source = "“" + title + ",” " + place
	}
	if via != "" {
		who += ", as quoted by " + via
	}
	date, hour, american := "no date", "", "no date"
	if p.Dated {
		at := p.Created.UTC()
		date, hour, american = at.Format("2 Jan. 2006"), at.Format("15:04 UTC"), at.Format("Jan. 2, 2006, 3:04 PM UTC")
	}
	address, found := "", "" // in brackets, and with a copy
	if url != "" {
		address = "<" + url + ">"
		found = ", " + url + " [https://web.archive.org/web/" + s.Seen.UTC().Format("20060102150405") + "/" + url + "]"
	}
	c := Citation{
		Plain:    joined(", ", who, said, source, date, hour, s.Number(), address) + ".",
		Bluebook: joined(", ", who, source) + " (" + american + ")" + found + ".",
	}
	c.CSL = csl(s, cmp.Or(via, speaker(s)), cmp.Or(title, strings.Trim(said, "“”")), place, url, via)
	return c
}

func joined(sep string, parts ...string) string {
	var list []string
	for _, p := range parts {
		if p != "" {
			list = append(list, p)
		}
	}
	return strings.Join(list, sep)
}

// csl is the citation in the form that reference managers exchange.
// https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types
func csl(s onrecord.Statement, author, title, place, url, via string) string {
	type name struct {
		Literal string `json:"literal"`
	}
	type day struct {
		Parts [][]int `json:"date-parts"`
	}
	on := func(t time.Time) *day {
		t = t.UTC()
		return &day{[][]int{{t.Year(), int(t.Month()), t.Day()}}}
	}
	item := struct {
		ID        string `json:"id"`
		Type      string `json:"type"`
		Author    []name `json:"author"`
		Title     string `json:"title,omitempty"`
		Container string `json:"container-title"`
		Issued    *day   `json:"issued,omitempty"`
		Accessed  *day   `json:"accessed"`
		URL       string `json:"URL,omitempty"`
		Note      string `json:"note"`
	}{
		ID: s.Number(), Type: "post", Author: []name{{author}}, Title: title, Container: place, Accessed: on(s.Seen), URL: url,
		Note: s.Number() + "; sha256 " + s.First().Hash(),
	}
	if s.First().Kind == onrecord.Article {
		item.Type = "webpage"
	}
	if via != "" {
		item.Type, item.Note = "article-newspaper", "quotes "+speaker(s)+"; "+item.Note
	}
	if s.First().Dated {
		item.Issued = on(s.First().Created)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode([]any{item}) // strings and numbers: cannot fail
	return strings.TrimSpace(b.String())
}
