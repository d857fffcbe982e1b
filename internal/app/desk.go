package app

import (
	"context"
	"io"
	"net"
	"net/netip"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/faces"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/guard/evidence"
	"github.com/sekisho/sekisho/internal/guard/presence"
	"github.com/sekisho/sekisho/internal/road/desktops"
	"github.com/sekisho/sekisho/internal/road/flows"
	"github.com/sekisho/sekisho/internal/wire"
)

// The desk door asks in the words of one caller; the types below hand each
// question to the room that answers it.

type deskGate struct {
	h       *House
	flows   *flows.Flows
	console func(context.Context, operators.Person) (bool, error) // has somebody anything to do there
}

func (g deskGate) Caller(addr netip.Addr) (c desk.Caller, ok bool) {
	s, ok := g.h.book.Find(addr)
	if !ok {
		return c, false
	}
	return callerOf(s), true
}

func callerOf(s grants.Standing) desk.Caller {
	c := desk.Caller{Address: s.Address, Connection: s.ID, Device: s.Device, Person: s.Person, LeaseKey: s.LeaseKey}
	if s.Live {
		c.Session, c.Epoch = s.Session.ID, s.Session.Epoch
	}
	return c
}

// Me tells the person what his PC knows of him and what is missing before work.
func (g deskGate) Me(ctx context.Context, c desk.Caller) (me wire.Me, err error) {
	standing, ok := g.h.book.Connection(c.Connection)
	if !ok {
		return me, sekisho.Fail(sekisho.KindDenied, "connection.unknown")
	}
	person, err := g.h.people.Get(ctx, c.Person)
	if err != nil {
		return me, err
	}
	device, err := g.h.devices.Get(ctx, c.Device)
	if err != nil {
		return me, err
	}
	policy, err := g.h.policies.Get(ctx, device.Policy)
	if err != nil {
		return me, err
	}
	consented, err := g.h.faces.Consented(ctx, c.Person)
	if err != nil {
		return me, err
	}
	lapsed, err := g.h.faces.Lapsed(ctx, c.Person)
	if err != nil {
		return me, err
	}
	demo, err := g.h.people.Demo(ctx)
	if err != nil {
		return me, err
	}
	me = wire.Me{
		Connection: c.Connection, Policy: policy, Demo: demo, Missing: []string{},
		Device: wire.DeskDevice{ID: device.ID, AssetTag: device.Tag, Tier: device.Tier, Place: device.Place},
		Person: wire.DeskPerson{ID: person.ID, Name: person.Name, Consented: consented, Lapsed: lapsed, FaceUsable: person.FaceUsable},
	}
	unproved := g.h.proved(ctx, c)
	if sekisho.CodeOf(unproved) == errUnproved.Code {
		me.Person.Name = person.Login // what was typed, and no more before his face was seen
	} else if unproved != nil {
		return me, unproved
	}
	if person.FaceUsable {
		if !consented {
			me.Missing = append(me.Missing, "consent")
		}
		switch t, err := g.h.faces.Commitment(ctx, c.Person, c.Device); {
		case err == nil:
			me.Person.Commitment, me.Person.Model = t.Commitment, t.Model
		case sekisho.CodeOf(err) == "face.not_enrolled":
			me.Missing = append(me.Missing, "face")
		default:
			return me, err
		}
	}
	disaster, err := g.h.disasters.Now(ctx)
	if err != nil {
		return me, err
	}
	me.Notice = disaster.Announcement
	due, refused, err := g.h.training.Due(ctx, g.h.trainee(ctx, c))
	if err != nil {
		return me, err
	}
	if me.Training = due; refused {
		me.Missing = append(me.Missing, "training")
	}
	if unproved == nil {
		if me.Person.Console, err = g.console(ctx, person); err != nil {
			return me, err
		}
	}
	if standing.Live {
		me.Session = deskSession(standing.Session)
		me.Policy = standing.Session.Policy
	}
	return me, nil
}

func deskSession(s grants.Session) *wire.DeskSession {
	d := &wire.DeskSession{ID: s.ID, Class: s.Class, Opened: s.Opened, Expires: s.Expires}
	if !s.ShiftEnds.IsZero() {
		d.ShiftEnds = &s.ShiftEnds
	}
	return d
}

