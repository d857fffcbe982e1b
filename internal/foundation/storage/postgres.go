package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

type postgresEngine struct{ db *sql.DB }

// maxConns is small on purpose: PostgreSQL serves a few dozen connections well
// and hundreds badly; what waits, waits here.
const maxConns = 32

// attempts is how often a transaction is run when PostgreSQL asks for it again.
const attempts = 6 // the first and five more

func openPostgres(ctx context.Context, dsn string) (*postgresEngine, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &postgresEngine{db: db}, nil
}

func (e *postgresEngine) close() error { return e.db.Close() }

func (e *postgresEngine) read(ctx context.Context, fn func(Tx) error) error {
	return readIn(ctx, e.db, Postgres, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, fn)
}

func (e *postgresEngine) write(ctx context.Context, fn func(Tx) error) error {
	for try := 1; ; try++ {
		err := e.once(ctx, sql.LevelSerializable, fn)
		if err == nil || !again(err) {
			return err
		}
		if try == attempts {
			return errBusy.Because(err)
		}
		// Two transactions that clashed must not meet again at the same moment.
		wait := time.Duration(rand.Int64N(int64(time.Millisecond) << min(try+1, 6)))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

func (e *postgresEngine) exclusively(ctx context.Context, name string, fn func(Tx) error) error {
	err := e.once(ctx, sql.LevelReadCommitted, func(tx Tx) error {
		var held bool
		if err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock(?)", lockNumber(name)).Scan(&held); err != nil {
			return unavailable(ctx, err)
		}
		if !held {
			return ErrElsewhere
		}
		return fn(tx)
	})
	if err != nil && again(err) { // a deadlock: whoever holds the name comes back by himself
		return errBusy.Because(err)
	}
	return err
}

// once runs fn in one transaction. When fn fails, nothing is left of it.
func (e *postgresEngine) once(ctx context.Context, level sql.IsolationLevel, fn func(Tx) error) error {
	tx, err := e.db.BeginTx(ctx, &sql.TxOptions{Isolation: level})
	if err != nil {
		return unavailable(ctx, err)
	}
	defer func() { _ = tx.Rollback() }() // no effect after a commit; also when fn panics
	t := &sqlTx{tx: tx, dialect: Postgres, s: &Scope{}}
	if err := fn(t); err != nil {
		return err
	}
	if err := t.s.finish(ctx, t); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return unavailable(ctx, err)
	}
	t.s.committed()
	return nil
}

// again says whether PostgreSQL wants the transaction to be run once more:
// serialization_failure and deadlock_detected, as its manual lists them (§13.5).
func again(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}

func lockNumber(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("sekisho/" + name)) // never fails
	return int64(h.Sum64())
}

// migrate holds one lock for all of it, so that nodes that start together take turns.
func (e *postgresEngine) migrate(ctx context.Context, schemas []Schema) (err error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return unavailable(ctx, err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lockNumber("migrate")); err != nil {
		return fmt.Errorf("storage: migrate: lock: %w", err)
	}
	err = migrateAll(ctx, e.db, Postgres, schemas)
	_, unlockErr := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lockNumber("migrate"))
	return errors.Join(err, unlockErr)
}
