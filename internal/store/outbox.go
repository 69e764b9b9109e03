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
const heads = ` FROM channels c JOIN deliveries d ON d.id = (
		SELECT id FROM deliveries WHERE channel = c.id AND state IN ('pending', 'sending') ORDER BY id LIMIT 1
	) WHERE c.paused_why = '' AND d.state IN ('pending', 'sending')`

// ClaimDeliveries implements [bot.Outbox]. Taking only the head of a channel is
// what keeps its order.
func (s *Store) ClaimDeliveries(ctx context.Context, lease time.Duration, limit int) ([]bot.Delivery, error) {
	t := s.now()
	wrong := t + bot.LongestWait.Milliseconds()
	const due = heads + " AND (d.next_at <= $1 OR d.next_at > $2)"
	if some, err := s.any(ctx, "SELECT 1"+due, t, wrong); err != nil || !some {
		return nil, err
	}
	owner, err := s.owner()
	if err != nil {
		return nil, err
	}
	var list []bot.Delivery
	err = s.write(ctx, claimDeliveries, func(tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `WITH due AS MATERIALIZED (SELECT d.id`+due+` ORDER BY d.next_at LIMIT $3`+s.lockHeads+`)
			UPDATE deliveries SET maybe = (maybe OR state = 'sending'), state = 'sending', attempt = attempt + 1, epoch = epoch + 1,
			first_at = coalesce(first_at, $1), next_at = $4, owner = $5 WHERE id IN (SELECT id FROM due)
			RETURNING id, subject, coalesce(statement, 0), channel, kind, key, message, attempt, strikes, maybe, first_at, epoch`, t, wrong, limit, t+lease.Milliseconds(), owner)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			d, first := bot.Delivery{ClaimedAt: at(t)}, int64(0)
			if err := rows.Scan(&d.ID, &d.Subject, &d.Statement, &d.Channel, &d.Kind, &d.Key, &d.Message, &d.Attempt, &d.Strikes, &d.Maybe, &first, &d.Epoch); err != nil {
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
		return find(&d.Posted, "SELECT message_id FROM deliveries WHERE statement = $1 AND channel = $2 AND kind = $3 AND seq = 0", d.Statement, d.Channel, onrecord.NewStatement)
	}
	if !d.Maybe {
		return nil
	}
	return find(&d.After, `SELECT message_id FROM deliveries WHERE channel = $1 AND id < $2 AND kind = $3 AND message_id <> '' AND sent_at <= $4
		ORDER BY id DESC LIMIT 1`, d.Channel, d.ID, onrecord.NewStatement, d.FirstAt.UnixMilli())
}

// Settle implements [bot.Outbox].
func (s *Store) Settle(ctx context.Context, d bot.Delivery, o bot.Settlement) error {
	strikes := 0
	if o.Strike {
		strikes = 1
	}
	return s.write(ctx, settleDelivery, func(tx *sql.Tx) error {
		var sent sql.NullInt64
		if o.State == bot.Sent {
			sent = some(s.now())
		}
		ours, err := changedOne(tx.ExecContext(ctx, `UPDATE deliveries SET state = $1, next_at = $2, maybe = $3, strikes = strikes + $4, last_error = $5,
			message_id = $6, first_at = coalesce($7, first_at), sent_at = $8, owner = 0 WHERE id = $9 AND epoch = $10`,
			o.State, ms(o.NextAt), o.Maybe, strikes, plain(o.Error), plain(o.Receipt.ID), some(ms(o.FirstAt)), sent, d.ID, d.Epoch))
		if err != nil {
			return err
		}
		if !ours {
			return bot.ErrLost
		}
		switch o.Pause {
		case notifiers.WholeChannel:
			_, err = tx.ExecContext(ctx, "UPDATE channels SET paused_why = $1, probe_at = CASE WHEN probe_at < $2 THEN $2 ELSE probe_at END WHERE id = $3", plain(o.Error), s.now()+pauseFirst.Milliseconds(), d.Channel)
		case notifiers.WholePlace:
			_, err = tx.ExecContext(ctx, "UPDATE channels SET paused_why = $1, probe_at = CASE WHEN probe_at < $2 THEN $2 ELSE probe_at END WHERE notifier = (SELECT notifier FROM channels WHERE id = $3)", plain(o.Error), s.now()+pauseFirst.Milliseconds(), d.Channel)
		}
		return err
	})
}

// pauseFirst is when a paused channel is asked for the first time. One that is
// paused again right after a probe let it go waits for the next regular one.
const pauseFirst = time.Minute

// NextDelivery implements [bot.Outbox].
func (s *Store) NextDelivery(ctx context.Context) (time.Time, error) {
	return s.time(ctx, "SELECT min(t) FROM (SELECT min(d.next_at) AS t"+heads+" UNION ALL SELECT min(probe_at) FROM channels WHERE paused_why <> '') AS due")
}

// DueProbes implements [bot.Outbox].
func (s *Store) DueProbes(ctx context.Context, again time.Duration) (ids []string, err error) {
	t := s.now()
	const due = "paused_why <> '' AND (probe_at <= $1 OR probe_at > $2)"
	next := t + again.Milliseconds()
	if some, err := s.any(ctx, "SELECT 1 FROM channels WHERE "+due, t, next); err != nil || !some {
		return nil, err
	}
	err = s.write(ctx, claimProbes, func(tx *sql.Tx) error {
		ids = nil
		rows, err := tx.QueryContext(ctx, "UPDATE channels SET probe_at = $2 WHERE "+due+" RETURNING id", t, next)
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
	return s.write(ctx, openChannel, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE channels SET paused_why = '' WHERE id = $1", id)
		return err
	})
}

// Owed implements [bot.Outbox].
func (s *Store) Owed(ctx context.Context) (n int, err error) {
	err = s.r.QueryRowContext(ctx, "SELECT count(*) FROM deliveries WHERE state IN ('pending', 'sending')").Scan(&n)
	return n, err
}
