package rules

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Rules is the room.
type Rules struct {
	db       *storage.DB
	clk      clock.Clock
	log      Audit
	subjects Subjects
	widening func(context.Context, storage.Tx) (Widening, error) // nil: never any

	mu       sync.Mutex
	set      *Set // of version held
	held     int
	beside   string // id of the widening that set holds
	onChange []func()
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit, subjects Subjects) *Rules {
	return &Rules{db: db, clk: clk, log: log, subjects: subjects, held: -1}
}

// OnChange registers a listener for policies that have come into force: what
// is open and no longer allowed must be closed.
func (r *Rules) OnChange(fn func()) {
	r.mu.Lock()
	r.onChange = append(r.onChange, fn)
	r.mu.Unlock()
}

// inForce gives the compiled policies with their number. Every node asks the
// database which version that is, so that none goes on by an older one.
func (r *Rules) inForce(ctx context.Context) (set *Set, n int, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		if n, err = number(ctx, tx); err != nil {
			return err
		}
		var w Widening
		if r.widening != nil {
			if w, err = r.widening(ctx, tx); err != nil {
				return err
			}
		}
		r.mu.Lock()
		if r.held == n && r.beside == w.ID {
			set = r.set
		}
		r.mu.Unlock()
		if set != nil {
			return nil
		}
		v, err := load(ctx, tx, n)
		if err != nil {
			return err
		}
		made, faults := widened(v.Text, w)
		if len(faults) > 0 {
			return faultsError(faults)
		}
		r.mu.Lock()
		r.set, r.held, r.beside, set = made, n, w.ID, made
		r.mu.Unlock()
		return nil
	})
	return set, n, err
}

// ask decides, by the policies in force; what cannot be found out is a refusal.
func (r *Rules) ask(ctx context.Context, q Question) (Answer, error) {
	set, n, err := r.inForce(ctx)
	if err != nil {
		return Answer{Code: errBroken.Code}, errBroken.Because(err)
	}
	a := set.Decide(q)
	a.Version = n
	return a, nil
}

// Open says whether a person may open a session.
func (r *Rules) Open(ctx context.Context, id sekisho.PersonID, seat Seat) (Answer, error) {
	p, err := r.subjects.Person(ctx, id)
	if err != nil {
		return Answer{Code: errBroken.Code}, fmt.Errorf("rules: open: %w", err)
	}
	return r.ask(ctx, Question{Action: Open, Person: p, Seat: seat})
}

// Reach says whether a person, whose lease is alive, may reach a desktop.
// listed is what gate/grants found in its own lists.
func (r *Rules) Reach(ctx context.Context, id sekisho.PersonID, desktop sekisho.DesktopID, seat Seat, alive, listed bool) (Answer, error) {
	p, err := r.subjects.Person(ctx, id)
	if err != nil {
		return Answer{Code: errBroken.Code}, fmt.Errorf("rules: reach: %w", err)
	}
	d, err := r.subjects.Desktop(ctx, desktop)
	if err != nil {
		return Answer{Code: errBroken.Code}, fmt.Errorf("rules: reach: %w", err)
	}
	return r.ask(ctx, Question{Action: Reach, Person: p, Desktop: d, Seat: seat, Lease: alive, Listed: listed})
}

// Manage says whether a person may act as an administrator. The roles are what
// the console found: an own role's rights are asked about as if he held the
// built-in one.
func (r *Rules) Manage(ctx context.Context, id sekisho.PersonID, roles []sekisho.Role) (Answer, error) {
	p, err := r.subjects.Person(ctx, id)
	if err != nil {
		return Answer{Code: errBroken.Code}, fmt.Errorf("rules: manage: %w", err)
	}
	p.Roles = roles
	return r.ask(ctx, Question{Action: Manage, Person: p})
}

// InForce gives the version in force, with its text.
func (r *Rules) InForce(ctx context.Context) (v Version, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		v, err = newest(ctx, tx)
		return err
	})
	return v, err
}

// Past gives a version that was stored, or the built-in one, 0.
func (r *Rules) Past(ctx context.Context, n int) (v Version, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		v, err = load(ctx, tx, n)
		return err
	})
	return v, err
}

// History lists the versions that were stored, the newest first, without their texts.
func (r *Rules) History(ctx context.Context) (out []Version, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out, err = history(ctx, tx, 200)
		return err
	})
	return out, err
}

// Put is PutSeconded without a second person.
func (r *Rules) Put(ctx context.Context, by sekisho.PersonID, seen int, text, note string) (Version, error) {
	return r.PutSeconded(ctx, by, seen, text, note, nil)
}

// PutSeconded brings a text into force. seen is the number of the version that the
// administrator saw, so that nobody overwrites what another has just changed.
func (r *Rules) PutSeconded(ctx context.Context, by sekisho.PersonID, seen int, text, note string, second storage.Second) (Version, error) {
	if err := r.acceptable(ctx, by, text, note); err != nil {
		return Version{}, err
	}
	v := Version{Number: seen + 1, Text: text, Note: note, Author: by, At: r.clk.Now()}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		old, err := newest(ctx, tx)
		if err != nil {
			return err
		}
		if old.Number != seen {
			return errVersion
		}
		if err := second.Said(ctx, tx); err != nil {
			return err
		}
		if err := insert(ctx, tx, v); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "rules.changed", Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator},
			Object: audit.Object{Type: "rules", ID: strconv.Itoa(v.Number)}, Decision: audit.Allow,
			Detail: map[string]string{"version": strconv.Itoa(v.Number), "sha256": hash(text)}, Personal: audit.Personal{"reason": note},
		})
	})
	if err != nil {
		return Version{}, fmt.Errorf("rules: put: %w", err)
	}
	r.mu.Lock()
	fns := r.onChange
	r.mu.Unlock()
	for _, fn := range fns {
		fn()
	}
	return v, nil
}

// acceptable refuses what nobody may bring into force, with a second person or without.
func (r *Rules) acceptable(ctx context.Context, by sekisho.PersonID, text, note string) error {
	if !wire.ValidText(note, maxNote) || strings.TrimSpace(note) == "" {
		return errNote
	}
	set, faults := Compile(text)
	if len(faults) > 0 {
		return errText.Because(faultsError(faults))
	}
	return r.lockout(ctx, by, set)
}

// lockout refuses policies by which no administrator, or not the one who brings
// them, could administer any more. Their works do not count: an assignment ends
// with its day, and nobody could give another one then.
func (r *Rules) lockout(ctx context.Context, by sekisho.PersonID, set *Set) error {
	people, err := r.subjects.People(ctx)
	if err != nil {
		return err
	}
	some, own := false, false
	for _, p := range people {
		if !p.Active || !p.holds(sekisho.RoleAdministrator) || !set.Decide(Question{Action: Manage, Person: p}).Allow {
			continue
		}
		if p.Works = nil; !set.Decide(Question{Action: Manage, Person: p}).Allow {
			continue
		}
		some = true
		own = own || p.ID == by
	}
	switch {
	case !some:
		return errLockout
	case !own:
		return errLockOwn
	}
	return nil
}
