package roles

import (
	"context"
	"crypto/ed25519"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// people are who holds which built-in role; two says that there have been two administrators.
type people struct {
	roles map[sekisho.PersonID][]sekisho.Role
	two   bool
}

func (p *people) RolesOf(_ context.Context, _ storage.Tx, id sekisho.PersonID) ([]sekisho.Role, error) {
	if held, ok := p.roles[id]; ok {
		return held, nil
	}
	return nil, sekisho.Fail(sekisho.KindDenied, "person.inactive")
}

func (p *people) FourEyesIn(context.Context, storage.Tx) (bool, error) { return p.two, nil }

type room struct {
	*Roles
	t      *testing.T
	clk    *clock.Fake
	log    *audit.Log
	people *people
}

func newRoom(t *testing.T, db *storage.DB) room {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	must(t, db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	p := &people{roles: map[sekisho.PersonID][]sekisho.Role{
		"admin": {sekisho.RoleAdministrator}, "admin2": {sekisho.RoleAdministrator}, "officer": {sekisho.RoleOfficer}, "op": {sekisho.RoleOperator}, "op2": {sekisho.RoleOperator},
	}}
	return room{Roles: New(db, clk, log, p), t: t, clk: clk, log: log, people: p}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r room) do(by sekisho.PersonID, c Change) (Role, error) {
	return r.Do(r.t.Context(), by, c, nil)
}

// made makes a role that one administrator may make alone here.
func (r room) made(name string, rights ...Right) Role {
	r.t.Helper()
	one, err := r.do("admin", Change{Act: ActMake, Name: name, Rights: rights})
	must(r.t, err)
	return one
}

func (r room) given(one Role, p sekisho.PersonID) error {
	_, err := r.do("admin", Change{Act: ActGive, Role: one.ID, Seen: one.Version, Person: p})
	return err
}

func (r room) rights(p sekisho.PersonID) []Right {
	r.t.Helper()
	rights, err := r.RightsOf(r.t.Context(), p, r.people.roles[p])
	must(r.t, err)
	return rights
}

func TestRightsAreGivenAndTaken(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		one := r.made(" 現場の見守り ", ReadTraining, WatchFloor, WatchFloor)
		if one.Name != "現場の見守り" || one.Version != 1 || !slices.Equal(one.Rights, []Right{WatchFloor, ReadTraining}) {
			t.Fatalf("%+v", one)
		}
		must(t, r.given(one, "op"))
		if got := r.rights("op"); !slices.Equal(got, one.Rights) {
			t.Errorf("%v", got)
		}
		if _, err := r.do("admin", Change{Act: ActChange, Role: one.ID, Seen: 9, Name: "x", Rights: one.Rights}); sekisho.CodeOf(err) != "role.changed_meanwhile" {
			t.Errorf("a change made on an old version: %v", err)
		}
		changed, err := r.do("admin", Change{Act: ActChange, Role: one.ID, Seen: 1, Name: "見守り", Rights: []Right{WatchFloor}})
		if err != nil || changed.Version != 2 || !slices.Equal(r.rights("op"), []Right{WatchFloor}) {
			t.Errorf("%+v, %v", changed, err)
		}
		must(t, r.Take(t.Context(), "admin", one.ID, "op"))
		if got := r.rights("op"); len(got) != 0 {
			t.Errorf("%v", got)
		}
		if err := r.Take(t.Context(), "admin", one.ID, "op"); sekisho.CodeOf(err) != "role.unknown" {
			t.Errorf("%v", err)
		}
		must(t, r.given(changed, "op2"))
		must(t, r.ForgetPerson(t.Context(), "op2"))
		if list, err := r.List(t.Context()); err != nil || len(list) != 1 || len(list[0].Holders) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		must(t, r.Delete(t.Context(), "admin", one.ID))
		for kind, want := range map[string]int{"role.created": 1, "role.changed": 1, "role.given": 2, "role.taken": 2, "role.deleted": 1} {
			rows, err := r.log.Search(t.Context(), audit.Filter{Kind: kind})
			if err != nil || len(rows) != want {
				t.Errorf("%s: %d rows, %v", kind, len(rows), err)
			}
		}
	})
}

func TestNothingBadIsStored(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.made("取られた名前", WatchFloor)
	for name, try := range map[string]struct {
		by   sekisho.PersonID
		c    Change
		code string
	}{
		"no name":              {"admin", Change{Act: ActMake, Rights: []Right{WatchFloor}}, "role.name"},
		"a long one":           {"admin", Change{Act: ActMake, Name: string(make([]rune, 41)), Rights: []Right{WatchFloor}}, "role.name"},
		"two lines":            {"admin", Change{Act: ActMake, Name: "a\nb", Rights: []Right{WatchFloor}}, "role.name"},
		"a taken one":          {"admin", Change{Act: ActMake, Name: "取られた名前", Rights: []Right{WatchFloor}}, "role.name_taken"},
		"no right":             {"admin", Change{Act: ActMake, Name: "x"}, "role.rights"},
		"an unknown right":     {"admin", Change{Act: ActMake, Name: "x", Rights: []Right{"rights.give"}}, "role.rights"},
		"a built-in role":      {"admin", Change{Act: ActMake, Name: "x", Rights: []Right{"administrator"}}, "role.rights"},
		"both sides":           {"admin", Change{Act: ActMake, Name: "x", Rights: []Right{ManageDevices, FetchEvidence}}, "role.separation"},
		"by an operator":       {"op", Change{Act: ActMake, Name: "x", Rights: []Right{WatchFloor}}, "role.administrator"},
		"by an officer":        {"officer", Change{Act: ActMake, Name: "x", Rights: []Right{WatchFloor}}, "role.administrator"},
		"by nobody":            {"", Change{Act: ActMake, Name: "x", Rights: []Right{WatchFloor}}, "role.administrator"},
		"a role that is none":  {"admin", Change{Act: ActChange, Role: "none", Seen: 1, Name: "x", Rights: []Right{WatchFloor}}, "role.unknown"},
		"given: none of these": {"admin", Change{Act: ActGive, Role: "none", Seen: 1, Person: "op"}, "role.unknown"},
	} {
		if _, err := r.do(try.by, try.c); sekisho.CodeOf(err) != try.code {
			t.Errorf("%s: %v, want %s", name, err, try.code)
		}
	}
	if list, err := r.List(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("%d roles, %v", len(list), err)
	}
}

