package store

import (
	"context"
	"database/sql"
	"errors"

	"onrecord"
	"onrecord/bot"
)

// Unsettled implements [bot.Operations].
func (s *Store) Unsettled(ctx context.Context) (list []bot.UnsettledDelivery, err error) {
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var u bot.UnsettledDelivery
		var owed, next int64
		err := rows.Scan(&u.Subject, &u.Statement, &u.Channel, &u.Kind, &u.State, &u.Attempts, &owed, &next, &u.Error)
		u.Owed, u.Next = at(owed), at(next)
		list = append(list, u)
		return err
	}, "SELECT subject, coalesce(statement, 0), channel, kind, state, attempt, owed_at, next_at, last_error FROM deliveries WHERE state <> $1 ORDER BY channel, id", bot.Sent)
	return list, err
}

// Resend implements [bot.Operations]. Keys get the next generation: the place must
// not take the order for a repetition. Deliveries go to the end of the channel, and are
// rendered anew: a person may have corrected what they tell of.
func (s *Store) Resend(ctx context.Context, subject, channel string) error {
	return s.write(ctx, orderAgain, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT id, key FROM deliveries WHERE subject = $1 AND channel = $2 AND state IN ($3, $4) ORDER BY id", subject, channel, bot.Dead, bot.Uncertain)
		if err != nil {
			return err
		}
		defer rows.Close()
		keys := map[int64]string{}
		for rows.Next() {
			var id int64
			var key string
			if err := rows.Scan(&id, &key); err != nil {
				return err
			}
			again, err := onrecord.ParseDeliveryKey(key)
			if err != nil {
				return err
			}
			again.Generation++
			keys[id] = again.String()
		}
		if err := rows.Err(); err != nil {
			return err
		}
		if len(keys) == 0 {
			return bot.ErrSettled
		}
		for id, key := range keys {
			_, err := tx.ExecContext(ctx, `UPDATE deliveries SET key = $1, state = $2, message = $4, maybe = FALSE, strikes = 0, first_at = NULL, next_at = 0, last_error = '' WHERE id = $3`,
				key, bot.Pending, id, []byte{})
			if err != nil {
				return err
			}
		}
		return s.tell(ctx, tx)
	})
}

// Seen implements [bot.Operations].
func (s *Store) Seen(ctx context.Context, subject, channel string) error {
	return s.write(ctx, markSeen, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, "UPDATE deliveries SET state = $1, last_error = 'settled by a person' WHERE subject = $2 AND channel = $3 AND state IN ($4, $5)",
			bot.Sent, subject, channel, bot.Dead, bot.Uncertain)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, bot.ErrSettled)
		}
		return nil
	})
}
