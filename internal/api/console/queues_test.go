package console_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/wire"
)

// TestQueuesByTheConsole: what a supervisor sets comes back as it was set.
func TestQueuesByTheConsole(t *testing.T) {
	c := newCentre(t, true)
	h := c.twoClients()
	b := c.as("sv")
	var view console.QueuesView
	b.do("GET", "/queues", nil).into(t, &view)
	set := view.Standard
	set.Strategy, set.Home, set.HomeLittle, set.MinTier, set.Priority = "priority", true, true, "C", 7
	set.Skills = []console.SkillDegree{{Name: "英語", Degree: 7}}
	set.Widen = []console.QueueWidening{{After: 60, Lower: 3}, {After: 120, Lower: 6}}
	set.MaxWait, set.MaxLength, set.RingFor, set.WrapUp, set.Target, set.ShortWithin, set.TellEvery = 600, 50, 15, 90, 30, 10, 45
	set.Codes, set.CodeNeeded = []string{"受注", "問い合わせ"}, true
	asked := map[string]any{"client": h[ofA].client, "work": h[ofA].work, "name": "ご注文", "settings": set}
	if a := b.do("POST", "/queues", asked); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	c.as("auditor").do("GET", "/queues", nil).into(t, &view)
	if len(view.Queues) != 1 || view.Queues[0].ClientName != "架空商事" || !reflect.DeepEqual(view.Queues[0].Settings, set) {
		t.Fatalf("%+v", view.Queues)
	}
	asked["work"], asked["name"] = h[ofB].work, "よそ"
	if a := b.do("POST", "/queues", asked); a.code() != "queue.work" {
		t.Errorf("one client's queue on another's work: %d %s", a.status, a.body)
	}
	path := "/queues/" + string(view.Queues[0].ID)
	other := set
	other.Widen = []console.QueueWidening{{After: 60, Lower: 6}, {After: 120, Lower: 3}}
	if a := b.do("PUT", path, map[string]any{"name": "ご注文", "settings": other}); a.code() != "queue.skills" {
		t.Errorf("a later step that asks for more: %d %s", a.status, a.body)
	}
	set.Skills, set.Widen, set.Home, set.HomeLittle = []console.SkillDegree{}, []console.QueueWidening{}, false, false
	if a := b.do("PUT", path, map[string]any{"name": "注文", "settings": set}); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := b.do("POST", path+"/retire", nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := b.do("PUT", path, map[string]any{"name": "注文", "settings": set}); a.code() != "queue.retired" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestSkillsAreOfOperators: degrees are kept, taken away by leaving them out, and nobody else has any.
func TestSkillsAreOfOperators(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("sv")
	set := func(who string, skills ...console.SkillDegree) reply {
		if skills == nil {
			skills = []console.SkillDegree{}
		}
		return b.do("PUT", "/skills/"+who, map[string]any{"skills": skills})
	}
	op := string(c.who["op"].ID)
	if a := set(op, console.SkillDegree{Name: "英語", Degree: 7}, console.SkillDegree{Name: "受注", Degree: 10}); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var view console.SkillsView
	b.do("GET", "/skills", nil).into(t, &view)
	if len(view.Names) != 2 {
		t.Errorf("%v", view.Names)
	}
	for _, p := range view.People {
		if want := map[bool]int{true: 2}[string(p.ID) == op]; len(p.Skills) != want {
			t.Errorf("%s has %d", p.Login, len(p.Skills))
		}
	}
	if a := set(string(c.who["admin"].ID), console.SkillDegree{Name: "英語", Degree: 7}); a.code() != "acd.person" {
		t.Errorf("an administrator: %d %s", a.status, a.body)
	}
	if a := set(wire.NewID()); a.status != http.StatusNotFound {
		t.Errorf("nobody: %d %s", a.status, a.body)
	}
	if a := set(op); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	text, _ := json.Marshal(made(c.queues.Skills(t.Context()))(t))
	if string(text) != "{}" {
		t.Errorf("left: %s", text)
	}
}
