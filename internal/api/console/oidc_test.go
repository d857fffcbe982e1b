package console_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/identities"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/test/idp"
)

// federated is a centre with an identity provider that signs what it is told to.
func federated(t *testing.T) (*centre, *idp.Forger) {
	t.Helper()
	f := made(idp.NewForger("secret"))(t)
	t.Cleanup(f.Close)
	c := newCentre(t, true)
	c.identities = made(identities.New(c.db, c.clk, c.log, c.people, identities.Settings{
		Issuer: f.URL, ClientID: "console", Secret: "secret", Redirect: origin + "/oidc", Name: "見本の認証",
	}))(t)
	c.config.Identities = c.identities
	c.server.Config.Handler = made(console.New(c.config))(t)
	return c, f
}

// through signs a browser in by the provider, as subject.
func (b *browser) through(f *idp.Forger, subject string) reply {
	t := b.c.t
	t.Helper()
	begun := b.do("POST", "/session/oidc/begin", nil)
	var where console.ProviderView
	begun.into(t, &where)
	cookies := (&http.Response{Header: begun.header}).Cookies()
	if len(cookies) != 1 || cookies[0].Name != "__Host-sekisho-oidc" || !cookies[0].HttpOnly || !cookies[0].Secure || cookies[0].SameSite != http.SameSiteStrictMode {
		t.Fatalf("%+v", cookies)
	}
	token := made(f.Honestly(where.URL, subject, b.c.clk.Now()))(t)
	code := made(f.Code(where.URL, token))(t)
	state := made(url.Parse(where.URL))(t).Query().Get("state")
	held := b.header
	b.header = http.Header{"Cookie": {strings.TrimPrefix("__Host-sekisho="+b.cookie+"; ", "__Host-sekisho=; ") + "__Host-sekisho-oidc=" + cookies[0].Value}}
	a := b.do("POST", "/session/oidc/finish", map[string]string{"state": state, "code": code, "iss": "", "error": ""})
	b.header = held
	return a
}

