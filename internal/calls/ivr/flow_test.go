package ivr

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/wire"
)

const outside = calls.Number("+81312345678")

// all is a client company that has one of everything.
func all() Known {
	return Known{
		Prompts: map[sekisho.PromptID]bool{"p": true}, Queues: map[sekisho.QueueID]bool{"q": true}, Calendars: map[CalendarID]bool{"c": true},
		Hooks: map[HookID]bool{"h": true}, Numbers: map[calls.Number]bool{outside: true},
	}
}

// reception is a flow with every kind of node and without a fault.
func reception() Flow {
	return Flow{
		Start: "hours", Survey: "survey", Fallback: Fallback{Queue: "q", Prompt: "p"},
		Nodes: []Node{
			{ID: "hours", Title: "営業時間", Hours: &Hours{Calendar: "c", Open: "withheld", Closed: "message", Holiday: "closed"}},
			{ID: "closed", Play: &Play{Prompt: "p", Next: "bye"}},
			{ID: "withheld", Condition: &Condition{Of: OfCaller, Test: IsKnown, Yes: "menu", No: "simple"}},
			{ID: "menu", Menu: &Menu{Prompt: "p", Wait: 5, Tries: 2, Otherwise: "simple", Choices: map[string]NodeID{"1": "account", "2": "simple", "3": "later", "9": "partner", "*": "menu"}}},
			{ID: "account", Collect: &Collect{Prompt: "p", Name: "account", Min: 4, Max: 8, Wait: 5, Tries: 2, Next: "search", Otherwise: "full"}},
			{ID: "search", Lookup: &Lookup{Hook: "h", Prompt: "p", Caller: true, Collected: []string{"account"}, Takes: []string{"rank"}, Found: "note", Failed: "full"}},
			{ID: "note", Attribute: &Attribute{Name: "account_number", From: "account", Secret: true, Next: "gold"}},
			{ID: "gold", Condition: &Condition{Of: OfAttribute, Name: "rank", Test: IsOneOf, Values: []string{"gold"}, Yes: "first", No: "full"}},
			{ID: "first", Level: &SetLevel{Level: sekisho.LevelFull, Next: "first_queue"}},
			{ID: "first_queue", Queue: &Queue{Queue: "q", Priority: 9, Most: 60, Overflow: "later"}},
			{ID: "full", Level: &SetLevel{Level: sekisho.LevelFull, Next: "queue"}},
			{ID: "simple", Level: &SetLevel{Level: sekisho.LevelNone, Next: "topic"}},
			{ID: "topic", Attribute: &Attribute{Name: "topic", Value: "資料請求", Next: "queue"}},
			{ID: "queue", Queue: &Queue{Queue: "q", Most: 300, Overflow: "later"}},
			{ID: "later", Callback: &Callback{Queue: "q", Prompt: "p", Withheld: "message"}},
			{ID: "message", Voicemail: &Voicemail{Queue: "q", Prompt: "p", Most: 60, Next: "bye"}},
			{ID: "partner", Transfer: &Transfer{Number: outside, Wait: 20, Failed: "queue"}},
			{ID: "survey", Survey: &Survey{Wait: 5, Next: "bye", Questions: []Question{{Name: "satisfaction", Prompt: "p", From: 1, To: 5}, {Name: "again", Prompt: "p", From: 0, To: 1}}}},
			{ID: "bye", Hangup: &Hangup{Prompt: "p"}},
		},
	}
}

func find(f *Flow, id NodeID) *Node {
	return &f.Nodes[slices.IndexFunc(f.Nodes, func(n Node) bool { return n.ID == id })]
}

