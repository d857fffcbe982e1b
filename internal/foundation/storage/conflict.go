package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Duplicate says whether err is the database's refusal of a second row under a
// primary key or a unique index. On PostgreSQL the transaction is over after it.
func Duplicate(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY ||
			e.Code() == sqlite3.SQLITE_CONSTRAINT_ROWID
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "23505" // unique_violation
}

// Passing says whether err is of a kind that passes by itself: the context's
// end, a connection that was lost, an engine that is busy or out of room. What
// it does not know does not pass: that the data is not what it was, for one.
func Passing(err error) bool {
	if errors.Is(err, errUnavailable) || errors.Is(err, errBusy) || errors.Is(err, ErrClosed) || errors.Is(err, ErrElsewhere) {
		return true
	}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, sql.ErrConnDone, sql.ErrTxDone, driver.ErrBadConn, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, known) {
			return true
		}
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return slices.Contains([]int{sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_INTERRUPT,
			sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CANTOPEN}, e.Code()&0xff) // the low byte is the kind, the rest its detail
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	// By class: connection, resources, operator intervention, and what is to be run again.
	return ok && (again(err) || slices.Contains([]string{"08", "53", "57"}, e.Code[:min(2, len(e.Code))]))
}
