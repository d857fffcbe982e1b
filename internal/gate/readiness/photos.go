package readiness

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

const photoPurpose = "readiness/photo"

// sealed renders a photograph anew and seals it; nil for none.
func (r *Readiness) sealed(id sekisho.RoomCheckID, raw []byte) ([]byte, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	clean, err := rendered(raw)
	if err != nil {
		return nil, err
	}
	return r.deps.Box.Wrap(photoPurpose, string(id), clean)
}

// Photo gives the photograph of a self-check, as a JPEG, to a supervisor or an
// administrator. The row that says who looked is committed before it is opened.
func (r *Readiness) Photo(ctx context.Context, by audit.Actor, id sekisho.RoomCheckID) ([]byte, error) {
	var sealed []byte
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.may(ctx, tx, by); err != nil {
			return err
		}
		c, err := one(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.Photo && !r.clk.Now().Before(c.PhotoUntil) {
			return errNoPhoto // its time is over, though nobody has tidied yet
		}
		if sealed, err = photo(ctx, tx, id); err != nil {
			return err
		}
		return r.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "readiness.photo_viewed", Actor: by, Object: audit.Object{Type: "person", ID: string(c.Person)}, Decision: audit.Allow,
			Detail: map[string]string{"check": string(id)},
		})
	})
	if err != nil {
		return nil, fmt.Errorf("readiness: photo %s: %w", id, err)
	}
	clear, err := r.deps.Box.Unwrap(photoPurpose, string(id), sealed)
	if err != nil {
		return nil, fmt.Errorf("readiness: photo %s: %w", id, err)
	}
	return clear, nil
}

// purged is how many photographs one transaction deletes at most.
const purged = 200

// Purge deletes photographs whose time is over and says how many.
func (r *Readiness) Purge(ctx context.Context) (n int, err error) {
	for more := true; more; {
		err = r.db.Write(ctx, func(tx storage.Tx) error {
			over, err := kept(ctx, tx, "until <= ? ORDER BY until LIMIT ?", storage.Micros(r.clk.Now()), purged)
			if err != nil {
				return err
			}
			more = len(over) == purged
			n += len(over)
			return r.drop(ctx, tx, over, "readiness.time_over")
		})
		if err != nil {
			return n, fmt.Errorf("readiness: purge: %w", err)
		}
	}
	return n, nil
}

// ForgetPerson deletes the photographs of somebody who has left, and what he and
// others wrote of his room. That he checked it, and when, stays.
func (r *Readiness) ForgetPerson(ctx context.Context, p sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		all, err := kept(ctx, tx, "person = ?", string(p))
		if err != nil {
			return err
		}
		if err := r.drop(ctx, tx, all, "person.contract_over"); err != nil {
			return err
		}
		return forgetWords(ctx, tx, p)
	})
	if err != nil {
		return fmt.Errorf("readiness: forget: %w", err)
	}
	return nil
}

// drop deletes photographs, each with its row. It closes and never waits.
func (r *Readiness) drop(ctx context.Context, tx storage.Tx, photos map[sekisho.RoomCheckID]sekisho.PersonID, reason string) error {
	for id, p := range photos {
		if err := deletePhoto(ctx, tx, id, r.clk.Now()); err != nil {
			return err
		}
		if err := r.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "readiness.photo_deleted", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "person", ID: string(p)},
			Reason: reason, Closing: true, Detail: map[string]string{"check": string(id)},
		}); err != nil {
			return err
		}
	}
	return nil
}
