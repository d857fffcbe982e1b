package witnesses

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Witnesses is the room.
type Witnesses struct {
	db    *storage.DB
	clk   clock.Clock
	deps  Deps
	lives lives

	mu       sync.RWMutex
	onChange []func(sekisho.ApprovalID, sekisho.PersonID)
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, d Deps) *Witnesses {
	return &Witnesses{db: db, clk: clk, deps: d, lives: lives{of: map[sekisho.ApprovalID]*live{}}}
}

// OnChange registers a listener for cases whose state has changed: of which
// question, and whose enrolment it is.
func (r *Witnesses) OnChange(fn func(sekisho.ApprovalID, sekisho.PersonID)) {
	r.mu.Lock()
	r.onChange = append(r.onChange, fn)
	r.mu.Unlock()
}

func (r *Witnesses) changed(c Case) {
	r.mu.RLock()
	fns := r.onChange
	r.mu.RUnlock()
	for _, fn := range fns {
		fn(c.Approval, c.Person)
	}
}

// Take makes by the witness of a question that waits. He takes it anew after a
// run of his has ended; while another one watches, nobody else takes it.
func (r *Witnesses) Take(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID) (Case, error) {
	var c Case
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		q, err := r.deps.Questions.Waiting(ctx, tx, id)
		if err != nil {
			return err
		}
		if ok, err := r.deps.People.Holds(ctx, tx, by, sekisho.RoleSupervisor); err != nil || !ok {
			return orElse(err, errRole)
		}
		if by == q.Person {
			return errOwn
		}
		old, err := load(ctx, tx, id)
		switch {
		case err == nil && old.State.live() && old.Witness != by && r.lives.quiet(id, old.Run, r.clk.Mono()) == "":
			return errTaken
		case err != nil && sekisho.KindOf(err) != sekisho.KindNotFound:
			return err
		}
		if err == nil && old.State.live() {
			why := r.lives.quiet(id, old.Run, r.clk.Mono())
			if why == "" {
				why = "witness.away" // he opens the page anew
			}
			old.State, old.Reason = Ended, why
			if err := r.row(ctx, tx, "witness.ended", old, audit.Actor{Process: "server"}, nil); err != nil {
				return err
			}
		}
		was, err := replaced(ctx, tx, q.Device)
		if err != nil {
			return err
		}
		c = Case{Approval: id, Run: wire.NewID(), Person: q.Person, Device: q.Device, Connection: string(q.Connection), Witness: by, State: Taken, At: r.clk.Now()}
		if was.needed() {
			c.Old = was.Old
		}
		if err := put(ctx, tx, c); err != nil {
			return err
		}
		r.lives.begin(id, c.Run, r.clk.Mono()) // before anybody can find the case, and no life of it
		return r.row(ctx, tx, "witness.taken", c, witness(c), nil)
	})
	if err != nil {
		r.lives.end(id, c.Run)
		return Case{}, r.turnedAway("take", id, audit.Actor{Person: by, Role: sekisho.RoleSupervisor}, err)
	}
	r.changed(c)
	return c, nil
}

// Agree is the person's answer to being seen by the witness of that run. What he
// is to do is drawn now: nobody can have practised it.
func (r *Witnesses) Agree(ctx context.Context, by Seat, id sekisho.ApprovalID, run string, yes bool) (Case, error) {
	c, err := r.act(ctx, id, func(ctx context.Context, tx storage.Tx, c *Case) (string, error) {
		switch {
		case !c.of(by):
			return "", ErrUnknown
		case c.Run != run:
			return "", errSeen
		case c.State != Taken:
			return "", errOver
		case !yes:
			c.State, c.Reason = Ended, "witness.declined"
			return "witness.declined", nil
		}
		c.State, c.Request = Watched, newRequest()
		return "witness.agreed", nil
	}, operator(by))
	if err != nil {
		return Case{}, r.turnedAway("agree", id, operator(by), err)
	}
	if yes {
		r.lives.agreed(id, c.Run, r.clk.Mono())
	}
	return c, nil
}

// Picture takes the newest picture of an enrolment that is watched.
func (r *Witnesses) Picture(ctx context.Context, by Seat, id sekisho.ApprovalID, run string, jpeg []byte) (Case, error) {
	if err := validPicture(jpeg); err != nil {
		return Case{}, fmt.Errorf("witnesses: picture: %w", err)
	}
	c, err := r.Of(ctx, by, id)
	switch {
	case err != nil:
		return Case{}, err
	case c.Run != run:
		err = errSeen
	case c.State == Taken:
		err = errConsent
	case c.State.live():
		err = r.lives.show(id, run, jpeg, r.clk.Mono())
	}
	if err != nil {
		return Case{}, fmt.Errorf("witnesses: picture: %w", err)
	}
	return c, nil
}

// Offer hands in the enrolment that the PC has made. Another one takes its place
// until the witness has confirmed; what he was shown before is then void.
func (r *Witnesses) Offer(ctx context.Context, by Seat, id sekisho.ApprovalID, e Enrolment) (Case, error) {
	if e.Commitment == "" || e.Model == "" || e.Picture == "" {
		return Case{}, fmt.Errorf("witnesses: offer: %w", errMoved)
	}
	c, err := r.act(ctx, id, func(_ context.Context, _ storage.Tx, c *Case) (string, error) {
		switch {
		case !c.of(by):
			return "", ErrUnknown
		case c.State == Taken:
			return "", errConsent
		case !c.State.live():
			return "", errOver
		case r.lives.seen(id, c.Run) == 0:
			return "", errSilent // nobody saw anything
		}
		c.State, c.Commitment, c.Model, c.Picture = Offered, e.Commitment, e.Model, e.Picture
		return "witness.offered", nil
	}, operator(by))
	if err != nil {
		return Case{}, r.turnedAway("offer", id, operator(by), err)
	}
	return c, nil
}

