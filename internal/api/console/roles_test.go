package console_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/operators"
	own "github.com/sekisho/sekisho/internal/gate/roles"
)

// holder gives a new operator an own role with these rights, and signs him in.
func (c *centre) holder(login string, rights ...own.Right) *browser {
	c.t.Helper()
	admin := c.who["admin"].ID
	c.who[login] = made(c.people.Create(c.t.Context(), admin, operators.Person{Name: "見本 " + login, Login: login, Roles: []sekisho.Role{sekisho.RoleOperator}, FaceUsable: true}))(c.t)
	one := made(c.roles.Do(c.t.Context(), admin, own.Change{Act: own.ActMake, Name: "役割 " + login, Rights: rights}, nil))(c.t)
	made(c.roles.Do(c.t.Context(), admin, own.Change{Act: own.ActGive, Role: one.ID, Seen: 1, Person: c.who[login].ID}, nil))(c.t)
	return c.as(login)
}

// bySide is the login in the hand-written table whose role a right comes from.
var bySide = map[sekisho.Role]string{
	sekisho.RoleSupervisor: "sv", sekisho.RoleAdministrator: "admin", sekisho.RoleOfficer: "officer", sekisho.RoleAuditor: "auditor",
}

// TestRightsAreNeverWiderThanRoles: every route is opened by a right or named as
// the built-in roles' own, never both, and a right opens nothing that the role
// whose it is could not use by the table that is written down by hand.
func TestRightsAreNeverWiderThanRoles(t *testing.T) {
	routes, opened := described(t), map[string]bool{}
	for right, list := range console.Granted() {
		if right.Side() == "" || len(list) == 0 {
			t.Errorf("%s is no right, or opens nothing", right)
		}
		for _, route := range list {
			opened[route] = true
			if !slices.Contains(routes, route) || !slices.Contains(allowed[bySide[right.Side()]], route) {
				t.Errorf("%s opens %s, which %s may not use", right, route, right.Side())
			}
		}
	}
	for _, right := range own.Rights {
		if len(console.Granted()[right]) == 0 {
			t.Errorf("%s opens nothing", right)
		}
	}
	for _, route := range routes {
		built := slices.Contains(console.BuiltInOnly(), route)
		if slices.Contains(allowed["nobody"], route) || route == "GET /events" || route == "GET /openapi.json" {
			continue
		}
		if opened[route] == built {
			t.Errorf("%s: opened by a right %v, the built-in roles' own %v", route, opened[route], built)
		}
	}
}

// TestAuthorizationMatrixOfOwnRoles sends every route as the holder of each
// single right, for own, another client's and nobody's objects.
func TestAuthorizationMatrixOfOwnRoles(t *testing.T) {
	c := newCentre(t, true)
	held := c.twoClients()
	routes := described(t)
	for _, right := range own.Rights {
		login := "only-" + strings.ReplaceAll(string(right), ".", "-")
		b := c.holder(login, right)
		for _, route := range routes {
			if slices.Contains(allowed["nobody"], route) {
				continue
			}
			may := route == "GET /events" || slices.Contains(console.Granted()[right], route)
			for whose, path := range held.paths(t, route) {
				if !may && whose == ofB {
					continue // refused before the object is looked at, as for the other two
				}
				method, _, _ := strings.Cut(route, " ")
				c.clk.Advance(10 * time.Millisecond)
				a := b.do(method, path, bodyFor(method))
				if refused := a.status == http.StatusUnauthorized || a.code() == "console.role_missing"; refused == may {
					t.Errorf("%s with %s, %s: %d %s", route, right, whose, a.status, a.code())
				}
			}
		}
	}
}

