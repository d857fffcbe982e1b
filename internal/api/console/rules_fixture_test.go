package console_test

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/rules"
)

// subjects tells the policies what the rooms know, as the wiring does.
type subjects struct{ c *centre }

func (v subjects) Person(ctx context.Context, id sekisho.PersonID) (rules.Person, error) {
	p, err := v.c.people.Get(ctx, id)
	if err != nil {
		return rules.Person{}, err
	}
	works, err := v.c.clients.WorksOf(ctx, id)
	return rules.Person{ID: p.ID, Roles: p.Roles, Active: p.Active, Trained: true, Works: works}, err
}

func (v subjects) People(ctx context.Context) (out []rules.Person, err error) {
	list, err := v.c.people.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		one, err := v.Person(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (v subjects) Desktop(ctx context.Context, id sekisho.DesktopID) (rules.Desktop, error) {
	people, err := v.c.book.Allowed(ctx, id)
	if err != nil {
		return rules.Desktop{}, err
	}
	level, err := v.c.book.LevelOf(ctx, id)
	if err != nil {
		return rules.Desktop{}, err
	}
	work, client, err := v.c.clients.Belongs(ctx, id)
	return rules.Desktop{ID: id, Level: string(level), Work: work, Client: client, People: people}, err
}

func (v subjects) Desktops(ctx context.Context) (out []rules.Desktop, err error) {
	list, err := v.c.desktops.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		one, err := v.Desktop(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// administering adds the door's question about an administrator.
type administering struct{ *rules.Rules }

func (v administering) MayManage(ctx context.Context, p operators.Person) error {
	a, err := v.Manage(ctx, p.ID, p.Roles)
	if err != nil {
		return err
	}
	return a.Err()
}

// rulings answers the book, which these tests open no session in.
type rulings struct{}

func (rulings) Open(context.Context, grants.Session, grants.Facts) grants.Ruling {
	return grants.Ruling{}
}
func (rulings) Reach(context.Context, grants.Session, sekisho.DesktopID, grants.Facts) grants.Ruling {
	return grants.Ruling{}
}
