package notifiers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/notifiers/notifiertest"
	"onrecord/statements/card"
)

// wall pins notes to walls: POST BASE/WALL with the text, and a key by which the
// wall recognises a note that it has.
type wall struct {
	client *http.Client
	base   string
}

func (w wall) Render(n onrecord.Notice) (notifiers.Message, error) {
	var s onrecord.Statement
	var on onrecord.Case
	switch n := n.(type) {
	case onrecord.StatementNotice:
		s, on = n.Statement, n.Case
	case onrecord.AlsoSaidNotice:
		s, on = n.Statement, n.Case
	case onrecord.CorrectedNotice:
		s, on = n.Statement, n.Case
	case onrecord.CorrectionNotice:
		as := func(text string) string { return text }
		return notifiers.Message{Body: []byte(card.Answer(n.Statement, n.Correction, as, as))}, nil
	case onrecord.DigestNotice:
		as := func(text string) string { return text }
		return notifiers.Message{Body: []byte(card.DigestOf(n.Digest).Headline(as, func(t time.Time) string { return t.UTC().Format(time.DateTime) }))}, nil
	case onrecord.FilingsNotice:
		as := func(text string) string { return text }
		return notifiers.Message{Body: []byte(card.FilingsOf(n).Headline(as, func(t time.Time) string { return t.UTC().Format(time.DateTime) }))}, nil
	case onrecord.IncidentNotice:
		as := func(text string) string { return text }
		return notifiers.Message{Body: []byte(card.IncidentOf(n.Incident).Headline(as, as))}, nil
	case onrecord.GapNotice:
		return notifiers.Message{Body: []byte(card.Gap(n.Gap, func(name string) string { return name }, func(t time.Time) string { return t.UTC().Format(time.DateTime) }))}, nil
	}
	c, err := card.Of(s, on)
	if err != nil {
		return notifiers.Message{}, err
	}
	lines := []string{c.Number + ": " + c.Byline}
	for _, p := range c.Passages { // the speaker's own bytes, cleaned of what no reader can see
		lines = append(lines, "> "+p.Text)
	}
	for _, m := range c.Also {
		lines = append(lines, "also at "+m.URL)
	}
	return notifiers.Message{Body: []byte(strings.Join(append(lines, c.URL), "\n"))}, nil
}

func (w wall) Send(ctx context.Context, to notifiers.Target, m notifiers.Message, key string) (notifiers.Receipt, error) {
	failed := func(e notifiers.Error, why error) (notifiers.Receipt, error) {
		e.Err = fmt.Errorf("pin a note to wall %s: %w", to.ID, why)
		return notifiers.Receipt{}, &e
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.base+"/"+to.Address, bytes.NewReader(m.Body))
	if err != nil {
		return failed(notifiers.Error{Outcome: notifiers.Permanent, Scope: notifiers.WholeChannel}, errors.New("its address is not one"))
	}
	req.Header.Set("Note-Key", strconv.Quote(key))
	resp, err := w.client.Do(req)
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		return failed(notifiers.Error{Outcome: notifiers.Retry, Free: true}, errors.New("no connection was made")) // surely not delivered
	}
	if err != nil {
		return failed(notifiers.Error{Outcome: notifiers.Unknown}, errors.New("the answer was lost")) // nobody knows
	}
	defer resp.Body.Close()
	const limit = 1 << 10
	id, err := io.ReadAll(io.LimitReader(resp.Body, limit))
	switch status := fmt.Errorf("HTTP %d", resp.StatusCode); {
	case resp.StatusCode == http.StatusTooManyRequests:
		return failed(notifiers.Error{Outcome: notifiers.Retry, Free: true, At: time.Now().Add(time.Minute)}, status)
	case resp.StatusCode == http.StatusForbidden || resp.StatusCode == http.StatusNotFound:
		return failed(notifiers.Error{Outcome: notifiers.Permanent, Scope: notifiers.WholeChannel}, fmt.Errorf("%w: the wall is closed to us", status))
	case resp.StatusCode != http.StatusCreated || err != nil:
		return failed(notifiers.Error{Outcome: notifiers.Unknown}, status)
	}
	return notifiers.Receipt{ID: string(id)}, nil
}

// A notice is rendered once, and its bytes are sent until the place has them:
// under the same key they are the same note.
func Example() {
	place := &walls{}
	server := httptest.NewServer(place)
	defer server.Close()
	var notifier notifiers.Notifier = wall{server.Client(), server.URL}
	lobby := notifiers.Target{ID: "lobby", Address: "lobby", Lane: onrecord.Record}

	message, err := notifier.Render(notifiertest.Notice())
	if err != nil {
		fmt.Println(err)
		return
	}
	key := notifiertest.Key(lobby.ID, "S-0042", "n")
	for range 2 { // the first answer may have been lost
		receipt, err := notifier.Send(context.Background(), lobby, message, key)
		fmt.Println(receipt.ID, err)
	}
	fmt.Println(place.shown()[0])
	// Output:
	// note 1 <nil>
	// note 1 <nil>
	// S-0042: Northwind Data · plaintiff · @northwind on social.example
	// > Today we filed suit against Harbor Labs and Ivo Lind. In March a former engineer copied our pricing model. We asked for it back three times.
	// https://social.example/@northwind/1142
}

// The example does what every notifier must do.
func TestTheExampleConforms(t *testing.T) {
	t.Parallel()
	notifiertest.Run(t, func(t *testing.T) notifiertest.Place {
		place := &walls{}
		server := httptest.NewServer(place)
		t.Cleanup(server.Close)
		client := &http.Client{Transport: &road{place: place, next: server.Client().Transport}}
		return notifiertest.Place{
			Notifier: wall{client, server.URL}, Target: notifiers.Target{ID: "lobby", Address: "lobby", Lane: onrecord.Record},
			Shown: place.shown, Break: place.fail, Mend: func() { place.fail("") },
		}
	})
}

// walls is the fake: a place with a memory that can fail in every way.
type walls struct {
	mu    sync.Mutex
	notes []string
	keys  map[string]int // of notes, counted from 1
	fault notifiertest.Fault
	fired int
}

func (w *walls) shown() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string{}, w.notes...)
}

func (w *walls) fail(f notifiertest.Fault) (fired func() int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = f
	return func() int {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.fired
	}
}

func (w *walls) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fault != "" {
		w.fired++
	}
	switch w.fault {
	case notifiertest.RateLimited:
		rw.WriteHeader(http.StatusTooManyRequests)
		return
	case notifiertest.ServerError:
		rw.WriteHeader(http.StatusInternalServerError)
		return
	case notifiertest.NoAccess:
		rw.WriteHeader(http.StatusForbidden)
		return
	}
	key := r.Header.Get("Note-Key")
	if w.keys[key] == 0 {
		if w.keys == nil {
			w.keys = map[string]int{}
		}
		w.notes = append(w.notes, string(text))
		w.keys[key] = len(w.notes)
	}
	if w.fault == notifiertest.AnswerLost {
		panic(http.ErrAbortHandler)
	}
	rw.WriteHeader(http.StatusCreated)
	fmt.Fprintf(rw, "note %d", w.keys[key])
}

// road is the way to the place, which can be closed.
type road struct {
	place *walls
	next  http.RoundTripper
}

func (r *road) RoundTrip(req *http.Request) (*http.Response, error) {
	r.place.mu.Lock()
	closed := r.place.fault == notifiertest.Refused
	if closed {
		r.place.fired++
	}
	r.place.mu.Unlock()
	if closed {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	}
	return r.next.RoundTrip(req)
}
