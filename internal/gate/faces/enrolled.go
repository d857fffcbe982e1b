package faces

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Enrolled names everybody whose face is enrolled on some PC.
func (r *Faces) Enrolled(ctx context.Context) (out map[sekisho.PersonID]bool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT DISTINCT person FROM faces_templates")
		if err != nil {
			return err
		}
		defer rows.Close()
		out = map[sekisho.PersonID]bool{}
		for rows.Next() {
			var p sekisho.PersonID
			if err := rows.Scan(&p); err != nil {
				return err
			}
			out[p] = true
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("faces: enrolled: %w", err)
	}
	return out, nil
}
