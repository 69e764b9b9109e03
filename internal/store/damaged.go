package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"onrecord"
	"onrecord/bot"
)

// Damaged rows are set aside, so that they hold up nothing else: a post in the
// state, a statement in the lane of that name. Nothing of them is thrown away.

// damaged is the error that stored statements cannot be read.
type damaged struct{ ids []int64 }

func (d *damaged) Error() string {
	var numbers []string
	for _, id := range d.ids {
		numbers = append(numbers, onrecord.StatementNumber(id))
	}
	return "the stored form of " + strings.Join(numbers, ", ") + " is unreadable"
}

// withoutDamaged sets the statements aside that an error names. The error stays:
// it is told once, and the next time there is none.
func (s *Store) withoutDamaged(ctx context.Context, err error) error {
	bad, ok := errors.AsType[*damaged](err)
	if !ok {
		return err
	}
	aside := s.write(ctx, setStatementsAside, func(tx *sql.Tx) error {
		for _, id := range bad.ids {
			if _, err := tx.ExecContext(ctx, "UPDATE statements SET lane = 'damaged' WHERE id = $1", id); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(fmt.Errorf("set aside: %w; `onrecord outbox` lists it", err), aside)
}

// setAside keeps a damaged post from holding up all that follow.
func (s *Store) setAside(ctx context.Context, seq int64) error {
	return s.write(ctx, setPostAside, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE posts SET state = 'damaged' WHERE seq = $1", seq)
		return err
	})
}

// SetAside lists the damaged rows that were set aside.
func (s *Store) SetAside(ctx context.Context) (list []bot.DamagedRow, err error) {
	err = each(ctx, s.r, func(rows *sql.Rows) error {
		var a bot.DamagedRow
		err := rows.Scan(&a.Statement, &a.Post, &a.Held)
		list = append(list, a)
		return err
	}, `SELECT s.id, coalesce((SELECT p.account || '/' || p.id FROM decisions d JOIN posts p ON p.seq = d.post WHERE d.statement = s.id ORDER BY p.seq LIMIT 1), ''),
			NOT s.released FROM statements s WHERE s.lane = 'damaged'
		UNION ALL SELECT 0, account || '/' || id, FALSE FROM posts WHERE state = 'damaged' ORDER BY 1, 2`)
	return list, err
}

// statements reads statements from a query for id, released and body. With an
// unreadable one among them the error is a [*damaged].
func statements(ctx context.Context, q querier, query string, args ...any) (list []onrecord.Statement, err error) {
	bad := &damaged{}
	err = each(ctx, q, func(rows *sql.Rows) error {
		var id int64
		var released bool
		var body string
		if err := rows.Scan(&id, &released, &body); err != nil {
			return err
		}
		st := onrecord.Statement{}
		if json.Unmarshal([]byte(body), &st) != nil {
			bad.ids = append(bad.ids, id)
			return nil //nolint:nilerr // it is named in the error of the whole
		}
		st.Held = !released
		list = append(list, st)
		return nil
	}, query, args...)
	if err == nil && len(bad.ids) > 0 {
		err = bad
	}
	return list, err
}
