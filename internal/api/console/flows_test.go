package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/foundation/sound"
)

// aSecond is a WAV file of one second.
func aSecond() string {
	return string(append(sound.WAVHeader(sound.Mu, 1, sound.Rate), make([]byte, sound.Rate)...))
}

// drawn makes a flow with an announcement that has a sound, and gives its id and the drawing.
func (c *centre) drawn(b *browser, client sekisho.ClientID) (console.FlowView, console.PromptView, map[string]any) {
	c.t.Helper()
	var flow console.FlowView
	b.do("POST", "/flows", map[string]any{"client": client, "name": "代表番号"}).into(c.t, &flow)
	var prompt console.PromptView
	b.do("POST", "/prompts", map[string]any{"client": client, "name": "ごあいさつ"}).into(c.t, &prompt)
	path := "/prompts/sound?client=" + string(client) + "&id=" + string(prompt.ID) + "&language=ja"
	if a := b.do("PUT", path, "no sound"); a.code() != "sound.not_wav" {
		c.t.Errorf("what is no sound: %d %s", a.status, a.body)
	}
	if a := b.do("PUT", path, aSecond()); a.status != http.StatusNoContent {
		c.t.Fatalf("a sound: %d %s", a.status, a.body)
	}
	return flow, prompt, map[string]any{
		"start": "hello", "fallback": map[string]any{"prompt": prompt.ID},
		"nodes": []map[string]any{
			{"id": "hello", "x": 40, "y": 40, "menu": map[string]any{"prompt": prompt.ID, "choices": map[string]string{"1": "wait"}, "wait": 5, "tries": 2, "otherwise": "bye"}},
			{"id": "wait", "queue": map[string]any{"queue": "queue-" + string(client), "most": 60, "overflow": "bye"}},
			{"id": "bye", "hangup": map[string]any{}},
		},
	}
}

func TestACallFlowFromDraftToForceAndBack(t *testing.T) {
	c := newCentre(t, true)
	client := c.twoClients()[ofA].client
	b := c.as("sv")
	flow, prompt, graph := c.drawn(b, client)
	if flow.Edit != 0 || flow.Published != 0 || len(flow.Faults) == 0 || len(flow.Parts.Queues) != 1 {
		t.Fatalf("a new flow: %+v", flow)
	}
	save := func(seen int, graph any) reply {
		return b.do("PUT", "/flows/draft", map[string]any{"id": flow.ID, "seen": seen, "flow": graph})
	}
	var saved console.FlowSavedView
	save(0, map[string]any{"start": "a", "fallback": map[string]any{"prompt": ""}, "nodes": []any{map[string]any{"id": "a", "play": map[string]any{"prompt": "", "next": ""}}}}).into(t, &saved)
	if saved.Edit != 1 || saved.Faults[0].Title == "" || saved.Faults[0].Action == "" {
		t.Fatalf("a draft with faults: %+v", saved)
	}
	var told console.FlowPublishedView
	at := "/flows/" + string(flow.ID)
	b.do("POST", at+"/publish", map[string]any{"seen": 1}).into(t, &told)
	if told.Version != 0 || len(told.Faults) == 0 {
		t.Errorf("published with faults: %+v", told)
	}
	if a := save(0, graph); a.code() != "flow.changed_meanwhile" {
		t.Errorf("over somebody else's: %d %s", a.status, a.body)
	}
	save(1, graph).into(t, &saved)
	if len(saved.Faults) != 0 {
		t.Fatalf("faults: %+v", saved.Faults)
	}
	var trial console.FlowTrialView
	b.do("POST", at+"/try", map[string]any{"at": c.clk.Now(), "caller": "", "called": "", "acts": []any{map[string]any{"keys": "1"}, map[string]any{"answer": true}}}).into(t, &trial)
	if strings.Join(strings.Fields(string(trial.Path[0])+" "+string(trial.Path[1])), " ") != "hello wait" || trial.Cause == "" {
		t.Errorf("the dry run: %+v", trial)
	}
	for want := 1; want <= 2; want++ {
		path := at + "/publish"
		if want == 2 {
			path = at + "/versions/1"
		}
		b.do("POST", path, map[string]any{"seen": 2}).into(t, &told)
		if told.Version != want {
			t.Fatalf("version %d: %+v", want, told)
		}
	}
	var history console.FlowHistoryView
	c.as("auditor").do("GET", at+"/versions", nil).into(t, &history)
	if len(history.Versions) != 2 || history.Versions[0].Origin != 1 || history.Versions[0].Author != c.who["sv"].Name {
		t.Errorf("history %+v", history)
	}
	if a := b.do("DELETE", "/prompts/"+string(prompt.ID)+"?client="+string(client), nil); a.code() != "flow.in_use" {
		t.Errorf("an announcement in use: %d %s", a.status, a.body)
	}
	if a := b.do("GET", "/prompts/"+string(prompt.ID)+"/sound?language=ja", nil); a.header.Get("Content-Type") != "audio/wav" || !strings.HasPrefix(a.body, "RIFF") {
		t.Errorf("the sound: %d %v", a.status, a.header)
	}
	row := c.rows("flow.published")[0].Event
	if row.Actor.Person != c.who["sv"].ID || row.Actor.Role != sekisho.RoleSupervisor {
		t.Errorf("the row says %+v", row.Actor)
	}
}

