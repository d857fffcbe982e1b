package rules

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/sekisho/sekisho"
)

// Difference is one thing that a new text would change for one person.
type Difference struct {
	Person  sekisho.PersonID
	Action  Action
	Desktop sekisho.DesktopID // Reach alone
	Place   sekisho.Place
	Before  Answer
	After   Answer
}

// Simulation is what a new text would change.
type Simulation struct {
	Asked       int // questions that were put to both
	Gained      int // allowed now, refused before
	Lost        int
	Differences []Difference // the first of them, losses first
}

// maxDifferences bounds what is listed; Gained and Lost count all.
const maxDifferences = 200

// places at which everybody is asked about.
var places = []sekisho.Place{sekisho.PlaceHome, sekisho.PlaceOffice}

// ordinary is the seat that is asked about: an issued PC with a TPM and in order,
// the person's first one, and a face. At home he has a permit if he has one today;
// trained he is as he is today.
func ordinary(p Person, place sekisho.Place) Seat {
	return Seat{Place: place, Tier: sekisho.TierB, Class: sekisho.ClassFace, Camera: true, Permit: p.Permit && place == sekisho.PlaceHome, First: true, Posture: true, Trained: p.Trained}
}

// Simulate asks the policies in force and a new text everything that people do:
// open a session, reach each desktop that they were chosen for, administer.
// It changes nothing.
func (r *Rules) Simulate(ctx context.Context, text string) (s Simulation, faults []Fault, err error) {
	next, faults := Compile(text)
	if len(faults) > 0 {
		return Simulation{}, faults, nil
	}
	now, _, err := r.inForce(ctx)
	if err != nil {
		return Simulation{}, nil, fmt.Errorf("rules: simulate: %w", err)
	}
	questions, err := r.everything(ctx)
	if err != nil {
		return Simulation{}, nil, fmt.Errorf("rules: simulate: %w", err)
	}
	s.Differences = []Difference{}
	var gained []Difference
	for i, q := range questions {
		if i%1000 == 0 && ctx.Err() != nil {
			return Simulation{}, nil, ctx.Err()
		}
		s.Asked++
		d := Difference{Person: q.Person.ID, Action: q.Action, Desktop: q.Desktop.ID, Place: q.Seat.Place, Before: now.Decide(q), After: next.Decide(q)}
		switch {
		case d.Before.Allow && !d.After.Allow:
			s.Lost++
			if len(s.Differences) < maxDifferences {
				s.Differences = append(s.Differences, d)
			}
		case !d.Before.Allow && d.After.Allow:
			s.Gained++
			if len(gained) < maxDifferences {
				gained = append(gained, d)
			}
		}
	}
	s.Differences = append(s.Differences, gained[:min(len(gained), maxDifferences-len(s.Differences))]...)
	return s, nil, nil
}

// everything lists the questions that a centre asks.
func (r *Rules) everything(ctx context.Context) ([]Question, error) {
	people, err := r.subjects.People(ctx)
	if err != nil {
		return nil, err
	}
	desktops, err := r.subjects.Desktops(ctx)
	if err != nil {
		return nil, err
	}
	known := make(map[sekisho.PersonID]Person, len(people))
	var out []Question
	for _, p := range people {
		if !p.Active {
			continue
		}
		known[p.ID] = p
		if p.holds(sekisho.RoleOperator) {
			for _, place := range places {
				out = append(out, Question{Action: Open, Person: p, Seat: ordinary(p, place)})
			}
		}
		if p.holds(sekisho.RoleAdministrator) {
			out = append(out, Question{Action: Manage, Person: p})
		}
	}
	for _, d := range desktops {
		for _, id := range d.People {
			p, ok := known[id]
			if !ok || !p.holds(sekisho.RoleOperator) {
				continue
			}
			for _, place := range places {
				out = append(out, Question{Action: Reach, Person: p, Desktop: d, Seat: ordinary(p, place), Lease: true, Listed: true})
			}
		}
	}
	return out, nil
}

// Standing is how one person stands towards a desktop, at each place.
type Standing struct {
	Person sekisho.PersonID
	Home   Answer
	Office Answer
}

// Who says who may see a desktop, while he sits verified before an issued PC:
// everybody who was chosen for it, and why he may or may not.
func (r *Rules) Who(ctx context.Context, id sekisho.DesktopID) ([]Standing, error) {
	set, n, err := r.inForce(ctx)
	if err != nil {
		return nil, fmt.Errorf("rules: who: %w", err)
	}
	d, err := r.subjects.Desktop(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("rules: who: %w", err)
	}
	people, err := r.subjects.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("rules: who: %w", err)
	}
	out := []Standing{}
	for _, p := range people {
		if !slices.Contains(d.People, p.ID) {
			continue
		}
		q := Question{Action: Reach, Person: p, Desktop: d, Seat: ordinary(p, sekisho.PlaceHome), Lease: true, Listed: true}
		s := Standing{Person: p.ID, Home: set.Decide(q)}
		q.Seat = ordinary(p, sekisho.PlaceOffice)
		s.Office = set.Decide(q)
		s.Home.Version, s.Office.Version = n, n
		out = append(out, s)
	}
	return out, nil
}

func (p Person) holds(r sekisho.Role) bool { return slices.Contains(p.Roles, r) }

// hash names a text in the audit log.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
