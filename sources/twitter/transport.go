package twitter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/dghubble/go-twitter/twitter"

	"onrecord/sources"
)

const (
	// maxAnswer bounds an answer; a hundred posts are far below a megabyte.
	maxAnswer = 8 << 20
	// maxSaid bounds what is shown of a server's own words.
	maxSaid = 500

	slow = time.Hour // for troubles that a person must end

	// The windows of version 1.1 are a quarter of an hour; a reset further away
	// than that and some slack is not believed.
	window  = 15 * time.Minute
	minWait = 5 * time.Second
	maxWait = window + time.Minute
)

// codeNoAccess is what X answers to every key of today that asks version 1.1;
// codeSuspended speaks of the account asked for.
// https://docs.x.com/x-api/fundamentals/response-codes-and-errors
const (
	codeNoAccess  = 453
	codeSuspended = 63
)

// call is one call of the library: its transport. The library's address is a
// constant, it takes no context and it holds every answer without an error list
// for a success, so all that is settled here: it sees good answers only.
type call struct {
	ctx    context.Context
	source *source
	opens  string // how a good answer begins: "[" or "{"
	body   []byte // the good answer

	refused int     // the status of any other
	problem problem // and what the server says of it
}

// library returns a go-twitter client whose one request is the call.
func (c *call) library() *twitter.Client { return twitter.NewClient(&http.Client{Transport: c}) }

// RoundTrip sends the request to the configured server.
func (c *call) RoundTrip(r *http.Request) (*http.Response, error) {
	req := r.Clone(c.ctx)
	req.Host = ""
	req.URL = c.source.base.JoinPath(strings.TrimPrefix(r.URL.Path, "/1.1"))
	req.URL.RawQuery = r.URL.RawQuery
	if c.source.config.BearerToken != "" {
		req.Header.Set("Authorization", "Bearer "+c.source.config.BearerToken)
	} else {
		req.SetBasicAuth(c.source.config.User, c.source.config.Password)
	}
	doc, err := sources.Read(c.source.client, req, maxAnswer)
	if err != nil {
		c.refused, c.problem = doc.Status, readProblem(doc.Body)
		return nil, refusal(doc, err, time.Now())
	}
	c.body = bytes.TrimSpace(doc.Body)
	if !bytes.HasPrefix(c.body, []byte(c.opens)) {
		return nil, foreign(doc)
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: doc.Header, Body: io.NopCloser(bytes.NewReader(c.body)), ContentLength: int64(len(c.body)), Request: r,
	}, nil
}

// failed says what an error of the library means. What it returned beside the
// error may be half of a list and must not be used.
func failed(err error) error {
	if told, ok := errors.AsType[*sources.Error](err); ok {
		return told
	}
	return &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("the server is not compatible with Twitter's API 1.1: %w", err)}
}

// foreign says that a good status came with something else than was asked for.
func foreign(doc sources.Document) error {
	address := sources.Redact(doc.URL)
	if doc.HTML() {
		return &sources.Error{Trouble: sources.Walled, Err: fmt.Errorf("GET %s: a page for people came back instead of data; check base_url", address)}
	}
	return &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("GET %s: the server is not compatible with Twitter's API 1.1%s; check base_url", address, readProblem(doc.Body).said())}
}

// problem is what a server says went wrong: a list of X, or one sentence of
// the others.
type problem struct {
	twitter.APIError
	Sentence string `json:"error"`
}

func readProblem(body []byte) problem {
	var p problem
	if json.Unmarshal(body, &p) != nil {
		return problem{}
	}
	return p
}

func (p problem) has(code int) bool {
	for _, e := range p.Errors {
		if e.Code == code {
			return true
		}
	}
	return false
}

// said quotes the server, or is empty.
func (p problem) said() string {
	words := p.Sentence
	if len(p.Errors) > 0 {
		words = p.Errors[0].Message
	}
	if words == "" {
		return ""
	}
	if len(words) > maxSaid {
		words = strings.ToValidUTF8(words[:maxSaid], "") + "…"
	}
	return fmt.Sprintf(": it says %q", words)
}

// refusal says what anything but a good answer means. err is what the status
// means anywhere; nothing came at all when the document has none.
func refusal(doc sources.Document, err error, now time.Time) error {
	var plain *sources.Error
	if !errors.As(err, &plain) || doc.Status < 400 {
		return err
	}
	p := readProblem(doc.Body)
	e := *plain
	e.Err = fmt.Errorf("%w%s", plain.Err, p.said())
	switch {
	case p.has(codeNoAccess):
		e.Trouble, e.Place, e.Retry = sources.Denied, true, now.Add(24*time.Hour)
		e.Err = errors.New("this key has no access to version 1.1 of X's API, and none sold today has: use source: x")
	case p.has(codeSuspended):
		e.Trouble, e.Retry = sources.Hidden, now.Add(slow)
	case doc.Status == http.StatusTooManyRequests:
		e.Retry = now.Add(waitFor(doc.Header, plain.Retry, now))
	case doc.Status == http.StatusUnauthorized:
		e.Place, e.Retry = true, now.Add(slow)
		e.Err = fmt.Errorf("%w; renew user and password or bearer_token of sources.twitter", e.Err)
	case doc.Status < 500:
		e.Retry = now.Add(slow)
	}
	return &e
}

// waitFor reads when a rate limit ends: from the header of Twitter, else from
// what the contract's general rule found, else it is a whole window.
func waitFor(h http.Header, general, now time.Time) time.Duration {
	if reset, err := strconv.ParseInt(h.Get("x-rate-limit-reset"), 10, 64); err == nil && reset > 1e8 { // a point in time, not a number of seconds
		return min(max(time.Unix(reset, 0).Sub(now), minWait), maxWait)
	}
	if !general.IsZero() {
		return general.Sub(now)
	}
	return window
}