func TestSignInThroughTheProvider(t *testing.T) {
	c, f := federated(t)
	admin, id := c.as("admin"), string(c.who["sv"].ID)
	b := c.browser()
	var before console.SessionView
	b.do("GET", "/session", nil).into(t, &before)
	if before.Provider != "見本の認証" {
		t.Errorf("%+v", before)
	}
	if a := b.through(f, "subject-1"); a.code() != "oidc.not_linked" || a.cookie != nil {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := admin.do("PUT", "/people/"+id+"/identity", map[string]any{"subject": "subject-1"}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	a := b.through(f, "subject-1")
	if a.status != http.StatusOK || a.cookie == nil || a.cookie.SameSite != http.SameSiteStrictMode {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := b.do("GET", "/floor", nil); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	// A planted session ends with the sign-in, and an operator has nothing to open.
	planted := c.as("auditor").cookie
	b.cookie = planted
	b.through(f, "subject-1")
	if a := (&browser{c: c, cookie: planted, header: http.Header{}}).do("GET", "/audit", nil); a.status != http.StatusUnauthorized {
		t.Errorf("the planted session still works: %d", a.status)
	}
	if a := admin.do("PUT", "/people/"+string(c.who["op"].ID)+"/identity", map[string]any{"subject": "subject-2"}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := c.browser().through(f, "subject-2"); a.code() != "console.not_for_you" || a.cookie != nil {
		t.Errorf("an operator: %d %s", a.status, a.body)
	}
	// Suspended: nobody. Unlinked: the session is over at once.
	if a := admin.do("DELETE", "/people/"+id+"/identity", nil); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := b.do("GET", "/floor", nil); a.status != http.StatusUnauthorized {
		t.Errorf("goes on after it was unlinked: %d", a.status)
	}
}

// TestOneFactorIsNotEnough: a sign-in through the provider reads, and does nothing dangerous.
func TestOneFactorIsNotEnough(t *testing.T) {
	c, f := federated(t)
	must(t, c.identities.Link(t.Context(), c.who["admin"].ID, c.who["officer"].ID, "officer", nil))
	must(t, c.identities.Link(t.Context(), c.who["officer"].ID, c.who["admin"].ID, "admin", nil))
	must(t, c.identities.Link(t.Context(), c.who["admin"].ID, c.who["sv"].ID, "sv", nil))
	asked := 0
	held := c.twoClients()
	for _, login := range []string{"admin", "officer", "sv"} {
		b := c.browser()
		if a := b.through(f, login); a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
		strong := c.as(login)
		for route, roles := range console.Access() {
			method, _, _ := strings.Cut(route, " ")
			read := method == http.MethodGet && !slices.Contains(console.CarriedOut(), route)
			if !console.May(route, c.who[login].Roles) || read || slices.Contains(console.Everyday(), route) || slices.Contains(roles, "anyone") {
				continue
			}
			asked++
			path := held.paths(t, route)[ofA]
			if path == "" {
				path = held.paths(t, route)[""]
			}
			if a := b.do(method, path, bodyFor(method)); a.status != http.StatusForbidden || a.code() != "console.passkey_needed" {
				t.Errorf("%s as %s: %d %s", route, login, a.status, a.code())
			}
			if a := strong.do(method, path, bodyFor(method)); a.code() == "console.passkey_needed" {
				t.Errorf("control %s: %d %s", route, a.status, a.code())
			}
		}
	}
	if asked < 80 {
		t.Errorf("only %d acts were tried", asked)
	}
}

// TestWhatOneFactorMayDo: by hand, so that nobody widens it in passing.
func TestWhatOneFactorMayDo(t *testing.T) {
	for _, route := range append(console.Everyday(), console.CarriedOut()...) {
		if len(console.Access()[route]) == 0 {
			t.Errorf("%s is no route", route)
		}
	}
	for _, route := range console.Everyday() {
		if strings.Contains(route, "approv") || strings.Contains(route, "confirm") || strings.HasPrefix(route, "PUT ") || strings.HasPrefix(route, "PATCH ") ||
			strings.HasSuffix(route, "/apply") || strings.HasSuffix(route, "/resume") || strings.HasSuffix(route, "/code") {
			t.Errorf("%s gives something, and one factor is enough for it", route)
		}
	}
}

// TestALinkOfSomebodyElseNeedsTwo: whoever is linked to my subject is me.
func TestALinkOfSomebodyElseNeedsTwo(t *testing.T) {
	c, _ := federated(t)
	c.who["admin2"] = made(c.people.Create(t.Context(), c.who["admin"].ID, operators.Person{Name: "見本 二人目", Login: "admin2", Roles: c.who["admin"].Roles}))(t)
	admin, second := c.as("admin"), c.as("admin2")
	c.keyed("sv")
	path, body := "/people/"+string(c.who["sv"].ID)+"/identity", map[string]any{"subject": "mine"}
	if a := admin.do("PUT", path, body); a.code() != "act.asked" {
		t.Fatalf("one administrator linked his own subject to somebody else: %d %s", a.status, a.body)
	}
	one := second.acts().Open[0]
	if one.Kind != "identity.link" || one.Object != c.who["sv"].Name || one.Differences[1].After != "mine" {
		t.Errorf("%+v", one)
	}
	if a := admin.confirm(one); a.code() != "act.own" {
		t.Errorf("by himself: %d %s", a.status, a.body)
	}
	admin.do("PUT", path, map[string]any{"subject": "another"}) // another act: the first is withdrawn
	if a := second.confirm(one); a.code() != "act.decided" {
		t.Errorf("confirmed for one subject, with another asked for: %d %s", a.status, a.body)
	}
	admin.do("PUT", path, body)
	if a := second.confirm(second.acts().Open[0]); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	if links := made(c.identities.Subjects(t.Context()))(t); links[c.who["sv"].ID] != "mine" {
		t.Errorf("%v", links)
	}
	if rows := c.rows("identity.linked"); len(rows) != 1 || rows[0].Event.Detail["issuer"] == "" {
		t.Errorf("%d rows", len(rows))
	}
}
