package roles

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Roles is the room.
type Roles struct {
	db     *storage.DB
	clk    clock.Clock
	log    Audit
	people People
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit, people People) *Roles {
	return &Roles{db: db, clk: clk, log: log, people: people}
}

// List gives every own role, by name.
func (r *Roles) List(ctx context.Context) (list []Role, err error) {
	list = []Role{}
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		list = list[:0]
		ids, err := column[sekisho.OwnRoleID](ctx, tx, "SELECT id FROM roles_roles ORDER BY name, id")
		if err != nil {
			return err
		}
		for _, id := range ids {
			one, err := load(ctx, tx, id)
			if err != nil {
				return err
			}
			list = append(list, one)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("roles: list: %w", err)
	}
	return list, nil
}

// Get gives one role.
func (r *Roles) Get(ctx context.Context, id sekisho.OwnRoleID) (one Role, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		one, err = load(ctx, tx, id)
		return err
	})
	if err != nil {
		return Role{}, fmt.Errorf("roles: get: %w", err)
	}
	return one, nil
}

// RightsOf gives what somebody with these built-in roles may do beside them.
// What an administrator and an officer may do never comes together here.
func (r *Roles) RightsOf(ctx context.Context, p sekisho.PersonID, builtIn []sekisho.Role) (rights []Right, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		rights, err = r.RightsIn(ctx, tx, p, builtIn)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("roles: rights: %w", err)
	}
	return rights, nil
}

// RightsIn is RightsOf, read in tx.
func (r *Roles) RightsIn(ctx context.Context, tx storage.Tx, p sekisho.PersonID, builtIn []sekisho.Role) ([]Right, error) {
	rights, err := rightsOf(ctx, tx, p, "")
	if err != nil {
		return nil, err
	}
	return separate(rights, builtIn), nil
}

// Held says whether somebody holds any own role: he is more than a plain operator.
func (r *Roles) Held(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (bool, error) {
	rights, err := rightsOf(ctx, tx, p, "")
	return len(rights) > 0, err
}

// Judge says what a change that by makes would come to as things stand: the role
// before, the zero Role for a new one, and after, and whether one administrator
// may not do it alone.
func (r *Roles) Judge(ctx context.Context, by sekisho.PersonID, c Change) (old, next Role, second bool, err error) {
	if c, err = c.normal(); err != nil {
		return Role{}, Role{}, false, err
	}
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		old, second, err = r.judge(ctx, tx, by, c)
		return err
	})
	if err != nil {
		return Role{}, Role{}, false, fmt.Errorf("roles: judge %s: %w", c.Act, err)
	}
	if next = old; c.Act != ActGive {
		next.Name, next.Rights = c.Name, c.Rights
	}
	return old, next, second, nil
}

// Do makes or changes a role, or gives it to somebody. second proves that another
// person confirmed it; without one, what needs two is refused.
func (r *Roles) Do(ctx context.Context, by sekisho.PersonID, c Change, second storage.Second) (one Role, err error) {
	if c, err = c.normal(); err != nil {
		return Role{}, err
	}
	if c.Act == ActMake {
		c.Role, c.Seen = sekisho.OwnRoleID(wire.NewID()), 0
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		_, needs, err := r.judge(ctx, tx, by, c)
		if err != nil {
			return err
		}
		if err := r.seconded(ctx, tx, needs, second); err != nil {
			return err
		}
		one, err = r.apply(ctx, tx, by, c)
		return err
	})
	if err != nil {
		return Role{}, fmt.Errorf("roles: %s: %w", c.Act, err)
	}
	return one, nil
}

func (r *Roles) seconded(ctx context.Context, tx storage.Tx, needs bool, second storage.Second) error {
	switch {
	case second != nil:
		return second(ctx, tx)
	case !needs:
		return nil
	}
	if two, err := r.people.FourEyesIn(ctx, tx); err != nil || two {
		return errors.Join(errSecond, err)
	}
	return nil
}

// judge says whether a change may be done at all, and whether by one alone.
func (r *Roles) judge(ctx context.Context, tx storage.Tx, by sekisho.PersonID, c Change) (old Role, second bool, err error) {
	if err := r.administers(ctx, tx, by); err != nil {
		return Role{}, false, err
	}
	if c.Act == ActMake {
		if ids, err := column[string](ctx, tx, "SELECT id FROM roles_roles"); err != nil || len(ids) >= maxRoles {
			return Role{}, false, errors.Join(errMany, err)
		}
		return Role{}, high(c.Rights), errors.Join(Role{Name: c.Name, Rights: c.Rights}.valid(), free(ctx, tx, c.Name, ""))
	}
	if old, err = load(ctx, tx, c.Role); err != nil {
		return Role{}, false, err
	}
	if old.Version != c.Seen {
		return Role{}, false, errVersion
	}
	if c.Act == ActGive {
		return old, true, r.mayHold(ctx, tx, by, old, c) // any right makes more of an operator, whose ways in one administrator made alone
	}
	if slices.Contains(old.Holders, by) {
		return Role{}, false, errOwn
	}
	for _, p := range old.Holders {
		if !old.widens(c.Rights) {
			break // fewer rights bring nothing together
		}
		if err := r.separated(ctx, tx, c.Role, p, c.Rights); err != nil {
			return Role{}, false, err
		}
	}
	return old, old.widens(c.Rights) && (high(old.Rights) || high(c.Rights)), errors.Join(Role{Name: c.Name, Rights: c.Rights}.valid(), free(ctx, tx, c.Name, c.Role))
}

func (r *Roles) mayHold(ctx context.Context, tx storage.Tx, by sekisho.PersonID, role Role, c Change) error {
	if c.Person == by {
		return errOwn
	}
	if len(role.Holders) >= maxHolders {
		return errMany
	}
	return r.separated(ctx, tx, c.Role, c.Person, role.Rights)
}

// separated refuses rights that would bring both sides together in one person.
// Somebody who is not active any more is nobody to give rights to, and what he
// holds from before opens nothing.
func (r *Roles) separated(ctx context.Context, tx storage.Tx, role sekisho.OwnRoleID, p sekisho.PersonID, rights []Right) error {
	builtIn, err := r.people.RolesOf(ctx, tx, p)
	if err != nil {
		return errPerson.Because(err)
	}
	others, err := rightsOf(ctx, tx, p, role)
	if err != nil {
		return err
	}
	if mixed(append(others, rights...), builtIn) {
		return errMixed
	}
	return nil
}
