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
	"sync"
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

// Live serves every request with the handler, and hands the answer on as it is written:
// for answers that go on.
type Live struct{ Handler http.Handler }

// RoundTrip returns when the handler flushes for the first time, or is done.
func (l Live) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(req.Context())
	in := req.Clone(ctx)
	in.RequestURI, in.RemoteAddr = req.URL.RequestURI(), "127.0.0.1:1"
	if in.Body == nil {
		in.Body = http.NoBody
	}
	r, w := io.Pipe()
	a := &flowing{answer: answer{header: http.Header{}, status: http.StatusOK}, begun: make(chan struct{}), pipe: w}
	stop := context.AfterFunc(ctx, func() { r.CloseWithError(ctx.Err()) })
	go func() {
		defer cancel()
		defer func() {
			if a.failed = a.cut && !a.wrote; a.cut {
				w.CloseWithError(ErrCut)
			}
			a.Flush()
			stop()
			w.Close()
		}()
		defer a.recoverAbort()
		l.Handler.ServeHTTP(a, in)
	}()
	select {
	case <-a.begun:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if a.failed {
		return nil, ErrCut
	}
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: closing{r, cancel}, ContentLength: -1, Request: req,
	}, nil
}

// flowing is an answer that is read while it is written.
type flowing struct {
	answer
	begun  chan struct{}
	once   sync.Once
	pipe   *io.PipeWriter
	failed bool // it was cut before it began
}

func (w *flowing) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	w.Flush()
	return w.pipe.Write(b)
}

func (w *flowing) Flush() {
	w.WriteHeader(http.StatusOK)
	w.once.Do(func() { close(w.begun) })
}

type closing struct {
	*io.PipeReader
	cancel context.CancelFunc
}

func (c closing) Close() error {
	c.cancel()
	return c.PipeReader.Close()
}

type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, ErrCut }
