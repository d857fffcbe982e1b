package training

import (
	"crypto/ed25519"
	"fmt"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// The console's list and the question before a session, in a centre of 10,000
// people who have five records each (SQLite).
func BenchmarkCentreOfTenThousand(b *testing.B) {
	db, clk := storagetest.SQLite(b), clock.NewFake(day0)
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	must(db.Migrate(b.Context(), audit.Schema, Schema))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(err)
	defer func() { must(log.Close()) }()
	r := New(db, clk, log)
	must(r.Seed(b.Context()))
	people := make([]sekisho.PersonID, 10_000)
	for i := range people {
		people[i] = sekisho.PersonID(fmt.Sprintf("p-%05d", i))
	}
	must(r.SeedDemo(b.Context(), people, nil))
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			all, err := r.People(b.Context(), people)
			must(err)
			if all[people[0]].State(clk.Now()) != StateDone {
				b.Fatal("not done")
			}
		}
	})
	b.Run("everybody", func(b *testing.B) {
		for b.Loop() {
			of, err := r.Everybody(b.Context())
			must(err)
			if of(people[0]).State(clk.Now()) != StateDone {
				b.Fatal("not done")
			}
		}
	})
	b.Run("ready", func(b *testing.B) {
		for b.Loop() {
			must(r.Ready(b.Context(), people[4711], "pc", "c"))
		}
	})
}
