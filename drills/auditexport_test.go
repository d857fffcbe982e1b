package drills

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// An export that is packed anew is as good as it was; with one bit of a tile or of
// the checkpoint changed it is not, though every checksum of the archive is right.
func TestRepackedExports(t *testing.T) {
	db := storagetest.SQLite(t)
	if err := db.Migrate(t.Context(), audit.Schema); err != nil {
		t.Fatal(err)
	}
	log, err := audit.New(db, clock.NewFake(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)), ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	if err != nil {
		t.Fatal(err)
	}
	for range 300 { // a full tile, and one under way
		err := db.Write(t.Context(), func(tx storage.Tx) error {
			return log.Append(t.Context(), tx, audit.Event{Kind: "test.row", Actor: audit.Actor{Process: "test"}, Decision: audit.Allow})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var export bytes.Buffer
	if err := log.Export(t.Context(), &export); err != nil {
		t.Fatal(err)
	}
	key := log.VerifierKey()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	verify := func(b []byte) bool {
		report, err := audit.VerifyExport(t.Context(), bytes.NewReader(b), int64(len(b)), audit.Expect{Key: key})
		return err == nil && report.OK()
	}
	for begins, want := range map[string]bool{"": true, "tile/entries/": false, "tile/0/": false, "checkpoint": false} {
		b, err := repacked(export.Bytes(), begins)
		if err != nil {
			t.Fatal(err)
		}
		if got := verify(b); got != want {
			t.Errorf("%q changed: verified %v", begins, got)
		}
	}
	if _, err := repacked(export.Bytes(), "no such file"); err == nil {
		t.Error("what is not in the export was changed")
	}
}
