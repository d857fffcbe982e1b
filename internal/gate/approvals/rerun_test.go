package approvals

import (
	"context"
	"errors"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// clashing is the real log; the first time that it is written to, PostgreSQL
// wants the whole transaction again.
type clashing struct {
	*audit.Log
	clashed bool
}

func (c *clashing) Append(ctx context.Context, tx storage.Tx, e audit.Event) error {
	if err := c.Log.Append(ctx, tx, e); err != nil || c.clashed {
		return err
	}
	c.clashed = true
	_, err := tx.Exec(ctx, "DO $$ BEGIN RAISE EXCEPTION 'clash' USING ERRCODE = '40001'; END $$")
	return err
}

// The third wrong code refuses a question. That PostgreSQL runs the transaction
// twice makes no success of it.
func TestThirdWrongCodeWhenTheTransactionRunsTwice(t *testing.T) {
	r := newRoom(t, storagetest.Postgres(t))
	q := r.ask("op", KindSession)
	wrong := "0000"
	if q.Code == wrong {
		wrong = "0001"
	}
	for range wrongCodes - 1 {
		if _, err := r.Decide(t.Context(), "sv", q.ID, true, wrong); !errors.Is(err, errCode) {
			t.Fatal(err)
		}
	}
	log := &clashing{Log: r.log}
	r.Approvals.log = log
	if got, err := r.Decide(t.Context(), "sv", q.ID, true, wrong); !errors.Is(err, errCode) || got.ID != "" || !log.clashed {
		t.Fatalf("the third wrong code: %+v, %v", got, err)
	}
	if got, err := r.Get(t.Context(), q.ID, "op"); err != nil || got.State != Refused {
		t.Fatalf("%+v, %v", got, err)
	}
	for kind, want := range map[string]int{"approval.denied": wrongCodes, "approval.refused": 1, "approval.approved": 0} {
		if n := len(r.kinds(kind)); n != want {
			t.Errorf("%d rows of %s, want %d", n, kind, want)
		}
	}
}

// What a database would not keep is refused with words, on either engine.
func TestNotesAreText(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		for _, note := range []string{"a\x00b", "\xff"} {
			_, err := r.Ask(t.Context(), Question{Kind: KindSession, Person: "op", Device: "pc-1", Connection: "c-1", Note: note})
			if sekisho.KindOf(err) != sekisho.KindInvalid {
				t.Errorf("%q: %v", note, err)
			}
		}
	})
}
