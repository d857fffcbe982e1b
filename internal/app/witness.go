package app

import (
	"context"
	"errors"
	"log/slog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/faces"
	"github.com/sekisho/sekisho/internal/gate/witnesses"
	"github.com/sekisho/sekisho/internal/guard/evidence"
	"github.com/sekisho/sekisho/internal/wire"
)

// A witness in another place (映像での立ち会い): the rooms that know what he sees.

func (h *House) witnessesOf() *witnesses.Witnesses {
	return witnesses.New(h.db, h.clock, witnesses.Deps{
		Questions: watching{h}, People: h.people, Incidents: another{h}, Pictures: h.evidence, Audit: h.log,
	})
}

// witnessListeners join what changes with a case, and what ends an older picture.
func (s *Server) witnessListeners() {
	s.witnesses.OnChange(func(id sekisho.ApprovalID, _ sekisho.PersonID) {
		s.changes.show("witness.changed", map[string]sekisho.ApprovalID{"id": id})
		s.changes.show("incident.changed", nil)
		s.afterwards("the answer of a witness was not told", func(ctx context.Context) error { return s.approvals.Tell(ctx, id) })
	})
	s.people.OnLeft(s.witnesses.Forget)
	s.faces.OnWithdrawn(func(p sekisho.PersonID) {
		s.afterwards("an older picture of somebody who took his consent back is kept until the next day", func(ctx context.Context) error {
			return s.witnesses.Forget(ctx, p)
		})
	})
}

// tidyWitnesses deletes older pictures that no witness needs any more, and those of
// whoever said no, should it have failed when he did.
func (s *Server) tidyWitnesses(ctx context.Context) {
	if err := errors.Join(s.witnesses.Tidy(ctx), s.forgetDeclined(ctx)); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "older pictures are kept for longer than they should be", "error", err)
	}
}

func (s *Server) forgetDeclined(ctx context.Context) error {
	kept, err := s.witnesses.Kept(ctx)
	for _, p := range kept {
		no, asked := s.faces.Declined(ctx, p)
		if asked == nil && no {
			asked = s.witnesses.Forget(ctx, p)
		}
		err = errors.Join(err, asked)
	}
	return err
}

// watching speaks of approvals in the words of witnesses.
type watching struct{ h *House }

func (v watching) Waiting(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID) (witnesses.Question, error) {
	q, err := v.h.approvals.Watchable(ctx, tx, id)
	return witnesses.Question{ID: q.ID, Seat: witnesses.Seat{Person: q.Person, Device: q.Device, Connection: q.Connection}}, err
}

func (v watching) Answer(ctx context.Context, tx storage.Tx, by sekisho.PersonID, id sekisho.ApprovalID, yes bool) error {
	return v.h.approvals.Watched(ctx, tx, by, id, yes)
}

// another makes an incident of what a witness saw.
type another struct{ h *House }

func (v another) Another(ctx context.Context, tx storage.Tx, witness sekisho.PersonID, s witnesses.Seat) (sekisho.IncidentID, error) {
	return v.h.presence.Another(ctx, tx, witness, s.Person, s.Device, s.Connection)
}

// watched tells faces what a witness by video has confirmed.
type watched struct{ h *House }

func (v watched) Seen(ctx context.Context, tx storage.Tx, by faces.By, e wire.FaceEnrolment) error {
	return v.h.witnesses.Seen(ctx, tx, witnesses.Seat{Person: by.Person, Device: by.Device, Connection: by.Connection}, e.Approval,
		witnesses.Enrolment{Commitment: e.Commitment, Model: e.Model, Picture: e.Picture})
}

// fourDigits are approvals that open something at a PC. One that came by courier
// opens nothing by them while it waits for its witness by video: whoever took the
// parcel hears the digits, too. Whose face cannot be measured shows the passkey
// that he had before; a new one is made on a PC that was given in person.
type fourDigits struct{ h *House }

func (v fourDigits) Use(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID, kind string, p sekisho.PersonID, d sekisho.DeviceID) error {
	needed, err := v.h.witnesses.NeededIn(ctx, tx, d)
	if err != nil {
		return err
	}
	if needed {
		byFace, err := v.h.people.WorksByFace(ctx, tx, p)
		switch {
		case err != nil:
			return err
		case byFace:
			return sekisho.Fail(sekisho.KindDenied, "witness.video_needed")
		case kind != approvals.KindSession:
			return sekisho.Fail(sekisho.KindDenied, "witness.in_person")
		}
	}
	return v.h.approvals.Use(ctx, tx, id, kind, p, d)
}

