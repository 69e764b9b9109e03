package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"onrecord"
)

// What is read from a row is looked at before it is used: a row can be damaged
// in ways that are still JSON, and what walks it further on relies on its form.

// postRow is a post as posts and revisions hold it.
type postRow struct{ account, id, revision, body string }

// post reads the row.
func (r postRow) post() (p onrecord.Post, err error) {
	if err := json.Unmarshal([]byte(r.body), &p); err != nil {
		return p, fmt.Errorf("its stored form is unreadable: %w", err)
	}
	if p.Account != r.account || plain(p.ID) != r.id || plain(p.Revision) != r.revision {
		return p, fmt.Errorf("its stored form is that of post %q, revision %q, of account %q", p.ID, p.Revision, p.Account)
	}
	return p, nil
}

// statementRow is a statement as its row holds it.
type statementRow struct {
	id       int64
	number   sql.NullInt64
	released bool
	caseID   string
	speaker  string
	account  string
	body     string
}

const statementColumns = "SELECT id, number, released, case_id, speaker, account, body FROM statements "

func (r *statementRow) columns() []any {
	return []any{&r.id, &r.number, &r.released, &r.caseID, &r.speaker, &r.account, &r.body}
}

// statement reads the row.
func (r statementRow) statement() (s onrecord.Statement, err error) {
	if err := json.Unmarshal([]byte(r.body), &s); err != nil {
		return s, fmt.Errorf("its stored form is unreadable: %w", err)
	}
	if s.ID != r.id || s.Case != r.caseID || s.Speaker != r.speaker || s.Account != r.account {
		return s, fmt.Errorf("its stored form is that of statement %d of %q on case %q, account %q", s.ID, s.Speaker, s.Case, s.Account)
	}
	s.No, s.Held = r.number.Int64, !r.released
	return s, sound(s)
}

// sound says what of a statement cannot be.
func sound(s onrecord.Statement) error {
	if len(s.Parts) == 0 {
		return errors.New("it has no posts")
	}
	if s.Lane != onrecord.Record && s.Lane != onrecord.ForReview {
		return fmt.Errorf("its lane is %q", s.Lane)
	}
	for _, spans := range [][]onrecord.Span{s.Summary.Quotes, s.Added} {
		for _, q := range spans {
			if q.Part < 0 || q.Part >= len(s.Parts) || !within(q, s.Parts[q.Part].Text) {
				return fmt.Errorf("bytes %d to %d of its post %d are no part of the text", q.Start, q.End, q.Part+1)
			}
		}
	}
	return nil
}

// within reports whether a span lies in a text and cuts no letter.
func within(q onrecord.Span, text string) bool {
	border := func(i int) bool { return i == len(text) || utf8.RuneStart(text[i]) }
	return 0 <= q.Start && q.Start <= q.End && q.End <= len(text) && border(q.Start) && border(q.End)
}

// statements reads the statements that a condition finds, in its order. With a
// damaged one among them the error is [damaged].
func statements(ctx context.Context, q querier, which string, args ...any) (list []onrecord.Statement, err error) {
	var bad damaged
	err = each(ctx, q, func(rows *sql.Rows) error {
		var r statementRow
		if err := rows.Scan(r.columns()...); err != nil {
			return err
		}
		st, err := r.statement()
		if err != nil {
			bad = append(bad, damagedStatement(r, err))
			return nil
		}
		list = append(list, st)
		return nil
	}, statementColumns+which, args...)
	if err == nil {
		err = bad.orNil()
	}
	return list, err
}

// readStatement is a statement, or why its row is damaged.
type readStatement struct {
	onrecord.Statement
	err error
}

// statementsByID reads statements, each once.
func (s *Store) statementsByID(ctx context.Context, ids []int64) (map[int64]readStatement, error) {
	read := map[int64]readStatement{}
	marks, args := "", []any{}
	for _, id := range ids {
		args = append(args, id)
		marks += fmt.Sprintf(", $%d", len(args))
	}
	err := each(ctx, s.r, func(rows *sql.Rows) error {
		var r statementRow
		if err := rows.Scan(r.columns()...); err != nil {
			return err
		}
		st, err := r.statement()
		read[r.id] = readStatement{st, err}
		return nil
	}, statementColumns+"WHERE id IN ("+strings.TrimPrefix(marks, ", ")+")", args...)
	return read, err
}
