package console_test

import (
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/offices"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/shifts"
	"github.com/sekisho/sekisho/internal/wire"
)

// administrators makes two more, and writes down that there are two.
func (c *centre) administrators() {
	c.t.Helper()
	for _, login := range []string{"admin2", "admin3"} {
		c.who[login] = made(c.people.Create(c.t.Context(), c.who["admin"].ID, operators.Person{
			Name: "見本 " + login, Login: login, Roles: []sekisho.Role{sekisho.RoleAdministrator},
		}))(c.t)
	}
	must(c.t, c.db.Write(c.t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(c.t.Context(), "INSERT INTO operators_foureyes (id, since) VALUES (1, 1)")
		return err
	}))
}

func (c *centre) from() netip.Addr { return netip.MustParseAddr("127.0.0.1") }

func auditRow() audit.Event {
	return audit.Event{Kind: "test.row", Actor: audit.Actor{Process: "test"}, Decision: audit.Allow}
}

func (b *browser) acts() console.ActsView {
	b.c.t.Helper()
	var view console.ActsView
	b.do("GET", "/acts", nil).into(b.c.t, &view)
	return view
}

func (b *browser) confirm(a console.ActView) reply {
	b.c.t.Helper()
	return b.do("POST", "/acts/"+string(a.ID)+"/confirm", map[string]any{"digest": a.Digest, "ceremony": ""})
}

// loosening is one route that lets something through, with a question whose answer
// tells whether it did.
type loosening struct {
	kind, method, path string
	body               any
	see, grows         string // what GET see says once it has taken effect
}

func (c *centre) loosenings() []loosening {
	var all console.PostureRulesView
	admin := c.as("admin")
	admin.do("GET", "/posture/rules", nil).into(c.t, &all)
	var posture wire.PostureRules
	for _, p := range all.Policies {
		if p.Rules.Policy == "home" {
			posture = p.Rules
		}
	}
	posture.Rules[0].Level = "off"
	var rules console.RulesView
	admin.do("GET", "/rules", nil).into(c.t, &rules)
	wider := rules.Text + "\n@id(\"anywhere\")\npermit (principal, action == Action::\"open\", resource);\n"
	permit := rules.Text + "\n@id(\"home-permit\")\nforbid (principal, action == Action::\"open\", resource)\nwhen { context.place == \"home\" }\nunless { context.permit };\n"
	made(c.rules.Put(c.t.Context(), c.who["admin"].ID, 0, permit, "持ち出しの許可"))(c.t)
	made(c.shifts.SetRules(c.t.Context(), c.who["admin"].ID, shifts.Rules{Home: true, Office: true, Before: 15, After: 15, Zone: "Asia/Tokyo"}))(c.t)
	must(c.t, func() error {
		_, err := c.networks.Put(c.t.Context(), c.who["admin"].ID, "agents", 0, []string{"192.0.2.0/24"}, c.from())
		return err
	}())
	must(c.t, func() error {
		_, err := c.offices.Put(c.t.Context(), c.who["admin"].ID, 0, []sekisho.Role{sekisho.RoleSupervisor}, nil, offices.From{Address: c.from()})
		return err
	}())
	suspended := made(c.people.Create(c.t.Context(), c.who["admin"].ID, operators.Person{Name: "見本 停止", Login: "away", Roles: []sekisho.Role{sekisho.RoleSupervisor}}))(c.t)
	officer := []sekisho.Role{sekisho.RoleOfficer}
	must(c.t, c.db.Write(c.t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(c.t.Context(), "UPDATE operators_people SET roles = 'officer', active = 0 WHERE id = ?", string(suspended.ID))
		return err
	}))
	return []loosening{
		{"person.create", "POST", "/people", map[string]any{"name": "見本 新管理", "kana": "", "login": "new-admin", "roles": []string{"administrator"}, "face_usable": true, "place": ""}, "/people", `"login":"new-admin"`},
		{"person.change", "PATCH", "/people/" + string(c.who["sv"].ID), map[string]any{"roles": officer, "agency": "見本派遣"}, "/people", `見本派遣`},
		{"person.resume", "POST", "/people/" + string(suspended.ID) + "/resume", map[string]any{}, "/people", `"name":"見本 停止","kana":"","login":"away","roles":["officer"],"face_usable":false,"place":"","active":true`},
		{"policy", "PUT", "/policies/home", map[string]any{"name": "home", "version": 1, "place": "home", "onlooker": true, "absent_ms": 10000, "reentry": "strict", "lock_os": true, "allow_software": true, "confirm_every_s": 60}, "/policies", `"allow_software":true`},
		{"posture", "PUT", "/posture/rules/home", posture, "/posture/rules", `"check":"disk_encryption","level":"off"`},
		{"training", "PUT", "/training/rules", map[string]any{"version": 1, "required": false, "grace_days": 14, "remind_days": 30, "practice": false, "practice_months": 0}, "/training", `"required":false,"grace_days":14`},
		{"rules", "PUT", "/rules", map[string]any{"seen": 1, "text": strings.Replace(permit, rules.Text, wider, 1), "note": "見本"}, "/rules", `permit (principal, action == Action::\"open\", resource);`},
		{"rules", "PUT", "/rules", map[string]any{"seen": 2, "text": wider, "note": "許可なしで"}, "/rules", `"number":3`},
		{"shifts", "PUT", "/shifts/rules", map[string]any{"version": 1, "home": false, "office": true, "before": 0, "after": 15, "zone": "Asia/Tokyo"}, "/shifts", `"home":false`},
		{"network", "PUT", "/networks/agents", map[string]any{"seen": 1, "ranges": []string{"192.0.2.0/24", "198.51.100.0/24"}}, "/networks", "198.51.100.0/24"},
		{"offices", "PUT", "/offices", map[string]any{"seen": 1, "roles": []string{}, "ranges": []string{}}, "/offices", `"roles":[],"ranges":[]`},
	}
}

