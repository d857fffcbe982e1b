package approvals

import (
	"context"
	"errors"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Confirm says yes for a second person to what the asker will do himself, once: of
// two at the same time one is refused. digest is that of what he was shown.
// UseAct takes it.
func (r *Approvals) Confirm(ctx context.Context, by sekisho.PersonID, id sekisho.ActID, digest, proof string) (Act, error) {
	var a Act
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		found, denied, err := r.confirmable(ctx, tx, by, id, digest)
		if err = errors.Join(err, denied); err != nil {
			return err
		}
		a = found
		return r.confirm(ctx, tx, &a, by, proof)
	})
	if err != nil {
		r.deniedAct(by, id, err)
		return Act{}, fmt.Errorf("approvals: confirm: %w", err)
	}
	r.acted(a.ID)
	return a, nil
}

func (r *Approvals) confirm(ctx context.Context, tx storage.Tx, a *Act, by sekisho.PersonID, proof string) error {
	a.State, a.Decider, a.Decided, a.Expires = Confirmed, by, r.clk.Now(), r.clk.Now().Add(useLife)
	if err := moveAct(ctx, tx, *a, Waiting); err != nil {
		return err
	}
	return r.appendAct(ctx, tx, "act.confirmed", by, *a, func(e *audit.Event) { e.Detail["proof"] = proof })
}

// Carry says yes for a second person in the transaction of what the act does: it
// is confirmed and done, or neither, whatever stops the server. Settle is told
// afterwards.
func (r *Approvals) Carry(ctx context.Context, tx storage.Tx, by sekisho.PersonID, id sekisho.ActID, digest, proof string) error {
	a, denied, err := r.confirmable(ctx, tx, by, id, digest)
	if err = errors.Join(err, denied); err != nil {
		return err
	}
	if err := r.confirm(ctx, tx, &a, by, proof); err != nil {
		return err
	}
	return r.close(ctx, tx, a, "")
}

// Settle is told what came of an act that was to be done with Carry, and gives
// what to answer. One that could not be done was confirmed all the same, and is
// closed with the code of why; what Carry refused stays as it is. An act that was
// done without Carry is an error: something changed that nobody confirmed.
func (r *Approvals) Settle(ctx context.Context, by sekisho.PersonID, id sekisho.ActID, digest, proof string, failure error) error {
	answer := failure
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		answer = failure
		a, denied, err := r.confirmable(ctx, tx, by, id, digest)
		switch {
		case err != nil:
			return err
		case failure == nil && a.State == Used:
			return nil
		case failure == nil:
			return errActUncarried
		case denied != nil:
			answer = denied
			return nil
		}
		if err := r.confirm(ctx, tx, &a, by, proof); err != nil {
			return err
		}
		return r.close(ctx, tx, a, sekisho.CodeOf(failure))
	})
	if err != nil {
		return fmt.Errorf("approvals: settle: %w", errors.Join(answer, err))
	}
	if answer != nil && answer != failure {
		r.deniedAct(by, id, answer)
		return fmt.Errorf("approvals: settle: %w", answer)
	}
	r.acted(id)
	return answer
}

// confirmable gives a refusal, or an error if that could not be found out.
func (r *Approvals) confirmable(ctx context.Context, tx storage.Tx, by sekisho.PersonID, id sekisho.ActID, digest string) (a Act, denied, err error) {
	if a, err = loadAct(ctx, tx, id); err != nil {
		return a, nil, err
	}
	a = a.at(r.clk.Now())
	_, may, err := r.holdsAny(ctx, tx, by, actRoles[a.Kind].confirm)
	if err != nil {
		return a, nil, err
	}
	_, still, err := r.holdsAny(ctx, tx, a.Asker, actRoles[a.Kind].ask)
	if err != nil {
		return a, nil, err
	}
	switch {
	case by == "" || !may:
		return a, errActRole, nil
	case by == a.Asker:
		return a, errActOwn, nil
	case a.State == Expired:
		return a, errActExpired, nil
	case a.State != Waiting:
		return a, errActDecided, nil
	case !still: // he was dismissed meanwhile: what he wanted is nobody's wish any more
		return a, errActAsker, nil
	case a.digest() != a.Digest || digest != a.Digest:
		return a, errActSeen, nil
	}
	return a, nil, nil
}

// usable is nil while an act was confirmed by somebody else than its asker and has
// not been used.
func (a Act) usable(kind string, asker sekisho.PersonID) error {
	switch {
	case a.Kind != kind || a.Asker != asker:
		return errActUnknown
	case a.State == Expired:
		return errActExpired
	case a.State == Waiting:
		return errActWaiting
	case a.State != Confirmed:
		return errActDecided
	case a.Decider == "" || a.Decider == a.Asker:
		return errActOwn // a row that Confirm cannot have written
	}
	return nil
}

// close says what became of a confirmed act: it was done, or could not be, with
// the code of why. The payload goes.
func (r *Approvals) close(ctx context.Context, tx storage.Tx, a Act, failure string) error {
	kind := "act.done"
	a.State, a.Reason = Used, failure
	if failure != "" {
		kind, a.State = "act.failed", Failed
	}
	if err := moveAct(ctx, tx, a, Confirmed); err != nil {
		return err
	}
	return r.appendAct(ctx, tx, kind, a.Asker, a, func(e *audit.Event) {
		e.Detail["decider"], e.Reason = string(a.Decider), failure
		if failure != "" {
			e.Decision = audit.Deny
		}
	})
}

// Usable finds what was confirmed for by of a kind, to be used for just this payload.
func (r *Approvals) Usable(ctx context.Context, by sekisho.PersonID, kind string, payload []byte) (id sekisho.ActID, found bool, err error) {
	open, _, err := r.Acts(ctx)
	if err != nil {
		return "", false, err
	}
	for _, a := range open {
		if a.State == Confirmed && a.Kind == kind && a.Asker == by && string(a.Payload) == string(payload) {
			return a.ID, true, nil
		}
	}
	return "", false, nil
}

// UseAct takes a confirmed act, once, for its asker: what he does must be what
// was confirmed, word for word.
func (r *Approvals) UseAct(ctx context.Context, by sekisho.PersonID, id sekisho.ActID, kind string, payload []byte) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		a, err := loadAct(ctx, tx, id)
		if err != nil {
			return err
		}
		a = a.at(r.clk.Now())
		if err := a.usable(kind, by); err != nil {
			return err
		}
		if string(a.Payload) != string(payload) {
			return errActOther
		}
		return r.close(ctx, tx, a, "") // of two at once the second finds it closed
	})
	if err != nil {
		r.deniedAct(by, id, err)
		return fmt.Errorf("approvals: use act: %w", err)
	}
	r.acted(id)
	return nil
}
