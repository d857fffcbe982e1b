package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

// keyed gives somebody a passkey, as far as the room counts them.
func (c *centre) keyed(login string) {
	c.t.Helper()
	must(c.t, c.db.Write(c.t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(c.t.Context(), "INSERT INTO operators_passkeys (id, person, rp, body, created, used) VALUES (?, ?, 'console', '{}', 1, 0)",
			"key of "+login, string(c.who[login].ID))
		return err
	}))
}

// TestInvitationOfSomebodyElseNeedsTwo goes the whole way of two administrators,
// and the ways round it.
func TestInvitationOfSomebodyElseNeedsTwo(t *testing.T) {
	c := newCentre(t, true)
	c.who["admin2"] = made(c.people.Create(t.Context(), c.who["admin"].ID, operators.Person{
		Name: "見本 二人目", Login: "admin2", Roles: []sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleSupervisor},
	}))(t)
	admin, second, sv := c.as("admin"), c.as("admin2"), c.as("sv2")
	path := "/people/" + string(c.who["sv"].ID) + "/invitation"
	var link console.InvitationView
	admin.do("POST", path, nil).into(t, &link)
	if link.URL == "" || link.Approval != nil {
		t.Fatalf("nobody has a passkey yet, and still %+v", link)
	}

	c.keyed("sv")
	var asked console.InvitationView
	admin.do("POST", path, nil).into(t, &asked)
	if asked.URL != "" || asked.Approval == nil || len(asked.Approval.Code) != 4 || asked.Approval.State != "waiting" {
		t.Fatalf("one administrator made a link for somebody who has a passkey: %+v", asked)
	}
	id := string(asked.Approval.ID)
	use := map[string]any{"approval": id}
	if a := admin.do("POST", path, use); a.code() != "approval.waiting" {
		t.Errorf("used before it was decided: %d %s", a.status, a.body)
	}
	// The code is on the asker's screen alone; other roles do not even see the question.
	list := second.do("GET", "/approvals", nil)
	if strings.Contains(list.body, asked.Approval.Code) || !strings.Contains(list.body, "見本 sv") || !strings.Contains(list.body, `"asked_by":"見本 admin"`) {
		t.Errorf("list: %s", list.body)
	}
	if a := sv.do("GET", "/approvals", nil); strings.Contains(a.body, id) {
		t.Errorf("a supervisor sees what administrators decide: %s", a.body)
	}
	if a := second.do("GET", "/approvals/"+id, nil); a.status != http.StatusNotFound {
		t.Errorf("another's question: %d %s", a.status, a.body)
	}
	decide := map[string]any{"approve": true, "code": asked.Approval.Code}
	for name, b := range map[string]*browser{"approval.own": admin, "approval.role": sv} {
		if a := b.do("POST", "/approvals/"+id+"/decide", decide); a.code() != name {
			t.Errorf("%d %s, want %s", a.status, a.body, name)
		}
	}
	if a := second.do("POST", "/approvals/"+id+"/decide", decide); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := admin.do("POST", "/people/"+string(c.who["officer"].ID)+"/invitation", use); a.code() != "approval.unknown" {
		t.Errorf("used for somebody else: %d %s", a.status, a.body)
	}
	if a := second.do("POST", path, use); a.code() != "approval.unknown" {
		t.Errorf("used by somebody else: %d %s", a.status, a.body)
	}
	var view console.AskedView
	admin.do("GET", "/approvals/"+id, nil).into(t, &view)
	if view.State != "approved" {
		t.Fatalf("%+v", view)
	}
	admin.do("POST", path, use).into(t, &link)
	if !strings.Contains(link.URL, "#token=") {
		t.Fatalf("%+v", link)
	}
	if a := admin.do("POST", path, use); a.code() != "approval.used" {
		t.Errorf("used twice: %d %s", a.status, a.body)
	}
	rows := c.rows("person.invited")
	if len(rows) != 2 || rows[0].Event.Detail["seconded"] != "true" || rows[1].Event.Detail["seconded"] != "false" {
		t.Errorf("rows %+v", rows)
	}
}
