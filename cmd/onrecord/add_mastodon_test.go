package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"onrecord/sources/feed/feedtest"
	"onrecord/sources/mastodon/mastodontest"
)

// An address that every Mastodon-compatible server has for its profiles leads to the
// account, and where the site is none of these, to its feed.
func TestAddProfilesThatManyServersHave(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	web := httptest.NewUnstartedServer(nil)
	host := web.Listener.Addr().String()
	server := mastodontest.New(host)
	server.Join("harborlabs", "Harbor Labs")
	server.Post("harborlabs", mastodontest.Draft{Text: denial, Created: time.Now().Add(-3 * time.Hour)})
	web.Config.Handler = server
	web.Start()
	t.Cleanup(web.Close)
	e.site.Publish("/@dana.rss", feedtest.Item{Published: time.Now().Add(-time.Hour), Title: "News", Text: "An ordinary day."})
	path := e.config(t, fictional+"accounts: []\n")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), "sources:\n", fmt.Sprintf("sources:\n  mastodon: {base_url: %q}\n", web.URL), 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	said := command(t, "add", "--config", path, web.URL+"/@harborlabs")
	for _, want := range []string{"1 post, the newest 3 hours ago", "posted, score +", fmt.Sprintf("- {source: mastodon, handle: %q, speaker: Harbor Labs}", "harborlabs@"+host)} {
		if !strings.Contains(said, want) {
			t.Errorf("it lacks %q:\n%s", want, said)
		}
	}
	if said := command(t, "add", "--config", path, "--speaker", "Northwind Data", e.siteURL+"/@dana"); !strings.Contains(said, fmt.Sprintf("- {source: feed, url: %q, speaker: Northwind Data}", e.siteURL+"/@dana.rss")) {
		t.Errorf("another site's profile:\n%s", said)
	}
	if said := command(t, "check", "--live", "--config", path); !strings.Contains(said, "2 accounts") || !strings.Contains(said, "ok: source mastodon") {
		t.Errorf("check says:\n%s", said)
	}
	if said, code := output(t, "add", "--config", path, web.URL+"/@nobody"); code == good || !strings.Contains(said, "nothing is there") {
		t.Errorf("exit %d for nobody:\n%s", code, said)
	}
}
