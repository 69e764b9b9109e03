package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	driver "modernc.org/sqlite" // without cgo
)

// ErrLocked says that another process has the database.
var ErrLocked = errors.New("the database is in use")

var sqlite = dialect{
	name: "sqlite",
	schema: func(ctx context.Context, q querier) (v int, err error) {
		err = q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v)
		return v, err
	},
	setVersion:      func(v int) string { return fmt.Sprintf("PRAGMA user_version = %d", v) },
	rowID:           "rowid",
	transient:       func(error) bool { return false },
	ensureExclusive: func(context.Context, *sql.Tx) error { return nil }, // the lock says so
}

// soleWriter is the presence of the one process that may write to a file.
type soleWriter struct{}

func (soleWriter) Now() time.Time         { return time.Now() }
func (soleWriter) owner() (int64, error)  { return 1, nil }
func (soleWriter) wakes() <-chan struct{} { return nil }
func (soleWriter) unsure()                {}

func openSQLite(ctx context.Context, path string) (*Store, error) {
	if err := isSQLite(path); err != nil { // before anything is made beside somebody else's file
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	lock, err := acquire(path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s, err := openFile(ctx, path, "FULL")
	if err != nil {
		_ = unlock(lock)
		return nil, err
	}
	s.engine.release = func() error { return unlock(lock) }
	if err := s.recover(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open %s: make interrupted work due again: %w", path, err)
	}
	return s, nil
}

// isSQLite refuses a file that is something else. None, and an empty one, can become a database.
func isSQLite(path string) error {
	const begins = "SQLite format 3\x00"
	f, err := os.Open(path)
	if err != nil {
		return nil //nolint:nilerr // whoever opens it in earnest says why it cannot
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return errors.New("it is a folder; name a file in it in `database`")
	}
	head := make([]byte, len(begins))
	if n, err := io.ReadFull(f, head); n > 0 && (err != nil || string(head) != begins) {
		return errors.New("it is a file, and no SQLite database; name another one in `database`")
	}
	return nil
}

// recover runs only under the lock: nobody else can be at work.
func (s *Store) recover(ctx context.Context) error {
	return s.write(ctx, recoverWork, func(tx *sql.Tx) error {
		for _, step := range interrupted(s.now(), "") {
			if err := exec(ctx, tx, step); err != nil {
				return err
			}
		}
		return nil
	})
}

// OpenScratch opens a database that nobody will miss, in a folder of its own:
// it is not locked and does not wait for the disk.
func OpenScratch(ctx context.Context, dir string) (*Store, error) {
	return openFile(ctx, filepath.Join(dir, scratch), "OFF")
}

// scratch is the file name of a database that nobody will miss.
const scratch = "scratch.db"

func connectSQLite(path string, reading bool) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open %s: %w; start the program once with `onrecord run`", path, err)
	}
	pragma := "foreign_keys(1)"
	if reading {
		pragma = "query_only(1)"
	}
	db, err := connect(path, "FULL", pragma, readers)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	e := engine{dialect: sqlite, presence: soleWriter{}}
	return &Store{engine: e, w: newWriter(db, e), r: db}, nil
}

func openFile(ctx context.Context, path, synchronous string) (*Store, error) {
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
	s := &Store{engine: engine{dialect: sqlite, presence: soleWriter{}}}
	r, err := connect(path, synchronous, "query_only(1)", readers)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s.r = r
	w, err := connect(path, synchronous, "foreign_keys(1)", 1)
	if err != nil {
		s.r.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s.w = newWriter(w, s.engine)
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
	c, err := driver.NewConnector(dsn(path, synchronous, pragma))
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(compiling{c})
	db.SetMaxOpenConns(connections)
	return db, nil
}

// dsn puts the pragmas where every new connection gets them. FULL: in WAL mode
// NORMAL may lose the last commits when the power fails, and one of them could
// be the mark that a message is being sent.
func dsn(path, synchronous, more string) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(5000)", "secure_delete(ON)", "journal_mode(WAL)", "synchronous(" + synchronous + ")", "temp_store(MEMORY)",
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
			return nil, fmt.Errorf("%w by process %s, which is already watching; for a trial beside it use --dry-run, or `onrecord preview`", ErrLocked, strings.TrimSpace(string(holder)))
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

// unlock gives up a lock. To close the file is not enough: a process that is being started has it as well, until it is another program.
func unlock(lock *os.File) error {
	return errors.Join(syscall.Flock(int(lock.Fd()), syscall.LOCK_UN), lock.Close())
}

// OpenCopy opens a scratch copy of a database, or an empty one where there is
// none yet. The copy owes nothing.
func OpenCopy(ctx context.Context, where, dir string) (*Store, error) {
	if _, err := os.Stat(where); !isPostgres(where) && errors.Is(err, fs.ErrNotExist) {
		return OpenScratch(ctx, dir)
	}
	if err := Backup(ctx, where, filepath.Join(dir, scratch)); err != nil {
		return nil, err
	}
	s, err := OpenScratch(ctx, dir)
	if err != nil {
		return nil, err
	}
	return s, s.write(ctx, emptyOutbox, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM deliveries WHERE state IN ('pending', 'sending')")
		return err
	})
}
