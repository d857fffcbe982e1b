package console_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

// allowed is who may use what, written down a second time and by role: a
// mistake in the door's table must be made twice to pass.
var allowed = map[string][]string{
	"nobody": {
		"GET /setup", "POST /setup/begin", "POST /setup/finish", "GET /session", "POST /session/demo", "GET /demo/people", "POST /session/end",
		"POST /session/passkey/begin", "POST /session/passkey/finish", "POST /invitations/begin", "POST /invitations/finish",
		"POST /session/password/begin", "POST /session/password/finish", "POST /session/oidc/begin", "POST /session/oidc/finish",
		"POST /lost/look", "POST /lost/report",
		"POST /invitations/look", "POST /invitations/password/begin", "POST /invitations/password/finish",
		"POST /home/passkey/begin", "POST /home/passkey/finish",
	},
	"sv": {
		"GET /queues", "POST /queues", "PUT /queues/{id}", "POST /queues/{id}/retire", "GET /skills", "PUT /skills/{id}",
		"GET /flows", "POST /flows", "GET /flows/{id}", "PUT /flows/draft", "POST /flows/{id}/publish", "POST /flows/{id}/try", "POST /flows/{id}/end", "GET /flows/{id}/versions", "GET /flows/{id}/versions/{number}", "POST /flows/{id}/versions/{number}", "GET /flow-parts/{id}", "POST /prompts", "PUT /prompts/sound", "GET /prompts/{id}/sound", "DELETE /prompts/{id}", "PUT /calendars", "DELETE /calendars/{id}",
		"GET /readiness", "GET /readiness/clients/{id}", "GET /readiness/people/{id}", "GET /readiness/checks", "POST /readiness/checks/{id}/decide", "POST /readiness/checks/{id}/photo", "GET /readiness/rules",
		"POST /home/code/begin", "POST /home/code/finish",
		"GET /disaster", "POST /disaster/end",
		"GET /deputies", "POST /deputies", "DELETE /deputies/{id}", "POST /approvals/bulk",
		"POST /witness/{id}/take", "GET /witness/{id}", "POST /witness/{id}/begin", "POST /witness/{id}/confirm", "POST /witness/{id}/refuse", "POST /witness/{id}/old",
		"GET /old-faces", "POST /old-faces/{id}/ask",
		"GET /events", "GET /openapi.json", "GET /floor", "POST /floor/{id}/unlock", "POST /sessions/{id}/close", "GET /approvals", "POST /approvals/{id}/decide", "GET /incidents", "GET /refusals",
		"GET /training", "GET /training/people/{id}", "GET /training/practice", "GET /training/documents", "GET /training/documents/{id}", "GET /training/documents/{id}/difference",
		"GET /passwords/locked", "POST /passwords/{id}/unlock", "GET /shifts", "POST /shifts/people/{id}/extend",
		"GET /loans", "GET /loans/{id}", "POST /loans/{id}/lost", "POST /loans/{id}/received", "POST /loans/{id}/permits", "POST /loans/{id}/release", "POST /permits/{id}/end", "GET /pools",
		"GET /calls/board", "POST /calls/{id}/watch", "DELETE /calls/{id}/watch", "POST /calls/{id}/take", "POST /calls/{id}/end", "PUT /calls/people/{id}/state",
		"GET /calls/report", "GET /calls/report/file", "GET /calls/attendance", "GET /calls/attendance/file",
		"GET /recordings/choices", "POST /recordings/search", "GET /recordings/{id}", "POST /recordings/{id}/listen", "GET /listening/{id}", "POST /recordings/{id}/hold",
	},
	"admin": {
		"GET /trunks", "POST /trunks", "PUT /trunks/{id}", "DELETE /trunks/{id}", "GET /numbers", "POST /numbers", "PUT /numbers/{number}", "DELETE /numbers/{number}",
		"GET /queues", "POST /queues", "PUT /queues/{id}", "POST /queues/{id}/retire", "GET /skills", "PUT /skills/{id}",
		"GET /flows", "POST /flows", "GET /flows/{id}", "PUT /flows/draft", "POST /flows/{id}/publish", "POST /flows/{id}/try", "POST /flows/{id}/end", "GET /flows/{id}/versions", "GET /flows/{id}/versions/{number}", "POST /flows/{id}/versions/{number}", "GET /flow-parts/{id}", "POST /prompts", "PUT /prompts/sound", "GET /prompts/{id}/sound", "DELETE /prompts/{id}", "PUT /calendars", "DELETE /calendars/{id}", "PUT /lookups", "DELETE /lookups/{id}",
		"GET /readiness", "GET /readiness/clients/{id}", "GET /readiness/people/{id}", "GET /readiness/checks", "POST /readiness/checks/{id}/decide", "POST /readiness/checks/{id}/photo", "GET /readiness/rules", "PUT /readiness/rules",
		"GET /disaster", "POST /disaster", "POST /disaster/end", "POST /disaster/widenings", "DELETE /disaster/widenings/{id}",
		"GET /events", "GET /openapi.json", "GET /approvals", "GET /approvals/{id}", "POST /approvals/{id}/decide",
		"GET /devices", "POST /devices", "GET /devices/{id}", "POST /devices/{id}/code", "POST /devices/{id}/approve", "POST /devices/{id}/refuse",
		"POST /devices/{id}/suspend", "POST /devices/{id}/resume", "POST /devices/{id}/return", "POST /devices/{id}/revoke",
		"GET /attestation", "PUT /attestation", "POST /attestation/keys", "DELETE /attestation/keys/{id}", "POST /attestation/authorities", "DELETE /attestation/authorities/{id}",
		"GET /people", "POST /people", "PATCH /people/{id}", "POST /people/{id}/invitation", "POST /people/{id}/suspend", "POST /people/{id}/resume",
		"POST /people/joiners/plan", "POST /people/joiners/apply", "POST /people/leavers/plan", "POST /people/leavers/apply",
		"GET /desktops", "POST /desktops", "PATCH /desktops/{id}", "DELETE /desktops/{id}", "PUT /desktops/{id}/people",
		"GET /policies", "PUT /policies/{name}",
		"GET /training", "GET /training/people/{id}", "PUT /training/rules", "GET /training/records", "GET /training/courses", "POST /training/courses", "PUT /training/courses/{id}",
		"GET /training/courses/{id}/questions", "POST /training/courses/{id}/import", "POST /training/questions/{id}/retire",
		"GET /training/practice", "GET /training/practice/{id}", "POST /training/practice/import", "POST /training/practice/{id}/retire",
		"GET /training/documents", "GET /training/documents/{id}", "GET /training/documents/{id}/difference", "POST /training/documents/{id}/versions",
		"GET /posture/rules", "PUT /posture/rules/{name}", "GET /devices/{id}/posture", "PUT /devices/{id}/place", "DELETE /devices/{id}/place",
		"GET /clients", "POST /clients", "GET /clients/{id}", "PATCH /clients/{id}", "POST /clients/{id}/works", "PATCH /works/{id}",
		"PUT /clients/{id}/auditors/{person}", "DELETE /clients/{id}/auditors/{person}", "PUT /works/{id}/desktops/{desktop}",
		"POST /works/{id}/people", "PATCH /assignments/{id}", "DELETE /assignments/{id}",
		"GET /rules", "GET /rules/{number}", "POST /rules/check", "PUT /rules", "GET /desktops/{id}/who", "GET /refusals",
		"GET /networks", "PUT /networks/{door}", "GET /offices", "PUT /offices", "POST /home/code/begin", "POST /home/code/finish",
		"GET /loans", "GET /loans/{id}", "PUT /loans/{id}", "POST /loans/{id}/return", "POST /loans/{id}/replace", "POST /loans/{id}/card", "POST /loans/{id}/lost",
		"POST /loans/{id}/received", "POST /loans/{id}/permits", "POST /loans/{id}/release", "POST /permits/{id}/end", "POST /kitting/plan", "POST /kitting/apply",
		"GET /pools", "POST /pools", "DELETE /pools/{id}", "PUT /pools/{id}/people/{person}", "DELETE /pools/{id}/people/{person}", "PUT /pools/{id}/pcs/{device}", "DELETE /pools/{id}/pcs/{device}",
		"GET /shifts", "PUT /shifts/rules", "PUT /shifts/people/{id}", "POST /shifts/list/plan", "POST /shifts/list/apply",
		"GET /identities", "PUT /people/{id}/identity", "DELETE /people/{id}/identity", "GET /people/{id}/mail", "PUT /people/{id}/mail",
		"GET /roles", "POST /roles", "PUT /roles/{id}", "DELETE /roles/{id}", "PUT /roles/{id}/people/{person}", "DELETE /roles/{id}/people/{person}",
		"GET /acts", "POST /acts/{id}/begin", "POST /acts/{id}/confirm", "POST /acts/{id}/refuse",
		"GET /deputies", "DELETE /deputies/{id}", "POST /approvals/bulk",
		"GET /calls/board", "GET /calls/report", "GET /calls/report/file", "GET /calls/attendance", "GET /calls/attendance/file",
		"GET /recordings/choices", "POST /recordings/search", "GET /recordings/{id}", "POST /recordings/{id}/hold", "POST /recordings/{id}/lift", "GET /recordings/retention", "PUT /recordings/retention/{client}",
	},
	"officer": {
		"GET /recordings/choices", "POST /recordings/search", "GET /recordings/{id}", "POST /recordings/{id}/listen", "GET /listening/{id}", "POST /recordings/{id}/hold", "GET /recordings/retention",
		"GET /old-faces", "POST /old-faces/{id}/give",
		"GET /readiness", "GET /readiness/clients/{id}",
		"GET /disaster", "POST /disaster", "POST /disaster/end",
		"GET /approvals", "POST /approvals/{id}/decide", "POST /approvals/bulk", "GET /deputies", "DELETE /deputies/{id}",
		"GET /acts", "POST /acts/{id}/begin", "POST /acts/{id}/confirm", "POST /acts/{id}/refuse",
		"GET /events", "GET /openapi.json", "GET /incidents", "GET /incidents/{id}", "POST /incidents/{id}/decide", "GET /evidence/{hash}", "GET /policies", "GET /posture/rules",
		"GET /rules", "GET /rules/{number}", "GET /networks", "GET /offices", "POST /home/code/begin", "POST /home/code/finish",
		"POST /incidents/{id}/hold", "POST /incidents/{id}/release",
		"GET /audit", "GET /audit/subjects", "GET /audit/checkpoint", "GET /audit/export", "GET /audit/{seq}", "GET /audit/{seq}/proof",
		"GET /audit/searches", "POST /audit/searches", "DELETE /audit/searches/{id}", "GET /audit/rows", "GET /audit/siem",
		"GET /reports", "POST /reports", "GET /reports/{id}/file",
	},
	"auditor": {
		"GET /trunks", "GET /numbers", "GET /queues", "GET /skills",
		"GET /recordings/choices", "POST /recordings/search", "GET /recordings/{id}", "POST /recordings/{id}/listen", "GET /listening/{id}", "GET /recordings/retention",
		"GET /flows", "GET /flows/{id}", "POST /flows/{id}/try", "GET /flows/{id}/versions", "GET /flows/{id}/versions/{number}", "GET /flow-parts/{id}", "GET /prompts/{id}/sound",
		"GET /readiness", "GET /readiness/clients/{id}", "GET /readiness/rules",
		"GET /loans", "GET /pools",
		"GET /disaster",
		"GET /acts", "POST /acts/{id}/refuse", "GET /deputies",
		"GET /events", "GET /openapi.json", "GET /incidents", "GET /incidents/{id}", "GET /policies", "GET /posture/rules", "GET /attestation",
		"GET /training", "GET /training/people/{id}", "GET /training/records", "GET /training/courses", "GET /training/practice", "GET /training/documents", "GET /training/documents/{id}", "GET /training/documents/{id}/difference",
		"GET /rules", "GET /rules/{number}", "GET /networks", "GET /offices", "GET /clients", "GET /clients/{id}",
		"GET /audit", "GET /audit/subjects", "GET /audit/checkpoint", "GET /audit/export", "GET /audit/{seq}", "GET /audit/{seq}/proof",
		"GET /audit/searches", "POST /audit/searches", "DELETE /audit/searches/{id}", "GET /audit/rows", "GET /audit/siem",
		"GET /reports", "GET /reports/{id}/file",
	},
	"client-a": { // an auditor of one client company
		"GET /recordings/choices", "POST /recordings/search", "GET /recordings/{id}", "POST /recordings/{id}/listen", "GET /listening/{id}",
		"GET /readiness", "GET /readiness/clients/{id}",
		"GET /events", "GET /incidents", "GET /incidents/{id}", "GET /clients", "GET /clients/{id}",
		"GET /audit", "GET /audit/subjects", "GET /audit/checkpoint", "GET /audit/{seq}", "GET /audit/{seq}/proof",
	},
	"op": nil, "suspended": nil,
}

