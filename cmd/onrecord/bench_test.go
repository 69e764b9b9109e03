package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/internal/store/pgtest"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/sources/feed/feedtest"
	"onrecord/sources/x/xtest"
)

// BenchmarkIdle starts the release build with twenty accounts on their usual
// schedules and connected to Discord's gateway, and measures what it costs while
// nothing happens: resident memory, processor time, and how soon after its start
// the first pull arrives.
func BenchmarkIdle(b *testing.B) {
	dir, binary := b.TempDir(), release(b)
	if info, err := os.Stat(binary); err == nil {
		b.ReportMetric(float64(info.Size())/1e6, "MB-binary")
	}
	var first sync.Once
	var started, pulled time.Time
	watch := func(h http.Handler) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			first.Do(func() { pulled = time.Now() })
			h.ServeHTTP(w, r)
		}))
		b.Cleanup(s.Close)
		return s.URL
	}
	x, site, d := xtest.New("AAAAAAAA-bench"), feedtest.New(), discordtest.New(readers)
	gateway := discordtest.OpenGateway(d)
	place := httptest.NewServer(d)
	b.Cleanup(place.Close)
	xURL, siteURL := watch(x), watch(site)
	var accounts strings.Builder
	for i := range 10 {
		handle, path := fmt.Sprintf("party%d", i), fmt.Sprintf("/%d.xml", i)
		x.Account(handle, "Party")
		for range 20 {
			site.Publish(path, feedtest.Item{Title: "News", Text: "An ordinary day at the office."})
		}
		fmt.Fprintf(&accounts, "  - {source: x, handle: %s, speaker: Harbor Labs}\n  - {source: feed, url: %q, speaker: Northwind Data}\n", handle, siteURL+path)
	}
	config := filepath.Join(dir, "config.yaml")
	text := fictional + "accounts:\n" + accounts.String() + fmt.Sprintf(`
channels:
  - {id: readers, notifier: discord, channel: %q}
notifiers:
  discord: {token: %s, api_url: "%s/api/v10"}
sources:
  x: {bearer_token: AAAAAAAA-bench, base_url: %q}
  feed: {allow_private: true}
web: {listen: "127.0.0.1:0"}
database: %q
`, readers, discordtest.DefaultToken, place.URL, xURL, filepath.Join(dir, "idle.db"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	const idle = 120 * time.Second
	for b.Loop() {
		started = time.Now()
		run := exec.CommandContext(b.Context(), binary, "run", "--config", config)
		var said bytes.Buffer
		run.Stdout, run.Stderr = &said, &said
		b.Cleanup(func() {
			if b.Failed() {
				b.Log(said.String())
			}
		})
		if err := run.Start(); err != nil {
			b.Fatal(err)
		}
		until(b, patience, "commands are heard", func() bool { return gateway.Sessions() == 1 })
		time.Sleep(5 * time.Second) // the first pulls are not idleness
		before := cpuTime(b, run.Process.Pid)
		time.Sleep(idle)
		cpu := cpuTime(b, run.Process.Pid) - before
		b.ReportMetric(100*cpu.Seconds()/idle.Seconds(), "%cpu")
		b.ReportMetric(residentMB(b, run.Process.Pid), "MB-rss")
		b.ReportMetric(float64(pulled.Sub(started).Milliseconds()), "ms-first-pull")
		_ = run.Process.Kill()
		_ = run.Wait()
	}
}

// BenchmarkAcknowledged asks a command twenty times a second while a thousand deliveries are
// under way and somebody else holds the database half of the time, and measures how long
// Discord waits for the acknowledgements.
func BenchmarkAcknowledged(b *testing.B) {
	binary := release(b)
	b.Run("sqlite", func(b *testing.B) {
		acknowledged(b, binary, filepath.Join(b.TempDir(), "test.db"), "BEGIN IMMEDIATE")
	})
	b.Run("postgres", func(b *testing.B) {
		acknowledged(b, binary, pgtest.New(b).Database(b), "BEGIN; LOCK TABLE deliveries IN EXCLUSIVE MODE")
	})
}

func acknowledged(b *testing.B, binary, where, hold string) {
	const rooms, statements = 16, 63
	e := newEdgeOn(b, where)
	var lanes strings.Builder
	for i := range rooms {
		id := fmt.Sprint(1180000000000003000 + i)
		e.discord.AddChannel(id, discordtest.Text, "")
		fmt.Fprintf(&lanes, "  - {id: room%d, notifier: discord, channel: %q}\n", i, id)
	}
	e.head = strings.Replace(e.head, "\nsources:", "\n"+lanes.String()+"sources:", 1)
	e.site.Open("/news.xml")
	e.site.Keep("/news.xml", statements)
	config := e.config(b, fictional+fmt.Sprintf("accounts:\n  - {source: feed, url: %q, speaker: Harbor Labs, schedule: \"@every 1s\"}\n", e.siteURL+"/news.xml"))
	for b.Loop() {
		run := exec.CommandContext(b.Context(), binary, "run", "--config", config)
		if err := run.Start(); err != nil {
			b.Fatal(err)
		}
		until(b, patience, "the feed is watched, and commands are heard", func() bool { return watched(e.status(b), 1) && e.gateway.Sessions() == 1 })
		for i := range statements {
			e.site.Publish("/news.xml", feedtest.Item{Title: fmt.Sprint(i), Text: saying(i)})
		}
		began, over := time.Now(), make(chan struct{})
		var holding sync.WaitGroup
		holding.Go(func() { held(b, where, hold, over) })
		var calls []*discordtest.Call
		for e.discord.Requests(http.MethodPost, "/channels/{c}/messages") < (rooms+1)*statements {
			calls = append(calls, e.gateway.Call(discordtest.Called{By: discordtest.Member{ID: fmt.Sprint(1180000000000100000 + len(calls)), Name: "Ann"}, Channel: readers, Command: "statements"}))
			time.Sleep(50 * time.Millisecond)
		}
		b.ReportMetric(float64((rooms+1)*statements)/time.Since(began).Seconds(), "deliveries/s")
		close(over)
		holding.Wait()
		var took []float64
		for _, c := range calls {
			until(b, patience, "a command is acknowledged", func() bool { return c.Acknowledged() > 0 })
			took = append(took, float64(c.Acknowledged().Microseconds())/1000)
		}
		slices.Sort(took)
		b.ReportMetric(took[len(took)/2], "ms-p50")
		b.ReportMetric(took[len(took)*99/100], "ms-p99")
		b.ReportMetric(took[len(took)-1], "ms-max")
		b.ReportMetric(float64(len(took)), "commands")
		b.ReportMetric(0, "ns/op")
		_ = run.Process.Kill()
		_ = run.Wait()
	}
}

// held takes what keeps others from writing, a quarter of a second out of a half.
func held(b *testing.B, where, hold string, over <-chan struct{}) {
	driver, address := "sqlite", "file:"+where+"?_pragma=busy_timeout(60000)"
	if strings.HasPrefix(where, "postgres") {
		driver, address = "pgx", where
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		b.Error(err)
		return
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for {
		for _, what := range []string{hold, "COMMIT"} {
			if _, err := db.ExecContext(b.Context(), what); err != nil {
				b.Error(err)
				return
			}
			select {
			case <-over:
				return
			case <-time.After(250 * time.Millisecond):
			}
		}
	}
}

// cpuTime is what a process has used, in hundredths of a second (proc(5)).
func cpuTime(b *testing.B, pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

func residentMB(b *testing.B, pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.Atoi(strings.Fields(kb)[0])
			return float64(n) / 1024
		}
	}
	b.Fatal("no VmRSS")
	return 0
}

// BenchmarkRecovery kills the real process while a message is on its way, and
// measures how long it takes until accounts are read again and until the message
// is settled: by the next process on SQLite, counted from its start, when every
// account has become due meanwhile; by the other replica on PostgreSQL, counted
// from the death.
func BenchmarkRecovery(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { recovery(b, filepath.Join(b.TempDir(), "test.db")) })
	b.Run("postgres", func(b *testing.B) { recovery(b, pgtest.New(b).Database(b)) })
}

