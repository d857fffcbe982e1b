package grants

import (
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/wire"
)

// watched issues the PC under a policy of home, whose rules close.
func (c *centre) watched() func(*Connection) {
	c.Helper()
	p, err := c.policies.Get(c.Context(), "home")
	c.must(err)
	p.Name, p.Version = "watched", 0
	_, err = c.policies.Put(c.Context(), "", p)
	c.must(err)
	return func(c *Connection) { c.Policy = "watched" }
}

// reported hands in a good report, as changed.
func (p *pc) reported(number uint64, change func(*wire.PostureReport)) {
	p.Helper()
	r := wire.PostureReport{Connection: p.ID, Number: number, Platform: "linux", Agent: "1.0.0", Network: wire.PostureNetwork{Link: "wired"}}
	for _, check := range wire.PostureChecks {
		if check != "place" && check != "agent_version" {
			r.Findings = append(r.Findings, wire.PostureFinding{Check: check, Seen: "yes"})
		}
	}
	if change != nil {
		change(&r)
	}
	policy, err := p.policies.Get(p.Context(), p.Policy)
	p.must(err)
	p.must(p.posture.Take(reporter(p.Connection, policy), wire.SignWith(p.key, wire.DomainPosture, r)))
}

func inAMachine(r *wire.PostureReport) {
	for i, f := range r.Findings {
		if f.Check == "virtual_machine" {
			r.Findings[i].Seen, r.Findings[i].Names = "no", []string{"QEMU"}
		}
	}
}

func TestNothingOpensWithoutAPosture(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("op", sekisho.RoleOperator), c.watched()).enrol()
	_, err := p.book.LoginNonce(t.Context(), p.ID)
	c.refused(err, "posture.missing")
	p.reported(1, nil)
	open := p.statement(nil)
	p.reported(2, inAMachine)
	_, err = p.book.Open(t.Context(), p.ID, open)
	c.refused(err, "posture.refused")
	if p.alive() || len(c.rows("session.opened")) != 0 || len(c.rows("posture.refused")) != 2 {
		t.Fatal("something opened, or left no row")
	}
	p.reported(3, nil)
	p.login()
	if !p.alive() {
		t.Fatal("the control does not open")
	}
}

func TestAPostureThatGetsWorseClosesTheSession(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("op", sekisho.RoleOperator), c.watched()).enrol()
	p.reported(1, nil)
	s := p.login()
	if p.book.Recheck(p.ID) || p.book.RecheckAll() != 0 || !p.alive() {
		t.Fatal("closed without a reason")
	}
	p.reported(2, inAMachine)
	if !p.book.Recheck(p.ID) || p.alive() || p.book.Recheck(p.ID) {
		t.Fatal("not closed once")
	}
	if len(c.ended) != 1 || c.ended[0].ID != s.ID || c.ended[0].Reason != "posture.closed" || c.ended[0].State != sekisho.Unknown {
		t.Fatalf("%+v", c.ended)
	}
	rows := c.rows("session.ended")
	if len(rows) != 1 || rows[0].Reason != "posture.closed" {
		t.Fatalf("%+v", rows)
	}
}

func TestAPCThatStopsReportingIsClosed(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("op", sekisho.RoleOperator), c.watched()).enrol()
	p.reported(1, nil)
	c.clk.Advance(wire.PostureStale) // the last moment at which it says anything
	s := p.login()
	c.clk.Advance(wire.LeaseTTL / 2)
	if p.book.RecheckAll() != 1 || p.alive() || c.ended[0].ID != s.ID || c.ended[0].Reason != "posture.closed" {
		t.Fatalf("%+v", c.ended)
	}
}

// worsening is a posture that passes until somebody has been admitted.
type worsening struct{ *posture.Posture }

func (w worsening) Holds(sekisho.ConnectionID) error {
	return sekisho.Fail(sekisho.KindDenied, "posture.refused")
}

// A report that comes in between finds no session to close; the session finds it.
func TestAPostureThatGetsWorseWhileASessionOpens(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("op", sekisho.RoleOperator), c.watched()).enrol()
	p.reported(1, nil)
	open := p.statement(nil)
	c.book.Posture = worsening{c.posture}
	_, err := p.book.Open(t.Context(), p.ID, open)
	c.refused(err, "posture.refused")
	if p.alive() || len(c.ended) != 1 {
		t.Fatal("the session lives")
	}
}

// The office's rules warn: work goes on.
func TestARuleThatWarnsClosesNothing(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("op", sekisho.RoleOperator)).enrol()
	p.login()
	p.reported(1, inAMachine)
	if p.book.Recheck(p.ID) || !p.alive() {
		t.Fatal("closed")
	}
}
