package console_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/wire"
)

// Whose an object is, in the matrix.
const (
	ofA     = "own"
	ofB     = "of another client"
	foreign = "of nobody"
)

// holding is what one client company has: an id of every kind of object.
type holding struct {
	client     sekisho.ClientID
	work       sekisho.WorkID
	assignment sekisho.AssignmentID
	desktop    sekisho.DesktopID
	device     sekisho.DeviceID
	incident   sekisho.IncidentID
	operator   sekisho.PersonID
	auditor    sekisho.PersonID
	report     sekisho.ReportID // that was made for it
	search     sekisho.SearchID // that the centre's auditor keeps about its operator
	seq        int64            // of a row about its work
}

type holdings map[string]holding

// twoClients are companies A and B, each with a work, an operator, his PC, a
// desktop, an incident and an auditor of its own.
func (c *centre) twoClients() holdings {
	c.t.Helper()
	return holdings{
		ofA: c.company("架空商事", "op-a", "client-a", 1), ofB: c.company("模擬物産", "op-b", "client-b", 2),
		foreign: {"none", "none", "none", "none", "none", "none", "none", "none", "none", "none", 1 << 40},
	}
}

func (c *centre) company(name, operator, auditor string, n byte) (h holding) {
	c.t.Helper()
	ctx, admin := c.t.Context(), c.who["admin"].ID
	h.operator, h.auditor = c.who[operator].ID, c.who[auditor].ID
	h.client = made(c.clients.Create(ctx, admin, name))(c.t).ID
	h.work = made(c.clients.AddWork(ctx, admin, h.client, name+"の業務"))(c.t).ID
	from := made(clients.ParseDay("2026-11-01"))(c.t)
	h.assignment = made(c.clients.Assign(ctx, admin, clients.Assignment{Work: h.work, Person: h.operator, From: from}))(c.t).ID
	must(c.t, c.clients.BindAuditor(ctx, admin, h.client, h.auditor))
	h.desktop = made(c.desktops.Create(ctx, admin, console.Desktop{Name: name + "の画面", Host: "vdi.example.jp", Port: 5900 + int(n)}, ""))(c.t).ID
	must(c.t, c.clients.PlaceDesktop(ctx, admin, h.desktop, h.work))
	must(c.t, c.book.Allow(ctx, admin, h.desktop, []sekisho.PersonID{h.operator}))
	var device console.DeviceView
	c.as("admin").do("POST", "/devices", map[string]any{
		"asset_tag": fmt.Sprintf("PC-%d00", n), "model": "見本", "place": "home", "person": h.operator, "policy": "home",
	}).into(c.t, &device)
	h.device = device.ID

	connection := sekisho.ConnectionID(wire.NewID())
	public, private := generated(c.t)
	must(c.t, c.book.Connect(ctx, grants.Connection{
		ID: connection, Device: h.device, Person: h.operator, Address: netip.AddrFrom4([4]byte{100, 64, 9, n}), LeaseKey: public, Tier: sekisho.TierB, Policy: "home",
	}))
	h.incident = sekisho.IncidentID(wire.NewID())
	must(c.t, c.presence.Report(ctx, connection, wire.SignWith(private, wire.DomainRecord, wire.IncidentReport{
		Incident: h.incident, Connection: connection, Person: h.operator, State: sekisho.Onlooker, Faces: 2, FirstMS: 200,
	})))
	c.book.Disconnect(connection, "connection.closed")
	must(c.t, c.training.SeedDemo(ctx, []sekisho.PersonID{h.operator}, nil))
	var report console.ReportView
	c.as("officer").do("POST", "/reports", map[string]string{"from": "2026-11-01", "to": "2026-11-22", "language": "ja", "addressee": name}).into(c.t, &report)
	var search console.SavedSearchView
	c.as("auditor").do("POST", "/audit/searches", map[string]any{"name": name, "query": console.SearchQuery{Person: string(h.operator)}}).into(c.t, &search)
	h.report, h.search = report.ID, search.ID
	rows := c.rowsAbout(string(h.work))
	h.seq = rows[0].Seq
	return h
}

func (c *centre) rowsAbout(object string) []audit.Entry {
	c.t.Helper()
	must(c.t, c.log.Flush(c.t.Context()))
	rows := made(c.log.Search(c.t.Context(), audit.Filter{Object: object}))(c.t)
	if len(rows) == 0 {
		c.t.Fatalf("no row about %s", object)
	}
	return rows
}

