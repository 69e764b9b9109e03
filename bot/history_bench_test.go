package bot_test

import (
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers"
)

// BenchmarkHistory claims and settles deliveries over more and more rows of sent
// history: the cost of one must not grow.
func BenchmarkHistory(b *testing.B) {
	onBoth(b, func(b *testing.B, fresh func() string) {
		where := fresh()
		database := replica(b, where)
		past := openPast(b, where)
		for rows := 1000; rows <= 1_000_000; rows *= 10 {
			past.grow(b, rows)
			b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
				var took time.Duration
				settled := 0
				for b.Loop() {
					const owed = 4000
					past.owe(b, owed)
					began := time.Now()
					settled += settleAll(b, database)
					took += time.Since(began)
				}
				b.ReportMetric(float64(took.Microseconds())/float64(settled), "µs/delivery")
				b.ReportMetric(0, "ns/op")
			})
		}
	})
}

// settleAll claims and settles until nothing is owed, as the deliver loop does.
func settleAll(b *testing.B, database *store.Store) (n int) {
	for {
		heads, _, err := database.Due(b.Context(), len(channels))
		if err != nil {
			b.Fatal(err)
		}
		due, err := database.ClaimDeliveries(b.Context(), time.Minute, heads, nil)
		if err != nil {
			b.Fatal(err)
		}
		if len(due) == 0 {
			return n
		}
		var settling sync.WaitGroup
		for _, d := range due {
			settling.Go(func() {
				if err := database.FinishAttempt(b.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: d.Key}}); err != nil {
					b.Error(err)
				}
			})
		}
		settling.Wait()
		if b.Failed() {
			b.FailNow()
		}
		n += len(due)
	}
}

// past writes history behind the store's back.
type past struct {
	*sql.DB
	series   string // numbers from above $1 to $2, as s(i)
	tidy     []string
	written  int
	numbered int // the last number that was used
}

func openPast(b *testing.B, where string) *past {
	b.Helper()
	p := &past{
		series: "WITH RECURSIVE s(i) AS (SELECT $1 + 1 UNION ALL SELECT i + 1 FROM s WHERE i < $2)",
		tidy:   []string{"PRAGMA wal_checkpoint(TRUNCATE)"},
	}
	driver := "sqlite"
	if strings.HasPrefix(where, "postgres:") {
		driver, p.tidy = "pgx", []string{"VACUUM ANALYZE", "CHECKPOINT"}
		p.series = "WITH s(i) AS (SELECT generate_series(CAST($1 AS BIGINT) + 1, CAST($2 AS BIGINT)))"
	}
	var err error
	if p.DB, err = sql.Open(driver, where); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { p.Close() })
	return p
}

// grow makes the history so long.
func (p *past) grow(b *testing.B, rows int) {
	b.Helper()
	p.insert(b, rows-p.written, "sent", "'m' || i", "1")
	p.written = rows
	for _, step := range p.tidy {
		if _, err := p.ExecContext(b.Context(), step); err != nil {
			b.Fatal(err)
		}
	}
}

// owe makes so many deliveries due. They become history, too.
func (p *past) owe(b *testing.B, rows int) {
	b.Helper()
	p.insert(b, rows, "pending", "''", "NULL")
}

func (p *past) insert(b *testing.B, rows int, state, messageID, sentAt string) {
	b.Helper()
	for rows > 0 {
		some := min(rows, 100_000)
		for _, step := range []string{
			` INSERT INTO statements (id, case_id, speaker, lane, account, thread, seen_at, release_at, released, body)
				SELECT i, 'c', 'Harbor Labs', 'record', 'square:harborlabs', '', i, 0, TRUE, '{}' FROM s`,
			` INSERT INTO deliveries (subject, statement, channel, kind, seq, key, message, state, owed_at, next_at, message_id, sent_at)
				SELECT 'S-' || i, i, 'channel-' || substr('00010203040506070809101112131415', CAST(i % 16 AS INTEGER) * 2 + 1, 2), 'new', 0, 'key ' || i,
				CAST('` + strings.Repeat("said ", 40) + `' AS ` + p.bytes() + `), '` + state + `', 1, 1, ` + messageID + `, ` + sentAt + ` FROM s`,
		} {
			if _, err := p.ExecContext(b.Context(), p.series+step, p.numbered, p.numbered+some); err != nil {
				b.Fatal(err)
			}
		}
		rows, p.numbered = rows-some, p.numbered+some
	}
}

func (p *past) bytes() string {
	if strings.HasPrefix(p.series, "WITH RECURSIVE") {
		return "BLOB"
	}
	return "BYTEA"
}
