package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"code.dny.dev/ssrf"

	"onrecord/internal/beside"
	"onrecord/sources"
)

// public starts a server on 127.0.0.2 and returns clients that hold that one
// address to be public, and everything else to be what it is.
func public(t *testing.T, h http.HandlerFunc) (clients *Clients, address string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.2:0")
	if err != nil {
		beside.LeaveOut(t, fmt.Sprintf("no second loopback address on this machine: %v", err))
	}
	s := httptest.NewUnstartedServer(h)
	s.Listener.Close()
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
	c := build(Options{Version: "9.9"}, &net.Dialer{Timeout: connectTimeout},
		ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(netip.MustParsePrefix("127.0.0.2/32"))))
	t.Cleanup(c.public.CloseIdleConnections)
	t.Cleanup(c.private.CloseIdleConnections)
	return c, s.URL
}

func read(t *testing.T, client *http.Client, address string) (sources.Document, error) {
	t.Helper()
	req, err := sources.NewGet(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return sources.Read(client, req, 1<<20)
}

func trouble(t *testing.T, err error) sources.Trouble {
	t.Helper()
	var told *sources.Error
	if !errors.As(err, &told) {
		t.Fatalf("got %v, want a *sources.Error", err)
	}
	return told.Trouble
}

func TestPrivateNetworksAreOutOfReach(t *testing.T) {
	t.Parallel()
	for _, host := range []string{
		"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "10.1.2.3", "172.16.9.9", "192.168.0.1", "100.64.0.7",
		"169.254.169.254", "198.18.0.1", "192.0.0.8", "240.0.0.1", "[fe80::1]", "[fc00::7]", "[::ffff:10.0.0.1]",
		"[::127.0.0.1]", "[64:ff9b::a00:1]", "[64:ff9b:1::a00:1]", "[2002:a00:1::1]", "[2001:0:a00:1::1]", "[3fff::1]", "[5f00::1]",
	} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			_, err := read(t, New(Options{}).Client(false), "http://"+host+"/feed?token=hush")
			if got := trouble(t, err); got != sources.Denied {
				t.Fatalf("got %q (%v), want denied", got, err)
			}
			if !errors.Is(err, ssrf.ErrProhibitedIP) {
				t.Errorf("got %v, want the guard's refusal", err)
			}
			if strings.Contains(err.Error(), "hush") {
				t.Errorf("the error shows the query: %v", err)
			}
		})
	}
}

func TestUnusualPortsAreOutOfReach(t *testing.T) {
	t.Parallel()
	_, err := read(t, New(Options{}).Client(false), "http://93.184.215.14:6379/")
	if !errors.Is(err, ssrf.ErrProhibitedPort) {
		t.Errorf("got %v, want the guard's refusal of port 6379", err)
	}
}

func TestRedirectsIntoPrivateNetworks(t *testing.T) {
	t.Parallel()
	for _, target := range []string{
		"http://127.0.0.1:%s/", "http://localhost:%s/", "http://[::1]:%s/", "http://10.0.0.1/", "http://100.64.0.1/",
		"http://169.254.169.254/latest/meta-data/", "http://[64:ff9b::7f00:1]/",
	} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			var inside atomic.Int32
			secret := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside.Add(1) }))
			defer secret.Close()
			_, port, _ := net.SplitHostPort(secret.Listener.Addr().String())
			to := target
			if strings.Contains(target, "%s") {
				to = fmt.Sprintf(target, port)
			}
			var hops atomic.Int32
			clients, address := public(t, func(w http.ResponseWriter, r *http.Request) {
				hops.Add(1)
				http.Redirect(w, r, to, http.StatusFound)
			})
			_, err := read(t, clients.Client(false), address)
			if hops.Load() != 1 || inside.Load() != 0 {
				t.Errorf("asked the public server %d times and the private one %d times, want 1 and 0", hops.Load(), inside.Load())
			}
			if got := trouble(t, err); got != sources.Denied {
				t.Errorf("got %q (%v), want denied", got, err)
			}
		})
	}
}

func TestRedirectsThatAreRefused(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"file:///etc/passwd":             "not to http or https",
		"gopher://northwind.example/":    "not to http or https",
		"http://dana:pw@%s/":             "user name or password",
		"/round?and=round":               "more than 5 redirects",
		"javascript:alert(1)":            "not to http or https",
		"ftp://northwind.example/x?a=b":  "not to http or https",
		"data:text/xml,<rss></rss>?a=bc": "not to http or https",
	} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			var hops atomic.Int32
			clients, address := public(t, func(w http.ResponseWriter, r *http.Request) {
				hops.Add(1)
				to := target
				if strings.Contains(target, "%s") {
					to = fmt.Sprintf(target, r.Host)
				}
				w.Header().Set("Location", to)
				w.WriteHeader(http.StatusMovedPermanently)
			})
			_, err := read(t, clients.Client(false), address+"/?token=hush")
			if got := trouble(t, err); got != sources.Nonsense {
				t.Errorf("got %q, want nonsense", got)
			}
			if hops.Load() == 0 || hops.Load() > maxHops+1 {
				t.Errorf("the server was asked %d times", hops.Load())
			}
			if msg := err.Error(); !strings.Contains(msg, want) || strings.Contains(msg, "hush") || strings.Contains(msg, "pw") {
				t.Errorf("error %q: want it to say %q and to hold no secret", msg, want)
			}
		})
	}
}

