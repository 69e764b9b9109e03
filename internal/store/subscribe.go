package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"onrecord/bot"
)

// never is a time that does not come, as a time column holds it.
const never = math.MaxInt64 / 2

// lanesOf are the ids of the channels that a subscription is.
const lanesOf = "(SELECT place || '/' || id FROM subscriptions WHERE %[1]s UNION ALL SELECT place || '/' || id || '" + bot.PublishLane + "' FROM subscriptions WHERE %[1]s" +
	" UNION ALL SELECT place || '/' || id || '" + bot.ThreadLane + "' FROM subscriptions WHERE %[1]s)"

// Subscriptions implements [bot.Subscriptions]. A damaged one is left out.
func (s *Store) Subscriptions(ctx context.Context) (list []bot.Subscription, err error) {
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var one bot.Subscription
		var body []byte
		var made, ends int64
		if err := rows.Scan(&one.ID, &one.Place, &one.Address, &one.Case, &body, &one.By, &made, &ends); err != nil {
			return err
		}
		one.Made, one.Ends = at(made), at(ends)
		if readSubscription(body, &one) == nil {
			list = append(list, one)
		}
		return nil
	}, "SELECT id, place, address, case_id, body, made_by, made_at, ends_at FROM subscriptions WHERE ends_at = 0 OR ends_at > $1 ORDER BY id", s.now())
	return list, err
}

// SubscriptionMark changes whenever [Store.Subscriptions] does, and tells nothing else.
func (s *Store) SubscriptionMark(ctx context.Context) (mark int64, err error) {
	err = s.r.QueryRowContext(ctx, "SELECT (SELECT coalesce(max(n), 0) FROM changes) + (SELECT count(*) FROM subscriptions WHERE ends_at > 0 AND ends_at <= $1)", s.now()).Scan(&mark)
	return mark, err
}

// Subscribe implements [bot.Subscriptions].
func (s *Store) Subscribe(ctx context.Context, want bot.Subscription, c bot.MadeChange) (bot.Subscription, error) {
	return write(ctx, s, keepChange, func(tx *sql.Tx) (bot.Subscription, error) {
		made, t := want, s.now()
		body, err := bodyOfSubscription(want)
		if err != nil {
			return made, err
		}
		var there, same int
		err = tx.QueryRowContext(ctx, "SELECT count(*), coalesce(sum(CASE WHEN case_id = $3 THEN 1 ELSE 0 END), 0) FROM subscriptions WHERE place = $1 AND address = $2 AND ends_at = 0", want.Place, want.Address, want.Case).Scan(&there, &same)
		switch {
		case err != nil:
			return made, err
		case same > 0:
			return made, bot.ErrSubscribed
		case there >= bot.MostSubscriptions:
			return made, bot.ErrFull
		}
		made.By, made.Made = sanitize(want.By), at(t)
		// Two replicas may be asked for the same at once: the index lets one be first.
		err = tx.QueryRowContext(ctx, `INSERT INTO subscriptions (place, address, case_id, body, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (place, address, case_id) WHERE ends_at = 0 DO NOTHING RETURNING id`, want.Place, want.Address, want.Case, sanitize(string(body)), made.By, t).Scan(&made.ID)
		if errors.Is(err, sql.ErrNoRows) {
			return made, bot.ErrSubscribed
		}
		if err != nil {
			return made, err
		}
		lanes := []string{made.Channel()}
		if made.Publish {
			lanes = append(lanes, made.Channel()+bot.PublishLane)
		}
		for _, id := range lanes {
			if _, err := tx.ExecContext(ctx, "INSERT INTO channels (id, notifier) VALUES ($1, $2)", id, want.Place); err != nil {
				return made, err
			}
		}
		if _, err := tx.ExecContext(ctx, "UPDATE channels SET digest = $1, digest_since = $2 WHERE id = $3", want.Digest, t, made.Channel()); err != nil {
			return made, err
		}
		return made, s.keepChange(ctx, tx, c)
	})
}

// Unsubscribe implements [bot.Subscriptions].
func (s *Store) Unsubscribe(ctx context.Context, id int64, c bot.MadeChange) error {
	return s.write(ctx, keepChange, func(tx *sql.Tx) error {
		ours, err := changedOne(tx.ExecContext(ctx, "UPDATE subscriptions SET ends_at = $1 WHERE id = $2 AND ends_at = 0", s.now()+bot.UndoFor.Milliseconds(), id))
		if err != nil || !ours {
			return cmp.Or(err, bot.ErrUnsubscribed)
		}
		return cmp.Or(holdLanes(ctx, tx, id, never), s.keepChange(ctx, tx, c))
	})
}

