package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// locks is the class of this program's advisory locks in its database. The
// replicas lock their own numbers, which are positive.
const (
	locks        = 0x6f6e7265
	lockNumbers  = 0
	lockMigrate  = -1
	announcement = "onrecord"
)

var postgres = dialect{
	name:       "postgres",
	skipLocked: " FOR UPDATE SKIP LOCKED",
	lockHeads:  " FOR UPDATE OF d SKIP LOCKED",
	inOrder:    fmt.Sprintf("SELECT pg_advisory_xact_lock(%d, %d)", locks, lockNumbers),
	announce:   "SELECT pg_notify('" + announcement + "', '')",
	migrating:  fmt.Sprintf("SELECT pg_advisory_xact_lock(%d, %d)", locks, lockMigrate),
	schema: func(ctx context.Context, q querier) (v int, err error) {
		var made bool
		if err := q.QueryRowContext(ctx, "SELECT to_regclass('meta') IS NOT NULL").Scan(&made); err != nil || !made {
			return 0, err
		}
		err = q.QueryRowContext(ctx, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'schema'").Scan(&v)
		return v, err
	},
	setVersion: func(v int) string {
		return fmt.Sprintf("INSERT INTO meta (key, value) VALUES ('schema', '%d') ON CONFLICT (key) DO UPDATE SET value = excluded.value", v)
	},
	snapshot: sql.LevelRepeatableRead,
	counters: `SELECT setval(pg_get_serial_sequence('posts', 'seq'), coalesce((SELECT max(seq) FROM posts), 0) + 1, false),
		setval(pg_get_serial_sequence('statements', 'id'), coalesce((SELECT max(id) FROM statements), 0) + 1, false),
		setval(pg_get_serial_sequence('deliveries', 'id'), coalesce((SELECT max(id) FROM deliveries), 0) + 1, false),
		setval(pg_get_serial_sequence('gaps', 'id'), coalesce((SELECT max(id) FROM gaps), 0) + 1, false),
		setval(pg_get_serial_sequence('incidents', 'id'), coalesce((SELECT max(id) FROM incidents), 0) + 1, false),
		setval(pg_get_serial_sequence('digests', 'id'), coalesce((SELECT max(id) FROM digests), 0) + 1, false),
		setval(pg_get_serial_sequence('subscriptions', 'id'), coalesce((SELECT max(id) FROM subscriptions), 0) + 1, false),
		setval(pg_get_serial_sequence('tracked', 'id'), coalesce((SELECT max(id) FROM tracked), 0) + 1, false),
		setval(pg_get_serial_sequence('changes', 'n'), coalesce((SELECT max(n) FROM changes), 0) + 1, false)`,
	rowID:    "ctid",
	booleans: []string{"active", "released", "maybe", "withdrawn", "proposed"},
	ensureExclusive: func(ctx context.Context, tx *sql.Tx) error {
		// A replica that starts meanwhile waits for these before it is present.
		if _, err := tx.ExecContext(ctx, "LOCK TABLE "+strings.Join(tables, ", ")+" IN ACCESS EXCLUSIVE MODE"); err != nil {
			return err
		}
		return nobodyPresent(ctx, tx)
	},
	// Serialization failures and deadlocks: another replica's step came between.
	transient: func(err error) bool {
		pgErr, ok := errors.AsType[*pgconn.PgError](err)
		return ok && (pgErr.Code == "40001" || pgErr.Code == "40P01")
	},
}

func isPostgres(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// Redact returns the name of a database without its secrets, for logs and errors.
func Redact(where string) string {
	if !isPostgres(where) {
		return where
	}
	u, err := url.Parse(where)
	if err != nil {
		return "the PostgreSQL database"
	}
	u.RawQuery = "" // may hold a password, too
	return u.Redacted()
}

// Connections of one replica: one writes, these read, and one is its presence.
const postgresReaders = 4

func openPostgres(ctx context.Context, where string) (*Store, error) {
	s, err := connectPostgres(where, false)
	if err != nil {
		return nil, err
	}
	session, err := begin(ctx, where, s.migrate)
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("open %s: %w", Redact(where), err)
	}
	s.presence, s.w.presence, s.engine.release = session, session, session.end
	// Since the schema was looked at, the database may have been restored.
	if err := s.recall(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", Redact(where), err), s.Close())
	}
	return s, nil
}

// connectPostgres makes the pools; nothing is asked of the server yet.
func connectPostgres(where string, reading bool) (*Store, error) {
	cfg, err := settings(where)
	if err != nil {
		return nil, err
	}
	read := *cfg
	read.RuntimeParams = maps.Clone(cfg.RuntimeParams)
	read.RuntimeParams["default_transaction_read_only"] = "on"
	r := stdlib.OpenDB(read)
	r.SetMaxOpenConns(postgresReaders)
	r.SetMaxIdleConns(postgresReaders)
	w := r
	if !reading {
		w = stdlib.OpenDB(*cfg)
		w.SetMaxOpenConns(1)
	}
	e := engine{dialect: postgres, presence: soleWriter{}}
	return &Store{engine: e, w: newWriter(w, e), r: r}, nil
}

// settings reads the address. A server that loses a replica without a word
// notices within seconds; until then the leases hold. Every join here follows an
// index: a server that has no statistics yet would rather read whole tables.
func settings(where string) (*pgx.ConnConfig, error) {
	cfg, err := pgx.ParseConfig(where)
	if err != nil {
		// The library's error can quote the address.
		return nil, fmt.Errorf("the address of the PostgreSQL database %s cannot be read; it looks like postgres://user:password@host:5432/name", Redact(where))
	}
	for name, value := range map[string]string{
		"application_name": "onrecord", "tcp_keepalives_idle": "2", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "2",
		"enable_hashjoin": "off", "enable_mergejoin": "off",
	} {
		if cfg.RuntimeParams[name] == "" {
			cfg.RuntimeParams[name] = value
		}
	}
	cfg.OnNotice = noteDeadRows
	return cfg, nil
}

// deadRowsKept is where a connection has how many rows its last VACUUM had to keep.
const deadRowsKept = "dead rows kept"

// noteDeadRows reads what VACUUM (FULL, VERBOSE) says of a table: the detail begins, in the
// language of the server, with the number of dead rows that cannot be removed yet.
func noteDeadRows(c *pgconn.PgConn, n *pgconn.Notice) {
	var kept int64
	if _, err := fmt.Sscanf(n.Detail, "%d", &kept); err == nil {
		c.CustomData()[deadRowsKept] = kept
	}
}

// deadRows is how many dead rows what a connection does has to keep.
func deadRows(conn *sql.Conn, do func() error) (kept int64, err error) {
	noted := func(read func(data map[string]any)) error {
		return conn.Raw(func(driver any) error {
			read(driver.(*stdlib.Conn).Conn().PgConn().CustomData())
			return nil
		})
	}
	if err := noted(func(data map[string]any) { delete(data, deadRowsKept) }); err != nil {
		return 0, err
	}
	if err := do(); err != nil {
		return 0, err
	}
	return kept, noted(func(data map[string]any) { kept, _ = data[deadRowsKept].(int64) })
}

// ofTheDead is the condition that a row's owner no longer lives: nobody
// holds the lock on its number.
var ofTheDead = fmt.Sprintf(` AND NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.classid = %d
	AND l.objsubid = 2 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND CAST(l.objid AS BIGINT) = owner)`, locks)
