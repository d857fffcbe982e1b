package faces

import (
	"testing"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// TestACarriedFaceIsTheSameFace: it counts on another PC under the commitment that
// is kept, with consent alone, and a new enrolment ends it wherever it went.
func TestACarriedFaceIsTheSameFace(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		carry := func(commitment string) error {
			return r.db.Write(ctx, func(tx storage.Tx) error { return r.Carry(ctx, tx, r.by.Person, r.by.Device, "other", commitment) })
		}
		r.refused(carry("c"), "consent.required")
		r.answer(true)
		r.refused(carry("c"), "face.not_enrolled")
		r.enrolled()
		kept, err := r.Commitment(ctx, r.by.Person, r.by.Device)
		r.must(err)
		r.refused(carry("c"), "face.commitment")
		r.refused(carry(""), "face.commitment")
		r.must(carry(kept.Commitment))
		r.must(carry(kept.Commitment))
		there, err := r.Commitment(ctx, r.by.Person, "other")
		if err != nil || there.Commitment != kept.Commitment || there.enrolledOn() != r.by.Device {
			t.Fatalf("%+v, %v", there, err)
		}
		r.must(r.db.Write(ctx, func(tx storage.Tx) error { return r.Wipe(ctx, tx, r.by.Person, r.by.Device) }))
		if named, err := r.Names(ctx, kept.Picture); err != nil || !named {
			t.Errorf("the picture went before the last of its faces: %v", err)
		}
		r.answer(false)
		_, err = r.Commitment(ctx, r.by.Person, "other")
		r.refused(err, "face.not_enrolled")
	})
}

// TestAFaceThatNeverCameIsTakenBack, and what was enrolled on the PC itself is not.
func TestAFaceThatNeverCameIsTakenBack(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.answer(true)
		r.enrolled()
		kept, err := r.Commitment(ctx, r.by.Person, r.by.Device)
		r.must(err)
		r.must(r.db.Write(ctx, func(tx storage.Tx) error {
			if err := r.Carry(ctx, tx, r.by.Person, r.by.Device, "other", kept.Commitment); err != nil {
				return err
			}
			return r.Uncarry(ctx, tx, r.by.Person, "other", "another")
		}))
		if _, err := r.Commitment(ctx, r.by.Person, "other"); err != nil {
			t.Error("another face was taken back", err)
		}
		r.must(r.db.Write(ctx, func(tx storage.Tx) error {
			if err := r.Uncarry(ctx, tx, r.by.Person, r.by.Device, kept.Commitment); err != nil {
				return err
			}
			return r.Uncarry(ctx, tx, r.by.Person, "other", kept.Commitment)
		}))
		_, err = r.Commitment(ctx, r.by.Person, "other")
		r.refused(err, "face.not_enrolled")
		if _, err := r.Commitment(ctx, r.by.Person, r.by.Device); err != nil {
			t.Error("the enrolment itself was taken back", err)
		}
	})
}
