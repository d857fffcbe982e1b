package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
)

// Dialects, as Dialect reports them.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

var (
	// ErrClosed is returned by acts on a database that has been closed.
	ErrClosed = errors.New("storage: closed")
	// ErrElsewhere is returned by Exclusively when another node holds the name.
	ErrElsewhere = errors.New("storage: held by another node")
)

// errUnavailable is what a person sees when the engine itself fails: disk full, connection lost.
var errUnavailable = sekisho.Fail(sekisho.KindBusy, "storage.unavailable")

// errBusy is what a person sees when a write met others on the same rows every
// time that it was tried: nothing is wrong, and the next try may well succeed.
var errBusy = sekisho.Fail(sekisho.KindBusy, "storage.busy")

// DB is one database. Its methods may be used from many goroutines.
type DB struct {
	dialect string
	engine  engine
}

// engine is what differs between the two databases.
type engine interface {
	write(ctx context.Context, fn func(Tx) error) error
	read(ctx context.Context, fn func(Tx) error) error
	exclusively(ctx context.Context, name string, fn func(Tx) error) error
	migrate(ctx context.Context, schemas []Schema) error
	close() error
}

// Open opens the database that dsn names: "sqlite:/path/file.db", created with
// mode 0600 where it is missing, or "postgres://user@host/name".
func Open(ctx context.Context, dsn string) (*DB, error) {
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		e, err := openSQLite(ctx, path)
		if err != nil {
			return nil, fmt.Errorf("storage: open %s: %w", path, err)
		}
		return &DB{dialect: SQLite, engine: e}, nil
	}
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		e, err := openPostgres(ctx, dsn)
		if err != nil {
			return nil, fmt.Errorf("storage: open PostgreSQL: %w", err) // never the DSN: it may hold a password
		}
		return &DB{dialect: Postgres, engine: e}, nil
	}
	return nil, errors.New(`storage: the database must be "sqlite:FILE" or "postgres://…"`)
}

// Close waits for the transactions under way and closes the database.
func (db *DB) Close() error { return db.engine.close() }

// Dialect is SQLite or Postgres.
func (db *DB) Dialect() string { return db.dialect }

// Write runs fn in a transaction and commits it. See the package comment for
// what fn may do. An error of fn comes back as it is, but for PostgreSQL's wish
// to run it again: when that was granted often enough it is storage.busy.
func (db *DB) Write(ctx context.Context, fn func(tx Tx) error) error {
	return db.engine.write(ctx, fn)
}

// Read runs fn on one consistent snapshot; writing in it is an error.
func (db *DB) Read(ctx context.Context, fn func(tx Tx) error) error {
	return db.engine.read(ctx, fn)
}

// Exclusively is Write for work that only one node may do at a time: fn holds a
// lock on name until its transaction ends. Where another node holds it the
// answer is ErrElsewhere, at once. fn sees rows committed by others while it
// runs (READ COMMITTED on PostgreSQL), so that it never clashes with them.
func (db *DB) Exclusively(ctx context.Context, name string, fn func(tx Tx) error) error {
	return db.engine.exclusively(ctx, name, fn)
}

// Tx is a transaction. It is valid until the function it was given to returns.
type Tx interface {
	Exec(ctx context.Context, query string, args ...any) (sql.Result, error)
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
	Dialect() string
}

// Micros is how times are stored: microseconds since 1970 UTC; the zero time is 0.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the inverse of Micros, in UTC; 0 is the zero time.
func Time(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}