func TestEveryFaultIsFoundAtItsNode(t *testing.T) {
	if faults := Check(reception(), all()); len(faults) > 0 {
		t.Fatalf("a good flow: %+v", faults)
	}
	for name, c := range map[string]struct {
		spoil func(*Flow, *Known)
		want  string // node field code, one of those found
	}{
		"unreachable":        {func(f *Flow, _ *Known) { f.Nodes = append(f.Nodes, Node{ID: "island", Hangup: &Hangup{}}) }, "island flow.unreachable"},
		"dead end":           {func(f *Flow, _ *Known) { find(f, "closed").Play.Next = "" }, "closed next flow.dead_end"},
		"missing target":     {func(f *Flow, _ *Known) { find(f, "menu").Menu.Choices["2"] = "nowhere" }, "menu choice 2 flow.missing_target"},
		"no start":           {func(f *Flow, _ *Known) { f.Start = "nowhere" }, "start flow.no_start"},
		"missing survey":     {func(f *Flow, _ *Known) { f.Survey = "nowhere" }, "survey flow.missing_target"},
		"unknown prompt":     {func(f *Flow, k *Known) { find(f, "closed").Play.Prompt = "of another client" }, "closed prompt flow.unknown_prompt"},
		"prompt left out":    {func(f *Flow, k *Known) { find(f, "menu").Menu.Prompt = "" }, "menu prompt flow.unknown_prompt"},
		"unknown queue":      {func(f *Flow, k *Known) { find(f, "queue").Queue.Queue = "x" }, "queue queue flow.unknown_queue"},
		"unknown calendar":   {func(f *Flow, k *Known) { k.Calendars = nil }, "hours calendar flow.unknown_calendar"},
		"unknown look-up":    {func(f *Flow, k *Known) { k.Hooks = nil }, "search hook flow.unknown_lookup"},
		"forbidden number":   {func(f *Flow, k *Known) { find(f, "partner").Transfer.Number = "110" }, "partner number flow.number"},
		"no fallback":        {func(f *Flow, k *Known) { f.Fallback.Prompt = "" }, "fallback flow.fallback"},
		"fallback elsewhere": {func(f *Flow, k *Known) { f.Fallback.Queue = "x" }, "fallback flow.unknown_queue"},
		"two kinds":          {func(f *Flow, k *Known) { find(f, "bye").Play = &Play{Prompt: "p", Next: "menu"} }, "bye kind flow.kind"},
		"no kind":            {func(f *Flow, k *Known) { find(f, "bye").Hangup = nil }, "bye kind flow.kind"},
		"twice":              {func(f *Flow, k *Known) { f.Nodes = append(f.Nodes, Node{ID: "bye", Hangup: &Hangup{}}) }, "bye id flow.id_twice"},
		"bad id":             {func(f *Flow, k *Known) { f.Nodes = append(f.Nodes, Node{ID: "Größe", Hangup: &Hangup{}}) }, "Größe id flow.id"},
		"loop":               {func(f *Flow, k *Known) { find(f, "closed").Play.Next = "hours" }, "flow.loop"},
		"loop of attributes": {func(f *Flow, k *Known) { find(f, "topic").Attribute.Next = "simple" }, "flow.loop"},
		"loop of look-ups":   {func(f *Flow, k *Known) { find(f, "search").Lookup.Failed = "search" }, "search failed flow.loop"},
		"no end": {func(f *Flow, k *Known) {
			find(f, "bye").Hangup = nil
			find(f, "bye").Menu = &Menu{Prompt: "p", Wait: 1, Tries: 1, Choices: map[string]NodeID{"1": "bye"}, Otherwise: "bye"}
		}, "bye flow.no_end"},
		"wait of nothing":        {func(f *Flow, k *Known) { find(f, "menu").Menu.Wait = 0 }, "menu wait flow.bounds"},
		"hours in a queue":       {func(f *Flow, k *Known) { find(f, "queue").Queue.Most = 3601 }, "queue most flow.bounds"},
		"max below min":          {func(f *Flow, k *Known) { find(f, "account").Collect.Max = 3 }, "account max flow.bounds"},
		"key":                    {func(f *Flow, k *Known) { find(f, "menu").Menu.Choices["12"] = "bye" }, "menu choices flow.key"},
		"end key":                {func(f *Flow, k *Known) { find(f, "account").Collect.End = "5" }, "account end flow.key"},
		"level":                  {func(f *Flow, k *Known) { find(f, "full").Level.Level = "secret" }, "full level flow.level"},
		"test":                   {func(f *Flow, k *Known) { find(f, "gold").Condition.Test = "=~" }, "gold test flow.test"},
		"value and from":         {func(f *Flow, k *Known) { find(f, "note").Attribute.Value = "x" }, "note value flow.value"},
		"unknown attribute":      {func(f *Flow, k *Known) { find(f, "gold").Condition.Name = "colour" }, "gold name flow.unknown_name"},
		"never collected":        {func(f *Flow, k *Known) { find(f, "search").Lookup.Collected[0] = "birthday" }, "search collected flow.unknown_name"},
		"name":                   {func(f *Flow, k *Known) { find(f, "account").Collect.Name = "口座" }, "account name flow.name_form"},
		"what was entered, seen": {func(f *Flow, k *Known) { find(f, "note").Attribute.Secret = false }, "note secret flow.secret"},
		"secret in a condition":  {func(f *Flow, k *Known) { find(f, "gold").Condition.Name = "account_number" }, "gold name flow.secret"},
		"secret once open":       {func(f *Flow, k *Known) { find(f, "topic").Attribute.Name = "account_number" }, "secret flow.secret"},
		"answer over a secret":   {func(f *Flow, k *Known) { find(f, "search").Lookup.Takes[0] = "account_number" }, "search takes flow.secret"},
		"too many": {func(f *Flow, k *Known) {
			for i := range 200 {
				f.Nodes = append(f.Nodes, Node{ID: NodeID(fmt.Sprint("n", i)), Hangup: &Hangup{}})
			}
		}, "flow.too_many_nodes"},
	} {
		f, known := reception(), all()
		c.spoil(&f, &known)
		var got []string
		for _, fault := range Check(f, known) {
			got = append(got, strings.Join(strings.Fields(fmt.Sprint(fault.Node, " ", fault.Field, " ", fault.Code)), " "))
			if text := fault.Text(); text == wire.TextOf("internal") || text.JADo == "" || text.EN == "" {
				t.Errorf("%s has no words", fault.Code)
			}
		}
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasSuffix(s, c.want) }) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestFlowsAreReadAsTheyWereWritten(t *testing.T) {
	text, err := json.Marshal(reception())
	if err != nil {
		t.Fatal(err)
	}
	if f, err := ParseFlow(text); err != nil || !reflect.DeepEqual(f, reception()) {
		t.Errorf("%+v, %v", f, err)
	}
	for want, bad := range map[string]string{
		"flow.malformed": `{"start":"a","nodes":[],"runs":"rm"}`, "flow.too_large": strings.Repeat(" ", MaxFlow+1),
		"flow.too_many_nodes": `{"nodes":[` + strings.TrimSuffix(strings.Repeat("{},", MaxNodes+1), ",") + `]}`,
	} {
		if _, err := ParseFlow([]byte(bad)); sekisho.CodeOf(err) != want {
			t.Errorf("want %s: %v", want, err)
		}
	}
	if _, err := ParseFlow([]byte(`{} {}`)); err == nil {
		t.Error("two flows in one")
	}
	if _, err := ParseFlow([]byte(`{"start": +81312345678}`)); err == nil || strings.Contains(err.Error(), "8131") {
		t.Errorf("%v", err)
	}
}

// FuzzFlow: whatever is read can be checked and walked, and never runs for ever.
func FuzzFlow(f *testing.F) {
	text, _ := json.Marshal(reception())
	f.Add(text, "12#", int64(0))
	f.Add([]byte(`{"start":"a","nodes":[{"id":"a","play":{"prompt":"p","next":"a"}}]}`), "", int64(1))
	f.Fuzz(func(t *testing.T, text []byte, keys string, at int64) {
		flow, err := ParseFlow(text)
		if err != nil {
			return
		}
		Check(flow, all())
		again, err := encode(flow)
		if err != nil && len(text) < MaxFlow/8 {
			t.Fatalf("read, and not written: %v", err)
		}
		if _, err := ParseFlow([]byte(again)); again != "" && err != nil {
			t.Fatal(err)
		}
		if len(keys) > 100 {
			keys = keys[:100]
		}
		if _, err := Try(flow, map[CalendarID]Calendar{"c": week()}, Script{At: wednesday(10), Acts: []Act{{Keys: keys}, {Answer: true}}}); err != nil {
			t.Fatal(err)
		}
	})
}