func TestRedirectsThatAreFollowed(t *testing.T) {
	t.Parallel()
	clients, address := public(t, func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) <= maxHops {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusPermanentRedirect)
			return
		}
		_, _ = w.Write([]byte("here"))
	})
	d, err := read(t, clients.Client(false), address+"/")
	if err != nil || string(d.Body) != "here" || d.URL.Path != "/xxxxx" {
		t.Errorf("got %q at %v, %v", d.Body, d.URL, err)
	}
}

// The rule for downgrades is looked at alone: net/http asks it for every hop.
func TestNoWayFromHTTPSToHTTP(t *testing.T) {
	t.Parallel()
	hop := func(address string) *http.Request {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		return req
	}
	secure, plain := hop("https://northwind.example/feed?token=hush"), hop("http://northwind.example/feed")
	err := checkRedirect(plain, []*http.Request{secure})
	if err == nil || trouble(t, err) != sources.Nonsense || strings.Contains(err.Error(), "hush") {
		t.Errorf("https to http gave %v, want a refusal without the query", err)
	}
	if err := checkRedirect(secure, []*http.Request{plain}); err != nil {
		t.Errorf("http to https was refused: %v", err)
	}
}

// Permission is for the host that the operator wrote: not for one it sends us to.
func TestPermissionEndsAtARedirect(t *testing.T) {
	t.Parallel()
	var inside atomic.Int32
	secret := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside.Add(1) }))
	defer secret.Close()
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, secret.URL+"/latest/meta-data/", http.StatusFound)
		case "/here":
			http.Redirect(w, r, "/there", http.StatusFound)
		}
	}))
	defer own.Close()
	clients := New(Options{})
	defer clients.Client(true).CloseIdleConnections()
	if _, err := read(t, clients.Client(true), own.URL+"/here"); err != nil {
		t.Errorf("a redirect within the host: %v", err)
	}
	_, err := read(t, clients.Client(true), own.URL+"/away")
	if inside.Load() != 0 || err == nil || trouble(t, err) != sources.Denied || !strings.Contains(err.Error(), "never for redirects") {
		t.Errorf("a redirect to another private host: %v, asked %d times", err, inside.Load())
	}
}

// Many sites give a reader a cookie and send it back to where it came from.
func TestCookiesLiveThroughOneChainOfRedirects(t *testing.T) {
	t.Parallel()
	var before atomic.Int32
	clients, address := public(t, func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("seen")
		switch {
		case r.URL.Path == "/never":
			http.SetCookie(w, &http.Cookie{Name: "other", Value: "1"})
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		case err != nil:
			before.Add(1)
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes", Path: "/"})
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		default:
			_, _ = w.Write([]byte(c.Value))
		}
	})
	for range 2 { // the second time begins without the cookie of the first
		d, err := read(t, clients.Client(false), address+"/")
		if err != nil || string(d.Body) != "yes" {
			t.Errorf("got %q, %v", d.Body, err)
		}
	}
	if before.Load() != 2 {
		t.Errorf("came %d times without a cookie, want 2", before.Load())
	}
	_, err := read(t, clients.Client(false), address+"/never?token=hush")
	if err == nil || trouble(t, err) != sources.Walled || !strings.Contains(err.Error(), "cookie") || strings.Contains(err.Error(), "hush") {
		t.Errorf("a cookie is never enough: %v", err)
	}
}

func TestCredentialsStayAtTheirHost(t *testing.T) {
	t.Parallel()
	var got []http.Header
	clients, address := public(t, func(_ http.ResponseWriter, r *http.Request) { got = append(got, r.Header.Clone()) })
	// The query of the first address must not reach the second host either.
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Clone())
		http.Redirect(w, r, address, http.StatusFound)
	}))
	defer first.Close()
	req, err := sources.NewGet(t.Context(), first.URL+"/?token=hush")
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer hush")
	req.Header.Set("Cookie", "session=hush")
	if _, err := sources.Read(clients.Client(true), req, 1<<10); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 {
		t.Fatalf("%d hops, want 2", len(got))
	}
	if got[0].Get("Authorization") == "" {
		t.Error("the first host did not get the credentials")
	}
	for name := range got[1] {
		if strings.Contains(got[1].Get(name), "hush") {
			t.Errorf("the second host was told %s: %q", name, got[1].Get(name))
		}
	}
}

func TestSameNameOtherPortIsAnotherHost(t *testing.T) {
	t.Parallel()
	first, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://northwind.example/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"https://northwind.example:8443/", "https://sub.northwind.example/"} {
		next := first.Clone(context.Background())
		next.URL, _ = url.Parse(address)
		next.Header.Set("Authorization", "Bearer hush")
		if err := checkRedirect(next, []*http.Request{first}); err != nil {
			t.Fatal(err)
		}
		if next.Header.Get("Authorization") != "" {
			t.Errorf("%s got the credentials of northwind.example", address)
		}
	}
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	var got []string
	clients, address := public(t, func(_ http.ResponseWriter, r *http.Request) { got = append(got, r.UserAgent()) })
	req, err := sources.NewGet(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0")
	if _, err := sources.Read(clients.Client(false), req, 1<<10); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0] != "onrecord/9.9" {
		t.Errorf("got %q", got)
	}
	if ua := userAgent(Options{Version: "1\r\nX: y", Contact: "mailto:desk@northwind.example)"}); ua != "onrecord/1X:y (+mailto:desk@northwind.example)" {
		t.Errorf("got %q", ua)
	}
}
