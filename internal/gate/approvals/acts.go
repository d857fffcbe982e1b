package approvals

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// OnAct registers a listener for dangerous acts that were asked for or answered.
func (r *Approvals) OnAct(fn func(sekisho.ActID)) {
	r.mu.Lock()
	r.onAct = append(r.onAct, fn)
	r.mu.Unlock()
}

func (r *Approvals) acted(id sekisho.ActID) {
	r.mu.RLock()
	fns := r.onAct
	r.mu.RUnlock()
	for _, fn := range fns {
		fn(id)
	}
}

// Propose asks for a dangerous act: kind, object, asker, payload and differences
// of a. It replaces what the same person still has waiting of this kind for the
// same object. Where nobody could confirm it there is nothing to wait for, and it
// is refused.
func (r *Approvals) Propose(ctx context.Context, a Act) (Act, error) {
	if err := validAct(a); err != nil {
		return Act{}, err
	}
	now := r.clk.Now()
	a.ID, a.State, a.Asked, a.Expires, a.Decider, a.Reason = sekisho.ActID(wire.NewID()), Waiting, now, now.Add(actLife), "", ""
	a.Digest = a.digest()
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.mayAsk(ctx, tx, a); err != nil {
			return err
		}
		before, err := withdrawActs(ctx, tx, a, now)
		if err != nil {
			return err
		}
		for _, old := range before {
			if err := r.appendAct(ctx, tx, "act.withdrawn", a.Asker, old, func(e *audit.Event) { e.Detail["replaced_by"] = string(a.ID) }); err != nil {
				return err
			}
		}
		if err := insertAct(ctx, tx, a); err != nil {
			return err
		}
		return r.appendAct(ctx, tx, "act.asked", a.Asker, a, nil)
	})
	if err != nil {
		r.log.Afterwards(about(a.Kind, a.Object, audit.Event{
			Kind: "act.denied", Actor: audit.Actor{Person: a.Asker}, Object: audit.Object{Type: "act", ID: string(a.ID)},
			Decision: audit.Deny, Reason: sekisho.CodeOf(err), Detail: map[string]string{"act": a.Kind},
		}))
		return Act{}, fmt.Errorf("approvals: propose %s: %w", a.Kind, err)
	}
	r.acted(a.ID)
	return a, nil
}

// mayAsk refuses whoever may not ask, has asked too often, or asks where nobody
// could confirm.
func (r *Approvals) mayAsk(ctx context.Context, tx storage.Tx, a Act) error {
	_, ok, err := r.holdsAny(ctx, tx, a.Asker, actRoles[a.Kind].ask)
	if err != nil {
		return err
	}
	others, err := r.people.Others(ctx, tx, a.Asker, actRoles[a.Kind].confirm)
	if err != nil {
		return err
	}
	n, err := actsSince(ctx, tx, a.Asker, r.clk.Now().Add(-actWindow))
	switch {
	case err != nil:
		return err
	case !ok:
		return errActRole
	case !others:
		return errNoSecond
	case n >= actsEach:
		return errActMany
	}
	return nil
}

// Acts lists what waits, the oldest first, and what was closed last.
func (r *Approvals) Acts(ctx context.Context) (open, closed []Act, err error) {
	now := r.clk.Now()
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		open, closed, err = listActs(ctx, tx, now)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("approvals: acts: %w", err)
	}
	return open, closed, nil
}

// Act gives one act with its payload, for whoever performs it.
func (r *Approvals) Act(ctx context.Context, id sekisho.ActID) (a Act, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		a, err = loadAct(ctx, tx, id)
		return err
	})
	if err != nil {
		return Act{}, fmt.Errorf("approvals: act: %w", err)
	}
	return a.at(r.clk.Now()), nil
}

// MayConfirm says whether by could confirm what he was shown, without doing it.
func (r *Approvals) MayConfirm(ctx context.Context, by sekisho.PersonID, id sekisho.ActID, digest string) (Act, error) {
	var a Act
	var denied error
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		a, denied, err = r.confirmable(ctx, tx, by, id, digest)
		return err
	})
	if err = errors.Join(err, denied); err != nil {
		r.deniedAct(by, id, err)
		return Act{}, fmt.Errorf("approvals: may confirm: %w", err)
	}
	return a, nil
}

