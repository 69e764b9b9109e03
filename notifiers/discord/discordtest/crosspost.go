package discordtest

import (
	"net/http"
	"time"
)

// Discord's documents name no figure for how often a channel publishes; bots met ten an hour.
const (
	mostCrossposts = 10
	crosspostsPer  = time.Hour
)

var (
	published     = problem(http.StatusBadRequest, 40033, "This message has already been crossposted")
	notAnnouncing = problem(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
)

// crosspost publishes a message of an announcement channel.
// https://discord.com/developers/docs/resources/message#crosspost-message
func (s *Server) crosspost(c call) reply {
	r, no := s.enter(c, SendMessages)
	if no != nil {
		return *no
	}
	m := r.find(c.PathValue("m"))
	switch {
	case m == nil:
		return noMessage
	case r.kind != Announcement:
		return notAnnouncing
	case m.Published:
		return published
	}
	now := time.Now()
	if n := len(r.crossposts); n >= mostCrossposts {
		if free := r.crossposts[n-mostCrossposts].Add(crosspostsPer); now.Before(free) {
			return limited(free.Sub(now).Seconds(), false, http.Header{})
		}
	}
	r.crossposts = append(r.crossposts, now)
	m.Published = true
	return answer(m.json())
}

// Crossposts returns when messages of a channel were published, the oldest first.
func (s *Server) Crossposts(channel string) []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Time{}, s.channels[channel].crossposts...)
}

// Later has so much time passed since messages were published.
func (s *Server) Later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.channels {
		for i, at := range r.crossposts {
			r.crossposts[i] = at.Add(-d)
		}
	}
}
