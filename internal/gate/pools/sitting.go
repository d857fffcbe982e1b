package pools

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Sitter gives who sits at a PC and says that he is login. Of a PC that is not
// shared it is the zero Sitting, where nobody has said anything.
func (r *Pools) Sitter(ctx context.Context, d sekisho.DeviceID, login string) (Sitting, error) {
	login = strings.TrimSpace(login)
	s, err := r.Of(ctx, d)
	switch {
	case err != nil:
		return Sitting{}, err
	case !s.Shared() && login == "":
		return Sitting{}, nil
	case !s.Shared():
		return Sitting{}, ErrNotShared
	case login == "":
		return Sitting{}, ErrWho
	case !wire.ValidText(login, wire.MaxLogin):
		return Sitting{}, ErrNotOne
	}
	p, err := r.deps.People.ByLogin(ctx, login)
	if err != nil {
		return Sitting{}, notOne(err)
	}
	s.Person = p
	return s, r.one(ctx, s)
}

// MaySit is nil where a person may sit at a PC now. shared is false for a PC that
// is not of a group, about which this room says nothing.
func (r *Pools) MaySit(ctx context.Context, p sekisho.PersonID, d sekisho.DeviceID) (shared bool, err error) {
	s, err := r.Of(ctx, d)
	if err != nil || !s.Shared() {
		return false, err
	}
	s.Person = p
	return true, r.one(ctx, s)
}

// one says whether somebody is one of a group and may work, and for the group's
// client company if it has one. Whatever is wrong
// with him has the same words.
func (r *Pools) one(ctx context.Context, s Sitting) error {
	var yes bool
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		yes, err = member(ctx, tx, s.Pool, s.Person)
		return err
	})
	if err != nil {
		return fmt.Errorf("pools: who sits: %w", err)
	}
	if !yes {
		return ErrNotOne
	}
	if err := r.deps.People.MayWork(ctx, s.Person); err != nil {
		return notOne(err)
	}
	if s.Client == "" {
		return nil
	}
	if err := r.deps.Clients.Has(ctx, s.Client, s.Person); err != nil { // his work there may have ended
		return notOne(err)
	}
	return nil
}

// notOne hides why somebody is refused, and no failure of ours.
func notOne(err error) error {
	switch sekisho.KindOf(err) {
	case sekisho.KindNotFound, sekisho.KindDenied, sekisho.KindInvalid, sekisho.KindExpired, sekisho.KindConflict:
		return ErrNotOne.Because(err)
	}
	return fmt.Errorf("pools: who sits: %w", err)
}

// Of gives the group of a PC; the zero Sitting where it has none.
func (r *Pools) Of(ctx context.Context, d sekisho.DeviceID) (s Sitting, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		s, err = groupOf(ctx, tx, d)
		return err
	})
	if err != nil {
		return Sitting{}, fmt.Errorf("pools: of a PC: %w", err)
	}
	return s, nil
}

// Get gives one group with its people and PCs.
func (r *Pools) Get(ctx context.Context, id sekisho.PoolID) (p Pool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		p, err = one(ctx, tx, id)
		return err
	})
	return p, wrap("get", id, err)
}

// List gives every group that stands, by name.
func (r *Pools) List(ctx context.Context) (list []Pool, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		ids, err := standing(ctx, tx)
		if err != nil {
			return err
		}
		list = make([]Pool, 0, len(ids))
		for _, id := range ids {
			p, err := one(ctx, tx, id)
			if err != nil {
				return err
			}
			list = append(list, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("pools: list: %w", err)
	}
	return list, nil
}

// ForgetPerson takes somebody who has left out of every group.
func (r *Pools) ForgetPerson(ctx context.Context, p sekisho.PersonID) error {
	list, err := r.List(ctx)
	if err != nil {
		return err
	}
	for _, pool := range list {
		if !in(pool, p) {
			continue
		}
		if err := r.RemovePerson(ctx, audit.Actor{Process: "server"}, pool.ID, p); err != nil && !errors.Is(err, errGone) {
			return err
		}
	}
	return nil
}

// ForgetPC takes a PC that has ended out of its group.
func (r *Pools) ForgetPC(ctx context.Context, d sekisho.DeviceID) error {
	s, err := r.Of(ctx, d)
	if err != nil || !s.Shared() {
		return err
	}
	if err := r.RemovePC(ctx, audit.Actor{Process: "server"}, s.Pool, d); err != nil && !errors.Is(err, errGone) {
		return err
	}
	return nil
}

// Shared says, in a transaction of another room, whether a PC is one of a group.
func (r *Pools) Shared(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) (bool, error) {
	id, err := poolOf(ctx, tx, d)
	return id != "", err
}
