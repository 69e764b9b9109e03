package x_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/x"
	"onrecord/sources/x/xtest"
)

func TestTroubles(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	hourly := time.Hour
	for _, c := range []struct {
		name    string
		fault   xtest.Fault
		trouble sources.Trouble
		wait    time.Duration // 0: the caller's own back-off
		place   bool
		says    string
	}{
		{"402 no credits", xtest.CreditsDepleted, sources.NoMoney, hourly, true, "does not have any credits"},
		{"403 spend cap", xtest.SpendCap, sources.NoMoney, hourly, true, `resets on "2026-12-12"`},
		{"429 usage cap", xtest.UsageCap, sources.NoMoney, hourly, true, "Monthly product cap"},
		{"429", xtest.TooMany(noon.Add(7 * time.Minute)), sources.Limited, 7 * time.Minute, true, "Too Many Requests"},
		{"429, reset in the past", xtest.TooMany(noon.Add(-time.Hour)), sources.Limited, 5 * time.Second, true, ""},
		{"429, reset in a year", xtest.TooMany(noon.Add(8760 * time.Hour)), sources.Limited, 16 * time.Minute, true, ""},
		{"429, reset at the beginning of time", xtest.TooMany(time.Unix(0, 0)), sources.Limited, time.Minute, true, ""},
		{"429, no reset", xtest.OldTooMany, sources.Limited, time.Minute, true, "Rate limit exceeded"},
		{"401", xtest.Unauthorized, sources.Denied, hourly, true, "renew sources.x.bearer_token"},
		{"403", xtest.Forbidden, sources.Denied, hourly, true, "client-not-enrolled"},
		{"400", xtest.BadRequest, sources.Nonsense, hourly, false, "must be a tweet id created after"},
		{"404", xtest.NotFound, sources.Gone, hourly, false, "without a reason; check the handle, then base_url"},
		{"503 page for people", xtest.Unavailable, sources.Unreached, 0, false, "HTTP 503"},
		{"cut JSON", xtest.CutJSON, sources.Nonsense, 0, false, "what its API does not promise"},
		{"cut body", xtest.CutBody, sources.Unreached, 0, false, "connection cut"},
		{"garbage", xtest.Garbage, sources.Nonsense, 0, false, "invalid character"},
		{"empty body", xtest.Empty, sources.Nonsense, 0, false, "the answer is empty"},
		{"new vocabulary", xtest.NewVocabulary, sources.Nonsense, hourly, true, "X changed its vocabulary: no post has author_id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			within(t, func(b *bench) {
				cursor := b.pull("").Next
				b.post("Said while you were failing.")
				fault := b.x.Fail(xtest.Timeline, c.fault)
				told := b.fails(cursor)
				if fault.Fired() != 1 {
					b.Fatalf("the fault fired %d times", fault.Fired())
				}
				var retry time.Time
				if c.wait != 0 {
					retry = noon.Add(c.wait)
				}
				if told.Trouble != c.trouble || !told.Retry.Equal(retry) || told.Place != c.place || !strings.Contains(told.Error(), c.says) {
					b.Errorf("got %q until %v, place %v: %v", told.Trouble, told.Retry, told.Place, told)
				}
				if diff := cmp.Diff([]string{"Said while you were failing."}, texts(b.pull(cursor))); diff != "" {
					b.Error(diff)
				}
			})
		})
	}
}

func TestAccountHealth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		strike  func(*xtest.Server)
		trouble sources.Trouble
	}{
		{"protected", func(s *xtest.Server) { s.Protect("northwind_data", true) }, sources.Hidden},
		{"suspended", func(s *xtest.Server) { s.Suspend("northwind_data", true) }, sources.Hidden},
		{"removed", func(s *xtest.Server) { s.Remove("northwind_data") }, sources.Gone},
	} {
		for when, cursor := range map[string]func(*bench) sources.Cursor{
			"before the first pull": func(*bench) sources.Cursor { return "" },
			"later":                 func(b *bench) sources.Cursor { return b.pull("").Next },
		} {
			t.Run(c.name+" "+when, func(t *testing.T) {
				t.Parallel()
				within(t, func(b *bench) {
					cursor := cursor(b)
					b.post("Not for everybody.")
					c.strike(b.x)
					told := b.fails(cursor)
					if told.Trouble != c.trouble || told.Place || !told.Retry.Equal(time.Now().Add(time.Hour)) {
						b.Errorf("got %q until %v, place %v: %v", told.Trouble, told.Retry, told.Place, told)
					}
					if cursor == "" && b.x.Requests(xtest.Timeline) != 0 {
						b.Error("the posts of an account that is known to be hidden were asked for")
					}
				})
			})
		}
	}
}

