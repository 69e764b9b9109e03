package markup

import (
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Anchor is a link of a page with the text that it shows.
type Anchor struct {
	URL  string
	Text string    // in one line
	Date time.Time // that a <time> in or beside it names; zero: none does
}

const (
	mostAnchors   = 2000
	longestAnchor = 1 << 10 // of its text, in bytes
)

// ways are elements that lead through a site.
var ways = set(atom.Nav, atom.Footer)

// cards are what pages make lists of.
var cards = set(atom.Li, atom.Article, atom.Tr)

// Anchors returns the links of a page in its order, but for those of its ways through the
// site. A date belongs to the link it shares an entry of a list with.
func Anchors(page []byte, contentType string, base *url.URL) (all []Anchor) {
	z := html.NewTokenizer(strings.NewReader(decoded(page, contentType)))
	inside, silent, away := false, 0, 0
	var text strings.Builder
	card, from, dated := 0, 0, time.Time{} // in an entry: its first link, its date
	end := func() {
		if inside {
			inside = false
			all[len(all)-1].Text = Line(text.String())
		}
	}
	entryEnd := func() {
		end()
		for i := from; card > 0 && i < len(all); i++ {
			all[i].Date = dated
		}
		from, dated = len(all), time.Time{}
	}
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			entryEnd()
			return all
		case html.TextToken:
			if inside && silent == 0 && text.Len() < longestAnchor {
				text.WriteString(html.EscapeString(string(z.Text())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			switch t := token(z); {
			case unseen[t.DataAtom] && kind == html.StartTagToken:
				silent++
			case ways[t.DataAtom] && kind == html.StartTagToken:
				away++
			case t.DataAtom == atom.A && away == 0:
				end()
				if address := Resolve(base, attribute(t, "href")); address != "" && len(all) < mostAnchors {
					all = append(all, Anchor{URL: address})
					inside = true
					text.Reset()
				}
			case cards[t.DataAtom]:
				entryEnd()
				card = 1
			case t.DataAtom == atom.Time:
				if at, ok := readDate(attribute(t, "datetime")); ok && dated.IsZero() {
					dated = at
				}
			case inside && (blocks[t.DataAtom] || paragraphs[t.DataAtom] || t.DataAtom == atom.Br):
				text.WriteByte(' ')
			}
		case html.EndTagToken:
			switch t := token(z); {
			case unseen[t.DataAtom]:
				silent = max(silent-1, 0)
			case ways[t.DataAtom]:
				away = max(away-1, 0)
			case t.DataAtom == atom.A:
				end()
			case cards[t.DataAtom]:
				entryEnd()
				card = 0
			}
		}
	}
}
