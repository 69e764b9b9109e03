package discord

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"onrecord/notifiers"
)

const (
	// maxInvalid bounds refused requests (401, 403 and 429 of our own making)
	// in ten minutes. Discord bans an address at 10,000:
	// https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
	maxInvalid    = 1000
	invalidWindow = 10 * time.Minute
)

// limiter keeps Discord's rate limits as its answers tell them; none is
// assumed. A bucket is shared by the routes that name it, for each channel.
// Requests of one route and channel go one after the other, so that a limit is
// known before the next one is sent.
type limiter struct {
	log *slog.Logger

	mu      sync.Mutex
	slots   map[string]chan struct{} // by route and channel
	names   map[string]string        // of buckets, by route and channel, as last told
	buckets map[string]*bucket       // by name and channel
	pause   time.Time                // nothing is sent before this
	invalid int                      // refused requests in the window
	window  time.Time                // when it began
}

// bucket is what is left of a limit.
type bucket struct {
	remaining int
	reset     time.Time
}

func newLimiter(log *slog.Logger) *limiter {
	return &limiter{log: log, slots: map[string]chan struct{}{}, names: map[string]string{}, buckets: map[string]*bucket{}}
}

// enter waits until the request may be sent, as long as that takes less than
// patience. leave must be called with what came of it.
func (l *limiter) enter(ctx context.Context, r route, patience time.Duration) (leave func(*exchange), err error) {
	slot := l.slot(r)
	select {
	case slot <- struct{}{}:
	case <-ctx.Done():
		return nil, notSent(ctx, r)
	}
	for {
		wait, scope := l.take(r)
		if wait <= 0 {
			return func(x *exchange) { l.learn(r, x); <-slot }, nil
		}
		if wait > patience {
			<-slot
			return nil, &notifiers.Error{Outcome: notifiers.Retry, Scope: scope, At: time.Now().Add(wait), Free: true, Err: fmt.Errorf("%s: Discord's rate limit is used up for %s", r.what, wait.Round(time.Millisecond))}
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			<-slot
			return nil, notSent(ctx, r)
		}
	}
}

// notSent is the end of the caller's patience before anything was sent.
func notSent(ctx context.Context, r route) error {
	return &notifiers.Error{Outcome: notifiers.Retry, Free: true, Err: fmt.Errorf("%s: not sent: %w", r.what, context.Cause(ctx))}
}

func (l *limiter) slot(r route) chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	slot := l.slots[r.limit()]
	if slot == nil {
		slot = make(chan struct{}, 1)
		l.slots[r.limit()] = slot
	}
	return slot
}

// take uses up one request, or says how long there is none.
func (l *limiter) take(r route) (time.Duration, notifiers.Scope) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if wait := l.pause.Sub(now); wait > 0 {
		return wait, notifiers.WholePlace
	}
	b := l.buckets[l.names[r.limit()]]
	if b == nil || !now.Before(b.reset) {
		return 0, ""
	}
	if b.remaining <= 0 {
		return b.reset.Sub(now), notifiers.OneDelivery
	}
	b.remaining--
	return 0, ""
}

// learn keeps what an answer says about limits.
func (l *limiter) learn(r route, x *exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.count(x, now)
	name := r.limit()
	if x.bucket != "" {
		name = x.bucket + " " + r.channel
	}
	switch {
	case x.walled() || x.banned() || x.code == codeBadUserAgent:
		l.rest(now, max(x.retry, wallPause), "Discord's edge refuses us")
	case x.status == http.StatusTooManyRequests && x.global:
		l.rest(now, max(cmp.Or(x.retry, x.reset), minPause), "global rate limit")
	case x.status == http.StatusTooManyRequests:
		l.names[r.limit()] = name
		l.buckets[name] = &bucket{reset: now.Add(max(cmp.Or(x.retry, x.reset), minPause))}
	case x.remaining >= 0 && x.reset > 0:
		l.names[r.limit()] = name
		l.buckets[name] = &bucket{remaining: x.remaining, reset: now.Add(x.reset)}
	}
}

// minPause is the least wait after a refusal.
const minPause = time.Second

func (l *limiter) rest(now time.Time, d time.Duration, why string) {
	if until := now.Add(d); until.After(l.pause) {
		l.pause = until
		l.log.Warn("discord: nothing is sent for a while", "why", why, "until", until.UTC())
	}
}

// count stops everything long before Discord would ban the address.
func (l *limiter) count(x *exchange, now time.Time) {
	refused := x.status == http.StatusUnauthorized || x.status == http.StatusForbidden || x.status == http.StatusTooManyRequests && !x.shared
	if !refused {
		return
	}
	if now.Sub(l.window) >= invalidWindow {
		l.window, l.invalid = now, 0
	}
	if l.invalid++; l.invalid >= maxInvalid {
		l.rest(now, l.window.Add(invalidWindow).Sub(now), fmt.Sprintf("%d requests were refused within ten minutes; check the token and permissions", l.invalid))
	}
}

// resting is how long nothing is sent.
func (l *limiter) resting() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Until(l.pause)
}

// noteRefusal counts a request that went around the limits, and heeds a wall.
func (l *limiter) noteRefusal(x *exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.count(x, now)
	if x.walled() || x.banned() || x.code == codeBadUserAgent {
		l.rest(now, max(x.retry, wallPause), "Discord's edge refuses us")
	}
}
