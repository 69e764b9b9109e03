package discord_test

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"onrecord/internal/loopback"
	"onrecord/notifiers"
	"onrecord/notifiers/discord"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/notifiertest"
)

const (
	room   = "1180000000000000010"
	secret = "MTE4.marked-token.dontshow"
)

var target = notifiers.Target{ID: room, Address: room}

func TestConformance(t *testing.T) {
	notifiertest.Run(t, func(t *testing.T) notifiertest.Place {
		w := world(t)
		return notifiertest.Place{
			Notifier: w.notifier, Target: target, Secret: secret, Break: w.broken, Mend: w.Mend,
			Shown: func() (list []string) {
				for _, m := range w.Messages(room) {
					list = append(list, m.Text())
				}
				return list
			},
		}
	})
}

// bench is a notifier beside the Discord it posts to.
type bench struct {
	*discordtest.Server
	notifier notifiers.Notifier
	road     *road
}

func world(t testing.TB) bench {
	t.Helper()
	s := discordtest.New(room)
	s.SetToken(secret)
	way := &road{next: loopback.Transport{Handler: s}}
	n, err := discord.Over(way, secret).Open(notifiers.Env{Version: "v1.2.3", Contact: "https://newsroom.example/bot", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return bench{s, n, way}
}

// road is the way to Discord, which can be closed.
type road struct {
	mu      sync.Mutex
	next    http.RoundTripper
	closed  atomic.Bool
	refused atomic.Int64
}

func (r *road) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.closed.Load() {
		r.refused.Add(1)
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	}
	r.mu.Lock()
	next := r.next
	r.mu.Unlock()
	return next.RoundTrip(req)
}

const messages = "/channels/{c}/messages"

func (w bench) broken(f notifiertest.Fault) func() int {
	post := discordtest.Rule{Method: "POST", Route: messages, Nth: 1}
	switch f {
	case notifiertest.RateLimited:
		post.Fault, post.RetryAfter = discordtest.LimitedUser, 7.5
	case notifiertest.Refused:
		w.road.closed.Store(true)
		return func() int { return int(w.road.refused.Load()) }
	case notifiertest.AnswerLost:
		post.Fault = discordtest.CutAfterDoing
	case notifiertest.ServerError:
		post.Fault = discordtest.ServerError
	case notifiertest.NoAccess:
		post.Fault, post.Status, post.Code = discordtest.Refuse, http.StatusForbidden, 50013
	}
	return w.Break(post)
}
