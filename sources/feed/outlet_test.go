package feed

import (
	"testing"
	"time"

	"onrecord"
)

// Of a newspaper's feed the outlet is the newspaper, whatever an item claims; of a
// feed that lists what others publish it is the other.
func TestOutlets(t *testing.T) {
	t.Parallel()
	rss := func(channel, item string) string {
		return `<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><link>` + channel + `</link><item><guid isPermaLink="false">1</guid><title>A</title>` + item + `</item></channel></rss>`
	}
	link := func(address string) string { return "<link>" + address + "</link>" }
	alert := link("https://www.google.com/url?rct=j&amp;url=https://ledger.example/2026/story&amp;ct=ga")
	for name, c := range map[string]struct{ feed, document, outlet, url string }{
		"its own":                    {"https://www.courier.example/rss", rss("https://www.courier.example/", link("https://www.courier.example/a")), "courier.example", "https://www.courier.example/a"},
		"on another host of it":      {"https://feeds.courier.example/rss", rss("https://www.courier.example/", link("https://law.courier.example/a")), "law.courier.example", "https://law.courier.example/a"},
		"a foreign newspaper":        {"https://courier.example/rss", rss("https://courier.example/", link("https://ledger.example/a")), "courier.example", "https://ledger.example/a"},
		"wrapped by itself":          {"https://courier.example/rss", rss("https://courier.example/", alert), "courier.example", "https://ledger.example/2026/story"},
		"said to be from another":    {"https://courier.example/rss", rss("https://courier.example/", link("https://courier.example/a")+`<source url="https://ledger.example/rss">Ledger</source>`), "courier.example", "https://courier.example/a"},
		"letters that look alike":    {"https://l\u0435dger.example/rss", rss("https://l\u0435dger.example/", link("https://l\u0435dger.example/a")), "xn--ldger-zwe.example", ""},
		"another script throughout":  {"https://суд.рф/rss", rss("https://суд.рф/", link("https://суд.рф/a")), "суд.рф", ""},
		"an alert":                   {"https://www.google.com/alerts/feeds/1/2", rss("https://www.google.com/", alert), "ledger.example", "https://ledger.example/2026/story"},
		"a search":                   {"https://www.bing.com/news/search?q=x&format=rss", rss("http://www.bing.com/news/search?q=x", link("http://www.bing.com/news/apiclick.aspx?aid=&amp;url=https%3a%2f%2fledger.example%2fa&amp;c=1")), "ledger.example", "https://ledger.example/a"},
		"a list that says from whom": {"https://news.google.com/rss/search?q=x", rss("https://news.google.com/search?q=x", link("https://news.google.com/rss/articles/CBMi")+`<source url="https://www.ledger.example">Ledger</source>`), "ledger.example", "https://news.google.com/rss/articles/CBMi"},
		"counted clicks":             {"https://feeds.feedburner.com/ledger", rss("https://ledger.example/", link("https://feedproxy.google.com/~r/ledger/1")+"<feedburner:origLink>https://ledger.example/a</feedburner:origLink>"), "ledger.example", "https://ledger.example/a"},
		"and no word of where to":    {"https://feeds.feedburner.com/ledger", rss("https://ledger.example/", link("https://feedproxy.google.com/~r/ledger/1")), "ledger.example", "https://feedproxy.google.com/~r/ledger/1"},
		"passed on by a machine":     {"http://127.0.0.1:1200/ledger", rss("https://ledger.example/", link("https://ledger.example/a")), "ledger.example", "https://ledger.example/a"},
		"that passes on an alert":    {"http://rsshub:1200/alert", rss("", alert), "ledger.example", "https://ledger.example/2026/story"},
		"that has a foreign link":    {"http://127.0.0.1:1200/ledger", rss("", link("https://courier.example/a")), "127.0.0.1", "https://courier.example/a"},
		"no link":                    {"https://courier.example/rss", rss("", ""), "courier.example", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := parse(answer(c.document, ""))
			if err != nil {
				t.Fatal(err)
			}
			account := onrecord.Account{ID: "feed:x", URL: c.feed, Kind: onrecord.Press}
			got := itemsOf(doc, account, dating{now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})[0]
			if got.Author.Handle != c.outlet || c.url != "" && got.URL != c.url {
				t.Errorf("the outlet is %q at %s, want %q at %s", got.Author.Handle, got.URL, c.outlet, c.url)
			}
			account.Kind = onrecord.Own
			if got := itemsOf(doc, account, dating{now: time.Now()})[0].Author.Handle; got != "" {
				t.Errorf("a speaker's own feed has the handle %q", got)
			}
		})
	}
}
