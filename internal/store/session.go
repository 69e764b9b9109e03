package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// session is a replica's presence on PostgreSQL: a connection of its own that
// holds an advisory lock on the replica's number. When the process dies, or
// loses the server, the lock is gone, and every other replica takes over what
// that number had claimed. A process that is only paused keeps its lock; the
// leases are the bound for that.
type session struct {
	config *pgx.ConnConfig
	number atomic.Int64 // 0: not present
	clock  atomic.Pointer[clockSample]
	ring   chan struct{} // of wakes
	lost   chan struct{} // of unsure
	cancel context.CancelFunc
	over   sync.WaitGroup
}

// clockSample is the server's time, and ours when we learnt it. The latter holds a
// monotonic clockSample, so that a step of our clock changes nothing.
type clockSample struct{ server, ours time.Time }

const (
	// pulse is how often a replica reads the server's clock and looks for rows
	// of the dead.
	pulse = 400 * time.Millisecond
	// A server that does not answer within this is taken for lost.
	pulseTimeout = 5 * time.Second
	// comeBack is the wait between attempts to be present again.
	comeBack = 250 * time.Millisecond
	// startUp is how long a program that starts waits for the server.
	startUp = 30 * time.Second
)

// absent reports whether an error says that the server is not there, or not ready:
// it is starting, stopping or out of reach. All else, such as a wrong password, time
// does not mend. The classes are those of PostgreSQL's manual, appendix A.
func absent(err error) bool {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(pgErr.Code, "57P") || strings.HasPrefix(pgErr.Code, "08")
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return false
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, os.ErrNotExist) // the last: its socket is a file
}

// errAbsent says that the server has been lost and nothing may be claimed.
var errAbsent = errors.New("the connection to PostgreSQL is lost; it is tried again")

// begin makes the process present. prepare runs before anything can be claimed. A
// server that starts beside the program, or restarts just then, is waited for.
func begin(ctx context.Context, where string, prepare func(context.Context) error) (*session, error) {
	cfg, err := settings(where)
	if err != nil {
		return nil, err
	}
	s := &session{config: cfg, ring: make(chan struct{}, 1), lost: make(chan struct{}, 1)}
	var conn *pgx.Conn
	err = Patiently(ctx, func() (err error) {
		if err = prepare(ctx); err == nil {
			conn, err = s.arrive(ctx)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	s.over.Go(func() { s.stay(ctx, conn) })
	return s, nil
}

// Patiently does what a program that starts asks of a database, again for as long as the
// server is not there, for half a minute at most.
func Patiently(ctx context.Context, ask func() error) error {
	for end := time.Now().Add(startUp); ; {
		err := ask()
		if err == nil || !absent(err) || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(comeBack):
		}
	}
}

// arrive connects, takes a number nobody has and locks it.
func (s *session) arrive(ctx context.Context) (_ *pgx.Conn, err error) {
	conn, err := pgx.ConnectConfig(ctx, s.config)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			conn.Close(context.WithoutCancel(ctx))
		}
	}()
	var number int64
	for mine := false; !mine; {
		if err := conn.QueryRow(ctx, "SELECT nextval('owner_seq')").Scan(&number); err != nil {
			return nil, err
		}
		if err := conn.QueryRow(ctx, fmt.Sprintf("SELECT pg_try_advisory_lock(%d, %d)", locks, number)).Scan(&mine); err != nil {
			return nil, err
		}
	}
	if _, err := conn.Exec(ctx, "LISTEN "+announcement); err != nil {
		return nil, err
	}
	if err := s.pulse(ctx, conn); err != nil {
		return nil, err
	}
	s.number.Store(number)
	return conn, nil
}

// stay keeps the process present until the context ends.
func (s *session) stay(ctx context.Context, conn *pgx.Conn) {
	for {
		s.live(ctx, conn)
		s.number.Store(0)
		conn.Close(context.WithoutCancel(ctx))
		for conn = nil; conn == nil; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(comeBack):
			}
			arriving, cancel := context.WithTimeout(ctx, pulseTimeout)
			if c, err := s.arrive(arriving); err == nil {
				conn = c
			}
			cancel()
		}
		s.wake()
	}
}

// live returns when the connection is lost or given up.
func (s *session) live(ctx context.Context, conn *pgx.Conn) {
	for ctx.Err() == nil {
		select {
		case <-s.lost:
			return
		default:
		}
		if err := s.pulse(ctx, conn); err != nil {
			return
		}
		for end := time.Now().Add(pulse); time.Now().Before(end); {
			listening, cancel := context.WithDeadline(ctx, end)
			_, err := conn.WaitForNotification(listening)
			cancel()
			if err == nil {
				s.wake()
			}
			if conn.IsClosed() {
				return
			}
		}
	}
}

// pulse reads the server's clock and makes due again what the dead had claimed.
func (s *session) pulse(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, pulseTimeout)
	defer cancel()
	asked := time.Now()
	var server int64
	if err := conn.QueryRow(ctx, "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)").Scan(&server); err != nil {
		return err
	}
	// The server read its clock between question and answer.
	s.clock.Store(&clockSample{time.UnixMilli(server), asked.Add(time.Since(asked) / 2)})
	freed := int64(0)
	for _, step := range interrupted(server, ofTheDead) {
		tag, err := conn.Exec(ctx, step)
		if err != nil && !postgres.transient(err) { // else another replica was there first
			return err
		}
		freed += tag.RowsAffected()
	}
	if freed > 0 {
		s.wake()
	}
	return nil
}

func (s *session) wake() {
	select {
	case s.ring <- struct{}{}:
	default:
	}
}

func (s *session) Now() time.Time {
	r := s.clock.Load()
	return r.server.Add(time.Since(r.ours))
}

func (s *session) owner() (int64, error) {
	if n := s.number.Load(); n != 0 {
		return n, nil
	}
	return 0, errAbsent
}

func (s *session) wakes() <-chan struct{} { return s.ring }

func (s *session) unsure() {
	select {
	case s.lost <- struct{}{}:
	default:
	}
}

// end gives the number up; what it had claimed is taken over by the others.
func (s *session) end() error {
	s.cancel()
	s.over.Wait()
	return nil
}
