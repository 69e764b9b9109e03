package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

// output runs the program as a user does.
func output(t *testing.T, args ...string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	code := execute(&terminal{ctx: t.Context(), out: &out, errout: &out}, args)
	return out.String(), code
}

// check --live reads every account once and says of each what it saw or what is
// wrong; run --once fails when it could read none.
func TestCheckLive(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>Newsroom</title>")
	}))
	t.Cleanup(page.Close)
	e.x.Account("harborlabs", "Harbor Labs")
	e.x.Post("harborlabs", xtest.Post{CreatedAt: time.Now().Add(-time.Hour), Text: denial})
	for i := range 3 {
		e.site.Publish("/good.xml", feedtest.Item{Published: time.Now().Add(-time.Duration(50+i) * time.Hour), Title: "News", Text: "An ordinary day."})
	}
	feed := func(address string) string {
		return fmt.Sprintf("  - {source: feed, url: %q, speaker: Harbor Labs}\n", address)
	}
	readable := "accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs}\n" + feed(e.siteURL+"/good.xml")
	path := e.config(t, fictional+readable)
	said, code := output(t, "check", "--live", "--config", path)
	for _, want := range []string{"ok: source x\n", "ok: x:harborlabs, readable, no posts to see\n", "/good.xml, 3 posts, the newest 2 days ago\n", "ok: channel readers\n"} {
		if !strings.Contains(said, want) || code != good {
			t.Errorf("exit %d, and it lacks %q:\n%s", code, want, said)
		}
	}
	if n := e.x.Reads(); n != 0 {
		t.Errorf("checking read %d posts that cost money", n)
	}

	dead := feed(e.siteURL+"/gone.xml") + feed(page.URL) + feed("http://127.0.0.1:1/none.xml") + "  - {source: x, handle: nobody_there, speaker: Ivo Lind}\n"
	path = e.config(t, fictional+readable+dead)
	said, code = output(t, "check", "--live", "--config", path)
	for _, want := range []string{"ok: feed:", "/gone.xml: gone: ", "walled: ", "127.0.0.1:1/none.xml: unreachable: ", "bad: x:nobody_there: gone", "4 of 6 accounts cannot be read"} {
		if !strings.Contains(said, want) || code != failed {
			t.Errorf("exit %d, and it lacks %q:\n%s", code, want, said)
		}
	}
	if said, code = output(t, "run", "--once", "--config", path); code != good || !strings.Contains(said, "not readable: x:nobody_there") {
		t.Errorf("two of six accounts are readable, exit %d:\n%s", code, said)
	}
	path = e.config(t, fictional+"accounts:\n"+dead)
	if said, code = output(t, "run", "--once", "--config", path); code != failed || !strings.Contains(said, "no account could be read") {
		t.Errorf("no account is readable, exit %d:\n%s", code, said)
	}
}
