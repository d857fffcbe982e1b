package operators

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/test/softkey"
)

func TestSetupMakesTheFirstAdministratorOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		if needed, err := r.SetupNeeded(ctx); err != nil || !needed {
			t.Fatalf("needed %v, %v", needed, err)
		}
		link, err := r.SetupURL(ctx, consoleOrigin+"/")
		r.must(err)
		if !strings.HasPrefix(link.URL, consoleOrigin+"/setup#token=") || !link.Until.Equal(r.clk.Now().Add(30*time.Minute)) {
			t.Fatalf("%s until %v", link.URL, link.Until)
		}
		token := r.tokenOf(link.URL)
		_, err = r.SetupBegin(ctx, RPConsole, token, "花子", "hanako", remote)
		r.refused(err, "setup.only_on_host")
		_, err = r.SetupBegin(ctx, RPConsole, token, "花子", "Ha na ko", host)
		r.refused(err, "person.login")
		_, err = r.SetupBegin(ctx, RPConsole, "guess", "花子", "hanako", host)
		r.refused(err, "link.invalid")
		c, err := r.SetupBegin(ctx, RPConsole, token, "花子", "Hanako", host)
		r.must(err)
		key := newAuthenticator(t, consoleOrigin)
		_, err = r.SetupFinish(ctx, RPConsole, token, c.ID, key.create(c.Options), remote)
		r.refused(err, "setup.only_on_host")
		_, err = r.SetupFinish(ctx, RPConsole, token, c.ID, key.create(c.Options), host)
		r.refused(err, "passkey.ceremony") // one try for each ceremony
		c, err = r.SetupBegin(ctx, RPConsole, token, "花子", "Hanako", host)
		r.must(err)
		spare, err := r.SetupBegin(ctx, RPConsole, token, "花子", "hanako2", host)
		r.must(err)
		l, err := r.SetupFinish(ctx, RPConsole, token, c.ID, key.create(c.Options), host)
		r.must(err)
		if l.Person.Login != "hanako" || !l.Person.Has(sekisho.RoleAdministrator) || len(l.Token) != 43 {
			t.Fatalf("%+v", l.Person)
		}
		// Used: neither with a ceremony that was begun before, nor anew, nor with a new link.
		_, err = r.SetupFinish(ctx, RPConsole, token, spare.ID, key.create(spare.Options), host)
		r.refused(err, "link.invalid")
		_, err = r.SetupBegin(ctx, RPConsole, token, "次郎", "jiro", host)
		r.refused(err, "link.invalid")
		_, err = r.SetupURL(ctx, consoleOrigin)
		r.refused(err, "setup.done")
		if needed, err := r.SetupNeeded(ctx); err != nil || needed {
			t.Fatalf("needed %v, %v", needed, err)
		}
		if me, err := r.Whoami(ctx, l.Token); err != nil || me.Person.ID != l.Person.ID || me.Person.Passkeys != 1 {
			t.Fatalf("%+v, %v", me, err)
		}
		if rows := r.rows("person.created"); len(rows) != 1 || rows[0].Actor.Process != "setup" {
			t.Errorf("rows %+v", rows)
		}
		if rows := r.rows("login.refused"); len(rows) != 7 {
			t.Errorf("%d rows of refused tries", len(rows))
		}
	})
}

func TestSetupLinkExpiresAndIsReplaced(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	old, err := r.SetupURL(ctx, consoleOrigin)
	r.must(err)
	link, err := r.SetupURL(ctx, consoleOrigin)
	r.must(err)
	_, err = r.SetupBegin(ctx, RPConsole, r.tokenOf(old.URL), "花子", "hanako", host)
	r.refused(err, "link.invalid")
	r.clk.Advance(setupLife - time.Second)
	c, err := r.SetupBegin(ctx, RPConsole, r.tokenOf(link.URL), "花子", "hanako", host)
	r.must(err)
	r.clk.Advance(time.Second)
	_, err = r.SetupFinish(ctx, RPConsole, r.tokenOf(link.URL), c.ID, newAuthenticator(t, consoleOrigin).create(c.Options), host)
	r.refused(err, "link.invalid")
	_, err = r.InvitationBegin(ctx, RPConsole, r.tokenOf(link.URL), host)
	r.refused(err, "link.invalid") // a set-up link is no invitation either
}

