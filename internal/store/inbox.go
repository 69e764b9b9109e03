package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/sources"
)

// ClaimDue implements [bot.Inbox].
func (s *Store) ClaimDue(ctx context.Context, lease time.Duration, limit int) ([]bot.Claim, error) {
	t := now()
	if due, err := s.any(ctx, "SELECT 1 FROM accounts WHERE active AND next_at <= ? AND lease_until <= ?", t, t); err != nil || !due {
		return nil, err // reading first keeps an idle program from writing
	}
	var claims []bot.Claim
	err := s.write(ctx, func(tx *sql.Tx) error {
		claims = nil
		rows, err := tx.QueryContext(ctx, `UPDATE accounts SET lease_until = ?1 + ?2, epoch = epoch + 1, fails = fails + 1
			WHERE id IN (SELECT id FROM accounts WHERE active AND next_at <= ?1 AND lease_until <= ?1 ORDER BY next_at LIMIT ?3)
			RETURNING id, cursor, last_ok_at IS NULL, next_at, fails - 1, epoch`, t, lease.Milliseconds(), limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			c, slot := bot.Claim{At: at(t)}, int64(0)
			if err := rows.Scan(&c.Account, &c.Cursor, &c.First, &slot, &c.Fails, &c.Epoch); err != nil {
				return err
			}
			c.Slot = at(slot)
			claims = append(claims, c)
		}
		return rows.Err()
	})
	return claims, err
}

// StorePage implements [bot.Inbox]. The cursor moves only from where the claim
// found it, and only together with the posts before it.
func (s *Store) StorePage(ctx context.Context, c *bot.Claim, posts []bot.Arrival, next sources.Cursor, lease time.Duration) (stored int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		stored = 0
		ours, err := changedOne(tx.ExecContext(ctx, `UPDATE accounts SET cursor = ?, lease_until = ? WHERE id = ? AND epoch = ? AND cursor = ?`,
			next, now()+lease.Milliseconds(), c.Account, c.Epoch, c.Cursor))
		if err != nil {
			return err
		}
		if !ours {
			return bot.ErrLost
		}
		for _, p := range posts {
			isNew, err := storePost(ctx, tx, p)
			if err != nil {
				return fmt.Errorf("store %s: %w", p.Key(), err)
			}
			if isNew {
				stored++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	c.Cursor = next
	return stored, nil
}

// storePost stores a post that is not known, or what a known one says now.
func storePost(ctx context.Context, tx *sql.Tx, p bot.Arrival) (isNew bool, err error) {
	body, err := json.Marshal(p.Post)
	if err != nil {
		return false, err
	}
	state, seen := "unread", now()
	if p.Baseline {
		state = "baseline"
	}
	if !p.Seen.IsZero() {
		seen = p.Seen.UnixMilli()
	}
	isNew, err = changedOne(tx.ExecContext(ctx, `INSERT INTO posts (account, id, source, thread, revision, created_at, seen_at, state, body, raw)
		VALUES (?1, ?2, (SELECT source FROM accounts WHERE id = ?1), ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (account, id) DO NOTHING`,
		p.Account, p.ID, p.Thread, p.Revision, p.Created.UnixMilli(), seen, state, string(body), p.Raw))
	if err != nil || isNew {
		return isNew, err
	}
	if p.Reread {
		return false, revise(ctx, tx, p, string(body))
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO revisions (account, id, revision, seen_at, body, raw)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM posts WHERE account = ?1 AND id = ?2 AND revision = ?3)
		ON CONFLICT DO NOTHING`, p.Account, p.ID, p.Revision, seen, string(body), p.Raw)
	return false, err
}

// revise replaces a post by what it says now, to be read again, and keeps what
// it said before.
func revise(ctx context.Context, tx *sql.Tx, p bot.Arrival, body string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO revisions (account, id, revision, seen_at, body, raw, state)
		SELECT account, id, revision, seen_at, body, raw, state FROM posts WHERE account = ?1 AND id = ?2 AND revision <> ?3
		ON CONFLICT DO NOTHING`, p.Account, p.ID, p.Revision)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE posts SET revision = ?3, seen_at = ?4, body = ?5, raw = ?6, state = 'unread'
		WHERE account = ?1 AND id = ?2 AND revision <> ?3`, p.Account, p.ID, p.Revision, now(), body, p.Raw)
	return err
}

// FinishPull implements [bot.Inbox]. The claim counted a failure in advance, so
// that a process that dies in a pull backs off; a good end takes it back.
func (s *Store) FinishPull(ctx context.Context, c bot.Claim, p bot.Pulled) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		ours, err := changedOne(tx.ExecContext(ctx, `UPDATE accounts SET lease_until = 0, next_at = ?1, trouble = ?2, last_error = ?3,
			fails = CASE WHEN ?2 = '' THEN 0 ELSE fails END, last_ok_at = CASE WHEN ?2 = '' THEN ?4 ELSE last_ok_at END
			WHERE id = ?5 AND epoch = ?6`, ms(p.NextAt), p.Trouble, p.Error, now(), c.Account, c.Epoch))
		if err != nil {
			return err
		}
		if !ours {
			return bot.ErrLost
		}
		if p.Place.IsZero() {
			return nil
		}
		_, err = tx.ExecContext(ctx, `UPDATE accounts SET next_at = max(next_at, ?), trouble = ?, last_error = ?
			WHERE id <> ? AND lease_until = 0 AND source = (SELECT source FROM accounts WHERE id = ?)`,
			ms(p.Place), p.Trouble, p.Error, c.Account, c.Account)
		return err
	})
}

// AllDue implements [bot.Inbox].
func (s *Store) AllDue(ctx context.Context) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE accounts SET next_at = ?1 WHERE active AND next_at > ?1 AND trouble NOT IN (?, ?)", now(), sources.Limited, sources.NoMoney)
		return err
	})
}

// NextPull implements [bot.Inbox].
func (s *Store) NextPull(ctx context.Context) (time.Time, error) {
	return s.time(ctx, "SELECT min(max(next_at, lease_until)) FROM accounts WHERE active")
}

// time reads one time; NULL is none.
func (s *Store) time(ctx context.Context, query string, args ...any) (time.Time, error) {
	var t sql.NullInt64
	err := s.r.QueryRowContext(ctx, query, args...).Scan(&t)
	return at(t.Int64), err
}

// any reports whether a query finds a row.
func (s *Store) any(ctx context.Context, query string, args ...any) (found bool, err error) {
	err = s.r.QueryRowContext(ctx, "SELECT EXISTS ("+query+")", args...).Scan(&found)
	return found, err
}

// scanPost reads a stored post.
func scanPost(body string) (p onrecord.Post, err error) {
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return p, fmt.Errorf("a stored post is unreadable: %w", err)
	}
	return p, nil
}

// Rewind makes the next pull of each account a first one, and posts kept as
// baseline since a time unread: what a later backfill asks for.
func (s *Store) Rewind(ctx context.Context, accounts []string, since time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, id := range accounts {
			if _, err := tx.ExecContext(ctx, "UPDATE accounts SET cursor = '', last_ok_at = NULL, next_at = ? WHERE id = ?", now(), id); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE posts SET state = 'unread' WHERE state = 'baseline' AND account = ? AND created_at >= ?", id, since.UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
}
