package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"onrecord"
	"onrecord/bot"
)

// Status implements [bot.Operations]. It reads in the order of a post's way: what moves on meanwhile is counted
// twice at worst, and never left out.
func (s *Store) Status(ctx context.Context) (bot.Status, error) {
	st := bot.Status{Now: s.Now(), Posts: map[string]int64{}, Decisions: map[string]int64{}, Settled: map[string]map[string]int64{}, Spend: map[string]int64{}, Reads: map[string][]bot.DaySpend{}}
	for _, read := range []func(context.Context, *bot.Status) error{s.accountStatus, s.counts, s.channelStatus, s.settledStatus, s.troubled} {
		if err := read(ctx, &st); err != nil {
			return st, err
		}
	}
	return st, nil
}

func (s *Store) accountStatus(ctx context.Context, st *bot.Status) error {
	return forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var a bot.AccountStatus
		var every, next int64
		var ok sql.NullInt64
		err := rows.Scan(&a.ID, &every, &ok, &next, &a.Fails, &a.Trouble, &a.Error, &a.Handle)
		a.Every, a.LastOK, a.NextAt = time.Duration(every)*time.Millisecond, at(ok.Int64), at(next)
		st.Accounts = append(st.Accounts, a)
		return err
	}, "SELECT id, every, last_ok_at, next_at, fails, trouble, last_error, handle FROM accounts WHERE active ORDER BY id")
}

func (s *Store) channelStatus(ctx context.Context, st *bot.Status) error {
	return forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var c bot.ChannelStatus
		var oldest sql.NullInt64
		var held int64
		err := rows.Scan(&c.ID, &c.Paused, &held, &c.Digest, &c.Owed, &oldest)
		c.Oldest, c.Held = at(oldest.Int64), at(held)
		st.Channels = append(st.Channels, c)
		return err
	}, `SELECT c.id, c.paused_why, c.held_until, c.digest, count(d.id), min(d.owed_at) FROM channels c
		LEFT JOIN deliveries d ON d.channel = c.id AND d.state IN ('pending', 'sending') WHERE c.id`+notOfReaders+` GROUP BY c.id ORDER BY c.id`)
}

func (s *Store) troubled(ctx context.Context, st *bot.Status) (err error) {
	st.Damaged, err = s.SetAside(ctx)
	return err
}

func (s *Store) counts(ctx context.Context, st *bot.Status) error {
	tally := func(into map[string]int64, query string, args ...any) error {
		return forEachRow(ctx, s.r, func(rows *sql.Rows) error {
			var name string
			var n int64
			err := rows.Scan(&name, &n)
			into[name] = n
			return err
		}, query, args...)
	}
	if err := tally(st.Posts, "SELECT account, count(*) FROM posts GROUP BY account"); err != nil {
		return err
	}
	if err := tally(st.Decisions, "SELECT verdict, count(*) FROM decisions GROUP BY verdict"); err != nil {
		return err
	}
	if err := s.reads(ctx, st); err != nil {
		return err
	}
	if err := tally(st.Spend, "SELECT place, CAST(sum(price) AS BIGINT) FROM spend WHERE day = $1 GROUP BY place", s.Now().UTC().Format(time.DateOnly)); err != nil {
		return err
	}
	if err := s.r.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM posts WHERE state = "+postUnread+") + (SELECT count(*) FROM posts WHERE state = "+postWaiting+")").Scan(&st.Unread); err != nil {
		return err
	}
	return s.r.QueryRowContext(ctx, "SELECT count(*), coalesce(sum(CASE WHEN "+quiet+" THEN 1 ELSE 0 END), 0) FROM statements WHERE "+waiting, onrecord.ForReview).Scan(&st.Waiting, &st.Quiet)
}

