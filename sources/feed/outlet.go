package feed

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"
	"golang.org/x/net/idna"

	"onrecord/sources/article"
	"onrecord/sources/markup"
)

// aggregators are sites whose feeds list what others publish: an item's outlet is
// where it leads. Any other feed is its own outlet, whatever its items lead to.
var aggregators = []string{
	"google.com", "bing.com", "yahoo.com", "msn.com", "duckduckgo.com", "yandex.ru", "yandex.com", "baidu.com", "naver.com", "flipboard.com",
	"feedburner.com", "feedblitz.com", "rss.app", "rsshub.app", "fetchrss.com", "politepol.com", "politepaul.com", "morss.it", "feedspot.com",
	"feedly.com", "inoreader.com", "newsblur.com", "theoldreader.com", "feedbin.com", "talkwalker.com", "reddit.com", "hnrss.org", "ycombinator.com",
}

func isAggregator(host string) bool { return slices.Contains(aggregators, article.Site(host)) }

// outlet is who published an item of a newspaper's feed, as people know it: by
// its host. A link alone proves nothing, so it counts where the feed is of the
// same site, or one that lists others'.
func (d document) outlet(i int, address string) string {
	from, _ := url.Parse(address)
	home, named := "", ""
	if from != nil {
		home = host(from)
	}
	if u, err := url.Parse(d.resolve(d.feed.Link)); err == nil {
		named = host(u)
	}
	if hidden := !public(home); hidden && named != "" {
		home = named // a reader of the operator's own, that passes the feed on
	}
	link, wrapped := "", false
	if u, err := url.Parse(d.link(i)); err == nil {
		link = host(u)
		wrapped = d.wrapped(i)
	}
	switch {
	case isAggregator(home):
		for _, h := range []string{d.credited(i), link, named} {
			if h != "" && !isAggregator(h) {
				return h
			}
		}
	case link != "" && (article.Site(link) == article.Site(home) || wrapped && !public(home)):
		return link
	}
	return home
}

// credited is the host of the feed that an item says it was taken from.
func (d document) credited(i int) string {
	address := ""
	switch f := d.feed.OriginalFeed().(type) {
	case *rss.Feed:
		if s := f.Items[i].Source; s != nil {
			address = s.URL
		}
	case *atom.Feed:
		if s := f.Entries[i].Source; s != nil {
			for _, l := range s.Links {
				address = l.Href
			}
		}
	}
	u, err := url.Parse(markup.Unwrap(d.resolve(address)))
	if address == "" || err != nil {
		return ""
	}
	return host(u)
}

// host is how people know a site. One whose letters are of several scripts may be
// made to look like another, and is shown in ASCII.
func host(u *url.URL) string {
	h := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if !oneScript(h) {
		if plain, err := idna.ToASCII(h); err == nil {
			return plain
		}
	}
	return h
}

func oneScript(text string) bool {
	var script *unicode.RangeTable
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
		case script == nil:
			for _, table := range unicode.Scripts {
				if unicode.Is(table, r) {
					script = table
				}
			}
		case !unicode.Is(script, r):
			return false
		}
	}
	return true
}

// public reports whether a host has a name that all can know it by.
func public(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && strings.Contains(host, ".") && !slices.ContainsFunc([]string{".local", ".lan", ".internal", ".home", ".localdomain", ".home.arpa"}, func(end string) bool { return strings.HasSuffix(host, end) })
}
