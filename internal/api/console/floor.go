package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
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

// floor shows a seat for every issued PC; a PC that is not connected is offline.
func (d *Door) floor(ctx context.Context, _ *struct{}) (*answer[FloorView], error) {
	inventory, err := d.devices.List(ctx)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	live := map[sekisho.DeviceID]grants.Seat{}
	for _, s := range d.book.Live() {
		if known, ok := live[s.Device]; !ok || s.Since.After(known.Since) { // the newest connection of a PC is the one that counts
			live[s.Device] = s
		}
	}
	view := FloorView{Now: d.clk.Now(), Seats: make([]SeatView, 0, len(inventory))}
	for _, one := range inventory {
		seat, connected := live[one.ID]
		if one.State != devices.Issued && !connected {
			continue
		}
		view.Seats = append(view.Seats, seatView(ctx, one, seat, connected, names))
	}
	return reply(view, nil)
}

func seatView(ctx context.Context, one devices.Device, seat grants.Seat, connected bool, names map[sekisho.PersonID]string) SeatView {
	v := SeatView{
		Person: one.Person, Name: names[one.Person], Device: one.ID, AssetTag: one.Tag, Place: one.Place, Tier: one.Tier,
		Phase: string(grants.PhaseOffline), State: sekisho.Unknown.String(),
	}
	if !connected {
		return v
	}
	v.Person, v.Name, v.Tier = seat.Person, names[seat.Person], seat.Tier
	v.Phase, v.State, v.Since = string(seat.Phase), seat.State.String(), moment(seat.Since)
	v.Session, v.Class, v.Reason, v.ReasonText = seat.Session, seat.Class, seat.Reason, reasonText(ctx, seat.Reason)
	return v
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
