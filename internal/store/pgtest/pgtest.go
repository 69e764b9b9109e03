// Package pgtest runs private PostgreSQL servers for tests, from the binaries
// that are installed. They listen on a socket in a folder of their own, and end
// with the process that started them.
package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"onrecord/internal/beside"
)

// Server is a PostgreSQL cluster with its postmaster.
type Server struct {
	bin, dir string
	settings []string
	who      *syscall.Credential // PostgreSQL refuses to run as root

	mu      sync.Mutex
	process *exec.Cmd
	ended   chan struct{}
	made    atomic.Int64 // databases
}

// Fast are settings for tests that do not ask whether the disk keeps its word.
var Fast = []string{"fsync=off", "synchronous_commit=off", "full_page_writes=off"}

// bin finds the folder of the server's binaries.
func bin() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	slices.Sort(found)
	for _, path := range slices.Backward(found) {
		return filepath.Dir(path)
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

// New makes and starts a server, or skips the test where PostgreSQL is not
// installed. In continuous integration that is a failure.
func New(t testing.TB, settings ...string) *Server {
	t.Helper()
	s, err := create(settings)
	if errors.Is(err, errNotInstalled) && os.Getenv("CI") == "" {
		beside.LeaveOut(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.remove)
	return s
}

var errNotInstalled = errors.New("PostgreSQL's server is not installed (Debian: apt-get install postgresql)")

func create(settings []string) (*Server, error) {
	s := &Server{bin: bin(), settings: settings}
	if s.bin == "" {
		return nil, errNotInstalled
	}
	var err error
	if s.dir, err = os.MkdirTemp("", "onrecord-pg-"); err != nil {
		return nil, err
	}
	if os.Getuid() == 0 {
		if err := s.stepDown(); err != nil {
			return nil, err
		}
	}
	out, err := s.command("initdb", "-D", s.data(), "-U", "onrecord", "-A", "trust", "-E", "UTF8", "--locale=C", "-N").CombinedOutput()
	if err != nil {
		s.remove()
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	if err := s.Start(); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

// stepDown makes the server's processes those of an ordinary user.
func (s *Server) stepDown() error {
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	s.who = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(s.dir, uid, gid)
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) command(name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(context.Background(), filepath.Join(s.bin, name), args...)
	c.Dir = s.dir
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.who}
	return c
}

// Start starts the postmaster and waits until it answers.
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	args := []string{"-D", s.data(), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=200"}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	s.process = s.command("postgres", args...)
	s.process.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	s.process.Stdout, s.process.Stderr = log, log
	s.ended = make(chan struct{})
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the signal comes when this thread ends, not the process
		defer runtime.UnlockOSThread()
		err := s.process.Start()
		started <- err
		if err == nil {
			_ = s.process.Wait() // how it ended is in its log
			close(s.ended)
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	return s.answers()
}

func (s *Server) answers() error {
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := s.exec("SELECT 1")
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, log)
		}
	}
}

// Stop ends the postmaster: at once, as a power failure would end it, or after
// it has written what it holds. Either way sessions are cut off.
func (s *Server) Stop(atOnce bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	how := syscall.SIGINT
	if atOnce {
		how = syscall.SIGQUIT
	}
	_ = s.process.Process.Signal(how) // it may have ended
	<-s.ended
}

func (s *Server) remove() {
	if s.process != nil {
		s.Stop(true)
	}
	os.RemoveAll(s.dir)
}

// address is how a database of the server is reached.
func (s *Server) address(name string) string {
	return "postgres://onrecord@/" + name + "?host=" + url.QueryEscape(s.dir)
}

func (s *Server) exec(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.address("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

// Database makes an empty database and returns its address.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	return s.create(t, "")
}

// Copy makes a database that is like another, to which nobody is connected.
func (s *Server) Copy(t testing.TB, address string) string {
	t.Helper()
	other, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	return s.create(t, " TEMPLATE "+other.Database)
}

func (s *Server) create(t testing.TB, like string) string {
	t.Helper()
	name := fmt.Sprintf("test%d", s.made.Add(1))
	if err := s.exec("CREATE DATABASE " + name + like); err != nil {
		t.Fatal(err)
	}
	return s.address(name)
}

// Load runs a script, such as a dump, in a database.
func Load(t testing.TB, address, script string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.PgConn().Exec(t.Context(), script).ReadAll(); err != nil {
		t.Fatal(err)
	}
}

// Cut ends sessions of a database from the server's side, as an administrator
// or a network may: those that the condition on pg_stat_activity selects. It
// returns how many there were.
func (s *Server) Cut(t testing.TB, address, condition string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	err = conn.QueryRow(t.Context(), `SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND (`+condition+`)) AS cut`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

var shared struct {
	sync.Mutex
	server *Server
	err    error
	tried  bool
}

// Database returns the address of an empty database on the shared server.
func Database(t testing.TB) string {
	t.Helper()
	return Shared(t).Database(t)
}

// Shared is a server for all tests of a package, whose TestMain must call [Done].
func Shared(t testing.TB) *Server {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if !shared.tried {
		shared.tried = true
		shared.server, shared.err = create(Fast)
	}
	if errors.Is(shared.err, errNotInstalled) && os.Getenv("CI") == "" {
		beside.LeaveOut(t, shared.err.Error())
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server
}

// Done ends the shared server, if there is one.
func Done() {
	if shared.server != nil {
		shared.server.remove()
	}
}

// Holding are the files of the server that hold a text, once it has written what it knows:
// those of its databases, and of its write-ahead log.
func (s *Server) Holding(t testing.TB, text string) (files, log []string) {
	t.Helper()
	if err := s.exec("CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(s.data(), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			if errors.Is(err, fs.ErrNotExist) { // a table that is dropped meanwhile
				err = nil
			}
			return err
		}
		b, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil || !bytes.Contains(b, []byte(text)):
			return err
		}
		if strings.Contains(path, "pg_wal") {
			log = append(log, path)
		} else {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, log
}
