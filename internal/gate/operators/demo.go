package operators

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// SeedDemo fills an empty database with invented people and marks it as a
// demonstration for good. A database that has seen a person refuses, so that no
// real centre can be given a login without a passkey.
func (r *Operators) SeedDemo(ctx context.Context, people []Person) ([]Person, error) {
	out := make([]Person, len(people))
	for i, p := range people {
		id := p.ID
		if p = r.fresh(p); id != "" {
			p.ID = id
		}
		if err := p.valid(); err != nil {
			return nil, err
		}
		out[i] = p
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		var n int
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM operators_people").Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return errNotEmpty
		}
		if _, err := tx.Exec(ctx, "INSERT INTO operators_demo (id, at) VALUES (1, ?)", storage.Micros(r.clk.Now())); err != nil {
			return err
		}
		for _, p := range out {
			if err := r.insert(ctx, tx, audit.Actor{Process: "demo"}, p); err != nil {
				return err
			}
		}
		two, err := r.administrators(ctx, tx, "", false)
		if err != nil {
			return err
		}
		if two >= 2 { // nobody has a passkey here, and both can sign in all the same
			if err := r.noteFourEyes(ctx, tx); err != nil {
				return err
			}
		}
		return r.log.Append(ctx, tx, audit.Event{Kind: "demo.seeded", Actor: audit.Actor{Process: "demo"}, Decision: audit.Allow})
	})
	if err != nil {
		return nil, fmt.Errorf("operators: seed demo: %w", err)
	}
	return out, nil
}

// Demo says whether this is demonstration data.
func (r *Operators) Demo(ctx context.Context) (demo bool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		demo, err = isDemo(ctx, tx)
		return err
	})
	return demo && err == nil, err
}

// DemoPeople lists who may sign in without a passkey: nobody outside demonstration data.
func (r *Operators) DemoPeople(ctx context.Context) (people []Person, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		if demo, err := isDemo(ctx, tx); err != nil || !demo {
			return orElse(err, errNoDemo)
		}
		people, err = listPeople(ctx, tx, r.clk.Now())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("operators: demo people: %w", err)
	}
	return people, nil
}

// DemoLogin signs an invented person in, in demonstration data and from loopback alone.
func (r *Operators) DemoLogin(ctx context.Context, id sekisho.PersonID, from netip.Addr) (Login, error) {
	var l Login
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if demo, err := isDemo(ctx, tx); err != nil || !demo || !from.Unmap().IsLoopback() {
			return orElse(err, errNoDemo)
		}
		p, err := r.load(ctx, tx, id)
		if err != nil || !p.Active {
			return orElse(err, errInactive)
		}
		if l, err = r.open(ctx, tx, p, methodDemo); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, loginRow(p.ID, methodDemo, RPConsole))
	})
	if err != nil {
		r.log.Afterwards(refusedRow(id, methodDemo, RPConsole, err))
		return Login{}, fmt.Errorf("operators: demo login: %w", err)
	}
	return l, nil
}
