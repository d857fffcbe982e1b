package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// together makes sure that the given functions share one SQLite commit: they
// queue up behind a function that waits until all of them have come.
func together(t *testing.T, db *storage.DB, fns ...func(storage.Tx) error) []error {
	t.Helper()
	first, release := make(chan struct{}), make(chan struct{})
	errs := make([]error, len(fns))
	var wg sync.WaitGroup
	wg.Go(func() {
		err := db.Write(t.Context(), func(storage.Tx) error { close(first); <-release; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	<-first
	var arrived atomic.Int32
	for i, fn := range fns {
		wg.Go(func() {
			arrived.Add(1)
			errs[i] = db.Write(t.Context(), fn)
		})
	}
	for int(arrived.Load()) < len(fns) {
		time.Sleep(time.Millisecond) // goroutines of our own: no clock to fake
	}
	time.Sleep(20 * time.Millisecond) // and those that arrived stand in the queue
	close(release)
	wg.Wait()
	return errs
}

func inserting(ctx context.Context, id int) func(storage.Tx) error {
	return func(tx storage.Tx) error { return insert(ctx, tx, id, fmt.Sprint(id)) }
}

// SQLite gives up a whole transaction on some errors. Then nothing of the group
// may be written, nobody may be told that it was, and what follows in the same
// function must not run on its own.
func TestAbortedGroupLeavesNothing(t *testing.T) {
	db := storagetest.SQLite(t)
	migrated(t, db)
	ctx := t.Context()
	errs := together(t, db, inserting(ctx, 1), func(tx storage.Tx) error {
		if err := insert(ctx, tx, 2, "2"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT OR ROLLBACK INTO things_thing (id, name) VALUES (2, 'again')"); err == nil {
			return errors.New("no error")
		}
		if err := insert(ctx, tx, 3, "3"); err == nil { // would be committed at once
			return errors.New("a statement ran outside the transaction")
		}
		var n int
		if err := tx.QueryRow(ctx, "SELECT 1").Scan(&n); err == nil {
			return errors.New("a query ran outside the transaction")
		}
		return nil // swallows it
	}, inserting(ctx, 4))
	failed := 0
	for i, err := range errs {
		if err != nil {
			failed++
			if sekisho.KindOf(err) != sekisho.KindBusy {
				t.Errorf("write %d: %v", i, err)
			}
		}
	}
	if errs[1] == nil {
		t.Error("the function that lost its transaction was told that it was written")
	}
	if n := count(t, db); n != 3-failed {
		t.Errorf("%d rows although %d of 3 failed", n, failed)
	}
	if err := db.Write(ctx, inserting(ctx, 5)); err != nil {
		t.Errorf("the connection did not recover: %v", err)
	}
}

func TestPanicHarmsOnlyItsOwn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		migrated(t, db)
		ctx := t.Context()
		caught := false
		errs := together(t, db, inserting(ctx, 1), func(storage.Tx) error { return nil }, inserting(ctx, 2))
		func() {
			defer func() { caught = recover() == "boom" }()
			errs = append(errs, db.Write(ctx, func(tx storage.Tx) error {
				if err := insert(ctx, tx, 3, "3"); err != nil {
					return err
				}
				panic("boom")
			}))
		}()
		if !caught || errors.Join(errs...) != nil || count(t, db) != 2 {
			t.Fatalf("caught %v, %v, %d rows", caught, errs, count(t, db))
		}
		if err := db.Write(ctx, inserting(ctx, 4)); err != nil {
			t.Fatal(err)
		}
	})
}

// A context that ends while the function runs must not interrupt a statement of
// the group's transaction; one that ends before keeps the function from running.
func TestContexts(t *testing.T) {
	db := storagetest.SQLite(t)
	migrated(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Write(ctx, func(tx storage.Tx) error {
		cancel()
		return insert(ctx, tx, 1, "1")
	})
	if err != nil || count(t, db) != 1 {
		t.Fatalf("a function that had begun: %v, %d rows", err, count(t, db))
	}
	if err := db.Write(ctx, inserting(ctx, 2)); !errors.Is(err, context.Canceled) {
		t.Fatalf("a context that had ended: %v", err)
	}
	holding, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := db.Write(t.Context(), func(storage.Tx) error { close(holding); <-release; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-holding
	late, cancelLate := context.WithCancel(t.Context())
	wg.Go(func() {
		if err := db.Write(late, inserting(late, 3)); !errors.Is(err, context.Canceled) {
			t.Errorf("left while waiting: %v", err)
		}
	})
	cancelLate()
	close(release)
	wg.Wait()
	if n := count(t, db); n != 1 {
		t.Fatalf("%d rows", n)
	}
}

func TestTxIsUselessAfterItsFunction(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		migrated(t, db)
		ctx := t.Context()
		var kept storage.Tx
		var rows *sql.Rows
		err := db.Write(ctx, func(tx storage.Tx) (err error) {
			kept = tx
			rows, err = tx.Query(ctx, "SELECT 1 UNION SELECT 2") // left open
			return err
		})
		if err != nil && db.Dialect() == storage.SQLite { // PostgreSQL refuses to commit beneath open rows
			t.Fatal(err)
		}
		if rows != nil && rows.Next() {
			t.Error("rows outlived their transaction")
		}
		if err := insert(ctx, kept, 1, "1"); err == nil {
			t.Error("a statement outlived its transaction")
		}
		if _, err := kept.Query(ctx, "SELECT 1"); err == nil {
			t.Error("a query outlived its transaction")
		}
		var n int
		if err := kept.QueryRow(ctx, "SELECT 1").Scan(&n); err == nil {
			t.Error("a row outlived its transaction")
		}
		if n := count(t, db); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestReadIsOneSnapshot(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		migrated(t, db)
		ctx := t.Context()
		err := db.Read(ctx, func(tx storage.Tx) error {
			for i := range 2 {
				var n int
				if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM things_thing").Scan(&n); err != nil {
					return err
				}
				if n != 0 {
					t.Errorf("look %d sees %d rows", i, n)
				}
				if err := db.Write(ctx, inserting(ctx, i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || count(t, db) != 2 {
			t.Fatalf("%v, %d rows", err, count(t, db))
		}
	})
}

// Two functions that each read what the other writes: one of them is run again,
// and the outcome is that of one after the other.
func TestWritesAreSerialisable(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		migrated(t, db)
		ctx := t.Context()
		var runs atomic.Int32
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				err := db.Write(ctx, func(tx storage.Tx) error { // at most three may be there
					runs.Add(1)
					var n int
					if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM things_thing").Scan(&n); err != nil {
						return err
					}
					if n >= 3 {
						return nil
					}
					return insert(ctx, tx, i, fmt.Sprint(i))
				})
				if err != nil && sekisho.CodeOf(err) != "storage.busy" { // given up after five tries: refused, not wrong
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := count(t, db); n > 3 || n == 0 {
			t.Fatalf("%d rows, at most 3 may be there", n)
		}
		t.Logf("12 functions, %d runs", runs.Load())
	})
}

func TestScopeFollowsSavepoints(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		migrated(t, db)
		ctx := t.Context()
		var finished, committed atomic.Int32
		refused := errors.New("refused")
		counting := func(fail bool) func(storage.Tx) error {
			return func(tx storage.Tx) error {
				s := storage.ScopeOf(tx)
				n, _ := s.Get("n").(int)
				s.Set("n", n+1)
				s.BeforeCommit("n", func(ctx context.Context, tx storage.Tx) error {
					finished.Add(1)
					n, _ := s.Get("n").(int)
					for i := range n {
						if err := insert(ctx, tx, int(finished.Load())*1000+i, fmt.Sprint(finished.Load(), i)); err != nil {
							return err
						}
					}
					return nil
				})
				s.AfterCommit(func() { committed.Add(1) })
				if fail {
					return refused
				}
				return nil
			}
		}
		fns := []func(storage.Tx) error{counting(true), counting(false), counting(true), counting(false), counting(false), counting(true)}
		for i, err := range together(t, db, fns...) {
			if (i == 0 || i == 2 || i == 5) != errors.Is(err, refused) {
				t.Errorf("function %d: %v", i, err)
			}
		}
		if n := count(t, db); n != 3 || committed.Load() != 3 {
			t.Errorf("%d rows for 3 functions, %d told of the commit", n, committed.Load())
		}
		if db.Dialect() == storage.SQLite && finished.Load() > 2 {
			t.Errorf("%d commits for one group", finished.Load())
		}
		err := db.Write(ctx, func(tx storage.Tx) error {
			storage.ScopeOf(tx).BeforeCommit("x", func(context.Context, storage.Tx) error { return refused })
			return insert(ctx, tx, 9999, "9999")
		})
		if !errors.Is(err, refused) || count(t, db) != 3 {
			t.Errorf("a failing end of the transaction: %v, %d rows", err, count(t, db))
		}
	})
}

func TestDuplicate(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		migrated(t, db)
		ctx := t.Context()
		if err := db.Write(ctx, inserting(ctx, 1)); err != nil {
			t.Fatal(err)
		}
		for name, fn := range map[string]func(storage.Tx) error{
			"key":   func(tx storage.Tx) error { return insert(ctx, tx, 1, "2") },
			"index": func(tx storage.Tx) error { return insert(ctx, tx, 2, "1") },
		} {
			if err := db.Write(ctx, fn); !storage.Duplicate(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		err := db.Write(ctx, func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO things_thing (id, name) VALUES (?, ?)", 3, nil)
			return err
		})
		if err == nil || storage.Duplicate(err) || storage.Duplicate(nil) {
			t.Errorf("a missing value is no duplicate: %v", err)
		}
	})
}

func TestExclusively(t *testing.T) {
	dsn := storagetest.PostgresDSN(t)
	ctx := t.Context()
	var nodes []*storage.DB
	for range 2 {
		db, err := storage.Open(ctx, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		nodes = append(nodes, db)
	}
	migrated(t, nodes[0])
	err := nodes[0].Exclusively(ctx, "work", func(tx storage.Tx) error {
		ran := false
		err := nodes[1].Exclusively(ctx, "work", func(storage.Tx) error { ran = true; return nil })
		if !errors.Is(err, storage.ErrElsewhere) || ran {
			t.Errorf("two at once: %v", err)
		}
		if err := nodes[1].Exclusively(ctx, "other", func(storage.Tx) error { return nil }); err != nil {
			t.Errorf("other work: %v", err)
		}
		return insert(ctx, tx, 1, "1")
	})
	if err != nil || count(t, nodes[1]) != 1 {
		t.Fatal(err)
	}
	if err := nodes[1].Exclusively(ctx, "work", func(storage.Tx) error { return nil }); err != nil {
		t.Errorf("after the first has ended: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	for _, dsn := range []string{"", "sqlite:", "sqlite::memory:", "mysql://x", "/tmp/x.db", "sqlite:" + filepath.Join(dir, "no", "such", "folder.db"), "postgres://nobody:secret-word@127.0.0.1:1/x?connect_timeout=1"} {
		db, err := storage.Open(t.Context(), dsn)
		if err == nil {
			t.Errorf("%q opened", dsn)
			if err := db.Close(); err != nil {
				t.Error(err)
			}
			continue
		}
		if strings.Contains(err.Error(), "secret-word") {
			t.Errorf("the password stands in the error: %v", err)
		}
	}
}

func TestFileIsPrivateAndItsNameIsOnlyAName(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "a?_pragma=synchronous(0)&mode=ro#x.db")
	db, err := storage.Open(ctx, "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	migrated(t, db)
	var sync int
	err = db.Write(ctx, func(tx storage.Tx) error { return tx.QueryRow(ctx, "PRAGMA synchronous").Scan(&sync) })
	if err != nil || sync != 2 {
		t.Errorf("synchronous is %d, %v", sync, err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%q: %v, %v", suffix, info, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(ctx, func(storage.Tx) error { return nil }); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("a write after Close: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Errorf("a second Close: %v", err)
	}
}

// A full disk is an error to everyone who was in the group, and the database goes on when there is room again.
func TestFullDisk(t *testing.T) {
	db := storagetest.SQLite(t)
	migrated(t, db)
	ctx := t.Context()
	pages := func(n string) {
		t.Helper()
		err := db.Write(ctx, func(tx storage.Tx) error {
			var got int
			return tx.QueryRow(ctx, "PRAGMA max_page_count = "+n).Scan(&got)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	pages("20")
	big := strings.Repeat("x", 50000)
	fill := func(id int) func(storage.Tx) error {
		return func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO things_thing (id, name, data) VALUES (?, ?, ?)", id, fmt.Sprint(id), big)
			return err
		}
	}
	errs := together(t, db, fill(1), fill(2), fill(3), fill(4))
	failed := 0
	for _, err := range errs {
		if err != nil {
			failed++
		}
	}
	if n := count(t, db); failed == 0 || n != 4-failed {
		t.Errorf("%d rows although %d of 4 failed", n, failed)
	}
	pages("100000")
	if err := db.Write(ctx, fill(9)); err != nil {
		t.Errorf("it did not recover: %v", err)
	}
}

// A connection that is no longer in the state that the writer left it in is
// thrown away, and the next write has a new one.
func TestConnectionIsReplaced(t *testing.T) {
	db := storagetest.SQLite(t)
	migrated(t, db)
	ctx := t.Context()
	for range 3 {
		err := db.Write(ctx, func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, "COMMIT") // no room does this; a lost connection looks the same
			return err
		})
		if sekisho.KindOf(err) != sekisho.KindBusy {
			t.Fatalf("told that it was written: %v", err)
		}
	}
	if err := db.Write(ctx, inserting(ctx, 1)); err != nil || count(t, db) != 1 {
		t.Fatalf("%v, %d rows", err, count(t, db))
	}
}
