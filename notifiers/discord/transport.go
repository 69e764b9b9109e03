package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// requestTimeout is for one request with its answer. Discord answers within
	// a second; the caller's lease is longer.
	requestTimeout = 10 * time.Second
	idleTimeout    = 90 * time.Second
	// maxAnswer is more than a page of 100 messages can be.
	maxAnswer = 8 << 20
	// wallPause is the least rest after a page for people, which is what
	// Cloudflare shows to those who ask too often.
	wallPause = 10 * time.Minute
	maxPause  = 24 * time.Hour
)

// exchange is what was seen of one request. discordgo's own account of it is
// not used: it loses successes, statuses and waits.
type exchange struct {
	wrote   atomic.Bool // the header was written; if not, Discord certainly saw nothing
	err     error       // no answer came
	status  int         // 0: no answer came
	body    []byte
	bodyErr error // the answer was cut off

	code      int // Discord's own code of an error
	message   string
	errors    json.RawMessage // what Discord found wrong in the body
	json      bool            // the body is a JSON object or list
	retry     time.Duration   // the longer of what header and body tell; 0: neither does
	global    bool
	shared    bool // a limit that others use up as well
	bucket    string
	remaining int // -1: not told
	reset     time.Duration
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// transport brings discordgo's requests to the configured address and keeps
// what came of them in the exchange of the context. To discordgo every answer
// is an empty success: so it parses nothing, keeps no rate limits, repeats
// nothing and logs nothing.
type transport struct {
	base *url.URL
	next http.RoundTripper
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	x, ok := req.Context().Value(exchangeKey{}).(*exchange)
	if !ok {
		x = &exchange{}
	}
	out := req.Clone(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{WroteHeaders: func() { x.wrote.Store(true) }}))
	out.GetBody = nil // or net/http could send the request again by itself
	out.Host = ""
	t.rebase(out.URL)
	resp, err := t.next.RoundTrip(out)
	if err != nil {
		x.err = err
		return nil, err
	}
	defer resp.Body.Close()
	x.read(resp)
	return &http.Response{
		Status: "204 No Content", StatusCode: http.StatusNoContent, Proto: resp.Proto, ProtoMajor: resp.ProtoMajor, ProtoMinor: resp.ProtoMinor,
		Header: http.Header{}, Body: http.NoBody, Request: req,
	}, nil
}

// rebase replaces discordgo's address of the API, whose version is one behind.
func (t *transport) rebase(u *url.URL) {
	_, path, _ := strings.Cut(u.Path, "/api/v")
	_, path, _ = strings.Cut(path, "/")
	u.Scheme, u.Host, u.Path, u.RawPath = t.base.Scheme, t.base.Host, t.base.Path+"/"+path, ""
}

func (x *exchange) read(resp *http.Response) {
	x.status = resp.StatusCode
	x.body, x.bodyErr = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if len(x.body) > maxAnswer {
		x.bodyErr = io.ErrShortBuffer
	}
	h := resp.Header
	x.bucket = h.Get("X-RateLimit-Bucket")
	x.remaining = -1
	if n, err := strconv.Atoi(h.Get("X-RateLimit-Remaining")); err == nil && n >= 0 {
		x.remaining = n
	}
	x.reset = seconds(h.Get("X-RateLimit-Reset-After"))
	x.global = strings.EqualFold(h.Get("X-RateLimit-Global"), "true") || h.Get("X-RateLimit-Scope") == "global"
	x.shared = h.Get("X-RateLimit-Scope") == "shared"
	x.retry = seconds(h.Get("Retry-After"))
	if trimmed := bytes.TrimSpace(x.body); x.bodyErr != nil || len(trimmed) == 0 || trimmed[0] != '{' && trimmed[0] != '[' {
		return
	}
	x.json = json.Valid(x.body)
	if x.status >= 400 {
		x.refusal()
	}
}

// refusal reads the fields of an error one by one, so that one of an unexpected
// type does not hide the others.
func (x *exchange) refusal() {
	var fields map[string]json.RawMessage
	if json.Unmarshal(x.body, &fields) != nil {
		return
	}
	field := func(name string, into any) { _ = json.Unmarshal(fields[name], into) } // absent or odd: stays zero
	field("code", &x.code)
	field("message", &x.message)
	x.errors = fields["errors"]
	var global bool
	field("global", &global)
	x.global = x.global || global
	var retry json.Number
	field("retry_after", &retry)
	// For edits of published messages the header has been seen to say a second
	// and the body twenty minutes: https://github.com/discord/discord-api-docs/issues/6109
	x.retry = max(x.retry, seconds(retry.String()))
}

// seconds reads a number of seconds; what is no sensible wait is 0.
func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || f <= 0 {
		return 0
	}
	if f >= maxPause.Seconds() {
		return maxPause
	}
	return time.Duration(math.Ceil(f*1000)) * time.Millisecond
}

// ok reports whether Discord did what was asked.
func (x *exchange) ok() bool { return x.status >= 200 && x.status < 300 }

// walled reports an answer that did not come from Discord's API but from what
// stands before it.
func (x *exchange) walled() bool {
	return !x.json && (x.status == http.StatusTooManyRequests || x.status == http.StatusForbidden || x.status == http.StatusMethodNotAllowed)
}

// banned reports a refusal for too many requests that says neither when nor which
// of them: an address is banned for a while, and asking on makes it longer.
// https://github.com/discord/discord-api-docs/issues/5810
func (x *exchange) banned() bool {
	_, listed := codes[x.code]
	return x.status == http.StatusTooManyRequests && x.retry == 0 && x.reset == 0 && !listed
}
