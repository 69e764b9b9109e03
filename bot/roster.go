package bot

import "sync/atomic"

// roster are the channels that can be told. People subscribe and unsubscribe while the
// loops work: what is recorded is owed to whoever is on it at that moment.
type roster struct{ now atomic.Pointer[listed] }

type listed struct {
	channels map[string]Channel // by id
	audience Audience           // of those with a notifier, in their order
}

func newRoster(channels []Channel) *roster {
	r := &roster{}
	r.set(channels)
	return r
}

func (r *roster) set(channels []Channel) {
	l := &listed{channels: map[string]Channel{}}
	for _, c := range channels {
		l.channels[c.ID] = c
		if c.Notifier != nil {
			l.audience = append(l.audience, Follower{c.ID, c.Lane, c.Cases, c.Only})
		}
	}
	r.now.Store(l)
}

func (r *roster) find(id string) (Channel, bool) {
	c, ok := r.now.Load().channels[id]
	return c, ok
}

func (r *roster) audience() Audience { return r.now.Load().audience }

// Tell makes channels those that can be told from now on. When a digest comes, and where
// incidents are told, was settled at the start.
func (b *Bot) Tell(channels []Channel) {
	b.channels.set(channels)
	b.deliverer.wake.ring()
}
