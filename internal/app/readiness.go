package app

import (
	"context"
	"sync"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/readiness"
	"github.com/sekisho/sekisho/internal/wire"
)

// readinessOf makes the room that says how ready the centre is. It is made last:
// nearly every other room tells it something.
func (h *House) readinessOf() *readiness.Readiness {
	return readiness.New(h.db, h.clock, readiness.Deps{Audit: h.log, People: h.people, Box: h.box, Facts: facts{h}})
}

// readinessListeners join what follows a self-check, and what ends with a contract.
func (s *Server) readinessListeners() {
	s.people.OnLeft(s.readiness.ForgetPerson)
	s.readiness.OnChange(func(c readiness.Check) {
		s.changes.show("readiness.changed", nil)
		s.changes.tell(c.Person, "room.changed", nil)
	})
}

// facts are what other rooms know, in readiness' words.
type facts struct{ h *House }

// basis is what most sources begin with, read once for each survey.
type basis struct {
	people func() ([]operators.Person, error)
	pcs    func() ([]devices.Device, error)
}

func (f facts) basis(ctx context.Context) basis {
	return basis{
		people: sync.OnceValues(func() ([]operators.Person, error) { return f.h.people.List(ctx) }),
		pcs:    sync.OnceValues(func() ([]devices.Device, error) { return f.h.devices.List(ctx) }),
	}
}

// issued are the PCs that may connect.
func (b basis) issued() (out []devices.Device, err error) {
	all, err := b.pcs()
	for _, d := range all {
		if d.State == devices.Issued {
			out = append(out, d)
		}
	}
	return out, err
}

// out are the PCs that are neither returned nor revoked, suspended ones among them.
func (b basis) out() (out []devices.Device, err error) {
	all, err := b.pcs()
	for _, d := range all {
		if d.State != devices.Returned && d.State != devices.Revoked {
			out = append(out, d)
		}
	}
	return out, err
}

// home are those that may connect and work at home.
func (b basis) home() (out []devices.Device, err error) {
	all, err := b.issued()
	for _, d := range all {
		if d.Place == sekisho.PlaceHome {
			out = append(out, d)
		}
	}
	return out, err
}

// operators are the people who take calls.
func (b basis) operators() (out []operators.Person, err error) {
	all, err := b.people()
	for _, p := range all {
		if p.Has(sekisho.RoleOperator) {
			out = append(out, p)
		}
	}
	return out, err
}

// atHome lists who works at home: whoever is said to, or holds a PC for it.
func (b basis) atHome() (out []sekisho.PersonID, err error) {
	pcs, err := b.home()
	if err != nil {
		return nil, err
	}
	holds := map[sekisho.PersonID]bool{}
	for _, d := range pcs {
		holds[d.Person] = true
	}
	people, err := b.operators()
	for _, p := range people {
		if p.Place == sekisho.PlaceHome || holds[p.ID] {
			out = append(out, p.ID)
		}
	}
	return out, err
}

// WorksAtHome looks at the person and at the PC in front of him.
func (f facts) WorksAtHome(ctx context.Context, p sekisho.PersonID, d sekisho.DeviceID) (bool, error) {
	person, err := f.h.people.Get(ctx, p)
	if err != nil || !person.Has(sekisho.RoleOperator) {
		return false, err
	}
	device, err := f.h.devices.Get(ctx, d)
	return person.Place == sekisho.PlaceHome || device.Place == sekisho.PlaceHome, err
}

// Survey names a source for every measure but those that the room knows itself.
// All of them share what is read first.
func (f facts) Survey() readiness.Survey {
	var once sync.Once
	var b basis
	of := func(find func(context.Context, basis) (map[readiness.ID][]readiness.Subject, error), tells ...readiness.ID) readiness.Source {
		return readiness.Source{Tells: tells, Find: func(ctx context.Context) (map[readiness.ID][]readiness.Subject, error) {
			once.Do(func() { b = f.basis(ctx) })
			return find(ctx, b)
		}}
	}
	atHome := func(ctx context.Context) ([]sekisho.PersonID, error) {
		once.Do(func() { b = f.basis(ctx) })
		return b.atHome()
	}
	return readiness.Survey{AtHome: atHome, Sources: []readiness.Source{
		of(f.keys, readiness.TPM),
		of(f.posture, readiness.Disk, readiness.Posture, readiness.Place),
		of(f.faces, readiness.Face),
		of(f.guard, readiness.Guard),
		of(f.addresses, readiness.Addresses),
		of(f.log, readiness.Log, readiness.SIEM),
		of(f.items, readiness.Filter, readiness.Lock, readiness.Accessories),
		of(f.permits, readiness.Permit),
		of(f.due, readiness.Due),
		of(f.training, readiness.Training, readiness.Documents),
		of(f.contracts, readiness.Contract),
		of(f.able, readiness.Administrators, readiness.Supervisors, readiness.Officers),
		of(f.passwords, readiness.Passwords),
		of(f.levels, readiness.Levels),
		of(f.access, readiness.Access),
		of(f.shifts, readiness.Shifts),
		of(f.roster, readiness.Roster),
		of(f.incidents, readiness.Undecided, readiness.Evidence),
		of(f.disaster, readiness.Disaster),
	}}
}

// light is green where something holds.
func light(holds bool, otherwise readiness.Light) readiness.Light {
	if holds {
		return readiness.Green
	}
	return otherwise
}

// deskRoom speaks of self-checks in the desk door's words.
type deskRoom struct{ h *House }

func (r deskRoom) by(c desk.Caller) readiness.By {
	return readiness.By{Person: c.Person, Device: c.Device, Session: c.Session}
}

func (r deskRoom) Own(ctx context.Context, c desk.Caller) (wire.RoomCheck, error) {
	return r.h.readiness.Own(ctx, r.by(c))
}

func (r deskRoom) Answer(ctx context.Context, c desk.Caller, in wire.RoomAnswers) error {
	return r.h.readiness.Answer(ctx, r.by(c), in)
}
