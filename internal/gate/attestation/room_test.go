package attestation

import (
	"crypto/ed25519"
	"crypto/rand"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

var administrator = audit.Actor{Person: sekisho.PersonID(wire.NewID()), Role: sekisho.RoleAdministrator}

// room is the room on a real database, with a clock that the test moves.
type room struct {
	*Attestation
	t   testing.TB
	clk *clock.Fake
	log *audit.Log
}

func newRoom(t testing.TB, db *storage.DB) *room {
	t.Helper()
	if err := db.Migrate(t.Context(), audit.Schema, Schema); err != nil {
		t.Fatal(err)
	}
	clk := clock.NewFake(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	_, signer, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	log, err := audit.New(db, clk, signer, "test.example/log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	return &room{New(db, clk, log), t, clk, log}
}

// rows counts the audit rows of a kind.
func (r *room) rows(kind string) int {
	r.t.Helper()
	if err := r.log.Flush(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	found, err := r.log.Search(r.t.Context(), audit.Filter{Kind: kind, Limit: 100})
	if err != nil {
		r.t.Fatal(err)
	}
	return len(found)
}
