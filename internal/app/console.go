package app

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/witnesses"
	"github.com/sekisho/sekisho/internal/guard/evidence"
	"github.com/sekisho/sekisho/internal/guard/presence"
	"github.com/sekisho/sekisho/internal/road/desktops"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/web"
)

// parties are where people use passkeys: the console, and the PC's own door,
// whose port is each PC's own affair.
func (h *House) parties() map[operators.RP]operators.Party {
	name := h.settings.Centre.Name
	if name == "" {
		name = "関所 Sekisho"
	}
	console := operators.Party{Name: name, Origins: []string{h.settings.Console.Origin}}
	if u, err := url.Parse(h.settings.Console.Origin); err == nil {
		console.ID = u.Hostname()
	}
	return map[operators.RP]operators.Party{
		operators.RPConsole: console,
		operators.RPDesk:    {ID: "sekisho.localhost", Name: name, Origins: h.settings.Agents.DeskOrigins},
		operators.RPHome:    {ID: "sekisho.localhost", Name: name, Origins: h.settings.Agents.DeskOrigins},
	}
}

// makeConsole makes the management door, which agents' requests reach too.
func (s *Server) makeConsole() (err error) {
	s.console, err = console.New(console.Config{
		Origin: s.settings.Console.Origin, Agents: s.settings.Agents.Public, Pages: web.Console(), Clock: s.clock,
		SignIn: s.people, People: s.people, Passwords: s.secrets, Devices: issuing{s.devices, s.trust, s.witnesses}, Approvals: s.approvals,
		Policies: s.policies, Posture: s.posture, Clients: s.clients, Rules: administering{s.rules}, Roles: s.roles, Shifts: s.shifts, Identities: s.identities, Networks: s.networks, Offices: s.offices, Disasters: s.disasters, Book: s.book, Faces: s.faces, Incidents: s.presence, Evidence: evidenceOf{s.evidence},
		Desktops: desktopsOf{s.desktops}, Audit: s.log, Changes: s.changes, Training: s.training, Attestation: s.attests,
		Searches: s.searches, Reports: s.reports, SIEM: s.siem,
		Taken: s.tellTaken, Mailing: s.reminders,
		Loans: s.loans, Permits: s.permits, Ties: s.ties, Kitting: s.kitting, Pools: s.pools,
		Readiness: s.readiness,
		Witnesses: witnessConsole{s.witnesses, s.log},
		Trunks:    s.trunks, Queues: s.acd, FlowNames: s.ivr,
		CallFloor: callFloor{s.exchange, s.acd, s.settings.Calls.Country}, Recordings: s.recordings,
		Flows: flowRooms{s.ivr, s.acd},
	})
	return err
}

// openConsole serves it at its own address, over TLS unless that is a *.localhost.
func (s *Server) openConsole(ctx context.Context, l net.Listener) error {
	srv := &http.Server{Handler: s.console, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
	if s.settings.Console.Cert != "" {
		cert, err := tls.LoadX509KeyPair(s.settings.Console.Cert, s.settings.Console.Key)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		l = tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2", "http/1.1"}})
	}
	s.run(ctx, "console's door", func(ctx context.Context) error { return serveHTTP(ctx, l, srv) })
	return nil
}

// tellTaken tells open pages that rows of the log, or all of it, were taken away.
func (s *Server) tellTaken() { s.changes.show("audit.taken", nil) }

// consoleListeners tell the console's open pages what has changed.
func (s *Server) consoleListeners() {
	s.presence.OnFloor(func(grants.Seat) { s.changes.show("floor.changed", nil) })
	s.presence.OnIncident(func(i presence.Incident) {
		s.changes.show("incident.changed", map[string]sekisho.IncidentID{"id": i.ID})
		s.changes.tell(i.Person, "records.changed", nil)
	})
	s.approvals.OnChange(func(q approvals.Question) {
		s.changes.show("approval.changed", map[string]sekisho.ApprovalID{"id": q.ID})
		s.changes.tell(q.Person, "approval.changed", map[string]sekisho.ApprovalID{"id": q.ID})
	})
	s.approvals.OnAct(func(id sekisho.ActID) { s.changes.show("act.changed", map[string]sekisho.ActID{"id": id}) })
	s.devices.OnClosed(func(sekisho.DeviceID, string) { s.changes.show("device.changed", nil) })
	s.searches.OnTaken(s.tellTaken)
	s.reports.OnChange(func() { s.changes.show("report.changed", nil) })
	s.rules.OnChange(func() { s.rejudge() })
	s.disasters.OnChange(func() { s.rejudge(); s.changes.show("disaster.changed", nil) })
}

// issuing is the inventory as the console may use it: no PC gets a code before
// there are officers whom it can seal to.
type issuing struct {
	*devices.Inventory
	trust     *trust
	witnesses *witnesses.Witnesses
}

func (i issuing) Code(ctx context.Context, by audit.Actor, id sekisho.DeviceID, server string, how devices.Handover) (wire.EnrolmentCode, error) {
	if err := i.trust.Ready(); err != nil {
		return wire.EnrolmentCode{}, err
	}
	if how != devices.InPerson { // before the code is there: what fails in between leaves the PC to a witness by video
		if err := i.witnesses.HandedOver(ctx, id, false); err != nil {
			return wire.EnrolmentCode{}, err
		}
	}
	code, err := i.Inventory.Code(ctx, by, id, server, how)
	if err == nil && how == devices.InPerson {
		err = i.witnesses.HandedOver(ctx, id, true)
	}
	return code, err
}

// evidenceOf speaks of evidence in presence's words.
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

// desktopsOf speaks of desktops in the door's words.
type desktopsOf struct{ *desktops.Desktops }

func (v desktopsOf) List(ctx context.Context) ([]console.Desktop, error) {
	list, err := v.Desktops.List(ctx)
	out := make([]console.Desktop, 0, len(list))
	for _, d := range list {
		out = append(out, console.Desktop(d))
	}
	return out, err
}

func (v desktopsOf) Create(ctx context.Context, by sekisho.PersonID, d console.Desktop, secret string) (console.Desktop, error) {
	made, err := v.Desktops.Create(ctx, by, desktops.Desktop(d), secret)
	return console.Desktop(made), err
}

func (v desktopsOf) Move(ctx context.Context, by sekisho.PersonID, d console.Desktop, secret *string, moving storage.Second) (console.Desktop, error) {
	made, err := v.Desktops.Move(ctx, by, desktops.Desktop(d), secret, moving)
	return console.Desktop(made), err
}
