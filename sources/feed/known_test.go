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
