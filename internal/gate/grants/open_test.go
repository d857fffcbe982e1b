package grants

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/wire"
)

// approved signs the statement that opens a session without a face.
func (p *pc) approved(id sekisho.ApprovalID, camera bool) wire.OpenSession {
	p.Helper()
	n, err := p.book.LoginNonce(p.Context(), p.ID)
	p.must(err)
	signed := wire.SignWith(p.key, wire.DomainApprove, wire.ApprovedStatement{
		Connection: p.ID, Person: p.Person, Approval: id, Nonce: n.Nonce, Camera: camera,
	})
	return wire.OpenSession{Approved: &signed}
}

func TestApprovedSession(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		p := c.connect(c.person("aoki", sekisho.RoleOperator)) // no consent, no face
		id := p.approval(approvals.KindSession)

		_, err := c.book.Open(t.Context(), p.ID, p.approved(id, true))
		c.refused(err, "session.passkey_required")
		c.must(c.book.PasskeyShown(p.ID, p.Person))
		s, err := c.book.Open(t.Context(), p.ID, p.approved(id, true))
		c.must(err)
		if s.Class != sekisho.ClassApproved || s.Expires == nil || !s.Expires.Equal(s.Opened.Add(time.Hour)) || !p.alive() {
			t.Fatalf("session %+v", s)
		}

		_, err = c.book.Open(t.Context(), p.ID, p.approved(p.approval(approvals.KindSession), true))
		c.refused(err, "session.passkey_required") // shown once, used once
		c.must(c.book.PasskeyShown(p.ID, p.Person))
		_, err = c.book.Open(t.Context(), p.ID, p.approved(id, true))
		c.refused(err, "approval.used")
		if !p.alive() {
			t.Fatal("a refused second opening closed the first")
		}

		c.must(c.book.PasskeyShown(p.ID, p.Person))
		c.clk.Advance(passkeyFor)
		_, err = c.book.Open(t.Context(), p.ID, p.approved(p.approval(approvals.KindSession), true))
		c.refused(err, "session.passkey_required")
	})
}

func TestApprovedStatementNeedsItsNonce(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator))
	old := p.approved(p.approval(approvals.KindSession), true)
	p.approved("", true) // a newer nonce voids the older one
	c.must(c.book.PasskeyShown(p.ID, p.Person))
	_, err := c.book.Open(t.Context(), p.ID, old)
	c.refused(err, "face.nonce")
	if p.alive() {
		t.Fatal("open")
	}
}

func TestAPolicyThatForbidsSoftwareKeysMeanwhile(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p, err := c.policies.Put(t.Context(), c.sv, wire.GuardPolicy{
		Name: "soft", Place: sekisho.PlaceOffice, AbsentMS: 10_000, Reentry: "standard", AllowSoftware: true,
	})
	c.must(err)
	soft := c.connect(c.person("aoki", sekisho.RoleOperator), func(n *Connection) { n.Policy, n.Tier = "soft", sekisho.TierC }).enrol()
	soft.login()
	open := soft.statement(nil)
	p.AllowSoftware = false
	_, err = c.policies.Put(t.Context(), c.sv, p)
	c.must(err)
	_, err = c.book.Open(t.Context(), soft.ID, open)
	c.refused(err, "connection.software_key")
}

func TestDisconnectedDuringTheLogin(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	open := p.statement(nil)
	c.book.Faces = slow{c.faces, func() { c.book.Disconnect(p.ID, "device.revoked") }}
	_, err := c.book.Open(t.Context(), p.ID, open)
	c.refused(err, "connection.unknown")
	if len(c.book.byPerson.all()) != 0 || p.alive() {
		t.Fatal("a session on a connection that is gone")
	}
	if opened, ended := c.rows("session.opened"), c.rows("session.ended"); len(opened) != 1 || len(ended) != 1 || ended[0].Session != opened[0].Session {
		t.Errorf("rows %v, %v", opened, ended)
	}
}

// meanwhile does something when a row of a kind is written.
type meanwhile struct {
	Audit
	kind string
	do   func()
}

func (m meanwhile) Append(ctx context.Context, tx storage.Tx, e audit.Event) error {
	if e.Kind == m.kind {
		m.do()
	}
	return m.Audit.Append(ctx, tx, e)
}

func TestEndedWhileADesktopWasBeingReached(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	c.must(c.book.Allow(t.Context(), c.sv, "crm", []sekisho.PersonID{p.Person}))
	s := p.login()
	c.must(c.book.Reach(t.Context(), s.ID, "crm"))
	c.book.Audit = meanwhile{c.log, "desktop.reached", func() { c.book.End(s.ID, sekisho.Onlooker, "lease.onlooker") }}
	c.refused(c.book.Reach(t.Context(), s.ID, "crm"), "session.required")
}