// TestBothSidesNeverComeTogether in one person through an own role, whatever the order.
func TestBothSidesNeverComeTogether(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	devices, evidence, floor := r.made("PC係", ManageDevices), r.made("記録係", FetchEvidence), r.made("見守り", WatchFloor)
	for p, one := range map[sekisho.PersonID]Role{"officer": devices, "admin2": evidence} {
		if err := r.given(one, p); sekisho.CodeOf(err) != "role.separation" {
			t.Errorf("%s: %v", p, err)
		}
	}
	must(t, r.given(devices, "op"))
	if err := r.given(evidence, "op"); sekisho.CodeOf(err) != "role.separation" {
		t.Errorf("the second role: %v", err)
	}
	must(t, r.given(floor, "op"))
	if _, err := r.do("admin", Change{Act: ActChange, Role: floor.ID, Seen: 1, Name: "見守り", Rights: []Right{WatchFloor, MakeReports}}); sekisho.CodeOf(err) != "role.separation" {
		t.Errorf("by a change of the other role: %v", err)
	}
	if err := r.given(devices, "gone"); sekisho.CodeOf(err) != "role.person" {
		t.Errorf("somebody who is not active: %v", err)
	}
	r.people.roles["op"] = []sekisho.Role{sekisho.RoleOperator, sekisho.RoleOfficer} // made an officer on the page of people
	if got := r.rights("op"); !slices.Equal(got, []Right{WatchFloor}) {
		t.Errorf("an officer with rights of an administrator: %v", got)
	}
}

// TestNobodyPromotesHimself by his own role, or by another's word that was given for something else.
func TestNobodyPromotesHimself(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		floor, devices := r.made("見守り", WatchFloor), r.made("PC係", ManageDevices)
		if err := r.given(floor, "admin"); sekisho.CodeOf(err) != "role.own" {
			t.Errorf("given to himself: %v", err)
		}
		_, err := r.do("admin2", Change{Act: ActGive, Role: floor.ID, Seen: 1, Person: "admin"})
		must(t, err)
		if _, err := r.do("admin", Change{Act: ActChange, Role: floor.ID, Seen: 1, Name: "見守り", Rights: []Right{WatchFloor, TakeLog}}); sekisho.CodeOf(err) != "role.own" {
			t.Errorf("his own role: %v", err)
		}

		r.people.two = true // from here on there have been two
		asked := 0
		second := func(context.Context, storage.Tx) error { asked++; return nil }
		refused := func(context.Context, storage.Tx) error { return sekisho.Fail(sekisho.KindDenied, "act.own") }
		gift := Change{Act: ActGive, Role: devices.ID, Seen: 1, Person: "op"}
		if _, err := r.do("admin", gift); sekisho.CodeOf(err) != "role.second_needed" || len(r.rights("op")) != 0 {
			t.Fatalf("given without a second: %v", err)
		}
		if _, next, needs, err := r.Judge(t.Context(), "admin", gift); err != nil || !needs || next.Name != "PC係" {
			t.Errorf("what the second sees: %+v, %v, %v", next, needs, err)
		}
		if _, err := r.Do(t.Context(), "admin", gift, refused); sekisho.CodeOf(err) != "act.own" || len(r.rights("op")) != 0 {
			t.Errorf("%v", err)
		}
		_, err = r.Do(t.Context(), "admin", gift, second)
		must(t, err)
		if !slices.Equal(r.rights("op"), []Right{ManageDevices}) || asked != 1 {
			t.Errorf("%v", r.rights("op"))
		}
		gift.Person = "admin" // a second makes nobody's own role his own affair
		if _, err := r.Do(t.Context(), "admin", gift, second); sekisho.CodeOf(err) != "role.own" || asked != 1 {
			t.Errorf("to himself, confirmed by another: %v", err)
		}

		// Widening needs two; so does making; taking away does not; what was shown is void once the role is another one.
		wider := Change{Act: ActChange, Role: devices.ID, Seen: 1, Name: "PC係", Rights: []Right{ManageDevices, ManagePeople}}
		if _, err := r.do("admin", wider); sekisho.CodeOf(err) != "role.second_needed" {
			t.Errorf("%v", err)
		}
		if _, err := r.do("admin", Change{Act: ActMake, Name: "新しい", Rights: []Right{FetchEvidence}}); sekisho.CodeOf(err) != "role.second_needed" {
			t.Errorf("%v", err)
		}
		narrow, err := r.do("admin", Change{Act: ActChange, Role: devices.ID, Seen: 1, Name: "PC係", Rights: []Right{ManageDevices}})
		if err != nil || narrow.Version != 2 {
			t.Errorf("taking away: %v", err)
		}
		if _, err := r.Do(t.Context(), "admin", wider, second); sekisho.CodeOf(err) != "role.changed_meanwhile" {
			t.Errorf("%v", err)
		}
		if _, err := r.do("admin", Change{Act: ActMake, Name: "低い", Rights: []Right{WatchFloor}}); err != nil {
			t.Errorf("a low role: %v", err)
		}
	})
}
