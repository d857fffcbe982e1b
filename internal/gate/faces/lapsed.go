package faces

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Lapsed says whether a person agreed to an earlier text and has not answered the
// one in force. Until he does, his face is compared with nobody, and kept.
func (r *Faces) Lapsed(ctx context.Context, p sekisho.PersonID) (lapsed bool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		agreed, version, err := lastAnswer(ctx, tx, p)
		lapsed = agreed && version != consentVersion
		return err
	})
	if err != nil {
		return false, fmt.Errorf("faces: lapsed: %w", err)
	}
	return lapsed, nil
}

// Holds says whether a no would take something from a person: his consent, to
// whichever text, or a face.
func (r *Faces) Holds(ctx context.Context, p sekisho.PersonID) (holds bool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		agreed, _, err := lastAnswer(ctx, tx, p)
		if err != nil {
			return err
		}
		kept, err := templates(ctx, tx, "person = ?", string(p))
		holds = agreed || len(kept) > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("faces: holds: %w", err)
	}
	return holds, nil
}

// Declined says whether a person's last answer, to whichever text, was no.
func (r *Faces) Declined(ctx context.Context, p sekisho.PersonID) (declined bool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		agreed, version, err := lastAnswer(ctx, tx, p)
		declined = err == nil && !agreed && version != 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("faces: declined: %w", err)
	}
	return declined, nil
}

// lastAnswer is what a person last answered, and to which text; 0 is none.
func lastAnswer(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (agreed bool, version int, err error) {
	var yes int
	err = tx.QueryRow(ctx, "SELECT version, accepted FROM faces_consents WHERE person = ? ORDER BY seq DESC LIMIT 1", string(p)).Scan(&version, &yes)
	if errors.Is(err, sql.ErrNoRows) {
		return false, 0, nil
	}
	return err == nil && yes == 1, version, err
}
