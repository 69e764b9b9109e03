package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/internal/store/pgtest"
	"onrecord/notifiers"
	"onrecord/statements"
)

// onBoth runs a benchmark on SQLite and on PostgreSQL, which both wait for the
// disk at every commit. fresh returns where an empty database is to be.
func onBoth(b *testing.B, run func(b *testing.B, fresh func() string)) {
	b.Run("sqlite", func(b *testing.B) { run(b, func() string { return b.TempDir() + "/bench.db" }) })
	b.Run("postgres", func(b *testing.B) {
		server := pgtest.New(b)
		run(b, func() string { return server.Database(b) })
	})
}

// sink takes everything at once. Messages are numbers, those of the posts.
type sink struct {
	mu    sync.Mutex
	taken map[string][]int // by channel
	at    map[int]time.Time
	left  int
	all   chan struct{}
}

func newSink(expected int) *sink {
	return &sink{taken: map[string][]int{}, at: map[int]time.Time{}, left: expected, all: make(chan struct{})}
}

func (*sink) Render(n onrecord.Notice) (notifiers.Message, error) {
	return notifiers.Message{Body: []byte(n.(onrecord.StatementNotice).Statement.First().ID)}, nil
}

func (s *sink) Send(_ context.Context, to notifiers.Target, m notifiers.Message, _ string) (notifiers.Receipt, error) {
	now := time.Now()
	n, err := strconv.Atoi(string(m.Body))
	if err != nil {
		return notifiers.Receipt{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken[to.ID] = append(s.taken[to.ID], n)
	s.at[n] = now
	if s.left--; s.left == 0 {
		close(s.all)
	}
	return notifiers.Receipt{ID: string(m.Body)}, nil
}

// check fails unless each of so many numbers came once, in order in its channel.
func (s *sink) check(b *testing.B, owed int) {
	b.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	total := 0
	for i, ch := range channels {
		got := s.taken[ch]
		for k, n := range got {
			if n != i+k*len(channels) {
				b.Fatalf("%s got %d where %d was due", ch, n, i+k*len(channels))
			}
		}
		total += len(got)
	}
	if total != owed {
		b.Fatalf("%d were sent, want %d", total, owed)
	}
}

var channels = func() (ids []string) {
	for i := range 16 {
		ids = append(ids, fmt.Sprintf("channel-%02d", i))
	}
	return ids
}()

// replica opens a database for the benchmark's account and channels.
func replica(b *testing.B, where string) *store.Store {
	b.Helper()
	database, err := store.Open(b.Context(), where)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { database.Close() })
	places := map[string]string{}
	for _, id := range channels {
		places[id] = "sink"
	}
	if err := database.Sync(b.Context(), []onrecord.Account{account}, func(string) time.Duration { return time.Hour }, places); err != nil {
		b.Fatal(err)
	}
	return database
}

// database is all that a bot needs of one.
type database interface {
	bot.Database
	bot.Inbox
	bot.Reviews
	bot.Outbox
}

// work runs a bot that delivers to the sink, until the function it returns is called.
func work(b *testing.B, database database, to *sink) (stop func()) {
	setup := bot.Setup{Database: database, Inbox: database, Reviews: database, Outbox: database, Cases: []onrecord.Case{northwind}, Summarizer: extract{}}
	for _, id := range channels {
		setup.Channels = append(setup.Channels, bot.Channel{Target: notifiers.Target{ID: id, Lane: onrecord.Record}, Notifier: to, Cases: []string{northwind.ID}})
	}
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() { bot.New(setup).Run(ctx); close(done) }()
	return func() { cancel(); <-done }
}

// debtor makes statements that are owed to one channel each, in turn.
type debtor struct {
	database *store.Store
	next     int
}

// arrive stores so many posts to make statements of.
func (d *debtor) arrive(b *testing.B, posts int) {
	b.Helper()
	claims, err := d.database.ClaimDue(b.Context(), time.Minute, 1)
	if err != nil || len(claims) != 1 {
		b.Fatal(claims, err)
	}
	page := make([]bot.PulledPost, posts)
	for i := range page {
		page[i] = bot.PulledPost{Post: onrecord.Post{Account: account.ID, ID: fmt.Sprint(i), Text: said(i), Created: time.Now()}}
	}
	if _, err := d.database.StorePage(b.Context(), &claims[0], page, "all", time.Hour); err != nil {
		b.Fatal(err)
	}
}

// owe records the next statement with the delivery it owes.
func (d *debtor) owe(b *testing.B) {
	b.Helper()
	u, err := d.database.NextUnread(b.Context())
	if err != nil || u == nil {
		b.Fatal(u, err)
	}
	st := onrecord.Statement{Case: northwind.ID, Speaker: account.Speaker, Account: account.ID, Lane: onrecord.Record, Parts: []onrecord.Post{u.Post}, Seen: u.Known.Seen}
	r := statements.Reading{Post: u.Post, Findings: []statements.Finding{{
		Decision: onrecord.Decision{Case: northwind.ID, Label: onrecord.Accept}, Effect: statements.Opens{Statement: st},
	}}}
	_, err = d.database.Record(b.Context(), r, bot.Audience{{Channel: channels[d.next%len(channels)], Lane: onrecord.Record, Cases: []string{northwind.ID}}})
	if err != nil {
		b.Fatal(err)
	}
	d.next++
}

// BenchmarkBurst delivers 5,000 messages to 16 channels of an unlimited sink, in
// order in each channel.
func BenchmarkBurst(b *testing.B) {
	onBoth(b, func(b *testing.B, fresh func() string) {
		for replicas := 1; replicas == 1 || replicas == 2 && b.Name() == "BenchmarkBurst/postgres"; replicas++ {
			b.Run(fmt.Sprintf("replicas=%d", replicas), func(b *testing.B) { burst(b, fresh, replicas) })
		}
	})
}

func burst(b *testing.B, fresh func() string, replicas int) {
	const owed = 5000
	var took, recording time.Duration
	rounds := 0
	for ; b.Loop(); rounds++ {
		where, to := fresh(), newSink(owed)
		var books []*store.Store
		for range replicas {
			books = append(books, replica(b, where))
		}
		d := debtor{database: books[0]}
		d.arrive(b, owed)
		started := time.Now()
		for range owed {
			d.owe(b)
		}
		began := time.Now()
		recording += began.Sub(started)
		var stops []func()
		for _, database := range books {
			stops = append(stops, work(b, database, to))
		}
		<-to.all
		for n := owed; n > 0; time.Sleep(time.Millisecond) {
			var err error
			if n, err = books[0].Owed(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		took += time.Since(began)
		for i, stop := range stops {
			stop()
			books[i].Close()
		}
		to.check(b, owed)
	}
	b.ReportMetric(float64(rounds*owed)/took.Seconds(), "deliveries/s")
	b.ReportMetric(float64(rounds*owed)/(took+recording).Seconds(), "recorded-and-delivered/s")
	b.ReportMetric(0, "ns/op")
}

// rung is a database whose bot is woken by the benchmark, as the review loop
// wakes the deliver loop of the same process.
type rung struct {
	*store.Store
	ring chan struct{}
}

func (r rung) Wakes() <-chan struct{} { return r.ring }

// deaf leaves the posts to the benchmark's own review.
type deaf struct{ database }

func (deaf) NextUnread(context.Context) (*bot.Unread, error) { return nil, nil }

// BenchmarkPaced makes 20 statements a second for 16 channels and measures the
// time from the commit that owes a delivery to the sink.
func BenchmarkPaced(b *testing.B) {
	onBoth(b, func(b *testing.B, fresh func() string) {
		b.Run("same-process", func(b *testing.B) {
			for b.Loop() {
				database := rung{replica(b, fresh()), make(chan struct{}, 1)}
				paced(b, database, database.Store, func() {
					select {
					case database.ring <- struct{}{}:
					default:
					}
				})
			}
		})
		if b.Name() != "BenchmarkPaced/postgres" {
			return
		}
		b.Run("other-replica", func(b *testing.B) { // told by the database alone
			for b.Loop() {
				where := fresh()
				paced(b, replica(b, where), replica(b, where), func() {})
			}
		})
	})
}

func paced(b *testing.B, delivers database, records *store.Store, ring func()) {
	const owed, pace = 400, time.Second / 20
	to := newSink(owed)
	d := debtor{database: records}
	d.arrive(b, owed)
	stop := work(b, deaf{delivers}, to)
	defer stop()
	committed := make([]time.Time, owed)
	time.Sleep(time.Second) // the start is over
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for i := range committed {
		<-tick.C
		d.owe(b)
		committed[i] = time.Now()
		ring()
	}
	<-to.all
	to.check(b, owed)
	waits := make([]time.Duration, owed)
	for i, c := range committed {
		waits[i] = to.at[i].Sub(c)
	}
	p50, p99 := percentiles(waits)
	b.ReportMetric(p50, "ms-p50")
	b.ReportMetric(p99, "ms-p99")
	b.ReportMetric(0, "ns/op")
}

// percentiles are the median and the 99th percentile in milliseconds.
func percentiles(waits []time.Duration) (p50, p99 float64) {
	slices.Sort(waits)
	ms := func(i int) float64 { return float64(waits[i].Microseconds()) / 1000 }
	return ms(len(waits) / 2), ms(len(waits) * 99 / 100)
}
