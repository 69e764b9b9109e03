package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/bot"
	"onrecord/internal/web"
)

// database is one whose status and failure can be set.
type database struct {
	mu     sync.Mutex
	status bot.Status
	err    error
	hang   bool
	asked  int
}

func (b *database) Status(ctx context.Context) (bot.Status, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
	if b.hang {
		<-ctx.Done()
		return bot.Status{}, ctx.Err()
	}
	return b.status, b.err
}

func get(t *testing.T, h http.Handler, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, http.NoBody))
	return w
}

type health struct {
	Status  string
	Reasons []string
	Notes   []string
}

func ready(t *testing.T, h http.Handler) (int, health) {
	t.Helper()
	w := get(t, h, http.MethodGet, "/readyz")
	var got health
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("/readyz answers %q as %s: %v", w.Body, w.Header().Get("Content-Type"), err)
	}
	return w.Code, got
}

func TestHealthz(t *testing.T) {
	t.Parallel()
	b := &database{err: errors.New("disk full")}
	h := web.Handler(b, "v1", time.Now())
	if w := get(t, h, http.MethodGet, "/healthz"); w.Code != http.StatusOK || w.Body.String() != "ok\n" {
		t.Errorf("GET /healthz: %d %q", w.Code, w.Body)
	}
	if b.asked != 0 {
		t.Error("/healthz asks the database: an outage of it would have the program restarted")
	}
	if w := get(t, h, http.MethodPost, "/healthz"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST /healthz: %d", w.Code)
	}
	if w := get(t, h, http.MethodGet, "/"); w.Code != http.StatusNotFound {
		t.Errorf("GET /: %d", w.Code)
	}
}

func TestReadyz(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		time.Sleep(2 * time.Hour)
		now := time.Now()
		good := bot.AccountStatus{ID: "x:danareyes", Every: 2 * time.Minute, LastOK: now.Add(-time.Minute)}
		for _, c := range []struct {
			name   string
			status bot.Status
			err    error
			code   int
			want   health
		}{
			{"all well", bot.Status{Accounts: []bot.AccountStatus{good}, Channels: []bot.ChannelStatus{{ID: "newsroom", Owed: 3, Oldest: now.Add(-9 * time.Minute)}}}, nil, 200, health{Status: "ok", Reasons: []string{}}},
			{
				"a person is waited for",
				bot.Status{Waiting: 2, Channels: []bot.ChannelStatus{{ID: "newsroom/review"}}},
				nil, 200,
				health{Status: "ok", Reasons: []string{}, Notes: []string{"2 borderline statements wait for a person; `onrecord review` lists them"}},
			},
			{"nothing configured", bot.Status{}, nil, 200, health{Status: "ok", Reasons: []string{}}},
			{"database", bot.Status{}, errors.New("open /secret/path: disk full"), 503, health{Status: "unavailable", Reasons: []string{"the database does not answer; the log says why"}}},
			{
				"set aside",
				bot.Status{Damaged: []bot.DamagedRow{{Post: "x:harborlabs/1"}, {Post: "x:harborlabs/2", Unreadable: true}}},
				nil, 200,
				health{Status: "degraded", Reasons: []string{"2 posts or statements are damaged or could not be judged; `onrecord outbox` lists them"}},
			},
			{
				"stale",
				bot.Status{Accounts: []bot.AccountStatus{good, {ID: "x:harborlabs", Every: 2 * time.Minute, LastOK: now.Add(-31 * time.Minute), Fails: 9, Trouble: "denied", Error: "HTTP 401: the credentials were refused"}}},
				nil, 200,
				health{Status: "degraded", Reasons: []string{"account x:harborlabs is stale: read last at 2000-01-01T01:29:00Z (denied: HTTP 401: the credentials were refused)"}},
			},
			{
				"trouble that stays",
				bot.Status{Accounts: []bot.AccountStatus{{ID: "x:harborlabs", Every: 2 * time.Minute, LastOK: now.Add(-time.Minute), Fails: 1, Trouble: "gone", Error: "HTTP 404: nothing is there"}}},
				nil, 200,
				health{Status: "degraded", Reasons: []string{"account x:harborlabs is stale: read last at 2000-01-01T01:59:00Z (gone: HTTP 404: nothing is there)"}},
			},
			{
				"trouble that passes",
				bot.Status{Accounts: []bot.AccountStatus{{ID: "x:harborlabs", Every: 2 * time.Minute, LastOK: now.Add(-time.Minute), Fails: 1, Trouble: "unreachable", Error: "no answer"}}},
				nil, 200,
				health{Status: "ok", Reasons: []string{}},
			},
			{
				"tried and never read",
				bot.Status{Accounts: []bot.AccountStatus{{ID: "feed:harbor.example", Every: 100 * time.Hour, Fails: 1, Trouble: "unreachable", Error: "no answer"}}},
				nil, 200,
				health{Status: "degraded", Reasons: []string{"account feed:harbor.example is stale: read never yet (unreachable: no answer)"}},
			},
			{"not due yet", bot.Status{Accounts: []bot.AccountStatus{{ID: "feed:harbor.example", Every: 100 * time.Hour}}}, nil, 200, health{Status: "ok", Reasons: []string{}}},
			{
				"never read",
				bot.Status{Accounts: []bot.AccountStatus{{ID: "feed:harbor.example", Every: 10 * time.Minute}}},
				nil, 200,
				health{Status: "degraded", Reasons: []string{"account feed:harbor.example is stale: read never yet"}},
			},
			{"slow by its schedule", bot.Status{Accounts: []bot.AccountStatus{{ID: "feed:harbor.example", Every: time.Hour, LastOK: started}}}, nil, 200, health{Status: "ok", Reasons: []string{}}},
			{
				"paused and late",
				bot.Status{Channels: []bot.ChannelStatus{{ID: "newsroom", Owed: 3, Oldest: now.Add(-10 * time.Minute), Paused: "the token was refused; set a new one"}, {ID: "terminal"}}},
				nil, 200,
				health{Status: "degraded", Reasons: []string{"channel newsroom is paused: the token was refused; set a new one", "channel newsroom: 3 deliveries are owed, the oldest for 10m0s"}},
			},
		} {
			c.status.Now = now
			code, got := ready(t, web.Handler(&database{status: c.status, err: c.err}, "v1", started))
			if diff := cmp.Diff(c.want, got); diff != "" || code != c.code {
				t.Errorf("%s: HTTP %d, want %d\n%s", c.name, code, c.code, diff)
			}
		}
	})
}

