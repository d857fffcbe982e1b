package evidence

import (
	"context"
	"fmt"
	"io"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// PutPicture keeps the sealed picture that a face enrolment of this person on
// this PC will name. It waits an hour for it; a third one takes the place of the
// oldest that waits.
func (e *Evidence) PutPicture(ctx context.Context, p sekisho.PersonID, d sekisho.DeviceID, hash string, body io.Reader) error {
	from := Origin{Person: p, Device: d}
	err := e.take(ctx, Bundle{Hash: hash, Kind: Enrolment, Origin: from}, body, maxPicture)
	return e.refuse(err, audit.Event{
		Kind: "evidence.refused", Actor: agent(from), Object: object(from), Detail: known(hash, Bundle{Origin: from}),
	})
}

// makeRoom deletes the oldest pictures that wait where one more would be too many.
func (e *Evidence) makeRoom(ctx context.Context, tx storage.Tx, b Bundle) error {
	waiting, err := waitingOf(ctx, tx, b.Origin)
	if err != nil {
		return err
	}
	for ; len(waiting) >= maxWaiting; waiting = waiting[1:] {
		if err := e.drop(ctx, tx, waiting[0], b.Arrived); err != nil {
			return err
		}
	}
	return nil
}

// TakePicture lets an enrolment name a picture, in the enrolment's transaction:
// one that this person uploaded from this PC for that, and that no other took.
func (e *Evidence) TakePicture(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, hash string) error {
	b, ok, err := load(ctx, tx, hash)
	switch {
	case err != nil:
		return fmt.Errorf("evidence: take %s: %w", hash, err)
	case !ok || b.Kind != Enrolment || b.Origin != (Origin{Person: p, Device: d}) || !b.Deleted.IsZero() || !b.Taken.IsZero():
		return errPicture
	}
	_, err = tx.Exec(ctx, `UPDATE evidence_bundles SET taken = ? WHERE hash = ?`, storage.Micros(e.clk.Now()), hash)
	return err
}

// DropPicture deletes the picture of an enrolment that ended, and nothing else:
// what is kept of a detection does not go this way, whoever names it.
func (e *Evidence) DropPicture(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, hash string) error {
	b, ok, err := load(ctx, tx, hash)
	switch {
	case err != nil:
		return fmt.Errorf("evidence: drop %s: %w", hash, err)
	case !ok || b.Kind != Enrolment || b.Origin != (Origin{Person: p, Device: d}) || !b.Deleted.IsZero():
		return nil
	}
	return e.drop(ctx, tx, b, e.clk.Now())
}

// Kept says whether a bundle is kept now.
func (e *Evidence) Kept(ctx context.Context, hash string) (kept bool, err error) {
	err = e.db.Read(ctx, func(tx storage.Tx) error {
		b, ok, err := load(ctx, tx, hash)
		kept = ok && b.Deleted.IsZero()
		return err
	})
	if err != nil {
		return false, fmt.Errorf("evidence: kept %s: %w", hash, err)
	}
	return kept, nil
}
