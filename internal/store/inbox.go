package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/sources"
)

// ClaimDue implements [bot.Inbox].
func (s *Store) ClaimDue(ctx context.Context, lease time.Duration, limit int) ([]bot.Claim, error) {
	t := s.now()
	if err := s.repairDueTimes(ctx, t); err != nil {
		return nil, err
	}
	// Reading first keeps an idle program from writing. A minimum is one step into
	// the index; asked whether such a row exists, PostgreSQL reads the table until
	// it meets one, and mostly there is none.
	if due, err := s.exists(ctx, "SELECT 1 WHERE (SELECT min(next_at) FROM accounts WHERE active AND lease_until <= $1) <= $1", t); err != nil || !due {
		return nil, err
	}
	owner, err := s.owner()
	if err != nil {
		return nil, err
	}
	return write(ctx, s, claimAccounts, func(tx *sql.Tx) (claims []bot.Claim, err error) {
		err = forEachRow(ctx, tx, func(rows *sql.Rows) error {
			c, slot, ok := bot.Claim{At: at(t)}, int64(0), int64(0)
			err := rows.Scan(&c.Account, &c.Cursor, &c.Handle, &ok, &slot, &c.Fails, &c.Epoch)
			c.Slot, c.LastOK = at(slot), at(ok)
			claims = append(claims, c)
			return err
		}, `WITH due AS MATERIALIZED (
				SELECT id FROM accounts WHERE active AND next_at <= $1 AND lease_until <= $1 ORDER BY next_at LIMIT CAST($2 AS BIGINT)`+s.skipLocked+`
			) UPDATE accounts SET lease_until = $3, owner = $4, epoch = epoch + 1, fails = fails + 1 WHERE id IN (SELECT id FROM due)
			RETURNING id, cursor, handle, coalesce(last_ok_at, 0), next_at, fails - 1, epoch`, t, limit, t+lease.Milliseconds(), owner)
		return claims, err
	})
}

// StorePage implements [bot.Inbox]. The cursor moves only from where the claim
// found it, and only together with the posts before it.
func (s *Store) StorePage(ctx context.Context, c *bot.Claim, posts []bot.PulledPost, next sources.Cursor, lease time.Duration) (int, error) {
	stored, err := write(ctx, s, storePage, func(tx *sql.Tx) (stored int, err error) {
		ours, err := changedOne(tx.ExecContext(ctx, "UPDATE accounts SET cursor = $1, lease_until = $2 WHERE id = $3 AND epoch = $4 AND cursor = $5",
			next, s.now()+lease.Milliseconds(), c.Account, c.Epoch, c.Cursor))
		if err != nil {
			return 0, err
		}
		if !ours {
			return 0, bot.ErrLost
		}
		var fresh []onrecord.Post
		for _, p := range posts {
			isNew, err := s.storePost(ctx, tx, p)
			if err != nil {
				return 0, fmt.Errorf("store %s: %w", p.Key(), err)
			}
			if isNew {
				stored++
				fresh = append(fresh, p.Post)
			}
		}
		if err := s.fill(ctx, tx, c.Gap, fresh); err != nil {
			return 0, fmt.Errorf("count what was recovered from a gap: %w", err)
		}
		if stored == 0 {
			return 0, nil
		}
		return stored, s.tell(ctx, tx)
	})
	if err == nil {
		c.Cursor = next
	}
	return stored, err
}

// storePost stores a post that is not known, or what a known one says now, which is to
// be read again and so new.
func (s *Store) storePost(ctx context.Context, tx *sql.Tx, p bot.PulledPost) (isNew bool, err error) {
	p.ID, p.Thread, p.Revision, p.URL = sanitize(p.ID), sanitize(p.Thread), sanitize(p.Revision), sanitize(p.URL)
	body, err := bodyOf(p.Post)
	if err != nil {
		return false, err
	}
	state, seen := postUnread, s.now()
	if p.Baseline {
		state = postBaseline
	}
	if !p.Seen.IsZero() {
		seen = p.Seen.UnixMilli()
	}
	isNew, err = changedOne(tx.ExecContext(ctx, `INSERT INTO posts (account, id, source, thread, revision, created_at, seen_at, state, body, raw, url)
		VALUES ($1, $2, (SELECT source FROM accounts WHERE id = $1), $3, $4, $5, $6, `+state+`, $7, $8, $9) ON CONFLICT (account, id) DO NOTHING`,
		p.Account, p.ID, p.Thread, p.Revision, p.Created.UnixMilli(), seen, string(body), p.Raw, p.URL))
	if err != nil || isNew {
		return isNew, err
	}
	return s.revise(ctx, tx, p, seen, string(body))
}