// TestEveryLooseningNeedsTwo asks for each alone, confirms it oneself, and has
// another administrator confirm it.
func TestEveryLooseningNeedsTwo(t *testing.T) {
	c := newCentre(t, true)
	c.administrators()
	list := c.loosenings()
	c.needTwo(list)
}

// needTwo asks for each, has everybody try who may not, and has another confirm it.
func (c *centre) needTwo(list []loosening) {
	t := c.t
	t.Helper()
	admin, again, second, auditor := c.as("admin"), c.as("admin"), c.as("admin2"), c.as("auditor")
	for _, l := range list {
		c.clk.Advance(time.Second)
		if a := admin.do(l.method, l.path, l.body); a.code() != "act.asked" {
			t.Errorf("%s alone: %d %s", l.kind, a.status, a.body)
			continue
		}
		if a := admin.do("GET", l.see, nil); strings.Contains(a.body, l.grows) {
			t.Errorf("%s took effect before anybody confirmed it", l.kind)
		}
		open := auditor.acts().Open // at once, with what would change
		if len(open) != 1 || open[0].Kind != l.kind || len(open[0].Differences) == 0 || open[0].Confirms {
			t.Fatalf("%s: an auditor is shown %+v", l.kind, open)
		}
		one := open[0]
		for who, b := range map[string]*browser{"himself": admin, "a second login of his": again} {
			if a := b.confirm(one); a.code() != "act.own" {
				t.Errorf("%s confirmed by %s: %d %s", l.kind, who, a.status, a.body)
			}
		}
		if a := auditor.confirm(one); a.code() != "console.role_missing" {
			t.Errorf("%s confirmed by an auditor: %d %s", l.kind, a.status, a.body)
		}
		if a := second.confirm(one); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", l.kind, a.status, a.body)
		}
		if a := admin.do("GET", l.see, nil); !strings.Contains(a.body, l.grows) {
			t.Errorf("%s was confirmed and has not taken effect: %s", l.kind, a.body)
		}
		if a := second.confirm(one); a.code() != "act.decided" {
			t.Errorf("%s confirmed twice: %d %s", l.kind, a.status, a.body)
		}
	}
	if n := len(c.rows("act.done")); n != len(list) {
		t.Errorf("%d acts done, %d asked for", n, len(list))
	}
}