// paths fills a route with the objects of each side. A route whose objects are
// not named here fails: nobody would have asked what another's object does.
func (h holdings) paths(t *testing.T, route string) map[string]string {
	t.Helper()
	_, path, _ := strings.Cut(route, " ")
	if !strings.Contains(path, "{") {
		return map[string]string{"": path}
	}
	out := map[string]string{}
	for whose, one := range h {
		ids := map[string]string{
			"/clients/": string(one.client), "/works/": string(one.work), "/assignments/": string(one.assignment), "/desktops/": string(one.desktop),
			"/devices/": string(one.device), "/incidents/": string(one.incident), "/people/": string(one.operator), "/floor/": string(one.operator),
			"/approvals/": string(one.incident), "/acts/": string(one.incident), "/disaster/widenings/": string(one.incident), "/deputies/": string(one.incident), "/sessions/": string(one.incident), "/policies/": "home", "/rules/": "0", "/networks/": "console",
			"/audit/": fmt.Sprint(one.seq), "/audit/searches/": string(one.search), "/evidence/": strings.Repeat("0", 64), "/reports/": string(one.report),
			"/posture/rules/": "home", "/passwords/": string(one.auditor), "/attestation/keys/": strings.Repeat("0", 64), "/attestation/authorities/": strings.Repeat("0", 64),
			"/training/people/": string(one.operator), "/training/courses/": "home", "/training/questions/": "none", "/training/documents/": "pledge",
		}
		before, _, _ := strings.Cut(path, "{")
		id, known := ids[before]
		if !known {
			t.Fatalf("%s: name its objects here", route)
		}
		filled := strings.NewReplacer(
			"{id}", id, "{seq}", id, "{number}", id, "{door}", id, "{name}", id, "{hash}", id, "{person}", string(one.auditor), "{desktop}", string(one.desktop),
		).Replace(path)
		if strings.Contains(filled, "{") {
			t.Fatalf("%s: %s is not filled", route, filled)
		}
		out[whose] = filled
	}
	return out
}

// words are everything of a client that may stand in no answer to another.
func (h holding) words(c *centre) []string {
	out := []string{
		string(h.client), string(h.work), string(h.assignment), string(h.desktop), string(h.device), string(h.incident), string(h.operator), string(h.auditor),
		string(h.report), string(h.search),
	}
	for _, p := range c.who {
		if p.ID == h.operator || p.ID == h.auditor {
			out = append(out, p.Name)
		}
	}
	return out
}

// TestAClientsAuditorSeesItsClientAndNothingElse asks by every route that answers him.
func TestAClientsAuditorSeesItsClientAndNothingElse(t *testing.T) {
	c := newCentre(t, true)
	h := c.twoClients()
	a, b := h[ofA], h[ofB]
	secret := append(b.words(c), "模擬物産", "PC-200", c.who["admin"].Name, string(c.who["admin"].ID), c.who["officer"].Name, c.who["sv"].Name)
	own := c.as("client-a")
	asked := 0
	for _, route := range described(t) {
		method, _, _ := strings.Cut(route, " ")
		if method != "GET" || slices.Contains(allowed["nobody"], route) || route == "GET /events" {
			continue
		}
		for whose, path := range h.paths(t, route) {
			answer := own.do("GET", path, nil)
			asked++
			for _, word := range secret {
				if strings.Contains(answer.body, word) {
					t.Errorf("%s, %s: the answer says %s", route, whose, word)
				}
			}
			if answer.status == http.StatusOK && (whose == ofB || whose == foreign) {
				t.Errorf("%s, %s: answered", route, whose)
			}
		}
	}
	if asked < 25 {
		t.Fatalf("only %d questions were put", asked)
	}
	for _, path := range []string{"/clients/%s", "/incidents/%s"} { // another's and nobody's are told apart by nothing
		theirs, nobodys := own.do("GET", fmt.Sprintf(path, map[bool]string{true: string(b.client), false: string(b.incident)}[strings.Contains(path, "clients")]), nil), own.do("GET", fmt.Sprintf(path, "none"), nil)
		if theirs.status != http.StatusNotFound || theirs.body != nobodys.body {
			t.Errorf("%s: %d %s\nnobody's: %d %s", path, theirs.status, theirs.body, nobodys.status, nobodys.body)
		}
	}

	// The controls: his own, and the centre's auditor.
	var incidents console.IncidentsView
	own.do("GET", "/incidents", nil).into(t, &incidents)
	if len(incidents.Incidents) != 1 || incidents.Incidents[0].ID != a.incident || incidents.Incidents[0].Name != c.who["op-a"].Name {
		t.Errorf("%+v", incidents.Incidents)
	}
	var rows console.AuditPageView
	own.do("GET", "/audit", nil).into(t, &rows)
	kinds := map[string]bool{}
	for _, r := range rows.Rows {
		kinds[r.Kind] = true
		if len(r.Personal) != 0 {
			t.Errorf("%s shows values that identify somebody: %v", r.Kind, r.Personal)
		}
	}
	for _, kind := range []string{"client.created", "work.assigned", "incident.reported", "work.desktop_placed", "desktop.people_changed"} {
		if !kinds[kind] {
			t.Errorf("no row of %s: %v", kind, kinds)
		}
	}
	if answer := own.do("GET", fmt.Sprintf("/audit/%d/proof", a.seq), nil); answer.status != http.StatusOK {
		t.Errorf("proof of an own row: %d %s", answer.status, answer.body)
	}
	var file console.ClientFileView
	own.do("GET", "/clients/"+string(a.client), nil).into(t, &file)
	if len(file.Works) != 1 || len(file.Works[0].Desktops) != 1 || len(file.Assignments) != 1 || file.Assignments[0].Name != c.who["op-a"].Name {
		t.Errorf("%+v", file)
	}
	if answer := c.as("auditor").do("GET", "/incidents", nil); !strings.Contains(answer.body, string(a.incident)) || !strings.Contains(answer.body, string(b.incident)) {
		t.Error("the centre's auditor does not see both")
	}
}

