package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Clock is the database's time, which all replicas share. Whatever is stored as
// due, and whatever is compared with it, goes by this clock.
type Clock interface {
	Now() time.Time
}

// loop is what the loops have in common.
type loop struct {
	clock   Clock
	log     *slog.Logger
	wake    bell            // there may be work
	running *sync.WaitGroup // what they have under way
	redact  func(string) string
}

// maxSleep bounds every sleep, so that a clock set back or a suspended machine
// cannot keep a loop asleep: the wall clock is read again.
const maxSleep = 30 * time.Second

// sleepUntil waits for the time next says, for the bell, or for maxSleep.
func (l loop) sleepUntil(ctx context.Context, next func(context.Context) (time.Time, error)) {
	at, err := next(ctx)
	if err != nil {
		l.storeTrouble(ctx, "find what is due next", err)
		return
	}
	wait := maxSleep
	if !at.IsZero() {
		wait = min(wait, at.Sub(l.clock.Now()))
	}
	l.wake.wait(ctx, wait)
}

// storeTrouble reports that the database did not answer and waits a moment.
// Without it nothing may be pulled or sent, since it could not be recorded.
func (l loop) storeTrouble(ctx context.Context, doing string, err error) {
	if ctx.Err() != nil {
		return
	}
	l.log.Error("the database failed; nothing is pulled or sent until it works again", "doing", doing, "error", err)
	newBell().wait(ctx, 2*time.Second)
}

// work describes a loop whose items are claimed and worked on side by side.
type work[T any] struct {
	name  string // of claiming, for the log
	slots int
	claim func(ctx context.Context, free int) ([]T, error) // takes at most as many as are free
	do    func(T)
	next  func(context.Context) (time.Time, error) // when there is more to claim
}

// run works until the context ends. What is under way then goes on.
func (w work[T]) run(ctx context.Context, l loop) {
	slots := make(chan struct{}, w.slots)
	for ctx.Err() == nil {
		claimed, err := w.claim(ctx, w.slots-len(slots))
		if err != nil {
			l.storeTrouble(ctx, w.name, err)
			continue
		}
		for _, item := range claimed {
			slots <- struct{}{}
			l.running.Go(func() {
				w.do(item)
				<-slots
				l.wake.ring()
			})
		}
		switch {
		case len(slots) == cap(slots):
			l.wake.wait(ctx, maxSleep)
		case len(claimed) == 0:
			l.sleepUntil(ctx, w.next)
		}
	}
}

// all works on the given items, so many side by side, and returns when they are done.
func (w work[T]) all(items []T, l loop) {
	slots := make(chan struct{}, w.slots)
	for _, item := range items {
		slots <- struct{}{}
		l.running.Go(func() { w.do(item); <-slots })
	}
	l.running.Wait()
}

// bell wakes one waiting loop; ringing it twice is the same as once.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (w bell) ring() {
	select {
	case w <- struct{}{}:
	default:
	}
}

// wait returns when the bell rings, the time is over or the context ends.
func (w bell) wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-w:
	case <-t.C:
	case <-ctx.Done():
	}
}
