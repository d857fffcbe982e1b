package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// closedBySV is the code that the operator's screen shows.
const closedBySV = "session.closed_by_sv"

var errNoSession = sekisho.Fail(sekisho.KindNotFound, "console.session_over")

type closeSession struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func (d *Door) floorRoutes(api huma.API) {
	add(api, "GET /floor", "Who is where, in which state, since when", d.floor)
	add(api, "POST /sessions/{id}/close", "End a live session at once", d.closeSession)
	add(api, "POST /floor/{id}/unlock", "Let a person try the face check again after too many failures", d.unlock)
}

// closeSession closes first and writes afterwards: a log that is slow must not
// keep a session open.
func (d *Door) closeSession(ctx context.Context, in *closeSession) (*done, error) {
	id := sekisho.SessionID(in.ID)
	ended := d.book.End(id, sekisho.Unknown, closedBySV)
	e := audit.Event{
		Kind: "session.close_ordered", Actor: actor(ctx, supervisor), Object: audit.Object{Type: "session", ID: in.ID}, Session: id,
		Decision: audit.Allow, Closing: true, Personal: audit.Personal{"reason": in.Body.Reason},
	}
	if !ended {
		e.Decision, e.Reason = audit.Deny, errNoSession.Code
	}
	d.audit.Afterwards(e)
	if !ended {
		return nil, errNoSession
	}
	return &done{}, nil
}

// unlock clears the failures of a person's face check. The id is the person's.
func (d *Door) unlock(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.faces.Clear(ctx, callerOf(ctx).who.Person, sekisho.PersonID(in.ID))
}