// Of gives the case of a question to the PC that enrols. One that fell silent has ended.
func (r *Witnesses) Of(ctx context.Context, by Seat, id sekisho.ApprovalID) (Case, error) {
	c, err := r.now(ctx, id)
	if err == nil && !c.of(by) {
		err = ErrUnknown
	}
	if err != nil {
		return Case{}, fmt.Errorf("witnesses: case: %w", err)
	}
	return c, nil
}

// now reads a case, and ends it if it fell silent.
func (r *Witnesses) now(ctx context.Context, id sekisho.ApprovalID) (c Case, err error) {
	if err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		c, err = load(ctx, tx, id)
		return err
	}); err != nil || !c.State.live() {
		return c, err
	}
	why := r.lives.quiet(id, c.Run, r.clk.Mono())
	if why == "" {
		return c, nil
	}
	ended, err := r.silence(ctx, c, why)
	if sekisho.KindOf(err) != sekisho.KindConflict || err == nil {
		return ended, err
	}
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) { // somebody else was first
		c, err = load(ctx, tx, id)
		return err
	})
	return c, err
}

// act changes a live case in one transaction with its row, which kind names.
func (r *Witnesses) act(ctx context.Context, id sekisho.ApprovalID, do func(context.Context, storage.Tx, *Case) (kind string, err error), by audit.Actor) (Case, error) {
	if _, err := r.now(ctx, id); err != nil {
		return Case{}, err
	}
	var c Case
	err := r.db.Write(ctx, func(tx storage.Tx) (err error) {
		if c, err = load(ctx, tx, id); err != nil {
			return err
		}
		from := c.State
		kind, err := do(ctx, tx, &c)
		if err != nil {
			return err
		}
		c.At = r.clk.Now()
		if err := move(ctx, tx, c, from); err != nil {
			return err
		}
		return r.row(ctx, tx, kind, c, by, nil)
	})
	if err != nil {
		return Case{}, err
	}
	if !c.State.live() {
		r.lives.end(id, c.Run)
	}
	r.changed(c)
	return c, nil
}

// silence ends a case at which nobody looks any more, or of which no picture comes.
func (r *Witnesses) silence(ctx context.Context, c Case, why string) (Case, error) {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		from := c.State
		ended := c
		ended.State, ended.Reason, ended.At = Ended, why, r.clk.Now()
		if err := move(ctx, tx, ended, from); err != nil {
			return err
		}
		if err := r.row(ctx, tx, "witness.ended", ended, audit.Actor{Process: "server"}, nil); err != nil {
			return err
		}
		c = ended
		return nil
	})
	if err != nil {
		return Case{}, fmt.Errorf("witnesses: end: %w", err)
	}
	r.lives.end(c.Approval, c.Run)
	r.changed(c)
	return c, nil
}

// Run ends what fell silent, until ctx ends. A sweep that failed is made again
// with the next one.
func (r *Witnesses) Run(ctx context.Context) error {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := r.sweep(ctx); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "cases of witnesses could not be looked at", "error", err)
			}
		}
	}
}

func (r *Witnesses) sweep(ctx context.Context) error {
	var live []Case
	if err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		live, err = open(ctx, tx)
		return err
	}); err != nil {
		return fmt.Errorf("witnesses: sweep: %w", err)
	}
	for _, c := range live {
		if _, err := r.now(ctx, c.Approval); err != nil {
			return err
		}
	}
	return nil
}

// turnedAway leaves the row of an attempt that was refused.
func (r *Witnesses) turnedAway(act string, id sekisho.ApprovalID, by audit.Actor, err error) error {
	r.deps.Audit.Afterwards(audit.Event{
		Kind: "witness.denied", Actor: by, Object: audit.Object{Type: "approval", ID: string(id)}, Decision: audit.Deny,
		Reason: sekisho.CodeOf(err), Detail: map[string]string{"act": act},
	})
	return fmt.Errorf("witnesses: %s: %w", act, err)
}

func (r *Witnesses) row(ctx context.Context, tx storage.Tx, kind string, c Case, by audit.Actor, more map[string]string) error {
	e := audit.Event{
		Kind: kind, Actor: by, Object: audit.Object{Type: "person", ID: string(c.Person)}, Decision: audit.Allow,
		Detail: map[string]string{"approval": string(c.Approval), "witness": string(c.Witness), "device": string(c.Device)},
	}
	if c.Old != "" {
		e.Detail["replaces"] = string(c.Old)
	}
	if c.State == Refused || c.State == Ended {
		e.Decision, e.Reason, e.Closing = audit.Deny, c.Reason, true
	}
	for k, v := range more {
		e.Detail[k] = v
	}
	return r.deps.Audit.Append(ctx, tx, e)
}

func operator(s Seat) audit.Actor {
	return audit.Actor{Person: s.Person, Device: s.Device, Role: sekisho.RoleOperator}
}

func witness(c Case) audit.Actor {
	return audit.Actor{Person: c.Witness, Role: sekisho.RoleSupervisor}
}

func witnessing(by sekisho.PersonID) audit.Actor {
	return audit.Actor{Person: by, Role: sekisho.RoleSupervisor}
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
