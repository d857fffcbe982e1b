package clients

import (
	"context"
	"crypto/ed25519"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// roles are people with what they hold, as gate/operators would say.
type roles map[sekisho.PersonID][]sekisho.Role

// suspended stands among the roles of whoever keeps them and holds none.
const suspended sekisho.Role = "suspended"

func (r roles) Holds(ctx context.Context, tx storage.Tx, p sekisho.PersonID, role sekisho.Role) (bool, error) {
	kept, err := r.Keeps(ctx, tx, p, role)
	return kept && !slices.Contains(r[p], suspended), err
}

func (r roles) Keeps(_ context.Context, _ storage.Tx, p sekisho.PersonID, role sekisho.Role) (bool, error) {
	return slices.Contains(r[p], role), nil
}

type room struct {
	*Clients
	t      *testing.T
	clk    *clock.Fake
	log    *audit.Log
	people roles
}

// noon of 2 November 2026 in Japan
var start = time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)

func newRoom(t *testing.T, db *storage.DB) *room {
	t.Helper()
	clk := clock.NewFake(start)
	must(t, db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	people := roles{
		"op": {sekisho.RoleOperator}, "op2": {sekisho.RoleOperator}, "lead": {sekisho.RoleOperator, sekisho.RoleSupervisor},
		"sv": {sekisho.RoleSupervisor}, "auditor": {sekisho.RoleAuditor}, "both": {sekisho.RoleAuditor, sekisho.RoleOfficer},
	}
	return &room{Clients: New(db, clk, log, people), t: t, clk: clk, log: log, people: people}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r *room) client(name string) (Client, Work) {
	r.t.Helper()
	c, err := r.Create(r.t.Context(), "admin", name)
	must(r.t, err)
	w, err := r.AddWork(r.t.Context(), "admin", c.ID, "受注")
	must(r.t, err)
	return c, w
}

func day(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	d, err := ParseDay(text)
	if err != nil {
		panic(err)
	}
	return d
}

func (r *room) assign(w Work, p sekisho.PersonID, from, until string) Assignment {
	r.t.Helper()
	a, err := r.Assign(r.t.Context(), "admin", Assignment{Work: w.ID, Person: p, From: day(from), Until: day(until)})
	must(r.t, err)
	return a
}

func wants(t *testing.T, what string, err error, code string) {
	t.Helper()
	if got := sekisho.CodeOf(err); err == nil || got != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func TestNamesAndEnds(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		a, w := r.client("見本商事")
		b, _ := r.client("架空物産")
		for name, code := range map[string]string{"": "client.name", " ": "client.name", "a\x00b": "client.name", "見本商事": "client.name_taken"} {
			_, err := r.Create(ctx, "admin", name)
			wants(t, "create "+name, err, code)
		}
		other := "見本商事"
		_, err := r.Change(ctx, "admin", b.ID, Change{Name: &other})
		wants(t, "rename to a name that is taken", err, "client.name_taken")
		_, err = r.AddWork(ctx, "admin", a.ID, "受注")
		wants(t, "a second work of that name", err, "client.name_taken")
		_, err = r.AddWork(ctx, "admin", "nobody", "受注")
		wants(t, "a work of no client", err, "client.unknown")
		_, err = r.Get(ctx, "nobody")
		wants(t, "no client", err, "client.unknown")
		yes := true
		_, err = r.ChangeWork(ctx, "admin", w.ID, Change{Ended: &yes})
		must(t, err)
		f, err := r.Get(ctx, a.ID)
		if err != nil || len(f.Works) != 1 || f.Works[0].Ended.IsZero() {
			t.Fatalf("%+v, %v", f.Works, err)
		}
		list, err := r.List(ctx)
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		rows, err := r.log.Search(ctx, audit.Filter{Kind: "work."})
		if err != nil || len(rows) != 3 || rows[0].Event.Kind != "work.ended" {
			t.Fatalf("%+v, %v", rows, err)
		}
	})
}

func TestAssignments(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		_, w := r.client("見本商事")
		first := r.assign(w, "op", "2026-11-01", "2026-11-10")
		for name, a := range map[string]Assignment{
			"the same days":   {Work: w.ID, Person: "op", From: day("2026-11-01"), Until: day("2026-11-10")},
			"one day shared":  {Work: w.ID, Person: "op", From: day("2026-11-09"), Until: day("2026-12-01")},
			"open, around it": {Work: w.ID, Person: "op", From: day("2026-10-01")},
		} {
			_, err := r.Assign(ctx, "admin", a)
			wants(t, name, err, "client.overlap")
		}
		r.assign(w, "op", "2026-11-10", "")
		_, err := r.Assign(ctx, "admin", Assignment{Work: w.ID, Person: "sv", From: day("2026-11-01")})
		wants(t, "nobody who works", err, "client.not_operator")
		_, err = r.Assign(ctx, "admin", Assignment{Work: w.ID, Person: "op2", From: day("2026-11-02"), Until: day("2026-11-02")})
		wants(t, "no day at all", err, "client.days")
		_, err = r.Assign(ctx, "admin", Assignment{Work: w.ID, Person: "op2"})
		wants(t, "no first day", err, "client.days")
		_, err = r.EndAssignment(ctx, "admin", first.ID, day("2026-11-20"))
		wants(t, "made longer", err, "client.overlap")
		_, err = r.EndAssignment(ctx, "admin", first.ID, day("2026-11-01"))
		wants(t, "ended before it began", err, "client.days")
		cut, err := r.EndAssignment(ctx, "admin", first.ID, day("2026-11-05"))
		if err != nil || LastDay(cut.Until) != "2026-11-04" {
			t.Fatalf("%+v, %v", cut, err)
		}
		must(t, r.Withdraw(ctx, "admin", first.ID))
		wants(t, "withdrawn twice", r.Withdraw(ctx, "admin", first.ID), "client.assignment_unknown")
	})
}

