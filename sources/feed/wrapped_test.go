package feed_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/feed"
	"onrecord/sources/sourcetest"
)

// aggregator is news.google.com as a feed of links that lead on by its own ids, and the two
// newspapers behind it. What an id stands for is in it, as hexadecimal JSON.
type aggregator struct {
	items  []wrapped
	asked  map[string]int
	forbid bool
}

type wrapped struct {
	How, Path string
}

func (w wrapped) id() string {
	b, _ := json.Marshal(w) // strings: cannot fail
	return fmt.Sprintf("%x", b)
}

func (a *aggregator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.asked[r.Host+r.URL.Path]++
	html := func(format string, args ...any) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, format, args...)
	}
	switch id, is := strings.CutPrefix(r.URL.Path, "/rss/articles/"); {
	case r.URL.Path == "/robots.txt":
		w.Header().Set("Content-Type", "text/plain")
		if a.forbid {
			fmt.Fprint(w, "User-agent: *\nDisallow: /rss/articles/")
		}
	case r.Host == "ledger.example" && strings.HasPrefix(r.URL.Path, "/story/"):
		html("<title>Harbor Labs answers - The Ledger</title><article><p>%s</p></article>", whole)
	case is:
		var b []byte
		var to wrapped
		if _, err := fmt.Sscanf(id, "%x", &b); err != nil || json.Unmarshal(b, &to) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		switch address := "https://ledger.example" + to.Path; to.How {
		case "redirect":
			http.Redirect(w, r, address+"?utm_source=x", http.StatusFound)
		case "page":
			html(`<title>Google News</title><c-wiz data-n-au="%s"></c-wiz>`, address)
		default:
			html(`<title>Google News</title><script>lead(%q)</script>`, id)
		}
	case r.Host == "news.google.com":
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<rss version="2.0"><channel><title>x</title><link>https://news.google.com/search?q=x</link>`)
		for _, it := range a.items {
			fmt.Fprintf(w, `<item><title>Harbor Labs answers - The Ledger</title><link>https://news.google.com/rss/articles/%s</link><guid isPermaLink="false">%[1]s</guid><pubDate>%s</pubDate><description>&lt;a href="https://news.google.com/rss/articles/%[1]s"&gt;Harbor Labs answers&lt;/a&gt; The Ledger</description><source url="https://courier.example">The Courier</source></item>`, it.id(), time.Now().Format(time.RFC1123Z))
		}
		fmt.Fprint(w, "</channel></rss>")
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// An item of an aggregator leads to the newspaper's own page, whose text is read and whose
// outlet it is. Where that cannot be found out, the newspaper that the item names is.
func TestWrappedLinks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		item        wrapped
		forbid      bool
		outlet, url string
	}{
		"a redirect":                  {wrapped{"redirect", "/story/1"}, false, "ledger.example", "https://ledger.example/story/1"},
		"a page that leads on":        {wrapped{"page", "/story/1"}, false, "ledger.example", "https://ledger.example/story/1"},
		"a page that needs a browser": {wrapped{"script", "/story/1"}, false, "courier.example", ""},
		"to the front page":           {wrapped{"redirect", "/"}, false, "courier.example", ""},
		"to what is not there":        {wrapped{"page", "/gone"}, false, "courier.example", ""},
		"robots may not":              {wrapped{"redirect", "/story/1"}, true, "courier.example", ""},
	} {
		a := &aggregator{asked: map[string]int{}, forbid: c.forbid}
		source, err := feed.Kind().Config().Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: a}} }})
		if err != nil {
			t.Fatal(err)
		}
		r := &sourcetest.Reader{T: t, Source: source, Account: onrecord.Account{ID: "feed:x", Source: "feed", Kind: onrecord.Press, URL: "https://news.google.com/rss/search?q=x"}}
		a.items = []wrapped{{"script", "/story/0"}}
		r.Must()
		a.items = append(a.items, c.item)
		text := "Harbor Labs answers The Ledger"
		if c.url != "" {
			text = whole
		}
		p := r.Want(name, text)[0]
		if c.url == "" {
			c.url = "https://news.google.com/rss/articles/" + c.item.id()
		}
		if p.Author.Handle != c.outlet || p.URL != c.url || p.Cut != (text != whole) {
			t.Errorf("%s: it is of %q at %s, cut %v", name, p.Author.Handle, p.URL, p.Cut)
		}
		r.Must()
		for at, n := range a.asked {
			if strings.Contains(at, "/story/") && n > 1 || strings.Contains(at, "/articles/") && n > 1 {
				t.Errorf("%s: %s is asked for %d times", name, at, n)
			}
		}
	}
}
