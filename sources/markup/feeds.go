package markup

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// feedTypes are the media types by which a page names its feeds.
var feedTypes = []string{"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}

// Feeds returns the addresses of the feeds that a page names as another form of
// itself, in its order. A feed of comments comes last.
// https://www.rssboard.org/rss-autodiscovery
func Feeds(page string, base *url.URL) (addresses []string) {
	var comments []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return append(addresses, comments...)
		case html.StartTagToken, html.SelfClosingTagToken:
			t := token(z)
			if t.DataAtom != atom.Link && t.DataAtom != atom.A || !slices.Contains(strings.Fields(strings.ToLower(attribute(t, "rel"))), "alternate") {
				continue
			}
			kind, _, _ := strings.Cut(strings.ToLower(attribute(t, "type")), ";")
			address := Resolve(base, attribute(t, "href"))
			switch {
			case address == "" || !slices.Contains(feedTypes, strings.TrimSpace(kind)) || slices.Contains(addresses, address):
			case strings.Contains(strings.ToLower(address), "comments"):
				comments = append(comments, address)
			default:
				addresses = append(addresses, address)
			}
		}
	}
}
