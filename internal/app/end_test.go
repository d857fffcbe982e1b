package app

import (
	"context"
	"crypto/ed25519"
	"net/netip"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/wire"
)

// approvedSession opens a session by approval, without a camera.
func approvedSession(t *testing.T, srv *Server, seeded demoSeeded) grants.Session {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	person := sekisho.PersonID(seeded.People["operator3"])
	admin := audit.Actor{Person: sekisho.PersonID(seeded.People["admin"])}
	d, err := srv.devices.Register(ctx, admin, devices.Asset{Tag: "PC-" + wire.NewID()[24:], Place: sekisho.PlaceHome, Person: person, Policy: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	c := grants.Connection{
		ID: sekisho.ConnectionID(wire.NewID()), Device: d.ID, Person: person,
		Address: netip.MustParseAddr("100.64.0.9"), LeaseKey: pub, Tier: sekisho.TierB, Policy: "demo",
	}
	if err := srv.book.Connect(ctx, c); err != nil {
		t.Fatal(err)
	}
	q, err := srv.approvals.Ask(ctx, approvals.Question{Kind: approvals.KindSession, Person: person, Device: c.Device, Connection: c.ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := srv.approvals.Decide(ctx, sekisho.PersonID(seeded.People["supervisor"]), q.ID, true, q.Code); err != nil {
		t.Fatal(err)
	}
	if err := srv.book.PasskeyShown(c.ID, person); err != nil {
		t.Fatal(err)
	}
	nonce, err := srv.book.LoginNonce(ctx, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	signed := wire.SignWith(key, wire.DomainApprove, wire.ApprovedStatement{Connection: c.ID, Person: person, Approval: q.ID, Nonce: nonce.Nonce})
	s, err := srv.book.Open(ctx, c.ID, wire.OpenSession{Approved: &signed})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSessionsEndForKnownReasons: a PC's own words never stand in the log, and
// no words of it keep the end from being found there.
func TestSessionsEndForKnownReasons(t *testing.T) {
	srv, seeded := opened(t)
	for said, kept := range map[string]string{
		"session.ended_by_you":     "session.ended_by_you",
		"見本 花子 090-0000-0000":      "lease.unknown",
		strings.Repeat("x", 9<<10): "lease.unknown",
		"":                         "lease.unknown",
		"session.closed_by_sv":     "lease.unknown", // not a PC's to say
	} {
		s := approvedSession(t, srv, seeded)
		if err := (deskGate{h: srv.House}).End(context.Background(), callerOf(grants.Standing{Live: true, Session: s}), said); err != nil {
			t.Fatal(err)
		}
		if err := srv.log.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		rows, err := srv.log.Search(t.Context(), audit.Filter{Session: s.ID, Kind: "session.ended"})
		if err != nil || len(rows) != 1 || rows[0].Event.Reason != kept || rows[0].Event.Actor.Person != s.Person {
			t.Errorf("%.20q: %d rows, %+v, %v", said, len(rows), rows, err)
		}
		srv.book.Disconnect(s.Connection, "connection.closed")
	}
}
