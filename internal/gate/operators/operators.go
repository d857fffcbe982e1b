package operators

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Operators is the room.
type Operators struct {
	db         *storage.DB
	clk        clock.Clock
	log        Audit
	parties    map[RP]*party
	ceremonies map[RP]*ceremonies
	failures   limiter

	mu       sync.RWMutex
	onPerson []func(Person)
	onLeft   []func(context.Context, sekisho.PersonID) error
	trusts   []func(context.Context, storage.Tx, sekisho.PersonID) (bool, error)
}

// New makes the room on a migrated database. A relying party without an id is
// not served.
func New(db *storage.DB, clk clock.Clock, log Audit, parties map[RP]Party) (*Operators, error) {
	r := &Operators{
		db: db, clk: clk, log: log, parties: map[RP]*party{},
		ceremonies: map[RP]*ceremonies{}, failures: limiter{held: map[string]window{}},
	}
	for name, cfg := range parties {
		p, err := newParty(cfg)
		if err != nil {
			return nil, fmt.Errorf("operators: relying party %s: %w", name, err)
		}
		r.parties[name], r.ceremonies[name] = p, newCeremonies()
	}
	return r, nil
}

// OnPerson registers a listener for people who were created, changed, suspended
// or resumed: whoever may no longer work must lose what is open.
func (r *Operators) OnPerson(fn func(Person)) {
	r.mu.Lock()
	r.onPerson = append(r.onPerson, fn)
	r.mu.Unlock()
}

func (r *Operators) tell(p Person) {
	r.mu.RLock()
	fns := r.onPerson
	r.mu.RUnlock()
	for _, fn := range fns {
		fn(p)
	}
}

// Create adds a person, as CreateSeconded does, without a second administrator.
func (r *Operators) Create(ctx context.Context, by sekisho.PersonID, p Person) (Person, error) {
	return r.CreateSeconded(ctx, by, p, nil)
}

// CreateSeconded adds a person. ID and Created are set here; a new person is
// active. Where one administrator may not do that alone it is ErrRoleSecond
// without second.
func (r *Operators) CreateSeconded(ctx context.Context, by sekisho.PersonID, p Person, second storage.Second) (Person, error) {
	p = r.fresh(p)
	if err := r.validNew(p); err != nil {
		return Person{}, err
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.given(ctx, tx, Person{}, p, second); err != nil {
			return err
		}
		return r.insert(ctx, tx, administrator(by), p)
	})
	if err != nil {
		return Person{}, fmt.Errorf("operators: create: %w", err)
	}
	r.tell(p)
	return p, nil
}

// fresh is a new person as he is stored: active, and without a way in.
func (r *Operators) fresh(p Person) Person {
	p.ID, p.Login, p.Roles = sekisho.PersonID(wire.NewID()), strings.ToLower(p.Login), normal(p.Roles)
	p.Suspended, p.Created, p.Passkeys, p.Password = false, r.clk.Now(), 0, PasswordNone
	return p.at(p.Created)
}

func (r *Operators) validNew(p Person) error {
	if err := p.valid(); err != nil {
		return err
	}
	if p.LastDay.over(r.clk.Now()) {
		return errDayOver
	}
	return nil
}

func (r *Operators) insert(ctx context.Context, tx storage.Tx, by audit.Actor, p Person) error {
	if err := insertPerson(ctx, tx, p); err != nil {
		return err
	}
	return r.log.Append(ctx, tx, audit.Event{
		Kind: "person.created", Actor: by, Object: object(p.ID), Decision: audit.Allow,
		Detail: map[string]string{"roles": rolesText(p.Roles)}, Personal: audit.Personal{"name": p.Name, "login": p.Login},
	})
}

// Get gives one person.
func (r *Operators) Get(ctx context.Context, id sekisho.PersonID) (p Person, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		p, err = r.load(ctx, tx, id)
		return err
	})
	if err != nil {
		return Person{}, fmt.Errorf("operators: get: %w", err)
	}
	return p, nil
}

// List gives everybody, by kana.
func (r *Operators) List(ctx context.Context) (people []Person, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		people, err = listPeople(ctx, tx, r.clk.Now())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("operators: list: %w", err)
	}
	return people, nil
}

// Update changes a person. Nobody changes his own roles or the end of his own contract.
func (r *Operators) Update(ctx context.Context, by, id sekisho.PersonID, c Change) (Person, error) {
	return r.change(ctx, id, func(ctx context.Context, tx storage.Tx, p Person) (Person, audit.Event, error) {
		next, fields := c.apply(p)
		if err := next.valid(); err != nil {
			return p, audit.Event{}, err
		}
		detail := map[string]string{"fields": strings.Join(fields, " ")}
		if c.Roles != nil && rolesText(p.Roles) != rolesText(next.Roles) {
			if by == id {
				return p, audit.Event{}, errOwnRoles
			}
			detail["roles"] = rolesText(p.Roles) + " → " + rolesText(next.Roles)
		}
		if p.LastDay != next.LastDay {
			if by == id {
				return p, audit.Event{}, errOwnDay
			}
			detail["last_day"] = dayText(p.LastDay) + " → " + dayText(next.LastDay)
		}
		if p.Password != next.Password {
			detail["password"] = string(p.Password) + " → " + string(next.Password)
			if err := endPasswordSessions(ctx, tx, id); err != nil {
				return p, audit.Event{}, err
			}
		}
		if err := r.given(ctx, tx, p, next.at(r.clk.Now()), c.Second); err != nil {
			return p, audit.Event{}, err
		}
		return next, audit.Event{Kind: "person.changed", Actor: administrator(by), Detail: detail}, nil
	})
}

