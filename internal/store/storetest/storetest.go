// Package storetest hands tests databases that are ready to be opened: to make the tables
// takes longer than most tests do with them.
package storetest

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"onrecord/internal/store"
	"onrecord/internal/store/pgtest"
)

// SQLite returns the path of a database that nobody has used.
func SQLite(t testing.TB) string {
	t.Helper()
	file, err := file()
	path := filepath.Join(t.TempDir(), "test.db")
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var file = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "onrecord-store-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "test.db")
	if err := prepare("sqlite", path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// prepare makes the tables and takes the database's name away: each copy gives itself one.
func prepare(driver, where string) error {
	s, err := store.Open(context.Background(), where)
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	db, err := sql.Open(driver, where)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(context.Background(), "DELETE FROM meta WHERE key = 'instance'")
	return err
}

// Postgres returns the address of such a database on the tests' server.
func Postgres(t testing.TB) string {
	t.Helper()
	server := pgtest.Shared(t)
	made.Lock()
	defer made.Unlock()
	if made.at == "" {
		at := server.Database(t)
		if err := prepare("pgx", at); err != nil {
			t.Fatal(err)
		}
		made.at = at
	}
	return server.Copy(t, made.at)
}

var made struct {
	sync.Mutex
	at string
}
