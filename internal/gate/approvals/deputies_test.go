package approvals

import (
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// found gives the events of a kind, the oldest first.
func (r room) found(kind string) (out []audit.Event) {
	r.Helper()
	if err := r.log.Flush(r.Context()); err != nil {
		r.Fatal(err)
	}
	rows, err := r.log.Search(r.Context(), audit.Filter{Kind: kind})
	if err != nil {
		r.Fatal(err)
	}
	for _, e := range slices.Backward(rows) {
		out = append(out, e.Event)
	}
	return out
}

// TestADeputyAnswersInHisTimeAndNoWider tries him before, in and after his time,
// for what is not his to answer, and for whoever named him.
func TestADeputyAnswersInHisTimeAndNoWider(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		people := r.twoAdministrators()
		ctx, now := t.Context(), r.clk.Now()
		people["admin"] = []sekisho.Role{sekisho.RoleAdministrator}
		people["officer"] = []sekisho.Role{sekisho.RoleOfficer}
		people["auditor"] = []sekisho.Role{sekisho.RoleAuditor}
		begins, ends := now.Add(time.Hour), now.Add(9*time.Hour)
		for name, test := range map[string]struct {
			by, person   sekisho.PersonID
			begins, ends time.Time
			want         string
		}{
			"himself":           {"sv", "sv", begins, ends, "deputy.own"},
			"nobody":            {"sv", "", begins, ends, "deputy.own"},
			"an operator":       {"sv", "op", begins, ends, "deputy.role"},
			"an auditor":        {"sv", "auditor", begins, ends, "deputy.role"},
			"a supervisor":      {"sv", "sv2", begins, ends, "deputy.needless"},
			"by an operator":    {"op", "officer", begins, ends, "approval.role"},
			"by an officer":     {"officer", "admin", begins, ends, "approval.role"},
			"backwards":         {"sv", "officer", ends, begins, "deputy.time"},
			"over already":      {"sv", "officer", now.Add(-2 * time.Hour), now, "deputy.time"},
			"longer than 31 d":  {"sv", "officer", begins, begins.Add(longestDeputy + 1), "deputy.time"},
			"in half a year":    {"sv", "officer", now.Add(180 * 24 * time.Hour), now.Add(181 * 24 * time.Hour), "deputy.time"},
			"without beginning": {"sv", "officer", time.Time{}, ends, "deputy.time"},
		} {
			if _, err := r.NameDeputy(ctx, test.by, test.person, test.begins, test.ends); code(err) != test.want {
				t.Errorf("%s: %v, want %s", name, err, test.want)
			}
		}
		d, err := r.NameDeputy(ctx, "sv", "officer", begins, ends)
		if err != nil {
			t.Fatal(err)
		}
		approve := func(by sekisho.PersonID, q Question) error {
			_, err := r.Decide(ctx, by, q.ID, true, q.Code)
			return err
		}
		if err := approve("officer", r.ask("op", KindSession)); code(err) != "approval.role" {
			t.Errorf("before his time: %v", err)
		}
		r.clk.Advance(time.Hour)
		if err := approve("officer", r.ask("op", KindSession)); err != nil {
			t.Errorf("in his time: %v", err)
		}
		rows := r.found("approval.approved")
		if len(rows) != 1 || rows[0].Detail["stands_for"] != "sv" || rows[0].Actor.Person != "officer" {
			t.Errorf("%+v", rows)
		}
		if err := approve("officer", r.ask("sv", KindSession)); code(err) != "approval.own" {
			t.Errorf("what the supervisor himself asks: %v", err)
		}
		if err := approve("officer", r.ask("officer", KindSession)); code(err) != "approval.own" {
			t.Errorf("what he asks himself: %v", err)
		}
		invitation, err := r.Ask(ctx, Question{Kind: KindInvitation, Person: "admin", Subject: "op"})
		if err != nil {
			t.Fatal(err)
		}
		if err := approve("officer", invitation); code(err) != "approval.role" {
			t.Errorf("what administrators answer: %v", err)
		}
		if err := approve("admin2", r.ask("op", KindSession)); code(err) != "approval.role" {
			t.Errorf("an administrator whom nobody named: %v", err)
		}
		people["officer"] = []sekisho.Role{sekisho.RoleOperator}
		if err := approve("officer", r.ask("op", KindSession)); code(err) != "approval.role" {
			t.Errorf("a deputy whose own role was taken: %v", err)
		}
		people["officer"] = []sekisho.Role{sekisho.RoleOfficer}
		people["sv"] = nil
		if err := approve("officer", r.ask("op", KindSession)); code(err) != "approval.role" {
			t.Errorf("for somebody who is no supervisor any more: %v", err)
		}
		people["sv"] = []sekisho.Role{sekisho.RoleSupervisor}
		if err := r.EndDeputy(ctx, "op", d.ID); code(err) != "deputy.not_yours" {
			t.Errorf("ended by an operator: %v", err)
		}
		r.clk.Advance(8*time.Hour - 1)
		late := r.ask("op", KindSession)
		r.clk.Advance(1)
		if err := approve("officer", late); code(err) != "approval.role" {
			t.Errorf("past his period: %v", err)
		}
		e, err := r.NameDeputy(ctx, "sv", "officer", r.clk.Now(), r.clk.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if err := approve("officer", late); err != nil {
			t.Errorf("the control: %v", err)
		}
		if err := r.EndDeputy(ctx, "sv", e.ID); err != nil {
			t.Fatal(err)
		}
		if err := approve("officer", r.ask("op", KindSession)); code(err) != "approval.role" {
			t.Errorf("after it was ended: %v", err)
		}
		if named, ended := len(r.kinds("deputy.named")), len(r.kinds("deputy.ended")); named != 2 || ended != 1 {
			t.Errorf("%d rows of naming, %d of ending", named, ended)
		}
	})
}
