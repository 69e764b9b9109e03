package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"onrecord/sources"
)

// wire is a network without sockets, so that time can be a bubble's.
type wire struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
	dials atomic.Int32
}

func newWire() *wire { return &wire{conns: make(chan net.Conn), done: make(chan struct{})} }

func (w *wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	w.dials.Add(1)
	ours, theirs := net.Pipe()
	select {
	case w.conns <- theirs:
		return ours, nil
	case <-w.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.done:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error {
	w.once.Do(func() { close(w.done) })
	return nil
}

func (w *wire) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} }

// bubble serves a handler without sockets and runs the test on its client.
func bubble(t *testing.T, h http.HandlerFunc, test func(t *testing.T, client *http.Client, w *wire)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		client := newClient(&transport{next: network(w.dial, headerTimeout), hosts: newHosts(), agent: "onrecord"}, headerTimeout)
		server := &http.Server{Handler: h}
		go func() { _ = server.Serve(w) }()
		test(t, client, w)
		client.CloseIdleConnections()
		_ = server.Close()
	})
}

func TestSlowHeaderIsGivenUp(t *testing.T) {
	bubble(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		func(t *testing.T, client *http.Client, _ *wire) {
			began := time.Now()
			_, err := read(t, client, "http://slow.example/?token=hush")
			if took := time.Since(began); took != headerTimeout {
				t.Errorf("gave up after %s, want %s", took, headerTimeout)
			}
			if got := trouble(t, err); got != sources.Unreached || strings.Contains(err.Error(), "hush") {
				t.Errorf("got %q (%v), want unreachable, without the query", got, err)
			}
		})
}

func TestSlowBodyIsGivenUp(t *testing.T) {
	var sent atomic.Int32
	drip := func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			if _, err := w.Write([]byte(".")); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			sent.Add(1)
			select {
			case <-tick.C:
			case <-r.Context().Done():
				return
			}
		}
	}
	bubble(t, drip, func(t *testing.T, client *http.Client, _ *wire) {
		began := time.Now()
		_, err := read(t, client, "http://slow.example/")
		if took := time.Since(began); took != totalTimeout || sent.Load() < 20 {
			t.Errorf("gave up after %s and %d bytes, want %s", took, sent.Load(), totalTimeout)
		}
		if got := trouble(t, err); got != sources.Unreached {
			t.Errorf("got %q (%v), want unreachable", got, err)
		}
	})
}

func TestHugeHeaderIsRefused(t *testing.T) {
	t.Parallel()
	clients, address := public(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 2*maxHeader))
	})
	if _, err := read(t, clients.Client(false), address); trouble(t, err) != sources.Unreached {
		t.Errorf("got %v, want unreachable", err)
	}
}

