package sources

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Document is a whole answer of a place.
type Document struct {
	Status int
	Header http.Header
	Body   []byte
	URL    *url.URL // after redirects
	Moved  bool     // for good, says every redirect on the way (301, 308)
}

// ErrTooLarge says that a body exceeds its limit.
var ErrTooLarge = errors.New("the answer is too large")

// Retry-After is believed between these bounds; a server that says "now" or
// "next year" is not.
const (
	minRetry = time.Minute
	maxRetry = 24 * time.Hour
)

// Read sends a request and reads at most limit bytes of the (decompressed)
// answer. It returns the document for 2xx and 304, and an [*Error] that says
// what any other answer means. Errors never contain the query of the address,
// where tokens live. A place with its own meaning for a status reads the
// document that comes with the error.
//
// Cookies live as long as the one request with its redirects: sites that set one
// and send the reader back would do so for ever without, and nobody is followed.
func Read(client *http.Client, req *http.Request, limit int64) (Document, error) {
	following := *client
	following.Jar, _ = cookiejar.New(nil) // cannot fail
	resp, err := following.Do(req)
	if err != nil {
		if told, ok := errors.AsType[*Error](err); ok {
			return Document{}, told
		}
		return Document{}, &Error{Trouble: Unreached, Err: fmt.Errorf("%s %s: %w", req.Method, Redact(req.URL), bare(err))}
	}
	defer resp.Body.Close()
	d := Document{Status: resp.StatusCode, Header: resp.Header, URL: resp.Request.URL, Moved: moved(resp)}
	d.Body, err = io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return d, &Error{Trouble: Unreached, Err: fmt.Errorf("read %s: %w", Redact(req.URL), bare(err))}
	case int64(len(d.Body)) > limit:
		d.Body = d.Body[:limit]
		return d, &Error{Trouble: Nonsense, Err: fmt.Errorf("read %s: %w: more than %d bytes", Redact(req.URL), ErrTooLarge, limit)}
	}
	return d, d.err(req)
}

// moved reports whether an answer was found by redirects that are all for good.
func moved(resp *http.Response) bool {
	hops := 0
	for via := resp.Request.Response; via != nil; via = via.Request.Response {
		if via.StatusCode != http.StatusMovedPermanently && via.StatusCode != http.StatusPermanentRedirect {
			return false
		}
		hops++
	}
	return hops > 0
}

// large is from where on an answer is decoded alone: what it becomes takes several
// times its bytes, and many accounts may be answered at the same time.
const large = 1 << 20

var decoding sync.Mutex

// Decode decodes an answer in JSON into v.
func (d Document) Decode(v any) error {
	if len(d.Body) >= large {
		decoding.Lock()
		defer decoding.Unlock()
	}
	return json.Unmarshal(d.Body, v)
}

// JSON decodes the answer to a request into v. A page for people is a wall.
func (d Document) JSON(req *http.Request, v any) error {
	switch err := d.Decode(v); {
	case err == nil:
		return nil
	case d.HTML():
		return &Error{Trouble: Walled, Err: fmt.Errorf("read %s: a page for people came back instead of data", Redact(req.URL))}
	default:
		return NonsenseError("read %s: %w", Redact(req.URL), err)
	}
}

// ValidateBase says what is wrong with the setting base_url of a place, where like is a
// right one. secret names what travels there with every request, such as the token; "":
// nothing does. Who is on the way could read it where the connection is not encrypted, so
// that is for this machine only.
func ValidateBase(address, like, secret string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("base_url: must be an address like " + like)
	case secret != "" && u.Scheme == "http" && !onThisMachine(u.Hostname()):
		return fmt.Errorf("base_url: must begin with https:// unless the host is this machine, since the %s travels with every request", secret)
	}
	return nil
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// NewGet is a GET request with the context; it fails only on an address that
// does not parse, and says so without repeating it.
func NewGet(ctx context.Context, address string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, &Error{Trouble: Nonsense, Err: errors.New("the configured address is not a URL")}
	}
	return req, nil
}

// HTML reports whether the document is a page for people.
func (d Document) HTML() bool {
	if t, _, _ := mime.ParseMediaType(d.Header.Get("Content-Type")); t == "text/html" {
		return true
	}
	head := strings.ToLower(strings.TrimSpace(string(d.Body[:min(len(d.Body), 256)])))
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html")
}

// challenged reports whether what stands before a site sends readers a riddle for
// their browser. AWS WAF answers with 202 and nothing, or a script, or 405 and a picture
// puzzle, Cloudflare with any status; both say so in a header that proxies may drop.
// https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html
// https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
func (d Document) challenged() bool {
	return d.Header.Get("X-Amzn-Waf-Action") != "" || d.Header.Get("Cf-Mitigated") == "challenge" ||
		d.Status == http.StatusAccepted && (len(bytes.TrimSpace(d.Body)) == 0 || d.HTML()) ||
		d.Status == http.StatusMethodNotAllowed && len(bytes.TrimSpace(d.Body)) == 0
}

// err maps a status to its meaning.
func (d Document) err(req *http.Request) error {
	fail := func(t Trouble, what string) error {
		return &Error{Trouble: t, Retry: RetryAfter(d.Header, time.Now()), Err: fmt.Errorf("%s %s: HTTP %d: %s", req.Method, Redact(req.URL), d.Status, what)}
	}
	switch s := d.Status; {
	case d.challenged():
		return fail(Walled, "bot protection wants a browser")
	case s >= 200 && s < 300, s == http.StatusNotModified:
		return nil
	case s == http.StatusUnauthorized:
		return fail(Denied, "the credentials were refused")
	case (s == http.StatusForbidden || s == http.StatusMethodNotAllowed || s == http.StatusNotAcceptable) && d.HTML():
		return fail(Walled, "a page for people came back, probably bot protection")
	case s == http.StatusForbidden:
		return fail(Denied, "access was refused")
	case s == http.StatusNotFound, s == http.StatusGone:
		return fail(Gone, "nothing is there; check the handle or address")
	case s == http.StatusTooManyRequests:
		return fail(Limited, "asked too often")
	case s >= 500:
		return fail(Unreached, "the server failed")
	default:
		return fail(Nonsense, "an answer nobody expects here")
	}
}

// RetryAfter reads Retry-After (seconds or a date), X-RateLimit-Reset or
// RateLimit-Reset (seconds, Unix seconds or an ISO time), believed between one
// minute and a day. It is zero when the headers say nothing usable.
func RetryAfter(h http.Header, now time.Time) time.Time {
	v := cmp.Or(h.Get("Retry-After"), h.Get("X-RateLimit-Reset"), h.Get("RateLimit-Reset"))
	at := time.Time{}
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		if n > 1e9 { // no wait is thirty years long: a point in time
			at = time.Unix(n, 0)
		} else {
			at = now.Add(time.Duration(n) * time.Second)
		}
	} else if t, err := http.ParseTime(v); err == nil {
		at = t
	} else if t, err := time.Parse(time.RFC3339, v); err == nil {
		at = t
	}
	if at.IsZero() {
		return at
	}
	if lo := now.Add(minRetry); at.Before(lo) {
		return lo
	}
	if hi := now.Add(maxRetry); at.After(hi) {
		return hi
	}
	return at
}

// bare strips the address that net/http puts around its errors.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
