package blueskytest

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"sync"
	"time"

	"onrecord/sources"
)

// The faults of the stream.
const (
	NoStream   Fault = "the stream cannot be opened"
	BadMessage Fault = "a message of the stream is none"
	Repeats    Fault = "every message of the stream comes twice"
)

// subscription is a stream of Jetstream that somebody hears.
type subscription struct {
	collections, dids []string
	messages          chan []byte
	ended             chan struct{}
	once              sync.Once
}

// Stream opens a stream, as a program would over the network.
func (s *Server) Stream(_ context.Context, address string, _ bool) (sources.Stream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := url.Parse(address)
	if err != nil || s.Hit(NoStream) {
		return nil, errors.Join(err, errors.New("nobody answers"))
	}
	s.Count("subscribe")
	sub := &subscription{u.Query()["wantedCollections"], u.Query()["wantedDids"], make(chan []byte, 1000), make(chan struct{}), sync.Once{}}
	s.subscriptions = append(s.subscriptions, sub)
	return sub, nil
}

// Drop ends all streams.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.subscriptions {
		_ = sub.Close() // cannot fail
	}
	s.subscriptions = nil
}

// Next implements [sources.Stream].
func (sub *subscription) Next() ([]byte, error) {
	select {
	case m := <-sub.messages:
		return m, nil
	case <-sub.ended:
		return nil, errors.New("the stream was dropped")
	}
}

// Close implements [sources.Stream].
func (sub *subscription) Close() error {
	sub.once.Do(func() { close(sub.ended) })
	return nil
}

// tell sends what an account did to those who hear it.
func (s *Server) tell(did, kind string, of object) {
	message := object{"did": did, "time_us": time.Now().UnixMicro(), "kind": kind, kind: of}
	for _, sub := range s.subscriptions {
		if len(sub.dids) > 0 && !slices.Contains(sub.dids, did) || kind == "commit" && len(sub.collections) > 0 && !slices.Contains(sub.collections, of["collection"].(string)) {
			continue
		}
		b, _ := json.Marshal(message) // maps of strings and numbers: cannot fail
		list := [][]byte{b}
		if s.Hit(Repeats) {
			list = append(list, b)
		}
		if s.Hit(BadMessage) {
			list = append([][]byte{[]byte("\x00"), []byte("[]"), []byte(`{"did":7}`), []byte(`{"kind":"commit"}`)}, list...)
		}
		for _, m := range list {
			select {
			case sub.messages <- m:
			default: // a listener that does not keep up misses messages
			}
		}
	}
}

func (s *Server) committed(e *entry, operation string) {
	collection := "app.bsky.feed.post"
	if e.repost != nil {
		collection = "app.bsky.feed.repost"
	}
	s.tell(e.by.did, "commit", object{"operation": operation, "collection": collection, "rkey": e.key, "cid": e.cid})
}
