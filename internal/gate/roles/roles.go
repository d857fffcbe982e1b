package roles

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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

// Waiting gives a change that waits for a second administrator, and the role as
// it stands now; a new one has none yet.
func (r *Roles) Waiting(ctx context.Context, id sekisho.RoleChangeID) (c Change, now Role, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		if c, err = loadChange(ctx, tx, id, r.clk.Now()); err != nil || c.Act == ActMake {
			return err
		}
		now, err = load(ctx, tx, c.Role)
		return err
	})
	if err != nil {
		return Change{}, Role{}, fmt.Errorf("roles: waiting: %w", err)
	}
	return c, now, nil
}

// Do makes or changes a role, or gives it to somebody. Where that needs a second
// administrator it is kept instead, waits is true, and Finish does it.
func (r *Roles) Do(ctx context.Context, by sekisho.PersonID, c Change) (one Role, kept Change, waits bool, err error) {
	c.ID, c.By, c.At, c.Name = sekisho.RoleChangeID(wire.NewID()), by, r.clk.Now(), strings.TrimSpace(c.Name)
	if c.Rights, err = normal(c.Rights); err != nil {
		return Role{}, Change{}, false, err
	}
	if c.Act == ActMake {
		c.Role, c.Seen = sekisho.OwnRoleID(wire.NewID()), 0
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		needs, err := r.judge(ctx, tx, c)
		if err != nil {
			return err
		}
		waits = false
		if needs {
			switch err := r.people.SecondNeeded(ctx, tx, by); {
			case errors.Is(err, ErrSecond):
				waits = true
				return keepChange(ctx, tx, c)
			case err != nil:
				return err
			}
		}
		one, err = r.apply(ctx, tx, c)
		return err
	})
	if err != nil {
		return Role{}, Change{}, false, fmt.Errorf("roles: %s: %w", c.Act, err)
	}
	return one, c, waits, nil
}

// Finish does a change that a second administrator has approved, as it was kept.
func (r *Roles) Finish(ctx context.Context, by sekisho.PersonID, id sekisho.RoleChangeID, second Second) (one Role, err error) {
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		c, err := loadChange(ctx, tx, id, r.clk.Now())
		if err != nil {
			return err
		}
		if c.By != by || by == "" {
			return errChange // that it exists is nobody else's business
		}
		if err := useChange(ctx, tx, id, r.clk.Now()); err != nil {
			return err
		}
		if _, err := r.judge(ctx, tx, c); err != nil {
			return err
		}
		if err := second(ctx, tx, id); err != nil {
			return err
		}
		one, err = r.apply(ctx, tx, c)
		return err
	})
	if err != nil {
		return Role{}, fmt.Errorf("roles: finish: %w", err)
	}
	return one, nil
}

// judge says whether a change may be done at all, and whether by one alone.
func (r *Roles) judge(ctx context.Context, tx storage.Tx, c Change) (second bool, err error) {
	if err := r.administers(ctx, tx, c.By); err != nil {
		return false, err
	}
	if c.Act == ActMake {
		if ids, err := column[string](ctx, tx, "SELECT id FROM roles_roles"); err != nil || len(ids) >= maxRoles {
			return false, errors.Join(errMany, err)
		}
		return high(c.Rights), Role{Name: c.Name, Rights: c.Rights}.valid()
	}
	old, err := load(ctx, tx, c.Role)
	if err != nil {
		return false, err
	}
	if old.Version != c.Seen {
		return false, errVersion
	}
	if c.Act == ActGive {
		return high(old.Rights), r.mayHold(ctx, tx, old, c)
	}
	if slices.Contains(old.Holders, c.By) {
		return false, errOwn
	}
	for _, p := range old.Holders {
		if err := r.separated(ctx, tx, c.Role, p, c.Rights); err != nil {
			return false, err
		}
	}
	return old.widens(c.Rights) && (high(old.Rights) || high(c.Rights)), Role{Name: c.Name, Rights: c.Rights}.valid()
}

func (r *Roles) mayHold(ctx context.Context, tx storage.Tx, role Role, c Change) error {
	if c.Person == c.By {
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