// What the replicas of a database store goes by its clock. A machine whose own is
// off tells the same as any other.
func TestTheDatabasesClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(24 * time.Hour)
		for _, off := range []time.Duration{-3 * time.Hour, 3 * time.Hour} {
			now := time.Now().Add(off)
			b := &database{status: bot.Status{
				Now: now,
				Accounts: []bot.AccountStatus{
					{ID: "x:danareyes", Every: time.Minute, LastOK: now.Add(-time.Minute)},
					{ID: "x:harborlabs", Every: time.Minute, LastOK: now.Add(-40 * time.Minute)},
				},
				Channels: []bot.ChannelStatus{{ID: "newsroom", Owed: 1, Oldest: now.Add(-time.Minute)}, {ID: "terminal", Owed: 1, Oldest: now.Add(-time.Hour)}},
			}}
			h := web.Handler(b, "v1", now.Add(-time.Minute))
			want := []string{
				"account x:harborlabs is stale: read last at " + now.Add(-40*time.Minute).UTC().Format(time.RFC3339),
				"channel terminal: 1 deliveries are owed, the oldest for 1h0m0s",
			}
			if _, got := ready(t, h); !cmp.Equal(want, got.Reasons) {
				t.Errorf("the database's clock is off by %s:\n%s", off, cmp.Diff(want, got.Reasons))
			}
			ages := figures(get(t, h, http.MethodGet, "/metrics").Body.String())
			for _, line := range []string{
				`onrecord_account_pull_age_seconds{account="x:danareyes"} 60`, `onrecord_account_stale{account="x:danareyes"} 0`,
				`onrecord_account_stale{account="x:harborlabs"} 1`, `onrecord_delivery_oldest_age_seconds{channel="newsroom"} 60`,
			} {
				if !slices.Contains(ages, line) {
					t.Errorf("the database's clock is off by %s, and /metrics lacks %s:\n%s", off, line, strings.Join(ages, "\n"))
				}
			}
		}
	})
}

