package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"onrecord/sources/bluesky/blueskytest"
)

// A post that is told of on the stream is shown long before the account is due.
func TestAPostIsHeard(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	sky := blueskytest.New()
	sky.Join("harborlabs.example", "Harbor Labs")
	opened := make(chan struct{}, 8)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/subscribe" {
			sky.ServeHTTP(w, r)
			return
		}
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		stream, err := sky.Stream(r.Context(), r.URL.String(), true)
		if err != nil {
			return
		}
		opened <- struct{}{}
		for {
			message, err := stream.Next()
			if err != nil || conn.WriteMessage(websocket.TextMessage, message) != nil {
				return
			}
		}
	}))
	t.Cleanup(web.Close)
	t.Cleanup(sky.Drop)
	path := e.config(t, fictional+"accounts:\n  - {source: bluesky, handle: harborlabs.example, speaker: Harbor Labs, schedule: \"@every 1h\"}\n")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	section := fmt.Sprintf("sources:\n  bluesky: {base_url: %q, stream_url: %q}\n", web.URL, "ws"+strings.TrimPrefix(web.URL, "http")+"/subscribe")
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), "sources:\n", section, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, path)
	until(t, patience, "the account is watched", func() bool { return watched(e.status(t), 1) })
	<-opened
	for i := range 2 {
		began := time.Now()
		sky.Post("harborlabs.example", blueskytest.Draft{Text: saying(i)})
		until(t, patience, "the post is shown", func() bool { return len(e.discord.Messages(readers)) > i })
		t.Logf("from the post to the channel: %s", time.Since(began).Round(time.Millisecond))
	}
}
