package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the schema up to date. DDL runs only when the version is
// behind: at every start it would wait for, and be waited for by, the other
// replicas' work.
func (s *Store) migrate(ctx context.Context) error {
	v, err := s.schema(ctx, s.r)
	if err != nil {
		return err
	}
	if v > s.latest() {
		return fmt.Errorf("its schema is version %d, this program knows %d; use the newer program", v, s.latest())
	}
	for v < s.latest() {
		err := s.write(ctx, migrateSchema, func(tx *sql.Tx) (err error) {
			if err := exec(ctx, tx, s.migrating); err != nil {
				return err
			}
			if v, err = s.schema(ctx, tx); err != nil || v >= s.latest() { // another replica was first
				return err
			}
			file := fmt.Sprintf("%s/%04d.sql", s.name, v+1)
			ddl, err := migrations.ReadFile("migrations/" + file)
			if err != nil {
				return err
			}
			if err := exec(ctx, tx, string(ddl)); err != nil {
				return err
			}
			if rewrite := rewrites[file]; rewrite != nil {
				if err := rewrite(ctx, tx); err != nil {
					return err
				}
			}
			v++
			return exec(ctx, tx, s.setVersion(v))
		})
		if err != nil {
			return fmt.Errorf("migrate to version %d: %w", v+1, err)
		}
	}
	return s.identify(ctx)
}

// current refuses a schema that a command beside the program cannot read.
func (s *Store) current(ctx context.Context) error {
	v, err := s.schema(ctx, s.r)
	if err != nil {
		return err
	}
	if v == 0 {
		return errors.New("it is empty: start the program once with `onrecord run`, or bring a backup into it with `onrecord restore FILE`")
	}
	if v != s.latest() {
		return fmt.Errorf("its schema is version %d, this program reads %d; start the newer of the two with `onrecord run`", v, s.latest())
	}
	return nil
}

func (d dialect) latest() int {
	files, _ := migrations.ReadDir("migrations/" + d.name) // embedded: cannot fail
	return len(files)
}
