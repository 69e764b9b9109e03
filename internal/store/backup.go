package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tables are all there is, each after those it refers to.
var tables = []string{"meta", "gaps", "incidents", "digests", "accounts", "channels", "speakers", "posts", "revisions", "statements", "parts", "corrections", "fates", "rechecks", "rulings", "decisions", "rereads", "referred", "deliveries", "pings", "interests", "spend", "questions", "subscriptions", "changes", "tracked"}

// Backup writes a copy of a database into a new file, while the program runs.
// The copy is a SQLite database, whichever engine it comes from, as it stood at
// one moment.
func Backup(ctx context.Context, where, file string) (err error) {
	doing := func(err error) error { return fmt.Errorf("back up %s to %s: %w", Redact(where), file, err) }
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return doing(errors.Join(err, errors.New("the file exists already; name another")))
	}
	from, err := OpenBeside(ctx, where)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	// Whoever finds the name finds a whole copy.
	partial := file + ".partial"
	defer os.Remove(partial)
	if err := errors.Join(from.copyTo(ctx, partial), synced(partial)); err != nil {
		return doing(err)
	}
	if err := os.Rename(partial, file); err != nil {
		return doing(err)
	}
	return synced(filepath.Dir(file))
}

// copyTo writes all tables into a new SQLite file.
func (s *Store) copyTo(ctx context.Context, file string) error {
	if s.name == sqlite.name {
		// SQLite takes an empty file as it takes none, and leaves its mode alone.
		err := errors.Join(os.RemoveAll(file), os.WriteFile(file, nil, 0o600))
		if err == nil {
			_, err = s.r.ExecContext(ctx, "VACUUM INTO $1", file)
		}
		return err
	}
	to, err := openFile(ctx, file, "OFF")
	if err != nil {
		return err
	}
	return errors.Join(s.copyInto(ctx, to), to.Close()) // closing folds the log into the file
}

// copyInto replaces everything in another database by what this one holds at one
// moment. The engines may differ: their tables do not.
func (s *Store) copyInto(ctx context.Context, to *Store) error {
	from, err := s.r.BeginTx(ctx, &sql.TxOptions{Isolation: s.snapshot, ReadOnly: true})
	if err != nil {
		return err
	}
	defer from.Rollback()
	return to.write(ctx, copyTables, func(tx *sql.Tx) error {
		if err := to.ensureExclusive(ctx, tx); err != nil {
			return err
		}
		for i := range tables {
			table := tables[len(tables)-1-i]
			if table == "meta" {
				table += " WHERE key <> 'schema'" // each engine has its own
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
				return err
			}
		}
		for _, table := range tables {
			if err := to.copyTable(ctx, from, tx, table); err != nil {
				return fmt.Errorf("copy %s: %w", table, err)
			}
		}
		return to.counted(ctx, tx)
	})
}

func (d dialect) copyTable(ctx context.Context, from, to *sql.Tx, table string) error {
	rows, err := from.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	marks := make([]string, len(columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	insert, err := to.PrepareContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(columns, ", "), strings.Join(marks, ", ")))
	if err != nil {
		return err
	}
	defer insert.Close()
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if table == "meta" && values[0] == "schema" {
			continue
		}
		for i, name := range columns {
			if n, ok := values[i].(int64); ok && slices.Contains(d.booleans, name) {
				values[i] = n != 0
			}
			if b, _ := values[i].([]byte); b == nil && table == "deliveries" && name == "message" {
				values[i] = []byte{} // the SQLite driver reads an empty one as none
			}
		}
		if _, err := insert.ExecContext(ctx, values...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// synced waits until a file, or what a folder lists, is on the disk.
func synced(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
