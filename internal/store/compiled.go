package store

import (
	"context"
	"database/sql/driver"
	"errors"
)

// compiling opens connections to SQLite that have each question compiled once,
// which takes as long as the answer to most. The client of PostgreSQL does so by
// itself. Questions are constants of this package, so there are few.
//
// SQLite plans by the value of a bare parameter behind LIMIT, and so compiles the
// question anew for each: it is written LIMIT CAST($1 AS BIGINT).
type compiling struct{ driver.Connector }

// Connect implements [driver.Connector].
func (c compiling) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &compiled{conn.(sqliteConn), map[string]sqliteStmt{}}, nil
}

// sqliteConn is what the driver's connections can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// compiled is a connection. Only one question is under way on it at a time: what
// runs on both databases reads an answer to its end before it asks again.
type compiled struct {
	sqliteConn
	questions map[string]sqliteStmt
}

// ExecContext implements [driver.ExecerContext].
func (c *compiled) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.compile(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args)
}

// QueryContext implements [driver.QueryerContext].
func (c *compiled) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.compile(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args)
}

func (c *compiled) compile(ctx context.Context, query string) (sqliteStmt, error) {
	if s, ok := c.questions[query]; ok {
		return s, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := prepared.(sqliteStmt)
	c.questions[query] = s
	return s, nil
}

// Close implements [driver.Conn].
func (c *compiled) Close() (err error) {
	for _, s := range c.questions {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.sqliteConn.Close())
}
