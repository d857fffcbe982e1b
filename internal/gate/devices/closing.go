package devices

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Refuse sends a pending PC away; it needs a new code.
func (v *Inventory) Refuse(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string) error {
	return v.end(ctx, by, id, ending{act: actRefuse, kind: "device.refused", code: codeRefused}, reason)
}

// Suspend stops an issued PC until it is resumed.
func (v *Inventory) Suspend(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string) error {
	return v.end(ctx, by, id, ending{act: actSuspend, kind: "device.suspended", code: ErrSuspended.Code, keep: true}, reason)
}

// Return takes a PC back for good and ends its certificates.
func (v *Inventory) Return(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string) error {
	return v.ReturnWith(ctx, by, id, reason, nil)
}

// ReturnWith does also in the transaction that takes the PC back: both, or neither.
func (v *Inventory) ReturnWith(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string, also func(context.Context, storage.Tx) error) error {
	return v.end(ctx, by, id, ending{act: actReturn, kind: "device.returned", code: ErrReturned.Code, also: also}, reason)
}

// Revoke ends a PC's trust for good: lost, stolen, or its key is in doubt.
func (v *Inventory) Revoke(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string) error {
	return v.RevokeWith(ctx, by, id, reason, nil)
}

// RevokeWith does also in the transaction that revokes the PC: both, or neither.
func (v *Inventory) RevokeWith(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string, also func(context.Context, storage.Tx) error) error {
	return v.end(ctx, by, id, ending{act: actRevoke, kind: "device.revoked", code: ErrRevoked.Code, also: also}, reason)
}

// ending is one of the acts that close.
type ending struct {
	act  act
	kind string // of the audit event
	code string // what the PC and its listeners are told
	keep bool   // certificates and enrolment stay, for Resume
	also func(context.Context, storage.Tx) error
}

// end closes a PC's connections at once, then makes it last, then closes again
// what opened in between. A database that fails does not keep a connection open.
func (v *Inventory) end(ctx context.Context, by audit.Actor, id sekisho.DeviceID, end ending, reason string) error {
	reason = wire.OneLine(reason)
	if reason == "" || !printable(reason, maxReason) {
		return ErrReason
	}
	v.close(id, end.code)
	defer v.close(id, end.code)
	return wrap(string(end.act), id, v.db.Write(ctx, func(tx storage.Tx) error {
		d, err := selectDevice(ctx, tx, id)
		if err != nil {
			return err
		}
		to, err := step(d.State, end.act)
		if err != nil {
			return err
		}
		now := v.clk.Now()
		if err := withdrawCodes(ctx, tx, id, now); err != nil {
			return err
		}
		next := change{state: to, since: now, reason: reason, tier: d.Tier, enrolment: d.enrolment}
		if end.keep {
			next.trouble = d.Trouble // what it was suspended for is still to be seen
		} else {
			if err := v.dismiss(ctx, tx, id, end.code, now); err != nil {
				return err
			}
			if to == Registered {
				next.tier, next.enrolment = sekisho.TierNone, ""
			}
		}
		if err := updateDevice(ctx, tx, id, next); err != nil {
			return err
		}
		e := deviceEvent(end.kind, by, id, "")
		e.Closing, e.Personal = true, audit.Personal{"reason": reason}
		if err := v.log.Append(ctx, tx, e); err != nil || end.also == nil {
			return err
		}
		return end.also(ctx, tx)
	}))
}

// dismiss ends a device's enrolments and certificates; code is what a PC that
// asks is told.
func (v *Inventory) dismiss(ctx context.Context, tx storage.Tx, id sekisho.DeviceID, code string, now time.Time) error {
	if err := refuseEnrolments(ctx, tx, id, code, now); err != nil {
		return err
	}
	return v.certs.Revoke(ctx, tx, id)
}

// Resume lets a suspended PC connect again.
func (v *Inventory) Resume(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string) error {
	reason = wire.OneLine(reason)
	if !printable(reason, maxReason) {
		return ErrReason
	}
	return wrap("resume", id, v.db.Write(ctx, func(tx storage.Tx) error {
		d, err := selectDevice(ctx, tx, id)
		if err != nil {
			return err
		}
		to, err := step(d.State, actResume)
		if err != nil {
			return err
		}
		if err := updateDevice(ctx, tx, id, change{state: to, since: v.clk.Now(), reason: reason, tier: d.Tier, enrolment: d.enrolment, trouble: d.Trouble}); err != nil {
			return err
		}
		e := deviceEvent("device.resumed", by, id, audit.Allow)
		e.Personal = audit.Personal{"reason": reason}
		return v.log.Append(ctx, tx, e)
	}))
}
