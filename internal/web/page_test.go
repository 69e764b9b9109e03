package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/bot"
	"onrecord/internal/web"
)

// The page says all that an overview holds, runs nothing that stands in it, and names no
// address of the outside.
func TestPage(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	v := bot.Overview{
		Version: "v1", Now: at, Reasons: []string{"account <b>x</b> is stale"}, Waiting: 1, Unread: 2, Spend: map[string]float64{"x": 1.25},
		Accounts: []bot.TrackedAccount{
			{ID: "x:harborlabs", Speaker: "Harbor Labs", Watched: true, LastOK: at.Add(-time.Minute), Newest: at.Add(-time.Hour), Posts: 41, Statements: 3},
			{ID: "feed:news", Watched: true, Stale: true, Trouble: "gone", Error: `"><script>alert(1)</script>`},
			{ID: "x:off"},
		},
		Channels: []bot.TrackedChannel{{ID: "newsroom", Owed: 7, Oldest: at.Add(-time.Hour), Paused: "the token was refused"}},
		Gaps:     []bot.OverviewGap{{Number: "G-0001", From: at.Add(-5 * time.Hour), Until: at.Add(-4 * time.Hour), Posts: 9}},
	}
	var failure error
	h := web.Page(func(context.Context) (bot.Overview, error) { return v, failure })
	w := get(t, h, http.MethodGet, "/")
	body := w.Body.String()
	for _, want := range []string{
		"onrecord v1 at 2026-03-05 12:00Z", "account &lt;b&gt;x&lt;/b&gt; is stale", "1 borderline statement waits for a person; 2 posts to be reviewed",
		"<td>x:harborlabs</td><td>Harbor Labs</td><td>2026-03-05 11:59Z</td><td>2026-03-05 11:00Z</td><td class=\"n\">41</td><td class=\"n\">3</td><td>none</td>",
		"quotes others", "&lt;script&gt;", "not watched", "<td>newsroom</td><td class=\"n\">7</td>", "the token was refused", "G-0001", "this program", "x $1.25",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q:\n%s", want, body)
		}
	}
	if strings.Contains(body, "<script") || strings.Contains(body, "http://") || strings.Contains(body, "https://") {
		t.Errorf("the page runs or loads something:\n%s", body)
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("headers: %v", w.Header())
	}

	var got bot.Overview
	if err := json.Unmarshal(get(t, h, http.MethodGet, "/status.json").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v, got); diff != "" {
		t.Errorf("/status.json (-want +got):\n%s", diff)
	}
	if w := get(t, h, http.MethodGet, "/elsewhere"); w.Code != http.StatusNotFound {
		t.Errorf("another path: HTTP %d", w.Code)
	}
	failure = errors.New("open /secret/path: disk full")
	if w := get(t, h, http.MethodGet, "/"); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("without the database: HTTP %d, %s", w.Code, w.Body)
	}
}
