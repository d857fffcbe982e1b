package rules

import (
	"context"
	"crypto/ed25519"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// world is what the other rooms would say.
type world struct {
	people   []Person
	desktops []Desktop
}

var errNobody = errors.New("nobody")

func (w *world) Person(_ context.Context, id sekisho.PersonID) (Person, error) {
	for _, p := range w.people {
		if p.ID == id {
			return p, nil
		}
	}
	return Person{}, errNobody
}

func (w *world) Desktop(_ context.Context, id sekisho.DesktopID) (Desktop, error) {
	for _, d := range w.desktops {
		if d.ID == id {
			return d, nil
		}
	}
	return Desktop{}, errNobody
}

func (w *world) People(context.Context) ([]Person, error)    { return w.people, nil }
func (w *world) Desktops(context.Context) ([]Desktop, error) { return w.desktops, nil }

func aWorld() *world {
	return &world{
		people: []Person{
			{ID: "op", Roles: []sekisho.Role{sekisho.RoleOperator}, Active: true, Trained: true, Works: map[sekisho.WorkID]sekisho.ClientID{"w": "c"}},
			{ID: "op2", Roles: []sekisho.Role{sekisho.RoleOperator}, Active: true, Trained: true},
			{ID: "admin", Roles: []sekisho.Role{sekisho.RoleAdministrator}, Active: true},
			{ID: "admin2", Roles: []sekisho.Role{sekisho.RoleAdministrator}, Active: true},
			{ID: "gone", Roles: []sekisho.Role{sekisho.RoleOperator, sekisho.RoleAdministrator}},
		},
		desktops: []Desktop{
			{ID: "d", Level: "full", Work: "w", Client: "c", People: []sekisho.PersonID{"op", "op2", "gone"}},
			{ID: "free", Level: "none", People: []sekisho.PersonID{"op", "op2"}},
		},
	}
}

func newRoom(t *testing.T, db *storage.DB) (*Rules, *world, *audit.Log) {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	must(t, db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	w := aWorld()
	return New(db, clk, log, w), w, log
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, what string, err error, code string) {
	t.Helper()
	if err == nil || sekisho.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

const forbidHome = `@id("no-home") forbid (principal, action == Action::"open", resource) when { context.place == "home" };`

func TestPutHistoryAndGoingBack(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, _, log := newRoom(t, db)
		ctx := t.Context()
		told := 0
		r.OnChange(func() { told++ })
		home := Seat{Place: sekisho.PlaceHome, Tier: sekisho.TierB, Class: sekisho.ClassFace, Camera: true, Posture: true, Trained: true}
		open := func(want bool, code string) {
			t.Helper()
			a, err := r.Open(ctx, "op", home)
			if err != nil || a.Allow != want || a.Code != code {
				t.Errorf("%+v, %v", a, err)
			}
		}
		open(true, "")
		v, err := r.Put(ctx, "admin", 0, standard+forbidHome, "自宅を止める")
		if err != nil || v.Number != 1 || told != 1 {
			t.Fatalf("%+v, %v, told %d", v, err, told)
		}
		open(false, "rules.forbidden")
		_, err = r.Put(ctx, "admin2", 0, standard, "古い画面から")
		wants(t, "a change made on an old version", err, "rules.changed_meanwhile")
		past, err := r.Past(ctx, 0)
		if err != nil || past.Text != standard {
			t.Fatalf("%v", err)
		}
		_, err = r.Put(ctx, "admin", 1, past.Text, "元に戻す")
		must(t, err)
		open(true, "")
		_, err = r.Past(ctx, 7)
		wants(t, "no such version", err, "rules.unknown_version")
		list, err := r.History(ctx)
		if err != nil || len(list) != 2 || list[0].Number != 2 || list[1].Note != "自宅を止める" || list[0].Text != "" {
			t.Fatalf("%+v, %v", list, err)
		}
		rows, err := log.Search(ctx, audit.Filter{Kind: "rules.changed"})
		if err != nil || len(rows) != 2 || rows[0].Event.Detail["version"] != "2" || rows[0].Event.Personal["reason"] != "元に戻す" {
			t.Fatalf("%+v, %v", rows, err)
		}
	})
}

func TestNothingBadIsStored(t *testing.T) {
	r, w, log := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	w.people[2].Works = map[sekisho.WorkID]sekisho.ClientID{"w": "c"} // today
	for what, test := range map[string]struct{ text, code string }{
		"no Cedar at all":               {`let me in`, "rules.invalid"},
		"an unknown attribute":          {standard + `@id("x") permit (principal, action, resource) when { context.mood == "good" };`, "rules.invalid"},
		"a type that does not fit":      {standard + `@id("x") permit (principal, action == Action::"open", resource) when { context.place == 7 };`, "rules.invalid"},
		"no name":                       {standard + `permit (principal, action, resource);`, "rules.invalid"},
		"a fixed policy's name":         {standard + `@id("global.lease") permit (principal, action, resource);`, "rules.invalid"},
		"no administrator left":         {`@id("home") permit (principal, action == Action::"open", resource);`, "rules.locks_out"},
		"nothing":                       {``, "rules.locks_out"},
		"every administrator forbidden": {standard + `@id("x") forbid (principal, action == Action::"manage", resource);`, "rules.locks_out"},
		"oneself forbidden":             {standard + `@id("x") forbid (principal == Person::"admin", action == Action::"manage", resource);`, "rules.locks_you_out"},
		"only the suspended one may":    {`@id("x") permit (principal == Person::"gone", action, resource);`, "rules.locks_out"},
		"only while a day lasts":        {`@id("x") permit (principal in Work::"w", action, resource);`, "rules.locks_out"},
		"oneself only for a day":        {`@id("x") permit (principal in Work::"w", action, resource); @id("y") permit (principal == Person::"admin2", action, resource);`, "rules.locks_you_out"},
		"forbidden by one's own work":   {standard + `@id("x") forbid (principal in Work::"w", action == Action::"manage", resource);`, "rules.locks_you_out"},
	} {
		_, err := r.Put(ctx, "admin", 0, test.text, "試験")
		wants(t, what, err, test.code)
	}
	_, err := r.Put(ctx, "admin", 0, standard, " ")
	wants(t, "without a reason", err, "rules.reason")
	if rows, err := log.Search(ctx, audit.Filter{Kind: "rules."}); err != nil || len(rows) != 0 {
		t.Errorf("%+v, %v", rows, err)
	}
	if v, err := r.InForce(ctx); err != nil || v.Number != 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

// managers are the roles in which the door asks.
var managers = []sekisho.Role{sekisho.RoleAdministrator}

// TestTheDoorAsksAsTheRoomDid: with the works of today.
func TestTheDoorAsksAsTheRoomDid(t *testing.T) {
	r, w, _ := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	w.people[3].Works = map[sekisho.WorkID]sekisho.ClientID{"w": "c"}
	if _, err := r.Put(ctx, "admin", 0, standard+`@id("x") forbid (principal in Client::"c", action == Action::"manage", resource);`, "試験"); err != nil {
		t.Fatal(err)
	}
	if a, err := r.Manage(ctx, "admin2", managers); err != nil || a.Allow {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err := r.Manage(ctx, "admin", managers); err != nil || !a.Allow {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestOneOfTwoChangesAtOnceWins(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, _, _ := newRoom(t, db)
		errs := make([]error, 4)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { _, errs[i] = r.Put(t.Context(), "admin", 0, standard, "同時") })
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if sekisho.CodeOf(err) != "rules.changed_meanwhile" {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d changes of one version won", won)
		}
	})
}

// TestAnUnreadableTextOpensNothing writes past the room, as a hand in the database would.
func TestAnUnreadableTextOpensNothing(t *testing.T) {
	r, w, _ := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	must(t, r.db.Write(ctx, func(tx storage.Tx) error {
		return insert(ctx, tx, Version{Number: 1, Text: `permit (principal, action, resource);`})
	}))
	seat := Seat{Place: sekisho.PlaceOffice, Tier: sekisho.TierB, Class: sekisho.ClassFace, Camera: true, Posture: true, Trained: true}
	if a, err := r.Open(ctx, "op", seat); err == nil || a.Allow || sekisho.KindOf(err) != sekisho.KindDenied {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err := r.Manage(ctx, w.people[2].ID, managers); err == nil || a.Allow {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err := r.Open(ctx, "stranger", seat); err == nil || a.Allow {
		t.Errorf("a person nobody knows: %+v, %v", a, err)
	}
}

func TestSimulateSaysWhatWouldChangeForWhom(t *testing.T) {
	r, _, _ := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	s, faults, err := r.Simulate(ctx, standard+forbidHome)
	if err != nil || len(faults) != 0 || s.Gained != 0 || s.Lost != 2 || len(s.Differences) != 2 {
		t.Fatalf("%+v, %v, %v", s, faults, err)
	}
	for _, d := range s.Differences {
		if d.Action != Open || d.Place != sekisho.PlaceHome || !d.Before.Allow || d.After.Code != "rules.forbidden" || !slices.Equal(d.After.Policies, []string{"no-home"}) {
			t.Errorf("%+v", d)
		}
	}
	if s, _, err := r.Simulate(ctx, standard); err != nil || s.Lost != 0 || s.Gained != 0 || s.Asked == 0 {
		t.Errorf("the text in force: %+v, %v", s, err)
	}
	if _, faults, err := r.Simulate(ctx, "permit"); err != nil || len(faults) != 1 || faults[0].Code != "rules.fault_parse" {
		t.Errorf("%+v, %v", faults, err)
	}
	if v, err := r.InForce(ctx); err != nil || v.Number != 0 {
		t.Error("a simulation changed something")
	}
}

func TestWhoCanSeeThis(t *testing.T) {
	r, _, _ := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	_, err := r.Put(ctx, "admin", 0, standard+Templates[2].Text, "自宅では個人情報なし")
	must(t, err)
	list, err := r.Who(ctx, "d")
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	say := map[sekisho.PersonID]string{}
	for _, s := range list {
		say[s.Person] = s.Home.Code + "|" + s.Office.Code
	}
	for p, want := range map[sekisho.PersonID]string{
		"op": "rules.forbidden|", "op2": "rules.not_assigned|rules.not_assigned", "gone": "rules.not_active|rules.not_active",
	} {
		if say[p] != want {
			t.Errorf("%s: %s, want %s", p, say[p], want)
		}
	}
	if _, err := r.Who(ctx, "nowhere"); !errors.Is(err, errNobody) {
		t.Errorf("%v", err)
	}
}

func TestTemplatesAreValid(t *testing.T) {
	seen := ""
	for _, one := range Templates {
		if _, faults := Compile(one.Text); len(faults) != 0 {
			t.Errorf("%s: %+v", one.ID, faults)
		}
		if !strings.Contains(one.Text, `@id("`+one.ID+`")`) || strings.Contains(seen, " "+one.ID+" ") {
			t.Errorf("%s is not named by its id alone", one.ID)
		}
		seen += " " + one.ID + " "
	}
}

// TestSimulatingAPermit: whoever has one today loses nothing.
func TestSimulatingAPermit(t *testing.T) {
	db := storagetest.SQLite(t)
	r, w, _ := newRoom(t, db)
	text := standard
	for _, one := range Templates {
		if one.ID == "home-permit" {
			text += one.Text
		}
	}
	before, _, err := r.Simulate(t.Context(), text)
	if err != nil || before.Lost == 0 {
		t.Fatalf("%+v, %v", before, err)
	}
	for _, d := range before.Differences {
		if d.Place != sekisho.PlaceHome || d.After.Code != "permit.missing" {
			t.Errorf("%+v", d)
		}
	}
	for i := range w.people {
		w.people[i].Permit = true
	}
	if s, _, err := r.Simulate(t.Context(), text); err != nil || s.Lost != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}