func (g deskGate) LoginNonce(ctx context.Context, c desk.Caller) (wire.LoginNonce, error) {
	return g.h.book.LoginNonce(ctx, c.Connection)
}

func (g deskGate) Open(ctx context.Context, c desk.Caller, open wire.OpenSession) (a wire.SessionAnswer, err error) {
	s, err := g.h.book.Open(ctx, c.Connection, open)
	if err != nil {
		return a, err
	}
	a = wire.SessionAnswer{Session: *deskSession(s), Policy: s.Policy}
	c.Session = s.ID
	a.Desktops, err = g.Desktops(ctx, c)
	return a, err
}

// End closes, whatever was said: only what is known of it is kept.
func (g deskGate) End(_ context.Context, c desk.Caller, reason string) error {
	if !slices.Contains(wire.EndReasons, reason) {
		reason = "lease.unknown"
	}
	state := sekisho.Unknown
	if reason == "lease.break" {
		state = sekisho.Break
	}
	g.h.book.End(c.Session, state, reason)
	return nil
}

// Desktops lists what the caller's person may reach, by name.
func (g deskGate) Desktops(ctx context.Context, c desk.Caller) ([]wire.DeskDesktop, error) {
	ids, err := g.h.book.Desktops(ctx, c.Session)
	if err != nil {
		return nil, err
	}
	out := []wire.DeskDesktop{}
	for _, id := range ids {
		d, err := g.h.desktops.Get(ctx, id)
		if sekisho.KindOf(err) == sekisho.KindNotFound && err != nil {
			continue // deleted since
		}
		if err != nil {
			return nil, err
		}
		out = append(out, wire.DeskDesktop{ID: d.ID, Name: d.Name})
	}
	return out, nil
}

func (g deskGate) Ask(ctx context.Context, c desk.Caller, ask wire.ApprovalRequest) (wire.Approval, error) {
	q, err := g.h.approvals.Ask(ctx, approvals.Question{
		Kind: ask.Kind, Person: c.Person, Device: c.Device, Connection: c.Connection, Note: ask.Note,
	})
	return q.Wire(), err
}

func (g deskGate) Approval(ctx context.Context, c desk.Caller, id sekisho.ApprovalID) (wire.Approval, error) {
	q, err := g.h.approvals.Get(ctx, id, c.Person)
	return q.Wire(), err
}

func (g deskGate) PasskeyBegin(ctx context.Context, c desk.Caller, act string) (o wire.PasskeyOptions, err error) {
	switch act {
	case "register":
		ceremony, err := g.h.people.BeginRegistration(ctx, operators.RPDesk, c.Person, string(c.Connection))
		return wire.PasskeyOptions{Options: ceremony.Options}, err
	case "login":
		ceremony, err := g.h.people.BeginLogin(ctx, operators.RPDesk, c.Person, string(c.Connection), c.Address)
		return wire.PasskeyOptions{Options: ceremony.Options}, err
	}
	return o, sekisho.Fail(sekisho.KindNotFound, "request.not_found")
}

func (g deskGate) PasskeyFinish(ctx context.Context, c desk.Caller, act string, f wire.PasskeyFinish) error {
	switch act {
	case "register":
		// A new passkey needs a second person, who was asked for just that.
		return g.h.people.FinishRegistration(ctx, operators.RPDesk, string(c.Connection), f.Credential, func(ctx context.Context, tx storage.Tx) error {
			return fourDigits{g.h}.Use(ctx, tx, f.Approval, approvals.KindPasskey, c.Person, c.Device)
		})
	case "login":
		person, err := g.h.people.Prove(ctx, operators.RPDesk, string(c.Connection), f.Credential, c.Address)
		if err != nil {
			return err
		}
		return g.h.book.PasskeyShown(c.Connection, person)
	}
	return sekisho.Fail(sekisho.KindNotFound, "request.not_found")
}

type deskFaces struct{ h *House }

func (f deskFaces) Consent(_ context.Context, lang string) (wire.ConsentText, error) {
	return f.h.faces.Consent(lang), nil
}

