package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// A write that clashes every time ends as a busy database, in words that a
// person can act on, not as PostgreSQL's own code.
func TestClashesEndAsBusy(t *testing.T) {
	db := storagetest.Postgres(t)
	migrated(t, db)
	ctx := t.Context()
	for _, code := range []string{"40001", "40P01"} {
		runs := 0
		clash := func(tx storage.Tx) error {
			runs++
			if err := insert(ctx, tx, runs, code); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "DO $$ BEGIN RAISE EXCEPTION 'clash' USING ERRCODE = '"+code+"'; END $$")
			return err
		}
		for name, act := range map[string]func() error{
			"write":       func() error { return db.Write(ctx, clash) },
			"exclusively": func() error { return db.Exclusively(ctx, "things", clash) },
		} {
			runs = 0
			err := act()
			if sekisho.CodeOf(err) != "storage.busy" || sekisho.KindOf(err) != sekisho.KindBusy || !storage.Passing(err) {
				t.Errorf("%s, %s: %v", code, name, err)
			}
			if want := map[string]int{"write": 6, "exclusively": 1}[name]; runs != want {
				t.Errorf("%s, %s: %d runs, want %d", code, name, runs, want)
			}
		}
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows of writes that failed", n)
	}
}

// What passes by itself is told from what somebody must look at.
func TestPassing(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		migrated(t, db)
		ask := func(ctx context.Context, query string) error {
			return db.Read(ctx, func(tx storage.Tx) error {
				var n int
				return tx.QueryRow(ctx, query).Scan(&n)
			})
		}
		for name, err := range map[string]error{
			"no row":   ask(t.Context(), "SELECT id FROM things_thing"),
			"no table": ask(t.Context(), "SELECT id FROM things_gone"),
			"no error": nil,
			"a room's": errors.New("the note is broken"),
		} {
			if storage.Passing(err) {
				t.Errorf("%s passes: %v", name, err)
			}
		}
		if err := ask(ended, "SELECT 1"); !storage.Passing(err) {
			t.Errorf("a context's end: %v", err)
		}
		if db.Dialect() == storage.Postgres { // the connection is taken away while it is used
			err := db.Write(t.Context(), func(tx storage.Tx) error {
				_, err := tx.Exec(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())")
				return err
			})
			if !storage.Passing(err) {
				t.Errorf("a lost connection: %v", err)
			}
		}
	})
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := storage.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), func(storage.Tx) error { return nil }); !storage.Passing(err) {
		t.Errorf("a closed database: %v", err)
	}
}
