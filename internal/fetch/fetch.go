// Package fetch lends the HTTP clients every source reads with. It owns what a
// request to an address from outside may do: which networks it reaches, how
// long and how large an answer may be, how many requests a host sees at once,
// and how the program names itself.
package fetch

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
	_ "golang.org/x/crypto/x509roots/fallback" // an image made from nothing has no roots of its own
)

const (
	connectTimeout = 10 * time.Second
	headerTimeout  = 10 * time.Second
	// totalTimeout covers redirects and the body: a server that sends a byte
	// now and then must not hold a request for ever.
	totalTimeout = 30 * time.Second
	maxHeader    = 64 << 10
	maxBody      = 24 << 20 // decompressed; no source allows more, most allow less
	maxHops      = 5
	perHost      = 2
	overall      = 16
	idleConns    = 8
	idleTimeout  = 30 * time.Second
)

// Options say who is asking.
type Options struct {
	Version string // of the program
	Contact string // the address at which a server's operator reaches ours; optional
	// Patience is how long a server may think before it answers; default 10 s.
	// Language models take longer than pages do.
	Patience time.Duration
}

// Clients are the two HTTP clients of the program. They share one account of
// which host is busy and which one asked for a rest.
type Clients struct {
	public, private *http.Client
	guarded, own    dial // for streams
	agent           string
}

// New returns the clients.
//
// Both speak http and https only, without a proxy, since behind one nobody
// knows which address is reached. Both follow at most 5 redirects, never from
// https to http, and take no credentials to another host. Errors that are the
// client's own decision are of type [sources.Error].
func New(o Options) *Clients {
	return build(o, &net.Dialer{Timeout: connectTimeout}, ssrf.New())
}

// Client returns the client for addresses from outside, which reaches public
// networks on ports 80 and 443 only, or the private one, which reaches any host
// that the operator wrote in the configuration. Where that one redirects to another
// host, it is an address from outside again.
func (c *Clients) Client(private bool) *http.Client {
	if private {
		return c.private
	}
	return c.public
}

func build(o Options, dialer *net.Dialer, guardian *ssrf.Guardian) *Clients {
	guarded := *dialer
	guarded.Control = func(network, address string, c syscall.RawConn) error {
		if err := guardian.Safe(network, address, c); err != nil {
			return refused(address, err)
		}
		return nil
	}
	h, agent, patience := newHosts(), userAgent(o), cmp.Or(o.Patience, headerTimeout)
	return &Clients{
		guarded: guarded.DialContext, own: dialer.DialContext, agent: agent,
		public:  newClient(&transport{next: network(guarded.DialContext, patience), hosts: h, agent: agent}, patience),
		private: newClient(&transport{next: network(guarded.DialContext, patience), own: network(dialer.DialContext, patience), hosts: h, agent: agent}, patience),
	}
}

// Endless returns a client for an answer that goes on for as long as both sides are there.
// It follows no redirect, and stands beside the count of connections: it keeps one.
func (c *Clients) Endless(private bool) *http.Client {
	reach := c.guarded
	if private {
		reach = c.own
	}
	t := network(reach, headersOfStream)
	t.MaxConnsPerHost = 0
	return &http.Client{
		Transport:     named{t, c.agent},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// headersOfStream is how long the headers of a stream may take: X sends them with its
// first sign of life, after 20 seconds.
const headersOfStream = 90 * time.Second

// named names the program in requests.
type named struct {
	next  http.RoundTripper
	agent string
}

func (n named) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := checkAddress(req.URL); err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	req.Header.Set("User-Agent", n.agent)
	return n.next.RoundTrip(req)
}

type dial func(ctx context.Context, network, address string) (net.Conn, error)

func newClient(t *transport, patience time.Duration) *http.Client {
	return &http.Client{Timeout: max(totalTimeout, patience), CheckRedirect: checkRedirect, Transport: t}
}

func network(d dial, patience time.Duration) *http.Transport {
	one := new(http.Protocols)
	one.SetHTTP1(true) // a stream of HTTP/2 would slip through the count of connections
	return &http.Transport{
		DialContext:            d,
		Protocols:              one,
		TLSHandshakeTimeout:    connectTimeout,
		ResponseHeaderTimeout:  patience,
		MaxResponseHeaderBytes: maxHeader,
		MaxConnsPerHost:        perHost,
		MaxIdleConnsPerHost:    perHost,
		MaxIdleConns:           idleConns,
		IdleConnTimeout:        idleTimeout,
	}
}

// userAgent names the program and whom to write to, as operators of servers ask
// of robots. Only whoever runs the program can be written to about what it does:
// no address of anybody else stands there. What could end the header or the comment is left out.
func userAgent(o Options) string {
	clean := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r <= ' ' || r > '~' || strings.ContainsRune(`();\`, r) {
				return -1
			}
			return r
		}, s)
	}
	agent := "onrecord"
	if v := clean(o.Version); v != "" {
		agent += "/" + v
	}
	if c := clean(o.Contact); c != "" {
		agent += " (+" + c + ")"
	}
	return agent
}
