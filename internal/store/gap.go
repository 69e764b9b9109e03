package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"onrecord"
	"onrecord/sources"
)

const (
	// gapOpen is how long later pulls join a gap: sources come back one account
	// after the other, and a reader is told once.
	gapOpen = 30 * time.Minute
	// gapWait bounds how long recovered posts wait for other accounts.
	gapWait = 2 * time.Minute
)

// fill counts new posts of a late pull in its gap and lets them wait, so that
// the number is known before a reader is told of the first of them. A gap that a
// pull closed before it was cut off is the same one.
func (s *Store) fill(ctx context.Context, tx *sql.Tx, gap *onrecord.Gap, posts []onrecord.Post) error {
	if gap == nil || len(posts) == 0 {
		return nil
	}
	var id int64
	err := tx.QueryRowContext(ctx, `UPDATE gaps SET posts = posts + $1, from_at = CASE WHEN from_at > $2 THEN $2 ELSE from_at END
		WHERE id = (SELECT id FROM gaps WHERE place IN ('', $3) AND until_at > $4 ORDER BY id DESC LIMIT 1) RETURNING id`,
		len(posts), gap.From.UnixMilli(), gap.Place, s.now()-gapOpen.Milliseconds()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRowContext(ctx, "INSERT INTO gaps (place, from_at, until_at, posts) VALUES ($1, $2, $3, $4) RETURNING id",
			gap.Place, gap.From.UnixMilli(), gap.Until.UnixMilli(), len(posts)).Scan(&id)
		if err == nil { // the source answers again: its other accounts need not wait for their turn
			_, err = tx.ExecContext(ctx, "UPDATE accounts SET next_at = $1 WHERE active AND source = $2 AND trouble = $3 AND next_at > $1 AND lease_until = 0",
				s.now(), gap.Place, sources.Unreached)
		}
	}
	if err != nil {
		return err
	}
	for _, p := range posts {
		if _, err := tx.ExecContext(ctx, "UPDATE posts SET gap = $1, state = "+postWaiting+" WHERE account = $2 AND id = $3", id, p.Account, sanitize(p.ID)); err != nil {
			return err
		}
	}
	return nil
}

// endWaits makes recovered posts unread when no account that may lie behind the
// same gap is due, being pulled or cut off in a pull, or when they waited long enough. It goes by
// what stands in the rows, so no end of a pull can be missed. A gap that lies
// ahead was closed before the clock was set back.
func (s *Store) endWaits(ctx context.Context) error {
	if some, err := s.exists(ctx, "SELECT 1 FROM posts WHERE state = "+postWaiting); err != nil || !some {
		return err
	}
	t := s.now()
	const over = ` FROM gaps g WHERE g.until_at <= $1 OR g.until_at > $2 OR NOT EXISTS (SELECT 1 FROM accounts a
		WHERE a.active AND (g.place = '' OR a.source = g.place) AND a.last_ok_at < g.until_at AND (a.next_at <= $2 OR a.lease_until > $2 OR a.fails > 0 AND a.trouble = ''))`
	if some, err := s.exists(ctx, "SELECT 1 FROM posts WHERE state = "+postWaiting+" AND gap IN (SELECT id"+over+")", t-gapWait.Milliseconds(), t); err != nil || !some {
		return err
	}
	return s.write(ctx, endWaits, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE posts SET state = "+postUnread+" WHERE state = "+postWaiting+" AND gap IN (SELECT id"+over+")", t-gapWait.Milliseconds(), t)
		return err
	})
}

// gapOf finds the gap that a statement was recovered from; 0: none.
func gapOf(ctx context.Context, tx *sql.Tx, st onrecord.Statement) (id int64, err error) {
	for _, p := range st.Parts {
		err := tx.QueryRowContext(ctx, "SELECT gap FROM posts WHERE account = $1 AND id = $2 AND gap IS NOT NULL", p.Account, p.ID).Scan(&id)
		if !errors.Is(err, sql.ErrNoRows) {
			return id, err
		}
	}
	return 0, nil
}

// gap reads a gap.
func (s *Store) gap(ctx context.Context, id int64) (*onrecord.Gap, error) {
	list, err := s.gaps(ctx, "WHERE id = $1", id)
	if err != nil || len(list) == 0 {
		return nil, cmp.Or(err, sql.ErrNoRows)
	}
	return &list[0], nil
}

// gaps reads those of a condition, in its order.
func (s *Store) gaps(ctx context.Context, which string, args ...any) (list []onrecord.Gap, err error) {
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var g onrecord.Gap
		var from, until int64
		err := rows.Scan(&g.ID, &g.Place, &from, &until, &g.Posts)
		g.From, g.Until = at(from), at(until)
		list = append(list, g)
		return err
	}, "SELECT id, place, from_at, until_at, posts FROM gaps "+which, args...)
	return list, err
}
