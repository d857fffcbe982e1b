package operators

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

var seat = netip.MustParseAddr("100.64.0.7")

// code gets a code for an issued PC with a passkey of the console.
func (r *room) code(p Person, key *authenticator) string {
	r.Helper()
	c, err := r.HomeCodeBegin(r.Context(), RPConsole, p.ID, remote)
	r.must(err)
	code, err := r.HomeCode(r.Context(), RPConsole, p.ID, c.ID, key.get(c.Options), remote)
	r.must(err)
	return code.Code
}

// atHome registers a passkey at an issued PC and gives it with the session.
func (r *room) atHome(g Guarded, code string) (*authenticator, Login) {
	r.Helper()
	key := newAuthenticator(r.T, deskOrigin)
	c, err := r.HomeRegisterBegin(r.Context(), g, code, seat)
	r.must(err)
	l, err := r.HomeRegisterFinish(r.Context(), g, code, c.ID, key.create(c.Options), seat)
	r.must(err)
	return key, l
}

// TestSittingAtThePCRegistersNothing: a passkey for an issued PC needs what only
// its person has: a code made with his other passkey, or an invitation of his.
func TestSittingAtThePCRegistersNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		sv, other := r.create("sv", sekisho.RoleSupervisor), r.create("sv2", sekisho.RoleSupervisor)
		key, theirs := r.invited(sv, RPConsole, consoleOrigin), r.invited(other, RPConsole, consoleOrigin)
		g := Guarded{Session: "session-1", Person: sv.ID}

		for _, text := range []string{"", "AAAAA-AAAAA-AAAAA-AAAAA", strings.Repeat("A", 43), strings.Repeat("あ", 20)} {
			_, err := r.HomeRegisterBegin(ctx, g, text, seat)
			r.refused(err, "link.invalid")
		}
		_, err := r.HomeRegisterBegin(ctx, g, r.code(other, theirs), seat) // somebody else's code at his PC
		r.refused(err, "home.other_person")
		i, err := r.InviteLogin(ctx, other.Login, consoleOrigin)
		r.must(err)
		_, err = r.HomeRegisterBegin(ctx, g, r.tokenOf(i.URL), seat)
		r.refused(err, "home.other_person")
		c, err := r.HomeCodeBegin(ctx, RPConsole, sv.ID, remote)
		r.must(err)
		_, err = r.HomeCode(ctx, RPConsole, sv.ID, c.ID, theirs.get(c.Options), remote) // another's passkey
		r.refused(err, "passkey.refused")
		_, err = r.HomeCode(ctx, RPConsole, sv.ID, "", nil, remote) // none
		r.refused(err, "passkey.ceremony")

		code := r.code(sv, key)
		again := r.code(sv, key) // voids the first
		_, err = r.HomeRegisterBegin(ctx, g, code, seat)
		r.refused(err, "link.invalid")
		_, err = r.InvitationBegin(ctx, RPConsole, again, remote) // it is worth nothing at the console's own address
		r.refused(err, "link.invalid")
		made := newAuthenticator(t, deskOrigin)
		c, err = r.HomeRegisterBegin(ctx, g, again, seat)
		r.must(err)
		_, err = r.HomeRegisterFinish(ctx, Guarded{Session: "session-2", Person: sv.ID}, again, c.ID, made.create(c.Options), seat)
		r.refused(err, "passkey.ceremony") // begun in another guard session
		if n, err := r.HomeKeys(ctx, sv.ID); err != nil || n != 0 {
			t.Fatalf("%d passkeys, %v", n, err)
		}
		_, l := r.atHome(g, strings.ToLower(again)) // the control, as people type it
		if i, err := r.WhoamiIn(ctx, l.Token, g.Session); err != nil || i.Person.ID != sv.ID {
			t.Fatalf("%+v, %v", i, err)
		}
		_, err = r.HomeRegisterBegin(ctx, g, again, seat)
		r.refused(err, "link.invalid") // once
		if rows := r.rows("passkey.registered"); rows[len(rows)-1].Detail["rp"] != string(RPHome) || rows[len(rows)-1].Actor.Process != kindHome {
			t.Errorf("%+v", rows[len(rows)-1])
		}
		if n := len(r.rows("passkey.home_code")); n != 3 {
			t.Errorf("%d rows of a code", n)
		}
	})
}

// TestACodeEnds: after its day, and with its person's account.
func TestACodeEnds(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	admin, _ := r.setup()
	sv := r.create("sv", sekisho.RoleSupervisor)
	key := r.invited(sv, RPConsole, consoleOrigin)
	g := Guarded{Session: "session-1", Person: sv.ID}
	late := r.code(sv, key)
	r.clk.Advance(homeLife)
	_, err := r.HomeRegisterBegin(ctx, g, late, seat)
	r.refused(err, "link.invalid")
	code := r.code(sv, key)
	if _, err := r.Suspend(ctx, admin.Person.ID, sv.ID, "test"); err != nil {
		t.Fatal(err)
	}
	_, err = r.HomeRegisterBegin(ctx, g, code, seat)
	r.refused(err, "link.invalid")
}

