package storage

import (
	"context"
	"database/sql"
	"errors"
)

// sqliteTx is what a function sees of the group's transaction.
type sqliteTx struct {
	w      *sqliteWriter
	s      *Scope
	open   []*sql.Rows
	ended  bool
	failed error // the last error of a statement
}

var errEnded = errors.New("storage: the transaction has ended")

func (tx *sqliteTx) Dialect() string { return SQLite }
func (tx *sqliteTx) scope() *Scope   { return tx.s }

// usable refuses statements that would run outside the transaction.
func (tx *sqliteTx) usable() error {
	switch {
	case tx.ended:
		return errEnded
	case tx.w.rolledBack:
		return errGaveUp
	}
	return nil
}

func (tx *sqliteTx) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	res, err := tx.w.stmtExec(context.WithoutCancel(ctx), query, args...)
	if err != nil {
		tx.failed = err
	}
	return res, err
}

func (tx *sqliteTx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	rows, err := tx.w.conn.QueryContext(context.WithoutCancel(ctx), query, args...)
	if err != nil {
		tx.failed = err
		return nil, err
	}
	tx.open = append(tx.open, rows)
	return rows, nil
}

func (tx *sqliteTx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	ctx = context.WithoutCancel(ctx)
	if err := tx.usable(); err != nil {
		ctx = ended(err) // sql.Row has no other way to carry an error
	}
	return tx.w.conn.QueryRowContext(ctx, query, args...)
}

// end closes what the function left open and makes tx useless.
func (tx *sqliteTx) end() {
	for _, r := range tx.open {
		_ = r.Close() // its error was the function's to see
	}
	tx.open, tx.ended = nil, true
}

// ended is a context that is already over, for err.
func ended(err error) context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(err)
	return ctx
}
