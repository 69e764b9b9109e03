package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"onrecord"
	"onrecord/bot"
)

// takeOut empties what a post says, wherever it is kept: as the post and its revisions, in
// statements and decisions on it, as what others answer and quote, and in messages. What
// names it stays, with times and the hash of each text. Those that were told of it are owed
// that their messages are changed.
func (s *Store) takeOut(ctx context.Context, tx *sql.Tx, w bot.Watched, to bot.Audience) error {
	p := w.Post
	p.ID = sanitize(p.ID)
	told, err := statementsOf(ctx, tx, w.ID) // before their words are gone
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return emptyRevisions(ctx, tx, p) },
		func() error { return emptyStatements(ctx, tx, told, p) },
		func() error { return emptyDecisions(ctx, tx, w.Shown) },
		func() error { return emptyReferences(ctx, tx, w.Shown, p.ID) },
		func() error { return emptyProfiles(ctx, tx, told, p) },
		func() error { return oweScrub(ctx, tx) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	reworded, err := rewording(ctx, tx, p)
	if err != nil {
		return err
	}
	for _, id := range append(idsOf(told), reworded...) {
		if err := s.emptyMessages(ctx, tx, id, to); err != nil {
			return err
		}
	}
	return nil
}

func idsOf(list []onrecord.Statement) (ids []int64) {
	for _, st := range list {
		ids = append(ids, st.ID)
	}
	return ids
}

// statementsOf are the statements that a post is a part of, as they were judged.
func statementsOf(ctx context.Context, tx *sql.Tx, post int64) (list []onrecord.Statement, err error) {
	var bad error
	err = eachStatement(ctx, tx, func(r statementRow) {
		st, err := r.statement()
		if err != nil {
			bad = err
			return
		}
		list = append(list, st)
	}, "WHERE id IN (SELECT statement FROM parts WHERE "+partOrBehind+")", post)
	if err == nil && bad != nil {
		err = fmt.Errorf("take words out of a statement that is damaged: %w", bad)
	}
	return list, err
}

// emptyRevisions empties a post and all that it said before. One that is unreadable has
// nothing left but its name.
func emptyRevisions(ctx context.Context, tx *sql.Tx, p onrecord.Post) error {
	return rewrite(ctx, tx, func(row postRow) (onrecord.Post, bool) {
		said, _ := row.post()
		return said.Redact(), true
	}, "account = $1 AND id = $2", p.Account, p.ID)
}

// rewrite changes posts, and what they said before, where change gives another form of
// them; what the source gave goes with it.
func rewrite(ctx context.Context, tx *sql.Tx, change func(postRow) (onrecord.Post, bool), which string, args ...any) error {
	for _, table := range []string{"posts", "revisions"} {
		var rows []postRow
		err := forEachRow(ctx, tx, func(r *sql.Rows) error {
			var row postRow
			err := r.Scan(&row.account, &row.id, &row.revision, &row.thread, &row.url, &row.body)
			rows = append(rows, row)
			return err
		}, "SELECT account, id, revision, thread, url, body FROM "+table+" WHERE "+which, args...)
		if err != nil {
			return err
		}
		for _, row := range rows {
			p, ok := change(row)
			if !ok {
				continue
			}
			body, err := bodyOf(p)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE "+table+" SET body = $1, raw = NULL WHERE account = $2 AND id = $3 AND revision = $4", string(body), row.account, row.id, row.revision); err != nil {
				return err
			}
		}
	}
	return nil
}

// emptyStatements takes out of statements what they quote of a post, and every word about it.
func emptyStatements(ctx context.Context, tx *sql.Tx, list []onrecord.Statement, p onrecord.Post) error {
	for _, st := range list {
		of := func(q onrecord.Span) bool {
			part := st.Parts[q.Part]
			return part.Account == p.Account && sanitize(part.ID) == p.ID
		}
		st.Summary.Quotes, st.Added = slices.DeleteFunc(slices.Clone(st.Summary.Quotes), of), slices.DeleteFunc(slices.Clone(st.Added), of)
		st.Summary.InShort, st.Summary.Translation, st.Summary.Turned, st.Reasons = "", "", false, withoutWords(st.Reasons)
		body, err := bodyOfStatement(st)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE statements SET body = $1, "+change+" WHERE id = $2", string(body), st.ID); err != nil {
			return err
		}
	}
	return nil
}

