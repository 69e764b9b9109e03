package page_test

import (
	"cmp"
	"errors"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/page"
	"onrecord/sources/sourcetest"
)

// newsroom is a site of a party without a feed: a page that lists articles, and the
// articles. It has a memory and can fail in every way.
type newsroom struct {
	mu       sync.Mutex
	articles []note // oldest first
	shown    int    // articles that are listed at most; 0: all
	base     string // where the articles are
	robots   string
	fault    sourcetest.Fault
	broken   map[string]int // status of a page
	fired    int
	asked    map[string]int
}

type note struct {
	title, text string
	day         time.Time
	listed      string // as which it is listed, if not by its title
}

func (n *newsroom) put(title, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.articles = append(n.articles, note{title: title, text: text, day: time.Now()})
}

func (n *newsroom) path(i int) string { return fmt.Sprintf("%s/%d-a-note-of-ours", n.base, i) }

func (n *newsroom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked[r.URL.Path]++
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch {
	case r.URL.Path == "/robots.txt":
		w.Header().Set("Content-Type", "text/plain")
		if n.robots == "" {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, n.robots)
	case n.broken[r.URL.Path] != 0:
		n.fired++
		w.WriteHeader(n.broken[r.URL.Path])
	case r.URL.Path == "/newsroom":
		n.list(w)
	default:
		for i, a := range n.articles {
			if r.URL.Path == n.path(i) {
				fmt.Fprintf(w, `<!DOCTYPE html><html><head><meta property="og:title" content="%s"><meta property="article:published_time" content="%s"></head><body><nav><a href="/about">About</a></nav>
					<main><h1>%[1]s</h1><p>%[3]s</p></main><footer>All rights of all kinds are reserved here, and some more.</footer></body></html>`, html.EscapeString(a.title), a.day.Format(time.RFC3339), html.EscapeString(a.text))
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
	}
}

func (n *newsroom) list(w http.ResponseWriter) {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html><body><nav><a href="/products/the-finest-of-all-data">The finest of all data</a></nav><a href="/careers">We are hiring people</a><a href="/careers/apply">Work with us in the harbour</a><ul>`)
	for i, a := range slices.Backward(n.articles) {
		if n.shown > 0 && i < len(n.articles)-n.shown {
			break
		}
		fmt.Fprintf(&b, `<li><a href="%s"><img src="/i.png"></a><h3><a href="%[1]s?utm_source=newsroom">%s</a></h3><time datetime="%s">a day</time></li>`, n.path(i), html.EscapeString(cmp.Or(a.listed, a.title)), a.day.Format(time.DateOnly))
	}
	body := b.String() + "</ul></body></html>"
	if n.fault != "" {
		n.fired++
	}
	switch n.fault {
	case sourcetest.RateLimited:
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusTooManyRequests)
	case sourcetest.ServerError:
		w.WriteHeader(http.StatusServiceUnavailable)
	case sourcetest.GoneAccount:
		w.WriteHeader(http.StatusNotFound)
	case sourcetest.CutBody:
		w.Header().Set("Content-Length", fmt.Sprint(len(body)+1))
		fmt.Fprint(w, body)
		panic(http.ErrAbortHandler)
	case sourcetest.Garbage:
		fmt.Fprint(w, strings.Repeat("?", 10))
	case sourcetest.Empty:
	default:
		fmt.Fprint(w, body)
	}
}

func (n *newsroom) set(change func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	change()
}

func (n *newsroom) requests(path string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.asked[path]
}

func open(t *testing.T) (*newsroom, *sourcetest.Reader) {
	t.Helper()
	site := &newsroom{base: "/newsroom", broken: map[string]int{}, asked: map[string]int{}}
	for _, title := range []string{"An old note of the house", "Another old note of the house"} {
		site.articles = append(site.articles, note{title: title, text: title, day: time.Now().AddDate(-1, 0, 0)})
	}
	source, err := page.Kind().Config().Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: site}} }})
	if err != nil {
		t.Fatal(err)
	}
	account := onrecord.Account{ID: "page:site.example/newsroom", Source: "page", URL: "https://site.example/newsroom", Speaker: "Harbor Labs"}
	return site, &sourcetest.Reader{T: t, Source: source, Account: account}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
		site, r := open(t)
		publish := func(text string) { site.put(text, text) }
		return sourcetest.Place{
			Source: r.Source, Account: r.Account, Publish: publish,
			Break: func(f sourcetest.Fault) func() int {
				site.set(func() { site.fault = f })
				return func() (n int) {
					site.set(func() { n = site.fired })
					return n
				}
			},
			BreakLooks: func(f sourcetest.Fault) func() int {
				status := map[sourcetest.Fault]int{sourcetest.RateLimited: 429, sourcetest.ServerError: 503}[f]
				if status == 0 {
					return nil
				}
				site.set(func() {
					for i := range site.articles {
						site.broken[site.path(i)] = status
					}
				})
				return func() (n int) {
					site.set(func() { n = site.fired })
					return n
				}
			},
			Mend: func() { site.set(func() { site.fault, site.broken = "", map[string]int{} }) },
			Delete: func(id string) {
				site.set(func() { site.broken[site.path(2)] = http.StatusNotFound; site.broken["/"] = http.StatusOK })
			},
		}
	})
}

const long = "We have read the complaint with care, and we deny every word of it. Nobody at Harbor Labs took a file of anybody, and we will say so in court, under oath, on the day that the judge has set for it, and on every day after that one."

// An article is read where it stands, once, with the date of its page, and without what
// stands around it.
func TestNewArticlesAreRead(t *testing.T) {
	t.Parallel()
	site, r := open(t)
	old := r.Must()
	if len(old.Posts) != 2 || !old.Posts[0].Cut || !old.Posts[0].Dated || old.Posts[0].Title != "An old note of the house" {
		t.Fatalf("the first pull gives %+v", old.Posts)
	}
	site.put("Our answer to the complaint", long)
	posts := r.Want("an article", long)
	p := posts[0]
	if p.Title != "Our answer to the complaint" || p.Cut || !p.Dated || p.Kind != onrecord.Article || p.Author.Name != "Harbor Labs" || p.URL != "https://site.example"+site.path(2)+"?utm_source=newsroom" && p.URL != "https://site.example"+site.path(2) {
		t.Errorf("it is %+v", p)
	}
	r.Want("the page as it was")
	if n := site.requests(site.path(0)) + site.requests("/careers/apply"); n != 0 {
		t.Errorf("%d pages were read that were there before", n)
	}
	site.set(func() { site.articles = site.articles[:2]; site.shown = 1 }) // what is not listed any more says nothing
	if page := r.Must(); len(page.Posts) != 0 || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], "1 articles where 3 are usual") {
		t.Errorf("a shorter list: %+v, %q", page.Posts, page.Warnings)
	}
}

// A site that was built anew lists its articles at other addresses, and no more.
func TestASiteThatIsBuiltAnew(t *testing.T) {
	t.Parallel()
	site, r := open(t)
	r.Must()
	site.set(func() { site.base = "/press/2026" })
	r.Account.URL = "https://site.example/newsroom"
	r.Want("moved")
	site.put("Our answer to the complaint", long)
	r.Want("after the move", long)
	site.set(func() {
		site.base = "/stories"
		for i := range site.articles {
			site.articles[i].title = fmt.Sprintf("Story number %d of the house", i)
			site.articles[i].day = time.Now().AddDate(0, -3, 0)
		}
		site.articles = append(site.articles, site.articles...)
	})
	page := r.Must()
	if len(page.Posts) != 0 || len(page.Archive) != 6 || len(page.Warnings) == 0 {
		t.Errorf("built anew: %d posts, %d of an archive, %q", len(page.Posts), len(page.Archive), page.Warnings)
	}
}

// An article that cannot be read is asked for again, and then its headline stands for it:
// none is lost, and none holds up another.
func TestArticlesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	site, r := open(t)
	r.Must()
	site.put("Our answer to the complaint", long)
	site.put("A note on the hearing of today", long+" And so on.")
	site.set(func() { site.broken[site.path(2)] = http.StatusServiceUnavailable })
	r.Want("one of two", long+" And so on.")
	r.Want("still not there")
	page := r.Must()
	if got := sourcetest.Texts(page.Posts); !slices.Equal(got, []string{"Our answer to the complaint"}) || !page.Posts[0].Cut || len(page.Warnings) != 1 {
		t.Errorf("in the end: %q, %q", got, page.Warnings)
	}
	site.put("A note that is taken off again", long)
	site.set(func() { site.broken[site.path(4)] = http.StatusNotFound })
	r.Want("taken off")
}

// What a site keeps from robots is not read.
func TestRobotsAreKept(t *testing.T) {
	t.Parallel()
	site, r := open(t)
	site.set(func() { site.robots = "User-agent: *\nDisallow: /newsroom/\n" })
	r.Must()
	site.put("Our answer to the complaint", long)
	if page := r.Must(); len(page.Posts) != 1 || page.Posts[0].Text != "Our answer to the complaint" || site.requests(site.path(2)) != 0 {
		t.Errorf("got %+v after %d requests", page.Posts, site.requests(site.path(2)))
	}
	site.set(func() { site.robots = "User-agent: onrecord\nDisallow: /\n" })
	_, err := r.Pull()
	if told, ok := errors.AsType[*sources.Error](err); !ok || told.Trouble != sources.Denied || !strings.Contains(err.Error(), "robots.txt") {
		t.Errorf("got %v", err)
	}
}

// A page without articles, and one that is no page, is told and is no list of nothing.
func TestPagesWithoutArticles(t *testing.T) {
	t.Parallel()
	for body, says := range map[string]string{
		"<!DOCTYPE html><html><body><div id=app></div><a href=/about>About us</a></body></html>": "lists no articles",
		"<rss><channel/></rss>": "source: feed",
	} {
		source, err := page.Kind().Config().Open(sources.Env{Client: func(bool) *http.Client {
			return &http.Client{Transport: loopback.Transport{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				w.Header().Set("Content-Type", map[bool]string{true: "text/html", false: "text/xml"}[strings.HasPrefix(body, "<!D")])
				fmt.Fprint(w, body)
			})}}
		}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := source.Pull(t.Context(), onrecord.Account{URL: "https://site.example/newsroom"}, ""); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want %q", err, says)
		}
	}
}
