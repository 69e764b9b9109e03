package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/sources"
)

// crier is a square where news is cried out.
type crier struct {
	*square
	mu    sync.Mutex
	news  func(sources.News)
	end   chan error
	opens int
	err   error // streams end with it at once
	wild  bool  // and break their decoder
}

func (c *crier) Hear(ctx context.Context, accounts []onrecord.Account, news func(sources.News)) error {
	c.mu.Lock()
	c.opens++
	c.news, c.end = news, make(chan error, 1)
	end, err, wild := c.end, c.err, c.wild
	c.mu.Unlock()
	switch {
	case len(accounts) != 1:
		return fmt.Errorf("%d accounts are to be heard, want the one of this place", len(accounts))
	case wild:
		panic("index out of range")
	case err != nil:
		return err
	}
	select {
	case err := <-end:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *crier) cry(account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.news(sources.News{Account: account})
}

func (c *crier) set(f func(*crier)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(c)
}

// drop ends the stream, if it is open.
func (c *crier) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case c.end <- errors.New("dropped"):
	default:
	}
}

var loud = onrecord.Account{ID: "loud:reyes", Source: "loud", Handle: "reyes", Speaker: "Dana Reyes", Cases: []string{northwind.ID}}

// newLoudWorld has an account that is pulled every ten minutes, and heard.
func newLoudWorld(t *testing.T) (*world, *crier) {
	w := newWorld(t)
	w.every, w.second = 10*time.Minute, loud
	c := &crier{square: &square{}}
	w.place = func(sources.SpendLog) sources.Source { return c }
	return w, c
}

func (c *crier) publish(text string) {
	c.say(onrecord.Post{Account: loud.ID, ID: text, Text: text})
}

func TestWhatIsHeardIsPulledAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, c := newLoudWorld(t)
		w.start()
		w.sleep(time.Minute)
		shown := func(text string) bool {
			return slices.ContainsFunc(w.wall.texts(), func(s string) bool { return strings.HasSuffix(s, text) })
		}
		c.publish("Said aloud.")
		began := time.Now()
		c.cry(loud.ID)
		w.sleep(time.Second)
		if !shown("Said aloud.") {
			t.Errorf("after a second the channel shows %q", w.wall.texts())
		}
		c.cry("nobody's account")

		// It can be told of sooner than it can be pulled.
		w.sleep(time.Minute)
		c.cry(loud.ID)
		w.sleep(2 * time.Second)
		c.publish("Told before it can be read.")
		w.sleep(1500 * time.Millisecond)
		if !shown("Told before it can be read.") {
			t.Errorf("after the second pull the channel shows %q", w.wall.texts())
		}

		// However often it is told, it is pulled twice.
		w.sleep(time.Minute)
		before := time.Now()
		for range 1000 {
			c.cry(loud.ID)
		}
		w.sleep(5 * time.Second)
		if n := c.pulledSince(before.Add(-time.Nanosecond)); n < 1 || n > 2 {
			t.Errorf("a thousand cries made %d pulls", n)
		}
		if n := w.square.pulledSince(began); n != 0 {
			t.Errorf("accounts of another place were pulled %d times for it", n)
		}
	})
}

// A stream that fails, however it does, is opened again with patience, and pulls go on as
// without one.
func TestAStreamThatFailsChangesNothing(t *testing.T) {
	for name, fail := range map[string]func(*crier){
		"it cannot be opened":    func(c *crier) { c.err = errors.New("nobody answers; hush-hush") },
		"it breaks its decoder":  func(c *crier) { c.wild = true },
		"it ends and comes back": nil,
	} {
		synctest.Test(t, func(t *testing.T) {
			w, c := newLoudWorld(t)
			if fail != nil {
				c.set(fail)
			}
			w.start()
			w.sleep(time.Minute)
			before := time.Now()
			for i := range 60 {
				w.sleep(time.Minute)
				if fail == nil && i%2 == 1 {
					c.drop()
				}
			}
			if n := len(c.pulled(loud.ID, before, 1)); n < 5 || n > 7 {
				t.Errorf("%s: %d pulls in an hour, want one in ten minutes", name, n)
			}
			c.mu.Lock()
			opens := c.opens
			c.mu.Unlock()
			if fail != nil && (opens < 5 || opens > 30) || fail == nil && opens < 28 {
				t.Errorf("%s: it was opened %d times in an hour", name, opens)
			}
			c.set(func(c *crier) { c.err, c.wild = nil, false })
			w.sleep(11 * time.Minute)
			c.publish("Heard again.")
			c.cry(loud.ID)
			w.sleep(time.Second)
			if got := w.wall.texts(); len(got) != 1 || !strings.HasSuffix(got[0], "Heard again.") {
				t.Errorf("%s: the channel shows %q", name, got)
			}
		})
	}
}

// Whoever was told to wait waits, whatever is heard meanwhile.
func TestNewsOfAnAccountInTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, c := newLoudWorld(t)
		w.start()
		w.sleep(time.Minute)
		c.fail(&sources.Error{Trouble: sources.Limited, Retry: time.Now().Add(40 * time.Minute), Err: errors.New("asked too often")})
		w.sleep(10 * time.Minute)
		before := time.Now()
		for range 20 {
			c.cry(loud.ID)
			w.sleep(time.Minute)
		}
		if n := c.pulledSince(before); n != 0 {
			t.Errorf("it was pulled %d times although the place said to wait", n)
		}
	})
}
