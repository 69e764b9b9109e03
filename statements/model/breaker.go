package model

import (
	"sync"
	"time"
)

const (
	// After this many failures of the service in a row nothing is asked …
	mostFailures = 3
	// … for this long, or as long as the service says, within limits. Then one
	// question is tried.
	restTime     = time.Minute
	mostRestTime = 15 * time.Minute
)

// breaker keeps a service that fails from being waited for at every post.
// Answers that cannot be believed do not count: a post that misleads the model
// must not switch it off for all others.
type breaker struct {
	mu       sync.Mutex
	failures int
	until    time.Time
}

// open reports whether nothing is asked now, and until when.
func (b *breaker) open(now time.Time) (time.Time, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.until, now.Before(b.until)
}

func (b *breaker) worked() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures, b.until = 0, time.Time{}
}

// failed notes a failure. after is how long the service asks to be left alone.
func (b *breaker) failed(now time.Time, after time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures++
	if b.failures >= mostFailures {
		after = max(after, restTime)
	}
	if after > 0 {
		b.until = now.Add(min(after, mostRestTime))
	}
}
