package console_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/calls/recordings"
	"github.com/sekisho/sekisho/internal/calls/trunks"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/foundation/siem"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/foundation/vault"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/attestation"
	"github.com/sekisho/sekisho/internal/gate/certs"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/disasters"
	"github.com/sekisho/sekisho/internal/gate/faces"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/identities"
	"github.com/sekisho/sekisho/internal/gate/kitting"
	"github.com/sekisho/sekisho/internal/gate/loans"
	"github.com/sekisho/sekisho/internal/gate/networks"
	"github.com/sekisho/sekisho/internal/gate/offices"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/passwords"
	"github.com/sekisho/sekisho/internal/gate/permits"
	"github.com/sekisho/sekisho/internal/gate/policies"
	"github.com/sekisho/sekisho/internal/gate/pools"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/gate/readiness"
	"github.com/sekisho/sekisho/internal/gate/reminders"
	"github.com/sekisho/sekisho/internal/gate/reports"
	own "github.com/sekisho/sekisho/internal/gate/roles"
	"github.com/sekisho/sekisho/internal/gate/rules"
	"github.com/sekisho/sekisho/internal/gate/shifts"
	"github.com/sekisho/sekisho/internal/gate/ties"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/gate/witnesses"
	"github.com/sekisho/sekisho/internal/guard/evidence"
	"github.com/sekisho/sekisho/internal/guard/presence"
	"github.com/sekisho/sekisho/internal/road/desktops"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

const origin = "http://console.localhost:8080"

// centre is a whole centre behind the real door, on SQLite, with a clock that
// moves only when told to.
type centre struct {
	t          testing.TB
	clk        *clock.Fake
	db         *storage.DB
	log        *audit.Log
	people     *operators.Operators
	devices    *devices.Inventory
	passwords  *passwords.Passwords
	approvals  *approvals.Approvals
	posture    *posture.Posture
	clients    *clients.Clients
	rules      *rules.Rules
	disasters  *disasters.Disasters
	networks   *networks.Networks
	offices    *offices.Offices
	permits    *permits.Permits
	pools      *pools.Pools
	ties       *ties.Ties
	loans      *loans.Loans
	roles      *own.Roles
	shifts     *shifts.Shifts
	identities *identities.Identities
	readiness  *readiness.Readiness
	book       *grants.Book
	presence   *presence.Presence
	evidence   *evidence.Evidence
	desktops   *desktops.Desktops
	training   *training.Training
	rosters    rosters
	changes    *changes
	taken      atomic.Int64
	config     console.Config
	door       *console.Door
	server     *httptest.Server
	who        map[string]operators.Person // by login
	seats      *seats
	witnesses  *witnesses.Witnesses
	trunks     *trunks.Trunks
	queues     *acd.ACD
	telephone  *telephone
	recordings *recordings.Recordings
	flows      flowRooms
}

type changes struct {
	mu   sync.Mutex
	open []chan wire.Event
}

func (c *changes) Changes() (<-chan wire.Event, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := make(chan wire.Event, 16)
	c.open = append(c.open, ch)
	return ch, func() {}
}

func (c *changes) tell(kind string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ch := range c.open {
		ch <- wire.Event{Type: kind}
	}
}

type trusted struct{ wire.TrustRoots }

func (t trusted) Trust() wire.TrustRoots { return t.TrustRoots }

type policiesOf struct{ p *policies.Policies }

func (v policiesOf) AllowsSoftwareKeys(ctx context.Context, name sekisho.PolicyName) (bool, error) {
	p, err := v.p.Get(ctx, name)
	return err == nil && p.AllowSoftware, err
}

func (v policiesOf) PlaceOf(ctx context.Context, name sekisho.PolicyName) (sekisho.Place, error) {
	p, err := v.p.Get(ctx, name)
	return p.Place, err
}

// rosters are those that sealed records may name.
type rosters []sealing.Roster

func (r *rosters) Rosters() []sealing.Roster { return *r }

// evidenceOf speaks of evidence in presence's words, as the wiring does.
type evidenceOf struct{ *evidence.Evidence }

func (v evidenceOf) Facts(ctx context.Context, id sekisho.IncidentID) (presence.Facts, error) {
	f, err := v.Evidence.Facts(ctx, id)
	out := presence.Facts{Pictures: f.Pictures, DeleteAt: f.DeleteAt, Held: f.Held}
	for _, w := range f.Viewers {
		out.Viewers = append(out.Viewers, presence.Viewer{Person: w.Person, Role: w.Role, At: w.At, Reason: w.Reason})
	}
	return out, err
}

