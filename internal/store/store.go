// Package store is the one database. It owns every table of migrations/ and
// the lock file beside the database. Each exported method that writes is one
// transaction; what a transaction may never do is wait for anything but the
// disk.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite", without cgo

	"onrecord"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is an open database.
type Store struct {
	w        *writer
	r        *sql.DB // reading does not wait for the writer
	lock     *os.File
	instance string
	closing  sync.Once
	closed   error
}

// ErrLocked says that another process has the database.
var ErrLocked = errors.New("the database is in use")

// Open opens or creates the database file, takes its lock for as long as the
// store is open, brings the schema up to date and makes everything that was
// under way when the last process died due again.
func Open(ctx context.Context, path string) (*Store, error) {
	lock, err := acquire(path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s, err := open(ctx, path, "FULL")
	if err != nil {
		lock.Close()
		return nil, err
	}
	s.lock = lock
	if err := s.recover(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open %s: make interrupted work due again: %w", path, err)
	}
	return s, nil
}

// OpenScratch opens a database that nobody will miss, in a folder of its own:
// it is not locked and does not wait for the disk.
func OpenScratch(ctx context.Context, dir string) (*Store, error) {
	return open(ctx, filepath.Join(dir, scratch), "OFF")
}

// OpenCopy opens a scratch copy of a database, or an empty one where there is
// none yet. The copy owes nothing.
func OpenCopy(ctx context.Context, path, dir string) (*Store, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return OpenScratch(ctx, dir)
	}
	from, err := OpenBeside(ctx, path)
	if err != nil {
		return nil, err
	}
	_, err = from.r.ExecContext(ctx, "VACUUM INTO ?", filepath.Join(dir, scratch))
	if err := errors.Join(err, from.Close()); err != nil {
		return nil, fmt.Errorf("copy %s: %w", path, err)
	}
	s, err := OpenScratch(ctx, dir)
	if err != nil {
		return nil, err
	}
	return s, s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM deliveries WHERE state IN ('pending', 'sending')")
		return err
	})
}

// scratch is the file name of a database that nobody will miss.
const scratch = "scratch.db"

// OpenReading opens an existing database beside a running process, for commands
// that only look.
func OpenReading(ctx context.Context, path string) (*Store, error) {
	return openExisting(ctx, path, "query_only(1)")
}

// OpenBeside opens an existing database beside a running process, for a person's
// decision: one short transaction that SQLite keeps apart from the process's own.
func OpenBeside(ctx context.Context, path string) (*Store, error) {
	return openExisting(ctx, path, "foreign_keys(1)")
}

func openExisting(ctx context.Context, path, pragma string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open %s: %w; start the program once with `onrecord run`", path, err)
	}
	db, err := connect(path, "FULL", pragma, readers)
	if err != nil {
		return nil, err
	}
	s := &Store{w: newWriter(db), r: db}
	v, err := s.version(ctx)
	if err == nil && v != latest() {
		err = fmt.Errorf("its schema is version %d, this program reads %d; start the newer of the two with `onrecord run`", v, latest())
	}
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return s, nil
}

func open(ctx context.Context, path, synchronous string) (*Store, error) {
	if dir := filepath.Dir(path); dir != "." {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("open %s: %w", path, err)
		}
	}
	// SQLite would make the file readable for everybody.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	f.Close() // before SQLite locks anything: closing a descriptor later would drop its locks
	s := &Store{}
	if s.r, err = connect(path, synchronous, "query_only(1)", readers); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	w, err := connect(path, synchronous, "foreign_keys(1)", 1)
	if err != nil {
		s.r.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s.w = newWriter(w)
	if err := s.migrate(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return s, nil
}

// readers is how many connections read. Each has a cache of its own, and a long
// reader keeps the log from being folded back.
const readers = 2

func connect(path, synchronous, pragma string, connections int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, synchronous, pragma))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	return db, nil
}

// dsn puts the pragmas where every new connection gets them. FULL: in WAL mode
// NORMAL may lose the last commits when the power fails, and one of them could
// be the mark that a message is being sent.
func dsn(path, synchronous, more string) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(" + synchronous + ")", "temp_store(MEMORY)",
		"journal_size_limit(67108864)", "cache_size(-512)", more,
	}}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// acquire locks a file of its own: closing any second descriptor of the database
