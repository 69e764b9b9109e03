package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
)

// heads finds the oldest owed delivery of each open channel, by one step into
// the index for each: neither the backlog nor the history makes it slower.
const heads = `SELECT d.id, d.next_at FROM channels c JOIN deliveries d ON d.id = (
		SELECT id FROM deliveries WHERE channel = c.id AND state IN ('pending', 'sending') ORDER BY id LIMIT 1
	) WHERE c.paused_why = ''`

// ClaimDeliveries implements [bot.Outbox]. Taking only the head of a channel is
// what keeps its order.
func (s *Store) ClaimDeliveries(ctx context.Context, lease time.Duration, limit int) ([]bot.Delivery, error) {
	t := now()
	if due, err := s.any(ctx, "SELECT 1 FROM ("+heads+") WHERE next_at <= ?1 OR next_at > ?1 + ?2", t, bot.LongestWait.Milliseconds()); err != nil || !due {
		return nil, err
	}
	var list []bot.Delivery
	err := s.write(ctx, func(tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `UPDATE deliveries SET maybe = (maybe OR state = 'sending'), state = 'sending', attempt = attempt + 1,
			epoch = epoch + 1, first_at = coalesce(first_at, ?1), next_at = ?1 + ?2
			WHERE id IN (SELECT id FROM (`+heads+`) WHERE next_at <= ?1 OR next_at > ?1 + ?4 ORDER BY next_at LIMIT ?3)
			RETURNING id, statement, channel, kind, key, message, attempt, strikes, maybe, first_at, epoch`, t, lease.Milliseconds(), limit, bot.LongestWait.Milliseconds())
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			d, first := bot.Delivery{ClaimedAt: at(t)}, int64(0)
			if err := rows.Scan(&d.ID, &d.Statement, &d.Channel, &d.Kind, &d.Key, &d.Message, &d.Attempt, &d.Strikes, &d.Maybe, &first, &d.Epoch); err != nil {
				return err
			}
			d.FirstAt = at(first)
			list = append(list, d)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for i := range list {
			if err := addReceipts(ctx, tx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// addReceipts looks up the messages a delivery stands behind or changes. The
// one it stands behind must be older in both orders: a late look must not take
// a newer message for its bound.
func addReceipts(ctx context.Context, tx *sql.Tx, d *bot.Delivery) error {
	find := func(r *notifiers.Receipt, query string, args ...any) error {
		err := tx.QueryRowContext(ctx, query, args...).Scan(&r.ID)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	}
	if d.Kind == onrecord.AlsoSaid {
		return find(&d.Posted, "SELECT message_id FROM deliveries WHERE statement = ? AND channel = ? AND kind = ? AND seq = 0", d.Statement, d.Channel, onrecord.NewStatement)
	}
	if !d.Maybe {
		return nil
	}
	return find(&d.After, `SELECT message_id FROM deliveries WHERE channel = ? AND id < ? AND kind = ? AND message_id <> '' AND sent_at <= ?
		ORDER BY id DESC LIMIT 1`, d.Channel, d.ID, onrecord.NewStatement, d.FirstAt.UnixMilli())
}

// Settle implements [bot.Outbox].
func (s *Store) Settle(ctx context.Context, d bot.Delivery, o bot.Settlement) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		ours, err := changedOne(tx.ExecContext(ctx, `UPDATE deliveries SET state = ?1, next_at = ?2, maybe = ?3, strikes = strikes + ?4, last_error = ?5,
			message_id = ?6, first_at = CASE WHEN ?7 > 0 THEN ?7 ELSE first_at END, sent_at = CASE WHEN ?1 = 'sent' THEN ?8 END
			WHERE id = ?9 AND epoch = ?10`,
			o.State, ms(o.NextAt), o.Maybe, o.Strike, o.Error, o.Receipt.ID, ms(o.FirstAt), now(), d.ID, d.Epoch))
		if err != nil {
			return err
		}
		if !ours {
			return bot.ErrLost
		}
		switch o.Pause {
		case notifiers.WholeChannel:
			_, err = tx.ExecContext(ctx, "UPDATE channels SET paused_why = ?, probe_at = max(probe_at, ?) WHERE id = ?", o.Error, now()+pauseFirst.Milliseconds(), d.Channel)
		case notifiers.WholePlace:
			_, err = tx.ExecContext(ctx, "UPDATE channels SET paused_why = ?, probe_at = max(probe_at, ?) WHERE notifier = (SELECT notifier FROM channels WHERE id = ?)", o.Error, now()+pauseFirst.Milliseconds(), d.Channel)
		}
		return err
	})
}

// pauseFirst is when a paused channel is asked for the first time. One that is
// paused again right after a probe let it go waits for the next regular one.
const pauseFirst = time.Minute

// NextDelivery implements [bot.Outbox].
func (s *Store) NextDelivery(ctx context.Context) (time.Time, error) {
	return s.time(ctx, "SELECT min(t) FROM (SELECT min(next_at) AS t FROM ("+heads+") UNION ALL SELECT min(probe_at) FROM channels WHERE paused_why <> '')")
}

// DueProbes implements [bot.Outbox].
func (s *Store) DueProbes(ctx context.Context, again time.Duration) (ids []string, err error) {
	t := now()
	if due, err := s.any(ctx, "SELECT 1 FROM channels WHERE paused_why <> '' AND (probe_at <= ?1 OR probe_at > ?1 + ?2)", t, again.Milliseconds()); err != nil || !due {
		return nil, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		ids = nil
		rows, err := tx.QueryContext(ctx, "UPDATE channels SET probe_at = ?1 + ?2 WHERE paused_why <> '' AND (probe_at <= ?1 OR probe_at > ?1 + ?2) RETURNING id", t, again.Milliseconds())
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return rows.Err()
	})
	slices.Sort(ids)
	return ids, err
}

// OpenChannel implements [bot.Outbox].
func (s *Store) OpenChannel(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE channels SET paused_why = '' WHERE id = ?", id)
		return err
	})
}

// Owed implements [bot.Outbox].
func (s *Store) Owed(ctx context.Context) (n int, err error) {
	err = s.r.QueryRowContext(ctx, "SELECT count(*) FROM deliveries WHERE state IN ('pending', 'sending')").Scan(&n)
	return n, err
}
