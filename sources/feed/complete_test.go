package feed_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/feed"
	"onrecord/sources/sourcetest"
)

// blog is a site whose feed shows summaries alone, and whose pages have the texts.
type blog struct {
	mu    sync.Mutex
	items []string       // summaries, oldest first
	pages map[string]int // status by path; 0: the text
	paid  bool           // the text ends where readers are asked to pay
	asked map[string]int
}

const whole = "We deny every word of the complaint, and we will say so in court. Nobody at Harbor Labs took a file of anybody. What the other side calls a secret stands in every handbook of the trade, and has for years; we will show the judge which page."

func (b *blog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked[r.URL.Path]++
	switch {
	case r.URL.Path == "/feed.xml":
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<rss version="2.0"><channel><title>x</title>`)
		for i, summary := range b.items {
			fmt.Fprintf(w, "<item><title>Note %d of the house</title><link>/notes/%[1]d</link><guid>%[1]d</guid><pubDate>%s</pubDate><description>%s […]</description></item>", i, time.Now().Format(time.RFC1123Z), summary)
		}
		fmt.Fprint(w, "</channel></rss>")
	case b.pages[r.URL.Path] != 0:
		w.WriteHeader(b.pages[r.URL.Path])
	case strings.HasPrefix(r.URL.Path, "/notes/"):
		more := ""
		if b.paid {
			more = "<p>Subscribe to continue reading</p>"
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<title>Note %s of the house - Harbor Labs</title><nav><a href=/>Home</a></nav><article><h1>Note</h1><p>%s</p>%s</article>`, r.URL.Path[len("/notes/"):], whole, more)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (b *blog) change(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}

func reading(t *testing.T) (*blog, *sourcetest.Reader) {
	t.Helper()
	b := &blog{pages: map[string]int{}, asked: map[string]int{}, items: []string{"What was there before"}}
	source, err := feed.Kind().Config().Open(sources.Env{Client: func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: b}} }})
	if err != nil {
		t.Fatal(err)
	}
	return b, &sourcetest.Reader{T: t, Source: source, Account: onrecord.Account{ID: "feed:x", Source: "feed", URL: "https://site.example/feed.xml", Speaker: "Harbor Labs"}}
}

// Of an item that is a summary the page is read, once, where there is one that can be.
func TestSummariesAreReadWhole(t *testing.T) {
	t.Parallel()
	b, r := reading(t)
	r.Must()
	b.change(func() { b.items = append(b.items, "We deny every word") })
	p := r.Want("a summary", whole)[0]
	if p.Cut || p.Title != "Note 1 of the house" {
		t.Errorf("it is %+v", p)
	}
	r.Want("again")
	b.change(func() { b.paid = true; b.items = append(b.items, "We deny it again") })
	if p := r.Want("who has to pay", "We deny it again […]")[0]; !p.Cut {
		t.Errorf("it is %+v", p)
	}
	b.change(func() {
		b.paid = false
		b.pages["/robots.txt"] = http.StatusOK // an empty one
		b.pages["/notes/3"] = http.StatusNotFound
		b.items = append(b.items, "We deny it once more")
	})
	r.Want("no page", "We deny it once more […]")
	if b.asked["/notes/0"] != 0 || b.asked["/notes/1"] != 1 {
		t.Errorf("the pages were asked for as often as %v", b.asked)
	}
}

// An item whose page does not answer just now waits an hour, and one that is known until it
// answers: its summary alone would look like an edit.
func TestSummariesWaitForTheirPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, r := reading(t)
		r.Must()
		b.change(func() {
			b.pages["/notes/1"] = http.StatusServiceUnavailable
			b.items = append(b.items, "We deny every word")
		})
		r.Want("not now")
		b.change(func() { b.pages["/notes/1"] = 0 })
		r.Want("now", whole)
		b.change(func() {
			b.pages["/notes/1"] = http.StatusServiceUnavailable
			b.items[1] = "We deny every single word"
		})
		r.Want("a change while it does not answer")
		time.Sleep(25 * time.Hour)
		r.Want("a day later")
		b.change(func() { b.pages["/notes/1"] = 0 })
		r.Want("and then", whole)
	})
}

// No more pages are read at once than a site bears, and what is said in films is not read
// from their pages.
func TestFewPagesAtOnce(t *testing.T) {
	t.Parallel()
	b, r := reading(t)
	r.Must()
	b.change(func() {
		for i := range 15 {
			b.items = append(b.items, fmt.Sprintf("Note %d in short", i+1))
		}
	})
	page := r.Must()
	read := 0
	for _, p := range page.Posts {
		if p.Text == whole {
			read++
		}
	}
	if len(page.Posts) != 15 || read != 10 {
		t.Errorf("%d items, %d of them whole", len(page.Posts), read)
	}
	b.change(func() {
		b.items = append(b.items, `A talk</description><enclosure url="/t.mp3" type="audio/mpeg"/><description>A talk`)
	})
	if got := sourcetest.Texts(r.Must().Posts); slices.Contains(got, whole) {
		t.Errorf("got %q", got)
	}
}
