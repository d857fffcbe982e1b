package app

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/readiness"
	"github.com/sekisho/sekisho/internal/gate/training"
)

// What the rooms of people know of readiness.

// faces: whoever works by approval for want of a usable face is amber.
func (f facts) faces(ctx context.Context, b basis) (findings, error) {
	people, err := b.operators()
	if err != nil {
		return nil, err
	}
	enrolled, err := f.h.faces.Enrolled(ctx)
	out := []readiness.Subject{}
	for _, p := range people {
		s := readiness.Subject{Person: p.ID, Light: readiness.Amber}
		if p.FaceUsable {
			s.Light = light(enrolled[p.ID], readiness.Red)
		}
		out = append(out, s)
	}
	return findings{readiness.Face: out}, err
}

// training: courses and rule documents, by what logins have confirmed.
func (f facts) training(ctx context.Context, b basis) (findings, error) {
	people, err := b.operators()
	if err != nil {
		return nil, err
	}
	told, err := f.h.training.People(ctx, ids(people))
	now := f.h.clock.Now()
	out := findings{readiness.Training: {}, readiness.Documents: {}}
	for _, p := range people {
		s, known := told[p.ID]
		lights := trained(s, known, now)
		for id, l := range lights {
			out[id] = append(out[id], readiness.Subject{Person: p.ID, Light: l})
		}
	}
	return out, err
}

// trained gives how one person stands with courses and practice work, and with
// rule documents; of whom nothing was told, neither is known. Where nothing is asked
// of him there is nothing to judge.
func trained(s training.Standing, known bool, now time.Time) map[readiness.ID]readiness.Light {
	if !known {
		return map[readiness.ID]readiness.Light{readiness.Training: readiness.Unknown, readiness.Documents: readiness.Unknown}
	}
	out := map[readiness.ID]readiness.Light{}
	for _, n := range s.Needs {
		id := readiness.Training
		if n.Document != "" {
			id = readiness.Documents
		}
		out[id] = worse(out[id], needLight(n.State(s.Rules, now)))
	}
	return out
}

func needLight(s training.State) readiness.Light {
	switch s {
	case training.StateDone:
		return readiness.Green
	case training.StateSoon, training.StateGrace:
		return readiness.Amber
	}
	return readiness.Red
}

// worse gives the worse of two lights that are known.
func worse(a, b readiness.Light) readiness.Light {
	for _, l := range []readiness.Light{readiness.Red, readiness.Amber} {
		if a == l || b == l {
			return l
		}
	}
	return readiness.Green
}

// contracts: nobody whose last day is over holds a PC; who leaves soon is amber.
func (f facts) contracts(_ context.Context, b basis) (findings, error) {
	people, err := b.people()
	if err != nil {
		return nil, err
	}
	pcs, err := b.out()
	holds := map[sekisho.PersonID]bool{}
	for _, d := range pcs {
		holds[d.Person] = true
	}
	now, out := f.h.clock.Now(), []readiness.Subject{}
	for _, p := range people {
		left := p.LastDay.End().Sub(now)
		switch over := p.LastDay != "" && left <= 0; {
		case over && holds[p.ID]:
			out = append(out, readiness.Subject{Person: p.ID, Light: readiness.Red})
		case p.Active:
			out = append(out, readiness.Subject{Person: p.ID, Light: light(p.LastDay == "" || left > soonWithin, readiness.Amber)})
		}
	}
	return findings{readiness.Contract: out}, err
}

// able: who can do what his role is needed for. In a demonstration everybody can.
func (f facts) able(ctx context.Context, b basis) (findings, error) {
	people, err := b.people()
	if err != nil {
		return nil, err
	}
	demo, err := f.h.people.Demo(ctx)
	out := findings{readiness.Administrators: {}, readiness.Supervisors: {}, readiness.Officers: {}}
	for _, p := range people {
		for id, role := range map[readiness.ID]sekisho.Role{
			readiness.Administrators: sekisho.RoleAdministrator, readiness.Supervisors: sekisho.RoleSupervisor, readiness.Officers: sekisho.RoleOfficer,
		} {
			if p.Has(role) {
				out[id] = append(out[id], readiness.Subject{Person: p.ID, Light: light(demo || can(p, role), readiness.Amber)})
			}
		}
	}
	return out, err
}

// can says whether somebody who holds a role is the second person that is needed.
// Administrators and officers confirm by passkey alone (operators.Others); a
// supervisor need only sign in.
func can(p operators.Person, role sekisho.Role) bool {
	return p.Passkeys > 0 || role == sekisho.RoleSupervisor && p.Password == operators.PasswordSet
}

// passwords: those that are locked after wrong guesses.
func (f facts) passwords(ctx context.Context, b basis) (findings, error) {
	people, err := b.people()
	if err != nil {
		return nil, err
	}
	list, err := f.h.secrets.Locked(ctx)
	locked := map[sekisho.PersonID]bool{}
	for _, l := range list {
		locked[l.Person] = true
	}
	out := []readiness.Subject{}
	for _, p := range people {
		if p.Active && p.Password == operators.PasswordSet {
			out = append(out, readiness.Subject{Person: p.ID, Light: light(!locked[p.ID], readiness.Amber)})
		}
	}
	return findings{readiness.Passwords: out}, err
}
