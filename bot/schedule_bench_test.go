package bot_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/schedule"
	"onrecord/internal/store"
	"onrecord/sources"
)

const (
	watched   = 10_000
	interval  = 5 * time.Minute
	observed  = 90 * time.Second
	childsEnv = "ONRECORD_SCHEDULE_DIR"
)

// BenchmarkSchedule watches 10,000 accounts, each read every five minutes, and
// measures how late pulls begin and what the process costs. It runs in a process
// of its own, so that memory and processor time are the program's.
func BenchmarkSchedule(b *testing.B) {
	if dir := os.Getenv(childsEnv); dir != "" {
		observe(b, dir)
		return
	}
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		dir := b.TempDir()
		child := exec.CommandContext(b.Context(), self, "-test.run", "^$", "-test.bench", "^BenchmarkSchedule$", "-test.benchtime", "1x")
		child.Env = append(os.Environ(), childsEnv+"="+dir)
		if out, err := child.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		found, err := os.ReadFile(filepath.Join(dir, "found.json"))
		if err != nil {
			b.Fatal(err)
		}
		var metrics map[string]float64
		if err := json.Unmarshal(found, &metrics); err != nil {
			b.Fatal(err)
		}
		for unit, v := range metrics {
			b.ReportMetric(v, unit)
		}
	}
	b.ReportMetric(0, "ns/op")
}

// quiet is a source that answers at once and has nothing new.
type quiet struct {
	mu    sync.Mutex
	pulls map[string]time.Time
}

func (q *quiet) Pull(_ context.Context, a onrecord.Account, c sources.Cursor) (sources.Page, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pulls[a.ID] = time.Now()
	return sources.Page{Next: c}, nil
}

// forget begins anew and returns what was pulled, and when.
func (q *quiet) forget() map[string]time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	pulls := q.pulls
	q.pulls = map[string]time.Time{}
	return pulls
}

func (q *quiet) count() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.pulls)
}

func observe(b *testing.B, dir string) {
	for b.Loop() {
		path := filepath.Join(dir, "schedule.db")
		metrics := map[string]float64{}
		q := &quiet{pulls: map[string]time.Time{}}
		accounts, setup := watch(b, q)
		start := func() (stop func()) {
			database, err := store.Open(b.Context(), path)
			if err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			if err := database.Sync(b.Context(), accounts, func(string) time.Duration { return interval }, nil); err != nil {
				b.Fatal(err)
			}
			metrics["ms-sync"] = float64(time.Since(began).Milliseconds()) // of the second start: nothing to write
			if metrics["ms-first-sync"] == 0 {
				metrics["ms-first-sync"] = metrics["ms-sync"]
			}
			setup.Database, setup.Inbox, setup.Reviews, setup.Outbox = database, database, database, database
			ctx, cancel := context.WithCancel(b.Context())
			done := make(chan struct{})
			go func() { bot.New(setup).Run(ctx); close(done) }()
			return func() { cancel(); <-done; database.Close() }
		}
		// All are due at once at the first start.
		began := time.Now()
		stop := start()
		for q.count() < watched {
			time.Sleep(10 * time.Millisecond)
		}
		metrics["s-first-round"] = time.Since(began).Seconds()
		time.Sleep(time.Second) // the last of them end
		stop()
		q.forget()

		due := spread(b, path)
		stop = start()
		time.Sleep(10 * time.Second)
		q.forget()
		before := used(b)
		from := time.Now()
		time.Sleep(observed)
		to := time.Now()
		pulls := q.forget()
		metrics["%cpu"] = 100 * (used(b) - before).Seconds() / to.Sub(from).Seconds()
		metrics["MB-rss"] = resident(b)
		stop()
		var waits []time.Duration
		for id, at := range due {
			if at.Before(from) || at.After(to.Add(-5*time.Second)) {
				continue
			}
			pulled, ok := pulls[id]
			if !ok {
				b.Fatalf("%s was not pulled within five seconds of its time", id)
			}
			waits = append(waits, pulled.Sub(at))
		}
		metrics["pulls/s"] = float64(len(pulls)) / to.Sub(from).Seconds()
		metrics["ms-p50"], metrics["ms-p99"] = percentiles(waits)
		found, err := json.Marshal(metrics)
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "found.json"), found, 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

func watch(b *testing.B, q *quiet) (accounts []onrecord.Account, s bot.Setup) {
	plan, err := schedule.Parse("@every " + interval.String())
	if err != nil {
		b.Fatal(err)
	}
	s = bot.Setup{Cases: []onrecord.Case{northwind}, Sources: map[string]sources.Source{"square": q}, Summarizer: extract{}}
	for i := range watched {
		a := onrecord.Account{ID: fmt.Sprintf("square:party%05d", i), Source: "square", Handle: fmt.Sprintf("party%05d", i), Speaker: account.Speaker, Cases: account.Cases}
		accounts = append(accounts, a)
		s.Accounts = append(s.Accounts, bot.Account{Account: a, Schedule: plan})
	}
	return accounts, s
}

// spread deals the due times evenly over the interval, behind the store's back.
func spread(b *testing.B, path string) map[string]time.Time {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	now, due := time.Now(), map[string]time.Time{}
	tx, err := db.BeginTx(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer tx.Rollback()
	for i := range watched {
		id, at := fmt.Sprintf("square:party%05d", i), now.Add(interval*time.Duration(i)/watched)
		if _, err := tx.ExecContext(b.Context(), "UPDATE accounts SET next_at = $1 WHERE id = $2", at.UnixMilli(), id); err != nil {
			b.Fatal(err)
		}
		due[id] = at.Truncate(time.Millisecond)
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return due
}

// used is the processor time of this process.
func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident is the memory of this process in MB.
func resident(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.Fields(kb)[0])
			if err != nil {
				b.Fatal(err)
			}
			return float64(n) / 1024
		}
	}
	b.Fatal("no VmRSS")
	return 0
}