func recovery(b *testing.B, where string) {
	const every = time.Second
	e := newEdgeOn(b, where)
	var accounts strings.Builder
	for i := range 20 {
		e.site.Open(fmt.Sprintf("/%02d.xml", i))
		fmt.Fprintf(&accounts, "  - {source: feed, url: %q, speaker: Harbor Labs, schedule: \"@every %s\"}\n", fmt.Sprintf("%s/%02d.xml", e.siteURL, i), every)
	}
	config := e.config(b, fictional+"accounts:\n"+accounts.String())
	first := start(b, config)
	until(b, 20*time.Second, "every feed is watched", func() bool { return watched(e.status(b), 20) })
	asked := func() (n int) {
		for i := range 20 {
			all, _ := e.site.Requests(fmt.Sprintf("/%02d.xml", i))
			n += all
		}
		return n
	}
	var polls, settles []time.Duration
	for said := 0; b.Loop(); said++ {
		slow := e.discord.Break(discordtest.Rule{Fault: discordtest.Slow, Method: http.MethodPost, Route: "/channels/{c}/messages", Odds: 1, Delay: 2 * time.Second})
		e.site.Publish("/00.xml", feedtest.Item{Title: "A statement", Text: saying(said)})
		until(b, 20*time.Second, "the message is on its way", func() bool { return slow() > 0 })
		var next *process
		if strings.HasPrefix(where, "postgres") {
			next = start(b, config)
			time.Sleep(every) // it has found its place
		}
		first.kill()
		e.discord.Mend()
		if next == nil {
			time.Sleep(every)
		}
		pulls, began := asked(), time.Now()
		if next == nil {
			next = start(b, config)
		}
		var polled, settled time.Duration
		for polled == 0 || settled == 0 {
			if polled == 0 && asked() > pulls {
				polled = time.Since(began)
			}
			if settled == 0 && e.status(b).Settled["readers"]["sent"] == int64(said+1) {
				settled = time.Since(began)
			}
			time.Sleep(time.Millisecond)
		}
		polls, settles = append(polls, polled), append(settles, settled)
		first = next
	}
	first.kill()
	b.ReportMetric(float64(slices.Max(polls).Milliseconds()), "ms-poll-max")
	b.ReportMetric(float64(slices.Max(settles).Milliseconds()), "ms-settled-max")
	slices.Sort(settles)
	b.ReportMetric(float64(settles[len(settles)/2].Milliseconds()), "ms-settled-p50")
}
