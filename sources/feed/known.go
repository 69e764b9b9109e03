package feed

import (
	"encoding/json"
	"net/url"
	"strings"

	"onrecord/sources/markup"
)

// What YouTube's feeds are of, as its addresses name it: a channel, a user of old, a list.
var (
	channelID  = lazily(`^/channel/(UC[A-Za-z0-9_-]{20,24})`)
	userName   = lazily(`^/user/([A-Za-z0-9_-]{1,60})`)
	playlistID = lazily(`^[A-Za-z0-9_-]{13,64}$`)
	podcastID  = lazily(`/id([0-9]{3,15})$`)
)

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
		if m := userName().FindStringSubmatch(path); m != nil {
			return at("/feeds/videos.xml", "user="+m[1])
		}
		if list := page.Query().Get("list"); path == "/playlist" && playlistID().MatchString(list) {
			return at("/feeds/videos.xml", "playlist_id="+list)
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

// Listed returns where a directory of podcasts tells the feed of a page of its own, as
// [ListedFeed] reads it; "" when the page is of none.
//
//	Apple Podcasts  https://performance-partners.apple.com/search-api
func Listed(page *url.URL) string {
	m := podcastID().FindStringSubmatch(strings.TrimSuffix(page.Path, "/"))
	if strings.ToLower(page.Hostname()) != "podcasts.apple.com" || m == nil {
		return ""
	}
	return "https://itunes.apple.com/lookup?entity=podcast&id=" + m[1]
}

// ListedFeed returns the address of the feed that such a directory answers with; "" when
// it knows none.
func ListedFeed(answer []byte) string {
	var found struct {
		Results []struct {
			FeedURL string `json:"feedUrl"`
		} `json:"results"`
	}
	if json.Unmarshal(answer, &found) != nil {
		return ""
	}
	for _, r := range found.Results {
		if to := markup.Resolve(nil, r.FeedURL); to != "" {
			return to
		}
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
