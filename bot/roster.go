package bot

import (
	"strings"
	"sync/atomic"

	"onrecord"
)

// roster are the channels that can be told. People subscribe and unsubscribe while the
// loops work: what is recorded is owed to whoever is on it at that moment.
type roster struct{ now atomic.Pointer[listed] }

type listed struct {
	channels map[string]Channel // by id
	audience Audience           // of those with a notifier, in their order
	digested []Channel          // those that get a digest
}

// publishing is the id under which what a channel is told is published; "": nothing is.
func (l *listed) publishing(id string) string {
	if id += PublishLane; l.channels[id].ID == id {
		return id
	}
	return ""
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
			if c.Digest.String() != "" {
				l.digested = append(l.digested, c)
			}
		}
	}
	r.now.Store(l)
}

// find returns a channel by its id, which may be that of a reader's lane, or of what goes
// on below its messages.
func (r *roster) find(id string) (Channel, bool) {
	base, reader, _ := strings.Cut(id, ReaderLane)
	base, below := strings.CutSuffix(base, ThreadLane)
	c, ok := r.now.Load().channels[base]
	c.ID, c.Reader = id, reader
	if below {
		c.Lane, c.Pings = onrecord.Unabridged, nil
	}
	return c, ok
}

func (r *roster) audience() Audience { return r.now.Load().audience }

// Tell makes channels those that can be told from now on. Where incidents are told was
// settled at the start.
func (b *Bot) Tell(channels []Channel) {
	b.channels.set(channels)
	b.deliverer.wake.ring()
	b.digester.wake.ring()
}