// A database that hangs is one that does not answer.
func TestReadyzGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		b := &database{hang: true}
		code, got := ready(t, web.Handler(b, "v1", begin))
		if took := time.Since(begin); code != http.StatusServiceUnavailable || got.Status != "unavailable" || took != 5*time.Second {
			t.Errorf("HTTP %d, %v after %s", code, got, took)
		}
		if w := get(t, web.Handler(b, "v1", begin), http.MethodGet, "/metrics"); !strings.Contains(w.Body.String(), "\nonrecord_database_up 0\n") {
			t.Errorf("/metrics of a hanging database:\n%s", w.Body)
		}
		if b.asked != 2 {
			t.Errorf("the database was asked %d times, want 2", b.asked)
		}
	})
}

func full(now time.Time) bot.Status {
	return bot.Status{
		Now: now,
		Accounts: []bot.AccountStatus{
			{ID: "x:harborlabs", Every: 2 * time.Minute, LastOK: now.Add(-90 * time.Second)},
			{ID: "feed:harbor.example/feed.xml#0a1b2c3d", Every: 10 * time.Minute, Fails: 4, Trouble: "denied", Error: "HTTP 401"},
		},
		Channels: []bot.ChannelStatus{
			{ID: "newsroom", Owed: 3, Oldest: now.Add(-time.Minute), Paused: "the token was refused"},
			{ID: "newsroom/review"},
		},
		Posts:     map[string]int64{"x:harborlabs": 42},
		Decisions: map[string]int64{"accept": 7, "review": 2, "reject": 33},
		Settled:   map[string]map[string]int64{"newsroom": {"sent": 5, "dead": 1}},
		Spend:     map[string]int64{"x": 1_250_000},
		Reads: map[string][]bot.DaySpend{
			"x:harborlabs": {{Day: now.UTC().Format(time.DateOnly), Reads: 40, Spend: .4}, {Day: "1999-12-31", Reads: 7, Spend: .035}}, "x:dreyes": {{Day: "1999-12-31", Reads: 7, Spend: .035}},
		},
		Unread:  6,
		Waiting: 4,
	}
}

// figures are the program's own lines of an exposition.
func figures(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "onrecord_") && !strings.HasPrefix(line, "onrecord_build_info") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		time.Sleep(time.Hour)
		h := web.Handler(&database{status: full(time.Now())}, "v1.2.3", started)
		w := get(t, h, http.MethodGet, "/metrics")
		want := []string{
			`onrecord_account_pull_age_seconds{account="feed:harbor.example/feed.xml#0a1b2c3d"} 3600`,
			`onrecord_account_pull_age_seconds{account="x:harborlabs"} 90`,
			`onrecord_account_pull_failures{account="feed:harbor.example/feed.xml#0a1b2c3d"} 4`,
			`onrecord_account_pull_failures{account="x:harborlabs"} 0`,
			`onrecord_account_reads_today{account="x:dreyes"} 0`,
			`onrecord_account_reads_today{account="x:harborlabs"} 40`,
			`onrecord_account_spend_today_dollars{account="x:dreyes"} 0`,
			`onrecord_account_spend_today_dollars{account="x:harborlabs"} 0.4`,
			`onrecord_account_stale{account="feed:harbor.example/feed.xml#0a1b2c3d"} 1`,
			`onrecord_account_stale{account="x:harborlabs"} 0`,
			`onrecord_channel_paused{channel="newsroom"} 1`,
			`onrecord_channel_paused{channel="newsroom/review"} 0`,
			`onrecord_database_up 1`,
			`onrecord_decisions_total{verdict="accept"} 7`,
			`onrecord_decisions_total{verdict="reject"} 33`,
			`onrecord_decisions_total{verdict="review"} 2`,
			`onrecord_deliveries_owed{channel="newsroom"} 3`,
			`onrecord_deliveries_owed{channel="newsroom/review"} 0`,
			`onrecord_deliveries_total{channel="newsroom",state="dead"} 1`,
			`onrecord_deliveries_total{channel="newsroom",state="sent"} 5`,
			`onrecord_delivery_oldest_age_seconds{channel="newsroom"} 60`,
			`onrecord_delivery_oldest_age_seconds{channel="newsroom/review"} 0`,
			`onrecord_posts_total{account="x:harborlabs"} 42`,
			`onrecord_posts_unread 6`,
			`onrecord_review_waiting 4`,
			`onrecord_spend_today_dollars{source="x"} 1.25`,
		}
		if diff := cmp.Diff(want, figures(w.Body.String())); diff != "" || w.Code != http.StatusOK {
			t.Errorf("HTTP %d\n%s", w.Code, diff)
		}
		for _, part := range []string{`onrecord_build_info{goversion="go`, `version="v1.2.3"} 1`, "\ngo_goroutines "} {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("/metrics lacks %q:\n%s", part, w.Body)
			}
		}
		for _, reason := range []string{"HTTP 401", "refused"} {
			if strings.Contains(w.Body.String(), reason) {
				t.Errorf("/metrics shows a reason (%q)", reason)
			}
		}
	})
}

