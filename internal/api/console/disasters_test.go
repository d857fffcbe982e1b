package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/disasters"
	"github.com/sekisho/sekisho/internal/gate/rules"
)

// officeOnly is a centre where nobody works at home; homeToo is what it agreed on
// for a disaster.
const (
	officeOnly = `@id("office")
permit (principal, action in [Action::"open", Action::"reach"], resource) when { context.place == "office" };
@id("administrators")
permit (principal, action == Action::"manage", resource) when { principal.roles.contains("administrator") };`
	homeToo = `@id("disaster-home")
permit (principal, action in [Action::"open", Action::"reach"], resource) when { context.place == "home" };`
)

func (c *centre) mayOpenAtHome(login string) bool {
	c.t.Helper()
	a := made(c.rules.Open(c.t.Context(), c.who[login].ID, rules.Seat{Place: sekisho.PlaceHome, Tier: sekisho.TierB, Class: sekisho.ClassFace, Camera: true, Posture: true, Trained: true}))(c.t)
	return a.Allow
}

// agreed is a centre with a widening that two agreed on.
func agreed(t *testing.T) (c *centre, declaration map[string]any) {
	t.Helper()
	c = newCentre(t, true)
	c.administrators()
	made(c.rules.Put(t.Context(), c.who["admin"].ID, 0, officeOnly, "見本"))(t)
	admin, second := c.as("admin"), c.as("admin2")
	if a := admin.do("POST", "/disaster/widenings", map[string]any{"name": "全員が自宅", "text": homeToo}); a.code() != "act.asked" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := second.confirm(admin.acts().Open[0]); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var view console.DisasterView
	admin.do("GET", "/disaster", nil).into(t, &view)
	if len(view.Widenings) != 1 || view.On {
		t.Fatalf("%+v", view)
	}
	return c, map[string]any{"widening": view.Widenings[0].ID, "reason": "台風", "announcement": "本日は自宅で業務をしてください。", "ends": c.clk.Now().Add(8 * time.Hour)}
}

// TestDisasterModeIsWhatTwoAgreedOnUntilItsEnd goes the whole way, and past its end.
func TestDisasterModeIsWhatTwoAgreedOnUntilItsEnd(t *testing.T) {
	c, declaration := agreed(t)
	admin, officer := c.as("admin"), c.as("officer")
	if c.mayOpenAtHome("op") {
		t.Fatal("agreeing has widened something")
	}
	if a := admin.do("POST", "/disaster", declaration); a.code() != "act.asked" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	one := admin.acts().Open[0]
	if a := admin.confirm(one); a.code() != "act.own" || c.mayOpenAtHome("op") {
		t.Errorf("declared by one: %d %s", a.status, a.body)
	}
	if a := officer.confirm(one); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if !c.mayOpenAtHome("op") {
		t.Error("it was declared, and nothing is wider")
	}
	if c.mayOpenAtHome("op") && c.suspendedMayOpen() {
		t.Error("a fixed forbid fell")
	}
	if a := officer.do("POST", "/disaster", declaration); a.code() != "disaster.already" {
		t.Errorf("a second one: %d %s", a.status, a.body)
	}
	c.clk.Advance(8*time.Hour - time.Second)
	if !c.mayOpenAtHome("op") {
		t.Error("over before its end")
	}
	c.clk.Advance(time.Second) // and nobody writes its end down
	if c.mayOpenAtHome("op") {
		t.Error("it goes on past its end")
	}
	made(c.disasters.Settle(t.Context()))(t)
	made(c.disasters.Settle(t.Context()))(t)
	if begun, ended := c.rows("disaster.declared"), c.rows("disaster.ended"); len(begun) != 1 || len(ended) != 1 || ended[0].Event.Detail["until"] != begun[0].Event.Detail["until"] {
		t.Errorf("%+v %+v", begun, ended)
	}
}

// suspendedMayOpen suspends an operator and asks for him.
func (c *centre) suspendedMayOpen() bool {
	made(c.people.Suspend(c.t.Context(), c.who["admin"].ID, c.who["op-a"].ID, "見本"))(c.t)
	return c.mayOpenAtHome("op-a")
}

