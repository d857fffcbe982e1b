package devices

import (
	"context"
	"fmt"
	"strings"
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
	Tier     sekisho.Tier
	CodeHeld bool // a code waits for the PC's receipt
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
	rows, err := tx.Query(ctx, `SELECT d.id, d.tag, d.model, d.place, d.person, d.policy, d.state, d.since, d.tier, COALESCE(c.held, 0)
		FROM devices_devices d LEFT JOIN devices_codes c ON c.device = d.id AND c.used = 0 AND c.withdrawn = 0 AND c.expires > ?`+inOrder, storage.Micros(now))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Outline
	for rows.Next() {
		var o Outline
		var since, held int64
		if err := rows.Scan(&o.ID, &o.Tag, &o.Model, &o.Place, &o.Person, &o.Policy, &o.State, &since, &o.Tier, &held); err != nil {
			return nil, err
		}
		o.Since, o.CodeHeld = storage.Time(since), held != 0
		list = append(list, o)
	}
	return list, rows.Err()
}

// MaxSeveral is how many PCs Several gives at once.
const MaxSeveral = 1000

// Several returns PCs in full, by id; who is unknown is left out. More than
// MaxSeveral are an error.
func (v *Inventory) Several(ctx context.Context, ids []sekisho.DeviceID) (map[sekisho.DeviceID]Device, error) {
	if len(ids) > MaxSeveral {
		return nil, fmt.Errorf("devices: several: %d at once", len(ids))
	}
	out := make(map[sekisho.DeviceID]Device, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = string(id)
	}
	var list []record
	err := v.db.Read(ctx, func(tx storage.Tx) (err error) {
		list, err = selectDevices(ctx, tx, " WHERE d.id IN (?"+strings.Repeat(", ?", len(ids)-1)+")", args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("devices: several: %w", err)
	}
	now := v.clk.Now()
	for _, r := range list {
		r.hideExpired(now)
		out[r.ID] = r.Device
	}
	return out, nil
}

// Hosts gives the host name of every PC that has said one.
func (v *Inventory) Hosts(ctx context.Context) (map[sekisho.DeviceID]string, error) {
	return v.said(ctx, "hosts", "e.hostname")
}

// Keys gives the endorsement key of every PC that has shown one, by its SHA-256.
func (v *Inventory) Keys(ctx context.Context) (map[sekisho.DeviceID]string, error) {
	return v.said(ctx, "keys", "e.ek_hash")
}

// said gives one column of the enrolment by which each PC stands.
func (v *Inventory) said(ctx context.Context, what, column string) (map[sekisho.DeviceID]string, error) {
	out := map[sekisho.DeviceID]string{}
	err := v.db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT d.id, "+column+" FROM devices_devices d JOIN devices_enrolments e ON e.id = d.enrolment WHERE "+column+" <> ''")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id sekisho.DeviceID
			var value string
			if err := rows.Scan(&id, &value); err != nil {
				return err
			}
			out[id] = value
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("devices: %s: %w", what, err)
	}
	return out, nil
}
