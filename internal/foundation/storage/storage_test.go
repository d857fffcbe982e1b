package storage_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

var schema = storage.Schema{Name: "things", Files: fstest.MapFS{
	"schema/00001_things.sql": {Data: []byte("-- +goose Up\nCREATE TABLE things_thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, data BLOB);\n")},
	"schema/00002_more.sql":   {Data: []byte("-- +goose Up\nALTER TABLE things_thing ADD COLUMN at BIGINT NOT NULL DEFAULT 0;\n")},
}}

func migrated(t *testing.T, db *storage.DB) {
	t.Helper()
	if err := db.Migrate(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
}

func insert(ctx context.Context, tx storage.Tx, id int, name string) error {
	_, err := tx.Exec(ctx, "INSERT INTO things_thing (id, name, data) VALUES (?, ?, ?)", id, name, []byte{1, 2, 3})
	return err
}

func count(t *testing.T, db *storage.DB) (n int) {
	t.Helper()
	err := db.Read(t.Context(), func(tx storage.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT COUNT(*) FROM things_thing").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWriteThenRead(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		migrated(t, db)
		migrated(t, db) // a second time changes nothing
		at := storage.Micros(time.Date(2026, 11, 2, 9, 0, 0, 123456000, time.UTC))
		err := db.Write(ctx, func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO things_thing (id, name, data, at) VALUES (?, 'why?', ?, ?) -- ?", 7, []byte{0, 255}, at)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var name string
		var data []byte
		var got int64
		err = db.Read(ctx, func(tx storage.Tx) error {
			return tx.QueryRow(ctx, "SELECT name, data, at FROM things_thing WHERE id = ?", 7).Scan(&name, &data, &got)
		})
		if err != nil || name != "why?" || string(data) != "\x00\xff" || got != at {
			t.Fatalf("got %q %x %d, %v", name, data, got, err)
		}
	})
}

func TestReadCannotWrite(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		migrated(t, db)
		err := db.Read(t.Context(), func(tx storage.Tx) error { return insert(t.Context(), tx, 1, "a") })
		if err == nil || count(t, db) != 0 {
			t.Fatalf("a reader wrote: %v", err)
		}
	})
}

// One failing function must not harm the others of its group, and nothing of it may stay.
func TestFailuresStayAlone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		migrated(t, db)
		refused := errors.New("refused")
		var wg sync.WaitGroup
		errs := make([]error, 300)
		for i := range errs {
			wg.Go(func() {
				errs[i] = db.Write(ctx, func(tx storage.Tx) error {
					if err := insert(ctx, tx, i, fmt.Sprint(i)); err != nil {
						return err
					}
					if i%3 == 0 {
						return refused
					}
					return nil
				})
			})
		}
		wg.Wait()
		for i, err := range errs {
			if want := map[bool]error{true: refused}[i%3 == 0]; !errors.Is(err, want) {
				t.Fatalf("write %d: %v, want %v", i, err, want)
			}
		}
		if n := count(t, db); n != 200 {
			t.Fatalf("%d rows, want 200", n)
		}
	})
}
