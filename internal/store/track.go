package store

import (
	"cmp"
	"context"
	"database/sql"

	"onrecord/bot"
)

// MadeAccounts implements [bot.Tracking]. A damaged one is left out.
func (s *Store) MadeAccounts(ctx context.Context) (list []bot.MadeAccount, err error) {
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var m bot.MadeAccount
		var body []byte
		var made int64
		if err := rows.Scan(&m.ID, &body, &m.By, &made); err != nil {
			return err
		}
		m.Made = at(made)
		if readTracked(body, &m) == nil {
			list = append(list, m)
		}
		return nil
	}, "SELECT account, body, made_by, made_at FROM tracked ORDER BY id")
	return list, err
}

// Track implements [bot.Tracking].
func (s *Store) Track(ctx context.Context, m bot.MadeAccount, c bot.MadeChange) error {
	body, err := bodyOfTracked(m)
	if err != nil {
		return err
	}
	return s.write(ctx, keepChange, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM tracked").Scan(&n); err != nil || n >= bot.MostTracked {
			return cmp.Or(err, bot.ErrTooMany)
		}
		made, err := changedOne(tx.ExecContext(ctx, "INSERT INTO tracked (account, body, made_by, made_at) VALUES ($1, $2, $3, $4) ON CONFLICT (account) DO NOTHING", sanitize(m.ID), sanitize(string(body)), sanitize(m.By), s.now()))
		if err != nil || !made {
			return cmp.Or(err, bot.ErrTracked)
		}
		return s.keepChange(ctx, tx, c)
	})
}

// Untrack implements [bot.Tracking].
func (s *Store) Untrack(ctx context.Context, id string, c bot.MadeChange) error {
	return s.write(ctx, keepChange, func(tx *sql.Tx) error {
		gone, err := changedOne(tx.ExecContext(ctx, "DELETE FROM tracked WHERE account = $1", id))
		if err != nil || !gone {
			return cmp.Or(err, bot.ErrUntracked)
		}
		return s.keepChange(ctx, tx, c)
	})
}

// TrackedMark changes whenever what people track does.
func (s *Store) TrackedMark(ctx context.Context) (mark string, err error) {
	err = s.r.QueryRowContext(ctx, "SELECT count(*) || '/' || coalesce(max(id), 0) FROM tracked").Scan(&mark)
	return mark, err
}
