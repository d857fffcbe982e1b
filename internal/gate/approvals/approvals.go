package approvals

import (
	"context"
	"crypto/subtle"
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

// Approvals is the room.
type Approvals struct {
	db     *storage.DB
	clk    clock.Clock
	log    Audit
	people People

	mu       sync.RWMutex
	onChange []func(Question)
	onAct    []func(sekisho.ActID)
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit, people People) *Approvals {
	return &Approvals{db: db, clk: clk, log: log, people: people}
}

// OnChange registers a listener for questions that were asked or answered.
func (r *Approvals) OnChange(fn func(Question)) {
	r.mu.Lock()
	r.onChange = append(r.onChange, fn)
	r.mu.Unlock()
}

func (r *Approvals) changed(q Question) {
	r.mu.RLock()
	fns := r.onChange
	r.mu.RUnlock()
	for _, fn := range fns {
		fn(q)
	}
}

// Ask puts a question. It replaces the one of the same kind that the person
// still has waiting from that PC. ID, code, state and times of q are set here.
func (r *Approvals) Ask(ctx context.Context, q Question) (Question, error) {
	if err := validAsk(q); err != nil {
		return Question{}, err
	}
	now := r.clk.Now()
	q.ID, q.Code, q.State = sekisho.ApprovalID(wire.NewID()), newCode(), Waiting
	q.Asked, q.Expires, q.Decider, q.Decided, q.wrong = now, now.Add(lifetime), "", time.Time{}, 0
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if asks(q.Kind) == sekisho.RoleAdministrator {
			if ok, err := r.people.Holds(ctx, tx, q.Person, asks(q.Kind)); err != nil || !ok {
				return errors.Join(ErrRole, err)
			}
		}
		n, err := askedSince(ctx, tx, q, now.Add(-time.Hour))
		if err != nil {
			return err
		}
		if n >= askedEach {
			return errMany
		}
		if err := withdraw(ctx, tx, q); err != nil {
			return err
		}
		if err := insert(ctx, tx, q); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "approval.asked", Actor: asker(q), Object: object(q.ID), Decision: audit.Allow,
			Detail: map[string]string{"kind": q.Kind, "connection": string(q.Connection), "subject": string(q.Subject)},
		})
	})
	if err != nil {
		return Question{}, fmt.Errorf("approvals: ask: %w", err)
	}
	r.changed(q)
	return q, nil
}

// Get gives a question to the person who asked it.
func (r *Approvals) Get(ctx context.Context, id sekisho.ApprovalID, person sekisho.PersonID) (q Question, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		q, err = load(ctx, tx, id)
		return err
	})
	if err == nil && q.Person != person {
		err = errUnknown
	}
	if err != nil {
		return Question{}, fmt.Errorf("approvals: get: %w", err)
	}
	return q.at(r.clk.Now()), nil
}

// Open lists the questions that wait now, the oldest first.
func (r *Approvals) Open(ctx context.Context) (out []Question, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = waiting(ctx, tx, r.clk.Now())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("approvals: open: %w", err)
	}
	return out, nil
}

// Decide answers a question. Approving needs the code; refusing does not.
func (r *Approvals) Decide(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, approve bool, code string) (Question, error) {
	var q Question
	var denied error               // decided inside, while the transaction itself stands
	var standsFor sekisho.PersonID // the supervisor for whom a deputy answers
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		var err error
		denied = nil
		approved := approve // what is found out in here counts for this run of the transaction alone
		if q, err = load(ctx, tx, id); err != nil {
			return err
		}
		q = q.at(r.clk.Now())
		if standsFor, denied, err = r.mayDecide(ctx, tx, by, q); err != nil || denied != nil {
			return err
		}
		if approved && subtle.ConstantTimeCompare([]byte(code), []byte(q.Code)) != 1 {
			denied = errCode
			if q.wrong++; q.wrong < wrongCodes {
				return save(ctx, tx, q)
			}
			approved = false // whoever guesses does not know the person
		}
		return r.decide(ctx, tx, by, standsFor, &q, approved)
	})
	if err == nil && denied == nil {
		r.changed(q)
		return q, nil
	}
	if denied != nil && q.State == Refused {
		r.changed(q)
	}
	if err == nil {
		err = denied
	}
	r.log.Afterwards(audit.Event{
		Kind: "approval.denied", Actor: decider(by, q.Kind), Object: object(id), Decision: audit.Deny, Reason: sekisho.CodeOf(err),
	})
	return Question{}, fmt.Errorf("approvals: decide: %w", err)
}

