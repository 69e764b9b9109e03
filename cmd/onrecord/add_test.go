package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"onrecord/sources/bluesky/blueskytest"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

// The page of a newsroom, an article, a feed and a profile each lead to what can be read;
// what is written is a configuration that check --live finds in order, with its remarks.
func TestAdd(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	sky := blueskytest.New()
	skyURL := httptest.NewServer(sky)
	t.Cleanup(skyURL.Close)
	sky.Join("harborlabs.example", "Harbor Labs")
	sky.Post("harborlabs.example", blueskytest.Draft{Text: denial, Created: time.Now().Add(-3 * time.Hour)})
	sky.Post("harborlabs.example", blueskytest.Draft{Text: "Our office kitchen is open again.", Created: time.Now().Add(-2 * time.Hour)})
	e.x.Account("ivo_lind", "Ivo Lind")
	e.x.Post("ivo_lind", xtest.Post{CreatedAt: time.Now().Add(-time.Hour), Text: "Good morning."})
	e.site.Publish("/news/feed.xml", feedtest.Item{Published: time.Now().Add(-time.Hour), Title: "News", Text: "An ordinary day."})
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/newsroom" && r.URL.Path != "/newsroom/an-article" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><head><link rel="alternate" type="application/rss+xml" href="%s/news/feed.xml"></head><p>News</p>`, e.siteURL)
	}))
	t.Cleanup(site.Close)
	path := e.config(t, fictional+"accounts: []  # nobody yet\n")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), "sources:\n", fmt.Sprintf("sources:\n  bluesky: {base_url: %q}\n", skyURL.URL), 1)), 0o600); err != nil {
		t.Fatal(err)
	}

	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}

	said := command(t, "add", "--config", path, "https://bsky.app/profile/harborlabs.example/post/3kabc")
	for _, want := range []string{"2 posts, the newest 2 hours ago", "of the last 2 posts: 1 would have been posted", "posted, score +", "left out, score -", "- {source: bluesky, handle: harborlabs.example, speaker: Harbor Labs}"} {
		if !strings.Contains(said, want) {
			t.Errorf("it lacks %q:\n%s", want, said)
		}
	}
	if said, code := output(t, "add", "--config", path, site.URL+"/newsroom"); code != wrong || !strings.Contains(said, `--speaker: "Northwind Data", "Harbor Labs", "Ivo Lind"`) {
		t.Errorf("exit %d, nobody is named:\n%s", code, said)
	}
	before, _ := os.ReadFile(path)
	said = command(t, "add", "--config", path, "--print", "--speaker", "Northwind Data", site.URL+"/newsroom/an-article")
	entry := fmt.Sprintf("- {source: feed, url: %q, speaker: Northwind Data}", e.siteURL+"/news/feed.xml")
	if after, _ := os.ReadFile(path); !strings.Contains(said, entry) || string(after) != string(before) {
		t.Errorf("--print does not print %s, or changes the file:\n%s", entry, said)
	}
	command(t, "add", "--config", path, "--speaker", "Northwind Data", site.URL+"/newsroom")
	command(t, "add", "--config", path, "https://x.com/ivo_lind/status/1800000000000000000")
	after, _ := os.ReadFile(path)
	for _, want := range []string{
		"accounts:  # nobody yet\n", "\n  " + entry, "\n  - {source: x, handle: ivo_lind, speaker: Ivo Lind}\n",
		`{name: Harbor Labs, role: defendant, aliases: ["@harborlabs.example"]}`, `{name: Ivo Lind, role: defendant, aliases: ["@ivo_lind"]}`,
	} {
		if !strings.Contains(string(after), want) {
			t.Errorf("the file lacks %q:\n%s", want, after)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("who may read the file: %v, %v", info.Mode(), err)
	}
	if said := command(t, "check", "--live", "--config", path); !strings.Contains(said, "3 accounts") {
		t.Errorf("check says:\n%s", said)
	}

	for address, want := range map[string]string{
		site.URL + "/newsroom": "is the account of accounts[1] again", "https://x.com/nobody_there": "check the handle", "not an address": "is no address",
		site.URL + "/nothing": "there is no feed at",
	} {
		if said, code := output(t, "add", "--config", path, "--speaker", "Harbor Labs", address); code == good || !strings.Contains(said, want) {
			t.Errorf("%s, exit %d:\n%s", address, code, said)
		}
	}
	if last, _ := os.ReadFile(path); string(last) != string(after) {
		t.Errorf("what was refused changed the file:\n%s", last)
	}
}

// A newsroom without a feed is watched itself.
func TestAddAPageWithoutAFeed(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/newsroom":
			fmt.Fprintf(w, `<!doctype html><ul><li><a href="/newsroom/our-answer">Our answer to Northwind Data</a><time datetime="%s"></time></ul>`, time.Now().Format(time.RFC3339))
		case "/newsroom/our-answer":
			fmt.Fprintf(w, `<!doctype html><title>Our answer to Northwind Data</title><article><p>%s We will say so in court.</p></article>`, denial)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(site.Close)
	path := e.config(t, fictional+"accounts: []\n")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), "sources:\n", "sources:\n  page: {allow_private: true}\n", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	said := command(t, "add", "--config", path, "--speaker", "Harbor Labs", site.URL+"/newsroom")
	for _, want := range []string{"the page itself is watched", "of the last 1 post: 1 would have been posted", fmt.Sprintf("- {source: page, url: %q, speaker: Harbor Labs}", site.URL+"/newsroom")} {
		if !strings.Contains(said, want) {
			t.Errorf("it lacks %q:\n%s", want, said)
		}
	}
}
