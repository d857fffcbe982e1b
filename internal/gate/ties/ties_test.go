package ties

import (
	"crypto/ed25519"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

var supervisor = audit.Actor{Person: "sv", Role: sekisho.RoleSupervisor}

func newRoom(t *testing.T, db *storage.DB) (*Ties, *audit.Log) {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	must(t, db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	return New(db, clk, log), log
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r *Ties) bind(t *testing.T, d sekisho.DeviceID) error {
	return r.db.Write(t.Context(), func(tx storage.Tx) error { return r.Bind(t.Context(), tx, "op", d, "session") })
}

func (r *Ties) first(t *testing.T, d sekisho.DeviceID) bool {
	t.Helper()
	ok, err := r.First(t.Context(), "op", d)
	must(t, err)
	return ok
}

func TestTheFirstPCIsTheOnlyOneUntilItIsReleased(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, log := newRoom(t, db)
		if !r.first(t, "pc1") || !r.first(t, "pc2") {
			t.Fatal("nobody is tied yet")
		}
		must(t, r.bind(t, "pc1"))
		must(t, r.bind(t, "pc1"))
		must(t, r.bind(t, "pc2")) // what the policies allowed; it ties nobody anew
		if !r.first(t, "pc1") || r.first(t, "pc2") {
			t.Fatal("the second PC counts as the first")
		}
		if err := r.Release(t.Context(), audit.Actor{Person: "op"}, "op", "pc1"); sekisho.CodeOf(err) != "tie.own" {
			t.Errorf("released himself: %v", err)
		}
		for _, d := range []sekisho.DeviceID{"pc2", ""} {
			if err := r.Release(t.Context(), supervisor, "op", d); sekisho.CodeOf(err) != "tie.none" {
				t.Errorf("%q: %v", d, err)
			}
		}
		must(t, r.Release(t.Context(), supervisor, "op", "pc1"))
		if !r.first(t, "pc2") {
			t.Fatal("still tied")
		}
		must(t, r.bind(t, "pc2"))
		if r.first(t, "pc1") {
			t.Fatal("tied to two PCs")
		}
		must(t, r.ForgetDevice(t.Context(), "pc2"))
		must(t, r.ForgetDevice(t.Context(), "pc2"))
		if !r.first(t, "pc3") {
			t.Fatal("tied to a PC that has ended")
		}
		for kind, want := range map[string]int{"tie.made": 2, "tie.released": 2} {
			if rows, err := log.Search(t.Context(), audit.Filter{Kind: kind}); err != nil || len(rows) != want {
				t.Errorf("%s: %d rows, %v", kind, len(rows), err)
			}
		}
	})
}

// TestOfTwoPCsAtOnceOneBecomesTheFirst: whoever comes second is tied by the first.
func TestOfTwoPCsAtOnceOneBecomesTheFirst(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, _ := newRoom(t, db)
		var all sync.WaitGroup
		for _, d := range []sekisho.DeviceID{"pc1", "pc2", "pc3", "pc4"} {
			all.Go(func() {
				if err := r.bind(t, d); err != nil && !storage.Passing(err) && !storage.Duplicate(err) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		ties, err := r.List(t.Context())
		if err != nil || len(ties) != 1 {
			t.Fatalf("%v, %v", ties, err)
		}
	})
}
