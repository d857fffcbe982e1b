package audit_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// later lets the log do what is due after d, and what that led to.
func later(t *testing.T, l *audit.Log, clk interface{ Advance(time.Duration) }, d time.Duration) {
	t.Helper()
	clk.Advance(d)
	_ = l.Tick(t.Context()) // what it says goes to the operating log; here it is the standing that counts
	if err := l.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, db *storage.DB, queries ...string) {
	t.Helper()
	err := db.Write(t.Context(), func(tx storage.Tx) error {
		for _, q := range queries {
			if _, err := tx.Exec(t.Context(), q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// hindrances are what the owner of a database can do to keep the log from being
// signed, so that entries could be changed before anything vouches for them.
var hindrances = []struct {
	name     string
	do, undo []string
	refusal  error
	roots    bool // can end it although nobody undoes it
}{
	{"a broken pin", []string{"INSERT INTO audit_pins (epoch, size, root, at, note) SELECT 1, 0, hash, 0, hash FROM audit_hashes WHERE pos = 0"},
		[]string{"DELETE FROM audit_pins WHERE size = 0"}, audit.ErrRolledBack, true},
	{"the newest checkpoint broken", []string{"CREATE TABLE kept AS SELECT * FROM audit_checkpoints", "UPDATE audit_checkpoints SET note = (SELECT hash FROM audit_hashes WHERE pos = 0)"},
		[]string{"DELETE FROM audit_checkpoints", "INSERT INTO audit_checkpoints SELECT * FROM kept"}, audit.ErrRolledBack, true},
	{"a broken checkpoint far ahead", []string{"INSERT INTO audit_checkpoints (epoch, size, at, note) SELECT 1, 1000000, 0, hash FROM audit_hashes WHERE pos = 0"},
		[]string{"DELETE FROM audit_checkpoints WHERE size = 1000000"}, audit.ErrRolledBack, true},
	{"the checkpoints' table gone", []string{"ALTER TABLE audit_checkpoints RENAME TO elsewhere"},
		[]string{"ALTER TABLE elsewhere RENAME TO audit_checkpoints"}, audit.ErrUnchecked, false},
}

// Whoever stops the signing of checkpoints, in whatever way, closes the centre:
// he does not win time in which entries can be changed.
func TestWhatKeepsTheLogFromBeingSignedCloses(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		for _, h := range hindrances {
			t.Run(h.name, func(t *testing.T) {
				ctx, db, clk := t.Context(), fresh(t, db), newClock()
				l := open(t, db, clk)
				add(t, db, l, 10)
				tick(t, l)
				add(t, db, l, 1)
				later(t, l, clk, 5*time.Second)
				if !l.Opened() {
					t.Fatal("the control: refused although nothing happened")
				}
				change(t, db, h.do...)
				later(t, l, clk, 5*time.Second)
				if err := appendEvent(ctx, db, l, opening); !errors.Is(err, h.refusal) || l.Opened() {
					t.Fatalf("an opening act five seconds later: %v", err)
				}
				later(t, l, clk, 5*time.Second)
				if l.Opened() {
					t.Fatal("opened by itself")
				}
				again, err := audit.New(db, clk, key, origin) // a restart does not help
				if err != nil || again.Opened() {
					t.Fatalf("opened by a restart, %v", err)
				}
				if err := again.Close(); err != nil {
					t.Fatal(err)
				}
				if h.roots {
					opensAgain(t, db, l)
					return
				}
				change(t, db, h.undo...)
				later(t, l, clk, 5*time.Second)
				if err := appendEvent(ctx, db, l, opening); err != nil {
					t.Fatalf("it was undone, and: %v", err)
				}
				if n := kinds(t, l, h.refusal.Error()); n == 0 {
					t.Error("that it was refused is not in the log")
				}
			})
		}
	})
}

// opensAgain has two roots begin a new epoch over what is broken for good.
func opensAgain(t *testing.T, db *storage.DB, l *audit.Log) {
	t.Helper()
	ctx := t.Context()
	e, err := l.ProposeEpoch(ctx, "a checkpoint was destroyed")
	if err != nil || e.Kept > e.Size || e.Lost > e.Size+1 {
		t.Fatalf("%+v, %v", e, err)
	}
	if err := l.OpenEpoch(ctx, []wire.Signed{e.Sign(root(1)), e.Sign(root(2))}, public(root(1), root(2))); err != nil {
		t.Fatal(err)
	}
	if err := appendEvent(ctx, db, l, opening); err != nil {
		t.Fatal(err)
	}
	checkpointOf(t, l)
}

// The checkpoint outside the database is a memory too: broken, it closes, and
// two roots can begin anew over it.
func TestBrokenCheckpointOutsideCloses(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		dir, clk := t.TempDir(), newClock()
		l := open(t, db, clk, audit.InFolder(dir))
		add(t, db, l, 10)
		tick(t, l)
		path := filepath.Join(dir, "audit.checkpoint")
		if err := os.WriteFile(path, []byte("nothing\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		later(t, l, clk, 5*time.Second)
		if err := appendEvent(t.Context(), db, l, opening); !errors.Is(err, audit.ErrRolledBack) {
			t.Fatalf("an opening act: %v", err)
		}
		opensAgain(t, db, l)
		if b, err := os.ReadFile(path + ".broken"); err != nil || string(b) != "nothing\n" {
			t.Errorf("what was broken is not kept: %q, %v", b, err)
		}
		later(t, l, clk, 5*time.Second)
		if !l.Opened() {
			t.Error("closed again")
		}
	})
}

// A reason that passes by itself, too, is only believed for a minute.
func TestUnsignedForAMinuteCloses(t *testing.T) {
	t.Run("no database", func(t *testing.T) {
		storagetest.Each(t, func(t *testing.T, db *storage.DB) {
			clk := newClock()
			l := open(t, db, clk, audit.InFolder(t.TempDir()))
			add(t, db, l, 3)
			tick(t, l)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			for range 11 {
				clk.Advance(5 * time.Second)
				_ = l.Tick(t.Context())
				if !l.Opened() {
					t.Fatal("closed within the minute")
				}
			}
			clk.Advance(5 * time.Second)
			_ = l.Tick(t.Context())
			if l.Opened() {
				t.Fatal("open after a minute without a signature")
			}
		})
	})
	t.Run("somebody holds the sequencer's lock", func(t *testing.T) {
		db, clk := storagetest.Postgres(t), newClock()
		l := open(t, db, clk)
		tick(t, l)
		holding, release := make(chan struct{}), make(chan struct{})
		var held sync.WaitGroup
		held.Go(func() {
			err := db.Exclusively(context.WithoutCancel(t.Context()), "audit/sequencer", func(storage.Tx) error { close(holding); <-release; return nil })
			if err != nil {
				t.Error(err)
			}
		})
		<-holding
		add(t, db, l, 3)
		for range 11 {
			later(t, l, clk, 5*time.Second)
			if !l.Opened() {
				t.Fatal("closed within the minute")
			}
		}
		later(t, l, clk, 5*time.Second)
		if err := appendEvent(t.Context(), db, l, opening); !errors.Is(err, audit.ErrUnchecked) {
			t.Fatalf("an opening act over entries that nobody orders: %v", err)
		}
		later(t, l, clk, 5*time.Second)
		if l.Opened() {
			t.Fatal("opened by itself")
		}
		close(release)
		held.Wait()
		later(t, l, clk, 5*time.Second)
		later(t, l, clk, 5*time.Second)
		if err := appendEvent(t.Context(), db, l, opening); err != nil {
			t.Fatalf("the entries have their numbers, and: %v", err)
		}
	})
}

// A tree that does not continue the last one signed is not signed, and nothing
// opens while it is so, although all that was signed before still fits.
func TestTreeThatCannotBeContinuedCloses(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		clk := newClock()
		l := open(t, db, clk)
		add(t, db, l, 10)
		tick(t, l)
		add(t, db, l, 2)
		if _, err := l.Search(t.Context(), audit.Filter{}); err != nil { // orders the inbox
			t.Fatal(err)
		}
		change(t, db, "CREATE TABLE kept AS SELECT * FROM audit_hashes WHERE pos = 20", "DELETE FROM audit_hashes WHERE pos = 20") // over the eleventh and twelfth entry
		for range 3 {
			later(t, l, clk, 5*time.Second)
			if err := appendEvent(t.Context(), db, l, opening); !errors.Is(err, audit.ErrRolledBack) {
				t.Fatalf("an opening act: %v", err)
			}
		}
		if err := l.CheckPins(t.Context()); err != nil || l.Opened() {
			t.Fatalf("that the memories fit opened it again: %v", err)
		}
		change(t, db, "INSERT INTO audit_hashes SELECT * FROM kept")
		later(t, l, clk, 5*time.Second)
		if !l.Opened() {
			t.Fatal("still closed")
		}
	})
}
