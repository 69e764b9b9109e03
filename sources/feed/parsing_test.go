package feed

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"onrecord"
	"onrecord/sources"
)

// While a large document is parsed the next large one waits, and no small one does.
func TestNoSmallFeedWaitsForALargeOne(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size := 100
		if r.URL.Path == "/large" {
			size = smallDocument
		}
		fmt.Fprintf(w, `<rss version="2.0"><channel><item><guid isPermaLink="false">1</guid><title>t</title><description>%s</description></item></channel></rss>`, strings.Repeat("a ", size))
	}))
	defer server.Close()
	opened, err := (&Config{MaxBytes: defaultBytes}).Open(sources.Env{Client: func(bool) *http.Client { return server.Client() }})
	if err != nil {
		t.Fatal(err)
	}
	opened.(*source).parsing <- struct{}{} // somebody parses a large one
	page, err := opened.Pull(t.Context(), onrecord.Account{URL: server.URL + "/small"}, "")
	if err != nil || len(page.Posts) != 1 {
		t.Errorf("the small one gives %d posts, %v", len(page.Posts), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := opened.Pull(ctx, onrecord.Account{URL: server.URL + "/large"}, "")
		done <- err
	}()
	select {
	case err := <-done:
		t.Errorf("the large one did not wait: %v", err)
	default:
	}
	cancel()
	if err := <-done; err == nil {
		t.Error("the large one did not wait")
	}
}
