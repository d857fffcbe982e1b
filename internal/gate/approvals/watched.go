package approvals

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Watchable gives a question for a witness that waits, to whoever watches by
// video (gate/witnesses); any other is an error.
func (r *Approvals) Watchable(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID) (Question, error) {
	q, err := load(ctx, tx, id)
	if err != nil {
		return Question{}, err
	}
	switch q = q.at(r.clk.Now()); {
	case q.Kind != KindWitness:
		return Question{}, errUnknown
	case q.State == Expired:
		return Question{}, errExpired
	case q.State != Waiting:
		return Question{}, errDecided
	}
	return q, nil
}

// Watched answers a question for a witness in the transaction of whoever saw the
// person by video. Instead of the code, the witness has confirmed with his passkey
// what he saw; that is the caller's to check. Nobody stands in for him.
func (r *Approvals) Watched(ctx context.Context, tx storage.Tx, by sekisho.PersonID, id sekisho.ApprovalID, yes bool) error {
	q, err := r.Watchable(ctx, tx, id)
	if err != nil {
		return err
	}
	ok, err := r.people.Holds(ctx, tx, by, sekisho.RoleSupervisor)
	switch {
	case err != nil:
		return err
	case by == "" || !ok:
		return ErrRole
	case by == q.Person:
		return errOwn
	}
	return r.decide(ctx, tx, by, "", &q, yes)
}

// Tell tells listeners of a question that Watched has answered, once its
// transaction stands.
func (r *Approvals) Tell(ctx context.Context, id sekisho.ApprovalID) error {
	var q Question
	if err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		q, err = load(ctx, tx, id)
		return err
	}); err != nil {
		return err
	}
	r.changed(q.at(r.clk.Now()))
	return nil
}