// TestWordsFindNothingThatIsNotShown: a search must not say by its answer what it does not show.
func TestWordsFindNothingThatIsNotShown(t *testing.T) {
	c := newCentre(t, true)
	h := c.twoClients()
	own := c.as("client-a")
	count := func(query string) int {
		t.Helper()
		var page console.AuditPageView
		own.do("GET", "/audit?"+query, nil).into(t, &page)
		return len(page.Rows)
	}
	all := count("")
	if all < 5 || count("text="+string(h[ofA].work)) == 0 || count("limit=2") != 2 {
		t.Fatalf("%d rows of his own", all)
	}
	for _, query := range []string{
		"text=" + string(h[ofB].work), "text=" + string(c.who["admin"].ID), "text=op-b", "text=op-a", // the last stands in personal values alone
		"session=" + string(h[ofB].incident), "kind=device.",
	} {
		if n := count(query); n != 0 {
			t.Errorf("%s finds %d rows", query, n)
		}
	}
	unknown := own.do("GET", "/audit?person=none", nil)
	theirs := own.do("GET", "/audit?person="+string(h[ofB].operator), nil)
	if unknown.status != http.StatusNotFound || unknown.body != theirs.body {
		t.Errorf("%d %s, %d %s", unknown.status, unknown.body, theirs.status, theirs.body)
	}
	// Page by page he comes to the same rows.
	seen, before := 0, int64(0)
	for range all + 2 {
		var page console.AuditPageView
		own.do("GET", fmt.Sprintf("/audit?limit=2&before=%d", before), nil).into(t, &page)
		seen += len(page.Rows)
		if before = page.Before; before == 0 {
			break
		}
	}
	if seen < all { // reading leaves rows of its own, which are not his
		t.Errorf("%d rows page by page, %d at once", seen, all)
	}
}

