package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// sqliteEngine has one writer connection, owned by one goroutine, and a pool of readers.
type sqliteEngine struct {
	path    string
	writer  *sqliteWriter
	readers *sql.DB
	closing chan struct{}
	once    sync.Once
}

// maxGroup is the number of functions that may share one commit.
const maxGroup = 512

func openSQLite(ctx context.Context, path string) (*sqliteEngine, error) {
	if path == "" || strings.Contains(path, ":memory:") {
		return nil, errors.New("SQLite needs a file")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	// SQLite would create the file with the umask's mode; -wal and -shm take the file's.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	e := &sqliteEngine{path: path, closing: make(chan struct{})}
	if e.writer, err = startSQLiteWriter(ctx, path, e.closing); err != nil {
		return nil, err
	}
	if e.readers, err = sql.Open("sqlite", sqliteURI(path, "deferred", "query_only(1)")); err != nil {
		return nil, errors.Join(err, e.close())
	}
	n := max(4, runtime.GOMAXPROCS(0))
	e.readers.SetMaxOpenConns(n)
	e.readers.SetMaxIdleConns(n)
	if err := e.readers.PingContext(ctx); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

// sqliteURI builds the driver's DSN. The path is escaped, so that a question
// mark in it cannot add a setting.
func sqliteURI(path, lock string, pragmas ...string) string {
	q := url.Values{"_txlock": {lock}}
	q["_pragma"] = append([]string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}, pragmas...)
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode()}
	if runtime.GOOS == "windows" {
		u.Path = "/" + u.Path
	}
	return u.String()
}

func (e *sqliteEngine) write(ctx context.Context, fn func(Tx) error) error {
	return e.writer.do(ctx, fn)
}

// exclusively needs no lock: the writer is alone, and so is the process.
func (e *sqliteEngine) exclusively(ctx context.Context, _ string, fn func(Tx) error) error {
	return e.writer.do(ctx, fn)
}

func (e *sqliteEngine) read(ctx context.Context, fn func(Tx) error) error {
	return readIn(ctx, e.readers, SQLite, &sql.TxOptions{}, fn)
}

func (e *sqliteEngine) close() error {
	var err error
	e.once.Do(func() {
		close(e.closing)
		err = e.writer.wait()
		if e.readers != nil {
			err = errors.Join(err, e.readers.Close())
		}
	})
	return err
}

func (e *sqliteEngine) migrate(ctx context.Context, schemas []Schema) error {
	db, err := sql.Open("sqlite", sqliteURI(e.path, "immediate"))
	if err != nil {
		return fmt.Errorf("storage: migrate: %w", err)
	}
	db.SetMaxOpenConns(1)
	return errors.Join(migrateAll(ctx, db, SQLite, schemas), db.Close())
}