func TestDaysAreJapanese(t *testing.T) {
	a := Assignment{From: day("2026-11-02"), Until: day("2026-11-03")}
	for at, want := range map[string]bool{
		"2026-11-01T14:59:59Z": false, "2026-11-01T15:00:00Z": true, "2026-11-02T14:59:59Z": true, "2026-11-02T15:00:00Z": false,
	} {
		moment, err := time.Parse(time.RFC3339, at)
		must(t, err)
		if a.Covers(moment) != want {
			t.Errorf("%s: want %v", at, want)
		}
	}
	for _, bad := range []string{"", "2026-13-01", "2026-1-1", "1999-12-31", "2200-01-01", "2026-02-30", "2026-11-02T00:00:00Z", "today"} {
		if _, err := ParseDay(bad); !errors.Is(err, errDay) {
			t.Errorf("%q is a day: %v", bad, err)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	f.Add("2026-11-02")
	f.Add("2026-02-30")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDay(text)
		if err == nil && Day(d) != text {
			t.Errorf("%q was read as %s", text, Day(d))
		}
	})
}

func TestAuditorsOfAClient(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		a, _ := r.client("見本商事")
		b, _ := r.client("架空物産")
		for _, p := range []sekisho.PersonID{"op", "both", "nobody"} {
			wants(t, "bind "+string(p), r.BindAuditor(ctx, "admin", a.ID, p), "client.not_auditor")
		}
		must(t, r.BindAuditor(ctx, "admin", a.ID, "auditor"))
		must(t, r.BindAuditor(ctx, "admin", a.ID, "auditor")) // again: nothing
		wants(t, "of a second client", r.BindAuditor(ctx, "admin", b.ID, "auditor"), "client.auditor_elsewhere")
		if own, err := r.ClientOf(ctx, "auditor"); err != nil || own != a.ID {
			t.Fatalf("%s, %v", own, err)
		}
		if own, err := r.ClientOf(ctx, "both"); err != nil || own != "" {
			t.Fatalf("%s, %v", own, err)
		}
		// Released while he is an auditor he would be one of the whole centre.
		wants(t, "released", r.ReleaseAuditor(ctx, "admin", a.ID, "auditor"), "client.auditor_release")
		wants(t, "released by another client", r.ReleaseAuditor(ctx, "admin", b.ID, "auditor"), "client.unknown")
		r.people["auditor"] = []sekisho.Role{sekisho.RoleAuditor, suspended}
		wants(t, "released while suspended", r.ReleaseAuditor(ctx, "admin", a.ID, "auditor"), "client.auditor_release")
		r.people["auditor"] = nil
		must(t, r.ReleaseAuditor(ctx, "admin", a.ID, "auditor"))

		r.people["auditor"] = []sekisho.Role{sekisho.RoleAuditor}
		must(t, r.BindAuditor(ctx, "admin", b.ID, "auditor"))
		yes := true
		_, err := r.Change(ctx, "admin", b.ID, Change{Ended: &yes})
		must(t, err)
		_, err = r.ClientOf(ctx, "auditor")
		wants(t, "auditor of an ended client", err, "client.ended")
		_, err = r.ScopeOf(ctx, b.ID)
		wants(t, "scope of an ended client", err, "client.ended")
	})
}

func TestDesktopsBelongToOneClient(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		a, w := r.client("見本商事")
		_, w2 := r.client("架空物産")
		second, err := r.AddWork(ctx, "admin", a.ID, "問い合わせ")
		must(t, err)
		assigned := func(p sekisho.PersonID, want bool) {
			t.Helper()
			work, _, err := r.Belongs(ctx, "desk")
			must(t, err)
			works, err := r.WorksOf(ctx, p)
			must(t, err)
			everybody, err := r.WorksToday(ctx)
			must(t, err)
			if got := work == "" || works[work] != ""; got != want || !maps.Equal(works, everybody[p]) {
				t.Errorf("%s assigned: %v, %v, %v", p, got, works, everybody)
			}
		}
		assigned("op", true) // a desktop of no work is everybody's
		must(t, r.PlaceDesktop(ctx, "admin", "desk", w.ID))
		must(t, r.PlaceDesktop(ctx, "admin", "desk", second.ID))
		wants(t, "moved to another client", r.PlaceDesktop(ctx, "admin", "desk", w2.ID), "client.desktop_belongs")
		assigned("op", false)
		r.assign(w, "op", "2026-11-01", "") // another work of the same client
		assigned("op", false)
		r.assign(second, "op", "2026-11-02", "2026-11-03")
		assigned("op", true)
		yes := true
		_, err = r.ChangeWork(ctx, "admin", second.ID, Change{Ended: &yes})
		must(t, err)
		assigned("op", false)
		yes = false
		_, err = r.ChangeWork(ctx, "admin", second.ID, Change{Ended: &yes})
		must(t, err)
		assigned("op", true)
		r.clk.Advance(12 * time.Hour) // midnight in Japan
		assigned("op", false)
	})
}