func TestPasskeyLogin(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		first, key := r.setup()
		ctx := t.Context()
		begin := func() Ceremony {
			c, err := r.BeginLogin(ctx, RPConsole, "", "", remote)
			r.must(err)
			return c
		}
		c := begin()
		answer := key.get(c.Options)
		l, err := r.FinishLogin(ctx, RPConsole, c.ID, answer, remote)
		r.must(err)
		if l.Person.ID != first.Person.ID || l.Token == first.Token {
			t.Fatalf("%+v", l.Person)
		}
		_, err = r.FinishLogin(ctx, RPConsole, c.ID, answer, remote)
		r.refused(err, "passkey.ceremony") // replayed
		c = begin()
		_, err = r.FinishLogin(ctx, RPConsole, c.ID, answer, remote)
		r.refused(err, "passkey.refused") // the old answer to a new challenge
		c = begin()
		r.clk.Advance(ceremonyLife)
		_, err = r.FinishLogin(ctx, RPConsole, c.ID, key.get(c.Options), remote)
		r.refused(err, "passkey.ceremony") // too late
		ok, no := r.rows("login.accepted"), r.rows("login.refused")
		if len(ok) != 2 || len(no) != 3 || no[0].Reason != "passkey.ceremony" {
			t.Errorf("%d accepted, %d refused", len(ok), len(no))
		}
	})
}

