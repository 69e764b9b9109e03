package feed

import (
	"net/url"
	"strings"
)

var channelID = lazily(`^/channel/(UC[A-Za-z0-9_-]{20,24})`)

// Known returns where the feed of a page is by the rules of the place it belongs to; ""
// when there is no rule for it.
//
//	YouTube    https://www.youtube.com/feeds/videos.xml?channel_id=
//	Medium     https://help.medium.com/hc/en-us/articles/214874118
//	Mastodon   https://docs.joinmastodon.org: a profile's address with .rss behind it
//	Substack, WordPress.com, Tumblr: /feed, /feed/, /rss
func Known(page *url.URL) string {
	host, path := strings.TrimPrefix(strings.ToLower(page.Hostname()), "www."), strings.TrimSuffix(page.Path, "/")
	at := func(path, query string) string {
		return (&url.URL{Scheme: page.Scheme, Host: page.Host, Path: path, RawQuery: query}).String()
	}
	profile := strings.HasPrefix(path, "/@") && strings.Count(path, "/") == 1
	switch {
	case host == "youtube.com":
		if m := channelID().FindStringSubmatch(path); m != nil {
			return at("/feeds/videos.xml", "channel_id="+m[1])
		}
	case host == "medium.com" && profile:
		return at("/feed"+path, "")
	case profile && !strings.HasSuffix(path, ".rss"):
		return at(path+".rss", "")
	case path == "" && strings.HasSuffix(host, ".substack.com"):
		return at("/feed", "")
	case path == "" && strings.HasSuffix(host, ".wordpress.com"):
		return at("/feed/", "")
	case path == "" && strings.HasSuffix(host, ".tumblr.com"):
		return at("/rss", "")
	}
	return ""
}

// Usual are the addresses at which sites keep a feed that their pages do not name.
func Usual(page *url.URL) (all []string) {
	for _, path := range []string{"/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rss", "/feed.json"} {
		all = append(all, (&url.URL{Scheme: page.Scheme, Host: page.Host, Path: path}).String())
	}
	return all
}
