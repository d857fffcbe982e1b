package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/wire"
)

// ask puts a question of a kind by an operator at a PC.
func (c *centre) ask(login, kind string) approvals.Question {
	c.t.Helper()
	return made(c.approvals.Ask(c.t.Context(), approvals.Question{
		Kind: kind, Person: c.who[login].ID, Device: sekisho.DeviceID(wire.NewID()), Connection: sekisho.ConnectionID(wire.NewID()),
	}))(c.t)
}

// TestBulkApprovalChecksEach: each by its own number, role and kind.
func TestBulkApprovalChecksEach(t *testing.T) {
	c := newCentre(t, true)
	good, wrong, face, own := c.ask("op", approvals.KindSession), c.ask("op-a", approvals.KindSession), c.ask("op-b", approvals.KindWitness), c.ask("sv", approvals.KindSession)
	answers := []map[string]any{
		{"id": good.ID, "code": good.Code}, {"id": wrong.ID, "code": "x"}, {"id": face.ID, "code": face.Code}, {"id": own.ID, "code": own.Code}, {"id": "none", "code": "0000"},
		{"id": good.ID, "code": good.Code},
	}
	var view console.BulkView
	c.as("sv").do("POST", "/approvals/bulk", map[string]any{"answers": answers}).into(t, &view)
	want := []string{"", "approval.code", "approval.not_in_bulk", "approval.own", "approval.unknown", "approval.decided"}
	for i, one := range view.Results {
		if one.Code != want[i] || one.Done != (want[i] == "") || (one.Title == "") != one.Done {
			t.Errorf("%d: %+v, want %q", i, one, want[i])
		}
	}
	if approved, denied := len(c.rows("approval.approved")), len(c.rows("approval.denied")); approved != 1 || denied != 4 {
		t.Errorf("%d rows approved, %d denied", approved, denied)
	}
	if a := c.as("admin").do("POST", "/approvals/bulk", map[string]any{"answers": answers[:1]}); a.status != http.StatusOK || !strings.Contains(a.body, "approval.role") {
		t.Errorf("by an administrator: %d %s", a.status, a.body)
	}
}

// TestADeputySeesWhatHeAnswers: an officer sees nothing, then the questions and for
// whom he answers, and nothing again once it is ended.
func TestADeputySeesWhatHeAnswers(t *testing.T) {
	c := newCentre(t, true)
	sv, officer := c.as("sv"), c.as("officer")
	q := c.ask("op", approvals.KindSession)
	if a := officer.do("GET", "/approvals", nil); strings.Contains(a.body, string(q.ID)) {
		t.Errorf("before he was named: %s", a.body)
	}
	var all console.DeputiesView
	sv.do("GET", "/deputies", nil).into(t, &all)
	if len(all.Candidates) != 2 { // the administrator and the officer
		t.Errorf("%+v", all.Candidates)
	}
	var one console.DeputyView
	sv.do("POST", "/deputies", map[string]any{"person": c.who["officer"].ID, "begins": c.clk.Now(), "ends": c.clk.Now().Add(time.Hour)}).into(t, &one)
	var list console.ApprovalsView
	officer.do("GET", "/approvals", nil).into(t, &list)
	if len(list.Approvals) != 1 || len(list.For) != 1 || list.For[0] != c.who["sv"].Name {
		t.Errorf("%+v", list)
	}
	if a := officer.do("POST", "/approvals/"+string(q.ID)+"/decide", map[string]any{"approve": true, "code": q.Code}); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	if rows := c.rows("approval.approved"); len(rows) != 1 || rows[0].Event.Detail["stands_for"] != string(c.who["sv"].ID) {
		t.Errorf("%+v", rows)
	}
	if a := c.as("sv2").do("DELETE", "/deputies/"+string(one.ID), nil); a.code() != "deputy.not_yours" {
		t.Errorf("ended by another supervisor: %d %s", a.status, a.body)
	}
	if a := officer.do("DELETE", "/deputies/"+string(one.ID), nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	later := c.ask("op-a", approvals.KindSession)
	if a := officer.do("POST", "/approvals/"+string(later.ID)+"/decide", map[string]any{"approve": true, "code": later.Code}); a.code() != "approval.role" {
		t.Errorf("after it was ended: %d %s", a.status, a.body)
	}
}