// TestAConsoleSessionLivesInItsGuardSession: it is its person's, worth nothing
// anywhere else, and gone with the guard session.
func TestAConsoleSessionLivesInItsGuardSession(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		sv, other := r.create("sv", sekisho.RoleSupervisor), r.create("sv2", sekisho.RoleSupervisor)
		console, theirs := r.invited(sv, RPConsole, consoleOrigin), r.invited(other, RPConsole, consoleOrigin)
		g, og := Guarded{Session: "session-1", Person: sv.ID}, Guarded{Session: "session-2", Person: other.ID}
		key, _ := r.atHome(g, r.code(sv, console))
		otherKey, _ := r.atHome(og, r.code(other, theirs))

		login := func(g Guarded, in Guarded, key *authenticator) (Login, error) {
			t.Helper()
			c, err := r.HomeLoginBegin(ctx, g, seat)
			r.must(err)
			return r.HomeLogin(ctx, in, c.ID, key.get(c.Options), seat)
		}
		l, err := login(g, g, key)
		r.must(err)
		if i, err := r.WhoamiIn(ctx, l.Token, g.Session); err != nil || i.Person.ID != sv.ID {
			t.Fatalf("control: %+v, %v", i, err)
		}
		_, err = r.Whoami(ctx, l.Token) // at the console's own address
		r.refused(err, "login.required")
		_, err = r.WhoamiIn(ctx, l.Token, og.Session) // at another's PC
		r.refused(err, "login.required")
		_, err = login(g, og, key) // begun in one guard session, finished in another
		r.refused(err, "passkey.ceremony")
		_, err = login(g, g, otherKey) // somebody else's passkey
		r.refused(err, "passkey.refused")

		// A passkey of the console's own address, and one of the desk, are none here.
		_, err = login(g, g, console)
		r.refused(err, "passkey.refused")
		r.must(desk(r, sv, g))

		// And the other way round.
		c, err := r.BeginLogin(ctx, RPConsole, "", "", remote)
		r.must(err)
		_, err = r.FinishLogin(ctx, RPConsole, c.ID, key.get(c.Options), remote)
		r.refused(err, "passkey.refused")
		c, err = r.BeginLogin(ctx, RPConsole, "", "", remote)
		r.must(err)
		ordinary, err := r.FinishLogin(ctx, RPConsole, c.ID, console.get(c.Options), remote)
		r.must(err)
		_, err = r.WhoamiIn(ctx, ordinary.Token, g.Session)
		r.refused(err, "login.required")

		r.must(r.EndGuarded(ctx, g))
		_, err = r.WhoamiIn(ctx, l.Token, g.Session)
		r.refused(err, "login.required")
		if _, err := r.Whoami(ctx, ordinary.Token); err != nil {
			t.Errorf("what was opened elsewhere ended too: %v", err)
		}
		if rows := r.rows("login.ended"); len(rows) != 1 || rows[0].Session != g.Session {
			t.Errorf("%+v", rows)
		}
	})
}

// desk says whether a passkey of the desk, which a supervisor alone can let
// somebody register, signs in to the console there.
func desk(r *room, p Person, g Guarded) error {
	key := r.invited(p, RPDesk, deskOrigin)
	c, err := r.HomeLoginBegin(r.Context(), g, seat)
	r.must(err)
	_, err = r.HomeLogin(r.Context(), g, c.ID, key.get(c.Options), seat)
	r.refused(err, "passkey.refused")
	return nil
}

// TestTheDeskAndTheConsoleKeepTheirPasskeysApart: both are of sekisho.localhost,
// where an authenticator keeps one discoverable passkey for each user handle.
func TestTheDeskAndTheConsoleKeepTheirPasskeysApart(t *testing.T) {
	if at := (user{Person: Person{ID: "p"}, rp: RPHome}); string(at.WebAuthnID()) == string(user{Person: at.Person, rp: RPDesk}.WebAuthnID()) {
		t.Error("one would take the other's place")
	}
}

// TestHomeDemoIsItsOwnPersonAlone: nobody else is signed in without a passkey, and
// nobody at all outside demonstration data.
func TestHomeDemoIsItsOwnPersonAlone(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	list, err := r.SeedDemo(t.Context(), []Person{
		{Name: "見本 一", Login: "sv", Roles: []sekisho.Role{sekisho.RoleSupervisor}, Place: sekisho.PlaceHome},
		{Name: "見本 二", Login: "admin", Roles: []sekisho.Role{sekisho.RoleAdministrator}, Place: sekisho.PlaceHome},
	})
	r.must(err)
	g := Guarded{Session: "session-1", Person: list[0].ID}
	_, err = r.HomeDemo(t.Context(), g, list[1].ID)
	r.refused(err, "home.other_person")
	_, err = r.HomeDemo(t.Context(), Guarded{Person: list[0].ID}, list[0].ID)
	r.refused(err, "home.other_person")
	l, err := r.HomeDemo(t.Context(), g, list[0].ID)
	r.must(err)
	_, err = r.Whoami(t.Context(), l.Token)
	r.refused(err, "login.required")

	real := newRoom(t, storagetest.SQLite(t))
	p := real.create("sv", sekisho.RoleSupervisor)
	_, err = real.HomeDemo(t.Context(), Guarded{Session: "session-1", Person: p.ID}, p.ID)
	real.refused(err, "request.not_found")
}

// TestAuditorsSitAtNoPC: they check a centre from where they are.
func TestAuditorsSitAtNoPC(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.refused(r.MayWork(t.Context(), r.create("auditor", sekisho.RoleAuditor).ID), "person.not_operator")
	r.must(r.MayWork(t.Context(), r.create("sv", sekisho.RoleSupervisor).ID)) // the control
}