// withoutWords are reasons without what they stand on.
func withoutWords(list []onrecord.Reason) []onrecord.Reason {
	return convert(list, func(e onrecord.Reason) onrecord.Reason {
		e.Text, e.Start, e.End = "", 0, 0
		return e
	})
}

func emptyDecisions(ctx context.Context, tx *sql.Tx, post int64) error {
	bodies, err := column[[]byte](ctx, tx, "SELECT DISTINCT reasons FROM decisions WHERE post = $1", post)
	if err != nil {
		return err
	}
	for _, was := range bodies {
		var d onrecord.Decision
		_ = readDecision(was, &d) // what is unreadable holds nothing that could be shown
		d.Reasons = withoutWords(d.Reasons)
		now, err := bodyOfDecision(d)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE decisions SET reasons = $1 WHERE post = $2 AND reasons = $3", string(now), post, string(was)); err != nil {
			return err
		}
	}
	return nil
}

// emptyReferences takes the words of a post out of what answers, quotes or reposts it at
// the same place. No index serves it: a post is seldom taken out.
func emptyReferences(ctx context.Context, tx *sql.Tx, post int64, id string) error {
	var source string
	if err := tx.QueryRowContext(ctx, "SELECT source FROM posts WHERE seq = $1", post).Scan(&source); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE referred SET text = NULL WHERE source = $1 AND id = $2", source, keyOf(id)); err != nil {
		return err
	}
	quoted, err := json.Marshal(id)
	if err != nil {
		return err
	}
	return rewrite(ctx, tx, func(row postRow) (onrecord.Post, bool) {
		p, err := row.post()
		for _, ref := range []*onrecord.Ref{p.ReplyTo, p.Quotes, p.Reposts} {
			if ref != nil && ref.ID == id {
				ref.Text = ""
			}
		}
		return p, err == nil
	}, "account IN (SELECT id FROM accounts WHERE source = $1) AND body LIKE $2", source, `%"id":`+string(quoted)+`%`)
}

// emptyProfiles takes the words of a post out of what is remembered of a stream's last ones.
func emptyProfiles(ctx context.Context, tx *sql.Tx, list []onrecord.Statement, p onrecord.Post) error {
	for _, st := range list {
		states, err := column[[]byte](ctx, tx, "SELECT state FROM speakers WHERE name = $1", st.ProfileKey())
		if err != nil {
			return err
		}
		for _, text := range states {
			state, err := readProfile(text)
			if err != nil {
				continue
			}
			for i, said := range state.Recent {
				if said.Account == p.Account && said.At.Sub(p.Created).Abs() < time.Second {
					state.Recent[i].Words = nil
				}
			}
			body, err := bodyOfProfile(state)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE speakers SET state = $1, version = version + 1 WHERE name = $2", string(body), st.ProfileKey()); err != nil {
				return err
			}
		}
	}
	return nil
}

// rewording are the statements that show the words of a post beside their own.
func rewording(ctx context.Context, tx *sql.Tx, p onrecord.Post) (ids []int64, err error) {
	account, _ := json.Marshal(p.Account) // strings: cannot fail
	id, _ := json.Marshal(p.ID)
	return column[int64](ctx, tx, "SELECT id FROM statements WHERE body LIKE $1", `%"rewords":{"account":`+string(account)+`,"id":`+string(id)+`%`)
}