// Suspend takes everything from a person until he is resumed.
func (r *Operators) Suspend(ctx context.Context, by, id sekisho.PersonID, reason string) (Person, error) {
	return r.change(ctx, id, func(ctx context.Context, tx storage.Tx, p Person) (Person, audit.Event, error) {
		p.Suspended = true
		if err := closeWays(ctx, tx, id); err != nil {
			return p, audit.Event{}, err
		}
		return p, audit.Event{Kind: "person.suspended", Actor: administrator(by), Closing: true, Personal: audit.Personal{"reason": reason}}, nil
	})
}

// Resume lets a suspended person work again, as ResumeSeconded does, without a
// second administrator.
func (r *Operators) Resume(ctx context.Context, by, id sekisho.PersonID) (Person, error) {
	return r.ResumeSeconded(ctx, by, id, nil)
}

// ResumeSeconded lets a suspended person work again. Where one administrator may
// not do that alone it is ErrRoleSecond without second.
func (r *Operators) ResumeSeconded(ctx context.Context, by, id sekisho.PersonID, second storage.Second) (Person, error) {
	return r.change(ctx, id, func(ctx context.Context, tx storage.Tx, p Person) (Person, audit.Event, error) {
		if by == id {
			return p, audit.Event{}, errOwnRoles
		}
		if p.LastDay.over(r.clk.Now()) {
			return p, audit.Event{}, errContract
		}
		old := p
		p.Suspended = false
		if err := r.given(ctx, tx, old, p.at(r.clk.Now()), second); err != nil {
			return old, audit.Event{}, err
		}
		return p, audit.Event{Kind: "person.resumed", Actor: administrator(by), Decision: audit.Allow}, nil
	})
}

type changeFunc = func(ctx context.Context, tx storage.Tx, p Person) (Person, audit.Event, error)

// change runs one change of a person with its audit row, and keeps an administrator.
func (r *Operators) change(ctx context.Context, id sekisho.PersonID, act changeFunc) (Person, error) {
	var p Person
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		old, err := r.load(ctx, tx, id)
		if err != nil {
			return err
		}
		var e audit.Event
		if p, e, err = act(ctx, tx, old); err != nil {
			return err
		}
		p = p.at(r.clk.Now())
		if old.lasts() && !p.lasts() {
			if n, err := lasting(ctx, tx, id); err != nil || n == 0 {
				return orElse(err, errLastAdmin)
			}
		}
		if err := r.noteTwo(ctx, tx); err != nil { // before one of them goes
			return err
		}
		if err := updatePerson(ctx, tx, p, r.clk.Now()); err != nil {
			return err
		}
		if err := r.noteTwo(ctx, tx); err != nil { // after one has come
			return err
		}
		e.Object = object(id)
		return r.log.Append(ctx, tx, e)
	})
	if err != nil {
		return Person{}, fmt.Errorf("operators: change: %w", err)
	}
	r.tell(p)
	if p.LastDay.over(r.clk.Now()) {
		r.endNow(ctx)
	}
	return p, nil
}

// lasts says whether p is an administrator whom the calendar does not take away.
func (p Person) lasts() bool { return p.Has(sekisho.RoleAdministrator) && p.LastDay == "" }

func dayText(d Day) string {
	if d == "" {
		return "none"
	}
	return string(d)
}

// Holds says whether an active person has a role, read in tx.
func (r *Operators) Holds(ctx context.Context, tx storage.Tx, id sekisho.PersonID, role sekisho.Role) (bool, error) {
	p, err := r.load(ctx, tx, id)
	if sekisho.KindOf(err) == sekisho.KindNotFound {
		return false, nil
	}
	return err == nil && p.Has(role), err
}

// Keeps says whether a role is stored with a person, also while he is suspended
// or past his last day, read in tx: what he is given back when he is resumed.
func (r *Operators) Keeps(ctx context.Context, tx storage.Tx, id sekisho.PersonID, role sekisho.Role) (bool, error) {
	p, err := r.load(ctx, tx, id)
	if sekisho.KindOf(err) == sekisho.KindNotFound {
		return false, nil
	}
	return err == nil && slices.Contains(p.Roles, role), err
}

// Logins gives everybody's id by login, read in tx: those who are active.
func (r *Operators) Logins(ctx context.Context, tx storage.Tx) (map[string]sekisho.PersonID, error) {
	people, err := listPeople(ctx, tx, r.clk.Now())
	out := make(map[string]sekisho.PersonID, len(people))
	for _, p := range people {
		if p.Has(sekisho.RoleOperator) {
			out[p.Login] = p.ID
		}
	}
	return out, err
}

// MayWork is nil for an active person who may sit at an issued PC under the guard.
func (r *Operators) MayWork(ctx context.Context, id sekisho.PersonID) error {
	p, err := r.Get(ctx, id)
	switch {
	case err != nil:
		return err
	case !p.Active && !p.Suspended:
		return errContract
	case !p.Active:
		return errInactive
	case !p.Works():
		return errNoWork
	}
	return nil
}

// Name gives a person's name for a screen; one that is not known has none.
func (r *Operators) Name(ctx context.Context, id sekisho.PersonID) (string, error) {
	p, err := r.Get(ctx, id)
	if sekisho.KindOf(err) == sekisho.KindNotFound {
		return "", nil
	}
	return p.Name, err
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func administrator(by sekisho.PersonID) audit.Actor {
	if by == "" {
		return audit.Actor{Process: "cli"}
	}
	return audit.Actor{Person: by, Role: sekisho.RoleAdministrator}
}

func object(id sekisho.PersonID) audit.Object { return audit.Object{Type: "person", ID: string(id)} }
