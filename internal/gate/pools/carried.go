package pools

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/carrying"
	"github.com/sekisho/sekisho/internal/wire"
)

// By is who acts on which PC; Session is "" in quarantine.
type By struct {
	Device  sekisho.DeviceID
	Person  sekisho.PersonID
	Session sekisho.SessionID
}

func (b By) actor() audit.Actor {
	return audit.Actor{Person: b.Person, Device: b.Device, Role: sekisho.RoleOperator}
}

// refused leaves the row of what was refused, and gives the refusal back.
func (r *Pools) refused(b By, kind string, err error) error {
	r.deps.Log.Afterwards(audit.Event{
		Kind: kind, Actor: b.actor(), Object: audit.Object{Type: "device", ID: string(b.Device)}, Decision: audit.Deny,
		Reason: sekisho.CodeOf(err), Session: b.Session,
	})
	return fmt.Errorf("pools: %s: %w", kind, err)
}

// PutKey takes the key to seal to of the PC itself, if its certificate is good now.
func (r *Pools) PutKey(ctx context.Context, by By, k wire.CertifiedKey) error {
	pc, _, err := r.deps.Devices.Authority().Check(k)
	if err == nil && pc.ID != by.Device {
		err = carrying.ErrUncertified.Because(errors.New("pools: key of another PC"))
	}
	if err == nil {
		err = r.certified(ctx, by.Device, k.Certificate)
	}
	if err == nil {
		_, err = r.sits(ctx, by)
	}
	if err != nil {
		return r.refused(by, "pool.key_refused", err)
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		old, found, err := keyOf(ctx, tx, by.Device)
		if err != nil || found && same(old, k) {
			return err
		}
		if err := putKey(ctx, tx, by.Device, k); err != nil {
			return err
		}
		return r.deps.Log.Append(ctx, tx, audit.Event{
			Kind: "pool.key_noted", Actor: by.actor(), Object: audit.Object{Type: "device", ID: string(by.Device)}, Decision: audit.Allow,
			Detail: map[string]string{"tier": string(pc.Tier)},
		})
	})
	if err != nil {
		return fmt.Errorf("pools: key: %w", err)
	}
	return nil
}

// certified asks the inventory whether a certificate is good at this moment.
func (r *Pools) certified(ctx context.Context, d sekisho.DeviceID, der []byte) error {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return carrying.ErrUncertified.Because(err)
	}
	if err := r.deps.Devices.ByCertificate(ctx, d, cert); err != nil {
		return carrying.ErrUncertified.Because(err)
	}
	return nil
}

// sits says in which group somebody sits here, now.
func (r *Pools) sits(ctx context.Context, by By) (Sitting, error) {
	s, err := r.Of(ctx, by.Device)
	if err != nil {
		return s, err
	}
	if !s.Shared() {
		return s, ErrNotShared
	}
	s.Person = by.Person
	return s, r.one(ctx, s)
}

