package pools

import (
	"context"
	"fmt"
	"sync"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Pools is the room.
type Pools struct {
	db   *storage.DB
	clk  clock.Clock
	deps Deps

	mu      sync.Mutex // guards changed
	changed []func(sekisho.DeviceID, sekisho.PersonID)
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, d Deps) *Pools { return &Pools{db: db, clk: clk, deps: d} }

// OnChanged registers fn, which must close what a person has open on a PC before
// it returns; with no person, what anybody has. It may be called twice for one act.
func (r *Pools) OnChanged(fn func(sekisho.DeviceID, sekisho.PersonID)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed = append(r.changed, fn)
}

func (r *Pools) close(p sekisho.PersonID, pcs ...sekisho.DeviceID) {
	r.mu.Lock()
	fns := r.changed
	r.mu.Unlock()
	for _, d := range pcs {
		for _, fn := range fns {
			fn(d, p)
		}
	}
}

// Create makes an empty group; client may be "".
func (r *Pools) Create(ctx context.Context, by audit.Actor, name string, client sekisho.ClientID) (p Pool, err error) {
	if !validName(name) {
		return p, errName
	}
	if client != "" {
		if err := r.deps.Clients.Has(ctx, client, ""); err != nil {
			return p, err
		}
	}
	p = Pool{ID: sekisho.PoolID(wire.NewID()), Name: name, Client: client, Created: r.clk.Now()}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		n, err := count(ctx, tx)
		if err == nil && n >= maxPools {
			err = errMany
		}
		if err == nil {
			err = insert(ctx, tx, p)
		}
		if err != nil {
			return err
		}
		return r.row(ctx, tx, "pool.created", by, p.ID, false, map[string]string{"client": string(client)})
	})
	if storage.Duplicate(err) {
		return Pool{}, errTaken.Because(err)
	}
	if err != nil {
		return Pool{}, fmt.Errorf("pools: create: %w", err)
	}
	return p, nil
}

// AddPerson takes somebody into a group. Whoever is in it already stays.
func (r *Pools) AddPerson(ctx context.Context, by audit.Actor, id sekisho.PoolID, p sekisho.PersonID) error {
	if err := r.deps.People.MayWork(ctx, p); err != nil {
		return errPerson.Because(err)
	}
	seen, err := r.Get(ctx, id)
	if err == nil && seen.Client != "" { // whose group it is never changes
		err = r.deps.Clients.Has(ctx, seen.Client, p)
	}
	if err != nil {
		return err
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		pool, err := one(ctx, tx, id)
		if err != nil || in(pool, p) {
			return err
		}
		if len(pool.People) >= MostPeople {
			return errFull
		}
		if err := insertPerson(ctx, tx, id, p, r.clk.Now()); err != nil {
			return err
		}
		return r.row(ctx, tx, "pool.person_added", by, id, false, map[string]string{"person": string(p)})
	})
	return wrap("add a person to", id, err)
}

// RemovePerson takes somebody out. When it returns he has nothing open at the
// group's PCs, and nothing is kept of his face there.
func (r *Pools) RemovePerson(ctx context.Context, by audit.Actor, id sekisho.PoolID, p sekisho.PersonID) error {
	pool, err := r.Get(ctx, id)
	if err != nil {
		return err
	}
	r.close(p, pool.devices()...)
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		var err error
		if pool, err = one(ctx, tx, id); err != nil {
			return err
		}
		if !in(pool, p) {
			return errGone
		}
		return r.dropPerson(ctx, tx, by, pool, p)
	})
	r.close(p, pool.devices()...)
	if err != nil {
		return wrap("remove a person from", id, err)
	}
	return r.deps.Faces.Sweep(ctx)
}

func (r *Pools) dropPerson(ctx context.Context, tx storage.Tx, by audit.Actor, pool Pool, p sekisho.PersonID) error {
	if err := deletePerson(ctx, tx, pool.ID, p); err != nil {
		return err
	}
	for _, d := range pool.devices() {
		if err := r.wipe(ctx, tx, p, d); err != nil {
			return err
		}
	}
	return r.row(ctx, tx, "pool.person_removed", by, pool.ID, true, map[string]string{"person": string(p)})
}

