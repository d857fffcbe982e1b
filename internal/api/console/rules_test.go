package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

const lockedOut = `@id("home") permit (principal, action == Action::"open", resource);`

func TestPoliciesAreCheckedSimulatedAndSaved(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	var now console.RulesView
	b.do("GET", "/rules", nil).into(t, &now)
	if now.Version.Number != 0 || !strings.Contains(now.Text, `@id("home")`) || !strings.Contains(now.Global, "lease") || len(now.Templates) < 5 || len(now.History) != 0 {
		t.Fatalf("%+v", now)
	}
	var check console.RulesCheckView
	b.do("POST", "/rules/check", map[string]any{"text": "// one\npermit (principal, action, resource);"}).into(t, &check)
	if len(check.Faults) != 1 || check.Faults[0].Line != 2 || check.Faults[0].Code != "rules.fault_id" || check.Faults[0].Title == "" || check.Faults[0].Action == "" {
		t.Errorf("%+v", check)
	}
	next := now.Text + `@id("no-home") forbid (principal, action == Action::"open", resource) when { context.place == "home" };`
	b.do("POST", "/rules/check", map[string]any{"text": next}).into(t, &check)
	working := 0
	for _, p := range c.who {
		if p.Has(sekisho.RoleOperator) {
			working++
		}
	}
	if len(check.Faults) != 0 || check.Lost != working || check.Gained != 0 || len(check.Differences) != working || check.Differences[0].Name == "" || check.Differences[0].After.Text == "" {
		t.Errorf("%+v", check)
	}
	put := func(seen int, text, note string) reply {
		return b.do("PUT", "/rules", map[string]any{"seen": seen, "text": text, "note": note})
	}
	if a := put(0, "permit", "試験"); a.code() != "rules.invalid" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := put(0, lockedOut, "試験"); a.code() != "rules.locks_out" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := put(0, next, "自宅を止める"); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := put(0, next, "古い画面から"); a.code() != "rules.changed_meanwhile" {
		t.Errorf("%d %s", a.status, a.body)
	}
	var past console.RulesPastView
	b.do("GET", "/rules/0", nil).into(t, &past)
	if past.Text != now.Text {
		t.Error("the built-in text is not what it was")
	}
	b.do("GET", "/rules", nil).into(t, &now)
	if now.Version.Number != 1 || len(now.History) != 1 || now.History[0].Note != "自宅を止める" || now.History[0].Author != c.who["admin"].Name {
		t.Errorf("%+v", now)
	}
}

func TestWhoCanSeeThis(t *testing.T) {
	c := newCentre(t, true)
	h := c.twoClients()
	b := c.as("admin")
	must(t, c.book.Allow(t.Context(), c.who["admin"].ID, h[ofA].desktop, []sekisho.PersonID{h[ofA].operator, h[ofB].operator}))
	var who console.DesktopWhoView
	b.do("GET", "/desktops/"+string(h[ofA].desktop)+"/who", nil).into(t, &who)
	say := map[sekisho.PersonID]string{}
	for _, p := range who.People {
		say[p.Person] = p.Home.Code + "|" + p.Office.Code
	}
	if len(say) != 2 || say[h[ofA].operator] != "|" || say[h[ofB].operator] != "rules.not_assigned|rules.not_assigned" {
		t.Errorf("%v", say)
	}
}

func TestRefusalsSayWhy(t *testing.T) {
	c := newCentre(t, true)
	h := c.twoClients()
	op := audit.Actor{Person: h[ofA].operator, Device: h[ofA].device, Role: sekisho.RoleOperator}
	c.log.Afterwards(audit.Event{
		Kind: "desktop.refused", Actor: op, Object: audit.Object{Type: "desktop", ID: string(h[ofA].desktop)}, Decision: audit.Deny, Reason: "rules.forbidden",
		Detail: map[string]string{"policies": "home-no-full", "policies_version": "4"}, Personal: audit.Personal{"source": "192.0.2.7"},
	})
	for range 450 { // those of others do not crowd it out
		c.log.Afterwards(audit.Event{Kind: "login.refused", Actor: audit.Actor{Person: c.who["admin"].ID}, Decision: audit.Deny, Reason: "passkey.refused"})
	}
	must(t, c.log.Flush(t.Context()))
	a := c.as("sv").do("GET", "/refusals", nil)
	var view console.RefusalsView
	a.into(t, &view)
	if len(view.Refusals) != 1 || view.Refusals[0].Code != "rules.forbidden" || view.Refusals[0].Policies[0] != "home-no-full" || view.Refusals[0].Version != "4" ||
		view.Refusals[0].Title == "" || view.Refusals[0].Label != "架空商事の画面" || strings.Contains(a.body, "192.0.2.7") {
		t.Errorf("%s", a.body)
	}
}

func TestPoliciesDecideWhoAdministers(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	if a := b.do("GET", "/people", nil); a.status != http.StatusOK { // the control
		t.Fatalf("%d %s", a.status, a.body)
	}
	second := made(c.people.Create(t.Context(), c.who["admin"].ID, operators.Person{
		Name: "見本 二人目", Login: "admin-2", Roles: []sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleAuditor}, FaceUsable: true,
	}))(t)
	c.who["admin-2"] = second
	other := c.as("admin-2")
	var now console.RulesView
	b.do("GET", "/rules", nil).into(t, &now)
	text := now.Text + `@id("not-two") forbid (principal == Person::"` + string(second.ID) + `", action == Action::"manage", resource);`
	if a := other.do("PUT", "/rules", map[string]any{"seen": 0, "text": text, "note": "試験"}); a.code() != "rules.locks_you_out" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := b.do("PUT", "/rules", map[string]any{"seen": 0, "text": text, "note": "試験"}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := other.do("GET", "/people", nil); a.status != http.StatusForbidden || a.code() != "console.role_missing" {
		t.Errorf("%d %s", a.status, a.body)
	}
	made(c.people.Update(t.Context(), c.who["admin"].ID, second.ID, operators.Change{Roles: &[]sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleSupervisor}}))(t)
	q := made(c.approvals.Ask(t.Context(), approvals.Question{Kind: approvals.KindInvitation, Person: c.who["admin"].ID, Subject: c.who["sv"].ID}))(t)
	if a := c.as("admin-2").do("POST", "/approvals/"+string(q.ID)+"/decide", map[string]any{"approve": true, "code": q.Code}); a.code() != "approval.role" {
		t.Errorf("a second administrator whom the policies refuse: %d %s", a.status, a.body)
	}
	if a := other.do("GET", "/incidents", nil); a.status != http.StatusOK { // his other role stays
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestALargeTextIsTakenOnItsOwnRoutesAlone: a thousand policies fit, and no other body grows with them.
func TestALargeTextIsTakenOnItsOwnRoutesAlone(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	large := strings.Repeat("// a line of words\n", 10_000)
	var check console.RulesCheckView
	b.do("POST", "/rules/check", map[string]any{"text": large}).into(t, &check)
	if a := b.do("POST", "/people", map[string]any{"name": large}); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %.200s", a.status, a.body)
	}
	if a := b.do("POST", "/rules/check", map[string]any{"text": strings.Repeat(large, 4)}); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %.200s", a.status, a.body)
	}
}