func (f deskFaces) Answer(ctx context.Context, c desk.Caller, a wire.ConsentAnswer) error {
	if !a.Accept { // taking it back deletes faces and closes: not by whoever names somebody at a shared PC, or holds a parcel
		held, err := f.h.faces.Holds(ctx, c.Person)
		if err == nil && held {
			err = f.h.proved(ctx, c)
		}
		if err == nil && held && c.Session == "" {
			err = f.h.received(ctx, c)
		}
		if err != nil {
			return err
		}
	}
	return f.h.faces.Answer(ctx, by(c), a)
}

func (f deskFaces) Store(ctx context.Context, c desk.Caller, s wire.StoreFace) error {
	return f.h.faces.Enrol(ctx, by(c), s.Statement)
}

func (f deskFaces) Refuse(ctx context.Context, c desk.Caller, s wire.Signed) error {
	return f.h.faces.Refuse(ctx, by(c), s)
}

func by(c desk.Caller) faces.By {
	return faces.By{Connection: c.Connection, Device: c.Device, Person: c.Person, LeaseKey: c.LeaseKey}
}

type deskGuard struct{ h *House }

func (g deskGuard) Report(ctx context.Context, c desk.Caller, s wire.Signed) error {
	return g.h.presence.Report(ctx, c.Connection, s)
}

func (g deskGuard) Records(ctx context.Context, c desk.Caller, before int64) (wire.Records, error) {
	return g.h.presence.Records(ctx, c.Person, before)
}

func (g deskGuard) Object(ctx context.Context, c desk.Caller, id sekisho.IncidentID, note string) error {
	return g.h.presence.Object(ctx, c.Person, id, note)
}

// Evidence takes a sealed bundle that one of the caller's own incidents names,
// or the picture that a face enrolment will name.
func (g deskGuard) Evidence(ctx context.Context, c desk.Caller, hash string, body io.Reader) error {
	incidents, err := g.h.presence.Incidents(ctx, presence.Filter{Person: c.Person, Limit: 500})
	if err != nil {
		return err
	}
	for _, i := range incidents {
		if i.Device != c.Device || !slices.Contains(i.Hashes, hash) {
			continue
		}
		from := evidence.Origin{Incident: i.ID, Person: i.Person, Device: i.Device, Session: i.Session}
		if err := g.h.evidence.Put(ctx, from, hash, body); err != nil {
			return err
		}
		return g.h.presence.EvidenceArrived(ctx, i.ID)
	}
	// It is taken only from somebody who has consented.
	if ok, err := g.h.faces.Consented(ctx, c.Person); err != nil {
		return err
	} else if !ok {
		return sekisho.Fail(sekisho.KindDenied, "consent.required")
	}
	return g.h.evidence.PutPicture(ctx, c.Person, c.Device, hash, body)
}

func (g deskGuard) Roster(context.Context) (wire.Roster, error) { return g.h.trust.Roster() }

// Pin takes the checkpoint that a PC holds: by it a log that was put back is known.
func (g deskGuard) Pin(ctx context.Context, c desk.Caller, s wire.Signed) error {
	var pin wire.CheckpointPin
	if err := s.OpenLease(c.LeaseKey, wire.DomainReport, &pin); err != nil || pin.Connection != c.Connection {
		return sekisho.Fail(sekisho.KindDenied, "request.unsigned")
	}
	return g.h.log.Pin(ctx, []byte(pin.Checkpoint))
}

type deskRoad struct {
	h     *House
	flows *flows.Flows
}

func (r deskRoad) Epoch(conn net.Conn) uint64 { return r.flows.Epoch(conn) }

// Desktop registers the flow and then carries it: an end of the lease in
// between is seen by one of the two.
func (r deskRoad) Desktop(ctx context.Context, c desk.Caller, id sekisho.DesktopID, flow, browser net.Conn) error {
	if err := r.h.book.Reach(ctx, c.Session, id); err != nil {
		return err
	}
	f, err := r.flows.Register(flow, flows.Info{Session: c.Session, Connection: c.Connection, Person: c.Person, Target: "desktop " + string(id)})
	if err != nil {
		return err
	}
	defer f.Release()
	ctx, cancel := f.Context(ctx)
	defer cancel()
	return r.h.desktops.Stream(ctx, browser, desktops.Visit{Desktop: id, Person: c.Person, Device: c.Device, Session: c.Session})
}
