package policies

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Policies is the room.
type Policies struct {
	db  *storage.DB
	clk clock.Clock
	log Audit
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit) *Policies {
	return &Policies{db: db, clk: clk, log: log}
}

// Get gives the policy in force under a name.
func (r *Policies) Get(ctx context.Context, name sekisho.PolicyName) (p wire.GuardPolicy, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		p, err = newest(ctx, tx, name)
		return err
	})
	if err != nil {
		return wire.GuardPolicy{}, fmt.Errorf("policies: get: %w", err)
	}
	return p, nil
}

// List gives every policy in force, by name.
func (r *Policies) List(ctx context.Context) (out []wire.GuardPolicy, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		names, err := names(ctx, tx)
		if err != nil {
			return err
		}
		all := map[sekisho.PolicyName]wire.GuardPolicy{}
		for name, p := range builtin {
			all[name] = p
		}
		for _, name := range names {
			if all[name], err = newest(ctx, tx, name); err != nil {
				return err
			}
		}
		out = byName(all)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("policies: list: %w", err)
	}
	return out, nil
}

// Put is PutSeconded without a second person.
func (r *Policies) Put(ctx context.Context, by sekisho.PersonID, p wire.GuardPolicy) (wire.GuardPolicy, error) {
	return r.PutSeconded(ctx, by, p, nil)
}

// PutSeconded stores p as the next version of its name. p.Version must be the version
// that the administrator saw, 0 for a new name, so that nobody overwrites what
// another has just changed.
func (r *Policies) PutSeconded(ctx context.Context, by sekisho.PersonID, p wire.GuardPolicy, second storage.Second) (wire.GuardPolicy, error) {
	seen := p.Version
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		old, err := newest(ctx, tx, p.Name)
		if err != nil && sekisho.KindOf(err) != sekisho.KindNotFound {
			return err
		}
		if old.Version != seen {
			return errVersion
		}
		if err := second.Said(ctx, tx); err != nil {
			return err
		}
		p.Version = seen + 1
		if err := Validate(p); err != nil {
			return err
		}
		if err := insert(ctx, tx, p, by, storage.Micros(r.clk.Now())); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "policy.changed", Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator},
			Object: audit.Object{Type: "policy", ID: string(p.Name)}, Decision: audit.Allow, Detail: differences(old, p),
		})
	})
	if err != nil {
		return wire.GuardPolicy{}, fmt.Errorf("policies: put: %w", err)
	}
	return p, nil
}