// emptyMessages empties the messages about a statement, and owes to those who were told of
// it that theirs are changed: those of the statement and those that show an edit of it.
func (s *Store) emptyMessages(ctx context.Context, tx *sql.Tx, statement int64, to bot.Audience) error {
	if _, err := tx.ExecContext(ctx, "UPDATE deliveries SET message = substr(message, 1, 0) WHERE statement = $1 AND length(message) > 0", statement); err != nil {
		return err
	}
	err := s.redrawDigests(ctx, tx, statement, to.Has)
	if err != nil {
		return err
	}
	var number sql.NullInt64
	var seq int
	err = tx.QueryRowContext(ctx, `SELECT number, (SELECT coalesce(max(seq), 0) + 1 FROM deliveries WHERE statement = $1 AND kind = $2) FROM statements WHERE id = $1`,
		statement, onrecord.Redacted).Scan(&number, &seq)
	if err != nil || !number.Valid {
		return err
	}
	name := onrecord.StatementNumber(number.Int64)
	channels, err := stillThere(ctx, tx, name, onrecord.Redacted.Changes(), to)
	if err != nil {
		return err
	}
	about := subject{name: name, statement: nullInt64(statement), kind: onrecord.Redacted, seq: seq}
	if err := s.enqueue(ctx, tx, about, channels); err != nil {
		return err
	}
	if err := s.emptyWhole(ctx, tx, about, to); err != nil {
		return err
	}
	for _, kind := range []onrecord.NoticeKind{onrecord.RedactedEdit, onrecord.RedactedReplacement} {
		shown, err := column[int](ctx, tx, "SELECT n FROM fates WHERE statement = $1 AND kind = $2 ORDER BY n", statement, kind.Changes())
		if err != nil {
			return err
		}
		for _, seq := range shown {
			if err := s.enqueue(ctx, tx, subject{name: name, statement: nullInt64(statement), kind: kind, seq: seq}, channels); err != nil {
				return err
			}
		}
	}
	return nil
}

// scrubDue is the key in meta under which it stands that words were taken out and are not out
// of the files of the database yet: the number of the last time.
const scrubDue = "scrub"

// oweScrub notes, in the transaction that takes words out, that they must leave the files.
func oweScrub(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO meta (key, value) VALUES ($1, '1') ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)", scrubDue)
	return err
}

// scrub leaves nothing of what was taken out in the files of the database, if anything was
// since it did so last. Trim asks for it again when it failed.
func (s *Store) scrub(ctx context.Context) error {
	var due string
	switch err := s.r.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = $1", scrubDue).Scan(&due); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	clean := s.vacuum
	if s.name == sqlite.name {
		clean = s.foldLog
	}
	if err := clean(ctx); err != nil {
		return fmt.Errorf("words that were taken out of the record are still in the files of the database, which is tried again every hour: %w", err)
	}
	return s.write(ctx, trimOld, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM meta WHERE key = $1 AND value = $2", scrubDue, due)
		return err
	})
}

// foldLog folds the log of SQLite back and cuts it. What SQLite frees it overwrites.
func (s *Store) foldLog(ctx context.Context) error {
	for range 20 { // a reader keeps the log in use for a moment
		var busy, pages, folded int
		if err := s.w.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &folded); err != nil {
			return err
		}
		if busy == 0 {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("the log of the database is in use by a long reader; they leave it when it is folded back")
}

// worded are the tables that hold words of posts, and the catalogue into which PostgreSQL
// copies samples of them for its planner.
var worded = []string{"posts", "revisions", "statements", "decisions", "referred", "speakers", "deliveries", "pg_catalog.pg_statistic"}

// vacuum has PostgreSQL write tables anew. It overwrites nothing that it frees: after a
// plain VACUUM the bytes of a row stand where they stood until another row needs the place.
// Nobody can use a table meanwhile, so one that is in use is not waited for.
func (s *Store) vacuum(ctx context.Context) error {
	conn, err := s.r.Conn(ctx) // VACUUM is no part of a transaction, and the server lets readers do it
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SET lock_timeout = '10s'"); err != nil {
		return err
	}
	for _, table := range worded {
		if vacuumErr := vacuumTable(ctx, conn, table); vacuumErr != nil {
			err = errors.Join(err, fmt.Errorf("vacuum %s: %w", table, vacuumErr))
		}
	}
	_, resetErr := conn.ExecContext(ctx, "RESET lock_timeout")
	return errors.Join(err, resetErr)
}

// vacuumTable writes a table anew, and again while it kept what somebody may still see as it was:
// a reader or the server's own analysis for a moment, a backup for as long as it takes.
func vacuumTable(ctx context.Context, conn *sql.Conn, table string) error {
	for pause := 50 * time.Millisecond; ; pause *= 4 {
		kept, err := deadRows(conn, func() error {
			_, err := conn.ExecContext(ctx, "VACUUM (FULL, VERBOSE, ANALYZE) "+table)
			return err
		})
		if err != nil || kept == 0 {
			return err
		}
		if pause > 15*time.Second {
			return fmt.Errorf("%d rows were kept as they were before, since a transaction that began earlier may still read them; end it, such as a backup or a session left open", kept)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