// described lists the routes that the door really has.
func described(t *testing.T) []string {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	must(t, json.Unmarshal(console.OpenAPI(), &doc))
	routes := console.PlainRoutes()
	for path, methods := range doc.Paths {
		for method := range methods {
			routes = append(routes, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(routes)
	return routes
}

func TestEveryRouteStandsInTheTable(t *testing.T) {
	routes, table := described(t), slices.Sorted(maps.Keys(console.Access()))
	if !slices.Equal(routes, table) {
		t.Errorf("routes without roles, or roles without a route:\nroutes %v\ntable  %v", routes, table)
	}
	for route, roles := range console.Access() {
		if len(roles) == 0 {
			t.Errorf("%s: nobody may use it", route)
		}
	}
}

// A bound of a route that nobody serves bounds nothing, and paths with ids are not looked up.
func TestBoundsAreOfRealRoutes(t *testing.T) {
	for _, route := range console.BodyLimits() {
		if len(console.Access()[route]) == 0 || strings.Contains(route, "{") {
			t.Errorf("%s has a bound and is no route of its own", route)
		}
	}
}

func TestUnlistedRouteIsRefused(t *testing.T) {
	everything := []sekisho.Role{sekisho.RoleSupervisor, sekisho.RoleAdministrator, sekisho.RoleOfficer, sekisho.RoleAuditor, "anyone", ""}
	if console.May("GET /nowhere", everything) || console.May("", everything) {
		t.Error("a route without roles let somebody in")
	}
	if console.May("GET /setup", []sekisho.Role{"anyone"}) {
		t.Error("the mark of open routes passed for a role")
	}
}

// TestAuthorizationMatrix sends every route as everybody to the real server.
func TestAuthorizationMatrix(t *testing.T) {
	c := newCentre(t, true)
	held := c.twoClients()
	browsers := map[string]*browser{"nobody": c.browser()}
	for _, login := range []string{"sv", "admin", "officer", "auditor", "client-a"} {
		browsers[login] = c.as(login)
	}
	// An operator gets no session of his own; a supervisor who is made one keeps his cookie.
	browsers["op"] = c.as("sv2")
	roles := []sekisho.Role{sekisho.RoleOperator}
	made(c.people.Update(t.Context(), c.who["admin"].ID, c.who["sv2"].ID, operators.Change{Roles: &roles}))(t)
	extra := made(c.people.Create(t.Context(), c.who["admin"].ID, operators.Person{
		Name: "見本", Login: "gone", FaceUsable: true, Roles: []sekisho.Role{sekisho.RoleSupervisor, sekisho.RoleAdministrator, sekisho.RoleOfficer, sekisho.RoleAuditor},
	}))(t)
	c.who["gone"] = extra
	browsers["suspended"] = c.as("gone")
	made(c.people.Suspend(t.Context(), c.who["admin"].ID, extra.ID, "matrix"))(t)

	for _, route := range described(t) {
		for who, b := range browsers {
			if route == "POST /session/end" && who != "nobody" {
				continue // it would sign out; TestSignOut tries it
			}
			for whose, path := range held.paths(t, route) {
				method, _, _ := strings.Cut(route, " ")
				cookie := b.cookie
				c.clk.Advance(10 * time.Millisecond) // one source has its share of requests
				a := b.do(method, path, bodyFor(method))
				b.cookie = cookie // the open routes may have answered with another session
				checkCell(t, route, who, whose, a)
			}
		}
	}
}

// checkCell says what one cell of the matrix must answer: to whom the route is
// not open, the same refusal whosever the object is.
func checkCell(t *testing.T, route, who, whose string, a reply) {
	t.Helper()
	open := slices.Contains(allowed["nobody"], route)
	switch {
	case open || slices.Contains(allowed[who], route):
		if a.status == http.StatusUnauthorized || a.code() == "console.role_missing" {
			t.Errorf("%s as %s, %s: refused with %d %s", route, who, whose, a.status, a.code())
		}
		if who == "client-a" && whose != ofA && strings.Contains(route, "{") && a.status != http.StatusNotFound {
			t.Errorf("%s as %s, %s: %d %s, want 404", route, who, whose, a.status, a.body)
		}
	case who == "nobody" || who == "suspended":
		if a.status != http.StatusUnauthorized || a.code() != "console.signed_out" {
			t.Errorf("%s as %s, %s: %d %s, want 401", route, who, whose, a.status, a.body)
		}
	default:
		if a.status != http.StatusForbidden || a.code() != "console.role_missing" {
			t.Errorf("%s as %s, %s: %d %s, want 403", route, who, whose, a.status, a.body)
		}
	}
}

func bodyFor(method string) any {
	if method == "GET" || method == "DELETE" {
		return nil
	}
	return map[string]any{}
}

func TestOperatorsHaveNothingToDoHere(t *testing.T) {
	c := newCentre(t, true)
	b := c.browser()
	a := b.do("POST", "/session/demo", map[string]any{"person": c.who["op"].ID})
	if a.status != http.StatusForbidden || a.code() != "console.not_for_you" || a.cookie != nil {
		t.Fatalf("an operator signed in: %d %s", a.status, a.body)
	}
	var people console.DemoPeopleView
	b.do("GET", "/demo/people", nil).into(t, &people)
	for _, p := range people.People {
		if p.ID == c.who["op"].ID {
			t.Error("the list offers somebody who has nothing to do here")
		}
	}
}
