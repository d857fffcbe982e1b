package uplink

import (
	"context"
	"net/http"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// The acts below are all that the lease key signs besides requests and
// renewals. Each takes facts and composes the statement itself; the connection
// is always this one.

// LoginNonce asks for a single-use login nonce.
func (c *Connection) LoginNonce(ctx context.Context) (n wire.LoginNonce, err error) {
	return n, c.Ask(ctx, http.MethodPost, "login-nonce", struct{}{}, &n)
}

// OpenByFace opens a session on the guard's login statement.
func (c *Connection) OpenByFace(ctx context.Context, f wire.FaceStatement) (a wire.SessionAnswer, err error) {
	f.Connection = c.ID
	signed := wire.SignWith(c.lease, wire.DomainFace, f)
	return a, c.Ask(ctx, http.MethodPost, "sessions", wire.OpenSession{Face: &signed}, &a)
}

// OpenByApproval opens a session of class approved.
func (c *Connection) OpenByApproval(ctx context.Context, s wire.ApprovedStatement) (a wire.SessionAnswer, err error) {
	s.Connection = c.ID
	signed := wire.SignWith(c.lease, wire.DomainApprove, s)
	return a, c.Ask(ctx, http.MethodPost, "sessions", wire.OpenSession{Approved: &signed}, &a)
}

// RefuseFace tells of a login by face that failed here.
func (c *Connection) RefuseFace(ctx context.Context, f wire.FaceRefusal) error {
	f.Connection = c.ID
	return c.Ask(ctx, http.MethodPost, "login-refusals", wire.SignWith(c.lease, wire.DomainRefusal, f), nil)
}

// StoreFace hands over the commitment of an enrolled face.
func (c *Connection) StoreFace(ctx context.Context, f wire.FaceEnrolment) error {
	f.Connection = c.ID
	return c.Ask(ctx, http.MethodPost, "faces", wire.StoreFace{Statement: wire.SignWith(c.lease, wire.DomainEnrol, f)}, nil)
}

// Report tells of an incident.
func (c *Connection) Report(ctx context.Context, r wire.IncidentReport) error {
	r.Connection = c.ID
	return c.Ask(ctx, http.MethodPost, "incidents", wire.SignWith(c.lease, wire.DomainRecord, r), nil)
}

// Posture reports what was seen of this PC, and learns how it stands by the rules.
func (c *Connection) Posture(ctx context.Context, r wire.PostureReport) (s wire.PostureStanding, err error) {
	r.Connection, r.Number = c.ID, c.reports.Add(1)
	return s, c.Ask(ctx, http.MethodPost, "posture", wire.SignWith(c.lease, wire.DomainPosture, r), &s)
}

// EndSession ends the session for a reason of the catalogue.
func (c *Connection) EndSession(ctx context.Context, reason string) error {
	return c.Ask(ctx, http.MethodPost, "session/end", wire.EndSession{Reason: reason}, nil)
}

// Me asks whom this PC was issued to and what is missing.
func (c *Connection) Me(ctx context.Context) (me wire.Me, err error) {
	return me, c.Ask(ctx, http.MethodGet, "me", nil, &me)
}

// Roster asks for the officers' roster as it was signed offline.
func (c *Connection) Roster(ctx context.Context) (r wire.Roster, err error) {
	return r, c.Ask(ctx, http.MethodGet, "roster", nil, &r)
}

// Responder makes the answerer of one session's nonces.
func (c *Connection) Responder(session sekisho.SessionID) *Responder {
	return NewResponder(session, c.lease)
}