// TestNoRoleWidensAClientsAuditor: whatever he is given later, he stays one.
func TestNoRoleWidensAClientsAuditor(t *testing.T) {
	c := newCentre(t, true)
	h := c.twoClients()
	admin := c.who["admin"].ID
	own := c.as("client-a")
	give := func(roles ...sekisho.Role) {
		t.Helper()
		made(c.people.Update(t.Context(), admin, h[ofA].auditor, operators.Change{Roles: &roles}))(t)
	}
	give(sekisho.RoleAuditor, sekisho.RoleAdministrator, sekisho.RoleOfficer, sekisho.RoleSupervisor)
	for _, path := range []string{"/people", "/floor", "/devices", "/audit/export", "/policies", "/rules", "/incidents/" + string(h[ofB].incident), "/clients/" + string(h[ofB].client)} {
		if a := own.do("GET", path, nil); a.status == http.StatusOK {
			t.Errorf("%s was answered: %.200s", path, a.body)
		}
	}
	if a := own.do("GET", "/incidents", nil); a.status != http.StatusOK { // the control
		t.Errorf("his own part: %d %s", a.status, a.body)
	}
	var session console.SessionView
	own.do("GET", "/session", nil).into(t, &session)
	if session.Person == nil || session.Person.Client != h[ofA].client || !slices.Equal(session.Person.Roles, []sekisho.Role{sekisho.RoleAuditor}) {
		t.Errorf("%+v", session.Person)
	}
	give(sekisho.RoleAdministrator) // no auditor any more: nothing, rather than an administrator
	for _, path := range []string{"/people", "/incidents", "/clients"} {
		if a := own.do("GET", path, nil); a.status != http.StatusForbidden {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	give(sekisho.RoleAuditor)
	if a := c.as("admin").do("DELETE", "/clients/"+string(h[ofA].client)+"/auditors/"+string(h[ofA].auditor), nil); a.code() != "client.auditor_release" {
		t.Errorf("released into the whole centre: %d %s", a.status, a.body)
	}
	if a := c.as("admin").do("PATCH", "/clients/"+string(h[ofA].client), map[string]any{"ended": true}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := own.do("GET", "/incidents", nil); a.status != http.StatusForbidden || a.code() != "client.ended" {
		t.Errorf("after the contract: %d %s", a.status, a.body)
	}
	if a := c.browser().do("POST", "/session/demo", map[string]any{"person": h[ofA].auditor}); a.code() != "client.ended" || a.cookie != nil {
		t.Errorf("signed in after the contract: %d %s", a.status, a.body)
	}
}

func TestClientsAreKeptByAdministrators(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	var one console.ClientView
	b.do("POST", "/clients", map[string]any{"name": " 架空商事 "}).into(t, &one)
	var work console.WorkView
	b.do("POST", "/clients/"+string(one.ID)+"/works", map[string]any{"name": "受注"}).into(t, &work)
	var a console.AssignmentView
	b.do("POST", "/works/"+string(work.ID)+"/people", map[string]any{
		"person": c.who["op"].ID, "from": "2026-11-22", "until": "2026-11-30", "subcontracted": true,
	}).into(t, &a)
	if one.Name != "架空商事" || !a.Today || a.Until != "2026-11-30" || !a.Subcontracted || a.Name != c.who["op"].Name {
		t.Errorf("%+v %+v", one, a)
	}
	for body, code := range map[string]string{
		`{"person":"` + string(c.who["op"].ID) + `","from":"2026-02-30","until":"","subcontracted":false}`:           "client.day",
		`{"person":"` + string(c.who["op"].ID) + `","from":"2026-12-02","until":"2026-12-01","subcontracted":false}`: "client.days",
		`{"person":"` + string(c.who["op"].ID) + `","from":"2026-11-30","until":"","subcontracted":false}`:           "client.overlap",
		`{"person":"` + string(c.who["sv"].ID) + `","from":"2026-11-30","until":"","subcontracted":false}`:           "client.not_operator",
	} {
		if a := b.do("POST", "/works/"+string(work.ID)+"/people", body); a.code() != code {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	b.do("PATCH", "/assignments/"+string(a.ID), map[string]any{"until": "2026-11-23"}).into(t, &a)
	if a.Until != "2026-11-23" {
		t.Errorf("%+v", a)
	}
	if a := b.do("DELETE", "/assignments/"+string(a.ID), nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := b.do("PUT", "/works/"+string(work.ID)+"/desktops/none", nil); a.status != http.StatusNotFound {
		t.Errorf("a desktop nobody has: %d %s", a.status, a.body)
	}
	for _, kind := range []string{"client.created", "work.created", "work.assigned", "work.assignment_ended", "work.assignment_withdrawn"} {
		rows := c.rows(kind)
		if len(rows) != 1 || rows[0].Event.Actor.Person != c.who["admin"].ID {
			t.Errorf("%s: %d rows", kind, len(rows))
		}
		if text := string(made(json.Marshal(rows[0].Event.Detail))(t)); strings.Contains(text, c.who["op"].Name) {
			t.Errorf("%s keeps a name for ever: %s", kind, text)
		}
	}
}
