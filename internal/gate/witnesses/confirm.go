package witnesses

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Look is what the witness sees at one moment.
type Look struct {
	Case
	JPEG []byte // nil where none is newer
	Seq  uint64
	Kept string // the older picture: kept, asked, given, seen; "" where there is none to compare
}

// Look gives a case to its witness, with the newest picture after seq. It waits a
// moment for one.
func (r *Witnesses) Look(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, seq uint64) (Look, error) {
	c, err := r.mine(ctx, by, id)
	if err != nil {
		return Look{}, r.turnedAway("look", id, audit.Actor{Person: by, Role: sekisho.RoleSupervisor}, err)
	}
	out := Look{Case: c, Seq: seq}
	if c.State.live() {
		if out, err = r.await(ctx, by, out); err != nil {
			return Look{}, err
		}
	}
	out.Kept, err = r.kept(ctx, out.Case)
	return out, err
}

// await gives the newest picture of a live case, at once or within a moment.
func (r *Witnesses) await(ctx context.Context, by sekisho.PersonID, out Look) (Look, error) {
	seq := out.Seq
	var wait <-chan struct{}
	if out.JPEG, out.Seq, wait = r.lives.newer(out.Approval, out.Run, seq, r.clk.Mono()); wait == nil {
		return out, nil
	}
	within := time.NewTimer(lookWithin) // it bounds a request, and decides nothing
	defer within.Stop()
	select {
	case <-ctx.Done():
		return Look{}, ctx.Err()
	case <-within.C:
	case <-wait:
	}
	var err error
	if out.Case, err = r.mine(ctx, by, out.Approval); err != nil {
		return Look{}, err
	}
	if out.State.live() {
		out.JPEG, out.Seq, _ = r.lives.newer(out.Approval, out.Run, seq, r.clk.Mono())
	}
	return out, nil
}

// mine reads a case for its witness: that another one has it is nobody's business.
func (r *Witnesses) mine(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID) (Case, error) {
	c, err := r.now(ctx, id)
	if err == nil && (by == "" || c.Witness != by) {
		err = ErrUnknown
	}
	if err != nil {
		return Case{}, fmt.Errorf("witnesses: look: %w", err)
	}
	return c, nil
}

// MayConfirm is nil where by may confirm now what digest names.
func (r *Witnesses) MayConfirm(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, digest string) error {
	c, err := r.mine(ctx, by, id)
	if err == nil {
		err = c.confirmable(by, digest)
	}
	if err != nil {
		return r.turnedAway("confirm", id, audit.Actor{Person: by, Role: sekisho.RoleSupervisor}, err)
	}
	return nil
}

// confirmable is nil where by may say yes to what digest names.
func (c Case) confirmable(by sekisho.PersonID, digest string) error {
	switch {
	case by == "" || c.Witness != by:
		return ErrUnknown
	case by == c.Person:
		return errOwn
	case c.State == Watched || c.State == Taken:
		return errWaiting
	case c.State != Offered:
		return errOver
	case digest == "" || digest != c.Digest():
		return errSeen
	}
	return nil
}

