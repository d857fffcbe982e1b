package console

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// Config is everything behind the door.
type Config struct {
	Origin string // as browsers show it: "https://console.example.jp:8443"
	Agents string // host:port of the agents' door, for enrolment codes
	Pages  fs.FS  // the console's bundle (web.Console)
	Clock  clock.Clock

	SignIn     SignIn
	People     People
	Passwords  Passwords
	Devices    Devices
	Approvals  Approvals
	Policies   Policies
	Posture    Posture
	Clients    Clients
	Rules      Rules
	Roles      Roles
	Shifts     Shifts
	Identities Identities
	Networks   Networks
	Offices    Offices
	Disasters  Disasters
	Book       Book
	Faces      Faces
	Incidents  Incidents
	Evidence   Evidence
	Desktops   Desktops
	Training   Training
	Audit      Audit
	Changes    Changes
	Taken      func() // told when the whole log was taken away; it must not block

	Attestation Attestation
	Searches    Searches
	Reports     Reports
	SIEM        SIEM
	Mailing     Mailing

	Loans   Loans
	Permits Permits
	Ties    Ties
	Kitting Kitting

	Readiness Readiness
	Pools     Pools
	Witnesses Witnesses

	Trunks    Trunks
	Queues    Queues
	FlowNames FlowNames

	CallFloor  CallFloor
	Recordings Recordings

	Flows Flows
}

// missing names a part that was not handed in, or "". A door that opens without
// one of its rooms would refuse the people who need it, and nobody would know.
func (c Config) missing() string {
	for _, part := range []struct {
		name   string
		absent bool
	}{
		{"pages", c.Pages == nil}, {"clock", c.Clock == nil}, {"sign-in", c.SignIn == nil}, {"people", c.People == nil},
		{"passwords", c.Passwords == nil},
		{"devices", c.Devices == nil}, {"approvals", c.Approvals == nil}, {"policies", c.Policies == nil}, {"posture", c.Posture == nil}, {"book", c.Book == nil},
		{"clients", c.Clients == nil}, {"rules", c.Rules == nil}, {"roles", c.Roles == nil}, {"shifts", c.Shifts == nil}, {"identities", c.Identities == nil}, {"networks", c.Networks == nil}, {"offices", c.Offices == nil}, {"disasters", c.Disasters == nil},
		{"faces", c.Faces == nil}, {"incidents", c.Incidents == nil}, {"evidence", c.Evidence == nil},
		{"desktops", c.Desktops == nil}, {"training", c.Training == nil}, {"audit", c.Audit == nil}, {"changes", c.Changes == nil},
		{"attestation", c.Attestation == nil},
		{"searches", c.Searches == nil}, {"reports", c.Reports == nil}, {"siem", c.SIEM == nil}, {"mailing", c.Mailing == nil}, {"taken", c.Taken == nil}, {"pools", c.Pools == nil},
		{"loans", c.Loans == nil}, {"permits", c.Permits == nil}, {"ties", c.Ties == nil}, {"kitting", c.Kitting == nil},
		{"readiness", c.Readiness == nil}, {"witnesses", c.Witnesses == nil},
		{"trunks", c.Trunks == nil}, {"queues", c.Queues == nil}, {"names of flows", c.FlowNames == nil},
		{"calls", c.CallFloor == nil}, {"recordings", c.Recordings == nil},
		{"flows", c.Flows == nil},
	} {
		if part.absent {
			return part.name
		}
	}
	return ""
}

// Door is the handler.
type Door struct {
	origin, agents string
	clk            clock.Clock
	taking         sync.Mutex // held while rows or records are taken away and counted

	signIn     SignIn
	people     People
	passwords  Passwords
	devices    Devices
	approvals  Approvals
	policies   Policies
	posture    Posture
	clients    Clients
	rules      Rules
	roles      Roles
	shifts     Shifts
	identities Identities
	networks   Networks
	offices    Offices
	disasters  Disasters
	book       Book
	faces      Faces
	incidents  Incidents
	evidence   Evidence
	desktops   Desktops
	training   Training
	audit      Audit
	changes    Changes
	taken      func()
	searches   Searches
	reports    Reports
	siem       SIEM
	mailing    Mailing

	attestation Attestation
	performers  map[string]performer // by kind of dangerous act

	loans   Loans
	permits Permits
	ties    Ties
	kitting Kitting
	pools   Pools

	readiness Readiness
	witnesses Witnesses

	trunks    Trunks
	queues    Queues
	flowNames FlowNames

	callFloor  CallFloor
	recordings Recordings

	flows Flows

	rates    rates
	idle     idle
	sockets  sockets
	bodyTime time.Duration
	recheck  time.Duration // how often an open socket asks whether its session still is
	handler  http.Handler
	carried  http.Handler // of what came through a PC's tunnel
	held     held

	description func() []byte // made once, when somebody first asks
}

