package app

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/wire"
)

// keepWithin bounds the storing of a report whose sender may be gone.
const keepWithin = 10 * time.Second

// deskPosture takes reports in: whoever must close on one closes before it is stored.
type deskPosture struct {
	h       *House
	changes *changes
}

// Take judges a report at once, ends the session that it speaks against, and
// then stores it.
func (p deskPosture) Take(ctx context.Context, c desk.Caller, s wire.Signed) (out wire.PostureStanding, err error) {
	by, live, err := p.by(ctx, c)
	if err != nil {
		return out, err
	}
	err = p.h.posture.Take(by, s)
	p.h.book.Recheck(c.Connection)
	if err != nil {
		return out, err
	}
	// Closing has cut the very flow that the report came on: it is stored all the same.
	keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin)
	defer cancel()
	changed, err := p.h.posture.Keep(keep, by)
	if err != nil {
		return out, err
	}
	if changed {
		p.changes.show("device.changed", nil)
		p.changes.tell(c.Person, "posture.changed", nil)
	}
	return p.h.posture.Standing(ctx, by, live, false)
}

// Standing tells a PC how it stands.
func (p deskPosture) Standing(ctx context.Context, c desk.Caller, english bool) (out wire.PostureStanding, err error) {
	by, live, err := p.by(ctx, c)
	if err != nil {
		return out, err
	}
	return p.h.posture.Standing(ctx, by, live, english)
}

// by names the caller to posture: during a session by the policy that it opened
// under, else by the one in force.
func (p deskPosture) by(ctx context.Context, c desk.Caller) (by posture.By, live bool, err error) {
	s, ok := p.h.book.Connection(c.Connection)
	if !ok {
		return by, false, sekisho.Fail(sekisho.KindDenied, "connection.unknown")
	}
	policy := s.Session.Policy
	if !s.Live {
		if policy, err = p.h.policies.Get(ctx, s.Policy); err != nil {
			return by, false, err
		}
	}
	return posture.By{
		Connection: c.Connection, Device: c.Device, Person: c.Person, LeaseKey: c.LeaseKey, Policy: policy.Name, Place: policy.Place,
	}, s.Live, nil
}

// recheckPosture ends sessions whose PC has stopped reporting.
func (s *Server) recheckPosture(ctx context.Context) error {
	tick := time.NewTicker(grants.RecheckEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			s.book.RecheckAll()
		}
	}
}
