package console_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bytemare/opaque"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/wire"
)

const secret = "Kaede-no-Ki 7!"

// typed is a page with somebody before it who knows a login and a password.
type typed struct {
	b               *browser
	login, password string
}

func (p typed) client() *opaque.Client {
	p.b.c.t.Helper()
	return made(opaque.DefaultConfiguration().Client())(p.b.c.t)
}

// set sets the password by an invitation, as the page does.
func (p typed) set(url string) reply {
	t := p.b.c.t
	t.Helper()
	_, token, _ := strings.Cut(url, "#token=")
	c := p.client()
	request := made(c.RegistrationInit([]byte(p.password)))(t)
	var begun console.PasswordAnswerView
	a := p.b.do("POST", "/invitations/password/begin", map[string]any{"token": token, "request": wire.Bytes(request.Serialize())})
	if a.status != http.StatusOK {
		return a
	}
	a.into(t, &begun)
	response := made(c.Deserialize.RegistrationResponse(begun.Response))(t)
	record, _, err := c.RegistrationFinalize(response, []byte(p.login), []byte("sekisho"))
	must(t, err)
	return p.b.do("POST", "/invitations/password/finish", map[string]any{"token": token, "record": wire.Bytes(record.Serialize())})
}

// begin gives the door's answer to a guess, and the proof where the page has one.
func (p typed) begin() (a reply, ceremony string, proof wire.Bytes) {
	t := p.b.c.t
	t.Helper()
	c := p.client()
	ke1 := made(c.GenerateKE1([]byte(p.password)))(t)
	a = p.b.do("POST", "/session/password/begin", map[string]any{"login": p.login, "ke1": wire.Bytes(ke1.Serialize())})
	if a.status != http.StatusOK {
		return a, "", nil
	}
	var begun console.PasswordBegunView
	a.into(t, &begun)
	ke3, _, _, err := c.GenerateKE3(made(c.Deserialize.KE2(begun.KE2))(t), []byte(p.login), []byte("sekisho"))
	if err != nil {
		return a, begun.Ceremony, make([]byte, 64)
	}
	return a, begun.Ceremony, ke3.Serialize()
}

func (p typed) enter() reply {
	p.b.c.t.Helper()
	a, ceremony, proof := p.begin()
	if ceremony == "" {
		return a
	}
	return p.b.do("POST", "/session/password/finish", map[string]any{"ceremony": ceremony, "ke3": proof})
}

// withPassword allows a person a password and sets it.
func (c *centre) withPassword(login string) typed {
	c.t.Helper()
	yes := true
	made(c.people.Update(c.t.Context(), c.who["admin"].ID, c.who[login].ID, operators.Change{PasswordAllowed: &yes}))(c.t)
	link := made(c.people.InviteLogin(c.t.Context(), login, origin))(c.t)
	p := typed{c.browser(), login, secret}
	if a := p.set(link.URL); a.status != http.StatusOK || a.cookie == nil {
		c.t.Fatalf("set: %d %s", a.status, a.body)
	}
	p.b = c.browser()
	return p
}

