package ties

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Tie says that a PC is a person's first one. The zero Tie is none.
type Tie struct {
	Person sekisho.PersonID
	Device sekisho.DeviceID
	Since  time.Time
}

// Ties is the room.
type Ties struct {
	db  *storage.DB
	clk clock.Clock
	log Audit
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit) *Ties {
	return &Ties{db: db, clk: clk, log: log}
}

// First says whether a PC is the person's first one, or would become it.
func (r *Ties) First(ctx context.Context, p sekisho.PersonID, d sekisho.DeviceID) (bool, error) {
	t, err := r.Of(ctx, p)
	if err != nil {
		return false, err
	}
	return t.Device == "" || t.Device == d, nil
}

// Bind ties a person who is tied to no PC to this one, in the transaction that
// opens his session there. Whoever is tied already stays as he is.
func (r *Ties) Bind(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, s sekisho.SessionID) error {
	t, err := of(ctx, tx, p)
	if err != nil || t.Device != "" {
		return err
	}
	if err := insert(ctx, tx, wire.NewID(), Tie{Person: p, Device: d, Since: r.clk.Now()}); err != nil {
		return err
	}
	return r.log.Append(ctx, tx, audit.Event{
		Kind: "tie.made", Actor: audit.Actor{Person: p, Role: sekisho.RoleOperator, Device: d}, Object: audit.Object{Type: "device", ID: string(d)},
		Decision: audit.Allow, Session: s, Detail: map[string]string{"person": string(p)},
	})
}

// Of gives the first PC of a person; the zero Tie where he has none.
func (r *Ties) Of(ctx context.Context, p sekisho.PersonID) (t Tie, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		t, err = of(ctx, tx, p)
		return err
	})
	if err != nil {
		return Tie{}, fmt.Errorf("ties: of a person: %w", err)
	}
	return t, nil
}

// List gives every tie that holds, by PC.
func (r *Ties) List(ctx context.Context) (out map[sekisho.DeviceID][]Tie, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out, err = all(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ties: list: %w", err)
	}
	return out, nil
}

// Release lets a person begin on another PC: the next one that he uses becomes
// his first.
func (r *Ties) Release(ctx context.Context, by audit.Actor, p sekisho.PersonID, d sekisho.DeviceID) error {
	if by.Person == p {
		return errOwn
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		t, err := of(ctx, tx, p)
		if err != nil {
			return err
		}
		if t.Device != d || d == "" {
			return errNone
		}
		return r.release(ctx, tx, by, t)
	})
	if err != nil {
		return fmt.Errorf("ties: release from %s: %w", d, err)
	}
	return nil
}

// ForgetDevice releases everybody from a PC that has ended.
func (r *Ties) ForgetDevice(ctx context.Context, d sekisho.DeviceID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		list, err := ofDevice(ctx, tx, d)
		if err != nil {
			return err
		}
		for _, t := range list {
			if err := r.release(ctx, tx, audit.Actor{Process: "server"}, t); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("ties: forget %s: %w", d, err)
	}
	return nil
}

func (r *Ties) release(ctx context.Context, tx storage.Tx, by audit.Actor, t Tie) error {
	if err := end(ctx, tx, t, by.Person, r.clk.Now()); err != nil {
		return err
	}
	return r.log.Append(ctx, tx, audit.Event{
		Kind: "tie.released", Actor: by, Object: audit.Object{Type: "device", ID: string(t.Device)}, Decision: audit.Allow,
		Detail: map[string]string{"person": string(t.Person)},
	})
}

var (
	errOwn  = sekisho.Fail(sekisho.KindDenied, "tie.own")
	errNone = sekisho.Fail(sekisho.KindNotFound, "tie.none")
)
