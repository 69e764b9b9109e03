package article

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
)

func TestRobots(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, path string
		allowed    bool
	}{
		{"", "/a", true},
		{"User-agent: *\nDisallow:", "/a", true},
		{"User-agent: *\nDisallow: /", "/a", false},
		{"\ufeffuser-agent : *\r\ndisallow : /\r\n", "/a", false},
		{"User-agent: otherbot\nDisallow: /", "/a", true},
		{"User-agent: otherbot\nUser-agent: OnRecord\nDisallow: /", "/a", false},
		{"User-agent: *\nDisallow: /\n\nUser-agent: onrecord\nAllow: /", "/a", true},
		{"User-agent: *\nDisallow: /news/\nAllow: /news/press/", "/news/press/1", true},
		{"User-agent: *\nDisallow: /news/\nAllow: /news/press/", "/news/1", false},
		{"User-agent: *\nAllow: /a\nDisallow: /a", "/a", true},
		{"User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", false},
		{"User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf.html", true},
		{"User-agent: *\nDisallow: /*?print=", "/a?print=1", false},
		{"User-agent: *\nDisallow: /a # not this", "/a", false},
		{"User-agent: *\nSitemap: /s\nDisallow: /a\nUser-agent: otherbot\nDisallow: /", "/b", true},
		{"Disallow: /", "/a", true},
	} {
		u, err := url.Parse("https://site.example" + c.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := parseRobots(c.text).allow(u); got != c.allowed {
			t.Errorf("%q allows %s: %v", c.text, c.path, got)
		}
	}
}

// visits are of a site whose robots.txt has a status and a text, and whose pages are all one.
func visits(status int, robots, page string, asked *[]string) Visits {
	client := &http.Client{Transport: loopback.Transport{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.URL.Path)
		if r.URL.Path == "/robots.txt" {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(status)
			fmt.Fprint(w, robots)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, page)
	})}}
	return Visits{Own: client, Others: client, Log: slog.New(slog.DiscardHandler)}
}

const text = "<title>Our answer to the complaint</title><p>We deny every word of the complaint, and we will say so in court.</p>"

// What cannot be found forbids nothing; a site that fails to say may forbid everything.
func TestWhoSaysNothing(t *testing.T) {
	t.Parallel()
	for status, allowed := range map[int]bool{200: true, 404: true, 403: true, 500: false, 503: false, 429: false} {
		var asked []string
		page, err := visits(status, "", text, &asked).Reader(onrecord.Account{}).Read(t.Context(), "https://site.example/a")
		if allowed != (err == nil) || allowed && page.Title != "Our answer to the complaint" || !allowed && (!errors.Is(err, ErrForbidden) || len(asked) != 1) {
			t.Errorf("robots.txt answers %d: %v after %v", status, err, asked)
		}
	}
}

// One site is asked once for its rules, and gets the rest it asks for; one that wants more
// of it than anybody waits has one page read.
func TestASiteGetsItsRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		r := visits(200, "User-agent: *\nCrawl-delay: 4\n", text, &asked).Reader(onrecord.Account{})
		began := time.Now()
		for range 3 {
			if _, err := r.Read(t.Context(), "https://site.example/a"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took != 8*time.Second || len(asked) != 4 {
			t.Errorf("three pages took %s and the requests %v", took, asked)
		}
		r = visits(200, "User-agent: *\nCrawl-delay: 3600\n", text, &asked).Reader(onrecord.Account{})
		if _, err := r.Read(t.Context(), "https://site.example/a"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Read(t.Context(), "https://site.example/b"); !errors.Is(err, ErrPause) || !Passing(err) {
			t.Errorf("got %v", err)
		}
	})
}

// A page stands for an announcement when it has its text, and not because it is there.
func TestTells(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("We deny every word of the complaint, and we will say so in court. ", 5)
	for name, c := range map[string]struct {
		page           Page
		title, summary string
		tells          bool
	}{
		"its title":             {Page{Title: "Our answer | Harbor Labs"}, "Our answer", "", true},
		"its title, longer":     {Page{Title: "Our answer to the complaint"}, "Our answer to the complaint, in full", "", true},
		"its summary":           {Page{Title: "Harbor Labs"}, "An answer", "We deny every word of the complaint, and …", true},
		"another page":          {Page{Title: "Sign in"}, "Our answer", "What we say to the judge", false},
		"no title, no summary":  {Page{Title: "Harbor Labs"}, "", "", false},
		"another writing":       {Page{Title: "我们对诉状的回应"}, "我们对诉状的回应", "", true},
		"another, other words":  {Page{Title: "登录后继续阅读"}, "我们对诉状的回应", "", false},
		"less than the summary": {Page{Title: "Our answer"}, "Our answer", strings.Repeat(long, 2), false},
	} {
		c.page.Text = long
		if got := c.page.Tells(c.title, c.summary); got != c.tells {
			t.Errorf("%s: %v", name, got)
		}
	}
	short := Page{Title: "Our answer"}
	short.Text = "Log in."
	if short.Tells("Our answer", "") {
		t.Error("a few words stand for an article")
	}
}