// Targets lists PCs of the group that have a key and lack the caller's face, to
// be sealed for in his live session. PCs that are not certified now, or that keep
// their key worse than this one, are left out.
func (r *Pools) Targets(ctx context.Context, by By) ([]wire.CertifiedKey, error) {
	s, err := r.sits(ctx, by)
	if err != nil {
		return nil, err
	}
	var lacking []target
	var own wire.CertifiedKey
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		var found bool
		if own, found, err = keyOf(ctx, tx, by.Device); err != nil || !found {
			return err // before it can be sealed to, a PC passes nothing on
		}
		all, err := keysOf(ctx, tx, s.Pool)
		if err != nil {
			return err
		}
		for _, t := range all {
			kept, err := r.deps.Faces.On(ctx, tx, t.device)
			if err != nil {
				return err
			}
			if t.device != by.Device && !has(kept, by.Person) {
				lacking = append(lacking, t)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("pools: targets: %w", err)
	}
	out := []wire.CertifiedKey{}
	for _, t := range lacking {
		if len(out) == TargetsAtOnce {
			break
		}
		if r.mayGive(own.Certificate, t.key.Certificate) == nil && r.certified(ctx, t.device, t.key.Certificate) == nil {
			out = append(out, t.key)
		}
	}
	return out, nil
}

// mayGive asks the two certificates whether a face may go from one PC to another.
func (r *Pools) mayGive(from, to []byte) error {
	authority := r.deps.Devices.Authority()
	giver, err := authority.PC(from)
	if err != nil {
		return err
	}
	taker, err := authority.PC(to)
	if err != nil {
		return err
	}
	return giver.MayGive(taker)
}

// Carry takes a face that the caller's PC has sealed for another one of the group.
func (r *Pools) Carry(ctx context.Context, by By, c wire.Carry) error {
	f, err := r.deps.Devices.Authority().Stated(c)
	if err == nil && (f.From != by.Device || f.Person != by.Person || f.To == f.From || by.Session == "") {
		err = carrying.ErrCarried.Because(errors.New("pools: of another person or PC"))
	}
	if err == nil {
		err = r.certified(ctx, by.Device, c.Certificate)
	}
	var s Sitting
	if err == nil {
		s, err = r.sits(ctx, by)
	}
	var to wire.CertifiedKey
	if err == nil {
		to, err = r.keyNow(ctx, f.To)
	}
	if err == nil {
		err = r.db.Write(ctx, func(tx storage.Tx) error { return r.carry(ctx, tx, by, s, to, f, c) })
	}
	if err != nil {
		return r.refused(by, "pool.face_refused", err)
	}
	return nil
}

// keyNow gives the key of a PC whose certificate is good at this moment.
func (r *Pools) keyNow(ctx context.Context, d sekisho.DeviceID) (k wire.CertifiedKey, err error) {
	found := false
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		k, found, err = keyOf(ctx, tx, d)
		return err
	})
	if err == nil && !found {
		err = carrying.ErrUncertified
	}
	if err != nil {
		return k, err
	}
	return k, r.certified(ctx, d, k.Certificate)
}

func (r *Pools) carry(ctx context.Context, tx storage.Tx, by By, s Sitting, asked wire.CertifiedKey, f wire.CarriedFace, c wire.Carry) error {
	// Asked again in the transaction: whoever was taken out a moment ago is out.
	switch in, err := member(ctx, tx, s.Pool, by.Person); {
	case err != nil:
		return err
	case !in:
		return ErrNotOne
	}
	for _, d := range []sekisho.DeviceID{f.From, f.To} {
		if now, err := poolOf(ctx, tx, d); err != nil || now != s.Pool {
			return errors.Join(err, carrying.ErrUncertified.Because(errors.New("pools: a PC outside the group")))
		}
	}
	to, found, err := keyOf(ctx, tx, f.To)
	if err != nil || !found || !same(to, asked) { // another key was not asked about
		return errors.Join(err, carrying.ErrUncertified)
	}
	if err := r.mayGive(c.Certificate, to.Certificate); err != nil {
		return err
	}
	if err := r.deps.Faces.Carry(ctx, tx, f.Person, f.From, f.To, f.Commitment); err != nil {
		return err
	}
	if err := putCarried(ctx, tx, f, c, r.clk.Now()); err != nil {
		return err
	}
	return r.deps.Log.Append(ctx, tx, audit.Event{
		Kind: "pool.face_carried", Actor: by.actor(), Object: audit.Object{Type: "device", ID: string(f.To)}, Decision: audit.Allow, Session: by.Session,
		Detail: map[string]string{"pool": string(s.Pool), "from": string(f.From), "sealed": f.Sealed},
	})
}

// Waiting gives the caller's face on its way to this PC, or nil.
func (r *Pools) Waiting(ctx context.Context, by By, commitment string) (c *wire.Carry, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		found, known, err := carried(ctx, tx, by.Person, by.Device)
		if err == nil && known != "" && known == commitment {
			c = &found
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("pools: waiting: %w", err)
	}
	return c, nil
}

