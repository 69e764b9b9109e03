package x_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/x"
	"onrecord/sources/x/xtest"
)

// listener is a source that hears Northwind Data.
type listener struct {
	*bench
	mu    sync.Mutex
	list  []sources.News
	ended chan error
	stop  context.CancelFunc

	budgeted bool // X charges less than is noted
}

// listening runs a test with a source that hears a stream of X.
func listening(t *testing.T, stream string, test func(l *listener)) {
	synctest.Test(t, func(t *testing.T) {
		noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
		time.Sleep(time.Until(noon))
		server := xtest.New(token)
		l := &listener{ended: make(chan error, 1), bench: &bench{
			T: t, x: server, meter: newMeter(), userID: server.Account("northwind_data", "Northwind Data"),
			account: onrecord.Account{ID: "x:northwind_data", Source: "x", Handle: "northwind_data"},
		}}
		c := x.Kind().Config().(*x.Config)
		c.BearerToken, c.Stream = token, stream
		source, err := c.Open(sources.Env{
			Client:  func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: server}} },
			Endless: func(bool) *http.Client { return &http.Client{Transport: loopback.Live{Handler: server}} }, Spend: l.meter,
		})
		if err != nil {
			t.Fatal(err)
		}
		l.source = source
		ctx, stop := context.WithCancel(t.Context())
		l.stop = stop
		go func() {
			l.ended <- source.(sources.Streamer).Hear(ctx, []onrecord.Account{l.account}, func(n sources.News) {
				l.mu.Lock()
				defer l.mu.Unlock()
				l.list = append(l.list, n)
			})
		}()
		test(l)
		stop()
		if err := <-l.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
		if got, want := l.meter.total(), server.Spent(); got != want && !l.budgeted || got < want {
			t.Errorf("the meter counted %d millionths of a dollar, X billed %d", got, want)
		}
	})
}

// heard returns what was heard since it was asked last.
func (l *listener) heard() []sources.News {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() { l.list = nil }()
	return l.list
}

// begins pulls once, so that the account's id is known, and waits for the stream.
func (l *listener) begins() sources.Cursor {
	l.Helper()
	at := l.pull("").Next
	time.Sleep(30 * time.Second)
	if got := l.heard(); len(got) != 1 || got[0].Account != l.account.ID || l.x.Open() != 1 {
		l.Fatalf("opened %d times, heard %v", l.x.Open(), got)
	}
	return at
}

func TestActivityStream(t *testing.T) {
	t.Parallel()
	listening(t, "activity", func(l *listener) {
		other := l.x.Account("dana_reyes", "Dana Reyes")
		l.x.Subscribe("post.create", other, "another program's")
		l.x.Subscribe("post.create", other, "onrecord:post.create")
		time.Sleep(time.Minute)
		if n := l.x.Requests(xtest.ActivityStream); n != 0 {
			t.Fatalf("opened %d times while nobody is known", n)
		}
		l.begins()
		want := []string{
			"post.create " + l.userID + " onrecord:post.create", "post.create " + other + " another program's", "post.delete " + l.userID + " onrecord:post.delete",
			"profile.update.handle " + l.userID + " onrecord:profile.update.handle",
		}
		got := l.x.Subscribed()
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("subscribed to %q, want %q", got, want)
		}
		id := l.post("We deny all of it.")
		if got := l.heard(); !slices.Equal(got, []sources.News{{Account: l.account.ID}}) {
			t.Errorf("of a post: %v", got)
		}
		l.x.Post("dana_reyes", xtest.Post{Text: "Not heard."})
		l.x.Edit(id, "We deny most of it.")
		if got := l.heard(); len(got) != 0 {
			t.Errorf("of others, and of an edit: %v", got)
		}
		id = l.post("We deny it.")
		l.heard()
		l.x.Delete(id)
		if got := l.heard(); !slices.Equal(got, []sources.News{{Account: l.account.ID, Deleted: id}}) {
			t.Errorf("of a deletion of %s: %v", id, got)
		}
		time.Sleep(6 * time.Hour) // of silence
		if n := l.x.Requests(xtest.ActivityStream); n != 1 {
			t.Errorf("opened %d times, want once", n)
		}
	})
}

func TestFilteredStream(t *testing.T) {
	t.Parallel()
	listening(t, "filtered", func(l *listener) {
		l.begins()
		if got, want := l.x.Subscribed(), []string{"from:" + l.userID + " onrecord:" + l.userID}; !slices.Equal(got, want) {
			t.Errorf("rules %q, want %q", got, want)
		}
		id := l.post("We deny all of it.")
		l.x.Delete(id)
		if got := l.heard(); !slices.Equal(got, []sources.News{{Account: l.account.ID}}) {
			t.Errorf("of a post and its deletion: %v", got)
		}
	})
}

