package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"onrecord"
)

// rewrites are the parts of migrations that SQL alone cannot do: each runs behind
// the file of its name, in the same transaction.
var rewrites = map[string]func(context.Context, *sql.Tx) error{
	"sqlite/0010.sql":   textsOnce,
	"postgres/0009.sql": textsOnce,
}

// textsOnce makes statements refer to their posts, whose texts they held until
// then. What is damaged stays as it is, to be met and set aside.
func textsOnce(ctx context.Context, tx *sql.Tx) error {
	var ids []int64
	err := forEachRow(ctx, tx, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, "SELECT id FROM statements WHERE lane <> "+setAside+" ORDER BY id")
	if err != nil {
		return err
	}
	for _, id := range ids {
		r := statementRow{id: id}
		err := tx.QueryRowContext(ctx, "SELECT number, released, case_id, speaker, account, body FROM statements WHERE id = $1", id).
			Scan(&r.number, &r.released, &r.caseID, &r.speaker, &r.account, &r.body)
		if err != nil {
			return err
		}
		st, err := r.statement()
		if err != nil {
			continue //nolint:nilerr // whoever reads it is told
		}
		for i := range st.Parts {
			if err := keepPart(ctx, tx, &st.Parts[i], id); err != nil {
				return fmt.Errorf("statement %d: %w", id, err)
			}
		}
		if err := writeStatement(ctx, tx, st, ""); err != nil {
			return fmt.Errorf("statement %d: %w", id, err)
		}
	}
	return nil
}

// keepPart finds the words of a part among posts and revisions. Where they are
// not, byte for byte, they become a revision of their own: what readers were shown
// is kept.
func keepPart(ctx context.Context, tx *sql.Tx, p *onrecord.Post, statement int64) error {
	p.ID, p.Revision, p.Thread, p.URL = sanitize(p.ID), sanitize(p.Revision), sanitize(p.Thread), sanitize(p.URL)
	row := postRow{account: p.Account, id: p.ID, revision: p.Revision}
	err := tx.QueryRowContext(ctx, `SELECT thread, url, body FROM posts WHERE account = $1 AND id = $2 AND revision = $3
		UNION ALL SELECT thread, url, body FROM revisions WHERE account = $1 AND id = $2 AND revision = $3 LIMIT 1`, row.account, row.id, row.revision).
		Scan(&row.thread, &row.url, &row.body)
	if err == nil {
		if known, err := row.post(); err == nil && alike(known, *p) {
			return nil
		}
		p.Revision = fmt.Sprintf("%s as in statement %d", p.Revision, statement)
	} else if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	body, err := bodyOf(*p)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO posts (account, id, source, thread, revision, created_at, seen_at, state, body, url)
		VALUES ($1, $2, coalesce((SELECT source FROM accounts WHERE id = $1), ''), $3, $4, $5, $5, `+postRead+`, $6, $7) ON CONFLICT (account, id) DO NOTHING`,
		p.Account, p.ID, p.Thread, p.Revision, p.Created.UnixMilli(), string(body), p.URL); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO revisions (account, id, revision, thread, url, seen_at, body)
		SELECT account, id, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), seen_at, CAST($6 AS TEXT) FROM posts WHERE account = $1 AND id = $2 AND revision <> $3`,
		p.Account, p.ID, p.Revision, p.Thread, p.URL, string(body))
	return err
}

// alike reports whether two posts say the same. What they answer or quote is left
// out: it is filled in from elsewhere.
func alike(a, b onrecord.Post) bool {
	said := func(p onrecord.Post) []byte {
		for _, ref := range []**onrecord.Ref{&p.ReplyTo, &p.Quotes} {
			if *ref != nil {
				blank := **ref
				blank.Text = ""
				*ref = &blank
			}
		}
		body, err := bodyOf(p)
		if err != nil {
			return nil
		}
		return append(body, p.Thread+"\n"+p.URL...)
	}
	return bytes.Equal(said(a), said(b))
}
