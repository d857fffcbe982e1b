package faces

import (
	"context"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// The answer that somebody gave before changes nothing, so it fills neither the
// table nor the log, however often it is given.
func TestTheSameAnswerAgainWritesNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		count := func() (rows, entries int) {
			t.Helper()
			r.must(db.Read(t.Context(), func(tx storage.Tx) error {
				return tx.QueryRow(t.Context(), "SELECT COUNT(*) FROM faces_consents").Scan(&rows)
			}))
			r.must(r.log.Flush(t.Context()))
			found, err := r.log.Search(t.Context(), audit.Filter{Kind: "consent"})
			r.must(err)
			return rows, len(found)
		}
		for n, accept := range []bool{false, true, false} { // refused, given, withdrawn
			for range 3 {
				r.answer(accept)
			}
			if rows, entries := count(); rows != n+1 || entries != n+1 {
				t.Errorf("after answer %d: %d rows, %d entries in the log", n+1, rows, entries)
			}
		}
	})
}

// A withdrawal closes what was opened by the face, the flow that brought it
// among it. The picture is gone all the same when the answer returns.
func TestWithdrawalOutlivesItsRequest(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	picture := r.enrolled()
	ctx, hangUp := context.WithCancel(t.Context())
	r.OnWithdrawn(func(sekisho.PersonID) { hangUp() })
	r.must(r.Answer(ctx, r.by, wire.ConsentAnswer{Version: consentVersion, Accept: false}))
	if ctx.Err() == nil {
		t.Fatal("the request was not cut off")
	}
	if r.pictures.kept(picture) {
		t.Error("the picture is kept until somebody sweeps")
	}
	if !r.pictures.bounded {
		t.Error("nothing bounds the deletion")
	}
}