// TestOwnRolesByTheConsole goes the way of two administrators.
func TestOwnRolesByTheConsole(t *testing.T) {
	c := newCentre(t, true)
	c.administrators()
	admin, second := c.as("admin"), c.as("admin2")
	var low, high console.OwnRoleView
	admin.do("POST", "/roles", map[string]any{"name": "現場の見守り", "rights": []string{"floor.watch"}}).into(t, &low)
	if a := admin.do("POST", "/roles", map[string]any{"name": "PC係", "rights": []string{"devices.manage"}}); a.code() != "act.asked" {
		t.Fatalf("one administrator alone: %d %s", a.status, a.body)
	}
	one := c.as("auditor").acts().Open[0]
	if one.Kind != "role.make" || one.Object != "PC係" || len(one.Differences) != 1 || one.Differences[0].After != "devices.manage" {
		t.Errorf("what the second sees: %+v", one)
	}
	if a := admin.confirm(one); a.code() != "act.own" {
		t.Errorf("his own: %d %s", a.status, a.body)
	}
	var done console.ConfirmedView
	second.confirm(one).into(t, &done)
	if a := second.confirm(one); a.code() != "act.decided" {
		t.Errorf("twice: %d %s", a.status, a.body)
	}
	for _, r := range made(c.roles.List(t.Context()))(t) {
		if r.Name == "PC係" {
			high = console.OwnRoleView{ID: r.ID, Version: r.Version}
		}
	}
	// Widened while somebody holds it: whoever confirms sees who that is; given: to whom, and what.
	opPath := "/roles/" + string(high.ID) + "/people/" + string(c.who["op"].ID)
	for _, step := range []struct {
		method, path, kind, object string
		body                       any
		fields                     string
	}{
		{"PUT", opPath, "role.give", "PC係 → " + c.who["op"].Name, map[string]any{"seen": 1}, "role.person role.rights person.login"},
		{"PUT", "/roles/" + string(high.ID), "role.change", "PC係", map[string]any{"seen": 1, "name": "PC窓口", "rights": []string{"devices.manage", "people.read"}}, "role.rights role.name role.holders"},
	} {
		if a := admin.do(step.method, step.path, step.body); a.code() != "act.asked" {
			t.Fatalf("%s: %d %s", step.kind, a.status, a.body)
		}
		one := second.acts().Open[0]
		var fields []string
		for _, d := range one.Differences {
			fields = append(fields, d.Field)
		}
		if one.Kind != step.kind || one.Object != step.object || strings.Join(fields, " ") != step.fields {
			t.Errorf("%+v", one)
		}
		if a := second.confirm(one); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", step.kind, a.status, a.body)
		}
	}
	if a := admin.do("DELETE", opPath, nil); a.status != http.StatusNoContent {
		t.Errorf("taking away waits: %d %s", a.status, a.body)
	}
	path := "/roles/" + string(low.ID) + "/people/"
	if a := admin.do("PUT", path+string(c.who["admin"].ID), map[string]any{"seen": 1}); a.code() != "role.own" {
		t.Errorf("to himself: %d %s", a.status, a.body)
	}
	if a := admin.do("PUT", path+string(c.who["op"].ID), map[string]any{"seen": 1}); a.code() != "act.asked" {
		t.Errorf("a low role, to an operator whose ways in one administrator made: %d %s", a.status, a.body)
	}
	if a := second.confirm(second.acts().Open[0]); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	op := c.as("op")
	var session console.SessionView
	op.do("GET", "/session", nil).into(t, &session)
	if session.Person == nil || !slices.Equal(session.Person.Rights, []own.Right{own.WatchFloor}) {
		t.Fatalf("%+v", session)
	}
	if a := op.do("GET", "/floor", nil); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	// A link for whoever holds an own role is one for a trusted person.
	if a := admin.do("POST", "/people/"+string(c.who["op"].ID)+"/invitation", nil); !strings.Contains(a.body, `"approval":{`) {
		t.Errorf("invited by one alone: %d %s", a.status, a.body)
	}
	if a := admin.do("DELETE", path+string(c.who["op"].ID), nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := op.do("GET", "/floor", nil); a.status != http.StatusForbidden || a.code() != "console.role_missing" {
		t.Errorf("the right that was taken still works: %d %s", a.status, a.body)
	}
}

// TestManagingPeopleByAnOwnRoleReachesOperatorsAlone: no way from there to more.
func TestManagingPeopleByAnOwnRoleReachesOperatorsAlone(t *testing.T) {
	c := newCentre(t, true)
	b := c.holder("hr", own.ManagePeople)
	c.holder("other", own.WatchFloor)
	person := func(login string, roles ...string) map[string]any {
		return map[string]any{"name": "見本 新人", "kana": "", "login": login, "roles": roles, "face_usable": true, "place": "home"}
	}
	for _, roles := range [][]string{{"administrator"}, {"operator", "supervisor"}, {"auditor"}} {
		if a := b.do("POST", "/people", person("made", roles...)); a.code() != "role.operators_only" {
			t.Errorf("made a %v: %d %s", roles, a.status, a.body)
		}
	}
	var one console.PersonView
	b.do("POST", "/people", person("plain", "operator")).into(t, &one) // the control
	if a := b.do("PATCH", "/people/"+string(one.ID), map[string]any{"roles": []string{"operator", "officer"}}); a.code() != "role.operators_only" {
		t.Errorf("promoted: %d %s", a.status, a.body)
	}
	for _, login := range []string{"hr", "sv", "admin", "officer", "auditor", "other"} {
		id := string(c.who[login].ID)
		for path, body := range map[string]any{"": map[string]any{"name": "別名"}, "/suspend": map[string]any{"reason": "x"}, "/resume": nil, "/invitation": nil} {
			method := map[bool]string{true: "PATCH", false: "POST"}[path == ""]
			if a := b.do(method, "/people/"+id+path, body); a.code() != "role.operators_only" {
				t.Errorf("%s%s: %d %s", login, path, a.status, a.body)
			}
		}
	}
	if a := b.do("POST", "/people/"+string(one.ID)+"/suspend", map[string]any{"reason": "退職"}); a.status != http.StatusOK {
		t.Errorf("control: %d %s", a.status, a.body)
	}
}

// TestNoOwnRoleWidensAClientsAuditor, and policies that take administration away take those rights too.
func TestNoOwnRoleWidensAClientsAuditor(t *testing.T) {
	c := newCentre(t, true)
	h := c.twoClients()
	admin := c.who["admin"].ID
	one := made(c.roles.Do(t.Context(), admin, own.Change{Act: own.ActMake, Name: "広い", Rights: []own.Right{own.WatchFloor, own.ReadPeople, own.TakeLog}}, nil))(t)
	made(c.roles.Do(t.Context(), admin, own.Change{Act: own.ActGive, Role: one.ID, Seen: 1, Person: h[ofA].auditor}, nil))(t)
	b := c.as("client-a")
	for _, path := range []string{"/floor", "/people", "/audit/export"} {
		if a := b.do("GET", path, nil); a.code() != "console.role_missing" {
			t.Errorf("%s: %d %.100s", path, a.status, a.body)
		}
	}
	if a := b.do("GET", "/incidents", nil); a.status != http.StatusOK {
		t.Errorf("control: %d %s", a.status, a.body)
	}
}
