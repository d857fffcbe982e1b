package console_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/offices"
	"github.com/sekisho/sekisho/internal/gate/operators"
	own "github.com/sekisho/sekisho/internal/gate/roles"
	"github.com/sekisho/sekisho/internal/wire"
)

// seats are live guard sessions beside those of the book: the door asks of them
// only whether they are still there.
type seats struct {
	console.Book
	mu   sync.Mutex
	live []grants.Seat
}

func (s *seats) Live() []grants.Seat {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(s.Book.Live(), s.live...)
}

func (s *seats) end(id sekisho.SessionID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = slices.DeleteFunc(s.live, func(one grants.Seat) bool { return one.Session == id })
}

// seat is a live guard session of somebody, as the desk door hands it over.
func (c *centre) seat(login string) console.Inside {
	c.t.Helper()
	person, id := c.who[login].ID, sekisho.SessionID(wire.NewID())
	c.seats.mu.Lock()
	defer c.seats.mu.Unlock()
	c.seats.live = append(c.seats.live, grants.Seat{Person: person, Session: id, Phase: grants.PhaseLive, Class: sekisho.ClassFace})
	return console.Inside{
		Guarded: operators.Guarded{Session: id, Person: person}, Address: netip.AddrFrom4([4]byte{100, 64, 0, byte(9 + len(c.seats.live))}), Class: sekisho.ClassFace,
	}
}

// carry sends one request as a PC's agent does.
func (c *centre) carry(in console.Inside, method, path string, body any, change ...func(*http.Request)) reply {
	c.t.Helper()
	b := []byte{}
	if body != nil {
		b = made(json.Marshal(body))(c.t)
	}
	r := httptest.NewRequestWithContext(c.t.Context(), method, "http://100.64.0.1/api/console/v1"+path, bytes.NewReader(b))
	r.Header.Set("Content-Type", "application/json")
	r.RemoteAddr = in.Address.String() + ":4000"
	for _, fn := range change {
		fn(r)
	}
	w := httptest.NewRecorder()
	c.door.Carry(w, r, in)
	return reply{status: w.Code, header: w.Header(), body: w.Body.String()}
}

func (c *centre) atHome(login string) console.Inside {
	c.t.Helper()
	in := c.seat(login)
	if a := c.carry(in, "POST", "/session/demo", map[string]any{"person": in.Person}); a.status != http.StatusOK || a.header.Get("Set-Cookie") != "" {
		c.t.Fatalf("sign in at home as %s: %d %s %s", login, a.status, a.body, a.header)
	}
	return in
}

