package shifts

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Shifts is the room.
type Shifts struct {
	db     *storage.DB
	clk    clock.Clock
	log    Audit
	people People

	mu       sync.RWMutex
	onChange []func()
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit, people People) *Shifts {
	return &Shifts{db: db, clk: clk, log: log, people: people}
}

// OnChange registers a listener for changed rules, shifts and extensions.
func (r *Shifts) OnChange(fn func()) { r.mu.Lock(); r.onChange = append(r.onChange, fn); r.mu.Unlock() }

func (r *Shifts) changed() {
	r.mu.RLock()
	fns := r.onChange
	r.mu.RUnlock()
	for _, fn := range fns {
		fn()
	}
}

// Rules gives the rules in force.
func (r *Shifts) Rules(ctx context.Context) (rules Rules, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		rules, err = newest(ctx, tx)
		return err
	})
	if err != nil {
		return Rules{}, fmt.Errorf("shifts: rules: %w", err)
	}
	return rules, nil
}

// SetRules is SetRulesSeconded without a second person.
func (r *Shifts) SetRules(ctx context.Context, by sekisho.PersonID, rules Rules) (Rules, error) {
	return r.SetRulesSeconded(ctx, by, rules, nil)
}

// SetRulesSeconded brings rules into force. Their version is the one that was seen.
func (r *Shifts) SetRulesSeconded(ctx context.Context, by sekisho.PersonID, rules Rules, second storage.Second) (Rules, error) {
	if err := rules.valid(); err != nil {
		return Rules{}, err
	}
	next := rules
	next.Version++
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		old, err := newest(ctx, tx)
		if err != nil {
			return err
		}
		if old.Version != rules.Version {
			return errVersion
		}
		if err := second.Said(ctx, tx); err != nil {
			return err
		}
		if err := insertRules(ctx, tx, next, by, storage.Micros(r.clk.Now())); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "shift.rules_changed", Actor: administrator(by), Object: audit.Object{Type: "shift", ID: "rules"}, Decision: audit.Allow,
			Detail: map[string]string{
				"shift_home": strconv.FormatBool(next.Home), "shift_office": strconv.FormatBool(next.Office),
				"grace_before": strconv.Itoa(next.Before), "grace_after": strconv.Itoa(next.After), "zone": next.Zone,
			},
		})
	})
	if err != nil {
		return Rules{}, fmt.Errorf("shifts: set rules: %w", err)
	}
	r.changed()
	return next, nil
}

// All gives everybody's shift, and the extensions that have not ended; whoever
// has none is not in it.
func (r *Shifts) All(ctx context.Context) (all map[sekisho.PersonID]Shift, more map[sekisho.PersonID][]Extension, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		if all, err = selectShifts(ctx, tx, "SELECT person, day, spans FROM shifts_days"); err == nil {
			more, err = extensions(ctx, tx, "", r.clk.Now())
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("shifts: all: %w", err)
	}
	return all, more, nil
}

// MaxSeveral is how many people Several answers for at once.
const MaxSeveral = 1000

// Several gives the shifts of some people, and what was added to them. More than
// MaxSeveral are an error.
func (r *Shifts) Several(ctx context.Context, people []sekisho.PersonID) (all map[sekisho.PersonID]Shift, more map[sekisho.PersonID][]Extension, err error) {
	if len(people) > MaxSeveral {
		return nil, nil, fmt.Errorf("shifts: several: %d at once", len(people))
	}
	if len(people) == 0 {
		return nil, nil, nil
	}
	args := make([]any, len(people))
	for i, p := range people {
		args[i] = string(p)
	}
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		if all, err = selectShifts(ctx, tx, "SELECT person, day, spans FROM shifts_days WHERE person IN (?"+strings.Repeat(", ?", len(people)-1)+")", args...); err == nil {
			more, err = extensions(ctx, tx, "", r.clk.Now())
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("shifts: several: %w", err)
	}
	return all, more, nil
}

// Put sets somebody's whole shift; nobody sets his own.
func (r *Shifts) Put(ctx context.Context, by, p sekisho.PersonID, s Shift) error {
	if err := s.valid(); err != nil {
		return err
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if ok, err := r.people.Holds(ctx, tx, p, sekisho.RoleOperator); err != nil || !ok {
			return errors.Join(errPerson, err)
		}
		return r.put(ctx, tx, by, p, s)
	})
	if err != nil {
		return fmt.Errorf("shifts: put: %w", err)
	}
	r.changed()
	return nil
}

