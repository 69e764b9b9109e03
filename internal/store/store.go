// Package store is the one database. It owns every table of migrations/, the
// lock file beside a SQLite database and the advisory locks of the replicas on
// PostgreSQL. Each exported method that writes is one transaction; what a
// transaction may never do is wait for anything but the database.
//
// Queries are written once, in what both engines understand ($1 is a parameter
// in both). What differs is in sqlite.go, postgres.go and session.go.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Store is an open database.
type Store struct {
	engine
	w        *writer
	r        *sql.DB // reading does not wait for the writer
	instance string
	suspects restoreWindow
	recent   recent
	repaired atomic.Int64 // when due times were last looked over
	closing  sync.Once
	closed   error
}

// engine is what differs between the two databases.
type engine struct {
	dialect
	presence              // who claims rows, and by which clock
	release  func() error // what else is held while the store is open
}

// dialect is the little that has no common form in SQL.
type dialect struct {
	name            string // and folder of its migrations
	skipLocked      string // behind a claim's SELECT: rows that others claim just now are not waited for
	lockHeads       string // the same for the claim of deliveries
	inOrder         string // before numbers are drawn: who draws first is stored first; "": one writer is in order by itself
	announce        string // tells the other replicas that there is work
	migrating       string // before migrations are looked at, so that one replica makes them
	schema          func(context.Context, querier) (version int, err error)
	setVersion      func(v int) string
	transient       func(error) bool                     // the step may simply be run again
	snapshot        sql.IsolationLevel                   // reads everything as it stood at one moment
	counters        string                               // after rows came with their numbers: where to go on
	rowID           string                               // names a row of any table
	booleans        []string                             // columns that take nothing else; the other engine has 0 and 1
	ensureExclusive func(context.Context, *sql.Tx) error // before all rows are replaced: that nobody else is at work, nor can begin
}

// presence is a process's part in sharing rows with others.
type presence interface {
	// Now is the database's time.
	Now() time.Time
	// owner is the number that claims are marked with, or an error while the
	// process may not claim.
	owner() (int64, error)
	// wakes tells that there may be work that this process did not make.
	wakes() <-chan struct{}
	// unsure gives up what was claimed: a commit was cut off, and rows may be
	// ours that we do not know of.
	unsure()
}

// Open opens the database: a file, which is SQLite, or the address of a
// PostgreSQL database. It brings the schema up to date. On SQLite it takes the
// file's lock for as long as the store is open and makes everything that was
// under way when the last process died due again; on PostgreSQL the replicas do
// that for each other.
func Open(ctx context.Context, where string) (*Store, error) {
	if isPostgres(where) {
		return openPostgres(ctx, where)
	}
	return openSQLite(ctx, where)
}

// OpenReading opens an existing database beside running processes, for commands
// that only look.
func OpenReading(ctx context.Context, where string) (*Store, error) {
	return openBeside(ctx, where, true)
}

// OpenBeside opens an existing database beside running processes, for a person's
// decision: one short transaction that the database keeps apart from theirs.
func OpenBeside(ctx context.Context, where string) (*Store, error) {
	return openBeside(ctx, where, false)
}

func openBeside(ctx context.Context, where string, reading bool) (s *Store, err error) {
	if isPostgres(where) {
		s, err = connectPostgres(where, reading)
	} else if err = isSQLite(where); err == nil {
		s, err = connectSQLite(where, reading)
	} else {
		err = fmt.Errorf("open %s: %w", where, err)
	}
	if err != nil {
		return nil, err
	}
	if err := s.current(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open %s: %w", Redact(where), err)
	}
	return s, s.recall(ctx)
}

// Now is the database's time: the process's on SQLite, the server's on
// PostgreSQL, so that no replica's clock matters.
func (s *Store) Now() time.Time { return s.presence.Now() }

// Wakes tells that there may be work that this process did not make: another
// replica announced it, or died over it. It never tells anything on SQLite.
func (s *Store) Wakes() <-chan struct{} { return s.wakes() }

// Close stores what is under way, closes the database and then gives up its
// lock. Closing twice is the same as once; writing afterwards is a mistake.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.closed = errors.Join(s.r.Close(), s.w.close())
		if s.engine.release != nil {
			s.closed = errors.Join(s.closed, s.engine.release())
		}
	})
	return s.closed
}

// identify gives the database a random name. Keys of deliveries contain it, so
// that two installations that share a bot account do not take each other's
// messages for their own.
func (s *Store) identify(ctx context.Context) error {
	if err := s.recall(ctx); err != nil || s.instance != "" {
		return err
	}
	name := make([]byte, 8)
	rand.Read(name)
	err := s.write(ctx, nameDatabase, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO meta (key, value) VALUES ('instance', $1) ON CONFLICT DO NOTHING", hex.EncodeToString(name))
		return err
	})
	if err != nil {
		return err
	}
	return s.recall(ctx)
}

