package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/sources"
)

// watch has the posts of a statement looked at again that readers are told of. One that
// is watched already, for another case, stays as it is.
func (s *Store) watch(ctx context.Context, tx *sql.Tx, statement int64) error {
	t := s.now()
	_, err := tx.ExecContext(ctx, `INSERT INTO rechecks (post, account, revision, told_at, seen_at, next_at)
		SELECT p.seq, p.account, t.revision, $2, p.seen_at, $3 FROM parts t JOIN posts p ON p.seq = t.post WHERE t.statement = $1 ON CONFLICT (post) DO NOTHING`,
		statement, t, t+bot.FirstLook.Milliseconds())
	return err
}

// ClaimRechecks implements [bot.Rechecks].
func (s *Store) ClaimRechecks(ctx context.Context, lease time.Duration, limit int) ([]bot.Recheck, error) {
	t := s.now()
	if due, err := s.exists(ctx, "SELECT 1 FROM rechecks WHERE next_at > 0 AND next_at <= $1 AND lease_until <= $1", t); err != nil || !due {
		return nil, err
	}
	owner, err := s.owner()
	if err != nil {
		return nil, err
	}
	claimed, err := write(ctx, s, claimRechecks, func(tx *sql.Tx) (list []claimedPost, err error) {
		err = forEachRow(ctx, tx, func(rows *sql.Rows) error {
			var c claimedPost
			var told, seen, since, edited int64
			err := rows.Scan(&c.ID, &c.account, &c.told, &told, &seen, &c.Sight, &since, &c.Fate, &c.Edits, &edited, &c.Shown, &c.Epoch)
			c.At, c.Seen, c.Since, c.Edited = at(told), at(seen), at(since), at(edited)
			list = append(list, c)
			return err
		}, `WITH due AS MATERIALIZED (SELECT post, CASE WHEN instead = 0 THEN post ELSE instead END AS shown FROM rechecks
				WHERE next_at > 0 AND next_at <= $1 AND lease_until <= $1 ORDER BY next_at LIMIT CAST($2 AS BIGINT)`+s.skipLocked+`),
			threads AS (SELECT DISTINCT o.seq FROM due JOIN posts p ON p.seq = due.shown JOIN posts o ON o.account = p.account AND o.thread = p.thread WHERE p.thread <> '' AND o.thread <> '')
			UPDATE rechecks SET lease_until = $3, owner = $4, epoch = epoch + 1 WHERE next_at > 0 AND lease_until <= $1
				AND post IN (SELECT post FROM due UNION SELECT seq FROM threads UNION SELECT r.post FROM rechecks r JOIN threads ON r.instead = threads.seq WHERE r.instead > 0)
			RETURNING post, account, revision, told_at, seen_at, sight, since_at, fate, edits, edited_at, CASE WHEN instead = 0 THEN post ELSE instead END, epoch`, t, limit, t+lease.Milliseconds(), owner)
		return list, err
	})
	if err != nil {
		return nil, err
	}
	return s.readClaimed(ctx, claimed)
}

// claimedPost is a watched post as its row names it.
type claimedPost struct {
	bot.Watched
	account string
	told    string // revision
}