// New builds the door: its routes, its pages and the checks before both.
func New(c Config) (*Door, error) {
	b, err := newBoundary(c.Origin)
	if err != nil {
		return nil, fmt.Errorf("console: origin %q: %w", c.Origin, err)
	}
	if missing := c.missing(); missing != "" {
		return nil, errors.New("console: nothing is behind the door for " + missing)
	}
	p, err := newPages(c.Pages)
	if err != nil {
		return nil, err
	}
	d := &Door{
		origin: b.origin, agents: c.Agents, clk: c.Clock,
		signIn: c.SignIn, people: c.People, passwords: c.Passwords, devices: c.Devices, approvals: c.Approvals, policies: c.Policies, posture: c.Posture, clients: c.Clients, rules: c.Rules, roles: c.Roles, shifts: c.Shifts, identities: c.Identities, networks: c.Networks, offices: c.Offices, disasters: c.Disasters, book: c.Book, faces: c.Faces,
		incidents: c.Incidents, evidence: c.Evidence, desktops: c.Desktops, training: c.Training, audit: c.Audit, changes: c.Changes, taken: c.Taken,
		attestation: c.Attestation,
		searches:    c.Searches, reports: c.Reports, siem: c.SIEM, mailing: c.Mailing,
		loans: c.Loans, permits: c.Permits, ties: c.Ties, kitting: c.Kitting,
		readiness: c.Readiness, pools: c.Pools, witnesses: c.Witnesses,
		trunks: c.Trunks, queues: c.Queues, flowNames: c.FlowNames,
		callFloor: c.CallFloor, recordings: c.Recordings,
		flows: c.Flows,
		rates: newRates(c.Clock), bodyTime: bodyTime, recheck: recheckEvery, description: sync.OnceValue(OpenAPI),
	}
	d.performers = d.acts()
	maps.Copy(d.performers, d.disasterActs())
	maps.Copy(d.performers, d.officeActs())
	maps.Copy(d.performers, d.smallActs())
	maps.Copy(d.performers, d.recordingActs())
	mux := http.NewServeMux()
	d.routes(mux)
	missing := func(w http.ResponseWriter, r *http.Request) {
		d.turnedAway(callerOf(r.Context()), "", errNotFound)
		writeRefusal(w, r, errNotFound)
	}
	mux.HandleFunc(prefix+"/", missing)
	mux.HandleFunc(prefix, missing)
	mux.Handle("/", p)
	d.carried = d.paced(recovered(mux))
	d.handler = b.guard(d.carried, d.turnedAway)
	return d, nil
}

// ServeHTTP answers pages and API alike.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.handler.ServeHTTP(w, r) }

// routes registers every operation on mux and gives the API that describes them.
func (d *Door) routes(mux *http.ServeMux) huma.API {
	api := humago.NewWithPrefix(mux, prefix, apiConfig())
	api.UseMiddleware(d.admission)
	d.signInRoutes(api)
	d.floorRoutes(api)
	d.approvalRoutes(api)
	d.actRoutes(api)
	d.deputyRoutes(api)
	d.incidentRoutes(api)
	d.deviceRoutes(api)
	d.attestationRoutes(api)
	d.loanRoutes(api)
	d.poolRoutes(api)
	d.witnessRoutes(api)
	d.lossRoutes(api)
	d.kittingRoutes(api)
	d.peopleRoutes(api)
	d.passwordRoutes(api)
	d.listRoutes(api)
	d.desktopRoutes(api)
	d.clientRoutes(api)
	d.ruleRoutes(api)
	d.roleRoutes(api)
	d.shiftRoutes(api)
	d.providerRoutes(api)
	d.networkRoutes(api)
	d.readinessRoutes(api)
	d.officeRoutes(api)
	d.homeRoutes(api)
	d.disasterRoutes(api)
	d.policyRoutes(api)
	d.trainingRoutes(api)
	d.trainingRuleRoutes(api)
	d.practiceRoutes(api)
	d.mailRoutes(api)
	d.postureRoutes(api)
	d.auditRoutes(api)
	d.auditFileRoutes(api)
	d.reportRoutes(api)
	d.trunkRoutes(api)
	d.numberRoutes(api)
	d.queueRoutes(api)
	d.skillRoutes(api)
	d.callFloorRoutes(api)
	d.recordingRoutes(api)
	d.flowRoutes(api)
	d.flowPartRoutes(api)
	for route, handle := range d.plain() {
		method, path, _ := strings.Cut(route, " ")
		mux.HandleFunc(method+" "+prefix+path, handle)
	}
	return api
}

// plain are the routes that are no JSON operations. Each asks admit itself.
func (d *Door) plain() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /events":         d.events,
		"GET /audit/export":   d.exportAudit,
		"GET /openapi.json":   d.openAPI,
		"GET /listening/{id}": d.play,
	}
}