// received is nil unless a PC came by courier and nobody has seen yet who sits there:
// the older picture is what he is compared with, and does not go by his word.
func (h *House) received(ctx context.Context, c desk.Caller) error {
	needed, err := h.witnesses.Needed(ctx, c.Device)
	if err == nil && needed {
		err = sekisho.Fail(sekisho.KindDenied, "witness.prove_first")
	}
	return err
}

// keptPictures keeps the picture of an enrolment whose PC was replaced until the
// witness at the new one has compared it.
type keptPictures struct {
	*evidence.Evidence
	h *House
}

func (v keptPictures) DropPicture(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, hash string) error {
	kept, err := v.h.witnesses.Keeps(ctx, tx, p, hash)
	if err != nil || kept {
		return err
	}
	return v.Evidence.DropPicture(ctx, tx, p, d, hash)
}

// replaced notes what a witness needs at a PC that comes in the place of another.
func (h *House) replaced(ctx context.Context, tx storage.Tx, old, device sekisho.DeviceID, holder sekisho.PersonID) error {
	picture, origin, err := h.faces.PictureOf(ctx, tx, holder, old)
	if err != nil {
		return err
	}
	return h.witnesses.Replaced(ctx, tx, old, device, holder, picture, origin)
}

// witnessConsole is the room as the console asks it.
type witnessConsole struct {
	*witnesses.Witnesses
	log *audit.Log
}

// ReceiptOf says when a PC's receipt was confirmed, and by whom; nil where it was not.
func (v witnessConsole) ReceiptOf(ctx context.Context, d sekisho.DeviceID) (*audit.Entry, error) {
	found, err := v.log.Search(ctx, audit.Filter{Object: string(d), Kinds: []string{"device.received"}, Limit: 1})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// deskWitness answers the PC that enrols.
type deskWitness struct{ h *House }

func (v deskWitness) Case(ctx context.Context, c desk.Caller, id sekisho.ApprovalID, english bool) (wire.Witnessing, error) {
	if _, err := v.h.approvals.Get(ctx, id, c.Person); err != nil {
		return wire.Witnessing{}, err
	}
	found, err := v.h.witnesses.Of(ctx, seat(c), id)
	if sekisho.KindOf(err) == sekisho.KindNotFound {
		needed, err := v.h.witnesses.Needed(ctx, c.Device)
		return wire.Witnessing{State: "none", Needed: needed}, err
	}
	return v.told(ctx, found, english, err)
}

func (v deskWitness) Agree(ctx context.Context, c desk.Caller, id sekisho.ApprovalID, a wire.WitnessConsent, english bool) (wire.Witnessing, error) {
	if a.Accept {
		if ok, err := v.h.faces.Consented(ctx, c.Person); err != nil || !ok {
			return wire.Witnessing{}, orDenied(err, "consent.required")
		}
	}
	found, err := v.h.witnesses.Agree(ctx, seat(c), id, a.Run, a.Accept)
	return v.told(ctx, found, english, err)
}

func (v deskWitness) Picture(ctx context.Context, c desk.Caller, id sekisho.ApprovalID, p wire.WitnessPicture, english bool) (wire.Witnessing, error) {
	found, err := v.h.witnesses.Picture(ctx, seat(c), id, p.Run, p.Picture)
	return v.told(ctx, found, english, err)
}

// Offer takes what the agent signed, which is what it will store.
func (v deskWitness) Offer(ctx context.Context, c desk.Caller, id sekisho.ApprovalID, s wire.StoreFace) error {
	e, err := faces.Opened(by(c), s.Statement)
	if err != nil {
		return err
	}
	if e.Approval != id {
		return sekisho.Fail(sekisho.KindDenied, "face.statement")
	}
	_, err = v.h.witnesses.Offer(ctx, seat(c), id, witnesses.Enrolment{Commitment: e.Commitment, Model: e.Model, Picture: e.Picture})
	return err
}

func (v deskWitness) told(ctx context.Context, c witnesses.Case, english bool, err error) (wire.Witnessing, error) {
	if err != nil {
		return wire.Witnessing{}, err
	}
	w := wire.Witnessing{State: string(c.State), Run: c.Run, Needed: c.Old != "", Reason: c.Reason}
	p, err := v.h.people.Get(ctx, c.Witness)
	if err != nil {
		return w, err
	}
	w.Witness = p.Name
	if c.Reason != "" {
		lang := "ja"
		if english {
			lang = "en"
		}
		told := wire.ProblemOf(sekisho.Fail(sekisho.KindDenied, c.Reason), lang)
		w.Problem = &told
	}
	return w, nil
}

func seat(c desk.Caller) witnesses.Seat {
	return witnesses.Seat{Person: c.Person, Device: c.Device, Connection: c.Connection}
}

func orDenied(err error, code string) error {
	if err != nil {
		return err
	}
	return sekisho.Fail(sekisho.KindDenied, code)
}
