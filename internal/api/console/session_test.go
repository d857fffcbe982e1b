package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

func TestSignInAndOut(t *testing.T) {
	c := newCentre(t, true)
	b := c.browser()
	var before console.SessionView
	b.do("GET", "/session", nil).into(t, &before)
	if before.State != "signed_out" || !before.Demo || before.Person != nil {
		t.Fatalf("before: %+v", before.State)
	}
	a := b.do("POST", "/session/demo", map[string]any{"person": c.who["admin"].ID})
	if a.cookie == nil || !a.cookie.HttpOnly || !a.cookie.Secure || a.cookie.SameSite != http.SameSiteStrictMode || a.cookie.Path != "/" || a.cookie.Domain != "" {
		t.Fatalf("cookie: %+v", a.cookie)
	}
	if strings.Contains(a.body, a.cookie.Value) {
		t.Error("the bearer is in the answer's body, where scripts can read it")
	}
	var view console.SessionView
	b.do("GET", "/session", nil).into(t, &view)
	if view.State != "signed_in" || view.Person == nil || view.Person.Login != "admin" || view.Expires == nil {
		t.Fatalf("signed in: %+v", view)
	}
	held := b.cookie
	if a := b.do("POST", "/session/end", nil); a.status != http.StatusOK || a.cookie == nil || a.cookie.MaxAge >= 0 {
		t.Fatalf("sign out: %d %+v", a.status, a.cookie)
	}
	b.cookie = held // a copy of the cookie is worth nothing now
	if a := b.do("GET", "/people", nil); a.status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d %s", a.status, a.body)
	}
}

// TestNoFixation: a session that somebody planted in this browser does not become his.
func TestNoFixation(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("sv")
	planted := b.cookie
	a := b.do("POST", "/session/demo", map[string]any{"person": c.who["admin"].ID})
	if a.cookie == nil || a.cookie.Value == planted {
		t.Fatal("signing in kept the old bearer")
	}
	b.cookie = planted
	if a := b.do("GET", "/floor", nil); a.status != http.StatusUnauthorized {
		t.Errorf("the old session still works: %d", a.status)
	}
}

func TestForgedCookies(t *testing.T) {
	c := newCentre(t, true)
	real := c.as("admin").cookie
	b := c.browser()
	for _, forged := range []string{"x", real[:len(real)-1], real + "A", strings.ToLower(real), strings.Repeat("A", 4000), "' OR 1=1 --"} {
		b.cookie = forged
		if a := b.do("GET", "/people", nil); a.status != http.StatusUnauthorized {
			t.Errorf("%.20q: %d", forged, a.status)
		}
	}
	b.cookie = real
	if a := b.do("GET", "/people", nil); a.status != http.StatusOK {
		t.Errorf("control: %d", a.status)
	}
}

func TestSessionsEndByTime(t *testing.T) {
	c := newCentre(t, true)
	for name, try := range map[string]struct {
		path  string
		step  time.Duration
		alive int // steps that it lives
	}{
		"left alone":                  {"/floor", 31 * time.Minute, 0},
		"a page that refreshes alone": {"/floor?refresh=1", 10 * time.Minute, 2},
		"somebody at work":            {"/floor", 20 * time.Minute, 35}, // to the twelve hours
	} {
		t.Run(name, func(t *testing.T) {
			b := c.as("sv")
			for i := 1; ; i++ {
				c.clk.Advance(try.step)
				a := b.do("GET", try.path, nil)
				if a.status == http.StatusUnauthorized {
					if i-1 != try.alive {
						t.Errorf("lived %d steps of %v, want %d", i-1, try.step, try.alive)
					}
					return
				}
				if a.status != http.StatusOK || i > 100 {
					t.Fatalf("step %d: %d %s", i, a.status, a.body)
				}
			}
		})
	}
}

func TestRolesCountAtOnce(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("sv")
	roles := []sekisho.Role{sekisho.RoleAuditor}
	made(c.people.Update(t.Context(), c.who["admin"].ID, c.who["sv"].ID, operators.Change{Roles: &roles}))(t)
	if a := b.do("GET", "/floor", nil); a.code() != "console.role_missing" {
		t.Errorf("the lost role still works: %d %s", a.status, a.body)
	}
	if a := b.do("GET", "/audit", nil); a.status != http.StatusOK {
		t.Errorf("the new role does not work: %d %s", a.status, a.body)
	}
}

// TestDemoLoginExistsOnlyInDemoData: a real centre has neither list nor login.
func TestDemoLoginExistsOnlyInDemoData(t *testing.T) {
	c := newCentre(t, false)
	p := made(c.people.Create(t.Context(), "", operators.Person{Name: "見本", Login: "admin", Roles: []sekisho.Role{sekisho.RoleAdministrator}, FaceUsable: true}))(t)
	b := c.browser()
	if a := b.do("GET", "/demo/people", nil); a.status != http.StatusNotFound || strings.Contains(a.body, "見本") {
		t.Errorf("list: %d %s", a.status, a.body)
	}
	if a := b.do("POST", "/session/demo", map[string]any{"person": p.ID}); a.status != http.StatusNotFound || a.cookie != nil {
		t.Errorf("login: %d %s", a.status, a.body)
	}
	if rows := c.rows("login.refused"); len(rows) == 0 {
		t.Error("the attempt left no row")
	}
}

// TestThroughAProxyNobodySitsAtTheHost: what is allowed from the host alone is
// not allowed to whoever a proxy on that host lets in.
func TestThroughAProxyNobodySitsAtTheHost(t *testing.T) {
	c := newCentre(t, true)
	b := c.browser()
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"} {
		b.header = http.Header{name: {"127.0.0.1"}}
		if a := b.do("POST", "/session/demo", map[string]any{"person": c.who["admin"].ID}); a.status != http.StatusNotFound || a.cookie != nil {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	b.header = http.Header{}
	if a := b.do("POST", "/session/demo", map[string]any{"person": c.who["admin"].ID}); a.status != http.StatusOK {
		t.Errorf("control: %d %s", a.status, a.body)
	}
}

func TestSetupPageByAStranger(t *testing.T) {
	c := newCentre(t, false)
	b := c.browser()
	var view console.SessionView
	b.do("GET", "/session", nil).into(t, &view)
	if view.State != "setup" {
		t.Fatalf("an empty centre says %q", view.State)
	}
	body := map[string]any{"token": "guessed", "name": "見知らぬ 人", "login": "stranger"}
	if a := b.do("POST", "/setup/begin", body); a.status < 400 || a.status >= 500 {
		t.Errorf("a guessed token: %d %s", a.status, a.body)
	}
	link := made(c.people.SetupURL(t.Context(), origin))(t)
	_, token, _ := strings.Cut(link.URL, "token=")
	body["token"] = token
	var ceremony console.CeremonyView
	b.do("POST", "/setup/begin", body).into(t, &ceremony) // the control
	if ceremony.Ceremony == "" || !strings.Contains(string(ceremony.Options), `"challenge"`) {
		t.Errorf("options: %s", ceremony.Options)
	}
	a := b.do("POST", "/setup/finish", map[string]any{"token": token, "ceremony": ceremony.Ceremony, "credential": map[string]any{"id": "forged"}})
	if a.status < 400 || a.cookie != nil {
		t.Errorf("a forged passkey: %d %s", a.status, a.body)
	}
	c.clk.Advance(31 * time.Minute)
	if a := b.do("POST", "/setup/begin", body); a.status != http.StatusGone {
		t.Errorf("after half an hour: %d %s", a.status, a.body)
	}
}
