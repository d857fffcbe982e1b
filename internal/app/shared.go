package app

import (
	"context"
	"crypto/x509"
	"log/slog"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/pools"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/twin/carrying"
	"github.com/sekisho/sekisho/internal/wire"
)

// Shared PCs (共用PC): the rooms that know who sits where.

func (h *House) poolsOf() *pools.Pools {
	return pools.New(h.db, h.clock, pools.Deps{
		Log: h.log, People: h.people, Devices: poolDevices{h}, Clients: poolClients{h.clients}, Faces: poolFaces{h},
	})
}

// sharedListeners join what closes with a place at a shared PC.
func (s *Server) sharedListeners() {
	s.pools.OnChanged(func(d sekisho.DeviceID, p sekisho.PersonID) {
		s.conns.CloseSeat(d, p, pools.ErrNotOne.Code)
		s.changes.show("device.changed", nil)
	})
	s.people.OnLeft(s.pools.ForgetPerson)
	s.faces.OnWithdrawn(func(p sekisho.PersonID) {
		s.afterwards("faces of somebody who took his consent back are still on their way; nothing is handed out", func(ctx context.Context) error {
			return s.pools.DropCarried(ctx, p)
		})
	})
	s.devices.OnClosed(func(d sekisho.DeviceID, _ string) {
		s.afterwards("a closed PC is still in its group", func(ctx context.Context) error {
			device, err := s.devices.Get(ctx, d)
			if err == nil && device.State != devices.Returned && device.State != devices.Revoked {
				return nil
			}
			if err != nil {
				return err
			}
			return s.pools.ForgetPC(ctx, d)
		})
	})
}

// afterwards does what closes nothing by itself, without keeping the one that
// closes waiting; failed says what is then still so.
func (s *Server) afterwards(failed string, act func(context.Context) error) {
	s.wait.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := act(ctx); err != nil {
			slog.ErrorContext(ctx, failed, "error", err)
		}
	})
}

// tidyCarried deletes faces that their PC has not taken in time.
func (s *Server) tidyCarried(ctx context.Context) {
	if err := s.pools.Tidy(ctx); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "faces on their way are kept for longer than they should be", "error", err)
	}
}

var errAway = sekisho.Fail(sekisho.KindDenied, "shared.away")

// office is nil where a shared PC may be used as its policies stand: it is one of
// the office, its guard policy is one for the office, and posture closes wherever
// the place is another one, whatever system a PC says it has. Demonstration data
// has no place to recognise.
func (h *House) office(ctx context.Context, d devices.Device) error {
	if d.Place != sekisho.PlaceOffice {
		return errAway
	}
	policy, err := h.policies.Get(ctx, d.Policy)
	if err != nil {
		return err
	}
	if policy.Place != sekisho.PlaceOffice {
		return errAway
	}
	if demo, err := h.people.Demo(ctx); err != nil || demo {
		return err
	}
	rules, err := h.posture.Rules(ctx, policy.Name, policy.Place)
	if err != nil {
		return err
	}
	for _, r := range rules.Rules {
		if r.Check == "place" && r.Level == posture.Close && everySystem(r.On) {
			return nil
		}
	}
	return errAway
}

func everySystem(on []string) bool {
	return !slices.ContainsFunc(wire.PosturePlatforms, func(p string) bool { return !slices.Contains(on, p) })
}

// sitters answers the inventory: who sits at a PC.
type sitters struct{ h *House }

func (v sitters) Sitter(ctx context.Context, d devices.Device, login string) (sekisho.PersonID, string, error) {
	s, err := v.h.pools.Sitter(ctx, d.ID, login)
	if err != nil {
		return "", "", err
	}
	if !s.Shared() {
		return d.Person, "", nil
	}
	return s.Person, s.Group, v.h.office(ctx, d)
}

func (v sitters) MaySit(ctx context.Context, d devices.Device, p sekisho.PersonID) error {
	shared, err := v.h.pools.MaySit(ctx, p, d.ID)
	if err != nil {
		return err
	}
	if shared {
		return v.h.office(ctx, d)
	}
	if p != d.Person || p == "" {
		return pools.ErrNotOne
	}
	return nil
}

// seats answers the gate's conductor the same.
type seats struct{ h *House }

func (v seats) MaySit(ctx context.Context, p sekisho.PersonID, id sekisho.DeviceID) error {
	d, err := v.h.devices.Get(ctx, id)
	if err != nil {
		return err
	}
	return sitters(v).MaySit(ctx, d, p)
}

// poolDevices is the inventory in the words of pools.
type poolDevices struct{ h *House }

func (v poolDevices) Fits(ctx context.Context, id sekisho.DeviceID) error {
	d, err := v.h.devices.Get(ctx, id)
	if err != nil {
		return err
	}
	if d.State == devices.Returned || d.State == devices.Revoked {
		return devices.ErrState
	}
	return v.h.office(ctx, d)
}

func (v poolDevices) ByCertificate(ctx context.Context, id sekisho.DeviceID, cert *x509.Certificate) error {
	d, err := v.h.devices.ByCertificate(ctx, cert)
	if err == nil && d.ID != id {
		err = devices.ErrKey
	}
	return err
}

