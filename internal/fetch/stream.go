package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"onrecord/sources"
)

const (
	// maxMessage bounds a message of a stream.
	maxMessage = 1 << 20
	// beat is how often a place is asked whether it is there, and patience how long it
	// may be silent.
	beat, silence = 25 * time.Second, time.Minute
)

// Stream opens a WebSocket, by the rules of [Clients.Client].
func (c *Clients) Stream(ctx context.Context, address string, private bool) (sources.Stream, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "wss" && u.Scheme != "ws" || u.User != nil {
		return nil, nonsense("a stream's address must begin with wss:// and hold no user")
	}
	dial := c.guarded
	if private {
		dial = c.own
	}
	d := websocket.Dialer{NetDialContext: dial, HandshakeTimeout: headerTimeout}
	conn, resp, err := d.DialContext(ctx, address, http.Header{"User-Agent": {c.agent}})
	if resp != nil {
		resp.Body.Close()
	}
	if err != nil {
		if told, ok := errors.AsType[*sources.Error](err); ok {
			return nil, told
		}
		return nil, &sources.Error{Trouble: sources.Unreached, Err: fmt.Errorf("open a stream at %s: %w", sources.Redact(u), err)}
	}
	conn.SetReadLimit(maxMessage)
	s := &stream{conn: conn, ended: make(chan struct{})}
	heard := func(string) error { return conn.SetReadDeadline(time.Now().Add(silence)) }
	conn.SetPongHandler(heard)
	_ = heard("") // of a connection that is open
	go s.ask()
	return s, nil
}

type stream struct {
	conn  *websocket.Conn
	once  sync.Once
	ended chan struct{}
}

// ask asks the place whether it is there: one that went away without a word would be
// waited for without end.
func (s *stream) ask() {
	t := time.NewTicker(beat)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			if s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(beat)) != nil {
				return
			}
		case <-s.ended:
			return
		}
	}
}

// Next implements [sources.Stream].
func (s *stream) Next() ([]byte, error) {
	_, message, err := s.conn.ReadMessage()
	if err != nil {
		return nil, &sources.Error{Trouble: sources.Unreached, Err: fmt.Errorf("the stream ended: %w", err)}
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(silence)) // the next read tells
	return message, nil
}

// Close implements [sources.Stream].
func (s *stream) Close() error {
	s.once.Do(func() { close(s.ended) })
	return s.conn.Close()
}
