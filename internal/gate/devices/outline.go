package devices

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Outline is as much of a PC as lists of a whole centre need.
type Outline struct {
	ID sekisho.DeviceID
	Asset
	State    State
	Since    time.Time // of the state
	CodeHeld bool      // a code waits for the PC's receipt
}

// Outlines returns every PC in the order of List, without its enrolment.
func (v *Inventory) Outlines(ctx context.Context) (list []Outline, err error) {
	err = v.db.Read(ctx, func(tx storage.Tx) error {
		list, err = selectOutlines(ctx, tx, v.clk.Now())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("devices: outlines: %w", err)
	}
	return list, nil
}

func selectOutlines(ctx context.Context, tx storage.Tx, now time.Time) ([]Outline, error) {
	rows, err := tx.Query(ctx, `SELECT d.id, d.tag, d.model, d.place, d.person, d.policy, d.state, d.since, COALESCE(c.held, 0)
		FROM devices_devices d LEFT JOIN devices_codes c ON c.device = d.id AND c.used = 0 AND c.withdrawn = 0 AND c.expires > ?`+inOrder, storage.Micros(now))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Outline
	for rows.Next() {
		var o Outline
		var since, held int64
		if err := rows.Scan(&o.ID, &o.Tag, &o.Model, &o.Place, &o.Person, &o.Policy, &o.State, &since, &held); err != nil {
			return nil, err
		}
		o.Since, o.CodeHeld = storage.Time(since), held != 0
		list = append(list, o)
	}
	return list, rows.Err()
}
