package operators

import (
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

func TestPeople(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		var told []Person
		r.OnPerson(func(p Person) { told = append(told, p) })
		admin := r.create("admin", sekisho.RoleAdministrator, sekisho.RoleAdministrator)
		p := r.create("Aoki", sekisho.RoleOperator)
		if p.Login != "aoki" || !p.Active || len(admin.Roles) != 1 {
			t.Fatalf("%+v", p)
		}
		_, err := r.Create(ctx, admin.ID, Person{Name: "別人", Login: "AOKI", Roles: []sekisho.Role{sekisho.RoleOperator}})
		r.refused(err, "person.login_taken") // nobody shares an account
		r.must(r.MayWork(ctx, p.ID))
		r.must(r.MayWork(ctx, admin.ID)) // to use the console from an issued PC
		r.refused(r.MayWork(ctx, "nobody"), "person.unknown")

		name, usable, roles := "青木 一郎", false, []sekisho.Role{sekisho.RoleSupervisor, sekisho.RoleOperator}
		p, err = r.Update(ctx, admin.ID, p.ID, Change{Name: &name, FaceUsable: &usable, Roles: &roles})
		if err != nil || p.Name != name || p.FaceUsable || !p.Has(sekisho.RoleSupervisor) {
			t.Fatalf("%+v, %v", p, err)
		}
		_, err = r.Update(ctx, p.ID, p.ID, Change{Roles: &[]sekisho.Role{sekisho.RoleAdministrator}})
		r.refused(err, "person.own_roles")
		_, err = r.Update(ctx, admin.ID, p.ID, Change{Roles: &[]sekisho.Role{"root"}})
		r.refused(err, "person.roles")
		_, err = r.Update(ctx, admin.ID, p.ID, Change{Roles: &[]sekisho.Role{}})
		r.refused(err, "person.roles")

		_, err = r.Suspend(ctx, p.ID, admin.ID, "")
		r.refused(err, "person.last_administrator")
		_, err = r.Update(ctx, p.ID, admin.ID, Change{Roles: &[]sekisho.Role{sekisho.RoleAuditor}})
		r.refused(err, "person.last_administrator")

		if _, err = r.Suspend(ctx, admin.ID, p.ID, "休職"); err != nil {
			t.Fatal(err)
		}
		r.refused(r.MayWork(ctx, p.ID), "person.inactive")
		r.must(r.db.Read(ctx, func(tx storage.Tx) error {
			for who, want := range map[sekisho.PersonID]bool{p.ID: false, admin.ID: false, "nobody": false, "": false} {
				if ok, err := r.Holds(ctx, tx, who, sekisho.RoleSupervisor); err != nil || ok != want {
					t.Errorf("%s holds supervisor: %v, %v", who, ok, err)
				}
			}
			ok, err := r.Holds(ctx, tx, admin.ID, sekisho.RoleAdministrator)
			if err != nil || !ok {
				t.Errorf("control: %v, %v", ok, err)
			}
			return nil
		}))
		_, err = r.Resume(ctx, p.ID, p.ID)
		r.refused(err, "person.own_roles")
		if _, err = r.Resume(ctx, admin.ID, p.ID); err != nil || r.MayWork(ctx, p.ID) != nil {
			t.Fatalf("resume: %v", err)
		}
		if list, err := r.List(ctx); err != nil || len(list) != 2 {
			t.Fatalf("%v, %v", list, err)
		}
		if n, err := r.Name(ctx, p.ID); err != nil || n != name {
			t.Errorf("%q, %v", n, err)
		}
		if n, err := r.Name(ctx, "nobody"); err != nil || n != "" {
			t.Errorf("%q, %v", n, err)
		}
		if len(told) != 5 {
			t.Errorf("told %d times", len(told))
		}
		rows := r.rows("person.")
		if len(rows) != 5 || rows[2].Kind != "person.changed" || rows[2].Detail["roles"] != "operator → operator supervisor" {
			t.Errorf("rows %+v", rows)
		}
		for _, row := range rows {
			for _, v := range row.Detail {
				if strings.Contains(v, name) {
					t.Errorf("%s keeps a name for ever", row.Kind)
				}
			}
		}
	})
}