func (v poolDevices) Authority() carrying.Authority {
	return carrying.Authority{CA: v.h.certs.CA().Raw, Now: v.h.clock.Now()}
}

// poolClients is the room of client companies in the words of pools.
type poolClients struct{ c *clients.Clients }

var errNotTheirs = sekisho.Fail(sekisho.KindConflict, "pool.not_on_client")

func (v poolClients) Has(ctx context.Context, id sekisho.ClientID, p sekisho.PersonID) error {
	if _, err := v.c.ScopeOf(ctx, id); err != nil || p == "" {
		return err
	}
	works, err := v.c.WorksOf(ctx, p)
	if err != nil {
		return err
	}
	for _, client := range works {
		if client == id {
			return nil
		}
	}
	return errNotTheirs
}

// poolFaces is faces, which is made after pools.
type poolFaces struct{ h *House }

func (v poolFaces) Carry(ctx context.Context, tx storage.Tx, p sekisho.PersonID, from, to sekisho.DeviceID, commitment string) error {
	return v.h.faces.Carry(ctx, tx, p, from, to, commitment)
}

func (v poolFaces) On(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) ([]sekisho.PersonID, error) {
	return v.h.faces.On(ctx, tx, d)
}

func (v poolFaces) Wipe(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID) error {
	return v.h.faces.Wipe(ctx, tx, p, d)
}

func (v poolFaces) Uncarry(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, commitment string) error {
	return v.h.faces.Uncarry(ctx, tx, p, d, commitment)
}

func (v poolFaces) Sweep(ctx context.Context) error { return v.h.faces.Sweep(ctx) }

// permitDevices lets nobody take a shared PC home.
type permitDevices struct{ h *House }

// errStays is a shared PC that somebody wants to take home.
var errStays = sekisho.Fail(sekisho.KindDenied, "permit.shared")

func (v permitDevices) HolderOf(ctx context.Context, d sekisho.DeviceID) (sekisho.PersonID, error) {
	s, err := v.h.pools.Of(ctx, d)
	if err != nil {
		return "", err
	}
	if s.Shared() {
		return "", errStays
	}
	return v.h.devices.HolderOf(ctx, d)
}

// firstPC ties nobody to a shared PC: his group says on which ones he may begin.
type firstPC struct{ h *House }

func (v firstPC) Bind(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, s sekisho.SessionID) error {
	shared, err := v.h.pools.Shared(ctx, tx, d)
	if err != nil || shared {
		return err
	}
	return v.h.ties.Bind(ctx, tx, p, d, s)
}

// errUnproved is an act about a person at a shared PC before his face was seen.
var errUnproved = sekisho.Fail(sekisho.KindDenied, "shared.prove_first")

// proved is nil where it is certain that the caller is who he says: at a PC of
// his own it is his, at a shared one only in a live session.
func (h *House) proved(ctx context.Context, c desk.Caller) error {
	s, err := h.pools.Of(ctx, c.Device)
	if err == nil && s.Shared() && c.Session == "" {
		err = errUnproved
	}
	return err
}

// deskShared speaks of shared PCs in the desk door's words.
type deskShared struct{ h *House }

func poolBy(c desk.Caller) pools.By {
	return pools.By{Device: c.Device, Person: c.Person, Session: c.Session}
}

func (v deskShared) State(ctx context.Context, c desk.Caller) (out wire.SharedPC, err error) {
	s, err := v.h.pools.Of(ctx, c.Device)
	if err != nil {
		return out, err
	}
	out.Group = s.Group
	if out.Keep, err = v.h.pools.Kept(ctx, c.Device); err != nil || !s.Shared() {
		return out, err
	}
	if out.Key, err = v.h.pools.HasKey(ctx, c.Device); err != nil {
		return out, err
	}
	t, err := v.h.faces.Commitment(ctx, c.Person, c.Device)
	if sekisho.CodeOf(err) == "face.not_enrolled" {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Waiting, err = v.h.pools.Waiting(ctx, poolBy(c), t.Commitment)
	return out, err
}

func (v deskShared) Key(ctx context.Context, c desk.Caller, k wire.CertifiedKey) error {
	return v.h.pools.PutKey(ctx, poolBy(c), k)
}

func (v deskShared) Taken(ctx context.Context, c desk.Caller, t wire.CarryTaken) error {
	return v.h.pools.Taken(ctx, poolBy(c), t)
}

func (v deskShared) Targets(ctx context.Context, c desk.Caller) (wire.CarryTargets, error) {
	if err := v.byFace(c); err != nil {
		return wire.CarryTargets{}, err
	}
	list, err := v.h.pools.Targets(ctx, poolBy(c))
	return wire.CarryTargets{Targets: list}, err
}

func (v deskShared) Carry(ctx context.Context, c desk.Caller, f wire.Carry) error {
	if err := v.byFace(c); err != nil {
		return err
	}
	return v.h.pools.Carry(ctx, poolBy(c), f)
}

// byFace wants a live session that a face has opened.
func (v deskShared) byFace(c desk.Caller) error {
	s, ok := v.h.book.Connection(c.Connection)
	if !ok || !s.Live || s.Session.Class != sekisho.ClassFace {
		return errUnproved
	}
	return nil
}
