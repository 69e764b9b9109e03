package store_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/internal/store/pgtest"
	"onrecord/notifiers"
)

// What the loops do again and again reads no table from end to end, however long
// its history, whether or not PostgreSQL has statistics yet.
func TestPlansUseIndexes(t *testing.T) {
	for _, analyzed := range []bool{false, true} {
		t.Run(fmt.Sprintf("analyzed=%t", analyzed), func(t *testing.T) {
			where := pgtest.Database(t)
			made, err := store.Open(t.Context(), where)
			must(t, err)
			must(t, made.Close())
			db := behind(t, where)
			fillPast(t, db)
			if analyzed {
				run(t, db, "ANALYZE")
			}
			before, began := scans(t, db), time.Now()
			round(t, where, 40)
			run(t, db, "SELECT pg_stat_clear_snapshot()")
			for table, n := range scans(t, db) {
				// Due times are looked over at the start, and every half minute of a slow machine, which reads every account.
				if allowed := map[string]int64{"accounts": 20_000 * int64(1+time.Since(began)/(30*time.Second))}[table]; n-before[table] > allowed {
					t.Errorf("%d rows of %s were read without an index", n-before[table], table)
				}
			}
		})
	}
}

func run(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), statement)
	must(t, err)
}

// fillPast writes 20,000 rows of history and some that are due.
func fillPast(t *testing.T, db *sql.DB) {
	t.Helper()
	for _, fill := range []string{
		"INSERT INTO channels (id, notifier) SELECT 'room' || i, 'console' FROM generate_series(0, 15) i",
		`INSERT INTO accounts (id, source, speaker, active, every, next_at)
			SELECT 'feed:' || i, 'feed', 'Harbor Labs', TRUE, 300000, CAST(extract(epoch FROM now()) * 1000 AS BIGINT) + (i - 200) * 10 FROM generate_series(1, 20000) i`,
		`INSERT INTO posts (account, id, source, thread, revision, created_at, seen_at, state, body)
			SELECT 'feed:' || (i - i % 2), i, 'feed', 't' || i / 4, '', i, i, CASE WHEN i > 19900 THEN 'unread' ELSE 'read' END,
			'{"Account":"feed:' || (i - i % 2) || '","ID":"' || i || '","Thread":"t' || i / 4 || '","ReplyTo":{"ID":"' || i - 3 || '"}}' FROM generate_series(1, 20000) i`,
		`INSERT INTO decisions (post, case_id, speaker, revision, proposed, verdict, score, novelty, why, ruleset, reasons, made_at)
			SELECT i, 'c', '', '', FALSE, 'reject', 0, '', '', '', '[]', i FROM generate_series(1, 19900) i`,
		`INSERT INTO statements (case_id, speaker, lane, account, thread, seen_at, release_at, released, body)
			SELECT 'c', 'Harbor Labs', 'record', 'feed:1', '', i, 0, TRUE, CASE WHEN i <= 20500 THEN '{}' ELSE '{"ID":' || i || ',"Case":"c","Speaker":"Harbor Labs","Account":"feed:1","Lane":"record","Parts":[{}]}' END FROM generate_series(1, 21000) i`,
		"INSERT INTO parts (statement, n, post, revision) SELECT i, 0, i, '' FROM generate_series(1, 20000) i",
		`INSERT INTO deliveries (subject, statement, channel, kind, seq, key, message, state, maybe, first_at, owed_at, next_at, message_id, sent_at)
			SELECT 'S-' || i, i, 'room' || i % 16, 'new', 0, i, CASE WHEN i > 20500 THEN CAST('' AS BYTEA) ELSE 'said' END, CASE WHEN i > 20000 THEN 'pending' ELSE 'sent' END, i % 2 = 0, i, 1, 1,
			CASE WHEN i > 20000 THEN '' ELSE 'm' || i END, CASE WHEN i <= 20000 THEN 1 END FROM generate_series(1, 21000) i`,
	} {
		run(t, db, fill)
	}
}

// scans counts the rows of each table that were read without an index.
func scans(t *testing.T, db *sql.DB) map[string]int64 {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE relname IN ('accounts', 'posts', 'deliveries', 'statements', 'decisions', 'parts')")
	must(t, err)
	defer rows.Close()
	read := map[string]int64{}
	for rows.Next() {
		var table string
		var n int64
		must(t, rows.Scan(&table, &n))
		read[table] = n
	}
	must(t, rows.Err())
	return read
}

// round does so often what the loops do. The connections end with it, which
// makes the server count what they read.
func round(t *testing.T, where string, times int) {
	t.Helper()
	s, err := store.Open(t.Context(), where)
	must(t, err)
	ctx, again := t.Context(), 0
	for range times {
		claims, err := s.ClaimDue(ctx, lease, 4)
		must(t, err)
		if len(claims) != 4 {
			t.Fatalf("%d accounts were due, want 4", len(claims))
		}
		for _, c := range claims {
			_, err := s.StorePage(ctx, &c, nil, "x", lease)
			must(t, err)
			must(t, s.FinishPull(ctx, c, bot.PullResult{NextAt: time.Now().Add(time.Hour)}))
		}
		_, err = s.NextPull(ctx)
		must(t, err)
		u, err := s.NextUnread(ctx)
		must(t, err)
		if u == nil {
			t.Fatal("nothing is unread")
		}
		_, _, err = s.Around(ctx, u.Post, time.UnixMilli(0))
		must(t, err)
		_, err = s.Filed(ctx, []string{u.Post.Account}, time.UnixMilli(0), time.Now())
		must(t, err)
		_, err = s.NextInLine(ctx, 20)
		must(t, err)
		st := &onrecord.Statement{Case: "c", Account: u.Post.Account, Lane: onrecord.Record, Parts: []onrecord.Post{u.Post}}
		r := opens(u, onrecord.Accept, st, time.Time{})
		for _, n := range u.Known.Nearby {
			r.Findings[0].Reread = append(r.Findings[0].Reread, n.Post)
		}
		recorded(t, s, r, nil)
		again += len(u.Known.Before)
		due, err := claimed(ctx, s, lease, 16)
		must(t, err)
		if len(due) != 16 {
			t.Fatalf("%d deliveries were due, want 16", len(due))
		}
		for _, d := range due {
			if d.Maybe && d.After.ID == "" {
				t.Fatal("a delivery that was in doubt knows no older message: the lookup did not run")
			}
			must(t, s.FinishAttempt(ctx, d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: d.Key}}))
		}
		_, err = s.NextDelivery(ctx)
		must(t, err)
		_, err = s.NextRelease(ctx)
		must(t, err)
		must(t, s.Release(ctx, false, nil))
	}
	if again == 0 {
		t.Error("nothing was judged again: the test proves nothing for it")
	}
	must(t, s.Close())
	time.Sleep(500 * time.Millisecond) // the last connections end
}
