package fetch

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"onrecord/sources"
)

// transport applies to every hop what the rules say of a request.
type transport struct {
	next  http.RoundTripper
	own   http.RoundTripper // for the host that the operator named; nil: next
	hosts *hosts
	agent string
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := checkAddress(req.URL); err != nil {
		return nil, err
	}
	// A notifier that posts has pauses of its own to keep, and must be able to
	// tell what was sent from what was not.
	reading := req.Method == http.MethodGet || req.Method == http.MethodHead
	leave, err := t.hosts.enter(req.Context(), req.URL.Host, reading)
	if err != nil {
		return nil, err
	}
	named := req.Clone(req.Context())
	named.Header.Set("User-Agent", t.agent)
	next, first := t.next, origin(req)
	if t.own != nil && req.URL.Host == first.Host {
		next = t.own
	}
	resp, err := next.RoundTrip(named)
	if err != nil {
		leave()
		if told, ok := errors.AsType[*sources.Error](err); ok && req.URL.Host != first.Host {
			return nil, &sources.Error{Trouble: told.Trouble, Err: fmt.Errorf("%s leads elsewhere: %w; private addresses are for what the configuration names, never for redirects", sources.Redact(first), errors.Unwrap(told.Err))}
		}
		return nil, err
	}
	if s := resp.StatusCode; s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable {
		t.hosts.pause(req.URL.Host, sources.RetryAfter(resp.Header, time.Now()))
	}
	resp.Body = &body{ReadCloser: resp.Body, left: maxBody, leave: leave}
	return resp, nil
}

// origin is the address that was asked for before all redirects.
func origin(req *http.Request) *url.URL {
	for req.Response != nil && req.Response.Request != nil {
		req = req.Response.Request
	}
	return req.URL
}

// CloseIdleConnections lets [http.Client.CloseIdleConnections] through.
func (t *transport) CloseIdleConnections() {
	for _, next := range []http.RoundTripper{t.next, t.own} {
		if c, ok := next.(interface{ CloseIdleConnections() }); ok {
			c.CloseIdleConnections()
		}
	}
}

// body ends an answer that has no end and frees the host's slot when closed.
type body struct {
	io.ReadCloser
	left  int64
	leave func()
	once  sync.Once
}

func (b *body) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, sources.ErrTooLarge
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

func (b *body) Close() error {
	defer b.once.Do(b.leave)
	return b.ReadCloser.Close()
}

// checkAddress refuses what no public document is addressed by.
func checkAddress(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nonsense("the address leads to %.20q, not to http or https", u.Scheme)
	case u.User != nil:
		return nonsense("the address holds a user name or password; give credentials in the configuration of the source")
	}
	return nil
}

// checkRedirect decides about one hop. Downgrades to http are refused because
// anyone on the way could then change the words.
func checkRedirect(req *http.Request, via []*http.Request) error {
	last := via[len(via)-1]
	if err := checkAddress(req.URL); err != nil {
		return err
	}
	switch {
	case len(via) > maxHops && circle(req, via):
		return &sources.Error{Trouble: sources.Walled, Err: fmt.Errorf("%s leads in a circle of redirects and sets a cookie each time: it wants a browser, which is a kind of bot protection; ask the site for a feed that programs can read", sources.Redact(via[0].URL))}
	case len(via) > maxHops:
		return nonsense("%s leads through more than %d redirects; check the address in a browser", sources.Redact(via[0].URL), maxHops)
	case last.URL.Scheme == "https" && req.URL.Scheme == "http":
		return nonsense("%s leads from https to http at %s, where anyone on the way could change the words; if the site has no https, configure that http address", sources.Redact(via[0].URL), sources.Redact(req.URL))
	}
	req.Header.Del("Referer") // net/http would tell the next host our query, where tokens live
	if req.URL.Host != via[0].URL.Host {
		// net/http keeps them for subdomains and other ports.
		req.Header.Del("Authorization")
		req.Header.Del("Cookie")
	}
	return nil
}

// circle reports whether redirects lead back to where they were, with a cookie
// that seemingly was not what the site wanted to see.
func circle(req *http.Request, via []*http.Request) bool {
	again, cookie := false, false
	for _, r := range append(via, req) {
		again = again || r != req && r.URL.String() == req.URL.String()
		cookie = cookie || r.Response != nil && r.Response.Header.Get("Set-Cookie") != ""
	}
	return again && cookie
}

// refused says that an address is not public.
func refused(address string, why error) error {
	return &sources.Error{Trouble: sources.Denied, Err: fmt.Errorf("%s is not a public web address: %w; if you wrote it yourself and trust it, set allow_private: true for the source", address, why)}
}

func nonsense(format string, args ...any) error {
	return &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf(format, args...)}
}