// readClaimed reads what claimed rows are about. A post that is damaged is not looked at
// any more: nobody could say what became of it.
func (s *Store) readClaimed(ctx context.Context, claimed []claimedPost) (list []bot.Recheck, err error) {
	slices.SortStableFunc(claimed, func(a, b claimedPost) int { return int(a.ID - b.ID) })
	for _, c := range claimed {
		err := s.readWatched(ctx, &c)
		if _, bad := errors.AsType[damaged](err); bad || errors.Is(err, sql.ErrNoRows) {
			if err := s.StoreLooks(ctx, []bot.Weighed{{Watched: c.Watched, Next: c.Standing}}, nil); err != nil && !errors.Is(err, bot.ErrLost) {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(list, func(r bot.Recheck) bool { return r.Account == c.account })
		if i < 0 {
			i, list = len(list), append(list, bot.Recheck{Account: c.account})
		}
		list[i].Posts = append(list[i].Posts, c.Watched)
	}
	return list, nil
}

// readWatched reads a watched post as readers know it and as it was seen last.
func (s *Store) readWatched(ctx context.Context, c *claimedPost) error {
	now, told := postRow{}, postRow{}
	var changed int64
	err := s.r.QueryRowContext(ctx, `SELECT p.account, p.id, p.revision, p.thread, p.url, p.body, p.seen_at
		FROM posts p WHERE p.seq = $1`, c.Shown).Scan(&now.account, &now.id, &now.revision, &now.thread, &now.url, &now.body, &changed)
	if err != nil {
		return err
	}
	c.Changed = at(changed)
	if c.Post, err = now.post(); err != nil {
		return damaged{{row: "post " + now.account + "/" + now.id, why: err.Error()}}
	}
	if c.Later, err = s.later(ctx, *c); err != nil {
		return err
	}
	if c.Told = c.Post; c.told == now.revision {
		return nil
	}
	told.account, told.id, told.revision = now.account, now.id, c.told
	err = s.r.QueryRowContext(ctx, "SELECT thread, url, body FROM revisions WHERE account = $1 AND id = $2 AND revision = $3", told.account, told.id, told.revision).Scan(&told.thread, &told.url, &told.body)
	if err != nil {
		return err
	}
	if c.Told, err = told.post(); err != nil {
		return damaged{{row: "post " + told.account + "/" + told.id, why: err.Error()}}
	}
	return nil
}

// mostLater bounds how many posts are looked through for one that replaced another.
const mostLater = 40

// later is what an account published about when a post was seen last: what that was replaced
// by, if it was. Nobody was told of it.
func (s *Store) later(ctx context.Context, c claimedPost) ([]bot.Later, error) {
	const untold = ` AND NOT EXISTS (SELECT 1 FROM rechecks r WHERE r.post = p.seq OR r.instead = p.seq)
		AND NOT EXISTS (SELECT 1 FROM parts t JOIN statements s ON s.id = t.statement WHERE t.post = p.seq AND s.moved_to IS NULL AND s.released)`
	list, err := s.posts(ctx, "p.account = $1 AND p.seq > $2 AND p.created_at >= $3"+untold+" ORDER BY p.seq LIMIT CAST($4 AS BIGINT)", c.account, c.Shown, c.Seen.Add(-bot.RepostWindow).UnixMilli(), mostLater)
	if err != nil || len(list) == 0 || c.Post.Thread == "" {
		return bot.Threaded(c.Shown, []bot.Later{{ID: c.Shown, Post: c.Post}}, list), err
	}
	thread, err := s.posts(ctx, "p.account = $1 AND p.thread = $2 AND p.thread <> '' ORDER BY p.created_at, p.seq", c.account, c.Post.Thread)
	return bot.Threaded(c.Shown, thread, list), err
}

// posts reads posts of which nobody need be told that they are damaged.
func (s *Store) posts(ctx context.Context, where string, args ...any) (list []bot.Later, err error) {
	return list, forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var l bot.Later
		var row postRow
		if err := rows.Scan(&l.ID, &l.Parts, &row.account, &row.id, &row.revision, &row.thread, &row.url, &row.body); err != nil {
			return err
		}
		if l.Post, err = row.post(); err == nil {
			list = append(list, l)
		}
		return nil
	}, `SELECT p.seq, (SELECT count(*) FROM parts t JOIN statements s ON s.id = t.statement JOIN parts o ON o.statement = s.id WHERE t.post = p.seq AND s.moved_to IS NULL),
		p.account, p.id, p.revision, p.thread, p.url, p.body FROM posts p WHERE p.state <> `+setAside+" AND "+where, args...)
}

