package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/statements"
)

// filedUntil is what a digest of filings covers: the posts of dockets up to one, and what was
// told of those since the last. It is kept with the digest, in its own line of them.
type filedUntil struct {
	Post    int64             `json:"post"`
	Filings *onrecord.Filings `json:"filings,omitempty"`
}

// filedSince are the posts of an account that no channel was told of, and those that say
// something else since.
const filedSince = "FROM posts p WHERE account = $1 AND (seq > $2 OR seen_at >= $3) AND seen_at < $4 AND state <> " + postBaseline + " AND state <> " + setAside +
	" AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.account = p.account AND r.id = p.id AND r.state = " + postBaseline + ")"

// OweFilings implements [bot.Filings].
func (s *Store) OweFilings(ctx context.Context, channel, on string, dockets []string, before time.Time) (owed bool, err error) {
	line := channel + bot.FilingsLane + "/" + on
	last, since, known, err := lastFiled(ctx, s.r, line)
	if err != nil {
		return false, err
	}
	some := !known
	for _, account := range dockets {
		if some {
			break
		}
		if some, err = s.exists(ctx, "SELECT 1 "+filedSince, account, last, since, ms(before)); err != nil {
			return false, err
		}
	}
	if !some {
		return false, nil
	}
	return owed, s.write(ctx, oweDigest, func(tx *sql.Tx) error {
		if err := s.numbered(ctx, tx); err != nil {
			return err
		}
		owed = false
		last, since, known, err := lastFiled(ctx, tx, line)
		if err != nil {
			return err
		}
		if !known { // what was filed before a channel asked for it is told nowhere
			if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM posts").Scan(&last); err != nil {
				return err
			}
			_, err := s.keepFiled(ctx, tx, line, before, filedUntil{Post: last})
			return err
		}
		var posts, changed []onrecord.Post
		until := last
		for _, account := range dockets {
			err := forEachRow(ctx, tx, func(rows *sql.Rows) error {
				var row postRow
				var seq int64
				if err := rows.Scan(&seq, &row.account, &row.id, &row.revision, &row.thread, &row.url, &row.body); err != nil {
					return err
				}
				if p, err := row.post(); err == nil && seq > last { // a damaged one is told of elsewhere
					posts = append(posts, p)
				} else if err == nil {
					changed = append(changed, p)
				}
				until = max(until, seq)
				return nil
			}, "SELECT seq, account, id, revision, thread, url, body "+filedSince+" ORDER BY seq", account, last, since, ms(before))
			if err != nil {
				return err
			}
		}
		if until == last && len(changed) == 0 { // another replica was first
			return nil
		}
		for _, p := range changed {
			was, err := described(ctx, tx, p)
			if err != nil {
				return err
			}
			if len(was) > 0 && len(statements.Filings(on, was).Entries) == 0 && len(statements.Filings(on, []onrecord.Post{p}).Entries) > 0 {
				posts = append(posts, p)
			}
		}
		told := statements.Filings(on, posts)
		id, err := s.keepFiled(ctx, tx, line, before, filedUntil{until, &told})
		if err != nil || len(told.Entries)+len(told.Folded) == 0 {
			return err
		}
		owed = true
		about := subject{name: onrecord.Digest{ID: id}.Number(), digest: nullInt64(id), kind: onrecord.Filed}
		if err := s.enqueue(ctx, tx, about, []string{channel}); err != nil {
			return err
		}
		return s.tell(ctx, tx)
	})
}

// described is what an entry said before: some are filed first, and described later.
func described(ctx context.Context, tx *sql.Tx, p onrecord.Post) (was []onrecord.Post, err error) {
	return was, forEachRow(ctx, tx, func(rows *sql.Rows) error {
		row := postRow{account: p.Account, id: sanitize(p.ID)}
		err := rows.Scan(&row.revision, &row.thread, &row.url, &row.body)
		if before, bad := row.post(); err == nil && bad == nil {
			was = append(was, before)
		}
		return err
	}, "SELECT revision, thread, url, body FROM revisions WHERE account = $1 AND id = $2", p.Account, sanitize(p.ID))
}

// lastFiled is up to which post, and until when, a channel was told of filings in a case.
func lastFiled(ctx context.Context, q querier, line string) (post, until int64, known bool, err error) {
	var covers string
	var f filedUntil
	switch err := q.QueryRowContext(ctx, "SELECT covers, until_at FROM digests WHERE channel = $1 ORDER BY id DESC LIMIT 1", line).Scan(&covers, &until); {
	case errors.Is(err, sql.ErrNoRows):
		return 0, 0, false, nil
	case err != nil:
		return 0, 0, false, err
	}
	err = json.Unmarshal([]byte(covers), &f)
	return f.Post, until, true, err
}

func (s *Store) keepFiled(ctx context.Context, tx *sql.Tx, line string, before time.Time, f filedUntil) (id int64, err error) {
	covers, err := json.Marshal(f)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO digests (channel, from_at, until_at, covers)
		SELECT CAST($1 AS TEXT), coalesce(max(until_at), CAST($2 AS BIGINT)), CASE WHEN max(until_at) >= $2 THEN max(until_at) + 1 ELSE CAST($2 AS BIGINT) END, CAST($3 AS TEXT) FROM digests WHERE channel = $1 RETURNING id`, line, ms(before), string(covers)).Scan(&id)
	return id, err
}