func TestPasskeysThatAreRefused(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	_, key := r.setup()
	ctx := t.Context()
	good := *key
	stranger := newAuthenticator(t, consoleOrigin)
	stranger.Made = []*softkey.Credential{{ID: key.Made[0].ID, Private: key.Made[0].Private, Handle: key.Made[0].Handle}}
	lie := func(change func(*authenticator)) *authenticator { a := good; change(&a); return &a }
	for name, a := range map[string]*authenticator{
		"another origin":        lie(func(a *authenticator) { a.Origin = "https://console.example.evil.test:8443" }),
		"another port":          lie(func(a *authenticator) { a.Origin = "https://console.example:9443" }),
		"http instead of https": lie(func(a *authenticator) { a.Origin = "http://console.example:8443" }),
		"the desk's origin":     lie(func(a *authenticator) { a.Origin = deskOrigin }),
		"another RP":            lie(func(a *authenticator) { a.RPID = "sekisho.localhost" }),
		"user not verified":     lie(func(a *authenticator) { a.Flags = softkey.Present }),
		"user not present":      lie(func(a *authenticator) { a.Flags = softkey.Verified }),
		"another person's handle": lie(func(a *authenticator) {
			c := *a.Made[0]
			c.Handle = []byte(r.create("other", sekisho.RoleAdministrator).ID)
			a.Made = []*softkey.Credential{&c}
		}),
		"nobody's handle": lie(func(a *authenticator) {
			c := *a.Made[0]
			c.Handle = []byte("nobody")
			a.Made = []*softkey.Credential{&c}
		}),
		"another key": lie(func(a *authenticator) {
			a.Made = nil
			c, _ := r.BeginLogin(ctx, RPConsole, "", "", remote)
			_ = a.create(withUser(c.Options))
		}),
	} {
		r.clk.Advance(time.Minute) // the limit of failures has its own test
		c, err := r.BeginLogin(ctx, RPConsole, "", "", remote)
		r.must(err)
		if _, err := r.FinishLogin(ctx, RPConsole, c.ID, a.get(c.Options), remote); sekisho.CodeOf(err) != "passkey.refused" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, body := range map[string]string{"empty": "", "null": "null", "not JSON": "{", "an object": "{}", "huge": `"` + strings.Repeat("x", maxCredential) + `"`} {
		r.clk.Advance(time.Minute)
		c, err := r.BeginLogin(ctx, RPConsole, "", "", remote)
		r.must(err)
		if _, err := r.FinishLogin(ctx, RPConsole, c.ID, json.RawMessage(body), remote); sekisho.CodeOf(err) != "passkey.refused" {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := r.BeginLogin(ctx, RPConsole, "", "", remote)
	r.must(err)
	if _, err := r.FinishLogin(ctx, RPConsole, c.ID, good.get(c.Options), remote); err != nil {
		t.Errorf("control: %v", err)
	}
	// A copy of the key whose counter lags behind gives itself away.
	c, err = r.BeginLogin(ctx, RPConsole, "", "", remote)
	r.must(err)
	_, err = r.FinishLogin(ctx, RPConsole, c.ID, stranger.get(c.Options), remote)
	r.refused(err, "passkey.cloned")
}

// withUser gives request options a user, so that an authenticator can make a key nobody registered.
func withUser(raw json.RawMessage) json.RawMessage {
	return json.RawMessage(strings.Replace(string(raw), "{", `{"user":{"id":"bm9ib2R5"},`, 1))
}

func TestAPasskeyOfOnePlaceIsWorthNothingAtTheOther(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.setup()
	ctx := t.Context()
	p := r.create("sv", sekisho.RoleSupervisor)
	console := r.invited(p, RPConsole, consoleOrigin)
	_, err := r.BeginLogin(ctx, RPDesk, p.ID, "c-1", remote)
	r.refused(err, "passkey.none")
	desk := r.invited(p, RPDesk, deskOrigin)
	c, err := r.BeginLogin(ctx, RPDesk, p.ID, "c-1", remote)
	r.must(err)
	_, err = r.Prove(ctx, RPDesk, c.ID, console.get(c.Options), remote)
	r.refused(err, "passkey.refused")
	c, err = r.BeginLogin(ctx, RPDesk, p.ID, "c-1", remote)
	r.must(err)
	_, err = r.FinishLogin(ctx, RPConsole, c.ID, desk.get(c.Options), remote)
	r.refused(err, "passkey.ceremony") // a ceremony of the desk finished at the console
	c, err = r.BeginLogin(ctx, RPDesk, p.ID, "c-1", remote)
	r.must(err)
	who, err := r.Prove(ctx, RPDesk, c.ID, desk.get(c.Options), remote)
	if err != nil || who != p.ID {
		t.Fatalf("control: %s, %v", who, err)
	}
	// At the desk the connection says whose passkey it must be.
	other := r.create("other", sekisho.RoleOperator)
	theirs := r.invited(other, RPDesk, deskOrigin)
	c, err = r.BeginLogin(ctx, RPDesk, p.ID, "c-1", remote)
	r.must(err)
	_, err = r.Prove(ctx, RPDesk, c.ID, theirs.get(c.Options), remote)
	r.refused(err, "passkey.refused")
}

func TestRegisteringAtTheDeskNeedsAnApproval(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		p := r.create("op", sekisho.RoleOperator)
		ctx := t.Context()
		key := newAuthenticator(t, deskOrigin)
		begin := func() Ceremony {
			c, err := r.BeginRegistration(ctx, RPDesk, p.ID, "c-1")
			r.must(err)
			return c
		}
		no := errors.New("not approved")
		c := begin()
		r.refused(r.FinishRegistration(ctx, RPDesk, c.ID, key.create(c.Options), nil), "passkey.approval_required")
		c = begin()
		if err := r.FinishRegistration(ctx, RPDesk, c.ID, key.create(c.Options), func(context.Context, storage.Tx) error { return no }); !errors.Is(err, no) {
			t.Fatalf("without approval: %v", err)
		}
		_, err := r.BeginLogin(ctx, RPDesk, p.ID, "c-1", remote)
		r.refused(err, "passkey.none")
		yes := func(context.Context, storage.Tx) error { return nil }
		c = begin()
		answer := key.create(c.Options)
		r.must(r.FinishRegistration(ctx, RPDesk, c.ID, answer, yes))
		r.refused(r.FinishRegistration(ctx, RPDesk, c.ID, answer, yes), "passkey.ceremony")
		r.refused(r.FinishRegistration(ctx, RPDesk, "", answer, yes), "passkey.ceremony")
		link, err := r.InviteLogin(ctx, p.Login, consoleOrigin)
		r.must(err)
		invited, err := r.InvitationBegin(ctx, RPDesk, r.tokenOf(link.URL), remote)
		r.must(err)
		r.refused(r.FinishRegistration(ctx, RPDesk, invited.ID, key.create(invited.Options), yes), "passkey.ceremony") // an invitation's ceremony uses its invitation
		login, err := r.BeginLogin(ctx, RPDesk, p.ID, "c-1", remote)
		r.must(err)
		r.refused(r.FinishRegistration(ctx, RPDesk, login.ID, answer, yes), "passkey.refused") // a login's challenge makes no key
		if rows := r.rows("passkey.registered"); len(rows) != 1 || rows[0].Detail["rp"] != "desk" {
			t.Errorf("rows %+v", rows)
		}
	})
}

func TestInvitations(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		admin, _ := r.setup()
		ctx := t.Context()
		p, other := r.create("sv", sekisho.RoleSupervisor), r.create("sv2", sekisho.RoleSupervisor)
		link, err := r.Invite(ctx, admin.Person.ID, p.ID, consoleOrigin, nil)
		r.must(err)
		token := r.tokenOf(link.URL)
		otherLink, err := r.Invite(ctx, admin.Person.ID, other.ID, consoleOrigin, nil)
		r.must(err)
		c, err := r.InvitationBegin(ctx, RPConsole, token, remote)
		r.must(err)
		if c.Name != p.Name {
			t.Errorf("name %q", c.Name)
		}
		key := newAuthenticator(t, consoleOrigin)
		_, err = r.InvitationFinish(ctx, RPConsole, r.tokenOf(otherLink.URL), c.ID, key.create(c.Options), remote)
		r.refused(err, "passkey.ceremony") // another link's ceremony
		c, err = r.InvitationBegin(ctx, RPConsole, token, remote)
		r.must(err)
		l, err := r.InvitationFinish(ctx, RPConsole, token, c.ID, key.create(c.Options), remote)
		r.must(err)
		if l.Person.ID != p.ID {
			t.Fatalf("%+v", l.Person)
		}
		_, err = r.InvitationBegin(ctx, RPConsole, token, remote)
		r.refused(err, "link.invalid") // used
		r.clk.Advance(invitationLife)
		_, err = r.InvitationBegin(ctx, RPConsole, r.tokenOf(otherLink.URL), remote)
		r.refused(err, "link.invalid") // expired
		fresh, err := r.Invite(ctx, admin.Person.ID, other.ID, consoleOrigin, nil)
		r.must(err)
		_, err = r.Suspend(ctx, admin.Person.ID, other.ID, "left")
		r.must(err)
		_, err = r.InvitationBegin(ctx, RPConsole, r.tokenOf(fresh.URL), remote)
		r.refused(err, "link.invalid") // voided with its person
		_, err = r.Invite(ctx, admin.Person.ID, other.ID, consoleOrigin, nil)
		r.refused(err, "person.inactive")
	})
}

