package sources

import (
	"net/url"
	"slices"
	"testing"
)

func TestWhatMayBeASecret(t *testing.T) {
	t.Parallel()
	for address, c := range map[string]struct {
		shown  string
		hidden []string
	}{
		"https://site.example/news.xml":                                                            {"https://site.example/news.xml", nil},
		"https://site.example/2026/11/our-answer-to-the-court.html":                                {"https://site.example/2026/11/our-answer-to-the-court.html", nil},
		"https://site.example/feeds/newsroom2026/rss2.0.xml?format=rss&q=harbor+labs":              {"https://site.example/feeds/newsroom2026/rss2.0.xml", nil},
		"https://site.example/PressReleases/AllNews/feed?cat=17":                                   {"https://site.example/PressReleases/AllNews/feed", nil},
		"https://site.example/feed?token=hush-hush":                                                {"https://site.example/feed", []string{"hush-hush"}},
		"https://site.example/feed?auth=Zm9vYmFyYmF6":                                              {"https://site.example/feed", []string{"Zm9vYmFyYmF6"}},
		"https://site.example/feed?u=k3J9xQ2p7L":                                                   {"https://site.example/feed", []string{"k3J9xQ2p7L"}},
		"https://api.site.example/feed/podcast/1/private/9f86d081-884c-4d65-9a2f-eaa0c55ad015.rss": {"https://api.site.example/feed/podcast/1/private/….rss", []string{"9f86d081-884c-4d65-9a2f-eaa0c55ad015"}},
		"https://site.example/rss/9f86d081884c7d659a2feaa0/all":                                    {"https://site.example/rss/…/all", []string{"9f86d081884c7d659a2feaa0"}},
		"https://site.example/u/k3J9xQ2p/feed":                                                     {"https://site.example/u/…/feed", []string{"k3J9xQ2p"}},
		"https://site.example/u/aGVsTG9Xb3JsZAaB.xml":                                              {"https://site.example/u/….xml", []string{"aGVsTG9Xb3JsZAaB"}},
		"https://site.example/u/qwhzkxjvbnmqpltr":                                                  {"https://site.example/u/…", []string{"qwhzkxjvbnmqpltr"}},
		"https://site.example/f/s3cretpathtoken/rss":                                               {"https://site.example/f/…/rss", []string{"s3cretpathtoken"}},
		"https://site.example/f/my-secret-word/rss":                                                {"https://site.example/f/…/rss", []string{"my-secret-word"}},
		"https://site.example/private/oliveoil/rss":                                                {"https://site.example/private/…/rss", []string{"oliveoil"}},
		"https://site.example/private/rss":                                                         {"https://site.example/private/rss", nil},
		"https://site.example/blog/token-economy.atom":                                             {"https://site.example/blog/….atom", []string{"token-economy"}}, // a hash in a name costs little
		"https://dana:hush@site.example/news.xml":                                                  {"https://site.example/news.xml", []string{"hush"}},
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := Redact(u); got != c.shown {
			t.Errorf("%s is shown as %s, want %s", address, got, c.shown)
		}
		if got := Secrets(u); !slices.Equal(got, c.hidden) {
			t.Errorf("%s hides %q, want %q", address, got, c.hidden)
		}
	}
}
