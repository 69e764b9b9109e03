// Package loopback carries HTTP to a handler in the same process without a
// socket. Under testing/synctest a goroutine that waits on a socket never
// counts as idle, so the clock would not move; one that waits here does.
package loopback

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
)

// ErrCut is what a client sees when a handler panics with [http.ErrAbortHandler]:
// the connection ended before a whole answer came.
var ErrCut = errors.New("connection cut")

// Transport serves every request with the handler, whatever its host.
type Transport struct{ Handler http.Handler }

// RoundTrip calls the handler in its own goroutine, so that a handler that
// hangs is abandoned when the request's context ends, as a socket would be.
func (t Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(req.Context()); trace != nil && trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	ctx, cancel := context.WithCancel(req.Context())
	in := req.Clone(ctx)
	in.RequestURI = req.URL.RequestURI()
	in.RemoteAddr = "127.0.0.1:1"
	if in.Host == "" {
		in.Host = req.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := &answer{header: http.Header{}, status: http.StatusOK}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer cancel()
		defer w.recoverAbort()
		t.Handler.ServeHTTP(w, in)
	}()
	select {
	case <-done:
		return w.response(req)
	case <-req.Context().Done():
		cancel()
		return nil, req.Context().Err()
	}
}

// answer is the whole response; it is read only after the handler returned.
type answer struct {
	header http.Header
	status int
	wrote  bool
	body   bytes.Buffer
	cut    bool
}

func (w *answer) Header() http.Header { return w.header }

func (w *answer) WriteHeader(status int) {
	if !w.wrote {
		w.status, w.wrote = status, true
		w.header = w.header.Clone()
	}
}

func (w *answer) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// Flush lets handlers that stream run; nothing is buffered beyond the answer.
func (w *answer) Flush() { w.WriteHeader(http.StatusOK) }

func (w *answer) recoverAbort() {
	switch r := recover(); r {
	case nil:
	case http.ErrAbortHandler:
		w.cut = true
	default:
		panic(r)
	}
}

func (w *answer) response(req *http.Request) (*http.Response, error) {
	if w.cut && !w.wrote {
		return nil, ErrCut
	}
	body := io.Reader(&w.body)
	if w.cut {
		body = io.MultiReader(body, cut{})
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(body), ContentLength: -1, Request: req,
	}, nil
}

type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, ErrCut }