// lookNow has posts of the record looked at as soon as may be: another one says the same.
func (s *Store) lookNow(ctx context.Context, tx *sql.Tx, posts []onrecord.PostID) error {
	for _, p := range posts {
		if _, err := tx.ExecContext(ctx, "UPDATE rechecks SET next_at = $1 WHERE post = (SELECT seq FROM posts WHERE account = $2 AND id = $3) AND instead = 0 AND next_at > $1", s.now(), p.Account, sanitize(p.ID)); err != nil {
			return err
		}
	}
	return nil
}

// replace holds what a post may have been replaced by, and lets what replaced it stand for it.
// What was held of that is not told: what became of the other is.
func (s *Store) replace(ctx context.Context, tx *sql.Tx, f bot.Weighed) error {
	for _, h := range f.Holds {
		if _, err := tx.ExecContext(ctx, "UPDATE statements SET look_until = $1 WHERE NOT released AND id IN (SELECT statement FROM parts WHERE post = $2)", ms(h.Until), h.ID); err != nil {
			return err
		}
	}
	if f.Instead == nil {
		return nil
	}
	held := map[int64]int64{}
	err := forEachRow(ctx, tx, func(rows *sql.Rows) error {
		var id, into int64
		err := rows.Scan(&id, &into)
		held[id] = into
		return err
	}, `SELECT s.id, max(o.id) FROM statements s JOIN parts t ON t.statement = s.id JOIN statements o ON o.case_id = s.case_id JOIN parts u ON u.statement = o.id
		WHERE t.post = $1 AND u.post = $2 AND NOT s.released AND s.moved_to IS NULL AND o.moved_to IS NULL AND o.number IS NOT NULL GROUP BY s.id`, f.Instead.ID, f.ID)
	if err != nil {
		return err
	}
	for id, into := range held {
		if err := leave(ctx, tx, onrecord.Statement{ID: id}, into); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE decisions SET statement = $1 WHERE statement = $2", into, id); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "UPDATE rechecks SET instead = $1, told_at = $2 WHERE post = $3", f.Instead.ID, ms(f.At), f.ID); err != nil {
		return err
	}
	for _, p := range f.Rest() {
		_, err := tx.ExecContext(ctx, `INSERT INTO rechecks (post, account, revision, told_at, seen_at, next_at, behind)
			SELECT seq, account, revision, CAST($2 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM posts WHERE seq = $1 ON CONFLICT (post) DO NOTHING`, p.ID, ms(f.At), ms(f.Due), f.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// StoreLooks implements [bot.Rechecks].
func (s *Store) StoreLooks(ctx context.Context, found []bot.Weighed, to bot.Audience) error {
	err := s.storeLooks(ctx, found, to)
	if err == nil && slices.ContainsFunc(found, func(f bot.Weighed) bool { return f.Redact }) {
		err = s.scrub(ctx)
	}
	return err
}

func (s *Store) storeLooks(ctx context.Context, found []bot.Weighed, to bot.Audience) error {
	return s.write(ctx, storeLooks, func(tx *sql.Tx) error {
		if err := s.numbered(ctx, tx); err != nil {
			return err
		}
		told, found := false, slices.Clone(found)
		for i := range found {
			f := &found[i]
			if f.Keeps != nil {
				kept, err := s.storePost(ctx, tx, bot.PulledPost{Post: *f.Keeps})
				if err != nil {
					return fmt.Errorf("store %s: %w", f.Keeps.Key(), err)
				}
				if !kept { // a pull has stored it since the claim, or only this program reads it in another way
					var stored bool
					err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM posts WHERE account = $1 AND id = $2 AND revision = $3)",
						f.Keeps.Account, sanitize(f.Keeps.ID), sanitize(f.Keeps.Revision)).Scan(&stored)
					if err != nil {
						return err
					}
					if !stored && f.Told.Revision != f.Was {
						f.Told.Revision, f.Fate = f.Was, nil
					}
				}
			}
			if err := s.overtaken(ctx, tx, f); err != nil {
				return err
			}
			ours, err := changedOne(tx.ExecContext(ctx, `UPDATE rechecks SET revision = $1, seen_at = $2, sight = $3, since_at = $4, fate = $5, next_at = $6, edits = $7, edited_at = $8, lease_until = 0, owner = 0
				WHERE post = $9 AND epoch = $10`, sanitize(f.Told.Revision), ms(f.Next.Seen), f.Next.Sight, ms(f.Next.Since), f.Next.Fate, ms(f.Due), f.Next.Edits, ms(f.Next.Edited), f.ID, f.Epoch))
			if err != nil {
				return err
			}
			if !ours {
				return bot.ErrLost
			}
			if err := s.replace(ctx, tx, *f); err != nil {
				return fmt.Errorf("hold or replace what says again what %s says: %w", f.Post.Key(), err)
			}
			told = told || f.Fate != nil || f.Keeps != nil
		}
		if err := s.meet(ctx, tx, found, to); err != nil || !told {
			return err
		}
		for _, f := range found {
			if f.Redact {
				if err := s.takeOut(ctx, tx, f.Watched, to); err != nil {
					return fmt.Errorf("take out the words of %s: %w", f.Post.Key(), err)
				}
			}
		}
		return s.tell(ctx, tx)
	})
}

// overtaken makes a post due again of which a pull has stored other words since it was claimed.
func (s *Store) overtaken(ctx context.Context, tx *sql.Tx, f *bot.Weighed) error {
	if f.Keeps != nil || f.Redact || f.Due.IsZero() {
		return nil
	}
	var changed bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM posts WHERE seq = $1 AND revision <> $2)", f.Shown, f.Post.Revision).Scan(&changed)
	if changed {
		f.Due = at(s.now())
	}
	return err
}