// Kept lists whose faces may lie on a PC now: of those kept for it, whoever may sit there.
func (r *Pools) Kept(ctx context.Context, d sekisho.DeviceID) (keep []sekisho.PersonID, err error) {
	keep = []sekisho.PersonID{}
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		s, err := groupOf(ctx, tx, d)
		if err != nil {
			return err
		}
		kept, err := r.deps.Faces.On(ctx, tx, d)
		if err != nil {
			return err
		}
		for _, p := range kept {
			ok := !s.Shared()
			if s.Shared() {
				if ok, err = member(ctx, tx, s.Pool, p); err != nil {
					return err
				}
			}
			if ok {
				keep = append(keep, p)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("pools: kept: %w", err)
	}
	return keep, nil
}

// HasKey says whether the key to seal to is known under a PC's newest certificate.
func (r *Pools) HasKey(ctx context.Context, d sekisho.DeviceID) (yes bool, err error) {
	var k wire.CertifiedKey
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		k, yes, err = keyOf(ctx, tx, d)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("pools: key: %w", err)
	}
	return yes && r.certified(ctx, d, k.Certificate) == nil, nil
}

// Taken hears what became of a face that waited: it is deleted here either way,
// and one that was refused does not count on that PC.
func (r *Pools) Taken(ctx context.Context, by By, t wire.CarryTaken) error {
	kind := "pool.face_taken"
	if t.Refused != "" {
		kind = "pool.face_spoiled"
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		_, known, err := carried(ctx, tx, by.Person, by.Device)
		if err != nil {
			return err
		}
		if known == "" || known != t.Commitment {
			return ErrNone
		}
		if err := deleteCarried(ctx, tx, by.Person, by.Device); err != nil {
			return err
		}
		e := audit.Event{Kind: kind, Actor: by.actor(), Object: audit.Object{Type: "device", ID: string(by.Device)}, Decision: audit.Allow}
		if t.Refused != "" {
			e.Decision, e.Reason = audit.Deny, carrying.ErrCarried.Code
			if err := r.deps.Faces.Wipe(ctx, tx, by.Person, by.Device); err != nil {
				return err
			}
		}
		return r.deps.Log.Append(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("pools: taken: %w", err)
	}
	return r.deps.Faces.Sweep(ctx)
}

// DropCarried deletes a person's faces that are on their way.
func (r *Pools) DropCarried(ctx context.Context, p sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error { return deleteCarriedOf(ctx, tx, p) })
	if err != nil {
		return fmt.Errorf("pools: drop carried: %w", err)
	}
	return nil
}

// carriedLife is how long a face waits for its PC; the consent text names it.
const carriedLife = 30 * 24 * time.Hour

// Tidy deletes faces that no PC has taken in time. Such a face does not count there
// any more, so that the PC where it is offers it anew.
func (r *Pools) Tidy(ctx context.Context) error {
	n := 0
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		late, err := carriedBefore(ctx, tx, r.clk.Now().Add(-carriedLife))
		if err != nil {
			return err
		}
		n = len(late)
		for _, f := range late {
			if err := deleteCarried(ctx, tx, f.person, f.device); err != nil {
				return err
			}
			if err := r.deps.Faces.Uncarry(ctx, tx, f.person, f.device, f.commitment); err != nil {
				return err
			}
			if err := r.deps.Log.Append(ctx, tx, audit.Event{
				Kind: "pool.face_expired", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "device", ID: string(f.device)},
				Closing: true, Detail: map[string]string{"person": string(f.person)},
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("pools: tidy: %w", err)
	}
	if n == 0 {
		return nil
	}
	return r.deps.Faces.Sweep(ctx)
}

func same(a, b wire.CertifiedKey) bool {
	return bytes.Equal(a.Certificate, b.Certificate) && bytes.Equal(a.Statement.Payload, b.Statement.Payload)
}
