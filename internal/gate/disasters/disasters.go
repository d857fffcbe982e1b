package disasters

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Disasters is the room.
type Disasters struct {
	db      *storage.DB
	clk     clock.Clock
	log     Audit
	checker Checker

	mu       sync.Mutex
	onChange []func()
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit, checker Checker) *Disasters {
	return &Disasters{db: db, clk: clk, log: log, checker: checker}
}

// OnChange registers a listener for a disaster that begins or ends: what is open
// is asked again.
func (r *Disasters) OnChange(fn func()) {
	r.mu.Lock()
	r.onChange = append(r.onChange, fn)
	r.mu.Unlock()
}

func (r *Disasters) changed() {
	r.mu.Lock()
	fns := r.onChange
	r.mu.Unlock()
	for _, fn := range fns {
		fn()
	}
}

// Check says whether a name and a text could be agreed on, without doing it.
func (r *Disasters) Check(ctx context.Context, name, text string) error {
	if !said(name, maxName) {
		return errName
	}
	if len(text) > maxText {
		return errText
	}
	if err := r.checker.CheckWidening(ctx, text); err != nil {
		return errText.Because(err)
	}
	return nil
}

// Agree keeps a widening, by the word of two.
func (r *Disasters) Agree(ctx context.Context, by sekisho.PersonID, name, text string, second storage.Second) (Widening, error) {
	if second == nil {
		return Widening{}, errSecond
	}
	if err := r.Check(ctx, name, text); err != nil {
		return Widening{}, err
	}
	w := Widening{ID: sekisho.WideningID(wire.NewID()), Name: name, Text: text, Author: by, Agreed: r.clk.Now()}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := second(ctx, tx); err != nil {
			return err
		}
		all, err := widenings(ctx, tx)
		if err != nil {
			return err
		}
		if len(all) >= maxWidenings {
			return errMany
		}
		if err := insertWidening(ctx, tx, w); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "widening.agreed", Actor: manager(by), Object: audit.Object{Type: "widening", ID: string(w.ID)}, Decision: audit.Allow,
			Detail: map[string]string{"sha256": hash(text)}, Personal: audit.Personal{"name": name},
		})
	})
	if err != nil {
		return Widening{}, fmt.Errorf("disasters: agree: %w", err)
	}
	return w, nil
}

// Drop takes a widening away: it can be declared no more. One that is in force
// stays until its end; End is for that.
func (r *Disasters) Drop(ctx context.Context, by sekisho.PersonID, id sekisho.WideningID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := dropWidening(ctx, tx, id, r.clk.Now()); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{Kind: "widening.dropped", Actor: manager(by), Object: audit.Object{Type: "widening", ID: string(id)}, Closing: true})
	})
	if err != nil {
		return fmt.Errorf("disasters: drop: %w", err)
	}
	return nil
}

// Widenings lists what was agreed on, by name.
func (r *Disasters) Widenings(ctx context.Context) (out []Widening, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out, err = widenings(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("disasters: widenings: %w", err)
	}
	return out, nil
}

// CheckDeclaration says whether a disaster could be declared so, without doing it,
// and gives its widening.
func (r *Disasters) CheckDeclaration(ctx context.Context, d Declaration) (w Widening, err error) {
	if err := d.valid(r.clk.Now()); err != nil {
		return w, err
	}
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		w, err = r.declarable(ctx, tx, d)
		return err
	})
	return w, err
}

// declarable finds the widening, where no other disaster is in force.
func (r *Disasters) declarable(ctx context.Context, tx storage.Tx, d Declaration) (Widening, error) {
	now, err := inForce(ctx, tx, r.clk.Now())
	if err != nil {
		return Widening{}, err
	}
	if now.ID != "" {
		return Widening{}, errAlready
	}
	return loadWidening(ctx, tx, d.Widening)
}

