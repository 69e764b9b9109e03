package store

import (
	"context"
	"database/sql"
	"errors"

	"onrecord"
	"onrecord/bot"
)

// KeepContext implements [bot.Reviews]. What was asked for first stands: decisions
// were made by it.
func (s *Store) KeepContext(ctx context.Context, source string, found map[string]string, gone []string) error {
	return s.write(ctx, keepReferred, func(tx *sql.Tx) error {
		keep := func(id string, text any) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO referred (source, id, text, asked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", source, sanitize(id), text, s.now())
			return err
		}
		for id, text := range found {
			if err := keep(id, sanitize(text)); err != nil {
				return err
			}
		}
		for _, id := range gone {
			if err := keep(id, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// referred returns the cases on which the post pointed at is a statement, and
// fills in its text where the source left it out and we have it.
func (s *Store) referred(ctx context.Context, u *bot.Unread, ref *onrecord.Ref, source string) ([]string, error) {
	if ref == nil || ref.ID == "" {
		return nil, nil
	}
	id := sanitize(ref.ID)
	if ref.Text == "" {
		text, known, err := s.words(ctx, source, id)
		if err != nil {
			return nil, err
		}
		if ref.Text = text; !known {
			u.Known.Unasked = append(u.Known.Unasked, ref.ID)
		}
	}
	return s.texts(ctx, `SELECT DISTINCT d.case_id FROM decisions d JOIN posts p ON p.seq = d.post
		WHERE p.source = $1 AND p.id = $2 AND (d.verdict = $3 OR d.statement IN (SELECT recorded FROM rulings WHERE recorded IS NOT NULL))`, source, id, onrecord.Accept)
}

// words finds what a post says among ours and among those that were asked for.
func (s *Store) words(ctx context.Context, source, id string) (text string, known bool, err error) {
	var row postRow
	err = s.r.QueryRowContext(ctx, "SELECT account, id, revision, thread, url, body FROM posts WHERE source = $1 AND id = $2 LIMIT 1", source, id).Scan(&row.account, &row.id, &row.revision, &row.thread, &row.url, &row.body)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", false, err
	}
	if err == nil {
		if post, err := row.post(); err == nil { // a damaged one is told of when its own turn comes
			return post.Text, true, nil
		}
	}
	var asked sql.NullString
	err = s.r.QueryRowContext(ctx, "SELECT text FROM referred WHERE source = $1 AND id = $2", source, id).Scan(&asked)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return asked.String, err == nil, err
}
