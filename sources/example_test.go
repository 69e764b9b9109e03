package sources_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord"
	"onrecord/sources"
	"onrecord/sources/sourcetest"
)

// board reads notice boards: GET BASE/HANDLE?after=ID answers with what an
// account put up after an id, oldest first.
type board struct {
	client *http.Client
	base   string
}

// note is what a board says of one of them.
type note struct {
	ID   int       `json:"id"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

func (b board) Pull(ctx context.Context, a onrecord.Account, c sources.Cursor) (sources.Page, error) {
	page := sources.Page{Next: cmp.Or(c, "0")} // never empty: that would be a first pull again
	req, err := sources.NewGet(ctx, b.base+"/"+url.PathEscape(a.Handle)+"?after="+url.QueryEscape(string(page.Next)))
	if err != nil {
		return sources.Page{}, err
	}
	const limit = 1 << 20
	doc, err := sources.Read(b.client, req, limit)
	if err != nil {
		return sources.Page{}, err // it knows what the status means, and until when to wait
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(doc.Body, &raw); err != nil {
		return sources.Page{}, &sources.Error{Trouble: sources.Nonsense, Err: fmt.Errorf("read the board of %s: %w", a.Handle, err)}
	}
	for _, r := range raw {
		var n note
		if json.Unmarshal(r, &n) != nil || n.ID <= 0 {
			page.Warnings = append(page.Warnings, "a note cannot be read and is left out")
			continue
		}
		id := strconv.Itoa(n.ID)
		page.Posts = append(page.Posts, onrecord.Post{
			Account: a.ID, ID: id, URL: b.base + "/" + url.PathEscape(a.Handle) + "/" + id, Author: onrecord.Author{Handle: a.Handle},
			Kind: onrecord.Original, Text: n.Text, Created: n.At, Dated: true, Raw: r,
		})
		page.Next = sources.Cursor(id)
	}
	return page, nil
}

// A source is pulled, its cursor is kept, and it is pulled again from there. The
// first page of an account is a baseline: nothing in it is reported.
func Example() {
	place := &boards{}
	server := httptest.NewServer(place)
	defer server.Close()
	var source sources.Source = board{server.Client(), server.URL}
	account := onrecord.Account{ID: "board:harborlabs", Source: "board", Handle: "harborlabs", Speaker: "Harbor Labs"}

	place.put("We are hiring.")
	before, err := source.Pull(context.Background(), account, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	place.put("We will answer Northwind Data's complaint in court.")
	page, err := source.Pull(context.Background(), account, before.Next)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range page.Posts {
		fmt.Printf("%s: %s\n", p.Key(), p.Text)
	}
	// Output: board:harborlabs/2: We will answer Northwind Data's complaint in court.
}

// The example does what every source must do.
func TestTheExampleConforms(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
		place := &boards{}
		server := httptest.NewServer(place)
		t.Cleanup(server.Close)
		return sourcetest.Place{
			Source: board{server.Client(), server.URL}, Account: onrecord.Account{ID: "board:harborlabs", Handle: "harborlabs"},
			Publish: place.put, Break: place.fail, Mend: func() { place.fail("") },
		}
	})
}

// boards is the fake: a place with a memory that can fail in every way.
type boards struct {
	mu    sync.Mutex
	notes []note
	fault sourcetest.Fault
	fired int
}

func (b *boards) put(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.notes = append(b.notes, note{len(b.notes) + 1, text, time.Now()})
}

func (b *boards) fail(f sourcetest.Fault) (fired func() int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fault = f
	return func() int {
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.fired
	}
}

func (b *boards) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	after, _ := strconv.Atoi(r.URL.Query().Get("after"))
	body, err := json.Marshal(b.notes[min(after, len(b.notes)):])
	if err != nil {
		panic(err) // unreachable: notes are plain values
	}
	if b.fault != "" {
		b.fired++
	}
	switch b.fault {
	case sourcetest.RateLimited:
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusTooManyRequests)
	case sourcetest.ServerError:
		w.WriteHeader(http.StatusServiceUnavailable)
	case sourcetest.GoneAccount:
		w.WriteHeader(http.StatusNotFound)
	case sourcetest.CutBody:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
		_, _ = w.Write(body)
		panic(http.ErrAbortHandler)
	case sourcetest.Garbage:
		fmt.Fprint(w, strings.Repeat("?", 10))
	case sourcetest.Empty:
	default:
		_, _ = w.Write(body)
	}
}
