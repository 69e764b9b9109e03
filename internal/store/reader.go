package store

import (
	"context"
	"database/sql"
	"sync"
)

// reader asks the database. It has each question compiled once, which on SQLite
// takes as long as the answer to most. Questions are constants of this package,
// so there are few.
type reader struct {
	*sql.DB
	mu       sync.Mutex
	compiled map[string]*sql.Stmt
}

// QueryContext implements [querier].
func (r *reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := r.compile(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext implements [querier].
func (r *reader) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := r.compile(ctx, query)
	if err != nil {
		return r.DB.QueryRowContext(ctx, query, args...) // a row to hold the mistake
	}
	return s.QueryRowContext(ctx, args...)
}

func (r *reader) compile(ctx context.Context, query string) (*sql.Stmt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.compiled[query]; ok {
		return s, nil
	}
	s, err := r.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if r.compiled == nil {
		r.compiled = map[string]*sql.Stmt{}
	}
	r.compiled[query] = s
	return s, nil
}
