package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

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
	x, site := xtest.New("token"), feedtest.New()
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
  x: {bearer_token: token, base_url: %q}
  feed: {allow_private: true}
web: {listen: "127.0.0.1:0"}
database: %q
`, xURL, filepath.Join(dir, "idle.db"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	const idle = 60 * time.Second
	for b.Loop() {
		started = time.Now()
		run := exec.CommandContext(b.Context(), binary, "run", "--config", config)
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
