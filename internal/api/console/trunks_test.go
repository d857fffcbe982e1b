package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/sound"
)

func trunkBody(name string) map[string]any {
	return map[string]any{
		"name": name, "kind": "registration", "host": "sip.example.jp", "port": 5061, "transport": "tls", "security": "sdes", "user": "0312345678",
		"allow": []string{"203.0.113.0/24", "198.51.100.7"}, "max_calls": 30,
		"out": map[string]any{"max_calls": 10, "per_minute": 20, "from": 540, "to": 1080, "zone": "Asia/Tokyo", "prefixes": []string{}},
	}
}

// flow publishes a flow of a client that says one word and ends.
func (c *centre) flow(client sekisho.ClientID) sekisho.FlowID {
	c.t.Helper()
	ctx, by := c.t.Context(), audit.Actor{Person: c.who["admin"].ID, Role: sekisho.RoleAdministrator}
	prompt := made(c.flows.CreatePrompt(ctx, by, client, "チャイム"))(c.t)
	wav := append(sound.WAVHeader(sound.Mu, 1, sound.Rate), make([]byte, sound.Rate)...)
	made(c.flows.StorePrompt(ctx, by, client, prompt, "ja", wav))(c.t)
	id := made(c.flows.CreateFlow(ctx, by, client, "受付"))(c.t)
	edit := made(c.flows.SaveDraft(ctx, by, id, 0, ivr.Flow{
		Start: "end", Fallback: ivr.Fallback{Prompt: prompt}, Nodes: []ivr.Node{{ID: "end", Hangup: &ivr.Hangup{Prompt: prompt}}},
	}))(c.t)
	if _, faults, err := c.flows.Publish(ctx, by, id, edit); err != nil || len(faults) > 0 {
		c.t.Fatal(err, faults)
	}
	return id
}

func TestTrunksByTheConsole(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	const secret = "Zq7!pW2x-trunk"
	body := trunkBody("本社回線")
	body["secret"] = secret
	a := b.do("POST", "/trunks", body)
	var one console.TrunkView
	a.into(t, &one)
	answers := a.body
	if !one.HasSecret || one.State != "off" || strings.Join(one.Allow, " ") != "203.0.113.0/24 198.51.100.7/32" || one.Out.PerMinute != 20 {
		t.Errorf("%+v", one)
	}
	path := "/trunks/" + string(one.ID)
	changed := trunkBody("本社の回線")
	a = b.do("PUT", path, changed)
	a.into(t, &one)
	if answers += a.body; one.Name != "本社の回線" || !one.HasSecret {
		t.Errorf("a change without a password: %+v", one)
	}
	changed["host"] = "elsewhere.example"
	if a := b.do("PUT", path, changed); a.code() != "trunk.secret_again" {
		t.Errorf("the old password to another host: %d %s", a.status, a.body)
	}
	wide := trunkBody("広い")
	wide["allow"] = []string{"0.0.0.0/0"}
	if a := b.do("POST", "/trunks", wide); a.code() != "trunk.allow" {
		t.Errorf("everybody's addresses: %d %s", a.status, a.body)
	}
	wide["allow"] = []string{"example.jp"}
	if a := b.do("POST", "/trunks", wide); a.code() != "trunk.allow" {
		t.Errorf("no address: %d %s", a.status, a.body)
	}
	answers += c.as("auditor").do("GET", "/trunks", nil).body
	if strings.Contains(answers, secret) || !strings.Contains(answers, "本社の回線") {
		t.Errorf("answers: %s", answers)
	}
	if a := b.do("DELETE", path, nil); a.status != http.StatusNoContent {
		t.Errorf("remove: %d %s", a.status, a.body)
	}
	if len(c.rows("trunk.created")) != 1 || len(c.rows("trunk.changed")) != 1 || len(c.rows("trunk.removed")) != 1 {
		t.Error("rows are missing")
	}
}

// TestNumbersAnswerForOneClient: no number's calls go to another client's flow.
func TestNumbersAnswerForOneClient(t *testing.T) {
	c := newCentre(t, true)
	h := c.twoClients()
	flow := c.flow(h[ofA].client)
	b := c.as("admin")
	var line console.TrunkView
	b.do("POST", "/trunks", trunkBody("本社回線")).into(t, &line)
	place := map[string]any{"number": "03-1234-5678", "trunk": line.ID, "work": h[ofB].work, "flow": flow}
	if a := b.do("POST", "/numbers", place); a.code() != "console.number_flow" {
		t.Errorf("another client's flow: %d %s", a.status, a.body)
	}
	place["work"] = h[ofA].work
	if a := b.do("POST", "/numbers", place); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var view console.NumbersView
	c.as("auditor").do("GET", "/numbers", nil).into(t, &view)
	if len(view.Numbers) != 1 || view.Numbers[0].Number != "+81312345678" || view.Numbers[0].TrunkName != "本社回線" || !view.Numbers[0].Standing || len(view.Works) != 2 || len(view.Flows) != 1 {
		t.Errorf("%+v", view)
	}
	delete(place, "number")
	place["work"] = h[ofB].work
	if a := b.do("PUT", "/numbers/%2B81312345678", place); a.code() != "console.number_flow" {
		t.Errorf("moved to another client's work: %d %s", a.status, a.body)
	}
	if a := b.do("DELETE", "/trunks/"+string(line.ID), nil); a.code() != "trunk.in_use" {
		t.Errorf("a trunk with a number: %d %s", a.status, a.body)
	}
	if a := b.do("DELETE", "/numbers/%2B81312345678", nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
}
