package markup

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	deny  = "We deny every word of the complaint, and we will say so in court on Monday."
	later = "Nobody at Harbor Labs took a file of anybody, the company said in a note to its customers."
)

// The article is found by its sentences, whatever the page calls its parts, and what stands
// beside it is left out.
func TestArticle(t *testing.T) {
	t.Parallel()
	ways := `<nav><a href="/a">Products of all kinds and sizes</a></nav><div class="menu"><ul><li><a href="/b">What our customers say about us</a></li></ul></div>`
	end := `<aside><p>Read how Northwind Data keeps the files of ten thousand customers.</p></aside><footer><p>All rights reserved by the house, in all of its countries.</p></footer>`
	body := "<p>" + deny + "</p><p>" + later + "</p>"
	want := deny + "\n\n" + later
	for name, page := range map[string]string{
		"main":                       ways + "<main><h1>Our answer</h1>" + body + "</main>" + end,
		"article":                    ways + `<div><article><header><h1>Our answer</h1></header>` + body + `<div class="share-buttons"><p>Share this note with everybody you know, today.</p></div></article></div>` + end,
		"parts without names":        ways + `<div><div><div><h1>Our answer</h1><div><p>` + deny + `</p></div><div><p>` + later + `</p></div></div></div></div>` + end,
		"ends left out":              ways + `<div class="post"><p>` + deny + `<p>` + later + `</div>` + end,
		"text without paragraphs":    ways + `<div id="story">` + deny + `<br><br>` + later + `</div>` + end,
		"a name that misleads":       ways + `<div class="widget">` + body + `</div>` + end,
		"cookies":                    `<div class="cookie-banner"><p>We use cookies of our own and of others to make this page a better one.</p></div>` + ways + "<section>" + body + "</section>" + end,
		"related":                    ways + "<section>" + body + `<div class="related-posts"><h2>More</h2><p>Northwind Data opens a new office for its people in the harbour.</p></div></section>` + end,
		"a form":                     ways + "<section>" + body + `<form><p>Leave your address and we will write to you once a month.</p></form></section>` + end,
		"hidden text":                ways + "<section>" + body + `<div style="display: none"><p>A paragraph that nobody who opens the page can see, ever.</p></div></section>` + end,
		"scripts":                    ways + "<section><script>var p = '<p>a text that is none, and long enough for one</p>'</script>" + body + "</section>" + end,
		"an article of the old kind": ways + "<table><tr><td>" + body + "</td><td><a href=/x>One of the other pages of this site</a></td></tr></table>" + end,
	} {
		if got := Article([]byte("<!DOCTYPE html><html><body>"+page+"</body></html>"), "text/html", nil).Text; strings.ReplaceAll(got, " One of the other pages of this site", "") != want {
			t.Errorf("%s: got %q", name, got)
		}
	}
	for name, page := range map[string]string{"nothing": "", "links alone": ways + end, "an application": `<div id="app"></div><script>run()</script>`} {
		if got := Article([]byte(page), "text/html", nil); got.Text != "" {
			t.Errorf("%s: got %q", name, got.Text)
		}
	}
	// Whatever its label says, and where it is not in UTF-8.
	if got := Article([]byte("<meta charset=windows-1252><div><p>Wir bestreiten jedes Wort, f\xfcr das Gericht und f\xfcr alle.</p></div>"), "text/html", nil).Text; !strings.Contains(got, "für das Gericht") {
		t.Errorf("got %q", got)
	}
	deep := strings.Repeat("<div>", 100_000) + "<p>" + deny + "</p>"
	if got := Article([]byte(deep), "text/html", nil).Text; got != deny {
		t.Errorf("nested: got %q", got)
	}
}

func TestPublished(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	for page, want := range map[string]time.Time{
		`<meta property="article:published_time" content="2026-10-05T09:30:00+02:00">`:                      day.Add(7*time.Hour + 30*time.Minute),
		`<meta itemprop="datePublished" content="2026-10-05">`:                                              day,
		`<meta name="DC.date.issued" content="2026-10-05">`:                                                 day,
		`<time datetime="2026-10-05">5 October</time><time datetime="2026-01-01">another</time>`:            day,
		`<script type="application/ld+json">{"@type":"NewsArticle","datePublished": "2026-10-05"}</script>`: day,
		`<time datetime="2020-01-01"></time><meta property="article:published_time" content="2026-10-05">`:  day,
		`<meta name="date" content="yesterday"><p>5 October 2026</p>`:                                       {},
		`<meta property="article:published_time" content="0001-01-01T00:00:00Z">`:                           {},
	} {
		if got := Published([]byte(page)); !got.Equal(want) {
			t.Errorf("%s: got %v", page, got)
		}
	}
}

// Links have the text that is shown for them, and the date of their entry.
func TestAnchors(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	page := `<nav><a href="/about">About</a></nav><a href="/home">Home</a><ul><li><time datetime="2026-10-05"></time><a href="one">One <b>and</b><br>more</a><li><a href="two">Two</a><li><a href="/three"><h3>Three</h3></a><time datetime="2026-10-05"></ul><a href="javascript:x()">x</a><footer><a href="/f">F</a></footer>`
	want := []Anchor{{"https://site.example/home", "Home", time.Time{}}, {"https://site.example/news/one", "One and more", day}, {"https://site.example/news/two", "Two", time.Time{}}, {"https://site.example/three", "Three", day}}
	base, err := url.Parse("https://site.example/news/")
	if err != nil {
		t.Fatal(err)
	}
	got := Anchors([]byte(page), "", base)
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i].URL != want[i].URL || got[i].Text != want[i].Text || !got[i].Date.Equal(want[i].Date) {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
}

func FuzzArticle(f *testing.F) {
	f.Add("<div><p>"+deny+"</p></div>", "text/html")
	f.Add("<article><p>a<article></p><table><p><aside></table>"+deny, "")
	f.Fuzz(func(t *testing.T, page, contentType string) {
		if got := Article([]byte(page), contentType, nil).Text; strings.ToValidUTF8(got, "") != got {
			t.Errorf("got %q", got)
		}
		Published([]byte(page))
		Anchors([]byte(page), "", nil)
	})
}