func TestMalformedPeople(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	for name, p := range map[string]Person{
		"zero":         {},
		"no name":      {Name: "  ", Login: "a", Roles: []sekisho.Role{sekisho.RoleOperator}},
		"long name":    {Name: strings.Repeat("長", 65), Login: "a", Roles: []sekisho.Role{sekisho.RoleOperator}},
		"control":      {Name: "a\x00b", Login: "a", Roles: []sekisho.Role{sekisho.RoleOperator}},
		"not text":     {Name: "\xff", Login: "a", Roles: []sekisho.Role{sekisho.RoleOperator}},
		"login":        {Name: "a", Login: "a b", Roles: []sekisho.Role{sekisho.RoleOperator}},
		"login kanji":  {Name: "a", Login: "青木", Roles: []sekisho.Role{sekisho.RoleOperator}},
		"no role":      {Name: "a", Login: "a"},
		"unknown role": {Name: "a", Login: "a", Roles: []sekisho.Role{"root"}},
		"place":        {Name: "a", Login: "a", Roles: []sekisho.Role{sekisho.RoleOperator}, Place: "cafe"},
	} {
		if _, err := r.Create(t.Context(), "", p); sekisho.KindOf(err) != sekisho.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDemoLoginOnlyInDemoData(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		invented := []Person{{ID: "01900000-0000-7000-8000-000000000001", Name: "見本 太郎", Login: "demo", Roles: []sekisho.Role{sekisho.RoleOperator}}}
		p := r.create("real", sekisho.RoleAdministrator)
		_, err := r.DemoLogin(ctx, p.ID, host)
		r.refused(err, "request.not_found")
		_, err = r.DemoPeople(ctx)
		r.refused(err, "request.not_found")
		_, err = r.SeedDemo(ctx, invented)
		r.refused(err, "demo.not_empty") // a real centre never becomes a demonstration
		if demo, err := r.Demo(ctx); err != nil || demo {
			t.Fatalf("demo %v, %v", demo, err)
		}
		if rows := r.rows("login.refused"); len(rows) != 1 || rows[0].Detail["method"] != "demo" {
			t.Errorf("rows %+v", rows)
		}
	})
}

func TestDemo(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	people, err := r.SeedDemo(ctx, []Person{
		{ID: "01900000-0000-7000-8000-000000000001", Name: "見本 太郎", Login: "Demo", Roles: []sekisho.Role{sekisho.RoleOperator}},
		{Name: "見本 花子", Login: "demo2", Roles: []sekisho.Role{sekisho.RoleAdministrator}},
	})
	r.must(err)
	if list, err := r.DemoPeople(ctx); err != nil || len(list) != 2 || people[0].ID != "01900000-0000-7000-8000-000000000001" {
		t.Fatalf("%v, %v", list, err)
	}
	_, err = r.DemoLogin(ctx, people[0].ID, remote)
	r.refused(err, "request.not_found") // from the network
	_, err = r.DemoLogin(ctx, "nobody", host)
	r.refused(err, "person.unknown")
	l, err := r.DemoLogin(ctx, people[0].ID, host)
	r.must(err)
	me, err := r.Whoami(ctx, l.Token)
	if err != nil || me.Method != "demo" || me.Person.ID != people[0].ID {
		t.Fatalf("%+v, %v", me, err)
	}
	// A database whose mark was taken away lets nobody in without a passkey.
	r.must(r.db.Write(ctx, func(tx storage.Tx) error { _, err := tx.Exec(ctx, "DELETE FROM operators_demo"); return err }))
	_, err = r.Whoami(ctx, l.Token)
	r.refused(err, "login.required")
	_, err = r.DemoLogin(ctx, people[0].ID, host)
	r.refused(err, "request.not_found")
}