func (v evidenceOf) Download(ctx context.Context, by sekisho.PersonID, hash, reason string) (io.ReadCloser, error) {
	return v.Evidence.Download(ctx, evidence.By{Person: by, Role: sekisho.RoleOfficer}, hash, reason)
}

// KeptOf lists what is kept now of an incident, not what its PC named.
func (v evidenceOf) KeptOf(ctx context.Context, id sekisho.IncidentID) (hashes []string, err error) {
	all, err := v.Bundles(ctx, id)
	for _, b := range all {
		if b.Deleted.IsZero() {
			hashes = append(hashes, b.Hash)
		}
	}
	return hashes, err
}

func (v evidenceOf) Hold(ctx context.Context, by sekisho.PersonID, id sekisho.IncidentID, reason string) error {
	return v.Evidence.Hold(ctx, evidence.By{Person: by, Role: sekisho.RoleOfficer}, id, reason)
}

func (v evidenceOf) Release(ctx context.Context, by sekisho.PersonID, id sekisho.IncidentID, reason string) error {
	return v.Evidence.Release(ctx, evidence.By{Person: by, Role: sekisho.RoleOfficer}, id, reason)
}

var page = fstest.MapFS{
	"index.html":          {Data: []byte(`<!doctype html><meta property="csp-nonce" nonce="__NONCE__"><script type="module" src="./assets/a-1.js" nonce="__NONCE__"></script>`)},
	"assets/a-1.js":       {Data: []byte(strings.Repeat("console.log(1);\n", 200))},
	"assets/a-1.css":      {Data: []byte("a{}")},
	"icon.svg":            {Data: []byte("<svg/>")},
	"secret.unknown-kind": {Data: []byte("x")},
	".gitkeep":            {},
}