// TestTighteningNeedsNobody is the control.
func TestTighteningNeedsNobody(t *testing.T) {
	c := newCentre(t, true)
	c.administrators()
	admin := c.as("admin")
	for path, body := range map[string]any{
		"PUT /policies/office":                        map[string]any{"name": "office", "version": 1, "place": "office", "onlooker": true, "absent_ms": 20000, "reentry": "strict", "lock_os": true, "allow_software": false, "confirm_every_s": 60},
		"PUT /training/rules":                         map[string]any{"version": 1, "required": true, "grace_days": 7, "remind_days": 30, "practice": false, "practice_months": 0},
		"PUT /networks/agents":                        map[string]any{"seen": 0, "ranges": []string{"192.0.2.0/24"}},
		"PATCH /people/" + string(c.who["admin2"].ID): map[string]any{"roles": []string{"supervisor"}},
	} {
		method, path, _ := strings.Cut(path, " ")
		if a := admin.do(method, path, body); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

// TestWhoeverConfirmsSeesAllThatChanges: what tightens stands beside what loosens, and is not the reason.
func TestWhoeverConfirmsSeesAllThatChanges(t *testing.T) {
	c := newCentre(t, true)
	c.administrators()
	c.loosenings()
	c.as("admin").do("PUT", "/shifts/rules", map[string]any{"version": 1, "home": false, "office": true, "before": 0, "after": 15, "zone": "Asia/Tokyo"})
	open := c.as("admin2").acts().Open
	if len(open) != 1 || len(open[0].Differences) != 2 {
		t.Fatalf("%+v", open)
	}
	if weaker, beside := open[0].Differences[0], open[0].Differences[1]; weaker.Field != "shifts.home" || weaker.Beside || beside.Field != "shifts.before" || !beside.Beside {
		t.Errorf("%+v", open[0].Differences)
	}
}

// TestTwoConfirmationsAtOnce: one counts.
func TestTwoConfirmationsAtOnce(t *testing.T) {
	c := newCentre(t, true)
	c.administrators()
	admin := c.as("admin")
	admin.do("PATCH", "/people/"+string(c.who["sv"].ID), map[string]any{"roles": []string{"administrator"}})
	one := admin.acts().Open[0]
	var all sync.WaitGroup
	replies := make([]reply, 6)
	for i, login := range []string{"admin2", "admin3", "admin2", "admin3", "admin2", "admin3"} {
		b := c.as(login)
		all.Go(func() { replies[i] = b.confirm(one) })
	}
	all.Wait()
	won := 0
	for _, a := range replies {
		if a.status == http.StatusOK {
			won++
		} else if a.code() != "act.decided" {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if n := len(c.rows("person.changed")); won != 1 || n != 1 {
		t.Errorf("%d confirmations counted, %d changes", won, n)
	}
}

// TestWhatChangedMeanwhileDoesNotTakeEffect: it was asked for under other settings.
func TestWhatChangedMeanwhileDoesNotTakeEffect(t *testing.T) {
	c := newCentre(t, true)
	c.administrators()
	admin, second := c.as("admin"), c.as("admin2")
	admin.do("PATCH", "/people/"+string(c.who["sv"].ID), map[string]any{"roles": []string{"administrator"}})
	one := admin.acts().Open[0]
	name := "別の名前"
	made(c.people.Update(t.Context(), c.who["admin3"].ID, c.who["sv"].ID, operators.Change{Kana: &name, Roles: &[]sekisho.Role{sekisho.RoleOperator}}))(t)
	if a := second.confirm(one); a.code() != "act.changed_meanwhile" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if p := made(c.people.Get(t.Context(), c.who["sv"].ID))(t); p.Has(sekisho.RoleAdministrator) {
		t.Error("it took effect")
	}
	if closed := admin.acts().Closed; len(closed) != 1 || closed[0].State != "failed" || closed[0].Reason == "" {
		t.Errorf("%+v", closed)
	}
	// Nobody promotes himself, with or without a second.
	if a := admin.do("PATCH", "/people/"+string(c.who["admin"].ID), map[string]any{"roles": []string{"administrator", "officer"}}); a.code() != "person.own_roles" {
		t.Errorf("himself: %d %s", a.status, a.body)
	}
	// Confirmed without a passkey by somebody who has one.
	c.keyed("admin2")
	admin.do("PATCH", "/people/"+string(c.who["sv2"].ID), map[string]any{"roles": []string{"administrator"}})
	if a := second.confirm(admin.acts().Open[0]); a.code() != "passkey.ceremony" {
		t.Errorf("without the passkey: %d %s", a.status, a.body)
	}
}

// TestAloneIsNeverSilent: before there were two it is written down and shown;
// after, whoever is left alone is told what to do.
func TestAloneIsNeverSilent(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	if !admin.acts().Alone {
		t.Error("one administrator, and the page does not say so")
	}
	if a := admin.do("PUT", "/training/rules", map[string]any{"version": 1, "required": false, "grace_days": 14, "remind_days": 30, "practice": false, "practice_months": 0}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if rows := c.rows("act.alone"); len(rows) != 1 || rows[0].Event.Detail["act"] != "training" {
		t.Errorf("%+v", rows)
	}
	c.administrators()
	for _, login := range []string{"admin2", "admin3"} {
		made(c.people.Suspend(t.Context(), c.who["admin"].ID, c.who[login].ID, "見本"))(t)
	}
	if a := admin.do("PUT", "/training/rules", map[string]any{"version": 2, "required": false, "grace_days": 30, "remind_days": 30, "practice": false, "practice_months": 0}); a.code() != "act.no_second" || !strings.Contains(a.body, "sekisho admin appoint") {
		t.Errorf("left alone: %d %s", a.status, a.body)
	}
	if admin.acts().Alone {
		t.Error("there were two: nothing takes effect by one any more")
	}
}

// TestManyRowsNeedTwo: an officer takes 1,000 rows away alone, and more with a second person.
func TestManyRowsNeedTwo(t *testing.T) {
	c := newCentre(t, true)
	for range 1_001 {
		must(t, c.db.Write(t.Context(), func(tx storage.Tx) error {
			return c.log.Append(t.Context(), tx, auditRow())
		}))
	}
	officer, admin := c.as("officer"), c.as("admin")
	path := "/audit/rows?kind=test.row&format=csv"
	if a := officer.do("GET", path, nil); a.code() != "act.asked_for_rows" {
		t.Fatalf("alone: %d", a.status)
	}
	if a := officer.do("GET", "/audit/rows?kind=login&format=csv", nil); a.status != http.StatusOK {
		t.Errorf("few rows: %d %s", a.status, a.body)
	}
	one := officer.acts().Open[0]
	if a := officer.confirm(one); a.code() != "act.own" {
		t.Errorf("by himself: %d %s", a.status, a.body)
	}
	if a := admin.confirm(one); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := officer.do("GET", "/audit/rows?kind=test.row&format=json", nil); a.code() != "act.asked_for_rows" {
		t.Errorf("another file than the one that was confirmed: %d", a.status)
	}
	if a := officer.do("GET", path, nil); a.status != http.StatusOK || strings.Count(a.body, "test.row") < 1_001 {
		t.Errorf("confirmed: %d", a.status)
	}
	if a := officer.do("GET", path, nil); a.code() != "act.asked_for_rows" {
		t.Errorf("a second time: %d", a.status)
	}
}

// TestManyFilesAreAsMuchAsOne: what was taken in the last 24 hours counts.
func TestManyFilesAreAsMuchAsOne(t *testing.T) {
	c := newCentre(t, true)
	must(t, c.db.Write(t.Context(), func(tx storage.Tx) error {
		for range 600 {
			if err := c.log.Append(t.Context(), tx, auditRow()); err != nil {
				return err
			}
		}
		return nil
	}))
	officer := c.as("officer")
	path := "/audit/rows?kind=test.row&format=csv"
	if a := officer.do("GET", path, nil); a.status != http.StatusOK {
		t.Fatalf("600: %d %s", a.status, a.code())
	}
	if a := officer.do("GET", path, nil); a.code() != "act.asked_for_rows" {
		t.Errorf("1,200 in two files: %d", a.status)
	}
	if a := officer.do("GET", "/audit/rows?kind=login&format=csv", nil); a.status != http.StatusOK {
		t.Errorf("a few more: %d %s", a.status, a.code())
	}
	c.clk.Advance(25 * time.Hour)
	if a := c.as("officer").do("GET", path, nil); a.status != http.StatusOK {
		t.Errorf("a day later: %d %s", a.status, a.code())
	}
}

// TestWhoeverConfirmsAnExportReadsNames, not the ids of a person and a PC.
func TestWhoeverConfirmsAnExportReadsNames(t *testing.T) {
	c := newCentre(t, true)
	var pc console.DeviceView
	op := c.who["op"]
	c.as("admin").do("POST", "/devices", map[string]any{"asset_tag": "PC-READ", "model": "", "place": "home", "person": op.ID, "policy": "home"}).into(t, &pc)
	must(t, c.db.Write(t.Context(), func(tx storage.Tx) error {
		e := auditRow()
		e.Actor = audit.Actor{Person: op.ID, Device: pc.ID}
		for range 1_001 {
			if err := c.log.Append(t.Context(), tx, e); err != nil {
				return err
			}
		}
		return nil
	}))
	if a := c.as("officer").do("GET", "/audit/rows?kind=test.row&format=csv&person="+string(op.ID)+"&device="+string(pc.ID), nil); a.code() != "act.asked_for_rows" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	read := map[string]string{}
	for _, d := range c.as("admin").acts().Open[0].Differences {
		read[d.Field] = d.After
	}
	if read["export.person"] != op.Name || read["person.login"] != op.Login || read["export.device"] != "PC-READ" {
		t.Errorf("%v", read)
	}
}

// TestNobodyIsAskedForWhatCannotBeTaken: a file that is too long, or was when it was
// to be taken, leaves no act behind that took effect.
func TestNobodyIsAskedForWhatCannotBeTaken(t *testing.T) {
	c := newCentre(t, true)
	fill := func(n int) {
		must(t, c.db.Write(t.Context(), func(tx storage.Tx) error {
			for range n {
				if err := c.log.Append(t.Context(), tx, auditRow()); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	officer, admin := c.as("officer"), c.as("admin")
	path := "/audit/rows?kind=test.row&format=csv"
	fill(1_001)
	if a := officer.do("GET", path, nil); a.code() != "act.asked_for_rows" {
		t.Fatalf("alone: %d", a.status)
	}
	if a := admin.confirm(officer.acts().Open[0]); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	fill(9_000)
	if a := officer.do("GET", path, nil); a.code() != "search.too_many_rows" {
		t.Errorf("more than a file holds: %d %s", a.status, a.code())
	}
	if open := officer.acts().Open; len(open) != 1 || open[0].State != "confirmed" {
		t.Errorf("the confirmation: %+v", open)
	}
	if a := officer.do("GET", "/audit/rows?kind=test.row&format=json", nil); a.code() != "search.too_many_rows" || len(officer.acts().Open) != 1 {
		t.Errorf("asked for what cannot be taken: %d %s", a.status, a.code())
	}
}

// TestWhomThePoliciesRefuseConfirmsNothing: he is an officer, too, so that the
// route opens to him, and administrator in the room's own list.
func TestWhomThePoliciesRefuseConfirmsNothing(t *testing.T) {
	c := newCentre(t, true)
	both := []sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleOfficer}
	c.who["both"] = made(c.people.Create(t.Context(), "", operators.Person{Name: "見本 二つ", Login: "both", Roles: both}))(t)
	c.administrators()
	admin, refused := c.as("admin"), c.as("both")
	var rules console.RulesView
	admin.do("GET", "/rules", nil).into(t, &rules)
	text := rules.Text + `@id("not-him") forbid (principal == Person::"` + string(c.who["both"].ID) + `", action == Action::"manage", resource);`
	made(c.rules.Put(t.Context(), c.who["admin"].ID, 0, text, "確認させない"))(t)
	if a := admin.do("PATCH", "/people/"+string(c.who["op"].ID), map[string]any{"roles": []string{"administrator"}}); a.code() != "act.asked" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	one := refused.acts().Open[0]
	if one.Confirms {
		t.Error("he is shown that he may")
	}
	for path, body := range map[string]any{"begin": map[string]any{"digest": one.Digest}, "confirm": map[string]any{"digest": one.Digest, "ceremony": ""}} {
		if a := refused.do("POST", "/acts/"+string(one.ID)+"/"+path, body); a.code() != "console.role_missing" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if a := c.as("admin2").confirm(one); a.status != http.StatusOK { // the control
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestNobodyIsAskedForWhatIsRefusedAnyway: a text of policies that would lock
// everybody out is refused before a second administrator is shown it.
func TestNobodyIsAskedForWhatIsRefusedAnyway(t *testing.T) {
	c := newCentre(t, true)
	c.administrators()
	admin := c.as("admin")
	lost := `@id("open-all") permit (principal, action == Action::"open", resource);`
	if a := admin.do("PUT", "/rules", map[string]any{"seen": 0, "text": lost, "note": "試験"}); a.code() != "rules.locks_out" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if open := admin.acts().Open; len(open) != 0 {
		t.Errorf("%+v", open)
	}
}

// TestANewPolicyIsComparedWithTheStrictestOfItsPlace: a name that was not there is no
// way round what the centre tightened, in the policy or in its posture rules.
func TestANewPolicyIsComparedWithTheStrictestOfItsPlace(t *testing.T) {
	c := newCentre(t, true)
	c.administrators()
	admin := c.as("admin")
	policy := func(name string, version, absent int) map[string]any {
		return map[string]any{"name": name, "version": version, "place": "home", "onlooker": true, "absent_ms": absent, "reentry": "strict", "lock_os": true, "allow_software": false, "confirm_every_s": 60}
	}
	put := func(what, path string, body any, code string) {
		t.Helper()
		if a := admin.do("PUT", path, body); a.code() != code {
			t.Errorf("%s: %d %s", what, a.status, a.body)
		}
	}
	put("as strict as the one there is", "/policies/home-a", policy("home-a", 0, 10_000), "")
	put("tightened", "/policies/home", policy("home", 1, 6000), "")
	put("as the built-in one", "/policies/home-b", policy("home-b", 0, 10_000), "act.asked")
	put("as strict as the tightened one", "/policies/home-c", policy("home-c", 0, 6000), "")

	var all console.PostureRulesView
	admin.do("GET", "/posture/rules", nil).into(t, &all)
	for _, p := range all.Policies {
		if p.Rules.Policy == "home" {
			p.Rules.Rules[1].Level = "close"
			put("posture tightened", "/posture/rules/home", p.Rules, "")
		}
	}
	put("with posture rules as built in", "/policies/home-d", policy("home-d", 0, 6000), "act.asked")
}
