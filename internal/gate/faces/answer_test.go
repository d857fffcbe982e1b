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

// Whoever agreed to an earlier text is asked again, and loses nothing before he
// answers: his face counts for nothing meanwhile, and counts again when he agrees.
func TestAnEarlierConsentIsAskedAgainAndLosesNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx, p := t.Context(), r.by.Person
		check := func(when string, consented, lapsed, holds bool) {
			t.Helper()
			c, err := r.Consented(ctx, p)
			r.must(err)
			l, err := r.Lapsed(ctx, p)
			r.must(err)
			h, err := r.Holds(ctx, p)
			r.must(err)
			if c != consented || l != lapsed || h != holds {
				t.Errorf("%s: consented %v, lapsed %v, holds %v", when, c, l, h)
			}
		}
		check("before any answer", false, false, false)
		r.answer(false)
		check("after a no", false, false, false)
		picture := r.enrolled()
		check("enrolled", true, false, true)
		r.must(db.Write(ctx, func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE faces_consents SET version = version - 1")
			return err
		}))
		check("the text has changed", false, true, true)
		if _, err := r.Commitment(ctx, p, r.by.Device); err != nil || !r.pictures.kept(picture) {
			t.Errorf("the enrolment is gone before he answered: %v", err)
		}
		r.answer(true)
		check("agreed again", true, false, true)
		if _, err := r.Commitment(ctx, p, r.by.Device); err != nil {
			t.Error(err)
		}
		r.answer(false)
		check("taken back", false, false, false)
	})
}