// NoteDeleted implements [bot.Rechecks]. A look that is under way is too late. A place may
// call a post by the id of its newest version.
func (s *Store) NoteDeleted(ctx context.Context, account, post string, again time.Duration) error {
	return s.write(ctx, noteDeleted, func(tx *sql.Tx) error {
		t := s.now()
		_, err := tx.ExecContext(ctx, `UPDATE rechecks SET sight = $1, since_at = $2, next_at = $3, lease_until = 0, owner = 0, epoch = epoch + 1
			WHERE (CASE WHEN instead = 0 THEN post ELSE instead END) = (SELECT seq FROM posts WHERE account = $4 AND (id = $5 OR revision = $5) ORDER BY seq LIMIT 1) AND account = $4 AND sight = $6 AND next_at > 0`,
			sources.Deleted, t, t+again.Milliseconds(), account, sanitize(post), sources.Present)
		return err
	})
}

// PutOff implements [bot.Rechecks].
func (s *Store) PutOff(ctx context.Context, posts []bot.Watched, until time.Time, place bool) error {
	return s.write(ctx, storeLooks, func(tx *sql.Tx) error {
		for _, w := range posts {
			ours, err := changedOne(tx.ExecContext(ctx, "UPDATE rechecks SET next_at = $1, lease_until = 0, owner = 0 WHERE post = $2 AND epoch = $3", ms(until), w.ID, w.Epoch))
			if err != nil {
				return err
			}
			if !ours {
				return bot.ErrLost
			}
		}
		if !place || len(posts) == 0 {
			return nil
		}
		_, err := tx.ExecContext(ctx, `UPDATE rechecks SET next_at = $1 WHERE next_at > 0 AND next_at < $1 AND lease_until = 0
			AND account IN (SELECT id FROM accounts WHERE source = (SELECT source FROM posts WHERE seq = $2))`, ms(until), posts[0].ID)
		return err
	})
}

// NextRecheck implements [bot.Rechecks].
func (s *Store) NextRecheck(ctx context.Context) (time.Time, error) {
	return s.queryTime(ctx, `SELECT min(t) FROM (
		SELECT min(next_at) AS t FROM rechecks WHERE next_at > 0 AND lease_until = 0
		UNION ALL SELECT min(lease_until) FROM rechecks WHERE lease_until > 0) AS due`)
}