// itself would drop SQLite's locks. The file stays; deleting it would let two
// processes lock two files of the same name.
func acquire(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w; its folder must be there and writable for user %d", err, os.Getuid())
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(path)
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w by process %s; stop it, or give this one another `database:`", ErrLocked, strings.TrimSpace(string(holder)))
		}
		return nil, fmt.Errorf("lock %s: %w; the file system must support locks", path, err)
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Close stores what is under way, closes the database and then gives up its
// lock. Closing twice is the same as once; writing afterwards is a mistake.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.closed = errors.Join(s.r.Close(), s.w.close())
		if s.lock != nil {
			s.closed = errors.Join(s.closed, s.lock.Close())
		}
	})
	return s.closed
}

// migrate brings the schema up to date. DDL runs only when the version is behind.
func (s *Store) migrate(ctx context.Context) error {
	v, err := s.version(ctx)
	if err != nil {
		return err
	}
	if v > latest() {
		return fmt.Errorf("its schema is version %d, this program knows %d; use the newer program", v, latest())
	}
	for ; v < latest(); v++ {
		ddl, err := migrations.ReadFile(fmt.Sprintf("migrations/%04d.sql", v+1))
		if err != nil {
			return err
		}
		err = s.write(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, string(ddl)); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", v+1))
			return err
		})
		if err != nil {
			return fmt.Errorf("migrate to version %d: %w", v+1, err)
		}
	}
	return s.identify(ctx)
}

func latest() int {
	files, _ := migrations.ReadDir("migrations") // embedded: cannot fail
	return len(files)
}

func (s *Store) version(ctx context.Context) (v int, err error) {
	err = s.r.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v)
	return v, err
}

// identify gives the database a random name. Keys of deliveries contain it, so
// that two installations that share a bot account do not take each other's
// messages for their own.
func (s *Store) identify(ctx context.Context) error {
	err := s.r.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'instance'").Scan(&s.instance)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	name := make([]byte, 8)
	rand.Read(name)
	s.instance = hex.EncodeToString(name)
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO meta (key, value) VALUES ('instance', ?)", s.instance)
		return err
	})
}

// recover runs only under the lock: nobody else can be sending. A delivery that
// was being sent may be visible; its key, or a look at the channel, will tell.
func (s *Store) recover(ctx context.Context) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE deliveries SET state = 'pending', maybe = 1, next_at = ? WHERE state = 'sending'", now())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE accounts SET lease_until = 0 WHERE lease_until > 0")
		return err
	})
}

// Sync tells the database what is configured: new accounts are due at once, those
// missing are no longer pulled, and paused channels are probed, since
// the operator may have mended them.
func (s *Store) Sync(ctx context.Context, accounts []onrecord.Account, every func(id string) time.Duration, channels map[string]string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE accounts SET active = 0 WHERE active"); err != nil {
			return err
		}
		for _, a := range accounts {
			// A due time further off than two intervals was set for another
			// schedule, or by a clock that ran ahead.
			_, err := tx.ExecContext(ctx, `INSERT INTO accounts (id, source, speaker, active, every, next_at) VALUES (?1, ?2, ?5, 1, ?3, ?4)
				ON CONFLICT (id) DO UPDATE SET speaker = ?5, active = 1, every = ?3,
				next_at = CASE WHEN trouble = '' AND next_at > ?4 + 2 * ?3 THEN ?4 ELSE next_at END`,
				a.ID, a.Source, every(a.ID).Milliseconds(), now(), a.Stream())
			if err != nil {
				return err
			}
		}
		for id, notifier := range channels {
			_, err := tx.ExecContext(ctx, `INSERT INTO channels (id, notifier) VALUES (?1, ?2)
				ON CONFLICT (id) DO UPDATE SET notifier = ?2, probe_at = 0`, id, notifier)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// write stores one step. The step may be run more than once and must begin anew
// each time.
func (s *Store) write(ctx context.Context, step func(*sql.Tx) error) error {
	return s.w.write(ctx, step)
}

func now() int64 { return time.Now().UnixMilli() }

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

// changedOne reports whether a guarded UPDATE found its row.
func changedOne(r sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
