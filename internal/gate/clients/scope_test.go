package clients

import (
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// two clients: op works for A from 1 to 9 November and for B from the 10th.
func scopes(t *testing.T) (a, b Scope, desktopA, desktopB sekisho.DesktopID, works [2]Work) {
	t.Helper()
	r, ctx := newRoom(t, storagetest.SQLite(t)), t.Context()
	ca, wa := r.client("見本商事")
	cb, wb := r.client("架空物産")
	r.assign(wa, "op", "2026-11-01", "2026-11-10")
	r.assign(wb, "op", "2026-11-10", "")
	r.assign(wa, "lead", "2026-11-01", "")
	desktopA, desktopB = sekisho.DesktopID(wire.NewID()), sekisho.DesktopID(wire.NewID())
	must(t, r.PlaceDesktop(ctx, "admin", desktopA, wa.ID))
	must(t, r.PlaceDesktop(ctx, "admin", desktopB, wb.ID))
	a, err := r.ScopeOf(ctx, ca.ID)
	must(t, err)
	b, err = r.ScopeOf(ctx, cb.ID)
	must(t, err)
	return a, b, desktopA, desktopB, [2]Work{wa, wb}
}

func TestZeroScopeSeesNothing(t *testing.T) {
	var s Scope
	if s.Person("op", start) || s.Ever("op") || len(s.People()) != 0 || len(s.Subjects()) != 0 {
		t.Error("nobody's scope knows somebody")
	}
	for _, kind := range []string{"", "client", "work", "desktop", "incident", "person", "session", "log"} {
		if s.Row(audit.Entry{Event: audit.Event{Kind: kind + ".changed", Object: audit.Object{Type: kind}}}) {
			t.Errorf("nobody's scope sees a row about a %s", kind)
		}
	}
}

func TestWhoseRow(t *testing.T) {
	a, b, desktopA, desktopB, works := scopes(t)
	a, b = a.WithIncidents([]sekisho.IncidentID{"ia"}), b.WithIncidents([]sekisho.IncidentID{"ib"})
	before, after := day("2026-11-05"), day("2026-11-15")
	op := audit.Actor{Person: "op", Device: "pc", Role: sekisho.RoleOperator}
	lead := audit.Actor{Person: "lead", Role: sekisho.RoleSupervisor}
	for name, test := range map[string]struct {
		at     time.Time
		actor  audit.Actor
		object audit.Object
		a, b   bool
	}{
		"his session, then":                 {before, op, audit.Object{Type: "session", ID: "s"}, true, false},
		"his session, later":                {after, op, audit.Object{Type: "session", ID: "s"}, false, true},
		"about him, then":                   {before, audit.Actor{Person: "admin"}, audit.Object{Type: "person", ID: "op"}, true, false},
		"about him, later":                  {after, audit.Actor{Person: "admin"}, audit.Object{Type: "person", ID: "op"}, false, true},
		"the other's desktop":               {before, op, audit.Object{Type: "desktop", ID: string(desktopB)}, false, true},
		"its own desktop":                   {before, op, audit.Object{Type: "desktop", ID: string(desktopA)}, true, false},
		"nobody's desktop":                  {before, op, audit.Object{Type: "desktop", ID: "x"}, false, false},
		"its work":                          {before, lead, audit.Object{Type: "work", ID: string(works[0].ID)}, true, false},
		"its client":                        {before, lead, audit.Object{Type: "client", ID: string(a.Client)}, true, false},
		"its incident, decided later":       {after, audit.Actor{Person: "officer"}, audit.Object{Type: "incident", ID: "ia"}, true, false},
		"the other's incident":              {before, op, audit.Object{Type: "incident", ID: "ib"}, false, true},
		"a supervisor's act on a session":   {before, lead, audit.Object{Type: "session", ID: "s"}, false, false},
		"its supervisor about a stranger":   {before, lead, audit.Object{Type: "person", ID: "other"}, false, false},
		"the log":                           {before, op, audit.Object{Type: "log", ID: ""}, false, false},
		"a policy":                          {before, op, audit.Object{Type: "policy", ID: "home"}, false, false},
		"nothing":                           {before, op, audit.Object{}, false, false},
		"a kind of object nobody knows yet": {before, op, audit.Object{Type: "recording", ID: "r"}, false, false},
		"a desktop without an id":           {before, op, audit.Object{Type: "desktop"}, false, false},
	} {
		e := audit.Entry{At: test.at, Event: audit.Event{Kind: test.object.Type + ".changed", Actor: test.actor, Object: test.object}}
		if a.Row(e) != test.a || b.Row(e) != test.b {
			t.Errorf("%s: A %v, B %v", name, a.Row(e), b.Row(e))
		}
	}
}

// What the centre keeps of people is not a client's, even of its own people on
// their days, and a kind of rows that is added is the centre's until somebody
// lists it.
func TestKindsThatAreTheCentresOwn(t *testing.T) {
	a, _, _, _, works := scopes(t)
	op := audit.Actor{Person: "op", Device: "pc", Role: sekisho.RoleOperator}
	for _, object := range []audit.Object{{Type: "person", ID: "op"}, {Type: "device", ID: "pc"}, {Type: "session", ID: "s"}, {Type: "work", ID: string(works[0].ID)}} {
		for _, kind := range []string{
			"training.confirmed", "training.passed", "document.refused", "posture.refused", "posture.changed", "password.locked", "report.made", "search.saved",
			"audit.rows_exported", "siem.failed", "attestation.imported", "list.applied", "rules.changed", "networks.changed", "future.kind", "", "sessions.opened",
		} {
			if a.Row(audit.Entry{At: day("2026-11-05"), Event: audit.Event{Kind: kind, Actor: op, Object: object}}) {
				t.Errorf("%s about a %s is shown", kind, object.Type)
			}
		}
		if !a.Row(audit.Entry{At: day("2026-11-05"), Event: audit.Event{Kind: "session.opened", Actor: op, Object: object}}) { // the control
			t.Errorf("session.opened about a %s is not shown", object.Type)
		}
	}
}

func TestCut(t *testing.T) {
	a, _, desktopA, desktopB, works := scopes(t)
	stranger := wire.NewID()
	e := a.Cut(audit.Entry{At: day("2026-11-05"), Event: audit.Event{
		Actor: audit.Actor{Person: "admin", Device: "pc", Role: sekisho.RoleAdministrator}, Session: "s",
		Detail: map[string]string{
			"desktop": string(desktopA), "was": string(desktopB), "work": string(works[0].ID), "other": string(works[1].ID),
			"decider": stranger, "policy": "home",
		},
		Personal: audit.Personal{"name": "見本", "source": "192.0.2.1"},
	}}).Event
	if e.Actor.Person != "" || e.Actor.Device != "" || e.Session != "" || e.Actor.Role != sekisho.RoleAdministrator || len(e.Personal) != 0 {
		t.Errorf("%+v", e)
	}
	if len(e.Detail) != 3 || e.Detail["policy"] != "home" || e.Detail["desktop"] == "" || e.Detail["work"] == "" {
		t.Errorf("%v", e.Detail)
	}
	own := a.Cut(audit.Entry{At: day("2026-11-05"), Event: audit.Event{Actor: audit.Actor{Person: "op", Device: "pc", Role: sekisho.RoleOperator}, Session: "s"}}).Event
	if own.Actor.Person != "op" || own.Actor.Device != "pc" || own.Session != "s" {
		t.Errorf("%+v", own)
	}
	if subjects := strings.Join(a.Subjects(), " "); strings.Contains(subjects, string(desktopB)) || !strings.Contains(subjects, "op") {
		t.Errorf("subjects %s", subjects)
	}
}