// What a stream says of a handle is looked up with the next pull, once: streams repeat
// themselves.
func TestStreamTellsOfHandles(t *testing.T) {
	t.Parallel()
	for name, renames := range map[string]func(l *listener){
		"at once":         func(l *listener) { l.x.Rename("northwind_data", "northwind_hq") },
		"with a post":     func(l *listener) { l.lost(); l.x.Post("northwind_hq", xtest.Post{Text: "We deny all of it."}) },
		"with a deletion": func(l *listener) { id := l.post("To go."); l.lost(); l.x.Delete(id) },
	} {
		listening(t, "activity", func(l *listener) {
			cursor := l.begins()
			renames(l)
			if got := l.heard(); len(got) == 0 || got[0].Account != l.account.ID {
				t.Fatalf("%s: heard %v", name, got)
			}
			at := l.pull(cursor)
			if at.Handle != "northwind_hq" {
				t.Errorf("%s: called %q", name, at.Handle)
			}
			l.x.Post("northwind_hq", xtest.Post{Text: "We deny it."})
			l.heard()
			at = l.pull(at.Next)
			if n := l.x.Requests(xtest.Users); at.Handle != "northwind_hq" || n != 1 {
				t.Errorf("%s: called %q, after %d look-ups", name, at.Handle, n)
			}
		})
	}
}

// lost renames the account while no stream is open, so that nothing is heard of it, and
// opens one again.
func (l *listener) lost() {
	l.x.Cut()
	l.x.Rename("northwind_data", "northwind_hq")
	time.Sleep(30 * time.Second)
	l.heard()
}

// However a stream fails, it is opened again in X's own rhythm, every account is pulled
// then, and what comes afterwards is heard.
func TestStreamFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault xtest.Fault
		route xtest.Route
		heard int           // of two posts, with what is said when it is opened again
		after time.Duration // until it is open again
	}{
		"twice":                {xtest.Twice, xtest.ActivityStream, 3, 0},
		"half a line":          {xtest.HalfLine, xtest.ActivityStream, 2, 25 * time.Second},
		"a message is lost":    {xtest.Lost, xtest.ActivityStream, 2, 25 * time.Second},
		"X ends it":            {xtest.Disconnected, xtest.ActivityStream, 2, 25 * time.Second},
		"silence":              {xtest.Stalled, xtest.ActivityStream, 2, 75 * time.Second},
		"messages of no kind":  {xtest.Unknown, xtest.ActivityStream, 2, 0},
		"too many connections": {xtest.TooManyConnections.Times(2), xtest.ActivityStream, 2, 4 * time.Minute},
		"no service":           {xtest.Unavailable.Times(3), xtest.ActivityStream, 2, 60 * time.Second},
		"no subscriptions":     {xtest.Unavailable.Times(1), xtest.Subscriptions, 2, 30 * time.Second},
	} {
		listening(t, "activity", func(l *listener) {
			l.begins()
			fired := l.x.Fail(c.route, c.fault)
			opened := l.x.Requests(xtest.ActivityStream)
			refusing := strings.HasPrefix(name, "too") || strings.HasPrefix(name, "no ")
			if refusing {
				l.x.Cut()
				time.Sleep(time.Millisecond)
			}
			l.post("It is not so.")
			time.Sleep(c.after)
			l.post("It never was.")
			synctest.Wait()
			if got := len(l.heard()); got != c.heard || fired.Fired() == 0 {
				t.Errorf("%s: fired %d times, heard %d, want %d", name, fired.Fired(), got, c.heard)
			}
			if n := l.x.Requests(xtest.ActivityStream) - opened; n > 5 {
				t.Errorf("%s: opened %d times", name, n)
			}
		})
	}
}

// X that lets nobody in is asked ever more seldom.
func TestStreamLadder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  xtest.Fault
		within time.Duration
		want   int
	}{
		"cut at once":          {xtest.Aborted, 10 * time.Minute, 66}, // 0, 0.25, 0.5 … 16 s
		"no service":           {xtest.Unavailable, 6 * time.Hour, 70},
		"too many connections": {xtest.TooManyConnections, 6 * time.Hour, 27},
	} {
		listening(t, "activity", func(l *listener) {
			l.x.Fail(xtest.ActivityStream, c.fault.Times(10000))
			l.pull("") // it may be opened from here on
			time.Sleep(c.within)
			if n := l.x.Requests(xtest.ActivityStream); n < c.want*8/10 || n > c.want*12/10 {
				t.Errorf("%s: opened %d times in %s, want about %d", name, n, c.within, c.want)
			}
		})
	}
}

// A token that is refused, and a budget that is spent, end it: nobody is asked in vain.
func TestStreamThatIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault xtest.Fault
		want  sources.Trouble
	}{"the plan has none": {xtest.Forbidden, sources.Denied}, "no credits": {xtest.CreditsDepleted, sources.NoMoney}} {
		listening(t, "activity", func(l *listener) {
			l.x.Fail(xtest.ActivityStream, c.fault)
			l.pull("")
			time.Sleep(10 * time.Second)
			var told *sources.Error
			if err := <-l.ended; !errors.As(err, &told) || told.Trouble != c.want {
				t.Errorf("%s: %v", name, err)
			}
			l.ended <- context.Canceled // it is over
		})
	}
}

// The last fifth of a day's budget is for pulls.
func TestStreamLeavesMoneyForPulls(t *testing.T) {
	t.Parallel()
	listening(t, "activity", func(l *listener) {
		l.begins()
		for range 400 { // two dollars
			l.post("Again and again.")
			synctest.Wait()
		}
		var told *sources.Error
		if err := <-l.ended; !errors.As(err, &told) || told.Trouble != sources.NoMoney {
			t.Errorf("it ended with %v", err)
		}
		if spent := l.meter.total(); spent < 1_600_000 || spent > 1_610_000 {
			t.Errorf("it cost %d", spent)
		}
		l.ended <- context.Canceled
	})
}
