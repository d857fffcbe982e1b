package storage

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// Schema is what a room brings: its name, which its tables begin with, and its
// migrations as schema/00001_what.sql, each for both engines.
type Schema struct {
	Name  string
	Files fs.FS
}

var schemaName = regexp.MustCompile(`^[a-z][a-z0-9]{1,30}$`)

// Migrate brings every room's tables up to date. Each room has its own version
// table, goose_<name>, so that rooms never wait for each other's numbers.
func (db *DB) Migrate(ctx context.Context, schemas ...Schema) error {
	return db.engine.migrate(ctx, schemas)
}

func migrateAll(ctx context.Context, db *sql.DB, dialect string, schemas []Schema) error {
	for _, s := range schemas {
		if !schemaName.MatchString(s.Name) {
			return fmt.Errorf("storage: migrate: %q is not a room's name", s.Name)
		}
		if err := migrateOne(ctx, db, dialect, s); err != nil {
			return fmt.Errorf("storage: migrate %s: %w", s.Name, err)
		}
	}
	return nil
}

func migrateOne(ctx context.Context, db *sql.DB, dialect string, s Schema) error {
	files, err := fs.Sub(s.Files, "schema")
	if err != nil {
		return err
	}
	gooseDialect := goose.DialectSQLite3
	if dialect == Postgres {
		gooseDialect = goose.DialectPostgres
	}
	store, err := database.NewStore(gooseDialect, "goose_"+s.Name)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider("", db, portable{files, dialect}, goose.WithStore(store), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// portable serves migrations in the words of one engine.
type portable struct {
	fs.FS
	dialect string
}

var (
	blobType   = regexp.MustCompile(`\bBLOB\b`)
	rowidAlias = regexp.MustCompile(`\bBIGINT(?: NOT NULL)? PRIMARY KEY\b`)
)

// Open rewrites the file: BLOB is BYTEA on PostgreSQL, and on SQLite a BIGINT
// primary key is INTEGER, which makes it the row's own number and saves an index.
func (p portable) Open(name string) (fs.File, error) {
	f, err := p.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	text, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if p.dialect == Postgres {
		text = blobType.ReplaceAll(text, []byte("BYTEA"))
	} else {
		text = rowidAlias.ReplaceAll(text, []byte("INTEGER PRIMARY KEY"))
	}
	return &migration{Reader: bytes.NewReader(text), info: info}, nil
}

// ReadDir lets goose list the files.
func (p portable) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(p.FS, name) }

type migration struct {
	*bytes.Reader
	info fs.FileInfo
}

func (m *migration) Stat() (fs.FileInfo, error) { return m.info, nil }
func (m *migration) Close() error               { return nil }
