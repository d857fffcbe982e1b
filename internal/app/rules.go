package app

import (
	"context"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/rules"
)

// rulesOf answers the gate's conductor in its own words.
type rulesOf struct{ h *House }

func (v rulesOf) Open(ctx context.Context, s grants.Session, f grants.Facts) grants.Ruling {
	seat, err := v.seat(ctx, s, f)
	if err != nil {
		return grants.Ruling{Err: err}
	}
	return ruling(v.h.rules.Open(ctx, s.Person, seat))
}

func (v rulesOf) Reach(ctx context.Context, s grants.Session, d sekisho.DesktopID, f grants.Facts) grants.Ruling {
	seat, err := v.seat(ctx, s, f)
	if err != nil {
		return grants.Ruling{Err: err}
	}
	return ruling(v.h.rules.Reach(ctx, s.Person, d, seat, f.Alive, f.Listed))
}

// seat is where and how somebody sits, with what is kept of this PC and him.
func (v rulesOf) seat(ctx context.Context, s grants.Session, f grants.Facts) (seat rules.Seat, err error) {
	seat = rules.Seat{Place: s.Policy.Place, Tier: s.Tier, Class: s.Class, Camera: s.Camera, Posture: f.Posture, Trained: f.Trained}
	shared, err := v.h.pools.Of(ctx, s.Device)
	if err != nil {
		return seat, err
	}
	if shared.Shared() { // no permit is given for it, and his group says where he begins
		seat.First = true
		return seat, nil
	}
	if seat.Permit, err = v.h.permits.Holds(ctx, s.Device, s.Person); err != nil {
		return seat, err
	}
	seat.First, err = v.h.ties.First(ctx, s.Person, s.Device)
	return seat, err
}

func ruling(a rules.Answer, err error) grants.Ruling {
	if err == nil {
		err = a.Err()
	}
	return grants.Ruling{Allowed: a.Allow && err == nil, Err: err, Policies: strings.Join(a.Policies, " "), Version: a.Version}
}

// subjects tells the policies what the rooms know of people and desktops.
type subjects struct{ h *House }

func (v subjects) Person(ctx context.Context, id sekisho.PersonID) (rules.Person, error) {
	p, err := v.h.people.Get(ctx, id)
	if err != nil {
		return rules.Person{}, err
	}
	works, err := v.h.clients.WorksOf(ctx, id)
	return personOf(p, works), err // a permit is asked of the PC: seat
}

func (v subjects) People(ctx context.Context) ([]rules.Person, error) {
	people, err := v.h.people.List(ctx)
	if err != nil {
		return nil, err
	}
	works, err := v.h.clients.WorksToday(ctx)
	if err != nil {
		return nil, err
	}
	permitted, err := v.h.permits.Holders(ctx)
	if err != nil {
		return nil, err
	}
	standings, err := v.h.training.People(ctx, ids(people))
	now := v.h.clock.Now()
	out := make([]rules.Person, 0, len(people))
	for _, p := range people {
		one := personOf(p, works[p.ID])
		standing, known := standings[p.ID]
		one.Permit, one.Trained = permitted[p.ID], known && !standing.Refused(now)
		out = append(out, one)
	}
	return out, err
}

func ids(people []operators.Person) []sekisho.PersonID {
	out := make([]sekisho.PersonID, len(people))
	for i, p := range people {
		out[i] = p.ID
	}
	return out
}

func personOf(p operators.Person, works map[sekisho.WorkID]sekisho.ClientID) rules.Person {
	return rules.Person{ID: p.ID, Roles: p.Roles, Active: p.Active, Works: works}
}

func (v subjects) Desktop(ctx context.Context, id sekisho.DesktopID) (rules.Desktop, error) {
	level, err := v.h.book.LevelOf(ctx, id)
	if err != nil {
		return rules.Desktop{}, err
	}
	people, err := v.h.book.Allowed(ctx, id)
	if err != nil {
		return rules.Desktop{}, err
	}
	work, client, err := v.h.clients.Belongs(ctx, id)
	return rules.Desktop{ID: id, Level: string(level), Work: work, Client: client, People: people}, err
}

func (v subjects) Desktops(ctx context.Context) ([]rules.Desktop, error) {
	list, err := v.h.desktops.List(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]rules.Desktop, 0, len(list))
	for _, d := range list {
		one, err := v.Desktop(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// administering adds the console's question about an administrator.
type administering struct{ *rules.Rules }

func (v administering) MayManage(ctx context.Context, p operators.Person) error {
	a, err := v.Manage(ctx, p.ID, p.Roles)
	if err != nil {
		return err
	}
	return a.Err()
}

// rejudgeEvery is how soon a day that has ended closes what it allowed.
const rejudgeEvery = time.Minute

// rejudge asks the policies again about everything that is open.
func (s *Server) rejudge() {
	ctx, cancel := context.WithTimeout(context.Background(), rejudgeEvery)
	defer cancel()
	s.book.Rejudge(ctx)
}

// rejudgeOften does so now and then: assignments end with their day, and
// another node may have brought other policies into force.
func (s *Server) rejudgeOften(ctx context.Context) error {
	tick := time.NewTicker(rejudgeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			s.rejudge()
		}
	}
}