// Declare begins disaster mode, by the word of two.
func (r *Disasters) Declare(ctx context.Context, by sekisho.PersonID, d Declaration, second storage.Second) (Disaster, error) {
	if second == nil {
		return Disaster{}, errSecond
	}
	if err := d.valid(r.clk.Now()); err != nil {
		return Disaster{}, err
	}
	var one Disaster
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := second(ctx, tx); err != nil {
			return err
		}
		if err := r.settle(ctx, tx); err != nil {
			return err
		}
		w, err := r.declarable(ctx, tx, d)
		if err != nil {
			return err
		}
		one = Disaster{
			ID: sekisho.DisasterID(wire.NewID()), Widening: w.ID, Name: w.Name, Text: w.Text, Reason: d.Reason, Announcement: d.Announcement,
			Author: by, Begins: r.clk.Now(), Ends: d.Ends.UTC(),
		}
		if err := insertDisaster(ctx, tx, one); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "disaster.declared", Actor: audit.Actor{Person: by}, Object: object(one.ID), Decision: audit.Allow,
			Detail:   map[string]string{"until": one.Ends.Format(time.RFC3339), "widening": string(w.ID), "sha256": hash(w.Text)},
			Personal: audit.Personal{"reason": d.Reason},
		})
	})
	if err != nil {
		return Disaster{}, fmt.Errorf("disasters: declare: %w", err)
	}
	r.changed()
	return one, nil
}

// End ends disaster mode before its time; one person is enough.
func (r *Disasters) End(ctx context.Context, by sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		now := r.clk.Now()
		one, err := inForce(ctx, tx, now)
		if err != nil {
			return err
		}
		if one.ID == "" {
			return errNone
		}
		return r.over(ctx, tx, one, audit.Actor{Person: by}, now)
	})
	if err != nil {
		return fmt.Errorf("disasters: end: %w", err)
	}
	r.changed()
	return nil
}

// Settle writes down the end of a disaster whose time is over. It is over without
// that; it gives when the next one will be, zero where none is in force.
func (r *Disasters) Settle(ctx context.Context) (next time.Time, err error) {
	settled := false
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		before, err := unsettled(ctx, tx, r.clk.Now())
		if err != nil {
			return err
		}
		settled = len(before) > 0
		if err := r.settle(ctx, tx); err != nil {
			return err
		}
		one, err := inForce(ctx, tx, r.clk.Now())
		next = one.Ends
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("disasters: settle: %w", err)
	}
	if settled {
		r.changed()
	}
	return next, nil
}

func (r *Disasters) settle(ctx context.Context, tx storage.Tx) error {
	all, err := unsettled(ctx, tx, r.clk.Now())
	for _, one := range all {
		err = errors.Join(err, r.over(ctx, tx, one, audit.Actor{Process: "server"}, one.Ends))
	}
	return err
}

func (r *Disasters) over(ctx context.Context, tx storage.Tx, one Disaster, by audit.Actor, at time.Time) error {
	if err := endDisaster(ctx, tx, one.ID, by.Person, at); err != nil {
		return err
	}
	return r.log.Append(ctx, tx, audit.Event{
		Kind: "disaster.ended", Actor: by, Object: object(one.ID), Closing: true, Detail: map[string]string{"until": at.UTC().Format(time.RFC3339)},
	})
}

// Now gives the disaster in force, or none.
func (r *Disasters) Now(ctx context.Context) (one Disaster, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		one, err = r.NowIn(ctx, tx)
		return err
	})
	if err != nil {
		return Disaster{}, fmt.Errorf("disasters: now: %w", err)
	}
	return one, nil
}

// NowIn is Now in a transaction that is open.
func (r *Disasters) NowIn(ctx context.Context, tx storage.Tx) (Disaster, error) {
	return inForce(ctx, tx, r.clk.Now())
}

func object(id sekisho.DisasterID) audit.Object {
	return audit.Object{Type: "disaster", ID: string(id)}
}

func manager(by sekisho.PersonID) audit.Actor {
	return audit.Actor{Person: by, Role: sekisho.RoleAdministrator}
}