// TestTheConsoleAtAnIssuedPC: it answers its own person, and keeps to the table.
func TestTheConsoleAtAnIssuedPC(t *testing.T) {
	c := newCentre(t, true)
	in := c.seat("sv")
	var view console.SessionView
	c.carry(in, "GET", "/session", nil).into(t, &view)
	if view.State != "signed_out" || view.Home == nil || view.Home.Name != c.who["sv"].Name || view.Home.Passkey {
		t.Fatalf("%+v", view)
	}
	if a := c.carry(in, "GET", "/floor", nil); a.code() != "console.signed_out" {
		t.Errorf("a face alone opens it: %d %s", a.status, a.body)
	}
	if a := c.carry(in, "POST", "/session/demo", map[string]any{"person": c.who["admin"].ID}); a.code() != "home.other_person" {
		t.Errorf("somebody else signed in: %d %s", a.status, a.body)
	}
	c.carry(in, "POST", "/session/demo", map[string]any{"person": in.Person}).into(t, &view)
	if view.State != "signed_in" || view.Person.ID != in.Person || view.Home == nil {
		t.Fatalf("%+v", view)
	}
	if a := c.carry(in, "GET", "/floor", nil); a.status != http.StatusOK { // the control
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := c.carry(in, "GET", "/people", nil); a.code() != "console.role_missing" {
		t.Errorf("%d %s", a.status, a.body)
	}
	admin := c.atHome("admin")
	for _, route := range []string{"GET /audit/rows", "GET /audit/export", "GET /audit/1/proof", "GET /evidence/x", "GET /reports/x/file", "GET /training/records", "POST /kitting/plan", "POST /kitting/apply", "GET /setup", "POST /session/password/begin", "POST /session/oidc/begin", "POST /invitations/begin"} {
		method, path, _ := bytesCut(route)
		if a := c.carry(admin, method, path, map[string]any{}); a.code() != "home.not_here" {
			t.Errorf("%s: %d %s", route, a.status, a.body)
		}
	}
	for _, path := range []string{"/home/passkey/begin", "/home/passkey/finish"} {
		if a := c.as("admin").do("POST", path, map[string]any{"code": "x", "ceremony": "x", "credential": map[string]any{}}); a.code() != "home.only_here" {
			t.Errorf("%s at the console's own address: %d %s", path, a.status, a.body)
		}
	}
	if a := c.carry(in, "POST", "/home/passkey/begin", map[string]any{"code": "AAAAA-AAAAA-AAAAA-AAAAA"}); a.code() != "link.invalid" {
		t.Errorf("a guessed code: %d %s", a.status, a.body)
	}
	rows := c.rows("login.accepted")
	if !slices.ContainsFunc(rows, func(e audit.Entry) bool { return e.Event.Detail["rp"] == "home" && e.Event.Actor.Person == in.Person }) {
		t.Errorf("%+v", rows)
	}
}

func bytesCut(route string) (method, path string, ok bool) {
	b, a, ok := bytes.Cut([]byte(route), []byte(" "))
	return string(b), string(a), ok
}

// TestWhatPagesSaveIsNotCarried: whatever a page of the console saves as a file is
// a route that no PC's agent carries, also the next one that somebody writes.
func TestWhatPagesSaveIsNotCarried(t *testing.T) {
	pages := "../../../web/apps/console/src"
	saved := regexp.MustCompile("download\\((?:query\\()?[`']([^`'?]+)[`'?]|(/audit/rows)")
	named := regexp.MustCompile(`\$?\{[^}]*\}`)
	found := map[string]bool{}
	must(t, filepath.WalkDir(pages, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.Contains(path, ".test.") || !strings.HasPrefix(filepath.Ext(path), ".ts") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range saved.FindAllStringSubmatch(string(b), -1) {
			found["GET "+named.ReplaceAllString(m[1]+m[2], "*")] = true
		}
		return err
	}))
	carried := map[string]bool{}
	for _, route := range console.OfficeOnly() {
		carried[named.ReplaceAllString(route, "*")] = true
	}
	for route := range found {
		if !carried[route] {
			t.Errorf("a page saves %s, and a PC's agent carries it", route)
		}
	}
	if len(found) < 6 {
		t.Errorf("only %d files that pages save were found: %v", len(found), found)
	}
}