// recall reads the database's name, if it has one yet, and whether it was restored.
func (s *Store) recall(ctx context.Context) error {
	var restored int64
	err := forEachRow(ctx, s.r, func(rows *sql.Rows) (err error) {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return err
		}
		switch key {
		case "instance":
			s.instance = value
		case "suspect_before":
			s.suspects.before, err = strconv.ParseInt(value, 10, 64)
		case "restored_from":
			restored, err = strconv.ParseInt(value, 10, 64)
		}
		return err
	}, "SELECT key, value FROM meta")
	s.suspects.from = restored - backThen.Milliseconds()
	return err
}

// interrupted makes due again, at once, what a process that died left under way.
// A delivery that was being sent may be visible; its key, or a look at the
// channel, will tell. A pull that was cut off more than once backs off, so that
// a process that dies in each pull does not spend money in a loop, but waits no longer
// than for a regular pull, whatever failed before; one cut off once keeps its due time,
// which has passed. whose says whose claims are meant.
func interrupted(now int64, whose string) []string {
	return []string{
		fmt.Sprintf("UPDATE deliveries SET state = 'pending', maybe = TRUE, epoch = epoch + 1, owner = 0, next_at = %d WHERE state = 'sending'", now) + whose,
		fmt.Sprintf(`UPDATE accounts SET lease_until = 0, epoch = epoch + 1, owner = 0,
			next_at = CASE WHEN fails < 2 THEN next_at ELSE %d + (SELECT CASE WHEN wait < every THEN wait ELSE every END
				FROM (SELECT CASE fails WHEN 2 THEN 1000 WHEN 3 THEN 5000 WHEN 4 THEN 30000 WHEN 5 THEN 120000 ELSE 900000 END AS wait) AS waits) END
			WHERE lease_until > 0`, now) + whose,
		"UPDATE posts SET lease_until = 0, owner = 0 WHERE state = " + postUnread + " AND lease_until > 0" + whose,
		"UPDATE rechecks SET lease_until = 0, epoch = epoch + 1, owner = 0 WHERE lease_until > 0" + whose,
	}
}

// Interrupted makes due again what this process has claimed: its loops are stopped,
// and others begin on the same database.
func (s *Store) Interrupted(ctx context.Context) error {
	return s.write(ctx, recoverWork, func(tx *sql.Tx) error {
		owner, err := s.owner()
		if err != nil {
			return err
		}
		for _, step := range interrupted(s.now(), fmt.Sprintf(" AND owner = %d", owner)) {
			if err := exec(ctx, tx, step); err != nil {
				return err
			}
		}
		return nil
	})
}

// write stores one step. It may be run more than once and must begin anew each
// time.
func (s *Store) write(ctx context.Context, name step, run func(*sql.Tx) error) error {
	return s.w.write(ctx, job{name, run, make(chan error, 1)})
}

// write stores one step, as [Store.write] does, and returns what came of it: of the
// run that was stored, and nothing when none was.
func write[T any](ctx context.Context, s *Store, name step, run func(*sql.Tx) (T, error)) (result T, err error) {
	err = s.write(ctx, name, func(tx *sql.Tx) (err error) {
		result, err = run(tx)
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return result, nil
}

// numbered makes a step that draws numbers wait for those that drew before it,
// so that numbers rise in the order in which they are stored.
func (s *Store) numbered(ctx context.Context, tx *sql.Tx) error { return exec(ctx, tx, s.inOrder) }

// counted makes numbers go on behind rows that came with theirs.
func (s *Store) counted(ctx context.Context, tx *sql.Tx) error { return exec(ctx, tx, s.counters) }

// tell announces stored work to the other replicas.
func (s *Store) tell(ctx context.Context, tx *sql.Tx) error { return exec(ctx, tx, s.announce) }

func exec(ctx context.Context, tx *sql.Tx, statement string) error {
	if statement == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, statement)
	return err
}

// now is the database's time as it is stored.
func (s *Store) now() int64 { return s.Now().UnixMilli() }

// at reads a time column; 0 is no time.
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// ms writes a time column.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// nullInt64 is a value of a column that may be NULL; 0 is none.
func nullInt64(n int64) sql.NullInt64 { return sql.NullInt64{Int64: n, Valid: n != 0} }

// sanitize makes a text from outside fit for a column of both engines: PostgreSQL
// takes no NUL and nothing that is not UTF-8.
func sanitize(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// changedOne reports whether a guarded UPDATE found its row.
func changedOne(r sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
