package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"onrecord"
	"onrecord/bot"
	"onrecord/statements"
	"onrecord/statements/match"
)

// Damaged rows are set aside, so that they hold up nothing else: a post or a
// revision in the state, a statement in the lane of that name. Nothing of them
// is thrown away. Whoever reads a row looks whether it is sound (rows.go); what
// is met that is not becomes an error, and after it the row is no longer met.

// damage is a row that cannot be what the program stored.
type damage struct {
	row   string // as people know it
	why   string
	aside string // sets it aside
	keys  []any  // of that
	anew  bool   // it is made anew: nobody has to look
}

// damaged is the error that rows cannot be read.
type damaged []damage

func (d damaged) Error() string {
	var rows []string
	for _, r := range d {
		rows = append(rows, r.row+": "+r.why)
	}
	return strings.Join(rows, "; ")
}

// orNil is the error, unless no row is damaged.
func (d damaged) orNil() error {
	if len(d) == 0 {
		return nil
	}
	return d
}

func damagedPost(seq int64, r postRow, err error) error {
	// What the post says now may have come meanwhile.
	return damaged{{row: "post " + r.account + "/" + r.id, why: err.Error(), aside: "UPDATE posts SET state = " + setAside + " WHERE seq = $1 AND revision = $2", keys: []any{seq, r.revision}}}
}

// damagedReading sets a post aside of which the database takes no reading.
func damagedReading(r statements.Reading, err error) error {
	return damaged{{
		row: "post " + r.Post.Key(), why: "what came of it cannot be stored: " + err.Error(),
		aside: "UPDATE posts SET state = " + setAside + " WHERE account = $1 AND id = $2 AND revision = $3",
		keys:  []any{sanitize(r.Post.Account), sanitize(r.Post.ID), sanitize(r.Post.Revision)},
	}}
}

// refused reports an error that lies in what is to be stored and not in the
// database: asked again, it would say the same for ever.
func refused(err error) bool {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok { // data exceptions, and limits such as that of an index row
		return strings.HasPrefix(pgErr.Code, "22") || strings.HasPrefix(pgErr.Code, "54")
	}
	if liteErr, ok := errors.AsType[*driver.Error](err); ok {
		return liteErr.Code() == lib.SQLITE_TOOBIG
	}
	_, value := errors.AsType[*json.UnsupportedValueError](err)
	_, marshal := errors.AsType[*json.MarshalerError](err)
	return value || marshal
}

func damagedBaseline(r postRow, err error) error {
	return damaged{{
		row: "the first known revision of post " + r.account + "/" + r.id, why: err.Error(),
		aside: "UPDATE revisions SET state = " + setAside + " WHERE account = $1 AND id = $2 AND revision = $3",
		keys:  []any{r.account, r.id, r.revision},
	}}
}

func damagedStatement(r statementRow, err error) damage {
	row := fmt.Sprintf("a held statement of %q on %s", r.speaker, r.caseID)
	if r.number.Valid {
		row = onrecord.StatementNumber(r.number.Int64)
	}
	return damage{row: row, why: err.Error(), aside: "UPDATE statements SET lane = " + setAside + ", " + change + " WHERE id = $1", keys: []any{r.id}}
}

// damagedProfile forgets what was learned of a stream: it is learned anew.
func damagedProfile(stream string, version int64, err error) error {
	return damaged{{
		row: "what was learned of " + stream, why: err.Error() + "; it is learned anew", anew: true,
		aside: "DELETE FROM speakers WHERE name = $1 AND version = $2", keys: []any{stream, version},
	}}
}

// withoutDamaged sets the rows aside that an error names. The error stays: it is
// told once, and the next time there is none.
func (s *Store) withoutDamaged(ctx context.Context, err error) error {
	bad, ok := errors.AsType[damaged](err)
	if !ok {
		return err
	}
	aside := s.write(ctx, setRowsAside, func(tx *sql.Tx) error {
		if err := s.numbered(ctx, tx); err != nil {
			return err
		}
		for _, r := range bad {
			if _, err := tx.ExecContext(ctx, r.aside, r.keys...); err != nil {
				return err
			}
		}
		return nil
	})
	if aside != nil {
		return errors.Join(fmt.Errorf("damaged: %w", err), aside)
	}
	if !slices.ContainsFunc(bad, func(d damage) bool { return !d.anew }) {
		return fmt.Errorf("%w: %w", bot.ErrSetAside, err)
	}
	return fmt.Errorf("%w: %w; `onrecord outbox` lists it", bot.ErrSetAside, err)
}

// exceptDamaged is the error of a list that goes on without what is damaged. It
// is for those who only look: the program, when it meets the row, sets it aside.
func exceptDamaged(err error) error {
	if _, bad := errors.AsType[damaged](err); bad {
		return nil
	}
	return err
}

// SetAside implements [bot.Operations].
func (s *Store) SetAside(ctx context.Context) (list []bot.DamagedRow, err error) {
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var a bot.DamagedRow
		err := rows.Scan(&a.Statement, &a.Post, &a.Held, &a.Baseline)
		list = append(list, a)
		return err
	}, `SELECT coalesce(s.number, 0), coalesce((SELECT p.account || '/' || p.id FROM decisions d JOIN posts p ON p.seq = d.post WHERE d.statement = s.id ORDER BY p.seq LIMIT 1), ''),
			NOT s.released, FALSE FROM statements s WHERE s.lane = `+setAside+`
		UNION ALL SELECT 0, account || '/' || id, FALSE, FALSE FROM posts WHERE state = `+setAside+`
		UNION ALL SELECT 0, account || '/' || id, FALSE, TRUE FROM revisions WHERE state = `+setAside+` ORDER BY 1, 3, 2`)
	if err != nil {
		return nil, err
	}
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		a := bot.DamagedRow{Unreadable: true}
		err := rows.Scan(&a.Post)
		list = append(list, a)
		return err
	}, `SELECT DISTINCT p.account || '/' || p.id FROM decisions d JOIN posts p ON p.seq = d.post AND p.revision = d.revision
		WHERE d.verdict = $1 AND d.statement IS NULL AND d.reasons LIKE $2 AND d.made_at >= $3 ORDER BY 1`,
		onrecord.Review, `%"`+string(match.Unreadable)+`"%`, s.now()-statements.RecordWindow.Milliseconds())
	return list, err
}
