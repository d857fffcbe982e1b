package devices

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Deps are what the inventory needs of others.
type Deps struct {
	DB           *storage.DB
	Clock        clock.Clock
	Log          Log
	Certificates Certificates
	Attestation  Attestation
	Policies     Policies
	Trust        Trust
	Sitters      Sitters
}

// Inventory is every PC that was ever registered. Its methods may be used from
// many goroutines.
type Inventory struct {
	db       *storage.DB
	clk      clock.Clock
	log      Log
	certs    Certificates
	attest   Attestation
	policies Policies
	trust    Trust
	sitters  Sitters

	nonces   *nonces
	bySource *Limit // enrolments
	byCode   *Limit
	askedBy  *Limit // challenges, by source
	askedFor *Limit // by code
	named    *Limit // people at a shared PC, by PC

	mu     sync.Mutex // guards closed
	closed []func(sekisho.DeviceID, string)
}

// New makes the inventory on tables that Schema has made.
func New(d Deps) *Inventory {
	return &Inventory{
		db: d.DB, clk: d.Clock, log: d.Log, certs: d.Certificates, attest: d.Attestation, policies: d.Policies, trust: d.Trust, sitters: d.Sitters,
		nonces: newNonces(d.Clock),
		// A depot may enrol many PCs from one address; a person types a code a few times.
		bySource: NewLimit(d.Clock, 30, 2*time.Second),
		byCode:   NewLimit(d.Clock, 5, time.Minute),
		askedBy:  NewLimit(d.Clock, 30, 2*time.Second),
		askedFor: NewLimit(d.Clock, 5, time.Minute),
		named:    NewLimit(d.Clock, 20, 15*time.Second),
	}
}

// OnClosed registers fn, which must end every connection of the device before
// it returns. reason is an error code. It may be called more than once for one
// act, and for a device that has no connection.
func (v *Inventory) OnClosed(fn func(device sekisho.DeviceID, reason string)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = append(v.closed, fn)
}

func (v *Inventory) close(device sekisho.DeviceID, reason string) {
	v.nonces.forget(device)
	v.mu.Lock()
	listeners := v.closed
	v.mu.Unlock()
	for _, fn := range listeners {
		fn(device, reason)
	}
}

// Register takes a PC into the inventory.
func (v *Inventory) Register(ctx context.Context, by audit.Actor, asset Asset) (Device, error) {
	d, err := v.draft(ctx, asset, v.clk.Now())
	if err != nil {
		return Device{}, err
	}
	err = v.db.Write(ctx, func(tx storage.Tx) error { return v.insert(ctx, tx, by, d) })
	if storage.Duplicate(err) {
		return Device{}, ErrAssetUsed.Because(err)
	}
	return d, wrap("register", d.ID, err)
}

// draft is a new PC of the inventory, checked and not stored yet.
func (v *Inventory) draft(ctx context.Context, asset Asset, now time.Time) (Device, error) {
	asset, err := asset.valid()
	if err != nil {
		return Device{}, err
	}
	place, err := v.policies.PlaceOf(ctx, asset.Policy)
	if err != nil {
		return Device{}, fmt.Errorf("devices: register: policy: %w", err)
	}
	if asset.Place == sekisho.PlaceHome && place != sekisho.PlaceHome { // what is asked of the home goes by the policy's place
		return Device{}, ErrPolicyPlace
	}
	return Device{ID: sekisho.DeviceID(wire.NewID()), Asset: asset, State: Registered, Since: now, Registered: now}, nil
}

func (v *Inventory) insert(ctx context.Context, tx storage.Tx, by audit.Actor, d Device) error {
	if err := insertDevice(ctx, tx, d); err != nil {
		return err
	}
	e := deviceEvent("device.registered", by, d.ID, audit.Allow)
	e.Detail = map[string]string{"asset_tag": d.Tag, "place": string(d.Place), "policy": string(d.Policy), "person": string(d.Person)}
	return v.log.Append(ctx, tx, e)
}