// TestOnePersonEndsDisasterMode: closing waits for nobody.
func TestOnePersonEndsDisasterMode(t *testing.T) {
	c, declaration := agreed(t)
	admin := c.as("admin")
	admin.do("POST", "/disaster", declaration)
	c.as("admin2").confirm(admin.acts().Open[0])
	if !c.mayOpenAtHome("op") {
		t.Fatal("not declared")
	}
	if a := c.as("auditor").do("POST", "/disaster/end", nil); a.code() != "console.role_missing" {
		t.Errorf("by an auditor: %d", a.status)
	}
	if a := c.as("sv").do("POST", "/disaster/end", nil); a.status != http.StatusNoContent || c.mayOpenAtHome("op") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := c.as("sv").do("POST", "/disaster/end", nil); a.code() != "disaster.none" {
		t.Errorf("twice: %d %s", a.status, a.body)
	}
}

// TestNothingIsInventedInADisaster tries widenings that were not agreed on, and
// texts that do more than permit.
func TestNothingIsInventedInADisaster(t *testing.T) {
	c, declaration := agreed(t)
	admin := c.as("admin")
	for name, change := range map[string]struct {
		key   string
		value any
		code  string
	}{
		"another widening":  {"widening", "none", "disaster.not_agreed"},
		"its text inline":   {"widening", homeToo[:40], "disaster.not_agreed"},
		"no reason":         {"reason", " ", "disaster.reason"},
		"no announcement":   {"announcement", " ", "disaster.announcement"},
		"longer than three": {"ends", c.clk.Now().Add(disasters.Longest + time.Second), "disaster.end"},
		"over already":      {"ends", c.clk.Now(), "disaster.end"},
	} {
		bad := map[string]any{}
		for k, v := range declaration {
			bad[k] = v
		}
		bad[change.key] = change.value
		if a := admin.do("POST", "/disaster", bad); a.code() != change.code {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	for name, text := range map[string]string{
		"a forbid":        `@id("disaster-x") forbid (principal, action, resource);`,
		"another's id":    `@id("office") permit (principal, action, resource);`,
		"a fixed id":      `@id("global.lease") permit (principal, action, resource);`,
		"no policy":       `// nothing`,
		"no Cedar":        `let everybody in`,
		"unknown context": `@id("disaster-x") permit (principal, action, resource) when { context.storm };`,
	} {
		if a := admin.do("POST", "/disaster/widenings", map[string]any{"name": "見本", "text": text}); a.code() != "disaster.widening" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	// A widening that was taken back between asking and confirming is not declared.
	admin.do("POST", "/disaster", declaration)
	one := admin.acts().Open[0]
	if a := admin.do("DELETE", "/disaster/widenings/"+declarationID(declaration), nil); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := c.as("admin2").confirm(one); a.code() != "disaster.not_agreed" || c.mayOpenAtHome("op") {
		t.Errorf("taken back: %d %s", a.status, a.body)
	}
	// Without a second person the room itself refuses.
	if _, err := c.disasters.Declare(t.Context(), c.who["admin"].ID, disasters.Declaration{}, nil); sekisho.CodeOf(err) != "disaster.second_needed" {
		t.Errorf("past the door: %v", err)
	}
	if _, err := c.disasters.Agree(t.Context(), c.who["admin"].ID, "見本", homeToo, nil); sekisho.CodeOf(err) != "disaster.second_needed" {
		t.Errorf("past the door: %v", err)
	}
	// A text that was changed in the database to more than permits cannot break the rest.
	must(t, c.db.Write(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO disasters_declared (id, widening, name, text, reason, announcement, author, begins, ends, ended, ended_by)
			VALUES ('x', 'x', 'x', 'no cedar', 'x', 'x', 'x', 0, 9000000000000000, 0, '')`)
		return err
	}))
	if c.mayOpenAtHome("op") || !strings.Contains(admin.do("GET", "/rules", nil).body, "office") {
		t.Error("what does not compile widened something, or broke the rest")
	}
}

func declarationID(d map[string]any) string {
	id, _ := d["widening"].(sekisho.WideningID)
	return string(id)
}
