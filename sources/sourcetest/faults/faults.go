// Package faults is the part that is the same in all that stands in for a place: faults
// that can be switched on, and the proof that one fired.
package faults

import (
	"net/http"
	"sync"
)

// Switches are the faults of one stand-in, by their names F, and what was asked of it.
type Switches[F ~string] struct {
	mu    sync.Mutex
	on    map[F]bool
	fired map[F]int
	asked map[string]int
}

// Break switches a fault on.
func (s *Switches[F]) Break(f F) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.on == nil {
		s.on, s.fired = map[F]bool{}, map[F]int{}
	}
	s.on[f] = true
}

// Mend switches all faults off.
func (s *Switches[F]) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.on)
}

// Hit reports whether a fault is on, and counts that it fires.
func (s *Switches[F]) Hit(f F) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.on[f] {
		s.fired[f]++
	}
	return s.on[f]
}

// Fired says how many answers a fault has spoiled.
func (s *Switches[F]) Fired(f F) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fired[f]
}

// Count counts a request.
func (s *Switches[F]) Count(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == nil {
		s.asked = map[string]int{}
	}
	s.asked[what]++
}

// Requests says how often something was asked for.
func (s *Switches[F]) Requests(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[what]
}

// Send writes a whole answer.
func Send(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
