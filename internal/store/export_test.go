package store

import "context"

// Synchronous is how the writing connection waits for the disk; 2 is FULL.
func (s *Store) Synchronous(ctx context.Context) (mode int, err error) {
	err = s.w.db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&mode)
	return mode, err
}