// Confirm is the witness's yes to what digest names, which his passkey has proved.
// The question is answered in the same transaction.
func (r *Witnesses) Confirm(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, digest, proof string) (Case, error) {
	actor := audit.Actor{Person: by, Role: sekisho.RoleSupervisor}
	if _, err := r.mine(ctx, by, id); err != nil {
		return Case{}, r.turnedAway("confirm", id, actor, err)
	}
	var c Case
	err := r.db.Write(ctx, func(tx storage.Tx) (err error) {
		if c, err = load(ctx, tx, id); err != nil {
			return err
		}
		if err := c.confirmable(by, digest); err != nil {
			return err
		}
		if why := r.lives.quiet(id, c.Run, r.clk.Mono()); why != "" {
			return errSilent
		}
		was, err := replaced(ctx, tx, c.Device)
		if err != nil {
			return err
		}
		if was.needed() && was.Picture != "" {
			o, err := oldFace(ctx, tx, c.Device)
			if err != nil {
				return err
			}
			if len(o.Sealed) == 0 || c.OldFace != o.name() {
				return errOldFace
			}
		}
		if err := r.deps.Questions.Answer(ctx, tx, by, id, true); err != nil {
			return err
		}
		c.State, c.At = Confirmed, r.clk.Now()
		if err := move(ctx, tx, c, Offered); err != nil {
			return err
		}
		return r.row(ctx, tx, "witness.confirmed", c, actor, map[string]string{
			"digest": digest, "proof": proof, "picture": c.Picture, "old_picture": c.OldFace,
			"request": fmt.Sprintf("%s %d %s", c.Request.Hand, c.Request.Fingers, c.Request.Place),
		})
	})
	if err != nil {
		return Case{}, r.turnedAway("confirm", id, actor, err)
	}
	r.lives.end(id, c.Run)
	r.changed(c)
	return c, nil
}

// Refuse is the witness's no, with a reason. The question is refused with it, and
// nothing is enrolled. That he saw another person becomes an incident.
func (r *Witnesses) Refuse(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, reason string) (Case, error) {
	actor := audit.Actor{Person: by, Role: sekisho.RoleSupervisor}
	if !Refusable(reason) {
		return Case{}, r.turnedAway("refuse", id, actor, errReason)
	}
	if _, err := r.mine(ctx, by, id); err != nil {
		return Case{}, r.turnedAway("refuse", id, actor, err)
	}
	var c Case
	err := r.db.Write(ctx, func(tx storage.Tx) (err error) {
		if c, err = load(ctx, tx, id); err != nil {
			return err
		}
		from := c.State
		switch {
		case c.Witness != by:
			return ErrUnknown
		case !from.live():
			return errOver
		}
		if err := r.deps.Questions.Answer(ctx, tx, by, id, false); err != nil {
			return err
		}
		c.State, c.Reason, c.At = Refused, "witness."+reason, r.clk.Now()
		if err := move(ctx, tx, c, from); err != nil {
			return err
		}
		more := map[string]string{}
		if reason == AnotherPerson {
			incident, err := r.deps.Incidents.Another(ctx, tx, by, Seat{Person: c.Person, Device: c.Device, Connection: sekisho.ConnectionID(c.Connection)})
			if err != nil {
				return err
			}
			more["incident"] = string(incident)
		}
		return r.row(ctx, tx, "witness.refused", c, actor, more)
	})
	if err != nil {
		return Case{}, r.turnedAway("refuse", id, actor, err)
	}
	r.lives.end(id, c.Run)
	r.changed(c)
	return c, nil
}

// Seen is nil where an enrolment may be stored as far as witnesses by video are
// concerned, in the transaction that stores it: it is just what the witness of
// this question confirmed, or nobody watched by video and this PC does not need
// it. The question itself is gate/approvals' to use.
func (r *Witnesses) Seen(ctx context.Context, tx storage.Tx, by Seat, id sekisho.ApprovalID, e Enrolment) error {
	was, err := replaced(ctx, tx, by.Device)
	if err != nil {
		return err
	}
	c, err := load(ctx, tx, id)
	switch {
	case errors.Is(err, ErrUnknown) && was.needed():
		return errVideo
	case err != nil && !errors.Is(err, ErrUnknown):
		return err
	case c.State != Confirmed && !was.needed():
		return r.enrolled(ctx, tx, by.Device, was) // the question stands for itself: by its code, or not at all
	case c.State != Confirmed:
		return errVideo
	case !c.of(by) || e != (Enrolment{Commitment: c.Commitment, Model: c.Model, Picture: c.Picture}):
		return errUnseen
	}
	c.State, c.At = Used, r.clk.Now()
	if err := move(ctx, tx, c, Confirmed); err != nil {
		return err
	}
	return r.enrolled(ctx, tx, by.Device, was)
}
