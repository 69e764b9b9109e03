package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"onrecord"
)

// A restored database does not know what was said after the backup: the sources
// show it again, and the channels may hold it. How that is met stands in
// docs/operations.md, "Keep".
const (
	// suspectFor is how long after a restore everything is doubted. Later only
	// what was published before that time is.
	suspectFor = time.Hour
	// backThen is how far behind the backup's newest time a lost message is still
	// looked for. It is longer than any place recognises keys, so that a look
	// always comes first.
	backThen = 15 * time.Minute
)

// restoreWindow is what a restored database remembers of that. Its zero value
// suspects nothing.
type restoreWindow struct {
	before int64 // what was published earlier may have been delivered
	from   int64 // … but by no message older than this
}

// of reports whether a statement may have been delivered by the database that
// the restored one replaced.
func (u restoreWindow) of(st onrecord.Statement, now int64) bool {
	return now < u.before || ms(st.First().Created) < u.before
}

// Restored says what a restore did.
type Restored struct {
	Aside string    // where the replaced database is; "" when there was none, or it was PostgreSQL's
	From  time.Time // the newest time the backup knows
}

// Restore replaces a database by a backup of either engine, while no process
// works on it. Afterwards nothing that may have been delivered since the backup
// is delivered before the channel was looked at.
func Restore(ctx context.Context, where, file string) (r Restored, err error) {
	replace := replaceFile
	if isPostgres(where) {
		replace = replaceTables
	}
	r, err = replace(ctx, where, file)
	if err != nil {
		return r, fmt.Errorf("restore %s from %s: %w", Redact(where), file, err)
	}
	return r, nil
}

// replaceFile puts the old file aside and the new one, complete, in its place.
// A restore that dies between the two is simply run again.
func replaceFile(ctx context.Context, path, file string) (r Restored, err error) {
	lock, err := acquire(path + ".lock")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, unlock(lock)) }()
	ready := path + ".restoring"
	defer remove(ready)
	if r.From, err = prepare(ctx, file, ready); err != nil {
		return r, err
	}
	aside := path + ".before-" + time.Now().UTC().Format("20060102T150405.000Z")
	for _, part := range []string{"-wal", "-shm", ""} { // a log must never meet another database
		err := os.Rename(path+part, aside+part)
		switch {
		case err == nil:
			r.Aside = aside
		case !errors.Is(err, fs.ErrNotExist):
			return r, err
		}
	}
	return r, errors.Join(os.Rename(ready, path), synced(filepath.Dir(path)))
}

// replaceTables fills PostgreSQL's tables anew in one transaction.
func replaceTables(ctx context.Context, where, file string) (r Restored, err error) {
	dir, err := os.MkdirTemp("", "onrecord-restore-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	ready := filepath.Join(dir, scratch)
	if r.From, err = prepare(ctx, file, ready); err != nil {
		return r, err
	}
	from, err := openFile(ctx, ready, "OFF")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := connectPostgres(where, false)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if err := nobodyPresent(ctx, to.r); err != nil { // before it is migrated
		return r, err
	}
	if err := to.migrate(ctx); err != nil {
		return r, err
	}
	return r, from.copyInto(ctx, to)
}

// prepare makes of a backup the file to restore.
func prepare(ctx context.Context, file, ready string) (from time.Time, err error) {
	remove(ready) // of a restore that died
	if err := errors.Join(copyFile(file, ready), looksLikeOurs(ctx, ready)); err != nil {
		return from, err
	}
	s, err := openFile(ctx, ready, "FULL") // migrates an older one
	if err != nil {
		return from, err
	}
	if from, err = s.newest(ctx); err == nil {
		err = s.suspect(ctx, from)
	}
	return from, errors.Join(err, s.Close(), synced(ready)) // closing folds the log into the file
}

// copyFile copies a backup, which may lie where nothing can be written.
func copyFile(from, to string) error {
	if log, err := os.Stat(from + "-wal"); err == nil && log.Size() > 0 {
		return fmt.Errorf("%s lies beside it: it is a database somebody may be using, not a backup; make one with `onrecord backup`", filepath.Base(from)+"-wal")
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// looksLikeOurs refuses what is no whole database of this program's: an empty
// file would become an empty database.
func looksLikeOurs(ctx context.Context, path string) (err error) {
	if _, err := os.Stat(path); err != nil {
		return nil // it was not copied, which is told already
	}
	db, err := connect(path, "OFF", "query_only(1)", 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	v, err := sqlite.schema(ctx, db)
	if err != nil {
		return fmt.Errorf("it is no backup: %w", err)
	}
	if v == 0 {
		return errors.New("it is no backup of onrecord's; `onrecord backup` makes them")
	}
	var sound string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&sound); err != nil || sound != "ok" {
		return fmt.Errorf("the backup is damaged: %w", cmp.Or(err, errors.New(sound)))
	}
	return nil
}

func remove(path string) {
	for _, part := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(path + part) // most often it is not there
	}
}

// newest is the latest time the database knows of: no earlier than its last
// receipt, no later than the moment it was backed up.
func (s *Store) newest(ctx context.Context) (time.Time, error) {
	return s.queryTime(ctx, `SELECT max(t) FROM (
		SELECT max(sent_at) AS t FROM deliveries UNION ALL SELECT max(first_at) FROM deliveries UNION ALL SELECT max(owed_at) FROM deliveries
		UNION ALL SELECT max(seen_at) FROM posts UNION ALL SELECT max(seen_at) FROM revisions
		UNION ALL SELECT max(made_at) FROM decisions UNION ALL SELECT max(last_ok_at) FROM accounts) AS known`)
}

// suspect doubts everything that is owed and all that will be owed for a while.
// Numbers may be given anew, so the database gets a new name: a key must not be
// taken for that of another statement with the same number.
func (s *Store) suspect(ctx context.Context, from time.Time) error {
	name := make([]byte, 8)
	rand.Read(name)
	return s.write(ctx, suspectAll, func(tx *sql.Tx) error {
		now := s.now()
		for _, made := range interrupted(now, "") {
			if err := exec(ctx, tx, made); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, "UPDATE deliveries SET maybe = TRUE, first_at = coalesce(first_at, $1) WHERE state = 'pending'", from.Add(-backThen).UnixMilli())
		if err != nil {
			return err
		}
		for key, value := range map[string]string{
			"instance": hex.EncodeToString(name), "suspect_before": fmt.Sprint(now + suspectFor.Milliseconds()), "restored_from": fmt.Sprint(ms(from)),
		} {
			if _, err := tx.ExecContext(ctx, "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2", key, value); err != nil {
				return err
			}
		}
		return nil
	})
}

// nobodyPresent refuses while a replica is: each holds a lock on its number. The
// server notices a moment late that one has gone.
func nobodyPresent(ctx context.Context, q querier) (err error) {
	for end := time.Now().Add(2 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if err = othersPresent(ctx, q); !errors.Is(err, ErrLocked) || time.Now().After(end) {
			return err
		}
	}
}

func othersPresent(ctx context.Context, q querier) error {
	var n int
	err := q.QueryRowContext(ctx, fmt.Sprintf(`SELECT count(*) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = %d AND l.objsubid = 2
		AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND CAST(l.objid AS BIGINT) BETWEEN 1 AND 2147483647`, locks)).Scan(&n)
	if err == nil && n > 0 {
		err = fmt.Errorf("%w by %d running programs; stop them first", ErrLocked, n)
	}
	return err
}
