package console_test

import (
	"crypto/ed25519"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/wire"
)

const homeRouter = "10:6f:3f:01:02:03"

// reports lets a PC report: everything is as it should be but what bad names.
func (c *centre) reports(d sekisho.DeviceID, bad ...string) {
	c.t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	must(c.t, err)
	by := posture.By{Connection: sekisho.ConnectionID(wire.NewID()), Device: d, Person: c.who["op"].ID, LeaseKey: public, Policy: "home", Place: sekisho.PlaceHome}
	r := wire.PostureReport{Connection: by.Connection, Number: 1, Platform: "linux", Agent: "1.0.0", Network: wire.PostureNetwork{
		Link: "wired", Router: wire.PlaceMark(d, homeRouter), Scanned: true, Around: []string{wire.PlaceMark(d, "34:76:c5:aa:bb:01"), wire.PlaceMark(d, "50:c7:bf:00:11:22")},
	}}
	for _, check := range wire.PostureChecks {
		if check == "place" || check == "agent_version" {
			continue
		}
		seen := "yes"
		if slices.Contains(bad, check) {
			seen = "no"
		}
		r.Findings = append(r.Findings, wire.PostureFinding{Check: check, Seen: seen, Names: []string{}})
	}
	must(c.t, c.posture.Take(by, wire.SignWith(key, wire.DomainPosture, r)))
	_, err = c.posture.Keep(c.t.Context(), by)
	must(c.t, err)
}

func TestPostureOfAPC(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	one := c.registered(b)
	path := "/devices/" + string(one.ID)
	var view console.DevicePostureView
	b.do("GET", path+"/posture", nil).into(t, &view)
	if view.At != nil || view.Code != "posture.missing" || len(view.Checks) != len(wire.PostureChecks) {
		t.Fatalf("a PC that never reported: %+v", view)
	}
	c.reports(one.ID, "disk_encryption")
	a := b.do("GET", path+"/posture", nil)
	a.into(t, &view)
	first := view.Checks[0]
	if view.At == nil || !view.Refused || !first.Failing || first.Name != "ディスクの暗号化" || first.Do == "" || view.Checks[2].Failing {
		t.Fatalf("%+v", view)
	}
	for _, secret := range []string{homeRouter, "34:76:c5", wire.PlaceMark(one.ID, homeRouter)} {
		if strings.Contains(a.body, secret) {
			t.Errorf("the answer names %s", secret)
		}
	}
	if a := b.do("PUT", path+"/place", map[string]any{"name": "自宅"}); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	b.do("GET", path+"/posture", nil).into(t, &view)
	if view.Place != "自宅" || view.Around != 2 || view.Checks[7].Outcome != "pass" {
		t.Fatalf("%+v", view)
	}
	if a := b.do("DELETE", path+"/place", nil); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	c.clk.Advance(wire.PostureStale * 2)
	if a := b.do("PUT", path+"/place", map[string]any{"name": "自宅"}); a.code() != "posture.no_network" {
		t.Errorf("a place that the PC has left: %d %s", a.status, a.body)
	}
	if a := b.do("PUT", "/devices/none/place", map[string]any{"name": "自宅"}); a.status != http.StatusNotFound {
		t.Errorf("a place for no PC: %d %s", a.status, a.body)
	}
}

func TestPostureRules(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	var view console.PostureRulesView
	b.do("GET", "/posture/rules", nil).into(t, &view)
	if len(view.Policies) != 2 || view.Policies[0].Rules.Policy != "home" || view.Policies[0].Rules.Rules[0].Level != "close" || view.Policies[1].Rules.Rules[0].Level != "warn" {
		t.Fatalf("%+v", view)
	}
	rules := view.Policies[0].Rules
	rules.Rules[6].Level = "close"
	var put wire.PostureRules
	b.do("PUT", "/posture/rules/home", rules).into(t, &put)
	if put.Version != 1 || put.Rules[6].Level != "close" {
		t.Fatalf("%+v", put)
	}
	if a := b.do("PUT", "/posture/rules/home", rules); a.code() != "posture.changed" {
		t.Errorf("on an old version: %d %s", a.status, a.body)
	}
	if a := b.do("PUT", "/posture/rules/office", rules); a.status != http.StatusUnprocessableEntity {
		t.Errorf("under another name: %d %s", a.status, a.body)
	}
	rules.Policy = "nowhere"
	if a := b.do("PUT", "/posture/rules/nowhere", rules); a.status != http.StatusNotFound {
		t.Errorf("for no policy: %d %s", a.status, a.body)
	}
	if rows := c.rows("posture.rules_changed"); len(rows) != 1 || rows[0].Event.Actor.Person != c.who["admin"].ID {
		t.Errorf("%+v", rows)
	}
}