func newCentre(t testing.TB, seeded bool) *centre {
	t.Helper()
	c := &centre{t: t, clk: clock.NewFake(time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC)), changes: &changes{}, who: map[string]operators.Person{}}
	ctx := t.Context()
	db := storagetest.SQLite(t)
	c.db = db
	schemas := []storage.Schema{
		seal.Schema, audit.Schema, certs.Schema, attestation.Schema, devices.Schema, policies.Schema, posture.Schema, approvals.Schema,
		operators.Schema, passwords.Schema, faces.Schema, grants.Schema, presence.Schema, evidence.Schema, desktops.Schema, training.Schema, reminders.Schema,
		searches.Schema, siem.Schema, reports.Schema,
		clients.Schema, rules.Schema, networks.Schema, offices.Schema, permits.Schema, ties.Schema, loans.Schema, own.Schema, shifts.Schema, identities.Schema, disasters.Schema, readiness.Schema, pools.Schema, witnesses.Schema, ivr.Schema,
		trunks.Schema, acd.Schema, ivr.Schema,
		recordings.Schema,
	}
	must(t, db.Migrate(ctx, schemas...))
	dir := t.TempDir()
	box := made(seal.Open(filepath.Join(dir, "master.key")))(t)
	keys := seal.NewKeys(db, c.clk, box)
	c.log = made(audit.New(db, c.clk, made(keys.Ed25519(ctx, "audit"))(t), "test.audit", audit.InFolder(filepath.Join(dir, "audit"))))(t)
	t.Cleanup(func() { must(t, c.log.Close()) })
	store := made(vault.OpenFolder(filepath.Join(dir, "vault"), c.clk.Now()))(t)
	ca := made(certs.New(ctx, db, keys, c.clk, c.log, certs.Config{Names: []string{"localhost"}}))(t)
	guarding := policies.New(db, c.clk, c.log)
	roots := trusted{wire.TrustRoots{CA: ca.CA().Raw, AuditKey: c.log.VerifierKey()}}
	attests := attestation.New(db, c.clk, c.log)
	c.devices = devices.New(devices.Deps{DB: db, Clock: c.clk, Log: c.log, Certificates: ca, Attestation: attests, Policies: policiesOf{guarding}, Trust: roots})
	c.people = made(operators.New(db, c.clk, c.log, map[operators.RP]operators.Party{
		operators.RPConsole: {ID: "console.localhost", Name: "test", Origins: []string{origin}},
		operators.RPHome:    {ID: "sekisho.localhost", Name: "test", Origins: []string{"http://sekisho.localhost:7777"}},
	}))(t)
	c.passwords = made(passwords.New(ctx, db, c.clk, c.log, keys, c.people))(t)
	c.approvals = approvals.New(db, c.clk, c.log, c.people)
	c.clients = clients.New(db, c.clk, c.log, c.people)
	c.networks = networks.New(db, c.clk, c.log)
	c.offices = offices.New(db, c.clk, c.log)
	c.roles = own.New(db, c.clk, c.log, c.people)
	c.people.TrustAlso(c.roles.Held)
	c.identities = made(identities.New(db, c.clk, c.log, c.people, identities.Settings{}))(t)
	c.shifts = shifts.New(db, c.clk, c.log, c.people)
	c.rules = rules.New(db, c.clk, c.log, subjects{c})
	c.disasters = disasters.New(db, c.clk, c.log, c.rules)
	c.rules.WidenBy(func(ctx context.Context, tx storage.Tx) (rules.Widening, error) {
		now, err := c.disasters.NowIn(ctx, tx)
		return rules.Widening{ID: string(now.ID), Text: now.Text}, err
	})
	c.evidence = evidence.New(db, c.clk, evidence.Deps{Vault: store, Audit: c.log, Rosters: &c.rosters})
	c.training = training.New(db, c.clk, c.log)
	must(t, c.training.Seed(ctx))
	c.witnesses = witnesses.New(db, c.clk, witnesses.Deps{Questions: asking{c.approvals}, People: c.people, Incidents: others{c}, Pictures: c.evidence, Audit: c.log})
	facing := faces.New(db, c.clk, faces.Deps{Witness: c.approvals, Watched: confirmedBy{c}, People: c.people, Pictures: c.evidence, Audit: c.log})
	c.posture = posture.New(db, c.clk, c.log)
	c.permits, c.ties, c.loans = permits.New(db, c.clk, c.log, c.devices), ties.New(db, c.clk, c.log), loans.New(db, c.clk, c.log, loanDevices{c.devices})
	c.pools = pools.New(db, c.clk, pools.Deps{Log: c.log, People: c.people, Devices: poolDevices{c.devices, ca}, Clients: poolClients{c.clients}, Faces: facing})
	c.book = made(grants.NewBook(ctx, db, c.clk, grants.Deps{Faces: facing, Approvals: c.approvals, People: c.people, Policies: guarding, Rules: rulings{}, Ties: c.ties, Shifts: c.shifts, Seats: alone{}, Training: c.training, Posture: c.posture, Audit: c.log}))(t)
	c.presence = made(presence.New(ctx, db, c.clk, c.book, presence.Deps{Evidence: evidenceOf{c.evidence}, People: c.people, Audit: c.log}))(t)
	c.desktops = desktops.New(db, c.clk, box, c.log)
	c.readiness = readiness.New(db, c.clk, readiness.Deps{Audit: c.log, People: c.people, Box: box, Facts: everybodyAtHome{c}})
	c.seats = &seats{Book: c.book}
	c.queues = made(acd.New(db, c.clk, c.log, acd.Deps{Clients: c.clients}))(t)
	c.flows = flowRooms{ivr.New(ivr.Parts{DB: db, Clock: c.clk, Log: c.log, House: flowHouse{c}, Box: box})}
	t.Cleanup(c.flows.Close)
	c.trunks = made(trunks.New(db, c.clk, box, c.log, trunks.Config{Bind: netip.IPv4Unspecified(), Public: netip.MustParseAddr("127.0.0.1"), FirstPort: 20_000, LastPort: 20_100, Country: "81"}))(t)
	c.ring(dir, box, keys)
	c.config = console.Config{
		Trunks: c.trunks, Queues: c.queues, FlowNames: c.flows,
		CallFloor: c.telephone, Recordings: c.recordings,
		Readiness: c.readiness, Witnesses: receipts{c.witnesses, c.log},
		Flows:  c.flows,
		Origin: origin, Agents: "sekisho.example.jp:8444", Pages: page, Clock: c.clk,
		SignIn: c.people, People: c.people, Passwords: c.passwords, Devices: c.devices, Approvals: c.approvals, Policies: guarding, Posture: c.posture,
		Clients: c.clients, Rules: administering{c.rules}, Roles: c.roles, Shifts: c.shifts, Identities: c.identities, Networks: c.networks, Offices: c.offices, Disasters: c.disasters, Book: c.seats, Faces: facing,
		Incidents: c.presence, Evidence: evidenceOf{c.evidence}, Desktops: c.desktops, Audit: c.log, Changes: c.changes, Training: c.training, Attestation: attests,
		Taken:    func() { c.taken.Add(1) },
		Mailing:  made(reminders.New(db, c.clk, c.log, nil, reminders.Settings{}))(t),
		Searches: searches.New(db, c.clk, c.log), SIEM: made(siem.New(db, c.clk, c.log, siem.Settings{}))(t),
		Loans: c.loans, Permits: c.permits, Ties: c.ties, Kitting: kitting.New(kitDevices{c.devices}, c.loans, kitPeople{c.people}, guarding), Pools: c.pools,
		Reports: reports.New(db, c.clk, c.log, c.clients, reports.Centre{Name: "見本センター"}),
	}
	c.door = made(console.New(c.config))(t)
	c.server = httptest.NewServer(c.door)
	t.Cleanup(c.server.Close)
	if seeded {
		c.seed()
	}
	return c
}

