package storage

import (
	"context"
	"database/sql"
	"errors"
)

// sqlTx is a Tx over database/sql's own, as PostgreSQL and readers use it.
type sqlTx struct {
	tx      *sql.Tx
	dialect string
	s       *Scope
}

func (t *sqlTx) Dialect() string { return t.dialect }
func (t *sqlTx) scope() *Scope   { return t.s }

func (t *sqlTx) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return t.tx.ExecContext(ctx, t.bind(query), args...)
}

func (t *sqlTx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(ctx, t.bind(query), args...)
}

func (t *sqlTx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(ctx, t.bind(query), args...)
}

func (t *sqlTx) bind(query string) string {
	if t.dialect == Postgres {
		return rebind(query)
	}
	return query
}

// readIn runs fn in a transaction that is always rolled back: it had nothing to keep.
func readIn(ctx context.Context, db *sql.DB, dialect string, opts *sql.TxOptions, fn func(Tx) error) error {
	tx, err := db.BeginTx(ctx, opts)
	if err != nil {
		return unavailable(ctx, err)
	}
	defer func() { _ = tx.Rollback() }() // also when fn panics; nothing was written
	return fn(&sqlTx{tx: tx, dialect: dialect, s: &Scope{}})
}

// unavailable wraps an error of the engine for people, and leaves the end of a context as it is.
func unavailable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), err)
	}
	return errUnavailable.Because(err)
}
