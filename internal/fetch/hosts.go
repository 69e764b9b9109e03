package fetch

import (
	"context"
	"fmt"
	"sync"
	"time"

	"onrecord/sources"
)

// hosts counts the requests under way, so that no host sees more than two at
// once and a slow one does not take the slots of the others, and remembers
// which host asked for a rest.
type hosts struct {
	all   chan struct{}
	mu    sync.Mutex
	known map[string]*host
}

type host struct {
	slots chan struct{}
	users int       // requests under way or waiting
	rest  time.Time // no reading before this
	hangs time.Time // until then nobody waits for it: one that was under way, or waited, took too long
}

// queueing is how long a reading waits for others to the same host, and what one
// of them may take: whoever waits for a host that hangs keeps others from asking
// elsewhere.
const queueing = 10 * time.Second

// hanging is how long a host is remembered as one that hangs.
const hanging = time.Minute

func newHosts() *hosts {
	return &hosts{all: make(chan struct{}, overall), known: map[string]*host{}}
}

// enter waits for a slot. It fails at once when the host is resting and the
// request is one that reads. leave must be called once the answer was read.
func (hs *hosts) enter(ctx context.Context, name string, reading bool) (leave func(), err error) {
	h := hs.use(name)
	if err := hs.resting(h, name, reading); err != nil {
		hs.unuse(name)
		return nil, err
	}
	if err := hs.wait(ctx, h, name, reading); err != nil {
		hs.unuse(name)
		return nil, err
	}
	began := time.Now()
	free := func() {
		hs.took(h, time.Since(began))
		<-h.slots
		hs.unuse(name)
	}
	if err := hs.resting(h, name, reading); err != nil { // it may have asked while we waited
		free()
		return nil, err
	}
	select {
	case hs.all <- struct{}{}:
	case <-ctx.Done():
		free()
		return nil, fmt.Errorf("wait for %d other requests: %w", overall, ctx.Err())
	}
	return func() {
		<-hs.all
		free()
	}, nil
}

// wait waits for a slot of a host, for a reading as long as the host answers others.
func (hs *hosts) wait(ctx context.Context, h *host, name string, reading bool) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	default:
	}
	var enough <-chan time.Time
	hs.mu.Lock()
	hangs := time.Now().Before(h.hangs)
	hs.mu.Unlock()
	if reading && !hangs {
		enough = time.After(queueing)
	}
	if !reading || !hangs {
		select {
		case h.slots <- struct{}{}:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("wait for %d other requests to %s: %w", perHost, name, ctx.Err())
		case <-enough:
			hs.took(h, queueing)
		}
	}
	return &sources.Error{Trouble: sources.Unreached, Err: fmt.Errorf("%s has not answered %d other requests yet; nothing was sent", name, perHost)}
}

// took notes how long a request was under way, or waited.
func (hs *hosts) took(h *host, d time.Duration) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if d >= queueing {
		h.hangs = time.Now().Add(hanging)
	} else if h.users == 1 { // it keeps up with us
		h.hangs = time.Time{}
	}
}

func (hs *hosts) use(name string) *host {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h := hs.known[name]
	if h == nil {
		h = &host{slots: make(chan struct{}, perHost)}
		hs.known[name] = h
	}
	h.users++
	return h
}

func (hs *hosts) unuse(name string) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h := hs.known[name]
	if h.users--; h.users == 0 && !time.Now().Before(h.rest) && !time.Now().Before(h.hangs) {
		delete(hs.known, name)
	}
}

func (hs *hosts) resting(h *host, name string, reading bool) error {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if !reading || !time.Now().Before(h.rest) {
		return nil
	}
	return &sources.Error{Trouble: sources.Limited, Retry: h.rest, Err: fmt.Errorf("%s asked for a rest; nothing was sent", name)}
}

// pause keeps a host from being read until then. It is called by a request
// that is under way, so the host is known.
func (hs *hosts) pause(name string, until time.Time) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if h := hs.known[name]; until.After(h.rest) {
		h.rest = until
	}
}