func TestEndlessBodyIsCut(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	clients, address := public(t, func(w http.ResponseWriter, _ *http.Request) {
		for {
			n, err := w.Write(make([]byte, 32<<10))
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	if _, err := read(t, clients.Client(false), address); !errors.Is(err, sources.ErrTooLarge) {
		t.Errorf("got %v, want too large", err)
	}
	// Whoever forgets to limit what it reads meets the client's own end.
	resp, err := get(t, clients.Client(false), address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if n != maxBody || !errors.Is(err, sources.ErrTooLarge) {
		t.Errorf("read %d bytes, then %v; want %d, then too large", n, err, maxBody)
	}
}

func TestGzipBombIsCutAfterInflating(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	zw := gzip.NewWriter(&packed)
	for range 16 {
		_, _ = zw.Write(make([]byte, 1<<20))
	}
	_ = zw.Close()
	var asked atomic.Int32
	clients, address := public(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			t.Error("the client does not take gzip")
		}
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	})
	_, err := read(t, clients.Client(false), address)
	if asked.Load() != 1 || !errors.Is(err, sources.ErrTooLarge) {
		t.Errorf("asked %d times for %d bytes, got %v; want too large", asked.Load(), packed.Len(), err)
	}
}

func TestFewRequestsAtOnce(t *testing.T) {
	var mu sync.Mutex
	now, most := map[string]int{}, map[string]int{}
	count := func(host string, by int) {
		mu.Lock()
		defer mu.Unlock()
		for _, k := range []string{host, "all"} {
			now[k] += by
			most[k] = max(most[k], now[k])
		}
	}
	h := func(_ http.ResponseWriter, r *http.Request) {
		count(r.Host, 1)
		time.Sleep(time.Second)
		count(r.Host, -1)
	}
	bubble(t, h, func(t *testing.T, client *http.Client, _ *wire) {
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				if _, err := read(t, client, fmt.Sprintf("http://h%d.example/", i%12)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most["h0.example"] != perHost || most["all"] != overall {
			t.Errorf("at most %d at one host and %d at all, want %d and %d", most["h0.example"], most["all"], perHost, overall)
		}
	})
}

// A host that hangs holds its own two slots, never those of the others.
func TestSlowHostDoesNotHoldUpOthers(t *testing.T) {
	h := func(_ http.ResponseWriter, r *http.Request) {
		if r.Host == "slow.example" {
			<-r.Context().Done()
		}
	}
	bubble(t, h, func(t *testing.T, client *http.Client, _ *wire) {
		var wg sync.WaitGroup
		for range 2 * overall {
			wg.Go(func() {
				if _, err := read(t, client, "http://slow.example/"); err == nil {
					t.Error("the slow host answered")
				}
			})
		}
		synctest.Wait()
		began := time.Now()
		if _, err := read(t, client, "http://quick.example/"); err != nil || time.Since(began) != 0 {
			t.Errorf("the quick host took %s: %v", time.Since(began), err)
		}
		wg.Wait()
	})
}

// Who would wait for a host that hangs is turned away at once, so that whoever asks
// can ask elsewhere, until the host answers again. A message is never turned away.
func TestNobodyQueuesForAHostThatHangs(t *testing.T) {
	for _, slow := range []time.Duration{time.Hour, 9 * time.Second} {
		var well atomic.Bool
		var asked atomic.Int32
		h := func(_ http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			if !well.Load() {
				select {
				case <-r.Context().Done():
				case <-time.After(slow):
				}
			}
		}
		bubble(t, h, func(t *testing.T, client *http.Client, _ *wire) {
			var wg sync.WaitGroup
			crowd := func() {
				for range overall {
					wg.Go(func() { _, _ = read(t, client, "http://slow.example/") })
				}
			}
			crowd()
			time.Sleep(queueing + time.Second) // two are under way again
			crowd()
			synctest.Wait()
			before := asked.Load()
			for range 100 {
				began := time.Now()
				_, err := read(t, client, "http://slow.example/")
				if got := trouble(t, err); got != sources.Unreached || time.Since(began) != 0 || asked.Load() != before {
					t.Fatalf("one more waits for %s and is told %v", time.Since(began), err)
				}
			}
			sent := make(chan error)
			go func() {
				req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://slow.example/", strings.NewReader("a message"))
				resp, err := client.Do(req)
				if err == nil {
					resp.Body.Close()
				}
				sent <- err
			}()
			synctest.Wait()
			well.Store(true)
			if err := <-sent; err != nil {
				t.Errorf("a message is not sent: %v", err)
			}
			wg.Wait()
			for range 3 {
				if _, err := read(t, client, "http://slow.example/"); err != nil {
					t.Error(err)
				}
			}
			crowd()
			wg.Wait()
		})
	}
}

func TestHostThatAsksForARestGetsOne(t *testing.T) {
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			var asked, posted atomic.Int32
			h := func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					posted.Add(1)
				}
				if asked.Add(1) == 1 {
					w.Header().Set("Retry-After", "300")
					w.WriteHeader(status)
				}
			}
			bubble(t, h, func(t *testing.T, client *http.Client, _ *wire) {
				until := time.Now().Add(5 * time.Minute)
				if _, err := read(t, client, "http://busy.example/a"); err == nil {
					t.Fatal("the first answer was no error")
				}
				_, err := read(t, client, "http://busy.example/b?token=hush")
				var told *sources.Error
				if !errors.As(err, &told) || told.Trouble != sources.Limited || !told.Retry.Equal(until) || asked.Load() != 1 {
					t.Errorf("the resting host was asked %d times, got %v; want limited until %s", asked.Load(), err, until)
				}
				if _, err := read(t, client, "http://other.example/"); err != nil {
					t.Errorf("another host: %v", err)
				}
				if post, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://busy.example/", http.NoBody); err != nil {
					t.Error(err)
				} else if _, err := sources.Read(client, post, 1); err != nil || posted.Load() != 1 {
					t.Errorf("a post was held back: %v", err)
				}
				time.Sleep(5 * time.Minute)
				if _, err := read(t, client, "http://busy.example/a"); err != nil {
					t.Errorf("after the rest: %v", err)
				}
			})
		})
	}
}

func TestSlotsAreFreedAfterFailures(t *testing.T) {
	h := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half"))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	bubble(t, h, func(t *testing.T, client *http.Client, w *wire) {
		for range 3 * overall {
			if _, err := read(t, client, "http://cut.example/"); trouble(t, err) != sources.Unreached {
				t.Fatalf("got %v, want unreachable", err)
			}
		}
		if w.dials.Load() == 0 {
			t.Error("nothing was dialled")
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for range 3 * overall {
			req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://cut.example/", http.NoBody)
			if _, err := sources.Read(client, req, 1); !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v, want canceled", err)
			}
		}
		tr := client.Transport.(*transport)
		if len(tr.hosts.all) != 0 || len(tr.hosts.known) != 0 {
			t.Errorf("%d slots and %d hosts are still held", len(tr.hosts.all), len(tr.hosts.known))
		}
	})
}

func TestConnectionsAreReusedAndLetGo(t *testing.T) {
	bubble(t, func(http.ResponseWriter, *http.Request) {}, func(t *testing.T, client *http.Client, w *wire) {
		for range 10 {
			if _, err := read(t, client, "http://northwind.example/"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if w.dials.Load() != 1 {
			t.Errorf("ten requests in ten seconds dialled %d times, want once", w.dials.Load())
		}
		time.Sleep(2 * idleTimeout)
		if _, err := read(t, client, "http://northwind.example/"); err != nil || w.dials.Load() != 2 {
			t.Errorf("after a minute: %v, %d connections, want a second one", err, w.dials.Load())
		}
	})
}

func get(t *testing.T, client *http.Client, address string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return client.Do(req)
}