// A pull that fails on its third page has stored nothing and loses nothing.
func TestFailureBetweenPages(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		for range 250 {
			b.post("One of many.")
		}
		b.x.Fail(xtest.Timeline, xtest.NoNewestID)
		b.x.Fail(xtest.Timeline, xtest.EmptyNewestID)
		fault := b.x.Fail(xtest.Timeline, xtest.Unavailable)
		_ = b.fails(cursor)
		if fault.Fired() != 1 {
			b.Fatal("the third page did not fail")
		}
		if page := b.pull(cursor); len(page.Posts) != 250 {
			b.Errorf("got %d posts, want 250", len(page.Posts))
		}
		if reads := b.x.Reads(); reads != 250 {
			b.Errorf("%d posts were billed, want 250", reads)
		}
	})
}

func TestTokensThatNeverEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault    xtest.Fault
		posts    int
		requests int
		says     string
	}{
		"the same pages again":                  {xtest.RepeatedToken, 1, 2, "repeats the pages"},
		"the same empty page again":             {xtest.RepeatedToken, 0, 2, "repeats the pages"},
		"the same pages again under new tokens": {xtest.LoopingToken, 1, 2, "repeats the pages"},
		"ever new tokens":                       {xtest.EndlessToken, 1, 33, "more than 33 pages"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			within(t, func(b *bench) {
				cursor := b.pull("").Next
				for range c.posts {
					b.post("Said once.")
				}
				before := b.x.Requests(xtest.Timeline)
				fault := b.x.Fail(xtest.Timeline, c.fault.Times(1000))
				page := b.pull(cursor)
				if n := b.x.Requests(xtest.Timeline) - before; n != c.requests || fault.Fired() != n {
					b.Errorf("%d requests, %d of them faulty, want %d", n, fault.Fired(), c.requests)
				}
				if len(page.Posts) != c.posts || len(page.Warnings) != 1 || !strings.Contains(page.Warnings[0], c.says) || !strings.Contains(page.Warnings[0], "a gap is possible") {
					b.Errorf("got %q, warnings %q", texts(page), page.Warnings)
				}
			})
		})
	}
}

// An answer that comes too slowly ends with the caller's patience.
func TestSlowAnswer(t *testing.T) {
	t.Parallel()
	within(t, func(b *bench) {
		cursor := b.pull("").Next
		b.post("Said slowly.")
		fault := b.x.Fail(xtest.Timeline, xtest.Slow(time.Hour))
		ctx, cancel := context.WithTimeout(b.Context(), 90*time.Second)
		defer cancel()
		_, err := b.source.Pull(ctx, b.account, cursor)
		if !errors.Is(err, context.DeadlineExceeded) || fault.Fired() != 1 {
			b.Errorf("got %v", err)
		}
		synctest.Wait()
		if diff := cmp.Diff([]string{"Said slowly."}, texts(b.pull(cursor))); diff != "" {
			b.Error(diff)
		}
	})
}

// What X says is cut and cannot paint the terminal.
func TestLongRefusal(t *testing.T) {
	t.Parallel()
	body := `{"errors":[{"message":"` + strings.Repeat(`\u001b[31mé`, 4000) + `"}]}`
	_, err := answering(t, http.StatusBadRequest, body)
	if err == nil || len(err.Error()) > 1500 || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("got %d bytes: %v", len(err.Error()), err)
	}
}

// answering pulls once from an X whose every timeline is this answer.
func answering(t testing.TB, status int, body string) (sources.Page, error) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if _, err := w.Write([]byte(body)); err != nil {
			t.Error(err)
		}
	})
	s := open(t, loopback.Transport{Handler: handler}, newMeter(), func(c *x.Config) { c.DailyBudgetUSD = maxBudget })
	return s.Pull(t.Context(), onrecord.Account{ID: "x:northwind_data", Handle: "northwind_data"}, steady)
}

const maxBudget = 1_000_000

// steady is the cursor of an account whose handle was checked in the far future.
const steady sources.Cursor = `{"user":"1101270825169846283","handle":"northwind_data","name":"Northwind Data","checked":"2126-11-20T12:00:00Z","newest":"2123700000000000000","floor":"1"}`