func (r *Shifts) put(ctx context.Context, tx storage.Tx, by, p sekisho.PersonID, s Shift) error {
	if by == p {
		return errOwn
	}
	if err := store(ctx, tx, p, s); err != nil {
		return err
	}
	return r.log.Append(ctx, tx, audit.Event{
		Kind: "shift.changed", Actor: administrator(by), Object: person(p), Decision: audit.Allow, Detail: map[string]string{"shift": s.week()},
	})
}

// Until gives until when somebody may have a session at a place now: the zero
// time where nothing binds him. Outside of his shift it is a refusal.
func (r *Shifts) Until(ctx context.Context, p sekisho.PersonID, place sekisho.Place) (until time.Time, err error) {
	now := r.clk.Now()
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		rules, err := newest(ctx, tx)
		if err != nil || !rules.Asks(place) {
			until = time.Time{}
			return err
		}
		until, err = r.until(ctx, tx, rules, p, now)
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("shifts: until: %w", err)
	}
	return until, nil
}

func (r *Shifts) until(ctx context.Context, tx storage.Tx, rules Rules, p sekisho.PersonID, now time.Time) (time.Time, error) {
	s, err := load(ctx, tx, p)
	if err != nil {
		return time.Time{}, err
	}
	extra, err := extensions(ctx, tx, p, now)
	if err != nil {
		return time.Time{}, err
	}
	until, inside := rules.Until(s, extra[p], now)
	switch {
	case !inside && len(s) == 0:
		return time.Time{}, errNone
	case !inside:
		return time.Time{}, errOutside
	}
	return until, nil
}

// Extend gives somebody more time, from the end of what he has, or from now
// where that is over. It gives the new end.
func (r *Shifts) Extend(ctx context.Context, by, p sekisho.PersonID, more time.Duration) (until time.Time, err error) {
	if more < MinExtension || more > MaxExtension || more%time.Minute != 0 {
		return time.Time{}, errExtend
	}
	if by == p {
		return time.Time{}, errOwn
	}
	now := r.clk.Now()
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if ok, err := r.people.Holds(ctx, tx, by, sekisho.RoleSupervisor); err != nil || !ok || by == "" {
			return errors.Join(errRole, err)
		}
		if ok, err := r.people.Holds(ctx, tx, p, sekisho.RoleOperator); err != nil || !ok {
			return errors.Join(errPerson, err)
		}
		rules, err := newest(ctx, tx)
		if err != nil {
			return err
		}
		from, err := r.until(ctx, tx, rules, p, now)
		if err != nil && sekisho.KindOf(err) != sekisho.KindDenied {
			return err
		}
		if err != nil {
			from = now
		}
		if from.Sub(now) > MaxExtension {
			return errExtend // his shift goes on for longer than that anyway
		}
		until = from.Add(more)
		if until.Sub(now) > 2*MaxExtension {
			return errExtend
		}
		if err := insertExtension(ctx, tx, p, by, Extension{From: now, Until: until}); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "shift.extended", Actor: audit.Actor{Person: by, Role: sekisho.RoleSupervisor}, Object: person(p), Decision: audit.Allow,
			Detail: map[string]string{"minutes": strconv.Itoa(int(more / time.Minute)), "until": until.UTC().Format(time.RFC3339)},
		})
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("shifts: extend: %w", err)
	}
	r.changed()
	return until, nil
}

// ForgetPerson deletes the shift of somebody whose contract has ended.
func (r *Shifts) ForgetPerson(ctx context.Context, p sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		for _, query := range []string{"DELETE FROM shifts_days WHERE person = ?", "DELETE FROM shifts_extensions WHERE person = ?"} {
			if _, err := tx.Exec(ctx, query, string(p)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("shifts: forget: %w", err)
	}
	return nil
}

func administrator(by sekisho.PersonID) audit.Actor {
	return audit.Actor{Person: by, Role: sekisho.RoleAdministrator}
}

func person(p sekisho.PersonID) audit.Object { return audit.Object{Type: "person", ID: string(p)} }
