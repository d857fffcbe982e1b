package searches

import (
	"context"
	"fmt"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Searches is the room.
type Searches struct {
	db   *storage.DB
	clk  clock.Clock
	log  Log
	turn chan struct{} // files that are being made: each holds its rows in memory

	taken func() // told when rows were taken away
}

// atOnce is how many files are made at a time.
const atOnce = 2

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Log) *Searches {
	return &Searches{db: db, clk: clk, log: log, turn: make(chan struct{}, atOnce), taken: func() {}}
}

// OnTaken is told when rows were taken away; it must not block. Set it before
// the room is used.
func (r *Searches) OnTaken(f func()) { r.taken = f }

// List gives somebody's own searches, by name.
func (r *Searches) List(ctx context.Context, person sekisho.PersonID) (out []Saved, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out, err = list(ctx, tx, person)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("searches: list: %w", err)
	}
	return out, nil
}

// Save keeps a search under a name; one of the same name is replaced.
func (r *Searches) Save(ctx context.Context, by audit.Actor, name string, q Query) (s Saved, err error) {
	name = strings.TrimSpace(name)
	if !validName(name) {
		return s, errName
	}
	if _, err := q.Filter(); err != nil {
		return s, err
	}
	s = Saved{ID: sekisho.SearchID(wire.NewID()), Name: name, Query: q, At: r.clk.Now().UTC()}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if err := remove(ctx, tx, by.Person, "name", name); err != nil && sekisho.CodeOf(err) != errUnknown.Code {
			return err
		}
		n, err := count(ctx, tx, by.Person)
		if err != nil {
			return err
		}
		if n >= maxSaved {
			return errMany
		}
		if err := insert(ctx, tx, by.Person, s); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, row("search.saved", by, s))
	})
	if err != nil {
		return Saved{}, fmt.Errorf("searches: save: %w", err)
	}
	return s, nil
}

// Delete forgets one of somebody's own searches.
func (r *Searches) Delete(ctx context.Context, by audit.Actor, id sekisho.SearchID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := remove(ctx, tx, by.Person, "id", string(id)); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, row("search.deleted", by, Saved{ID: id}))
	})
	if err != nil {
		return fmt.Errorf("searches: delete: %w", err)
	}
	return nil
}

func row(kind string, by audit.Actor, s Saved) audit.Event {
	e := audit.Event{Kind: kind, Actor: by, Object: audit.Object{Type: "search", ID: string(s.ID)}, Decision: audit.Allow}
	if s.Name != "" {
		e.Personal = audit.Personal{"name": s.Name}
	}
	return e
}