// Turn refuses an act, by somebody who could confirm it, or withdraws it, by its asker.
func (r *Approvals) Turn(ctx context.Context, by sekisho.PersonID, id sekisho.ActID) (Act, error) {
	var a Act
	err := r.db.Write(ctx, func(tx storage.Tx) (err error) {
		if a, err = loadAct(ctx, tx, id); err != nil {
			return err
		}
		if a = a.at(r.clk.Now()); a.State != Waiting {
			return errActDecided
		}
		_, may, err := r.holdsAny(ctx, tx, by, actRoles[a.Kind].confirm)
		if err != nil {
			return err
		}
		kind := "act.refused"
		switch {
		case by == a.Asker:
			kind, a.State = "act.withdrawn", Withdrawn
		case may:
			a.State = Refused
		default:
			return errActRole
		}
		a.Decider, a.Decided = by, r.clk.Now()
		if err := moveAct(ctx, tx, a, Waiting); err != nil {
			return err
		}
		return r.appendAct(ctx, tx, kind, by, a, func(e *audit.Event) { e.Decision, e.Closing = audit.Deny, true })
	})
	if err != nil {
		r.deniedAct(by, id, err)
		return Act{}, fmt.Errorf("approvals: turn down: %w", err)
	}
	r.acted(id)
	return a, nil
}

// Alone writes down, before it happens, that somebody did a dangerous act alone,
// since there has never been a second administrator.
func (r *Approvals) Alone(ctx context.Context, by sekisho.PersonID, kind, object string) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if _, ok, err := r.holdsAny(ctx, tx, by, actRoles[kind].ask); err != nil || !ok {
			return errors.Join(errActRole, err)
		}
		return r.log.Append(ctx, tx, about(kind, object, audit.Event{
			Kind: "act.alone", Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator}, Object: audit.Object{Type: "act"}, Decision: audit.Allow,
			Detail: map[string]string{"act": kind},
		}))
	})
	if err != nil {
		return fmt.Errorf("approvals: alone: %w", err)
	}
	r.acted("")
	return nil
}

// holdsAny gives the first of roles that a person holds.
func (r *Approvals) holdsAny(ctx context.Context, tx storage.Tx, p sekisho.PersonID, roles []sekisho.Role) (sekisho.Role, bool, error) {
	for _, role := range roles {
		if ok, err := r.people.Holds(ctx, tx, p, role); err != nil || ok {
			return role, ok && err == nil, err
		}
	}
	return "", false, nil
}

// appendAct writes an act's row of the log. What is asked for stands in it by its digest.
func (r *Approvals) appendAct(ctx context.Context, tx storage.Tx, kind string, by sekisho.PersonID, a Act, also func(*audit.Event)) error {
	roles := actRoles[a.Kind].confirm
	if by == a.Asker {
		roles = actRoles[a.Kind].ask
	}
	role, _, err := r.holdsAny(ctx, tx, by, roles)
	if err != nil {
		return err
	}
	e := about(a.Kind, a.Object, audit.Event{
		Kind: kind, Actor: audit.Actor{Person: by, Role: role}, Object: audit.Object{Type: "act", ID: string(a.ID)}, Decision: audit.Allow,
		Detail: map[string]string{"act": a.Kind, "asker": string(a.Asker), "sha256": a.Digest, "differences": strconv.Itoa(len(a.Differences))},
	})
	if also != nil {
		also(&e)
	}
	return r.log.Append(ctx, tx, e)
}

// about says in a row what an act is done to. A login and free words can be erased;
// what names a thing of the centre stays.
func about(kind, object string, e audit.Event) audit.Event {
	if kind == ActPersonNew || kind == ActWidening {
		e.Personal = audit.Personal{"about": object}
		return e
	}
	e.Detail["about"] = object
	return e
}

func (r *Approvals) deniedAct(by sekisho.PersonID, id sekisho.ActID, err error) {
	r.log.Afterwards(audit.Event{
		Kind: "act.denied", Actor: audit.Actor{Person: by}, Object: audit.Object{Type: "act", ID: string(id)}, Decision: audit.Deny, Reason: sekisho.CodeOf(err),
	})
}
