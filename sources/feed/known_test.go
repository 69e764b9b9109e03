package feed

import (
	"net/url"
	"testing"
)

func TestKnown(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		"https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos": "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
		"https://www.youtube.com/@harborlabs":                             "",
		"https://www.youtube.com/user/harborlabs/videos":                  "https://www.youtube.com/feeds/videos.xml?user=harborlabs",
		"https://www.youtube.com/playlist?list=PLabcdefghijklmnop":        "https://www.youtube.com/feeds/videos.xml?playlist_id=PLabcdefghijklmnop",
		"https://www.youtube.com/playlist?list=x%26y":                     "",
		"https://medium.com/@harborlabs":                                  "https://medium.com/feed/@harborlabs",
		"https://social.example/@harborlabs/":                             "https://social.example/@harborlabs.rss",
		"https://social.example/@harborlabs/109501":                       "",
		"https://social.example/@harborlabs.rss":                          "",
		"https://harbor.substack.com/":                                    "https://harbor.substack.com/feed",
		"https://harbor.wordpress.com":                                    "https://harbor.wordpress.com/feed/",
		"https://harbor.tumblr.com":                                       "https://harbor.tumblr.com/rss",
		"https://harbor.example/news?page=2":                              "",
	} {
		u, err := url.Parse(page)
		if err != nil {
			t.Fatal(err)
		}
		if got := Known(u); got != want {
			t.Errorf("%s: %q, want %q", page, got, want)
		}
	}
}

// The directory that most podcasts are found in names the feed of each.
func TestListed(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		"https://podcasts.apple.com/us/podcast/harbor-talks/id1234567890":      "https://itunes.apple.com/lookup?entity=podcast&id=1234567890",
		"https://podcasts.apple.com/us/podcast/harbor-talks/id1234567890?i=10": "https://itunes.apple.com/lookup?entity=podcast&id=1234567890",
		"https://podcasts.apple.com/us/browse":                                 "",
		"https://podcasts.example/us/podcast/harbor-talks/id1234567890":        "",
	} {
		u, err := url.Parse(page)
		if err != nil {
			t.Fatal(err)
		}
		if got := Listed(u); got != want {
			t.Errorf("%s: %q, want %q", page, got, want)
		}
	}
	for answer, want := range map[string]string{
		`{"resultCount":1,"results":[{"kind":"podcast","feedUrl":"https://harbor.example/talks.xml"}]}`: "https://harbor.example/talks.xml",
		`{"resultCount":0,"results":[]}`: "", `{"results":[{"feedUrl":"javascript:alert(1)"},{"feedUrl":7}]}`: "", `{"results":[{"feedUrl":"file:///etc/passwd"}]}`: "", `<html>`: "", ``: "",
	} {
		if got := ListedFeed([]byte(answer)); got != want {
			t.Errorf("%s: %q, want %q", answer, got, want)
		}
	}
}