func TestFlowPartsOfAnotherClientAreNotFound(t *testing.T) {
	c := newCentre(t, true)
	held := c.twoClients()
	a, other := held[ofA].client, sekisho.ClientID("")
	for whose, one := range held {
		if whose != ofA {
			other = one.client
		}
	}
	b := c.as("admin")
	_, prompt, _ := c.drawn(b, a)
	var hours console.FlowCalendarView
	b.do("PUT", "/calendars", map[string]any{
		"id": "", "client": a, "seen": 0, "name": "平日", "zone": "Asia/Tokyo", "holidays": []string{"2026-12-31"}, "extra": []any{},
		"week": []map[string]any{{"day": "mon", "spans": []map[string]int{{"from": 540, "to": 1080}}}},
	}).into(t, &hours)
	if hours.Edit != 1 || hours.Week[0].Spans[0].To != 1080 {
		t.Errorf("%+v", hours)
	}
	for _, path := range []string{"/prompts/" + string(prompt.ID), "/calendars/" + string(hours.ID)} {
		if got := b.do("DELETE", path+"?client="+string(other), nil); got.status == http.StatusNoContent {
			t.Errorf("%s was deleted for another client", path)
		}
	}
	if got := b.do("GET", "/flow-parts/"+string(other), nil); strings.Contains(got.body, string(prompt.ID)) || strings.Contains(got.body, string(hours.ID)) {
		t.Errorf("parts of another: %s", got.body)
	}
}

// The key of a look-up is shown once, its address never: its path may hold a key.
func TestLookupsKeepTheirKeyAndAddress(t *testing.T) {
	c := newCentre(t, true)
	client := c.twoClients()[ofA].client
	b := c.as("admin")
	var made console.LookupSavedView
	a := b.do("PUT", "/lookups", map[string]any{"id": "", "client": client, "seen": 0, "name": "会員照会", "url": "https://crm.example/find?key=Zq7pW2x"})
	a.into(t, &made)
	if len(made.Key) != 43 || made.Lookup.Host != "crm.example" {
		t.Fatalf("%+v", made.Lookup)
	}
	if shown := b.do("GET", "/flow-parts/"+string(client), nil); strings.Contains(shown.body, made.Key) || strings.Contains(a.body+shown.body, "Zq7pW2x") || !strings.Contains(shown.body, "crm.example") {
		t.Errorf("shown: %s", shown.body)
	}
	c.clk.Advance(time.Second)
	if got := c.as("sv").do("PUT", "/lookups", map[string]any{"id": "", "client": client, "seen": 0, "name": "x", "url": "https://evil.example/"}); got.code() != "console.role_missing" {
		t.Errorf("a supervisor named where callers' digits go: %d %s", got.status, got.body)
	}
}
