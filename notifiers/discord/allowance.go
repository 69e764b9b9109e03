package discord

import (
	"sync"
	"time"
)

const (
	// burst is what somebody may ask at once, and oneEvery how often then.
	burst    = 10.
	oneEvery = 3 * time.Second
	// mostUsers bounds how many are remembered.
	mostUsers = 10_000
)

// allowance is how often each user may ask. Who has not asked for a while is forgotten,
// and as good as new.
type allowance struct {
	mu    sync.Mutex
	users map[string]spent
}

// spent is what somebody has used up, as it was then.
type spent struct {
	asked float64
	at    time.Time
}

func newAllowance() *allowance { return &allowance{users: map[string]spent{}} }

// left is what is still used up at a time.
func (s spent) left(now time.Time) float64 {
	return max(s.asked-max(now.Sub(s.at), 0).Seconds()/oneEvery.Seconds(), 0)
}

// use takes something of a user's allowance, or says how long there is none.
func (a *allowance) use(user string, cost float64, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.users) >= mostUsers {
		a.forget(now)
	}
	left := a.users[user].left(now)
	if left+cost > burst {
		return time.Duration((left + cost - burst) * float64(oneEvery))
	}
	a.users[user] = spent{left + cost, now}
	return 0
}

// forget drops who has nothing used up; when all have, all are.
func (a *allowance) forget(now time.Time) {
	for user, s := range a.users {
		if s.left(now) == 0 {
			delete(a.users, user)
		}
	}
	if len(a.users) >= mostUsers {
		clear(a.users)
	}
}
