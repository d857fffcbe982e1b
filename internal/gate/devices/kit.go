package devices

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// MaxKit is how many PCs are registered together at most.
const MaxKit = 50

// waiting is how long a code waits for the receipt of its PC.
const waiting = 60 * 24 * time.Hour

// Handover is how a code reaches whoever the PC is for. The zero value is by a way
// on which it can be lost: it waits for the receipt.
type Handover string

// Handovers.
const (
	Sent     Handover = ""          // the code opens nothing before Received
	InPerson Handover = "in_person" // whoever makes the code hands it over with the PC: a confirmed receipt
)

// Kitted is one PC of a kit with its code, which can be shown now and never again.
type Kitted struct {
	Device
	Code wire.EnrolmentCode
}

// Kit registers PCs that are sent out together, all or none, each with a code
// that opens nothing until Received. also runs in the same transaction.
func (v *Inventory) Kit(ctx context.Context, by audit.Actor, assets []Asset, server string, also func(context.Context, storage.Tx, []Device) error) ([]Kitted, error) {
	if len(assets) == 0 || len(assets) > MaxKit {
		return nil, ErrKit
	}
	now := v.clk.Now()
	kit, made := make([]Kitted, 0, len(assets)), make([]Device, 0, len(assets))
	for _, a := range assets {
		d, err := v.draft(ctx, a, now)
		if err != nil {
			return nil, err
		}
		code, err := v.newCode(server)
		if err != nil {
			return nil, err
		}
		d.CodeUntil, d.CodeHeld = now.Add(waiting), true
		kit, made = append(kit, Kitted{d, code}), append(made, d)
	}
	err := v.db.Write(ctx, func(tx storage.Tx) error {
		for _, k := range kit {
			if err := v.insert(ctx, tx, by, k.Device); err != nil {
				return err
			}
			row := codeRow{secret: secretHash(k.Code.Secret[:]), device: k.ID, made: now, expires: k.CodeUntil, held: true}
			if err := insertCode(ctx, tx, row); err != nil {
				return err
			}
			e := deviceEvent("device.kitted", by, k.ID, audit.Allow)
			e.Detail = map[string]string{"until": stamp(k.CodeUntil), "server": server}
			if err := v.log.Append(ctx, tx, e); err != nil {
				return err
			}
		}
		return also(ctx, tx, made)
	})
	if storage.Duplicate(err) {
		return nil, ErrAssetUsed.Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("devices: kit of %d: %w", len(assets), err)
	}
	return kit, nil
}

// Tags are the asset tags of the PCs that are in use.
func (v *Inventory) Tags(ctx context.Context) (map[string]bool, error) {
	list, err := v.Outlines(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]bool, len(list))
	for _, d := range list {
		if d.State != Returned && d.State != Revoked {
			out[d.Tag] = true
		}
	}
	return out, nil
}

// Received confirms that a PC has arrived: its code opens from now on, for 14 days.
func (v *Inventory) Received(ctx context.Context, by audit.Actor, id sekisho.DeviceID) error {
	now := v.clk.Now()
	until := now.Add(codeLife)
	return wrap("receive", id, v.db.Write(ctx, func(tx storage.Tx) error {
		d, err := selectDevice(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := step(d.State, actCode); err != nil {
			return err
		}
		if err := receive(ctx, tx, id, now, until); err != nil {
			return err
		}
		return v.log.Append(ctx, tx, receivedRow(by, id, until, Sent))
	}))
}

// receivedRow says who confirmed that a PC is with whom it is meant for.
func receivedRow(by audit.Actor, id sekisho.DeviceID, until time.Time, how Handover) audit.Event {
	e := deviceEvent("device.received", by, id, audit.Allow)
	e.Detail = map[string]string{"until": stamp(until)}
	if how == InPerson {
		e.Detail["handover"] = string(how)
	}
	return e
}

// Replacement is what comes in the place of a PC, and why.
type Replacement struct {
	Tag, Model string
	Reason     string
	Lost       bool // the old one did not come back
}

// Replace ends a PC and registers another in its place, for the same person, at
// the same place, under the same policy: both, or neither. also runs in the same
// transaction. The face on the new PC is enrolled anew, with a witness, since no
// template leaves a PC.
func (v *Inventory) Replace(ctx context.Context, by audit.Actor, old sekisho.DeviceID, next Replacement, also func(context.Context, storage.Tx, sekisho.DeviceID) error) (sekisho.DeviceID, error) {
	was, err := v.Get(ctx, old)
	if err != nil {
		return "", err
	}
	d, err := v.draft(ctx, Asset{Tag: next.Tag, Model: next.Model, Place: was.Place, Person: was.Person, Policy: was.Policy}, v.clk.Now())
	if err != nil {
		return "", err
	}
	finish, ends := v.ReturnWith, actReturn
	if next.Lost {
		finish, ends = v.RevokeWith, actRevoke
	}
	// Asked before anything closes: a replacement that is refused leaves the old PC as it is.
	if err := v.replaceable(ctx, was, ends, d.Tag); err != nil {
		return "", wrap("replace", old, err)
	}
	err = finish(ctx, by, old, next.Reason, func(ctx context.Context, tx storage.Tx) error {
		if err := v.insert(ctx, tx, by, d); err != nil {
			return err
		}
		e := deviceEvent("device.replaced", by, old, audit.Allow)
		e.Detail = map[string]string{"by_device": string(d.ID)}
		if err := v.log.Append(ctx, tx, e); err != nil {
			return err
		}
		return also(ctx, tx, d.ID)
	})
	if storage.Duplicate(err) {
		return "", ErrAssetUsed.Because(err)
	}
	if err != nil {
		return "", err
	}
	return d.ID, nil
}

// replaceable is nil where the old PC can end by that act, and the new one's tag is
// free: its own, which ends with it, is.
func (v *Inventory) replaceable(ctx context.Context, old Device, ends act, tag string) error {
	if _, err := step(old.State, ends); err != nil {
		return err
	}
	if tag == old.Tag {
		return nil
	}
	return v.db.Read(ctx, func(tx storage.Tx) error {
		used, err := tagUsed(ctx, tx, tag)
		if err == nil && used {
			err = ErrAssetUsed
		}
		return err
	})
}

// HolderOf says to whom a PC is issued, or about to be. One that was returned or
// revoked is nobody's: an error.
func (v *Inventory) HolderOf(ctx context.Context, id sekisho.DeviceID) (sekisho.PersonID, error) {
	r, err := v.read(ctx, id)
	switch {
	case err != nil:
		return "", wrap("holder of", id, err)
	case r.State == Returned:
		return "", ErrReturned
	case r.State == Revoked, r.Person == "":
		return "", ErrRevoked
	}
	return r.Person, nil
}
