package operators

import (
	"context"
	"errors"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

func approved(context.Context, storage.Tx) error { return nil }

// open uses a link and gives what came of it.
func (r *room) open(i Invitation) error {
	r.Helper()
	c, err := r.InvitationBegin(r.Context(), RPConsole, r.tokenOf(i.URL), remote)
	if err != nil {
		return err
	}
	_, err = r.InvitationFinish(r.Context(), RPConsole, r.tokenOf(i.URL), c.ID, newAuthenticator(r.T, consoleOrigin).create(c.Options), remote)
	return err
}

// TestNobodyBecomesSomebodyElseAlone: an administrator's own word opens no way
// into an account that somebody else uses, nor, once there are two of them, into
// a role that decides about others.
func TestNobodyBecomesSomebodyElseAlone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		first, _ := r.setup()
		admin := first.Person.ID
		alone := func(p Person) error {
			i, err := r.Invite(t.Context(), admin, p.ID, consoleOrigin, nil)
			if err != nil {
				return err
			}
			return r.open(i)
		}

		// Right after set-up there is nobody else: first passkeys come by one word.
		sv, two := r.create("sv", sekisho.RoleSupervisor), r.create("admin2", sekisho.RoleAdministrator)
		r.must(alone(sv))
		// An asker without a name is not the host.
		_, err := r.Invite(t.Context(), "", sv.ID, consoleOrigin, nil)
		r.refused(err, "person.unknown")
		// Whoever has one is himself already, and with one administrator only the host helps.
		r.refused(alone(sv), "invitation.no_second")
		var i Invitation
		i, err = r.InviteLogin(t.Context(), "SV", consoleOrigin)
		r.must(err)
		r.must(r.open(i))
		_, err = r.InviteLogin(t.Context(), "nobody", consoleOrigin)
		r.refused(err, "person.unknown")

		early, err := r.Invite(t.Context(), admin, r.create("early", sekisho.RoleOfficer).ID, consoleOrigin, nil)
		r.must(err)
		r.must(alone(two))
		if rows := r.rows("administrators.four_eyes"); len(rows) != 1 {
			t.Fatalf("%d rows", len(rows))
		}
		// Now there are two. The link that one made before counts no more.
		r.refused(r.open(early), "invitation.second_needed")
		for _, p := range []Person{
			sv, two, r.create("sv2", sekisho.RoleSupervisor), r.create("officer", sekisho.RoleOfficer),
			r.create("auditor", sekisho.RoleAuditor, sekisho.RoleOperator), r.create("admin3", sekisho.RoleAdministrator),
		} {
			r.refused(alone(p), "invitation.second_needed")
			no := errors.New("not approved")
			if _, err := r.Invite(t.Context(), admin, p.ID, consoleOrigin, func(context.Context, storage.Tx) error { return no }); !errors.Is(err, no) {
				t.Errorf("%s: %v", p.Login, err)
			}
			i, err := r.Invite(t.Context(), admin, p.ID, consoleOrigin, approved)
			r.must(err)
			r.must(r.open(i))
		}
		op := r.create("op", sekisho.RoleOperator)
		i, err = r.Invite(t.Context(), admin, op.ID, consoleOrigin, nil) // an operator decides about nobody
		r.must(err)
		// ... but not if he is made a supervisor while the link is on its way.
		roles := []sekisho.Role{sekisho.RoleSupervisor}
		_, err = r.Update(t.Context(), admin, op.ID, Change{Roles: &roles})
		r.refused(err, "person.second_needed") // nor does one make more of him: it was one who made his ways in
		_, err = r.Update(t.Context(), admin, op.ID, Change{Roles: &roles, Second: approved})
		r.must(err)
		r.refused(r.open(i), "invitation.second_needed")
	})
}

// TestTheSecondAdministratorIsNotForgotten: suspending him, or taking his role,
// does not make one administrator enough again.
func TestTheSecondAdministratorIsNotForgotten(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		first, _ := r.setup()
		two := r.create("admin2", sekisho.RoleAdministrator)
		r.invited(two, RPConsole, consoleOrigin)
		// A database from before this was noted.
		r.must(db.Write(t.Context(), func(tx storage.Tx) error {
			_, err := tx.Exec(t.Context(), "DELETE FROM operators_foureyes")
			return err
		}))
		_, err := r.Suspend(t.Context(), first.Person.ID, two.ID, "to be alone")
		r.must(err)
		p := r.create("officer", sekisho.RoleOfficer)
		_, err = r.Invite(t.Context(), first.Person.ID, p.ID, consoleOrigin, nil)
		r.refused(err, "invitation.no_second")
		_, err = r.ResumeSeconded(t.Context(), first.Person.ID, two.ID, approved)
		r.must(err)
		_, err = r.Invite(t.Context(), first.Person.ID, p.ID, consoleOrigin, nil)
		r.refused(err, "invitation.second_needed")
	})
}
