package console_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
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
	recording  sekisho.RecordingID
	listening  string // of its recording, by its auditor
}

type holdings map[string]holding

// twoClients are companies A and B, each with a work, an operator, his PC, a
// desktop, an incident and an auditor of its own.
func (c *centre) twoClients() holdings {
	c.t.Helper()
	return holdings{
		ofA: c.company("架空商事", "op-a", "client-a", 1), ofB: c.company("模擬物産", "op-b", "client-b", 2),
		foreign: {"none", "none", "none", "none", "none", "none", "none", "none", "none", "none", 1 << 40, "none", "none"},
	}
}

func (c *centre) company(name, operator, auditor string, n byte) (h holding) {
	c.t.Helper()
	ctx, admin := c.t.Context(), c.who["admin"].ID
	var report console.ReportView // while there are fewer than two clients
	c.as("officer").do("POST", "/reports", map[string]string{"from": "2026-11-01", "to": "2026-11-22", "language": "ja", "format": "html", "addressee": name}).into(c.t, &report)
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
	var search console.SavedSearchView
	c.as("auditor").do("POST", "/audit/searches", map[string]any{"name": name, "query": console.SearchQuery{Person: string(h.operator)}}).into(c.t, &search)
	h.report, h.search = report.ID, search.ID
	rows := c.rowsAbout(string(h.work))
	h.seq = rows[0].Seq
	h.recording = c.recorded(h.client, h.work, h.operator)
	var opened console.ListeningView
	c.as(auditor).do("POST", "/recordings/"+string(h.recording)+"/listen", nil).into(c.t, &opened)
	h.listening = opened.Listening
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
			"/readiness/clients/": string(one.client), "/readiness/people/": string(one.operator), "/readiness/checks/": string(one.incident),
			"/flows/": string(one.incident), "/flow-parts/": string(one.client), "/prompts/": string(one.incident), "/calendars/": string(one.incident), "/lookups/": string(one.incident),
			"/loans/": string(one.device), "/permits/": string(one.incident), "/pools/": string(one.incident), "/witness/": string(one.incident), "/old-faces/": string(one.device),
			"/shifts/people/": string(one.operator), "/roles/": "none", "/training/people/": string(one.operator), "/training/courses/": "home", "/training/questions/": "none", "/training/documents/": "pledge", "/training/practice/": "paper",
			"/trunks/": string(one.incident), "/numbers/": "+81312345678", "/queues/": string(one.incident), "/skills/": string(one.operator),
			"/calls/": string(one.incident), "/calls/people/": string(one.operator), "/recordings/": string(one.recording), "/recordings/retention/": string(one.client), "/listening/": one.listening,
		}
		before, _, _ := strings.Cut(path, "{")
		id, known := ids[before]
		if !known {
			t.Fatalf("%s: name its objects here", route)
		}
		filled := strings.NewReplacer(
			"{id}", id, "{seq}", id, "{number}", id, "{door}", id, "{name}", id, "{hash}", id, "{client}", id, "{person}", string(one.auditor), "{desktop}", string(one.desktop), "{device}", string(one.device),
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
			if strings.HasSuffix(path, "/proof") && answer.status == http.StatusOK {
				proof := made(checkpoint.ParseProof([]byte(answer.body)))(t) // its words stand in base64
				if answer.body += string(proof.Extra); len(proof.Extra) > 0 {
					t.Errorf("%s, %s: the whole row is in the proof", route, whose)
				}
			}
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
	var row console.AuditPageView
	own.do("GET", fmt.Sprintf("/audit/%d", a.seq), nil).into(t, &row)
	answer := own.do("GET", fmt.Sprintf("/audit/%d/proof", a.seq), nil)
	proof := made(checkpoint.ParseProof([]byte(answer.body)))(t)
	verifier := made(checkpoint.NewVerifier(c.log.VerifierKey()))(t)
	leaf := made(hex.DecodeString(row.Rows[0].Leaf))(t)
	if _, err := proof.VerifyHash(verifier, verifier.Name(), tlog.Hash(leaf)); err != nil {
		t.Errorf("proof of an own row: %d, %v", answer.status, err)
	}
	whole := made(checkpoint.ParseProof([]byte(c.as("auditor").do("GET", fmt.Sprintf("/audit/%d/proof", a.seq), nil).body)))(t)
	if !strings.Contains(string(whole.Extra), string(c.who["admin"].ID)) { // the control
		t.Errorf("the centre's auditor is not given the row: %s", whole.Extra)
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

// TestWhoDecidedIsNotSaid: also where he was once one of the client's people.
func TestWhoDecidedIsNotSaid(t *testing.T) {
	c := newCentre(t, true)
	h := c.twoClients()
	ctx, admin, officer := t.Context(), c.who["admin"].ID, c.who["officer"]
	both := []sekisho.Role{sekisho.RoleOperator, sekisho.RoleOfficer}
	made(c.people.Update(ctx, admin, officer.ID, operators.Change{Roles: &both}))(t)
	from, until := made(clients.ParseDay("2026-11-01"))(t), made(clients.ParseDay("2026-11-03"))(t)
	made(c.clients.Assign(ctx, admin, clients.Assignment{Work: h[ofA].work, Person: officer.ID, From: from, Until: until}))(t)
	if a := c.as("officer").do("POST", "/incidents/"+string(h[ofA].incident)+"/decide", map[string]any{"decision": "harmless", "note": "家族が通りました"}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	own := c.as("client-a")
	for _, path := range []string{"/incidents", "/incidents/" + string(h[ofA].incident)} {
		a := own.do("GET", path, nil)
		if !strings.Contains(a.body, `"decision":"harmless"`) || strings.Contains(a.body, officer.Name) || strings.Contains(a.body, string(officer.ID)) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	var page console.AuditPageView
	own.do("GET", "/audit?kind=incident.decided", nil).into(t, &page)
	if len(page.Rows) != 1 || page.Rows[0].Person != "" || page.Rows[0].Detail["person"] != string(h[ofA].operator) {
		t.Fatalf("%+v", page.Rows)
	}
	own.do("GET", "/audit?kind=incident.decided&person="+string(officer.ID), nil).into(t, &page)
	if len(page.Rows) != 0 {
		t.Errorf("asked for him, the log answers: %+v", page.Rows)
	}
	own.do("GET", "/audit?person="+string(h[ofA].operator), nil).into(t, &page)
	if len(page.Rows) == 0 { // the control
		t.Error("asked for its operator, the log is silent")
	}
}

// TestEveryIncidentOfAClientIsItsOwn: beyond the newest page too, and behind
// more of them than that which are another client's.
func TestEveryIncidentOfAClientIsItsOwn(t *testing.T) {
	c := newCentre(t, true)
	h := c.twoClients()
	ctx := t.Context()
	const many = 700 // more than presence gives at once, all of one moment
	must(t, c.db.Write(ctx, func(tx storage.Tx) error {
		for n := range many {
			for at, name := range map[string]string{"at": "own", "1": "before"} { // on his days, and long before them
				_, err := tx.Exec(ctx, `INSERT INTO presence_incidents (id, person, device, connection, session, state, at, reported, first_ms, faces, os_locked, lock_why,
					hashes, evidence, decision, decider, decided, note, objection)
					SELECT ?, person, device, connection, session, state, `+at+`, reported, first_ms, faces, os_locked, lock_why,
					hashes, 'missing', decision, decider, decided, note, objection FROM presence_incidents WHERE id = ?`,
					fmt.Sprintf("%s-%04d", name, n), string(h[ofA].incident))
				if err != nil {
					return err
				}
			}
		}
		return nil
	}))
	oldest := audit.Object{Type: "incident", ID: "own-0000"}
	foreign := audit.Object{Type: "incident", ID: "before-0000"}
	for _, o := range []audit.Object{oldest, foreign} {
		c.log.Afterwards(audit.Event{Kind: "incident.decided", Actor: audit.Actor{Person: c.who["officer"].ID, Role: sekisho.RoleOfficer}, Object: o, Decision: audit.Allow})
	}
	must(t, c.log.Flush(ctx))
	own := c.as("client-a")
	var list console.IncidentsView
	own.do("GET", "/incidents", nil).into(t, &list)
	if len(list.Incidents) != 500 {
		t.Errorf("%d incidents are listed", len(list.Incidents))
	}
	for object, want := range map[string]int{oldest.ID: 1, foreign.ID: 0} {
		var page console.AuditPageView
		own.do("GET", "/audit?object="+object, nil).into(t, &page)
		if len(page.Rows) != want {
			t.Errorf("%s: %d rows", object, len(page.Rows))
		}
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
	release := func(when string) {
		t.Helper()
		a := c.as("admin").do("DELETE", "/clients/"+string(h[ofA].client)+"/auditors/"+string(h[ofA].auditor), nil)
		if a.status != http.StatusConflict || a.code() != "client.auditor_release" {
			t.Errorf("released into the whole centre, %s: %d %s", when, a.status, a.body)
		}
	}
	release("while he works")
	made(c.people.Suspend(t.Context(), admin, h[ofA].auditor, "見本"))(t)
	release("while he is suspended")
	made(c.people.Resume(t.Context(), admin, h[ofA].auditor))(t)
	if a := c.as("client-a").do("GET", "/clients/"+string(h[ofB].client), nil); a.status == http.StatusOK {
		t.Errorf("resumed, he reads another client: %s", a.body)
	}
	own = c.as("client-a") // the suspension ended the session he had
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
