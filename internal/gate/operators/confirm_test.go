package operators

import (
	"net/netip"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// TestAPasskeySaysYesToOneThing: a confirmation is its person's own, for what it
// was begun for, once; it signs nobody in, and signing in confirms nothing.
func TestAPasskeySaysYesToOneThing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx, from := t.Context(), netip.MustParseAddr("192.0.2.9")
		admin, key := r.setup()
		other := r.create("second", sekisho.RoleAdministrator)
		theirs := r.invited(other, RPConsole, consoleOrigin)
		begin := func(subject string) Ceremony {
			t.Helper()
			c, err := r.BeginConfirm(ctx, RPConsole, admin.Person.ID, subject, from)
			r.must(err)
			return c
		}
		c := begin("act 1")
		r.must(r.FinishConfirm(ctx, RPConsole, admin.Person.ID, "act 1", c.ID, key.get(c.Options), from))
		r.refused(r.FinishConfirm(ctx, RPConsole, admin.Person.ID, "act 1", c.ID, key.get(c.Options), from), "passkey.ceremony")
		c = begin("act 1")
		r.refused(r.FinishConfirm(ctx, RPConsole, admin.Person.ID, "act 2", c.ID, key.get(c.Options), from), "passkey.ceremony")
		c = begin("act 1")
		_, err := r.FinishLogin(ctx, RPConsole, c.ID, key.get(c.Options), from)
		r.refused(err, "passkey.ceremony")
		c, err = r.BeginLogin(ctx, RPConsole, admin.Person.ID, "", from)
		r.must(err)
		r.refused(r.FinishConfirm(ctx, RPConsole, admin.Person.ID, "act 1", c.ID, key.get(c.Options), from), "passkey.ceremony")
		c, err = r.BeginConfirm(ctx, RPConsole, other.ID, "act 1", from)
		r.must(err)
		r.refused(r.FinishConfirm(ctx, RPConsole, admin.Person.ID, "act 1", c.ID, theirs.get(c.Options), from), "passkey.refused")
		if n := len(r.rows("passkey.confirmed")); n != 1 {
			t.Errorf("%d rows of a confirmation", n)
		}
		if n := len(r.rows("passkey.not_confirmed")); n != 4 {
			t.Errorf("%d refusals in the log", n)
		}
		_, err = r.BeginConfirm(ctx, RPConsole, r.create("unkeyed", sekisho.RoleAdministrator).ID, "act 1", from)
		r.refused(err, "passkey.none")
	})
}

// TestOneAdministratorGivesNoSuchRole tries every act that makes somebody
// administrator or officer, from the day on which there are two.
func TestOneAdministratorGivesNoSuchRole(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		admin, _ := r.setup()
		by := admin.Person.ID
		second := r.create("second", sekisho.RoleAdministrator) // the first day: one is enough
		officer := r.create("officer", sekisho.RoleOfficer)
		sv := r.create("sv", sekisho.RoleSupervisor)
		r.invited(second, RPConsole, consoleOrigin)
		give := []sekisho.Role{sekisho.RoleSupervisor, sekisho.RoleAdministrator}
		_, err := r.Update(ctx, by, sv.ID, Change{Roles: &give})
		r.refused(err, "person.second_needed")
		_, err = r.Create(ctx, by, Person{Name: "見本", Login: "new", Roles: []sekisho.Role{sekisho.RoleOfficer}})
		r.refused(err, "person.second_needed")
		_, err = r.Suspend(ctx, by, officer.ID, "見本")
		r.must(err)
		_, err = r.Resume(ctx, by, officer.ID)
		r.refused(err, "person.second_needed")
		if p, err := r.Get(ctx, sv.ID); err != nil || p.Has(sekisho.RoleAdministrator) {
			t.Errorf("%+v, %v", p.Roles, err)
		}
		_, err = r.Update(ctx, by, sv.ID, Change{Roles: &give, Second: approved})
		r.must(err)
		_, err = r.ResumeSeconded(ctx, by, officer.ID, approved)
		r.must(err)
		_, err = r.Suspend(ctx, by, second.ID, "to be alone")
		r.must(err)
		r.must(r.Appoint(ctx, "sv")) // on the host
		r.must(r.Appoint(ctx, "second"))
		for _, id := range []sekisho.PersonID{sv.ID, second.ID} {
			if p, err := r.Get(ctx, id); err != nil || !p.Has(sekisho.RoleAdministrator) {
				t.Errorf("%+v, %v", p.Roles, err)
			}
		}
		fewer := []sekisho.Role{sekisho.RoleSupervisor}
		_, err = r.Update(ctx, by, sv.ID, Change{Roles: &fewer}) // taking one away needs nobody
		r.must(err)
	})
}
