package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"onrecord"
	"onrecord/bot"
)

// A statement refers to its posts and to the revisions that were judged: their
// texts are stored once, as posts and revisions.

// readStatements reads the readStatements that a condition on their table finds, as readers
// saw them; what is held comes last. With a damaged one among them the error is
// [damaged].
func readStatements(ctx context.Context, q querier, which string, args ...any) (list []onrecord.Statement, err error) {
	var bad damaged
	var changed []int // by persons
	err = eachStatement(ctx, q, func(r statementRow) {
		st, err := r.statement()
		if err != nil {
			bad = append(bad, damagedStatement(r, err))
			return
		}
		if r.corrected {
			changed = append(changed, len(list))
		}
		list = append(list, st)
	}, which, args...)
	for _, i := range changed {
		if err == nil {
			list[i], err = amended(ctx, q, list[i])
		}
	}
	if err == nil {
		err = bad.orNil()
	}
	return list, err
}

// amended is a statement with what persons changed of it.
func amended(ctx context.Context, q querier, st onrecord.Statement) (onrecord.Statement, error) {
	list, err := corrections(ctx, q, st.ID)
	return st.Amend(list), err
}

// readStatement is a statement, or why its row is damaged.
type readStatement struct {
	onrecord.Statement
	corrected bool
	err       error
}

// statementsByID reads statements, each once.
func (s *Store) statementsByID(ctx context.Context, ids []int64) (map[int64]readStatement, error) {
	read := map[int64]readStatement{}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	err := eachStatement(ctx, s.r, func(r statementRow) {
		st, err := r.statement()
		read[r.id] = readStatement{st, r.corrected, err}
	}, "WHERE id IN ("+marks(1, len(ids))+")", args...)
	for id, r := range read {
		if err == nil && r.err == nil && r.corrected {
			r.Statement, err = amended(ctx, s.r, r.Statement)
			read[id] = r
		}
		if err == nil && r.err == nil {
			err = s.fillIn(ctx, r.Statement)
		}
	}
	return read, err
}

// eachStatement calls f for the rows of every statement that a condition finds.
func eachStatement(ctx context.Context, q querier, f func(statementRow), which string, args ...any) error {
	var r statementRow
	err := forEachRow(ctx, q, func(rows *sql.Rows) error {
		var next statementRow
		var n sql.NullInt64
		var account, id, revision, thread, url sql.NullString
		var body []byte
		err := rows.Scan(&next.id, &next.number, &next.released, &next.caseID, &next.speaker, &next.lane, &next.account, &next.seen, &next.body, &next.corrected,
			&n, &account, &id, &revision, &thread, &url, &body)
		if err != nil {
			return err
		}
		if next.id != r.id {
			if r.id != 0 {
				f(r)
			}
			r = next
		}
		if n.Valid {
			r.parts = append(r.parts, postRow{account.String, id.String, revision.String, thread.String, url.String, body})
		}
		return nil
	}, `SELECT s.id, s.number, s.released, s.case_id, s.speaker, s.lane, s.account, s.seen_at, s.body, EXISTS (SELECT 1 FROM corrections c WHERE c.statement = s.id), t.n, p.account, p.id, t.revision,
			CASE WHEN t.revision = p.revision THEN p.thread ELSE r.thread END, CASE WHEN t.revision = p.revision THEN p.url ELSE r.url END,
			CASE WHEN t.revision = p.revision THEN p.body ELSE r.body END
		FROM (SELECT * FROM statements `+which+`) s LEFT JOIN parts t ON t.statement = s.id LEFT JOIN posts p ON p.seq = t.post
		LEFT JOIN revisions r ON t.revision <> p.revision AND r.account = p.account AND r.id = p.id AND r.revision = t.revision
		ORDER BY s.number IS NULL, s.number, s.id, t.n`, args...)
	if err == nil && r.id != 0 {
		f(r)
	}
	return err
}

// fillContext fills in what posts answer or quote, where their source left it out
// and we have it.
func (s *Store) fillContext(ctx context.Context, posts []onrecord.Post) error {
	for _, p := range posts {
		for _, ref := range []*onrecord.Ref{p.ReplyTo, p.Quotes} {
			if ref == nil || ref.ID == "" || ref.Text != "" {
				continue
			}
			var source string
			err := s.r.QueryRowContext(ctx, "SELECT source FROM posts WHERE account = $1 AND id = $2", p.Account, sanitize(p.ID)).Scan(&source)
			if err != nil {
				return err
			}
			w, _, err := s.words(ctx, source, sanitize(ref.ID))
			if err != nil {
				return err
			}
			ref.Text = w.Text
		}
	}
	return nil
}

// fillIn fills in what a statement refers to: what its posts answer or quote, and what it
// says again in other words.
func (s *Store) fillIn(ctx context.Context, st onrecord.Statement) error {
	if p := st.Rewords; p != nil {
		row := postRow{account: p.Post.Account, id: sanitize(p.Post.ID), revision: sanitize(p.Revision)}
		err := s.r.QueryRowContext(ctx, `SELECT CASE WHEN p.revision = $3 THEN p.body ELSE r.body END FROM posts p
			LEFT JOIN revisions r ON r.account = p.account AND r.id = p.id AND r.revision = $3
			WHERE p.account = $1 AND p.id = $2`, row.account, row.id, row.revision).Scan(&row.body)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if said, err := row.post(); err == nil && within(onrecord.Span{Start: p.Start, End: p.End}, said.Text) {
			p.Text = said.Text[p.Start:p.End]
		}
	}
	return s.fillContext(ctx, st.Parts)
}

// inContext reads statements with what their posts answer and quote.
func (s *Store) inContext(ctx context.Context, which string, args ...any) ([]onrecord.Statement, error) {
	list, err := readStatements(ctx, s.r, which, args...)
	for _, st := range list {
		if err := s.fillIn(ctx, st); err != nil {
			return nil, err
		}
	}
	return list, err
}

// writeStatement stores what a statement says now. ErrLost: it is not there, or
// not as the condition asks.
func writeStatement(ctx context.Context, tx *sql.Tx, st onrecord.Statement, and string) error {
	body, err := bodyOfStatement(st)
	if err != nil {
		return err
	}
	there, err := changedOne(tx.ExecContext(ctx, "UPDATE statements SET lane = $1, body = $2, "+change+" WHERE id = $3"+and, st.Lane, string(body), st.ID))
	if err != nil || !there {
		return cmp.Or(err, bot.ErrLost)
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM parts WHERE statement = $1", st.ID); err != nil {
		return err
	}
	for n, p := range st.Parts {
		known, err := changedOne(tx.ExecContext(ctx, `INSERT INTO parts (statement, n, post, revision)
			SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), seq, CAST($3 AS TEXT) FROM posts WHERE account = $4 AND id = $5`,
			st.ID, n, sanitize(p.Revision), p.Account, sanitize(p.ID)))
		if err != nil {
			return err
		}
		if !known {
			return fmt.Errorf("a statement cannot refer to post %s, which is not stored", p.Key())
		}
	}
	return nil
}
