package app

import (
	"context"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/rules"
)

// TestWhatCannotBeReadIsNoPermit: where the policies ask for nothing, a session
// opens without a permit and ties its PC; where they ask, it ends, also when
// nobody can find out.
func TestWhatCannotBeReadIsNoPermit(t *testing.T) {
	srv, seeded := opened(t)
	ctx := t.Context()
	s := approvedSession(t, srv, seeded)
	if first, err := srv.ties.Of(ctx, s.Person); err != nil || first.Device != s.Device {
		t.Fatalf("%+v, %v", first, err)
	}
	ask, stands := rulesOf{srv.House}, grants.Facts{Posture: true, Trained: true}
	if r := ask.Open(ctx, s, stands); !r.Allowed || r.Err != nil {
		t.Fatalf("%+v", r)
	}
	other := s
	other.Device = "another PC"
	if seat, err := ask.seat(ctx, other, stands); err != nil || seat.First || seat.Permit {
		t.Errorf("a second PC: %+v, %v", seat, err)
	}
	broken := func(table string) {
		t.Helper()
		err := srv.db.Write(ctx, func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, "ALTER TABLE "+table+" RENAME TO "+table+"_gone")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	broken("permits_permits")
	for name, r := range map[string]grants.Ruling{"open": ask.Open(ctx, s, stands), "reach": ask.Reach(ctx, s, "d", grants.Facts{Posture: true, Trained: true, Alive: true, Listed: true})} {
		if r.Allowed || r.Err == nil {
			t.Errorf("%s without knowing of permits: %+v", name, r)
		}
	}
	srv.book.RejudgeDevice(context.WithoutCancel(ctx), s.Device)
	if srv.book.End(s.ID, sekisho.Unknown, "session.ended_by_you") {
		t.Error("the session lived on without knowing of permits")
	}
}

// TestAPermitThatEndsClosesItsSession at once, by the code that says why.
func TestAPermitThatEndsClosesItsSession(t *testing.T) {
	srv, seeded := opened(t)
	ctx := t.Context()
	s := approvedSession(t, srv, seeded)
	now, err := srv.rules.InForce(ctx)
	if err != nil {
		t.Fatal(err)
	}
	text := now.Text
	for _, one := range rules.Templates {
		if one.ID == "home-permit" {
			text += one.Text
		}
	}
	if _, err := srv.rules.Put(ctx, sekisho.PersonID(seeded.People["admin"]), now.Number, text, "持出許可"); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(5 * time.Second) // a change of policies asks again about everything that is open
	for srv.book.End(s.ID, sekisho.Unknown, "session.ended_by_you") {
		if time.Now().After(deadline) {
			t.Fatal("the session lived on")
		}
	}
	if err := srv.log.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	rows, err := srv.log.Search(ctx, audit.Filter{Session: s.ID, Kind: "session.ended"})
	if err != nil || len(rows) != 1 || rows[0].Event.Reason != "permit.missing" {
		t.Fatalf("%+v, %v", rows, err)
	}
}
