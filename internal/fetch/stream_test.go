package fetch

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"onrecord/sources"
)

func TestStream(t *testing.T) {
	t.Parallel()
	agent := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up := websocket.Upgrader{}
		c, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		agent <- r.UserAgent()
		_ = c.WriteMessage(websocket.TextMessage, []byte("one"))
		_ = c.WriteMessage(websocket.TextMessage, []byte(strings.Repeat("x", 2*maxMessage)))
	}))
	t.Cleanup(server.Close)
	clients := New(Options{Version: "9.9", Contact: "mailto:desk@newsroom.example"})
	address := "ws" + strings.TrimPrefix(server.URL, "http")
	if _, err := clients.Stream(t.Context(), address, false); trouble(t, err) != sources.Denied {
		t.Errorf("a private address: %v", err)
	}
	s, err := clients.Stream(t.Context(), address, true)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := s.Next(); err != nil || string(m) != "one" {
		t.Errorf("got %q, %v", m, err)
	}
	if got := <-agent; got != "onrecord/9.9 (+mailto:desk@newsroom.example)" {
		t.Errorf("the place sees %q", got)
	}
	if _, err := s.Next(); trouble(t, err) != sources.Unreached {
		t.Errorf("a message without end: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"https://place.example/", "ws://a:hush@place.example/", "::"} {
		if _, err := clients.Stream(t.Context(), bad, true); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	server.Close()
	if _, err := clients.Stream(t.Context(), address+"/?token=hush", true); trouble(t, err) != sources.Unreached || strings.Contains(err.Error(), "hush") {
		t.Errorf("nobody is there: %v", err)
	}
}

// one is a listener of a single connection.
type one struct{ conns chan net.Conn }

func (o one) Accept() (net.Conn, error) {
	c, ok := <-o.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (o one) Close() error   { return nil }
func (o one) Addr() net.Addr { return &net.TCPAddr{} }

// A place that is there answers when it is asked so, however little it has to say; one
// that went away without a word is not waited for.
func TestAStreamThatIsSilent(t *testing.T) {
	for name, there := range map[string]bool{"a place that is there": true, "a place that went away": false} {
		synctest.Test(t, func(t *testing.T) {
			ours, theirs := net.Pipe()
			l := one{conns: make(chan net.Conn, 1)}
			l.conns <- theirs
			server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				c, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
				if err != nil {
					return
				}
				if !there {
					c.SetPingHandler(func(string) error { return nil })
				}
				for err == nil { // pings are answered as long as somebody reads
					_, _, err = c.ReadMessage()
				}
			})}
			go func() { _ = server.Serve(l) }()
			clients := New(Options{})
			clients.own = func(context.Context, string, string) (net.Conn, error) { return ours, nil }
			s, err := clients.Stream(t.Context(), "ws://place.example/", true)
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			time.AfterFunc(10*time.Minute, func() { s.Close() })
			_, err = s.Next()
			if after := time.Since(began); err == nil || there != (after >= 10*time.Minute) || !there && after > 2*time.Minute {
				t.Errorf("%s: the stream ended after %s, %v", name, after, err)
			}
			s.Close()
			theirs.Close()
			close(l.conns)
			server.Close()
			clients.public.CloseIdleConnections()
		})
	}
}