// mayDecide gives a refusal, or an error if that could not be found out; and for
// whom a deputy answers, "" where somebody answers in his own right.
func (r *Approvals) mayDecide(ctx context.Context, tx storage.Tx, by sekisho.PersonID, q Question) (standsFor sekisho.PersonID, denied, err error) {
	role, known := Decides(q.Kind)
	ok, err := r.people.Holds(ctx, tx, by, role)
	if err != nil {
		return "", nil, err
	}
	if by != "" && known && !ok {
		if standsFor, denied, err = r.principalFor(ctx, tx, by, q); err != nil || denied != nil {
			return "", denied, err
		}
		ok = standsFor != ""
	}
	switch {
	case by == "" || !known || !ok:
		return "", ErrRole, nil
	case by == q.Person:
		return "", errOwn, nil
	case q.State == Expired:
		return "", errExpired, nil
	case q.State != Waiting:
		return "", errDecided, nil
	}
	return standsFor, nil, nil
}

func (r *Approvals) decide(ctx context.Context, tx storage.Tx, by, standsFor sekisho.PersonID, q *Question, approve bool) error {
	now := r.clk.Now()
	q.Decider, q.Decided = by, now
	q.State = Refused
	e := audit.Event{
		Kind: "approval.refused", Actor: decider(by, q.Kind), Object: object(q.ID), Decision: audit.Deny,
		Detail: map[string]string{"kind": q.Kind, "asker": string(q.Person)},
	}
	if standsFor != "" {
		e.Detail["stands_for"] = string(standsFor)
	}
	if approve {
		q.State, q.Expires = Approved, now.Add(lifetime)
		e.Kind, e.Decision = "approval.approved", audit.Allow
	}
	if err := save(ctx, tx, *q); err != nil {
		return err
	}
	return r.log.Append(ctx, tx, e)
}

// Use takes an approval, once, in the transaction of what it allows: for the
// person and the PC that asked.
func (r *Approvals) Use(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID, kind string, person sekisho.PersonID, device sekisho.DeviceID) error {
	return r.use(ctx, tx, id, Question{Kind: kind, Person: person, Device: device})
}

// UseInvitation is Use for a link that by makes for another person.
func (r *Approvals) UseInvitation(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID, by, subject sekisho.PersonID) error {
	return r.use(ctx, tx, id, Question{Kind: KindInvitation, Person: by, Subject: subject})
}

func (r *Approvals) use(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID, by Question) error {
	q, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	q = q.at(r.clk.Now())
	if err := q.usable(by); err != nil {
		return err
	}
	if q.Decider == "" || q.Decider == q.Person {
		return errOwn // a row that Decide cannot have written
	}
	if err := take(ctx, tx, id, r.clk.Now()); err != nil {
		return err
	}
	return r.log.Append(ctx, tx, audit.Event{
		Kind: "approval.used", Actor: asker(q), Object: object(id), Decision: audit.Allow,
		Detail: map[string]string{"kind": q.Kind, "decider": string(q.Decider), "subject": string(q.Subject)},
	})
}

func asker(q Question) audit.Actor {
	return audit.Actor{Person: q.Person, Device: q.Device, Role: asks(q.Kind)}
}

func decider(by sekisho.PersonID, kind string) audit.Actor {
	role, _ := Decides(kind)
	return audit.Actor{Person: by, Role: role}
}

func object(id sekisho.ApprovalID) audit.Object {
	return audit.Object{Type: "approval", ID: string(id)}
}
