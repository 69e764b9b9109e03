package main

import (
	"bytes"
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
// schedules and measures what it costs while nothing happens: resident memory,
// processor time, and how soon after its start the first pull arrives.
func BenchmarkIdle(b *testing.B) {
	dir := b.TempDir()
	binary := filepath.Join(dir, "onrecord")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
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
	x, site := xtest.New("AAAAAAAA-bench"), feedtest.New()
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
sources:
  x: {bearer_token: AAAAAAAA-bench, base_url: %q}
  feed: {allow_private: true}
web: {listen: "127.0.0.1:0"}
database: %q
`, xURL, filepath.Join(dir, "idle.db"))
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
