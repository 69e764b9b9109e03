package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"onrecord"
	"onrecord/bot"
	"onrecord/statements"
)

// KeepContext implements [bot.Reviews]. What was asked for first stands: decisions
// were made by it.
func (s *Store) KeepContext(ctx context.Context, source string, found map[string]statements.Words, gone []string) error {
	return s.write(ctx, keepReferred, func(tx *sql.Tx) error {
		keep := func(id string, text any, after string) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO referred (source, id, text, asked_at, goes_on_from) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
				source, keyOf(id), text, s.now(), sanitize(after))
			return err
		}
		for id, w := range found {
			if err := keep(id, sanitize(w.Text), w.After); err != nil {
				return err
			}
		}
		for _, id := range gone {
			if err := keep(id, nil, ""); err != nil {
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
		w, known, err := s.words(ctx, source, id)
		if err != nil {
			return nil, err
		}
		if ref.Text = w.Text; !known {
			u.Known.Unasked = append(u.Known.Unasked, ref.ID)
		}
	}
	return column[string](ctx, s.r, `SELECT DISTINCT d.case_id FROM decisions d JOIN posts p ON p.seq = d.post
		WHERE p.source = $1 AND p.id = $2 AND (d.verdict = $3 OR d.statement IN (SELECT recorded FROM rulings WHERE recorded IS NOT NULL))
		AND NOT `+isWithdrawn("d.statement"), source, id, onrecord.Accept)
}

// threadBefore returns what its author said before a post in the thread, from the
// post it goes on from backwards, oldest first, and where what we have breaks off.
func (s *Store) threadBefore(ctx context.Context, source, id string) (parts []statements.Words, missing string, err error) {
	for id != "" && len(parts) < statements.LongestThread {
		w, known, err := s.words(ctx, source, sanitize(id))
		if err != nil || !known {
			return parts, id, err
		}
		if w.Text != "" {
			parts = slices.Insert(parts, 0, w)
		}
		id = w.After
	}
	return parts, "", nil
}

// untitled returns the addresses of the pages a post links to whose titles were never
// asked for, and fills in the others.
func (s *Store) untitled(ctx context.Context, p *onrecord.Post) (addresses []string, err error) {
	titles := map[string]string{}
	for _, address := range statements.LinkedPages(*p) {
		w, known, err := s.asked(ctx, pages, sanitize(address))
		if err != nil {
			return nil, err
		}
		if titles[address] = w.Text; !known {
			addresses = append(addresses, address)
		}
	}
	*p = statements.Titled(*p, titles)
	return addresses, nil
}

// pages stands for a source where an id is the address of a page, and what it says its title.
const pages = ""

// words finds what a post says among ours and among those that were asked for.
func (s *Store) words(ctx context.Context, source, id string) (w statements.Words, known bool, err error) {
	var row postRow
	err = s.r.QueryRowContext(ctx, "SELECT account, id, revision, thread, url, body FROM posts WHERE source = $1 AND id = $2 LIMIT 1", source, id).Scan(&row.account, &row.id, &row.revision, &row.thread, &row.url, &row.body)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return w, false, err
	}
	if err == nil {
		if post, err := row.post(); err == nil { // a damaged one is told of when its own turn comes
			return statements.WordsOf(post), true, nil
		}
	}
	return s.asked(ctx, source, id)
}

// asked finds what came of a question to a source; known is false when it was never asked.
func (s *Store) asked(ctx context.Context, source, id string) (w statements.Words, known bool, err error) {
	var text sql.NullString
	err = s.r.QueryRowContext(ctx, "SELECT text, goes_on_from FROM referred WHERE source = $1 AND id = $2", source, keyOf(id)).Scan(&text, &w.After)
	if errors.Is(err, sql.ErrNoRows) {
		return w, false, nil
	}
	w.Text = text.String
	return w, err == nil, err
}