func (c *centre) seed() {
	c.t.Helper()
	person := func(login string, roles ...sekisho.Role) operators.Person {
		return operators.Person{Name: "見本 " + login, Kana: "ミホン", Login: login, Roles: roles, FaceUsable: true, Place: sekisho.PlaceHome}
	}
	list := made(c.people.SeedDemo(c.t.Context(), []operators.Person{
		person("op", sekisho.RoleOperator), person("sv", sekisho.RoleSupervisor), person("sv2", sekisho.RoleSupervisor),
		person("admin", sekisho.RoleAdministrator), person("officer", sekisho.RoleOfficer), person("auditor", sekisho.RoleAuditor),
		person("op-a", sekisho.RoleOperator), person("op-b", sekisho.RoleOperator),
		person("client-a", sekisho.RoleAuditor), person("client-b", sekisho.RoleAuditor),
	}))(c.t)
	for _, p := range list {
		c.who[p.Login] = p
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func made[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// browser is one browser's way to the door: it sends what browsers send.
type browser struct {
	c      *centre
	cookie string
	header http.Header // replaces what a browser would send; "" takes it away
}

func (c *centre) browser() *browser { return &browser{c: c, header: http.Header{}} }

// as signs somebody in by the demonstration's login.
func (c *centre) as(login string) *browser {
	c.t.Helper()
	b := c.browser()
	if a := b.do("POST", "/session/demo", map[string]any{"person": c.who[login].ID}); a.status != http.StatusOK {
		c.t.Fatalf("sign in as %s: %d %s", login, a.status, a.body)
	}
	return b
}

type reply struct {
	status int
	header http.Header
	body   string
	cookie *http.Cookie
}

func (r reply) code() string {
	var p wire.Problem
	if json.Unmarshal([]byte(r.body), &p) != nil {
		return ""
	}
	return p.Code
}

func (r reply) into(t testing.TB, v any) {
	t.Helper()
	if r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.body)
	}
	must(t, json.Unmarshal([]byte(r.body), v))
}

func (b *browser) do(method, path string, body any) reply {
	b.c.t.Helper()
	return b.raw(method, "/api/console/v1"+path, body)
}

func (b *browser) raw(method, path string, body any) reply {
	b.c.t.Helper()
	var in io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(v)
	default:
		in = bytes.NewReader(made(json.Marshal(v))(b.c.t))
	}
	r := made(http.NewRequest(method, b.c.server.URL+path, in))(b.c.t)
	r.Host = strings.TrimPrefix(origin, "http://")
	r.Header.Set("Accept-Language", "ja")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if method != "GET" {
		r.Header.Set("Origin", origin)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if b.cookie != "" {
		r.Header.Set("Cookie", "__Host-sekisho="+b.cookie)
	}
	for name, values := range b.header {
		r.Header.Del(name)
		if name == "Host" {
			r.Host = values[0]
		} else if values[0] != "" {
			r.Header.Set(name, values[0])
		}
	}
	res := made(http.DefaultTransport.RoundTrip(r))(b.c.t)
	defer res.Body.Close()
	out := reply{status: res.StatusCode, header: res.Header, body: string(made(io.ReadAll(res.Body))(b.c.t))}
	for _, ck := range res.Cookies() {
		if ck.Name == "__Host-sekisho" {
			out.cookie = ck
			b.cookie = ck.Value
		}
	}
	return out
}

// rows gives the log's entries of a kind, newest first.
func (c *centre) rows(kind string) []audit.Entry {
	c.t.Helper()
	must(c.t, c.log.Flush(c.t.Context()))
	return made(c.log.Search(c.t.Context(), audit.Filter{Kind: kind}))(c.t)
}
