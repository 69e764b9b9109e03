package main

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord/sources/x/xtest"
)

// A hundred long posts of X make an answer larger than any feed may be. It is read through the same client.
func TestALargePageOfX(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.x.Account("harborlabs", "Harbor Labs")
	padded := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		e.x.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
		_, _ = w.Write([]byte(strings.Repeat(" ", 20<<20)))
	}))
	t.Cleanup(padded.Close)
	file := filepath.Join(t.TempDir(), "config.yaml")
	text := fictional + fmt.Sprintf("accounts:\n  - {source: x, handle: harborlabs, speaker: Harbor Labs}\nsources:\n  x: {bearer_token: %s, base_url: %q}\nweb: off\ndatabase: %q\n", xToken, padded.URL, filepath.Join(t.TempDir(), "t.db"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "run", "--once", "--config", file)
	e.x.Post("harborlabs", xtest.Post{Text: saying(3)})
	if said := command(t, "run", "--once", "--config", file); !strings.Contains(said, "Statement 003") {
		t.Errorf("what is in a large page was not told:\n%s", said)
	}
}

// The program is asked at its own address, which no proxy of the environment may stand before: a
// container listens on all of its addresses.
func TestHealthGoesByNoProxy(t *testing.T) {
	t.Parallel()
	own, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	listening := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"status":"ok","reasons":[],"notes":[]}`)
	})}
	go func() { _ = listening.Serve(own) }()
	t.Cleanup(func() { listening.Close() })
	asked := make(chan string, 10)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.String()
		w.WriteHeader(http.StatusBadGateway)
	}))
	t.Cleanup(proxy.Close)
	file := filepath.Join(t.TempDir(), "config.yaml")
	text := strings.Replace(oneAccount, "accounts:", fmt.Sprintf("web: {listen: %q}\naccounts:", own.Addr()), 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	health := exec.CommandContext(t.Context(), os.Args[0], "health", "--config", file) // a process reads such variables once
	health.Env = append(os.Environ(), asProgram+"=1", "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL, "NO_PROXY=", "no_proxy=")
	if out, err := health.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "ok") || len(asked) > 0 {
		t.Errorf("%v: %s; the proxy was asked for %d addresses", err, out, len(asked))
	}
}
