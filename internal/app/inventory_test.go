package app

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/permits"
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

// TestAPermitThatEndsClosesItsSession before End returns, by the code that says why.
func TestAPermitThatEndsClosesItsSession(t *testing.T) {
	srv, seeded := opened(t)
	ctx := t.Context()
	s := approvedSession(t, srv, seeded)
	held := permits.New(srv.db, srv.clock, srv.log, heldBy(s.Person))
	now := srv.clock.Now()
	p, err := held.Give(ctx, audit.Actor{Person: sekisho.PersonID(seeded.People["supervisor"])},
		permits.Permit{Device: s.Device, Where: permits.AtHome, From: now.Add(-time.Hour), Until: now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	inForce, err := srv.rules.InForce(ctx)
	if err != nil {
		t.Fatal(err)
	}
	text := inForce.Text
	for _, one := range rules.Templates {
		if one.ID == "home-permit" {
			text += one.Text
		}
	}
	if _, err := srv.rules.Put(ctx, sekisho.PersonID(seeded.People["admin"]), inForce.Number, text, "持出許可"); err != nil {
		t.Fatal(err)
	}
	srv.book.Rejudge(ctx)
	ended := func() []audit.Entry {
		t.Helper()
		if err := srv.log.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		rows, err := srv.log.Search(ctx, audit.Filter{Session: s.ID, Kind: "session.ended"})
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	if r := (rulesOf{srv.House}).Open(ctx, s, grants.Facts{Posture: true, Trained: true}); !r.Allowed || len(ended()) != 0 {
		t.Fatalf("with a permit: %+v, %+v", r, ended())
	}
	if err := srv.permits.End(ctx, audit.Actor{Person: sekisho.PersonID(seeded.People["supervisor"])}, p.ID); err != nil {
		t.Fatal(err)
	}
	if srv.book.End(s.ID, sekisho.Unknown, "session.ended_by_you") {
		t.Error("the session lived on")
	}
	if rows := ended(); len(rows) != 1 || rows[0].Event.Reason != "permit.missing" {
		t.Fatalf("%+v", rows)
	}
}

type heldBy sekisho.PersonID

func (p heldBy) HolderOf(context.Context, sekisho.DeviceID) (sekisho.PersonID, error) {
	return sekisho.PersonID(p), nil
}

// TestWhatIsLeftOfAnEndedPCGoesTheNextDay: its ties and permits, where they could
// not be ended with it; a PC that is out keeps its own.
func TestWhatIsLeftOfAnEndedPCGoesTheNextDay(t *testing.T) {
	srv, seeded := opened(t)
	ctx := t.Context()
	admin := audit.Actor{Person: sekisho.PersonID(seeded.People["admin"])}
	var pcs []sekisho.DeviceID
	for i, who := range []string{"operator", "operator2"} {
		person := sekisho.PersonID(seeded.People[who])
		d, err := srv.devices.Register(ctx, admin, devices.Asset{Tag: "LEFT-" + who, Place: sekisho.PlaceHome, Person: person, Policy: "demo"})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			err := srv.db.Write(ctx, func(tx storage.Tx) error { // as where the server stopped before it went on
				_, err := tx.Exec(ctx, "UPDATE devices_devices SET state = 'revoked' WHERE id = ?", string(d.ID))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		now := srv.clock.Now()
		if _, err := permits.New(srv.db, srv.clock, srv.log, heldBy(person)).Give(ctx, admin,
			permits.Permit{Device: d.ID, Where: permits.AtHome, From: now.Add(-time.Hour), Until: now.Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		if err := srv.db.Write(ctx, func(tx storage.Tx) error { return srv.ties.Bind(ctx, tx, person, d.ID, "left") }); err != nil {
			t.Fatal(err)
		}
		pcs = append(pcs, d.ID)
	}
	srv.forgetEnded(ctx)
	tied, err := srv.ties.List(ctx)
	standing, more := srv.permits.List(ctx)
	if errors.Join(err, more) != nil || len(tied[pcs[0]]) != 0 || len(tied[pcs[1]]) != 1 {
		t.Fatalf("%v, %v, %v", tied, err, more)
	}
	for _, p := range standing {
		if p.Device == pcs[0] {
			t.Errorf("a permit of a PC that has ended: %+v", p)
		}
	}
	if !slices.ContainsFunc(standing, func(p permits.Permit) bool { return p.Device == pcs[1] }) {
		t.Error("the permit of a PC that is out ended, too")
	}
}