// TestNobodyElsesSessionAnswers: every guard session has its own console session,
// and cookies and headers mean nothing there.
func TestNobodyElsesSessionAnswers(t *testing.T) {
	c := newCentre(t, true)
	admin, sv := c.atHome("admin"), c.seat("sv")
	if a := c.carry(sv, "GET", "/people", nil); a.code() != "console.signed_out" {
		t.Errorf("another's session: %d %s", a.status, a.body)
	}
	office := c.as("admin")
	stolen := func(r *http.Request) {
		r.Header.Set("Cookie", "__Host-sekisho="+office.cookie)
		r.Header.Set("Authorization", "Bearer "+office.cookie)
	}
	if a := c.carry(sv, "GET", "/people", nil, stolen); a.code() != "console.signed_out" {
		t.Errorf("a cookie of the office through the tunnel: %d %s", a.status, a.body)
	}
	// What the room stored for the PC's session is worth nothing at the console's own address.
	hash := ""
	must(t, c.db.Read(t.Context(), func(tx storage.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT hash FROM operators_sessions WHERE guard = ?", string(admin.Session)).Scan(&hash)
	}))
	token := c.door.Held(admin.Session)
	if token == "" || hash == "" {
		t.Fatal("no session is held")
	}
	thief := c.browser()
	thief.cookie = token
	if a := thief.do("GET", "/people", nil); a.code() != "console.signed_out" {
		t.Errorf("the bearer of a PC at the console's own address: %d %s", a.status, a.body)
	}
	if a := c.carry(admin, "GET", "/people", nil); a.status != http.StatusOK { // the control
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := office.do("GET", "/people", nil); a.status != http.StatusOK { // and of the office
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestTheConsoleEndsWithTheLease: at once, and what is stored of it too; a sign-in
// that is under way opens nothing.
func TestTheConsoleEndsWithTheLease(t *testing.T) {
	c := newCentre(t, true)
	in := c.atHome("admin")
	token := c.door.Held(in.Session)
	if a := c.carry(in, "GET", "/people", nil); a.status != http.StatusOK {
		t.Fatalf("control: %d %s", a.status, a.body)
	}
	c.seats.end(in.Session)
	c.door.Ended(in.Session) // as the server does the moment a lease ends
	if a := c.carry(in, "GET", "/people", nil); a.code() != "console.signed_out" {
		t.Errorf("after the lease: %d %s", a.status, a.body)
	}
	if _, err := c.people.WhoamiIn(t.Context(), token, in.Session); err != nil {
		t.Fatalf("control: %v", err)
	}
	must(t, c.people.EndGuarded(context.Background(), in.Guarded))
	if _, err := c.people.WhoamiIn(t.Context(), token, in.Session); err == nil {
		t.Error("it is still stored")
	}
	if a := c.carry(in, "POST", "/session/demo", map[string]any{"person": in.Person}); a.code() != "console.signed_out" {
		t.Errorf("a sign-in that came late: %d %s", a.status, a.body)
	}
	if c.door.Held(in.Session) != "" {
		t.Error("a bearer of a dead lease is held")
	}
}

// TestWhoHasNothingToDoThere: operators, auditors, people without a face check,
// and requests that name no session reach no route.
func TestWhoHasNothingToDoThere(t *testing.T) {
	c := newCentre(t, true)
	op := c.seat("op")
	for _, path := range []string{"/session", "/floor", "/people", "/nothing"} {
		if a := c.carry(op, "GET", path, nil); a.code() != "console.not_for_you" {
			t.Errorf("an operator at %s: %d %s", path, a.status, a.body)
		}
	}
	sv := c.seat("sv")
	for name, change := range map[string]func(*console.Inside){
		"no session":            func(i *console.Inside) { i.Session = "" },
		"nobody":                func(i *console.Inside) { i.Person = "" },
		"approved, not by face": func(i *console.Inside) { i.Class = sekisho.ClassApproved },
		"no class":              func(i *console.Inside) { i.Class = sekisho.LeaseClass("") },
		"an auditor":            func(i *console.Inside) { i.Person = c.who["auditor"].ID },
		"a client's auditor":    func(i *console.Inside) { i.Person = c.who["client-a"].ID },
		"nobody known":          func(i *console.Inside) { i.Person = "nobody" },
	} {
		in := sv
		change(&in)
		if a := c.carry(in, "GET", "/session", nil); a.status < 400 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := c.carry(sv, "GET", "/session", nil); a.status != http.StatusOK { // the control
		t.Errorf("%d %s", a.status, a.body)
	}
	if !slices.ContainsFunc(c.rows("door.refused"), func(e audit.Entry) bool {
		return e.Event.Reason == "console.not_for_you" && e.Event.Actor.Person == op.Person && e.Event.Session == op.Session
	}) {
		t.Error("a refused operator leaves no row")
	}
	if a := c.carry(sv, "GET", "/../../../x", nil); a.status < 400 {
		t.Errorf("a path that leaves the console: %d", a.status)
	}
}

// TestOutsideTheOfficeUnderTheGuardAlone: the rule binds sessions that are open
// already, sign-ins and open sockets; loopback is the server's own machine.
func TestOutsideTheOfficeUnderTheGuardAlone(t *testing.T) {
	c := newCentre(t, true)
	sv, admin := c.as("sv"), c.as("admin")
	far := http.Header{"X-Forwarded-For": {"198.51.100.1"}} // a proxy hides the address
	sv.header = far
	if a := sv.do("GET", "/floor", nil); a.status != http.StatusOK { // nobody is bound by default
		t.Fatalf("%d %s", a.status, a.body)
	}
	put := func(b *browser, seen int, ranges []string, roles ...string) reply {
		return b.do("PUT", "/offices", map[string]any{"seen": seen, "roles": append([]string{}, roles...), "ranges": append([]string{}, ranges...)})
	}
	away := c.as("admin")
	away.header = far
	if a := put(away, 0, []string{"192.0.2.0/24"}, "administrator"); a.code() != "office.locks_you_out" {
		t.Errorf("every administrator is locked out: %d %s", a.status, a.body)
	}
	for _, bad := range [][]string{{"auditor"}, {"client_auditor"}, {"anyone"}} {
		if a := put(admin, 0, nil, bad...); a.code() != "office.role" {
			t.Errorf("%v: %d %s", bad, a.status, a.body)
		}
	}
	if a := put(admin, 0, []string{"192.0.2.0/24"}, "supervisor"); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := sv.do("GET", "/floor", nil); a.code() != "office.outside" {
		t.Errorf("a session that was open: %d %s", a.status, a.body)
	}
	var view console.SessionView
	sv.do("GET", "/session", nil).into(t, &view)
	if view.State != "signed_out" {
		t.Errorf("%+v", view)
	}
	sv.header = http.Header{}
	if a := sv.do("GET", "/floor", nil); a.status != http.StatusOK { // in the office, here the server's own machine
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := away.do("GET", "/people", nil); a.status != http.StatusOK { // a role that is not bound
		t.Errorf("%d %s", a.status, a.body)
	}
	in := c.atHome("sv")
	if a := c.carry(in, "GET", "/floor", nil); a.status != http.StatusOK { // under the guard
		t.Errorf("%d %s", a.status, a.body)
	}
	boss := c.atHome("admin") // there he can bind himself, wherever the office is
	if a := c.carry(boss, "PUT", "/offices", map[string]any{"seen": 1, "roles": []string{"administrator", "supervisor"}, "ranges": []string{"192.0.2.0/24"}}); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	if err := c.offices.Allows(t.Context(), []sekisho.Role{sekisho.RoleAdministrator}, offices.From{}); sekisho.CodeOf(err) != "office.outside" {
		t.Errorf("%v", err)
	}
	if rows := c.rows("door.refused"); len(rows) == 0 || rows[0].Event.Reason != "office.outside" {
		t.Errorf("%+v", rows)
	}
}

// TestAnOwnRoleBindsOutsideTheOffice: beside any other role, as such and by the
// role from which its rights come.
func TestAnOwnRoleBindsOutsideTheOffice(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	one := made(c.roles.Do(t.Context(), c.who["admin"].ID, own.Change{Act: own.ActMake, Name: "見守り", Rights: []own.Right{own.WatchFloor}}, nil))(t)
	made(c.roles.Do(t.Context(), c.who["admin"].ID, own.Change{Act: own.ActGive, Role: one.ID, Seen: 1, Person: c.who["auditor"].ID}, nil))(t)
	far := c.as("auditor")
	far.header = http.Header{"X-Forwarded-For": {"198.51.100.1"}}
	for i, role := range []string{"operator", "supervisor"} {
		if a := admin.do("PUT", "/offices", map[string]any{"seen": i, "roles": []string{role}, "ranges": []string{}}); a.status != http.StatusOK && a.code() != "act.asked" {
			t.Fatalf("%d %s", a.status, a.body)
		}
		if a := far.do("GET", "/floor", nil); a.code() != "office.outside" {
			t.Errorf("%s is bound: %d %s", role, a.status, a.body)
		}
	}
}
