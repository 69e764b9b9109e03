package store

import (
	"context"
	"database/sql"
	"time"

	"onrecord/bot"
)

// Status implements [bot.Operations].
func (s *Store) Status(ctx context.Context) (bot.Status, error) {
	st := bot.Status{Now: s.Now(), Posts: map[string]int64{}, Decisions: map[string]int64{}, Settled: map[string]map[string]int64{}, Spend: map[string]int64{}}
	for _, read := range []func(context.Context, *bot.Status) error{s.accountStatus, s.channelStatus, s.counts} {
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
		err := rows.Scan(&a.ID, &every, &ok, &next, &a.Fails, &a.Trouble, &a.Error)
		a.Every, a.LastOK, a.NextAt = time.Duration(every)*time.Millisecond, at(ok.Int64), at(next)
		st.Accounts = append(st.Accounts, a)
		return err
	}, "SELECT id, every, last_ok_at, next_at, fails, trouble, last_error FROM accounts WHERE active ORDER BY id")
}

func (s *Store) channelStatus(ctx context.Context, st *bot.Status) error {
	return forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var c bot.ChannelStatus
		var oldest sql.NullInt64
		err := rows.Scan(&c.ID, &c.Paused, &c.Owed, &oldest)
		c.Oldest = at(oldest.Int64)
		st.Channels = append(st.Channels, c)
		return err
	}, `SELECT c.id, c.paused_why, count(d.id), min(d.owed_at) FROM channels c
		LEFT JOIN deliveries d ON d.channel = c.id AND d.state IN ('pending', 'sending') GROUP BY c.id ORDER BY c.id`)
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
	if err := tally(st.Spend, "SELECT place, CAST(sum(price) AS BIGINT) FROM spend WHERE day = $1 GROUP BY place", s.Now().UTC().Format(time.DateOnly)); err != nil {
		return err
	}
	if err := s.r.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM posts WHERE state = "+postUnread+") + (SELECT count(*) FROM posts WHERE state = "+postWaiting+")").Scan(&st.Unread); err != nil {
		return err
	}
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
	}, "SELECT channel, state, count(*) FROM deliveries WHERE state NOT IN ('pending', 'sending') GROUP BY channel, state")
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
