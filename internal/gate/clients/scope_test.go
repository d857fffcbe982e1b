package clients

import (
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
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

// Assignments are written down before they begin and incidents decided after
// they ended: whom they concern is shown, who else was once assigned is not.
func TestCutKeepsWhomARowConcerns(t *testing.T) {
	a, _, _, _, works := scopes(t)
	late := day("2026-11-20") // op works for B by now
	for _, object := range []audit.Object{{Type: "work", ID: string(works[0].ID)}, {Type: "incident", ID: "ia"}} {
		e := a.Cut(audit.Entry{At: late, Event: audit.Event{Object: object, Detail: map[string]string{"person": "op"}}})
		if e.Event.Detail["person"] != "op" {
			t.Errorf("a row about a %s shows nobody", object.Type)
		}
	}
	r, ctx := newRoom(t, storagetest.SQLite(t)), t.Context()
	c, w := r.client("見本商事")
	person, other := sekisho.PersonID(wire.NewID()), wire.NewID()
	r.people[person] = []sekisho.Role{sekisho.RoleOperator}
	r.assign(w, person, "2026-11-10", "2026-11-12") // next week
	s, err := r.ScopeOf(ctx, c.ID)
	must(t, err)
	for name, test := range map[string]struct {
		object audit.Object
		detail map[string]string
		left   int
	}{
		"an assignment to come":    {audit.Object{Type: "work", ID: string(w.ID)}, map[string]string{"person": string(person)}, 1},
		"a stranger's":             {audit.Object{Type: "work", ID: string(w.ID)}, map[string]string{"person": other}, 0},
		"as somebody else":         {audit.Object{Type: "work", ID: string(w.ID)}, map[string]string{"decider": string(person)}, 0},
		"a row about other things": {audit.Object{Type: "device", ID: "pc"}, map[string]string{"person": string(person)}, 0},
	} {
		if e := s.Cut(audit.Entry{At: start, Event: audit.Event{Object: test.object, Detail: test.detail}}); len(e.Event.Detail) != test.left {
			t.Errorf("%s: %v", name, e.Event.Detail)
		}
	}
}

// What happened on a desktop before it was placed under a work is not the
// client's, and moving it between works of one client changes nothing.
func TestADesktopsPastStaysBehind(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		c, w := r.client("見本商事")
		second, err := r.AddWork(ctx, "admin", c.ID, "問い合わせ")
		must(t, err)
		r.assign(w, "op", "2026-11-01", "")
		desk := sekisho.DesktopID(wire.NewID())
		past := r.clk.Now()
		r.clk.Advance(time.Hour)
		placed := r.clk.Now()
		must(t, r.PlaceDesktop(ctx, "admin", desk, w.ID))
		r.clk.Advance(time.Hour)
		must(t, r.PlaceDesktop(ctx, "admin", desk, second.ID))
		s, err := r.ScopeOf(ctx, c.ID)
		must(t, err)
		opened := func(at time.Time) audit.Entry {
			return audit.Entry{At: at, Event: audit.Event{Kind: "desktop.opened", Actor: audit.Actor{Person: "op", Role: sekisho.RoleOperator},
				Object: audit.Object{Type: "desktop", ID: string(desk)}, Detail: map[string]string{"desktop": string(desk)}}}
		}
		for at, want := range map[time.Time]bool{past: false, placed.Add(-time.Microsecond): false, placed: true, placed.Add(30 * time.Minute): true} {
			if s.Row(opened(at)) != want || (len(s.Cut(opened(at)).Event.Detail) == 1) != want {
				t.Errorf("%s: %v, %v", at, s.Row(opened(at)), s.Cut(opened(at)).Event.Detail)
			}
		}
	})
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

// A customer and a call stay in a client's row only where the row says that the
// work is the client's: whoever acted may work for another one on the same day.
func TestWhoseCustomer(t *testing.T) {
	a, b, _, _, works := scopes(t)
	op := audit.Actor{Person: "op", Role: sekisho.RoleOperator}
	customer, call := sekisho.CustomerID(wire.NewID()), sekisho.CallID(wire.NewID())
	session := audit.Object{Type: "session", ID: "s"}
	for name, test := range map[string]struct {
		object audit.Object
		detail map[string]string
		a, b   bool
	}{
		"of its work":      {session, map[string]string{"work": string(works[0].ID)}, true, false},
		"of the other's":   {session, map[string]string{"work": string(works[1].ID)}, false, true},
		"of no work":       {session, nil, false, false},
		"of an empty work": {session, map[string]string{"work": ""}, false, false},
		"about its work":   {audit.Object{Type: "work", ID: string(works[0].ID)}, nil, true, false},
		"its client alone": {audit.Object{Type: "client", ID: string(a.Client)}, nil, false, false},
	} {
		e := audit.Entry{At: day("2026-11-05"), Event: audit.Event{Kind: "session.changed", Actor: op, Object: test.object, Detail: test.detail, Customer: customer, Call: call}}
		for of, s := range map[string]Scope{"A": a, "B": b, "nobody": {}} {
			want := of == "A" && test.a || of == "B" && test.b
			if ev := s.Cut(e).Event; (ev.Customer == customer) != want || (ev.Call == call) != want {
				t.Errorf("%s, %s: %q %q", name, of, ev.Customer, ev.Call)
			}
		}
	}
}

// A row about a recording is a client's where it names that client, whoever acted.
func TestWhoseRecording(t *testing.T) {
	a, b, _, _, _ := scopes(t)
	for name, test := range map[string]struct {
		client string
		a, b   bool
	}{"its": {string(a.Client), true, false}, "the other's": {string(b.Client), false, true}, "nobody's": {"", false, false}} {
		e := audit.Entry{At: day("2026-11-05"), Event: audit.Event{
			Kind: "recording.listened", Actor: audit.Actor{Person: "officer", Role: sekisho.RoleOfficer}, Object: audit.Object{Type: "recording", ID: wire.NewID()},
			Detail: map[string]string{"client": test.client},
		}}
		if a.Row(e) != test.a || b.Row(e) != test.b || (Scope{}).Row(e) {
			t.Errorf("%s: A %v, B %v", name, a.Row(e), b.Row(e))
		}
		if test.a && a.Cut(e).Event.Actor.Person != "" {
			t.Errorf("%s: who of the centre listened is told", name)
		}
	}
}
