package webhook

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
	"onrecord/statements/card"
)

const (
	timeout   = 10 * time.Second
	maxAnswer = 64 << 10 // bytes that are read of an answer
	minWait   = time.Second
	banned    = 10 * time.Minute
	maxWait   = 24 * time.Hour
)

// post is one attempt.
type post struct {
	channel string // its id, for errors
	to      *url.URL
	discord bool
	body    message.Payload
	key     string
}

// send posts once. What net/http and a client make of a lost connection is
// settled by whether the request had begun to be written.
func (p post) send(ctx context.Context, client *http.Client) (notifiers.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address(), bytes.NewReader(p.body.Bytes))
	if err != nil {
		return notifiers.Receipt{}, p.failed(notifiers.Permanent, notifiers.WholeChannel, errors.New("its address is not one"))
	}
	req.GetBody = nil // or net/http could send it again by itself
	req.Header.Set("Content-Type", p.body.Type)
	if !p.discord {
		sum := sha256.Sum256([]byte(p.key))
		req.Header.Set("Idempotency-Key", hex.EncodeToString(sum[:]))
	}
	resp, err := client.Do(req)
	switch {
	case err != nil && !wrote.Load():
		e := p.failed(notifiers.Retry, notifiers.OneDelivery, fmt.Errorf("no connection: %w", p.bare(err)))
		e.Free = true
		return notifiers.Receipt{}, e
	case err != nil:
		return notifiers.Receipt{}, p.failed(notifiers.Unknown, notifiers.OneDelivery, fmt.Errorf("no answer: %w", p.bare(err)))
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)) // the status says enough
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		return notifiers.Receipt{ID: p.receipt(body)}, nil
	}
	return notifiers.Receipt{}, p.judge(resp, body)
}

// address asks Discord to answer with the message, since without that a lost
// one is no error, and to show link buttons.
// https://discord.com/developers/docs/resources/webhook#execute-webhook
func (p post) address() string {
	u := *p.to
	if p.discord {
		q := u.Query()
		q.Set("wait", "true")
		q.Set("with_components", "true")
		u.RawQuery = q.Encode()
	}
	u.Fragment = ""
	return u.String()
}

// receipt is the id of Discord's message; other programs give none.
func (p post) receipt(body []byte) string {
	var m struct {
		ID string `json:"id"`
	}
	if !p.discord || json.Unmarshal(body, &m) != nil {
		return ""
	}
	return m.ID
}

// judge says what a refusal means. Only what asks for patience is surely
// nothing posted and worth repeating; a server's failure may come after the
// notice was taken.
func (p post) judge(resp *http.Response, body []byte) error {
	why := errors.New("HTTP " + strconv.Itoa(resp.StatusCode))
	switch wait := patience(resp.Header, body); {
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode >= 400 && wait > 0:
		e := p.failed(notifiers.Retry, notifiers.OneDelivery, fmt.Errorf("%w: asked too often, or told to wait", why))
		e.Free = true
		switch {
		case wait > 0:
			e.At = time.Now().Add(max(wait, minWait))
		case p.discord: // it names a time for all but a ban
			e.At = time.Now().Add(banned)
		}
		return e
	case resp.StatusCode >= 500, resp.StatusCode == http.StatusRequestTimeout:
		return p.failed(notifiers.Unknown, notifiers.OneDelivery, fmt.Errorf("%w: the server failed", why))
	case resp.StatusCode < 400:
		return p.failed(notifiers.Permanent, notifiers.WholeChannel, fmt.Errorf("%w: it points elsewhere; configure the address where it ends", why))
	case p.discord && (resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusRequestEntityTooLarge):
		return p.failed(notifiers.Permanent, notifiers.OneDelivery, fmt.Errorf("%w: Discord refuses the message: %s", why, card.Line(string(body), maxReason)))
	default:
		return p.failed(notifiers.Permanent, notifiers.WholeChannel, fmt.Errorf("%w: the address refuses what is posted; check that the webhook still exists", why))
	}
}

const maxReason = 300 // characters of what Discord says

// patience reads Retry-After (seconds or a date) and Discord's retry_after; the
// longer one counts, and none is 0.
func patience(h http.Header, body []byte) time.Duration {
	var limit struct {
		RetryAfter float64 `json:"retry_after"`
	}
	_ = json.Unmarshal(body, &limit) // most have none
	wait := seconds(limit.RetryAfter)
	v := h.Get("Retry-After")
	if f, err := strconv.ParseFloat(v, 64); err == nil {
		wait = max(wait, seconds(f))
	} else if at, err := http.ParseTime(v); err == nil {
		wait = max(wait, time.Until(at))
	}
	return min(max(wait, 0), maxWait)
}

func seconds(f float64) time.Duration {
	if math.IsNaN(f) || f <= 0 {
		return 0
	}
	return time.Duration(min(f, maxWait.Seconds()) * float64(time.Second))
}

func (p post) failed(o notifiers.Outcome, scope notifiers.Scope, err error) *notifiers.Error {
	return &notifiers.Error{Outcome: o, Scope: scope, Err: fmt.Errorf("post to the webhook of channel %s at %s: %w", p.channel, p.to.Hostname(), err)}
}

// bare takes the address out of an error: net/http puts it around its own, and
// what is beneath may repeat a part of it.
func (p post) bare(err error) error {
	if around, ok := errors.AsType[*url.Error](err); ok {
		err = around.Err
	}
	text := err.Error()
	for _, secret := range []string{p.to.RawQuery, p.to.EscapedPath(), p.to.Path} {
		if len(secret) > 1 {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	return errors.New(text)
}
