package offices

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Offices is the room.
type Offices struct {
	db  *storage.DB
	clk clock.Clock
	log Audit
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit) *Offices {
	return &Offices{db: db, clk: clk, log: log}
}

// From is where somebody asks from.
type From struct {
	Address netip.Addr // invalid where a proxy hides it
	Guarded bool       // through a PC's tunnel, under its live lease
}

func (r Rule) lets(roles []sekisho.Role, from From) bool {
	return from.Guarded || !r.Binds(roles) || r.Office(from.Address)
}

// Get gives the rule in force, as it stands in the database now.
func (o *Offices) Get(ctx context.Context) (r Rule, err error) {
	err = o.db.Read(ctx, func(tx storage.Tx) (err error) {
		r, err = newest(ctx, tx)
		return err
	})
	if err != nil {
		return Rule{}, fmt.Errorf("offices: get: %w", err)
	}
	return r, nil
}

// Allows is nil where somebody with these roles may use the console from there,
// else ErrOutside. What cannot be found out refuses.
func (o *Offices) Allows(ctx context.Context, roles []sekisho.Role, from From) error {
	r, err := o.Get(ctx)
	if err != nil {
		return err
	}
	if !r.lets(roles, from) {
		return ErrOutside
	}
	return nil
}

// Loosens says what a rule would let pass that the one in force, which must be the
// version that was seen, does not.
func (o *Offices) Loosens(ctx context.Context, seen int, roles []sekisho.Role, ranges []string) ([]wire.Difference, error) {
	next, err := Parse(roles, ranges)
	if err != nil {
		return nil, err
	}
	old, err := o.Get(ctx)
	if err == nil && old.Version != seen {
		err = errVersion
	}
	if err != nil {
		return nil, err
	}
	return old.loosens(next), nil
}

// Put is PutSeconded without a second person.
func (o *Offices) Put(ctx context.Context, by sekisho.PersonID, seen int, roles []sekisho.Role, ranges []string, from From) (Rule, error) {
	return o.PutSeconded(ctx, by, seen, roles, ranges, from, nil)
}

// PutSeconded brings a rule into force. seen is the version that the administrator saw,
// from where he sits; he can go on from there under the new one, or it is refused.
func (o *Offices) PutSeconded(ctx context.Context, by sekisho.PersonID, seen int, roles []sekisho.Role, ranges []string, from From, second storage.Second) (Rule, error) {
	next, err := Parse(roles, ranges)
	if err != nil {
		return Rule{}, err
	}
	if !next.lets([]sekisho.Role{sekisho.RoleAdministrator}, from) {
		return Rule{}, errLockOut
	}
	return o.put(ctx, audit.Actor{Person: by, Role: sekisho.RoleAdministrator}, next, func(tx storage.Tx, old Rule) error {
		if old.Version != seen {
			return errVersion
		}
		return second.Said(ctx, tx)
	})
}

// Lift frees everybody. Only a command on the host itself calls it.
func (o *Offices) Lift(ctx context.Context) (Rule, error) {
	return o.put(ctx, audit.Actor{Process: "cli"}, Rule{}, func(storage.Tx, Rule) error { return nil })
}

func (o *Offices) put(ctx context.Context, by audit.Actor, next Rule, check func(tx storage.Tx, old Rule) error) (Rule, error) {
	err := o.db.Write(ctx, func(tx storage.Tx) error {
		old, err := newest(ctx, tx)
		if err != nil && by.Process != "cli" { // the host also replaces what nobody can read
			return err
		}
		if err := check(tx, old); err != nil {
			return err
		}
		next.Version = old.Version + 1
		if err := insert(ctx, tx, next, by.Person, storage.Micros(o.clk.Now())); err != nil {
			return err
		}
		return o.log.Append(ctx, tx, audit.Event{
			Kind: "offices.changed", Actor: by, Object: audit.Object{Type: "door", ID: "console"}, Decision: audit.Allow,
			Detail: map[string]string{"version": strconv.Itoa(next.Version), "roles": next.rolesText(), "ranges": strings.Join(next.Texts(), " ")},
		})
	})
	if err != nil {
		return Rule{}, fmt.Errorf("offices: put: %w", err)
	}
	return next, nil
}
