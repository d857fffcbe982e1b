package console_test

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/kitting"
	"github.com/sekisho/sekisho/internal/gate/loans"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

// loanDevices, kitDevices and kitPeople speak for the inventory and the people, as the wiring does.
type loanDevices struct{ *devices.Inventory }

func (v loanDevices) Replace(ctx context.Context, by audit.Actor, old sekisho.DeviceID, next loans.Replacement, also func(context.Context, storage.Tx, sekisho.DeviceID) error) (sekisho.DeviceID, error) {
	return v.Inventory.Replace(ctx, by, old, devices.Replacement(next), also)
}

type kitDevices struct{ *devices.Inventory }

func (kitDevices) Check(a kitting.Asset) error {
	if !devices.ValidName(a.Tag, a.Model) {
		return devices.ErrAsset
	}
	return nil
}

func (v kitDevices) Kit(ctx context.Context, by audit.Actor, assets []kitting.Asset, server string, also func(context.Context, storage.Tx, int, sekisho.DeviceID) error) (out []kitting.Kitted, err error) {
	var list []devices.Asset
	for _, a := range assets {
		list = append(list, devices.Asset(a))
	}
	made, err := v.Inventory.Kit(ctx, by, list, server, func(ctx context.Context, tx storage.Tx, made []devices.Device) error {
		for i, d := range made {
			if err := also(ctx, tx, i, d.ID); err != nil {
				return err
			}
		}
		return nil
	})
	for _, k := range made {
		out = append(out, kitting.Kitted{Device: k.ID, Code: k.Code})
	}
	return out, err
}

type kitPeople struct{ *operators.Operators }

func (v kitPeople) Issuable(ctx context.Context) (map[string]kitting.Person, error) {
	list, err := v.List(ctx)
	out := map[string]kitting.Person{}
	for _, p := range list {
		out[p.Login] = kitting.Person{ID: p.ID, Name: p.Name, Place: p.Place, May: p.Active && p.Has(sekisho.RoleOperator)}
	}
	return out, err
}
