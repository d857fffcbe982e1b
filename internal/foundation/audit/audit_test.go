package audit_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

const origin = "audit.example/centre"

var key = ed25519.NewKeyFromSeed([]byte("0123456789abcdef0123456789abcdef"))

func newClock() *clock.Fake { return clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)) }

func migrate(t *testing.T, db *storage.DB) {
	t.Helper()
	if err := db.Migrate(t.Context(), audit.Schema); err != nil {
		t.Fatal(err)
	}
}

// open opens the log in db, and closes it after the test.
func open(t *testing.T, db *storage.DB, clk clock.Clock, opts ...audit.Option) *audit.Log {
	t.Helper()
	migrate(t, db)
	l, err := audit.New(db, clk, key, origin, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func appendEvent(ctx context.Context, db *storage.DB, l *audit.Log, e audit.Event) error {
	return db.Write(ctx, func(tx storage.Tx) error { return l.Append(ctx, tx, e) })
}

func add(t *testing.T, db *storage.DB, l *audit.Log, n int) {
	t.Helper()
	for i := range n {
		if err := appendEvent(t.Context(), db, l, audit.Event{Kind: "device.approved", Object: audit.Object{Type: "device", ID: fmt.Sprint(i)}}); err != nil {
			t.Fatal(err)
		}
	}
}

func verifier(t *testing.T, l *audit.Log) func(p checkpoint.Proof) (checkpoint.Checkpoint, error) {
	t.Helper()
	v, err := checkpoint.NewVerifier(l.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	return func(p checkpoint.Proof) (checkpoint.Checkpoint, error) { return p.Verify(v, origin) }
}

func TestAppendSearchProve(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		clk := newClock()
		l := open(t, db, clk)
		for i := range 20 {
			clk.Advance(time.Second)
			e := audit.Event{Kind: "device.approved", Actor: audit.Actor{Person: "p1", Role: sekisho.RoleAdministrator},
				Object: audit.Object{Type: "device", ID: fmt.Sprintf("d%d", i)}, Decision: audit.Allow,
				Detail: map[string]string{"n": fmt.Sprint(i)}, Personal: audit.Personal{"name": "関所 <太郎>"}}
			if err := appendEvent(ctx, db, l, e); err != nil {
				t.Fatal(err)
			}
		}
		found, err := l.Search(ctx, audit.Filter{Person: "p1", Kind: "device.", Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != 5 || found[0].Seq != 19 || found[0].Event.Object.ID != "d19" || found[0].Event.Personal["name"] != "関所 <太郎>" {
			t.Fatalf("found %+v", found)
		}
		verify := verifier(t, l)
		for seq := range int64(20) {
			p, err := l.Prove(ctx, seq)
			if err != nil {
				t.Fatal(err)
			}
			if p, err = checkpoint.ParseProof(p.Marshal()); err != nil {
				t.Fatal(err)
			}
			if c, err := verify(p); err != nil || c.Size != 20 {
				t.Fatalf("entry %d: %v, %v", seq, c, err)
			}
			p.Extra[10] ^= 1
			if _, err := verify(p); !errors.Is(err, checkpoint.ErrNotIncluded) {
				t.Fatalf("a changed entry was proved: %v", err)
			}
		}
		if _, err := l.Prove(ctx, 20); sekisho.KindOf(err) != sekisho.KindNotFound {
			t.Fatalf("entry 20 of 20: %v", err)
		}
	})
}

// Functions that fail take their events with them and leave no hole in the tree.
func TestFailedActsLeaveNoEvents(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		refused := errors.New("refused")
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				err := db.Write(ctx, func(tx storage.Tx) error {
					for range 1 + i%3 {
						if err := l.Append(ctx, tx, audit.Event{Kind: "thing.done", Detail: map[string]string{"i": fmt.Sprint(i)}}); err != nil {
							return err
						}
					}
					if i%2 == 0 {
						return refused
					}
					return nil
				})
				if (i%2 == 0) != errors.Is(err, refused) || (i%2 == 1 && err != nil) {
					t.Errorf("act %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		_, size, err := l.Checkpoint(ctx)
		if err != nil {
			t.Fatal(err)
		}
		want := int64(0)
		for i := range 200 {
			if i%2 == 1 {
				want += int64(1 + i%3)
			}
		}
		if size != want {
			t.Fatalf("%d entries, want %d", size, want)
		}
		verify := verifier(t, l)
		for seq := range size {
			p, err := l.Prove(ctx, seq)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := verify(p); err != nil {
				t.Fatalf("entry %d: %v", seq, err)
			}
		}
	})
}

func TestAfterwards(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		l := open(t, db, newClock())
		for i := range 1000 {
			l.Afterwards(audit.Event{Kind: "session.closed", Session: "s", Detail: map[string]string{"i": fmt.Sprint(i)}})
		}
		if err := l.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, size, err := l.Checkpoint(t.Context()); err != nil || size != 1000 {
			t.Fatalf("%d entries, %v", size, err)
		}
	})
}
