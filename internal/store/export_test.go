package store

import (
	"context"
	"database/sql"
	"fmt"
)

// Break runs a step that panics when half of it is done.
func (s *Store) Break(ctx context.Context) error {
	return s.write(ctx, recordReading, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE posts SET state = 'read'"); err != nil {
			return err
		}
		panic("no such shelf")
	})
}

// Synchronous is how the writing connection waits for the disk; 2 is FULL.
func (s *Store) Synchronous(ctx context.Context) (mode int, err error) {
	err = s.w.db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&mode)
	return mode, err
}

// ReadOnly makes SQLite refuse to write, as it does on a file system that was
// remounted read-only. A real remount is refused by the kernel while the file is
// open for writing.
func (s *Store) ReadOnly(on bool) error {
	_, err := s.w.db.ExecContext(context.Background(), fmt.Sprintf("PRAGMA query_only(%t)", on))
	return err
}
