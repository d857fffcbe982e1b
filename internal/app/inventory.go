package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/kitting"
	"github.com/sekisho/sekisho/internal/gate/loans"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/permits"
	"github.com/sekisho/sekisho/internal/gate/ties"
)

// inventory makes the rooms of PCs that are handed out.
func (h *House) inventory() {
	h.permits = permits.New(h.db, h.clock, h.log, permitDevices{h})
	h.ties = ties.New(h.db, h.clock, h.log)
	h.loans = loans.New(h.db, h.clock, h.log, loanDevices{h.devices, h})
	h.kitting = kitting.New(kitDevices{h.devices, h.trust}, h.loans, kitPeople{h.people}, h.policies)
}

// inventoryListeners join what ends with a permit and with a PC.
func (s *Server) inventoryListeners() {
	s.permits.OnEnded(func(d sekisho.DeviceID) {
		ctx, cancel := context.WithTimeout(context.Background(), rejudgeEvery)
		defer cancel()
		s.book.RejudgeDevice(ctx, d)
		s.changes.show("device.changed", nil)
	})
	s.devices.OnClosed(func(d sekisho.DeviceID, _ string) {
		s.wait.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			if err := s.forgetDevice(ctx, d); err != nil && !errors.Is(err, context.Canceled) {
				slog.ErrorContext(ctx, "a closed PC keeps its ties and permits until the next day; a supervisor can release people", "device", d, "error", err)
			}
		})
	})
}

// forgetDevice releases people from a PC that was returned or revoked, and ends
// its permits. Until it is done they can begin on no other one, where the policies
// ask for the first.
func (s *Server) forgetDevice(ctx context.Context, d sekisho.DeviceID) error {
	device, err := s.devices.Get(ctx, d)
	if err != nil || device.State != devices.Returned && device.State != devices.Revoked {
		return err
	}
	return errors.Join(s.ties.ForgetDevice(ctx, d), s.permits.ForgetDevice(ctx, d))
}

// forgetEnded does so for every PC at whose end it did not succeed.
func (s *Server) forgetEnded(ctx context.Context) {
	list, err := s.devices.Outlines(ctx)
	var tied map[sekisho.DeviceID][]ties.Tie
	if err == nil {
		tied, err = s.ties.List(ctx)
	}
	permitted := map[sekisho.DeviceID]bool{}
	if err == nil {
		var standing []permits.Permit
		standing, err = s.permits.List(ctx)
		for _, p := range standing {
			permitted[p.Device] = true
		}
	}
	for _, d := range list {
		if (d.State == devices.Returned || d.State == devices.Revoked) && (len(tied[d.ID]) > 0 || permitted[d.ID]) {
			err = errors.Join(err, s.forgetDevice(ctx, d.ID))
		}
	}
	if err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "PCs that have ended keep ties or permits", "error", err)
	}
}

// loanDevices is the inventory in the words of loans.
type loanDevices struct {
	*devices.Inventory
	h *House
}

func (v loanDevices) Replace(ctx context.Context, by audit.Actor, old sekisho.DeviceID, next loans.Replacement, also func(context.Context, storage.Tx, sekisho.DeviceID) error) (sekisho.DeviceID, error) {
	was, err := v.Get(ctx, old)
	if err != nil {
		return "", err
	}
	return v.Inventory.Replace(ctx, by, old, devices.Replacement(next), func(ctx context.Context, tx storage.Tx, id sekisho.DeviceID) error {
		if err := v.h.replaced(ctx, tx, old, id, was.Person); err != nil {
			return err
		}
		return also(ctx, tx, id)
	})
}

// kitDevices is the inventory in kitting's words: no PC gets a code before there
// are officers whom it can seal to.
type kitDevices struct {
	*devices.Inventory
	trust *trust
}

func (v kitDevices) Check(a kitting.Asset) error {
	if !devices.ValidName(a.Tag, a.Model) {
		return devices.ErrAsset
	}
	return nil
}

func (v kitDevices) Kit(ctx context.Context, by audit.Actor, assets []kitting.Asset, server string, also func(context.Context, storage.Tx, int, sekisho.DeviceID) error) ([]kitting.Kitted, error) {
	if err := v.trust.Ready(); err != nil {
		return nil, err
	}
	list := make([]devices.Asset, 0, len(assets))
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
	out := make([]kitting.Kitted, 0, len(made))
	for _, k := range made {
		out = append(out, kitting.Kitted{Device: k.ID, Code: k.Code})
	}
	return out, err
}

// kitPeople tells kitting to whom a PC may be issued.
type kitPeople struct{ people *operators.Operators }

func (v kitPeople) Issuable(ctx context.Context) (map[string]kitting.Person, error) {
	list, err := v.people.List(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]kitting.Person, len(list))
	for _, p := range list {
		out[p.Login] = kitting.Person{ID: p.ID, Name: p.Name, Place: p.Place, May: p.Active && p.Has(sekisho.RoleOperator)}
	}
	return out, nil
}