func TestApprovalOfSomebodyElse(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a, b := c.connect(c.person("aoki", sekisho.RoleOperator)), c.connect(c.person("baba", sekisho.RoleOperator))
	for name, id := range map[string]sekisho.ApprovalID{
		"another person's": b.approval(approvals.KindSession),
		"another kind":     a.approval(approvals.KindWitness),
		"none":             sekisho.ApprovalID(wire.NewID()),
	} {
		c.must(c.book.PasskeyShown(a.ID, a.Person))
		if _, err := c.book.Open(t.Context(), a.ID, a.approved(id, true)); sekisho.CodeOf(err) != "approval.unknown" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.book.PasskeyShown(a.ID, b.Person); sekisho.CodeOf(err) != "connection.unknown" {
		t.Errorf("another person's passkey counts: %v", err)
	}
	if a.alive() || b.alive() {
		t.Fatal("something opened")
	}
}

func TestWithoutCameraOnlyWhereThePolicySaysSo(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator))
	office, err := c.policies.Get(t.Context(), "office")
	c.must(err)
	office.ConfirmEvery = 0
	_, err = c.policies.Put(t.Context(), c.sv, office)
	c.must(err)
	c.must(c.book.PasskeyShown(p.ID, p.Person))
	_, err = c.book.Open(t.Context(), p.ID, p.approved(p.approval(approvals.KindSession), false))
	c.refused(err, "session.camera_required")
}

func TestStrictPolicyAsksAChallengeAfterSomebodyElse(t *testing.T) {
	for _, state := range []sekisho.State{sekisho.Other, sekisho.Spoof, sekisho.Covered} {
		t.Run(state.String(), func(t *testing.T) {
			c := newCentre(t, storagetest.SQLite(t))
			p := c.connect(c.person("aoki", sekisho.RoleOperator), func(n *Connection) { n.Policy = "home" }).enrol()
			s := p.login()
			early := p.statement(nil) // a nonce without a challenge, from before
			c.book.Renew(p.answer(p.nonce(s.ID), state), p.Address)
			_, err := c.book.Open(t.Context(), p.ID, early)
			c.refused(err, "session.challenge")

			n, err := c.book.LoginNonce(t.Context(), p.ID)
			c.must(err)
			if n.Challenge == "" {
				t.Fatal("no challenge is asked")
			}
			_, err = c.book.Open(t.Context(), p.ID, p.statement(func(s *wire.FaceStatement) { s.Challenge = "" }))
			c.refused(err, "session.challenge")
			p.login()
			c.book.End(c.book.byPerson.get(p.Person).session.ID, sekisho.Onlooker, "lease.onlooker")
			if n, err := c.book.LoginNonce(t.Context(), p.ID); err != nil || n.Challenge != "" {
				t.Fatalf("after an onlooker: %+v, %v", n, err)
			}
		})
	}
}

// slow lets something happen while a login is being judged.
type slow struct {
	Faces
	meanwhile func()
}

func (s slow) Judge(ctx context.Context, st wire.FaceStatement) error {
	s.meanwhile()
	return s.Faces.Judge(ctx, st)
}

func TestASuspicionDuringALoginIsNotForgotten(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator), func(n *Connection) { n.Policy = "home" }).enrol()
	open := p.statement(nil)
	c.book.Faces = slow{c.faces, func() { c.book.Suspect(p.Person, sekisho.Spoof) }}
	_, err := c.book.Open(t.Context(), p.ID, open)
	c.must(err)
	c.book.Faces = c.faces
	if n, err := c.book.LoginNonce(t.Context(), p.ID); err != nil || n.Challenge == "" {
		t.Fatalf("%+v, %v", n, err)
	}
}

func TestStandardPolicyAsksNone(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	c.book.Renew(p.answer(p.nonce(p.login().ID), sekisho.Other), p.Address)
	if n, err := c.book.LoginNonce(t.Context(), p.ID); err != nil || n.Challenge != "" {
		t.Fatalf("%+v, %v", n, err)
	}
	p.login()
}

func TestChallengeIsRememberedOverARestart(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		who := c.person("aoki", sekisho.RoleOperator)
		p := c.connect(who, func(n *Connection) { n.Policy = "home" }).enrol()
		c.book.Renew(p.answer(p.nonce(p.login().ID), sekisho.Spoof), p.Address)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- c.book.Run(ctx) }()
		c.must(waitFor(t, func() bool { held, err := c.book.loadSuspects(t.Context()); return err == nil && len(held) == 1 }))
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Fatalf("Run: %v", err)
		}
		c.restart()
		c.must(c.book.Connect(t.Context(), p.Connection))
		if p.alive() {
			t.Fatal("a lease survived the restart")
		}
		if n, err := c.book.LoginNonce(t.Context(), p.ID); err != nil || n.Challenge == "" {
			t.Fatalf("%+v, %v", n, err)
		}
		p.login()
		if held, err := c.book.loadSuspects(t.Context()); err != nil || len(held) != 0 {
			t.Fatalf("held after the login: %v, %v", held, err)
		}
	})
}

// waitFor waits for another goroutine to reach the database, which no fake clock can hurry.
func waitFor(t *testing.T, ok func() bool) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for !ok() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

// failing stands for a database or log that is gone.
type failing struct{ Audit }

var errGone = errors.New("the log is gone")

func (failing) Append(context.Context, storage.Tx, audit.Event) error { return errGone }

func TestNothingOpensWithoutItsRow(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	before := p.login()
	open := p.statement(nil)
	c.book.Audit = failing{c.log}
	if _, err := c.book.Open(t.Context(), p.ID, open); !errors.Is(err, errGone) {
		t.Fatalf("error %v", err)
	}
	if st, _ := c.book.Find(p.Address); st.Session.ID != before.ID || len(c.ended) != 0 {
		t.Fatal("a failed opening changed what was live")
	}
	if err := c.book.Reach(t.Context(), before.ID, "d1"); err == nil {
		t.Fatal("a desktop was reached without a row")
	}
	if !c.book.End(before.ID, sekisho.Unknown, "session.closed_by_sv") || p.alive() {
		t.Fatal("closing waited for the log")
	}
}