func TestOneInvitationMakesOnePasskeyInARace(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		p := r.create("sv", sekisho.RoleSupervisor)
		link, err := r.InviteLogin(t.Context(), p.Login, consoleOrigin)
		r.must(err)
		token := r.tokenOf(link.URL)
		answers := map[string]json.RawMessage{}
		for range 6 {
			c, err := r.InvitationBegin(t.Context(), RPConsole, token, remote)
			r.must(err)
			answers[c.ID] = newAuthenticator(t, consoleOrigin).create(c.Options)
		}
		var all sync.WaitGroup
		var mu sync.Mutex
		made := 0
		for id, answer := range answers {
			all.Go(func() {
				if _, err := r.InvitationFinish(t.Context(), RPConsole, token, id, answer, remote); err == nil {
					mu.Lock()
					made++
					mu.Unlock()
				} else if sekisho.CodeOf(err) != "link.invalid" {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got, err := r.Get(t.Context(), p.ID); made != 1 || err != nil || got.Passkeys != 1 {
			t.Fatalf("%d made, %+v, %v", made, got.Passkeys, err)
		}
	})
}

func TestFailuresAreLimitedBySource(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	_, key := r.setup()
	ctx := t.Context()
	v6 := netip.MustParseAddr("2001:db8:1:2::1")
	try := func(from netip.Addr, good bool) error {
		c, err := r.BeginLogin(ctx, RPConsole, "", "", remote)
		r.must(err)
		answer := json.RawMessage("{}")
		if good {
			answer = key.get(c.Options)
		}
		_, err = r.FinishLogin(ctx, RPConsole, c.ID, answer, from)
		return err
	}
	for range failuresEach {
		r.refused(try(v6, false), "passkey.refused")
	}
	r.refused(try(v6, true), "login.too_many")
	r.refused(try(netip.MustParseAddr("2001:db8:1:2:ffff::9"), true), "login.too_many") // the same household
	r.must(try(netip.MustParseAddr("2001:db8:1:3::1"), true))
	r.must(try(remote, true))
	r.clk.Jump(time.Hour)
	r.refused(try(v6, true), "login.too_many")
	r.clk.Advance(limitWindow)
	r.must(try(v6, true))
}

func TestConsoleSessions(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		l, key := r.setup()
		ctx := t.Context()
		login := func() Login {
			c, err := r.BeginLogin(ctx, RPConsole, "", "", remote)
			r.must(err)
			l, err := r.FinishLogin(ctx, RPConsole, c.ID, key.get(c.Options), remote)
			r.must(err)
			return l
		}
		for _, token := range []string{"", "x", l.Token[:42], l.Token + "A", hashOf(l.Token)} {
			if _, err := r.Whoami(ctx, token); sekisho.CodeOf(err) != "login.required" {
				t.Errorf("%q: %v", token, err)
			}
		}
		r.clk.Advance(sessionIdle - time.Second)
		if _, err := r.Whoami(ctx, l.Token); err != nil {
			t.Fatalf("before it is idle for long: %v", err)
		}
		r.clk.Advance(sessionIdle)
		_, err := r.Whoami(ctx, l.Token)
		r.refused(err, "login.required")

		l = login()
		for range 24 {
			r.clk.Advance(29*time.Minute + 59*time.Second)
			_, err = r.Whoami(ctx, l.Token)
			r.must(err)
		}
		r.clk.Advance(24 * time.Second)
		_, err = r.Whoami(ctx, l.Token)
		r.refused(err, "login.required") // twelve hours, however busy

		l = login()
		r.clk.Jump(-2 * time.Hour)
		_, err = r.Whoami(ctx, l.Token)
		r.refused(err, "login.required") // a clock set back keeps nobody in
		r.clk.Jump(2 * time.Hour)
		_, err = r.Whoami(ctx, l.Token)
		r.must(err)

		r.must(r.Logout(ctx, l.Token))
		r.must(r.Logout(ctx, l.Token))
		_, err = r.Whoami(ctx, l.Token)
		r.refused(err, "login.required")
		if rows := r.rows("login.ended"); len(rows) != 1 {
			t.Errorf("rows %+v", rows)
		}

		// Suspension ends what is open and lets nothing in.
		second := r.create("boss", sekisho.RoleAdministrator)
		r.invited(second, RPConsole, consoleOrigin)
		l = login()
		_, err = r.Suspend(ctx, second.ID, l.Person.ID, "left")
		r.must(err)
		_, err = r.Whoami(ctx, l.Token)
		r.refused(err, "login.required")
		c, err := r.BeginLogin(ctx, RPConsole, "", "", remote)
		r.must(err)
		_, err = r.FinishLogin(ctx, RPConsole, c.ID, key.get(c.Options), remote)
		r.refused(err, "person.inactive")
		if s := fmt.Sprint(l.LogValue(), Identity{}.LogValue(), Invitation{}.LogValue(), Person{}.LogValue()); strings.Count(s, "[hidden]") != 4 {
			t.Errorf("logged as %s", s)
		}
	})
}
