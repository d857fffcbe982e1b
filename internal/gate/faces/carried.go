package faces

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Carry notes, in the transaction of whoever carries it (gate/pools), that a face
// that is enrolled on one PC counts on another one too. The commitment stays the
// same; without consent, or with another commitment, it is refused.
func (r *Faces) Carry(ctx context.Context, tx storage.Tx, p sekisho.PersonID, from, to sekisho.DeviceID, commitment string) error {
	if ok, err := consented(ctx, tx, p); err != nil || !ok {
		return orElse(err, errConsent)
	}
	t, err := template(ctx, tx, p, from)
	if err != nil {
		return err
	}
	if commitment == "" || t.Commitment != commitment {
		return errCommitment
	}
	old, err := template(ctx, tx, p, to)
	switch {
	case err == nil && old.Commitment == commitment:
		return nil
	case err == nil: // an enrolment of that PC's own counts for more than what is carried there
		return errCommitment
	case !errors.Is(err, errNotEnrolled):
		return err
	}
	t.Origin, t.Device, t.At = t.enrolledOn(), to, r.clk.Now()
	return insertTemplate(ctx, tx, t)
}

// replaced lists what a new enrolment on a PC takes the place of: the face there,
// and the same face wherever it was carried to.
func replaced(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID) ([]Template, error) {
	old, err := template(ctx, tx, p, d)
	if errors.Is(err, errNotEnrolled) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return templates(ctx, tx, "person = ? AND commitment = ?", string(p), old.Commitment)
}

// On lists whose faces are kept for a PC.
func (r *Faces) On(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) ([]sekisho.PersonID, error) {
	found, err := templates(ctx, tx, "device = ? ORDER BY person", string(d))
	out := make([]sekisho.PersonID, 0, len(found))
	for _, t := range found {
		out = append(out, t.Person)
	}
	return out, err
}

// Wipe deletes what is kept of a person's face on a PC, in the transaction that
// takes him or it out of a group. Sweep follows.
func (r *Faces) Wipe(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID) error {
	gone, err := templates(ctx, tx, "person = ? AND device = ?", string(p), string(d))
	if err != nil {
		return err
	}
	return r.wipe(ctx, tx, p, d, gone)
}

// Uncarry takes back that a face counts on a PC to which it was carried and never
// came. What was enrolled on that PC itself stays. Sweep follows.
func (r *Faces) Uncarry(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, commitment string) error {
	gone, err := templates(ctx, tx, "person = ? AND device = ? AND commitment = ?", string(p), string(d), commitment)
	if err != nil {
		return err
	}
	return r.wipe(ctx, tx, p, d, slices.DeleteFunc(gone, func(t Template) bool { return t.enrolledOn() == d }))
}

func (r *Faces) wipe(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, gone []Template) error {
	if len(gone) == 0 {
		return nil
	}
	if err := r.forget(ctx, tx, gone); err != nil {
		return err
	}
	return r.deps.Audit.Append(ctx, tx, audit.Event{
		Kind: "face.deleted", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "person", ID: string(p)},
		Closing: true, Detail: map[string]string{"faces_deleted": fmt.Sprint(len(gone)), "device": string(d)},
	})
}

// Sweep deletes the pictures of what was wiped.
func (r *Faces) Sweep(ctx context.Context) error { return r.sweep(ctx) }