// revise replaces a post by what it says now, to be read again, and keeps what
// it said before. Whoever reviews the old words is too late, and readers who know them
// are told as soon as may be. What its source gave in the same bytes is no revision: only
// this program reads it in another way than the one before.
func (s *Store) revise(ctx context.Context, tx *sql.Tx, p bot.PulledPost, seen int64, body string) (changed bool, err error) {
	var raw []byte
	err = tx.QueryRowContext(ctx, "SELECT raw FROM posts WHERE account = $1 AND id = $2 AND revision <> $3", p.Account, p.ID, p.Revision).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) || len(raw) > 0 && bytes.Equal(raw, p.Raw) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO revisions (account, id, revision, thread, url, seen_at, body, raw, state)
		SELECT account, id, revision, thread, url, seen_at, body, raw, state FROM posts WHERE account = $1 AND id = $2 ON CONFLICT DO NOTHING`, p.Account, p.ID)
	if err != nil {
		return false, err
	}
	changed, err = changedOne(tx.ExecContext(ctx, `UPDATE posts SET revision = $3, seen_at = $4, body = $5, raw = $6, url = $7, thread = $8, state = `+postUnread+`, owner = 0, lease_until = 0,
		gap = CASE WHEN state = `+postRead+` THEN NULL ELSE gap END -- what it says now was not missed
		WHERE account = $1 AND id = $2`, p.Account, p.ID, p.Revision, seen, body, p.Raw, p.URL, p.Thread))
	if err != nil || !changed {
		return changed, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE rechecks SET next_at = $1 WHERE post = (SELECT seq FROM posts WHERE account = $2 AND id = $3) AND instead = 0
		OR instead > 0 AND instead = (SELECT seq FROM posts WHERE account = $2 AND id = $3)`, s.now(), p.Account, p.ID)
	return true, err
}

// FinishPull implements [bot.Inbox]. The claim counted a failure in advance, so
// that a process that dies in a pull backs off; a good end takes it back.
func (s *Store) FinishPull(ctx context.Context, c bot.Claim, p bot.PullResult) error {
	return s.write(ctx, finishPull, func(tx *sql.Tx) error {
		ours, err := changedOne(tx.ExecContext(ctx, `UPDATE accounts SET lease_until = 0, owner = 0, next_at = $1, trouble = $2, last_error = $3,
			fails = CASE WHEN $2 = '' THEN 0 ELSE fails END, last_ok_at = CASE WHEN $2 = '' THEN $4 ELSE last_ok_at END, handle = CASE WHEN $7 = '' THEN handle ELSE $7 END
			WHERE id = $5 AND epoch = $6`, ms(p.NextAt), p.Trouble, sanitize(p.Error), s.now(), c.Account, c.Epoch, sanitize(p.Handle)))
		if err != nil {
			return err
		}
		if !ours {
			return bot.ErrLost
		}
		if p.Place.IsZero() {
			return nil
		}
		_, err = tx.ExecContext(ctx, `UPDATE accounts SET next_at = CASE WHEN next_at < $1 THEN $1 ELSE next_at END, trouble = $2, last_error = $3
			WHERE id <> $4 AND lease_until = 0 AND source = (SELECT source FROM accounts WHERE id = $4)`,
			ms(p.Place), p.Trouble, sanitize(p.Error), c.Account)
		return err
	})
}

// AllDue implements [bot.Inbox].
func (s *Store) AllDue(ctx context.Context) error {
	return s.write(ctx, makeAllDue, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE accounts SET next_at = $1 WHERE active AND next_at > $1 AND trouble NOT IN ($2, $3)", s.now(), sources.Limited, sources.NoMoney)
		return err
	})
}

// Hurry implements [bot.Inbox].
func (s *Store) Hurry(ctx context.Context, account string) error {
	return s.write(ctx, hurryAccount, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE accounts SET next_at = $1 WHERE id = $2 AND active AND next_at > $1 AND trouble = ''", s.now(), account)
		return err
	})
}

// NextPull implements [bot.Inbox].
func (s *Store) NextPull(ctx context.Context) (time.Time, error) {
	return s.queryTime(ctx, `SELECT min(t) FROM (
		SELECT min(next_at) AS t FROM accounts WHERE active AND lease_until = 0
		UNION ALL SELECT min(lease_until) FROM accounts WHERE active AND lease_until > 0) AS due`)
}

// queryTime reads one queryTime; NULL is none.
func (s *Store) queryTime(ctx context.Context, query string, args ...any) (time.Time, error) {
	var t sql.NullInt64
	err := s.r.QueryRowContext(ctx, query, args...).Scan(&t)
	return at(t.Int64), err
}

// exists reports whether a query finds a row.
func (s *Store) exists(ctx context.Context, query string, args ...any) (found bool, err error) {
	err = s.r.QueryRowContext(ctx, "SELECT EXISTS ("+query+")", args...).Scan(&found)
	return found, err
}

// Rewind makes the next pull of each account a first one, and posts kept as
// baseline since a time unread: what a later backfill asks for.
func (s *Store) Rewind(ctx context.Context, accounts []string, since time.Time) error {
	return s.write(ctx, rewindAccounts, func(tx *sql.Tx) error {
		for _, id := range accounts {
			if _, err := tx.ExecContext(ctx, "UPDATE accounts SET cursor = '', last_ok_at = NULL, next_at = $1 WHERE id = $2", s.now(), id); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE posts SET state = "+postUnread+" WHERE state = "+postBaseline+" AND account = $1 AND created_at >= $2", id, since.UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
}
