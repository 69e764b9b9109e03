package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"onrecord"
	"onrecord/bot"
)

// Notice implements [bot.Outbox].
func (s *Store) Notice(ctx context.Context, d bot.Delivery) (onrecord.Notice, error) {
	list, err := s.notices(ctx, "d.id = $1", d.ID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errors.New("it is not in the outbox any more")
	}
	return list[0].Notice, list[0].Err
}

// Pinged implements [bot.Outbox].
func (s *Store) Pinged(ctx context.Context, but bot.Delivery, caseID string) (map[string]time.Time, error) {
	last := map[string]time.Time{}
	return last, forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var role string
		var called int64
		err := rows.Scan(&role, &called)
		last[role] = at(called)
		return err
	}, "SELECT role, max(at) FROM pings WHERE channel = $1 AND case_id = $2 AND delivery <> $3 GROUP BY role", but.Channel, caseID, but.ID)
}

// KeepPing implements [bot.Outbox].
func (s *Store) KeepPing(ctx context.Context, d bot.Delivery, caseID string, roles []string) error {
	return s.write(ctx, keepPing, func(tx *sql.Tx) error {
		for _, role := range roles {
			kept, err := changedOne(tx.ExecContext(ctx, `INSERT INTO pings (delivery, role, channel, case_id, at) SELECT id, CAST($1 AS TEXT), channel, CAST($2 AS TEXT), CAST($3 AS BIGINT)
				FROM deliveries WHERE id = $4 AND epoch = $5 ON CONFLICT (delivery, role) DO UPDATE SET at = excluded.at`, role, caseID, s.now(), d.ID, d.Epoch))
			if err != nil {
				return err
			}
			if !kept {
				return bot.ErrLost
			}
		}
		return nil
	})
}
