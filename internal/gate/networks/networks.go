package networks

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
)

// Networks is the room.
type Networks struct {
	db  *storage.DB
	clk clock.Clock
	log Audit
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit) *Networks {
	return &Networks{db: db, clk: clk, log: log}
}

// Get gives the list of a door, as it stands in the database now: another node
// may have changed it.
func (r *Networks) Get(ctx context.Context, door Door) (l List, err error) {
	if door != Console && door != Agents {
		return List{}, errDoor
	}
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		l, err = newest(ctx, tx, door)
		return err
	})
	if err != nil {
		return List{}, fmt.Errorf("networks: list of %s: %w", door, err)
	}
	return l, nil
}

// Allows is nil where an address may reach a door. What cannot be found out refuses.
func (r *Networks) Allows(ctx context.Context, door Door, from netip.Addr) error {
	l, err := r.Get(ctx, door)
	if err != nil {
		return err
	}
	if !l.Contains(from) {
		return ErrRefused
	}
	return nil
}

// Put is PutSeconded without a second person.
func (r *Networks) Put(ctx context.Context, by sekisho.PersonID, door Door, seen int, texts []string, from netip.Addr) (List, error) {
	return r.PutSeconded(ctx, by, door, seen, texts, from, nil)
}

// PutSeconded brings a list into force; without ranges the door answers everywhere. seen
// is the version that the administrator saw, from where he sits.
func (r *Networks) PutSeconded(ctx context.Context, by sekisho.PersonID, door Door, seen int, texts []string, from netip.Addr, second storage.Second) (List, error) {
	if door != Console && door != Agents {
		return List{}, errDoor
	}
	ranges, err := Parse(texts)
	if err != nil {
		return List{}, err
	}
	l := List{Door: door, Version: seen + 1, Ranges: ranges}
	if door == Console && !l.Contains(from) {
		return List{}, errLockOut
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		old, err := newest(ctx, tx, door)
		if err != nil {
			return err
		}
		if old.Version != seen {
			return errVersion
		}
		if err := second.Said(ctx, tx); err != nil {
			return err
		}
		if err := insert(ctx, tx, l, by, storage.Micros(r.clk.Now())); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "networks.changed", Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator},
			Object: audit.Object{Type: "door", ID: string(door)}, Decision: audit.Allow,
			Detail: map[string]string{"version": strconv.Itoa(l.Version), "ranges": strings.Join(Texts(ranges), " ")},
		})
	})
	if err != nil {
		return List{}, fmt.Errorf("networks: put %s: %w", door, err)
	}
	return l, nil
}