func TestPasswordFromInvitationToLogin(t *testing.T) {
	c := newCentre(t, true)
	link := made(c.people.InviteLogin(t.Context(), "sv", origin))(t)
	p := typed{c.browser(), "sv", secret}
	if a := p.set(link.URL); a.code() != "password.not_allowed" {
		t.Fatalf("nobody allowed it: %d %s", a.status, a.body)
	}
	_, token, _ := strings.Cut(link.URL, "#token=")
	var invited console.InvitedView
	p.b.do("POST", "/invitations/look", map[string]any{"token": token}).into(t, &invited)
	if invited.Password || invited.Login != "sv" {
		t.Errorf("offered: %+v", invited.Password)
	}
	p = c.withPassword("sv")
	if a := p.set(link.URL); a.code() != "link.invalid" {
		t.Errorf("the link again: %d %s", a.status, a.body)
	}
	if a := p.enter(); a.status != http.StatusOK || a.cookie == nil || !a.cookie.HttpOnly || strings.Contains(a.body, a.cookie.Value) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := p.b.do("GET", "/floor", nil); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	// Wrong password, and a login that nobody has: the same answers.
	wrong, nobody := typed{c.browser(), "sv", "Kaede-no-Ki 8!"}, typed{c.browser(), "nobody", secret}
	if a, b := wrong.enter(), nobody.enter(); a.status != b.status || a.body != b.body || a.code() != "password.refused" || a.cookie != nil {
		t.Errorf("%d %s, %d %s", a.status, a.body, b.status, b.body)
	}
	// Taken away by an administrator, it is gone, and so are the sessions that it opened.
	if a := c.as("admin").do("PATCH", "/people/"+string(c.who["sv"].ID), map[string]any{"password_allowed": false}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := p.b.do("GET", "/floor", nil); a.status != http.StatusUnauthorized {
		t.Errorf("the session goes on: %d", a.status)
	}
	if a := p.enter(); a.code() != "password.refused" || len(c.rows("password.deleted")) != 1 {
		t.Errorf("taken away: %d %s", a.status, a.body)
	}
	// An operator has nothing to open with one.
	op := typed{c.browser(), "op", secret}
	yes := true
	made(c.people.Update(t.Context(), c.who["admin"].ID, c.who["op"].ID, operators.Change{PasswordAllowed: &yes}))(t)
	link = made(c.people.InviteLogin(t.Context(), "op", origin))(t)
	if a := op.set(link.URL); a.code() != "console.not_for_you" || a.cookie != nil {
		t.Errorf("an operator: %d %s", a.status, a.body)
	}
	for _, row := range c.rows("") {
		if strings.Contains(strings.Join(values(row.Event.Detail), " ")+strings.Join(values(row.Event.Personal), " "), secret) {
			t.Errorf("%s holds the password", row.Event.Kind)
		}
	}
}

func values[M ~map[string]string](m M) (out []string) {
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// TestNoFixationByPassword: a session that was planted in the browser ends with
// the sign-in, and a ceremony that somebody else began opens only once.
func TestNoFixationByPassword(t *testing.T) {
	c := newCentre(t, true)
	p := c.withPassword("sv")
	planted := c.as("auditor").cookie
	p.b.cookie = planted
	a := p.enter()
	if a.status != http.StatusOK || a.cookie == nil || a.cookie.Value == planted {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for _, path := range []string{"/floor", "/audit"} {
		if a := (&browser{c: c, cookie: planted, header: http.Header{}}).do("GET", path, nil); a.status != http.StatusUnauthorized {
			t.Errorf("the planted session still reads %s: %d", path, a.status)
		}
	}
	_, ceremony, proof := p.begin()
	body := map[string]any{"ceremony": ceremony, "ke3": proof}
	if a := p.b.do("POST", "/session/password/finish", body); a.status != http.StatusOK {
		t.Fatalf("control: %d %s", a.status, a.body)
	}
	if a := c.browser().do("POST", "/session/password/finish", body); a.status != http.StatusGone || a.cookie != nil {
		t.Errorf("a recorded proof, again: %d %s", a.status, a.body)
	}
	_, ceremony, proof = p.begin()
	c.clk.Advance(3 * time.Minute)
	if a := p.b.do("POST", "/session/password/finish", map[string]any{"ceremony": ceremony, "ke3": proof}); a.status != http.StatusGone {
		t.Errorf("three minutes later: %d %s", a.status, a.body)
	}
}

// TestLockedPasswordIsUnlockedBySomebodyElse is the way back.
func TestLockedPasswordIsUnlockedBySomebodyElse(t *testing.T) {
	c := newCentre(t, true)
	p := c.withPassword("sv")
	wrong := typed{c.browser(), "sv", "Kaede-no-Ki 8!"}
	for range 5 {
		wrong.enter()
	}
	if a := p.enter(); a.status != http.StatusForbidden || a.code() != "password.locked" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	sv, other := c.as("sv"), c.as("sv2") // a passkey's session, here the demonstration's, is not shut out
	var view console.LockedPasswordsView
	sv.do("GET", "/passwords/locked", nil).into(t, &view)
	if len(view.Locked) != 1 || view.Locked[0].ID != c.who["sv"].ID || view.Locked[0].Name == "" {
		t.Fatalf("%d locked", len(view.Locked))
	}
	path := "/passwords/" + string(c.who["sv"].ID) + "/unlock"
	if a := sv.do("POST", path, nil); a.code() != "password.unlock_role" {
		t.Errorf("his own: %d %s", a.status, a.body)
	}
	if a := other.do("POST", path, nil); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := p.enter(); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestGuessesOfOneSourceAreBounded: trying one password at many logins is slow.
func TestGuessesOfOneSourceAreBounded(t *testing.T) {
	c := newCentre(t, true)
	answered := 0
	for i := range 60 {
		a, _, _ := typed{c.browser(), "login-" + string(rune('a'+i%26)) + string(rune('a'+i/26)), secret}.begin()
		if a.status == http.StatusOK {
			answered++
		} else if a.code() != "request.busy" {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if answered != 30 {
		t.Errorf("%d answered", answered)
	}
}

// TestListsAtTheDoor: the plan says what is wrong in the reader's language, the
// body may be as large as a list, and nobody but an administrator gets that far.
func TestListsAtTheDoor(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	file := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	var view console.ListView
	b.do("POST", "/people/joiners/plan", map[string]any{"file": file("login,name\nnew-1,見本 新人\nnew-2,=1+1\nnew-1,見本\n")}).into(t, &view)
	if view.New != 0 || view.Refused != 3 || view.Rows[1].Faults[0].Title == "" || view.Rows[1].Faults[0].Field != "name" || view.Rows[2].Faults[0].Line != 2 {
		t.Fatalf("%+v", view)
	}
	long := "login,name,agency\n"
	for i := range 1500 {
		long += "many-" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)) + ",見本 大勢,見本スタッフ株式会社東京本社第一営業部\n"
	}
	b.do("POST", "/people/joiners/plan", map[string]any{"file": file(long)}).into(t, &view)
	if view.New != 1500 {
		t.Fatalf("%d new, %d refused", view.New, view.Refused)
	}
	if a := b.do("POST", "/people/joiners/apply", map[string]any{"file": file(long), "seen": strings.Repeat("0", 64)}); a.code() != "list.changed" {
		t.Errorf("a plan that nobody was shown: %d %s", a.status, a.body)
	}
	at := time.Now()
	if a := b.do("POST", "/people/joiners/apply", map[string]any{"file": file(long), "seen": view.Seen}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	t.Logf("1,500 people applied in %v", time.Since(at).Round(time.Millisecond))
	if a := b.do("POST", "/people/joiners/plan", map[string]any{"file": file(strings.Repeat("a", operators.MaxList+8192))}); a.status != http.StatusRequestEntityTooLarge && a.code() != "list.too_large" {
		t.Errorf("too large: %d %s", a.status, a.body)
	}
	if a := b.do("POST", "/people", map[string]any{"name": strings.Repeat("a", 70<<10)}); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("another route takes as much: %d", a.status)
	}
	// Promoting oneself by a list.
	self := "login,name,roles\nadmin,,管理者・責任者\n"
	b.do("POST", "/people/joiners/plan", map[string]any{"file": file(self)}).into(t, &view)
	if view.Refused != 1 {
		t.Error("an administrator promotes himself by a list")
	}
	if a := b.do("POST", "/people/joiners/apply", map[string]any{"file": file(self), "seen": view.Seen}); a.code() != "list.refused_rows" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := b.do("PATCH", "/people/"+string(c.who["admin"].ID), map[string]any{"last_day": "2030-01-01"}); a.code() != "person.own_last_day" {
		t.Errorf("his own last day: %d %s", a.status, a.body)
	}
}

// TestTakenAwayWhileUnderWay: what a person may is asked again when it is done.
func TestTakenAwayWhileUnderWay(t *testing.T) {
	c := newCentre(t, true)
	p := c.withPassword("sv")
	_, ceremony, proof := p.begin()
	roles := []sekisho.Role{sekisho.RoleOperator}
	made(c.people.Update(t.Context(), c.who["admin"].ID, c.who["sv"].ID, operators.Change{Roles: &roles}))(t)
	body := map[string]any{"ceremony": ceremony, "ke3": proof}
	if a := p.b.do("POST", "/session/password/finish", body); a.code() != "console.not_for_you" || a.cookie != nil {
		t.Errorf("the role is gone: %d %s", a.status, a.body)
	}
	c.who["sv3"] = made(c.people.Create(t.Context(), c.who["admin"].ID, operators.Person{Name: "見本", Login: "sv3", Roles: []sekisho.Role{sekisho.RoleSupervisor}, LastDay: "2026-11-22"}))(t)
	b := c.as("sv3")
	if a := b.do("GET", "/floor", nil); a.status != http.StatusOK {
		t.Fatalf("control: %d %s", a.status, a.body)
	}
	c.clk.Advance(operators.Day("2026-11-22").End().Sub(c.clk.Now()))
	b.do("GET", "/floor", nil) // idle by now in any case; a fresh sign-in is what counts
	if a := c.browser().do("POST", "/session/demo", map[string]any{"person": c.who["sv3"].ID}); a.code() != "person.inactive" {
		t.Errorf("after the last day: %d %s", a.status, a.body)
	}
}
