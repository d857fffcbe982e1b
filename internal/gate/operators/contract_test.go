package operators

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

func TestDays(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "2027-03-31": true, "2028-02-29": true, "2027-02-29": false, "2027-3-31": false, "2027-13-01": false,
		"1999-12-31": false, "2200-01-01": false, "27-03-31": false, "2027-03-31T00:00:00Z": false, "tomorrow": false,
	} {
		if got := Day(text).Valid(); got != want {
			t.Errorf("%q: valid %v", text, got)
		}
	}
	end := time.Date(2027, 3, 31, 15, 0, 0, 0, time.UTC) // midnight in Japan
	if got := Day("2027-03-31").End(); !got.Equal(end) {
		t.Errorf("end %v", got)
	}
	if Day("2027-03-31").over(end.Add(-time.Microsecond)) || !Day("2027-03-31").over(end) || !Day("nonsense").over(end) || Day("").over(end) {
		t.Error("the last day ends at another moment")
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMicro(rapid.Int64Range(946_684_800_000_000, 7_258_000_000_000_000).Draw(t, "at")) // 2000 to 2199
		d := DayOf(at)
		if !d.Valid() || d.over(at) || d.End().Sub(at) > 24*time.Hour || DayOf(d.End()) <= d {
			t.Fatalf("%v is on %s, which ends %v", at, d, d.End())
		}
	})
}

// TestAfterTheLastDay: at midnight in Japan a person can neither work nor sign in
// nor go on, whether or not anything has been tidied away yet.
func TestAfterTheLastDay(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		admin, _ := r.setup()
		p := r.create("temp", sekisho.RoleOperator, sekisho.RoleSupervisor)
		key := r.invited(p, RPConsole, consoleOrigin)
		day, agency := Day("2026-11-02"), "見本スタッフ"
		_, err := r.Update(ctx, admin.Person.ID, p.ID, Change{LastDay: &day, Agency: &agency})
		r.must(err)

		r.clk.Advance(day.End().Sub(r.clk.Now()) - time.Second)
		in := r.signIn(key)
		r.must(r.MayWork(ctx, p.ID))
		_, err = r.Whoami(ctx, in.Token)
		r.must(err)
		if n, err := r.EndContracts(ctx); n != 0 || err != nil {
			t.Fatalf("%d ended a second early: %v", n, err)
		}

		r.clk.Advance(time.Second)
		r.refused(r.MayWork(ctx, p.ID), "person.contract_over")
		_, err = r.Whoami(ctx, in.Token)
		r.refused(err, "person.inactive")
		c, err := r.BeginLogin(ctx, RPConsole, "", "", remote)
		r.must(err)
		_, err = r.FinishLogin(ctx, RPConsole, c.ID, key.get(c.Options), remote)
		r.refused(err, "person.inactive")
		_, err = r.InviteLogin(ctx, "temp", consoleOrigin)
		r.refused(err, "person.inactive")
		_, err = r.Resume(ctx, admin.Person.ID, p.ID)
		r.refused(err, "person.contract_over")
		r.must(db.Read(ctx, func(tx storage.Tx) error {
			if ok, err := r.Holds(ctx, tx, p.ID, sekisho.RoleSupervisor); ok || err != nil {
				t.Errorf("still a supervisor: %v", err)
			}
			return nil
		}))

		// What is taken away is taken away once, however often it fails before.
		var told, taken int
		broken := errors.New("the vault is away")
		r.OnPerson(func(got Person) {
			if got.ID == p.ID && !got.Active {
				told++
			}
		})
		r.OnLeft(func(_ context.Context, id sekisho.PersonID) error {
			if taken++; taken < 3 {
				return broken
			}
			return nil
		})
		for range 2 {
			if n, err := r.EndContracts(ctx); n != 0 || !errors.Is(err, broken) {
				t.Fatalf("%d, %v", n, err)
			}
		}
		for range 2 {
			_, err := r.EndContracts(ctx)
			r.must(err)
		}
		if told != 3 || taken != 3 || len(r.rows("person.left")) != 1 {
			t.Errorf("told %d times, taken %d times, %d rows", told, taken, len(r.rows("person.left")))
		}

		// The day is moved: the person is back, and leaves again in his time.
		later := Day("2026-11-30")
		_, err = r.Update(ctx, admin.Person.ID, p.ID, Change{LastDay: &later})
		r.must(err)
		r.must(r.MayWork(ctx, p.ID))
		r.clk.Advance(later.End().Sub(r.clk.Now()))
		if n, err := r.EndContracts(ctx); n != 1 || err != nil {
			t.Errorf("%d left again: %v", n, err)
		}
	})
}

// TestAnAdministratorStays: neither a date nor the passing of time leaves a
// centre without one, and nobody moves the end of his own contract.
func TestAnAdministratorStays(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		one, two := r.create("one", sekisho.RoleAdministrator), r.create("two", sekisho.RoleAdministrator)
		day := Day("2026-11-30")
		_, err := r.Update(ctx, one.ID, one.ID, Change{LastDay: &day})
		r.refused(err, "person.own_last_day")
		_, err = r.Update(ctx, one.ID, two.ID, Change{LastDay: &day})
		r.must(err)
		_, err = r.Update(ctx, two.ID, one.ID, Change{LastDay: &day}) // two is one only until then
		r.refused(err, "person.last_administrator")
		_, err = r.Suspend(ctx, two.ID, one.ID, "")
		r.refused(err, "person.last_administrator")
		none := Day("")
		_, err = r.Update(ctx, two.ID, two.ID, Change{LastDay: &none})
		r.refused(err, "person.own_last_day")
		past := Day("2026-11-01")
		_, err = r.Create(ctx, one.ID, Person{Name: "試験", Login: "late", Roles: []sekisho.Role{sekisho.RoleOperator}, LastDay: past})
		r.refused(err, "person.last_day_over")
		gone, err := r.Update(ctx, one.ID, two.ID, Change{LastDay: &past})
		if err != nil || gone.Active || len(r.rows("person.left")) != 1 {
			t.Errorf("a day that is over: active %v, %v", gone.Active, err)
		}
	})
}

func (r *room) signIn(key *authenticator) Login {
	r.Helper()
	c, err := r.BeginLogin(r.Context(), RPConsole, "", "", remote)
	r.must(err)
	l, err := r.FinishLogin(r.Context(), RPConsole, c.ID, key.get(c.Options), remote)
	r.must(err)
	return l
}
