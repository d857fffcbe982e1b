package permits

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Permits is the room.
type Permits struct {
	db      *storage.DB
	clk     clock.Clock
	log     Audit
	devices Devices

	mu    sync.Mutex // guards ended
	ended []func(sekisho.DeviceID)
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit, devices Devices) *Permits {
	return &Permits{db: db, clk: clk, log: log, devices: devices}
}

// OnEnded registers fn, which must look again at what is open on the PC before
// it returns.
func (r *Permits) OnEnded(fn func(sekisho.DeviceID)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = append(r.ended, fn)
}

// Give lets whoever holds a PC work with it outside the office. ID, Person,
// Approver and Given are the room's to fill in.
func (r *Permits) Give(ctx context.Context, by audit.Actor, p Permit) (Permit, error) {
	p.ID, p.Approver, p.Given, p.Ended, p.EndedBy = sekisho.PermitID(wire.NewID()), by.Person, r.clk.Now(), time.Time{}, ""
	holder, err := r.devices.HolderOf(ctx, p.Device)
	if sekisho.CodeOf(err) == "permit.shared" {
		return Permit{}, err
	}
	if err != nil {
		return Permit{}, errDevice.Because(err)
	}
	p.Person = holder
	if err := p.check(p.Given); err != nil {
		return Permit{}, err
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		others, err := ofDevice(ctx, tx, p.Device)
		if err != nil {
			return err
		}
		if len(others) >= most {
			return errMany
		}
		for _, o := range others {
			if o.Ended.IsZero() && o.From.Before(p.Until) && p.From.Before(o.Until) {
				return errOverlap
			}
		}
		if err := insert(ctx, tx, p); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "permit.given", Actor: by, Object: audit.Object{Type: "device", ID: string(p.Device)}, Decision: audit.Allow,
			Detail: map[string]string{"permit": string(p.ID), "person": string(p.Person), "where": string(p.Where), "from": stamp(p.From), "until": stamp(p.Until)},
		})
	})
	if err != nil {
		return Permit{}, fmt.Errorf("permits: give for %s: %w", p.Device, err)
	}
	return p, nil
}

// End takes a permit back. Whatever was open by it alone is closed when End returns.
func (r *Permits) End(ctx context.Context, by audit.Actor, id sekisho.PermitID) error {
	var p Permit
	err := r.db.Write(ctx, func(tx storage.Tx) (err error) {
		if p, err = one(ctx, tx, id); err != nil {
			return err
		}
		if p.Over(r.clk.Now()) {
			return errEnded
		}
		return r.end(ctx, tx, by, p)
	})
	if err != nil {
		return fmt.Errorf("permits: end %s: %w", id, err)
	}
	r.tell(p.Device)
	return nil
}

// ForgetDevice ends every permit of a PC that has ended, those that are yet to
// begin too.
func (r *Permits) ForgetDevice(ctx context.Context, d sekisho.DeviceID) error {
	ended := 0
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		list, err := ofDevice(ctx, tx, d)
		if err != nil {
			return err
		}
		ended = 0
		for _, p := range list {
			if p.Over(r.clk.Now()) {
				continue
			}
			if err := r.end(ctx, tx, audit.Actor{Process: "server"}, p); err != nil {
				return err
			}
			ended++
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("permits: forget %s: %w", d, err)
	}
	if ended > 0 {
		r.tell(d)
	}
	return nil
}

func (r *Permits) end(ctx context.Context, tx storage.Tx, by audit.Actor, p Permit) error {
	if err := end(ctx, tx, p.ID, by.Person, r.clk.Now()); err != nil {
		return err
	}
	return r.log.Append(ctx, tx, audit.Event{
		Kind: "permit.ended", Actor: by, Object: audit.Object{Type: "device", ID: string(p.Device)}, Closing: true,
		Detail: map[string]string{"permit": string(p.ID), "person": string(p.Person)},
	})
}

func (r *Permits) tell(d sekisho.DeviceID) {
	r.mu.Lock()
	fns := r.ended
	r.mu.Unlock()
	for _, fn := range fns {
		fn(d)
	}
}

// Holds says whether a person has a permit for a PC at this moment.
func (r *Permits) Holds(ctx context.Context, d sekisho.DeviceID, person sekisho.PersonID) (bool, error) {
	var list []Permit
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		list, err = ofDevice(ctx, tx, d)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("permits: of %s: %w", d, err)
	}
	now := r.clk.Now()
	for _, p := range list {
		if p.Person == person && p.Counts(now) {
			return true, nil
		}
	}
	return false, nil
}

// Holders are the people who have a permit for some PC at this moment.
func (r *Permits) Holders(ctx context.Context) (map[sekisho.PersonID]bool, error) {
	list, err := r.List(ctx)
	if err != nil {
		return nil, err
	}
	now, out := r.clk.Now(), map[sekisho.PersonID]bool{}
	for _, p := range list {
		if p.Counts(now) {
			out[p.Person] = true
		}
	}
	return out, nil
}

// List gives the permits that count now or may yet, the first to end first.
func (r *Permits) List(ctx context.Context) (list []Permit, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		list, err = standing(ctx, tx, r.clk.Now())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("permits: list: %w", err)
	}
	return list, nil
}

// Of gives every permit of a PC, the newest first.
func (r *Permits) Of(ctx context.Context, d sekisho.DeviceID) (list []Permit, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		list, err = ofDevice(ctx, tx, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("permits: of %s: %w", d, err)
	}
	return list, nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