// Code makes the one enrolment code that counts for a PC from now on. server is
// the agents' door as the PC will reach it. The code holds the secret: it can
// be shown now and never again. Unless it is handed over with the PC, in person, it
// opens nothing before Received.
func (v *Inventory) Code(ctx context.Context, by audit.Actor, id sekisho.DeviceID, server string, how Handover) (wire.EnrolmentCode, error) {
	code, err := v.newCode(server)
	if err != nil {
		return wire.EnrolmentCode{}, err
	}
	now := v.clk.Now()
	row := codeRow{secret: secretHash(code.Secret[:]), device: id, made: now, expires: now.Add(waiting), held: true}
	if how == InPerson {
		row.expires, row.held = now.Add(codeLife), false
	}
	err = v.db.Write(ctx, func(tx storage.Tx) error {
		d, err := selectDevice(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := step(d.State, actCode); err != nil {
			return err
		}
		if err := withdrawCodes(ctx, tx, id, now); err != nil {
			return err
		}
		if err := insertCode(ctx, tx, row); err != nil {
			return err
		}
		e := deviceEvent("device.code_made", by, id, audit.Allow)
		e.Detail = map[string]string{"until": stamp(row.expires), "server": server}
		if err := v.log.Append(ctx, tx, e); err != nil || row.held {
			return err
		}
		return v.log.Append(ctx, tx, receivedRow(by, id, row.expires, how))
	})
	if err != nil {
		return wire.EnrolmentCode{}, wrap("code for", id, err)
	}
	return code, nil
}

// newCode makes a code that a PC can read.
func (v *Inventory) newCode(server string) (wire.EnrolmentCode, error) {
	code := wire.EnrolmentCode{Server: server, Trust: v.trust.Trust().Hash(), Secret: wire.NewEnrolmentSecret()}
	if len(server) > 255 {
		return wire.EnrolmentCode{}, ErrServer
	}
	if _, err := wire.ParseEnrolmentCode(code.String()); err != nil {
		return wire.EnrolmentCode{}, ErrServer.Because(err)
	}
	return code, nil
}

// Approve issues a pending PC once an administrator has compared the
// fingerprint on its screen with the one on his, and typed or confirmed it. A
// key in software is refused unless the PC's policy names it.
func (v *Inventory) Approve(ctx context.Context, by audit.Actor, id sekisho.DeviceID, fingerprint string) error {
	err := v.approve(ctx, by, id, fingerprint)
	if err != nil {
		e := deviceEvent("device.approval_failed", by, id, audit.Deny)
		e.Reason = sekisho.CodeOf(err)
		v.log.Afterwards(e)
	}
	return wrap("approve", id, err)
}

func (v *Inventory) approve(ctx context.Context, by audit.Actor, id sekisho.DeviceID, fingerprint string) error {
	seen, err := v.read(ctx, id)
	if err != nil {
		return err
	}
	if _, err := step(seen.State, actApprove); err != nil {
		return err
	}
	tier := tierOf(seen.KeyKind, seen.Proved)
	if seen.KeyKind == KeyTPM && tier == sekisho.TierNone { // enrolled before proofs were asked for
		return ErrUnproved
	}
	if err := v.tierAllowed(ctx, tier, seen.Policy); err != nil {
		return err
	}
	return v.db.Write(ctx, func(tx storage.Tx) error {
		d, err := selectDevice(ctx, tx, id)
		if err != nil {
			return err
		}
		to, err := step(d.State, actApprove)
		if err != nil {
			return err
		}
		if d.enrolment != seen.enrolment || d.Policy != seen.Policy { // another PC came in between
			return ErrState
		}
		if !sameFingerprint(fingerprint, d.Fingerprint) {
			return ErrFingerprint
		}
		der, serial, err := v.certs.IssueDevice(ctx, tx, d.csr, id, tier)
		if err != nil {
			return err
		}
		now := v.clk.Now()
		if err := issueEnrolment(ctx, tx, d.enrolment, der, now); err != nil {
			return err
		}
		if err := updateDevice(ctx, tx, id, change{state: to, since: now, tier: tier, enrolment: d.enrolment}); err != nil {
			return err
		}
		e := deviceEvent("device.approved", by, id, audit.Allow)
		e.Detail = map[string]string{"key": d.keyHash, "fingerprint": d.Fingerprint, "tier": string(tier), "serial": serial, "policy": string(d.Policy)}
		if d.Ground != "" {
			e.Detail["ground"] = d.Ground
		}
		return v.log.Append(ctx, tx, e)
	})
}

// tierAllowed refuses a key in software unless the policy names it, and any
// key whose tier is not known.
func (v *Inventory) tierAllowed(ctx context.Context, tier sekisho.Tier, policy sekisho.PolicyName) error {
	switch tier {
	case sekisho.TierA, sekisho.TierB:
		return nil
	case sekisho.TierC:
		ok, err := v.policies.AllowsSoftwareKeys(ctx, policy)
		if err != nil {
			return ErrSoftware.Because(err) // what cannot be looked up is refused
		}
		if ok {
			return nil
		}
	}
	return ErrSoftware
}

// Get returns one PC.
func (v *Inventory) Get(ctx context.Context, id sekisho.DeviceID) (Device, error) {
	r, err := v.read(ctx, id)
	return r.Device, wrap("get", id, err)
}

func (v *Inventory) read(ctx context.Context, id sekisho.DeviceID) (r record, err error) {
	err = v.db.Read(ctx, func(tx storage.Tx) (err error) {
		r, err = selectDevice(ctx, tx, id)
		return err
	})
	r.hideExpired(v.clk.Now())
	return r, err
}

// List returns every PC, by asset tag; what was returned or revoked comes last.
func (v *Inventory) List(ctx context.Context) ([]Device, error) {
	var rows []record
	err := v.db.Read(ctx, func(tx storage.Tx) (err error) {
		rows, err = selectDevices(ctx, tx, "")
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("devices: list: %w", err)
	}
	list := make([]Device, len(rows))
	for i := range rows {
		rows[i].hideExpired(v.clk.Now())
		list[i] = rows[i].Device
	}
	return list, nil
}

func wrap(what string, id sekisho.DeviceID, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("devices: %s %s: %w", what, id, err)
}

func deviceEvent(kind string, by audit.Actor, id sekisho.DeviceID, decision string) audit.Event {
	return audit.Event{Kind: kind, Actor: by, Object: audit.Object{Type: "device", ID: string(id)}, Decision: decision}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

var errNoRow = errors.New("devices: no row was changed")