func (s *Store) settledStatus(ctx context.Context, st *bot.Status) error {
	return forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var channel, state string
		var n int64
		if err := rows.Scan(&channel, &state, &n); err != nil {
			return err
		}
		if st.Settled[channel] == nil {
			st.Settled[channel] = map[string]int64{}
		}
		st.Settled[channel][state] = n
		return nil
	}, "SELECT channel, state, count(*) FROM deliveries WHERE state NOT IN ('pending', 'sending') AND channel"+notOfReaders+" GROUP BY channel, state")
}

// reads reads what the accounts cost by day.
func (s *Store) reads(ctx context.Context, st *bot.Status) error {
	return forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var account string
		var millionths int64
		var d bot.DaySpend
		err := rows.Scan(&account, &d.Day, &d.Reads, &millionths)
		d.Spend = float64(millionths) / 1e6
		st.Reads[account] = append(st.Reads[account], d)
		return err
	}, `SELECT account, day, count(DISTINCT id), CAST(sum(price) AS BIGINT) FROM spend WHERE account <> '' AND day > $1 GROUP BY account, day ORDER BY day DESC`,
		s.Now().UTC().AddDate(0, 0, -daysOfReads).Format(time.DateOnly))
}

// daysOfReads is for how many days what accounts cost is shown.
const daysOfReads = 7

// How many gaps and corrections a look at the program shows.
const (
	gapsShown        = 5
	correctionsShown = 10
)

// Activity implements [bot.Operations].
func (s *Store) Activity(ctx context.Context) (bot.Activity, error) {
	a := bot.Activity{First: map[string]time.Time{}, Last: map[string]time.Time{}, Newest: map[string]time.Time{}, Oldest: map[string]time.Time{}, Since: map[string]time.Time{}, Statements: map[string]int64{}, Sent: map[string]time.Time{}}
	err := forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var account string
		var newest, oldest, since int64
		err := rows.Scan(&account, &newest, &oldest, &since)
		a.Newest[account], a.Oldest[account], a.Since[account] = at(newest), at(oldest), at(since)
		return err
	}, "SELECT account, max(created_at), min(created_at), min(seen_at) FROM posts GROUP BY account")
	if err != nil {
		return a, err
	}
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var channel string
		var sent int64
		err := rows.Scan(&channel, &sent)
		a.Sent[channel] = at(sent)
		return err
	}, "SELECT channel, max(sent_at) FROM deliveries WHERE sent_at IS NOT NULL AND channel"+notOfReaders+" GROUP BY channel")
	if err != nil {
		return a, err
	}
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var account string
		var n, first, last int64
		err := rows.Scan(&account, &n, &first, &last)
		a.Statements[account], a.First[account], a.Last[account] = n, at(first), at(last)
		return err
	}, "SELECT account, count(*), min(seen_at), max(seen_at) FROM statements WHERE released AND lane = $1 AND "+standing+" AND NOT "+isWithdrawn("statements.id")+" GROUP BY account", onrecord.Record)
	if err != nil {
		return a, err
	}
	if a.Corrections, err = s.correctedLately(ctx, correctionsShown); err != nil {
		return a, err
	}
	if a.Subscriptions, err = s.Subscriptions(ctx); err != nil {
		return a, err
	}
	a.Subscriptions = slices.DeleteFunc(a.Subscriptions, func(s bot.Subscription) bool { return !s.Ends.IsZero() })
	a.Gaps, err = s.gaps(ctx, "ORDER BY id DESC LIMIT CAST($1 AS BIGINT)", gapsShown)
	return a, err
}

// querier asks: the database, or a transaction about what it has changed itself.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// forEachRow calls f for every row of a query.
func forEachRow(ctx context.Context, q querier, f func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// column reads the one column of a query.
func column[T any](ctx context.Context, q querier, query string, args ...any) (list []T, err error) {
	err = forEachRow(ctx, q, func(rows *sql.Rows) error {
		var value T
		err := rows.Scan(&value)
		list = append(list, value)
		return err
	}, query, args...)
	return list, err
}
