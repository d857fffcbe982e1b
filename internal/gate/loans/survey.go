package loans

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// AllItems gives the accessories of every PC that has any, in their order.
func (r *Loans) AllItems(ctx context.Context) (out map[sekisho.DeviceID][]Item, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT device, name, state FROM loans_items ORDER BY device, number")
		if err != nil {
			return err
		}
		defer rows.Close()
		out = map[sekisho.DeviceID][]Item{}
		for rows.Next() {
			var d sekisho.DeviceID
			var i Item
			if err := rows.Scan(&d, &i.Name, &i.State); err != nil {
				return err
			}
			out[d] = append(out[d], i)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("loans: all items: %w", err)
	}
	return out, nil
}