// Without the database a scrape still says so, and that it runs.
func TestMetricsWithoutDatabase(t *testing.T) {
	t.Parallel()
	b := &database{status: full(time.Now()), err: errors.New("disk full")}
	w := get(t, web.Handler(b, "v1", time.Now()), http.MethodGet, "/metrics")
	if diff := cmp.Diff([]string{"onrecord_database_up 0"}, figures(w.Body.String())); diff != "" || w.Code != http.StatusOK {
		t.Errorf("HTTP %d\n%s", w.Code, diff)
	}
}

func TestOddLabels(t *testing.T) {
	t.Parallel()
	b := &database{status: bot.Status{Posts: map[string]int64{"x:\xff\"\n": 1}}}
	w := get(t, web.Handler(b, "v1", time.Now()), http.MethodGet, "/metrics")
	if !strings.Contains(w.Body.String(), `onrecord_posts_total{account="x:`+"\ufffd"+`\"\n"} 1`) {
		t.Errorf("HTTP %d\n%s", w.Code, w.Body)
	}
}

func TestServe(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	entered, release := make(chan struct{}), make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-release
		fmt.Fprint(w, "whole")
	})
	address, done, err := web.Serve(ctx, "127.0.0.1:0", mux, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := web.Serve(ctx, address, mux, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("one address is served twice")
	}
	body := make(chan string, 1)
	go func() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/", http.NoBody)
		if err != nil {
			body <- err.Error()
			return
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			body <- err.Error()
			return
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		body <- string(text)
	}()
	<-entered
	stop()
	close(release)
	if got := <-body; got != "whole" {
		t.Errorf("the answer under way when it stopped was %q", got)
	}
	if err := <-done; err != nil {
		t.Errorf("a stop gives %v", err)
	}
	if _, err := new(net.Dialer).DialContext(t.Context(), "tcp", address); err == nil {
		t.Error("it still listens after the stop")
	}
}

// What the server itself has to say stands in the log of the program, line by line.
func TestServeWritesIntoTheLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	ctx, stop := context.WithCancel(t.Context())
	broken := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a handler broke") })
	address, done, err := web.Serve(ctx, "127.0.0.1:0", broken, slog.New(slog.NewJSONHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: here\r\n\r\n")
	_, _ = io.Copy(io.Discard, conn)
	_ = conn.Close()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	var line struct{ Level, Msg string }
	if err := json.Unmarshal(log.Bytes(), &line); err != nil || line.Level != "WARN" || !strings.Contains(line.Msg, "a handler broke") {
		t.Errorf("the log holds %q (%v)", log.String(), err)
	}
}

// A client that never finishes must not hold up the stop.
func TestServeStopsBesideAHangingClient(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	entered := make(chan struct{})
	address, done, err := web.Serve(ctx, "127.0.0.1:0", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	}), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: here\r\n\r\n")
	<-entered
	begin := time.Now()
	stop()
	select {
	case err := <-done:
		t.Logf("the stop took %s", time.Since(begin).Round(time.Millisecond))
		if err != nil {
			t.Errorf("a stop gives %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("a client that hangs holds up the stop")
	}
	if _, err := bufio.NewReader(conn).ReadByte(); err == nil {
		t.Error("the hanging client got an answer")
	}
}
