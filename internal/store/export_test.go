package store

import (
	"context"
	"fmt"
)

// ReadOnly makes SQLite refuse to write, as it does on a file system that was
// remounted read-only. A real remount is refused by the kernel while the file is
// open for writing.
func (s *Store) ReadOnly(on bool) error {
	_, err := s.w.db.ExecContext(context.Background(), fmt.Sprintf("PRAGMA query_only(%t)", on))
	return err
}