// Resubscribe implements [bot.Subscriptions].
func (s *Store) Resubscribe(ctx context.Context, id int64, c bot.MadeChange) error {
	return s.write(ctx, keepChange, func(tx *sql.Tx) error {
		const again = "SELECT b.id FROM subscriptions a JOIN subscriptions b ON b.place = a.place AND b.address = a.address AND b.case_id = a.case_id WHERE a.id = $1 AND b.id <> a.id AND b.ends_at = 0"
		if list, err := column[int64](ctx, tx, again, id); err != nil || len(list) > 0 {
			return cmp.Or(err, bot.ErrSubscribed)
		}
		ours, err := changedOne(tx.ExecContext(ctx, "UPDATE subscriptions SET ends_at = 0 WHERE id = $1 AND ends_at > $2", id, s.now()))
		if err != nil || !ours {
			return cmp.Or(err, bot.ErrUnsubscribed)
		}
		return cmp.Or(holdLanes(ctx, tx, id, 0), s.keepChange(ctx, tx, c))
	})
}

// Hold implements [bot.Subscriptions].
func (s *Store) Hold(ctx context.Context, channel string, until time.Time, c bot.MadeChange) (owed int, err error) {
	return write(ctx, s, keepChange, func(tx *sql.Tx) (owed int, err error) {
		there, err := changedOne(tx.ExecContext(ctx, "UPDATE channels SET held_until = $1 WHERE id = $2 AND held_until < $3", ms(until), channel, never))
		if err != nil || !there {
			return 0, cmp.Or(err, bot.ErrUnsubscribed)
		}
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM deliveries WHERE channel = $1 AND state IN ('pending', 'sending')", channel).Scan(&owed); err != nil {
			return 0, err
		}
		return owed, s.keepChange(ctx, tx, c)
	})
}

// Changes implements [bot.Subscriptions].
func (s *Store) Changes(ctx context.Context, place, address string, limit int) (list []bot.MadeChange, err error) {
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var c bot.MadeChange
		var made int64
		err := rows.Scan(&made, &c.Place, &c.Address, &c.By, &c.What)
		c.At = at(made)
		list = append(list, c)
		return err
	}, "SELECT at, place, address, made_by, what FROM changes WHERE place = $1 AND address IN ('', $2) ORDER BY n DESC LIMIT CAST($3 AS BIGINT)", place, address, limit)
	return list, err
}

// holdLanes keeps what is owed to a subscription from being sent until a time.
func holdLanes(ctx context.Context, tx *sql.Tx, id, until int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE channels SET held_until = $1 WHERE id IN "+fmt.Sprintf(lanesOf, "id = $2"), until, id)
	return err
}

// keepChange keeps who changed what.
func (s *Store) keepChange(ctx context.Context, tx *sql.Tx, c bot.MadeChange) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO changes (at, place, address, made_by, what) VALUES ($1, $2, $3, $4, $5)", s.now(), c.Place, c.Address, sanitize(c.By), sanitize(c.What))
	return cmp.Or(err, s.tell(ctx, tx))
}

// forgetEnded throws away what is owed to subscriptions that are over for good. What is
// being sent is left to its attempt.
func (s *Store) forgetEnded(ctx context.Context) error {
	over := "IN " + fmt.Sprintf(lanesOf, "ends_at > 0 AND ends_at <= $1")
	if some, err := s.exists(ctx, "SELECT 1 FROM channels WHERE id "+over, s.now()); err != nil || !some {
		return err
	}
	return s.write(ctx, trimOld, func(tx *sql.Tx) error {
		owed := " FROM deliveries WHERE state = 'pending' AND channel " + over
		for _, forget := range []string{"DELETE FROM pings WHERE delivery IN (SELECT id" + owed + ")", "DELETE" + owed, "DELETE FROM interests WHERE channel " + over, "DELETE FROM channels WHERE id " + over} {
			if _, err := tx.ExecContext(ctx, forget, s.now()); err != nil {
				return err
			}
		}
		return nil
	})
}