// AddPC makes a PC one that the group's people use. Whatever is open on it closes,
// and faces of others are deleted.
func (r *Pools) AddPC(ctx context.Context, by audit.Actor, id sekisho.PoolID, d sekisho.DeviceID) error {
	if err := r.deps.Devices.Fits(ctx, d); err != nil {
		return err
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		pool, err := one(ctx, tx, id)
		if err != nil {
			return err
		}
		switch now, err := poolOf(ctx, tx, d); {
		case err != nil:
			return err
		case now == id:
			return nil
		case now != "":
			return errOther
		case len(pool.PCs) >= MostPCs:
			return errFull
		}
		if err := insertPC(ctx, tx, id, d, r.clk.Now()); err != nil {
			return err
		}
		kept, err := r.deps.Faces.On(ctx, tx, d)
		if err != nil {
			return err
		}
		for _, p := range kept {
			if in(pool, p) {
				continue
			}
			if err := r.deps.Faces.Wipe(ctx, tx, p, d); err != nil {
				return err
			}
		}
		return r.row(ctx, tx, "pool.pc_added", by, id, false, map[string]string{"device": string(d)})
	})
	if storage.Duplicate(err) {
		err = errOther.Because(err)
	}
	if err != nil {
		return wrap("add a PC to", id, err)
	}
	r.close("", d)
	return r.deps.Faces.Sweep(ctx)
}

// RemovePC gives a PC back to the one to whom it is issued. Everybody's face is
// deleted there.
func (r *Pools) RemovePC(ctx context.Context, by audit.Actor, id sekisho.PoolID, d sekisho.DeviceID) error {
	r.close("", d)
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		now, err := poolOf(ctx, tx, d)
		if err != nil {
			return err
		}
		if now != id || id == "" {
			return errGone
		}
		return r.dropPC(ctx, tx, by, id, d)
	})
	r.close("", d)
	if err != nil {
		return wrap("remove a PC from", id, err)
	}
	return r.deps.Faces.Sweep(ctx)
}

func (r *Pools) dropPC(ctx context.Context, tx storage.Tx, by audit.Actor, id sekisho.PoolID, d sekisho.DeviceID) error {
	kept, err := r.deps.Faces.On(ctx, tx, d)
	if err != nil {
		return err
	}
	for _, p := range kept {
		if err := r.deps.Faces.Wipe(ctx, tx, p, d); err != nil {
			return err
		}
	}
	if err := deletePC(ctx, tx, d); err != nil {
		return err
	}
	return r.row(ctx, tx, "pool.pc_removed", by, id, true, map[string]string{"device": string(d)})
}

// End dissolves a group: its PCs are their holders' again, and its people's
// faces are deleted there.
func (r *Pools) End(ctx context.Context, by audit.Actor, id sekisho.PoolID) error {
	pool, err := r.Get(ctx, id)
	if err != nil {
		return err
	}
	r.close("", pool.devices()...)
	err = r.db.Write(ctx, func(tx storage.Tx) (err error) {
		if pool, err = one(ctx, tx, id); err != nil {
			return err
		}
		for _, d := range pool.devices() {
			if err := r.dropPC(ctx, tx, by, id, d); err != nil {
				return err
			}
		}
		if err := end(ctx, tx, id, r.clk.Now()); err != nil {
			return err
		}
		return r.row(ctx, tx, "pool.ended", by, id, true, nil)
	})
	r.close("", pool.devices()...)
	if err != nil {
		return wrap("end", id, err)
	}
	return r.deps.Faces.Sweep(ctx)
}

func (r *Pools) wipe(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID) error {
	if err := deleteCarried(ctx, tx, p, d); err != nil {
		return err
	}
	return r.deps.Faces.Wipe(ctx, tx, p, d)
}

func (r *Pools) row(ctx context.Context, tx storage.Tx, kind string, by audit.Actor, id sekisho.PoolID, closing bool, detail map[string]string) error {
	e := audit.Event{Kind: kind, Actor: by, Object: audit.Object{Type: "pool", ID: string(id)}, Closing: closing, Detail: detail}
	if !closing {
		e.Decision = audit.Allow
	}
	return r.deps.Log.Append(ctx, tx, e)
}

func wrap(what string, id sekisho.PoolID, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("pools: %s %s: %w", what, id, err)
}
