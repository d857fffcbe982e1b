package acd

import (
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

func TestWhoMayHearWhat(t *testing.T) {
	full, little, none := sekisho.LevelFull, sekisho.LevelLittle, sekisho.LevelNone
	seat := func(p sekisho.Place, tier sekisho.Tier, class sekisho.LeaseClass, camera bool) Seat {
		return Seat{Place: p, Tier: tier, Class: class, Camera: camera}
	}
	face := sekisho.ClassFace
	for _, c := range []struct {
		name   string
		seat   Seat
		level  sekisho.Level
		rules  Rules
		change func(*Settings)
		want   bool
	}{
		{"office, face, full", office, full, Rules{}, nil, true},
		{"home, none", home, none, Rules{}, nil, true},
		{"home, little, neither rule", home, little, Rules{}, nil, false},
		{"home, little, the queue alone", home, little, Rules{}, func(s *Settings) { s.HomeLittle = true }, false},
		{"home, little, the centre alone", home, little, Rules{HomeLevel: little}, nil, false},
		{"home, little, both", home, little, Rules{HomeLevel: little}, func(s *Settings) { s.HomeLittle = true }, true},
		{"home, full, whatever the rule", home, full, Rules{HomeLevel: full}, func(s *Settings) { s.HomeLittle = true }, false},
		{"home, what is no level", home, "low", Rules{HomeLevel: little}, func(s *Settings) { s.HomeLittle = true }, false},
		{"home, a queue of the office", home, none, Rules{}, func(s *Settings) { s.Home = false }, false},
		{"home, full, disaster", home, full, Rules{Disaster: true}, func(s *Settings) { s.Home = false }, true},
		{"disaster without camera", seat("home", "A", sekisho.ClassApproved, false), little, Rules{Disaster: true}, nil, false},
		{"approved with camera, little", seat("office", "A", sekisho.ClassApproved, true), little, Rules{}, nil, true},
		{"approved with camera, full", seat("office", "A", sekisho.ClassApproved, true), full, Rules{}, nil, false},
		{"approved without camera, none", seat("office", "A", sekisho.ClassApproved, false), none, Rules{}, nil, true},
		{"approved without camera, little", seat("office", "A", sekisho.ClassApproved, false), little, Rules{}, nil, false},
		{"no place", seat("", "A", face, true), none, Rules{Disaster: true}, nil, false},
		{"no class", seat("office", "A", "", true), none, Rules{Disaster: true}, nil, false},
		{"no tier", seat("office", "", face, true), none, Rules{Disaster: true}, func(s *Settings) { s.MinTier = sekisho.TierC }, false},
		{"a lower tier", seat("office", "C", face, true), none, Rules{}, nil, false},
		{"tier C where it is named", seat("office", "C", face, true), none, Rules{}, func(s *Settings) { s.MinTier = sekisho.TierC }, true},
	} {
		d := newDesk(t, queue("q", c.change))
		d.do(SetRules{Rules: c.rules})
		d.ready(c.seat, "a")
		got := len(find[Offer](d.do(CallArrives{Call: "1", Queue: "q", Level: c.level}))) == 1
		if got != c.want {
			t.Errorf("%s: offered %v", c.name, got)
		}
	}
}

// The end of a disaster takes back what rings at home, and touches no talk.
func TestDisasterEnds(t *testing.T) {
	d := newDesk(t, queue("q", nil))
	d.do(SetRules{Rules: Rules{Disaster: true}})
	d.ready(home, "a", "b")
	d.do(CallArrives{Call: "1", Queue: "q", Level: sekisho.LevelFull})
	d.do(Answer{Token: 1})
	d.do(CallArrives{Call: "2", Queue: "q", Level: sekisho.LevelFull})
	if w := only[Withdraw](t, d.do(SetRules{})); w.Call != "2" {
		t.Fatalf("%+v", w)
	}
	d.state("a", Talking)
	d.state("b", Ready)
}

func TestSkillsWiden(t *testing.T) {
	d := newDesk(t, queue("q", func(s *Settings) {
		s.Skills, s.Widen = []Skill{{"english", 8}}, []Widening{{30 * time.Second, 3}, {time.Minute, 10}}
	}))
	d.do(AgentIn{Agent: "none", Seat: office, Works: []sekisho.WorkID{"work"}})
	d.do(AgentIn{Agent: "some", Seat: office, Works: []sekisho.WorkID{"work"}, Skills: map[string]int{"english": 5}})
	d.do(AgentIn{Agent: "other", Seat: office, Works: []sekisho.WorkID{"another"}, Skills: map[string]int{"english": 10}})
	d.do(AgentIn{Agent: "liar", Seat: office, Works: []sekisho.WorkID{"work"}, Skills: map[string]int{"english": 99}})
	for _, id := range []sekisho.PersonID{"none", "some", "other", "liar"} {
		d.do(AgentState{Agent: id, State: Ready})
	}
	if acts := d.do(CallArrives{Call: "1", Queue: "q"}); len(find[Offer](acts)) != 0 {
		t.Fatalf("%+v", acts)
	}
	if acts := d.pass(29 * time.Second); len(find[Offer](acts)) != 0 {
		t.Fatalf("%+v", acts)
	}
	o := only[Offer](t, d.pass(time.Second))
	if o.Agent != "some" {
		t.Fatalf("%+v", o)
	}
	d.do(Decline{Token: o.Token})
	d.state("some", Away)
	if o := only[Offer](t, d.pass(30*time.Second)); o.Agent != "liar" {
		t.Fatalf("%+v", o)
	}
}

func TestStrategies(t *testing.T) {
	for strategy, want := range map[Strategy]sekisho.PersonID{LongestIdle: "b", FewestCalls: "c", RoundRobin: "c", Priority: "a"} {
		d := newDesk(t, queue("q", func(s *Settings) { s.Strategy = strategy; s.Skills = []Skill{{"english", 1}} }))
		for i, id := range []sekisho.PersonID{"a", "b", "c"} {
			d.do(AgentIn{Agent: id, Seat: office, Works: []sekisho.WorkID{"work"}, Skills: map[string]int{"english": 9 - i}})
		}
		for _, id := range []sekisho.PersonID{"b", "a"} { // each answers one
			d.do(AgentState{Agent: id, State: Ready})
			o := only[Offer](t, d.do(CallArrives{Call: sekisho.CallID(id), Queue: "q"}))
			d.do(Answer{Token: o.Token})
			d.do(AgentState{Agent: id, State: Away})
			d.do(TalkEnds{Call: sekisho.CallID(id)})
		}
		for _, id := range []sekisho.PersonID{"b", "a", "c"} { // b has idled longest, c has answered none
			d.do(AgentState{Agent: id, State: Ready})
			d.at = d.at.Add(time.Second)
		}
		if o := only[Offer](t, d.do(CallArrives{Call: "x", Queue: "q"})); o.Agent != want {
			t.Errorf("%s: %s, want %s", strategy, o.Agent, want)
		}
	}
}

func TestRingAll(t *testing.T) {
	d := newDesk(t, queue("q", func(s *Settings) { s.Strategy = RingAll }))
	d.ready(office, "a", "b", "c")
	offers := find[Offer](d.do(CallArrives{Call: "1", Queue: "q"}))
	if len(offers) != 3 {
		t.Fatalf("%+v", offers)
	}
	d.do(Timeout{Token: offers[0].Token})
	d.state("a", NoAnswer)
	acts := d.do(Answer{Token: offers[1].Token})
	if only[Connect](t, acts).Agent != "b" || only[Withdraw](t, acts).Agent != "c" {
		t.Fatalf("%+v", acts)
	}
	d.state("c", Ready)
	for _, o := range offers {
		if r := only[Refused](t, d.do(Answer{Token: o.Token})); r.Err != errToken {
			t.Fatalf("%+v", r)
		}
	}
}

// The caller leaves, his place stays, and comes to the head like any other.
func TestCallbackKeepsItsPlace(t *testing.T) {
	d := newDesk(t, queue("q", func(s *Settings) { s.MaxWait = time.Minute }))
	d.do(CallArrives{Call: "1", Queue: "q"})
	d.at = d.at.Add(time.Second)
	d.do(CallArrives{Call: "2", Queue: "q"})
	if l := only[Left](t, d.do(CallLeaves{Call: "1", Cause: calls.ForCallback})); l.Cause != calls.ForCallback || d.m.Waiting("q") != 2 {
		t.Fatalf("%+v, %d wait", l, d.m.Waiting("q"))
	}
	if acts := d.pass(2 * time.Minute); only[Overflow](t, acts).Call != "2" { // a place does not wait too long
		t.Fatalf("%+v", acts)
	}
	d.ready(office, "a")
	o := d.m.offers[1]
	if o == nil || o.offer.call.id != "1" {
		t.Fatal("the place was not at the head")
	}
	acts := d.do(Answer{Token: 1})
	if due := only[CallbackDue](t, acts); due.Call != "1" || due.Agent != "a" || len(find[Connect](acts)) != 0 {
		t.Fatalf("%+v", acts)
	}
	d.do(TalkEnds{Call: "1", Cause: calls.NoAnswer})
	for _, f := range d.facts {
		if f.Call == "1" && (f.Kind == FactAbandoned || f.Kind == FactAnswered && !f.Again) {
			t.Fatalf("%+v counts", f)
		}
	}
	// A place that nobody takes ends after a day.
	d.do(AgentOut{Agent: "a"})
	d.do(CallArrives{Call: "3", Queue: "q"})
	d.do(CallLeaves{Call: "3", Cause: calls.ForCallback})
	for _, l := range find[Left](d.pass(24 * time.Hour)) {
		if l.Call == "3" && l.Cause != calls.NoAnswer {
			t.Fatalf("%+v", l)
		}
	}
	if d.m.calls["3"] != nil {
		t.Fatal("it waits for ever")
	}
}

func TestPositionAndExpectedWait(t *testing.T) {
	d := newDesk(t, queue("q", func(s *Settings) { s.TellEvery = 30 * time.Second }))
	if a := only[Announce](t, d.do(CallArrives{Call: "0", Queue: "q"})); a.Position != 1 || a.Wait >= 0 {
		t.Fatalf("%+v: nobody is there", a)
	}
	d.do(CallLeaves{Call: "0", Cause: calls.Abandoned})
	d.ready(office, "a", "b")
	for i, id := range []sekisho.CallID{"1", "2"} {
		d.do(CallArrives{Call: id, Queue: "q"})
		d.do(Answer{Token: uint64(i + 1)})
	}
	d.do(CallArrives{Call: "3", Queue: "q"})
	a := only[Announce](t, d.do(CallArrives{Call: "4", Queue: "q"}))
	if a.Position != 2 || a.Wait != 3*time.Minute { // 2 × 180 s ÷ 2
		t.Fatalf("%+v", a)
	}
	if all := find[Announce](d.pass(29 * time.Second)); len(all) != 0 {
		t.Fatalf("%+v", all)
	}
	if all := find[Announce](d.pass(time.Second)); len(all) != 2 || all[0].Call != "3" || all[0].Position != 1 {
		t.Fatalf("%+v", all)
	}
}

func TestOverflow(t *testing.T) {
	d := newDesk(t,
		queue("small", func(s *Settings) { s.MaxLength, s.Overflow, s.MaxWait = 1, "large", time.Minute }),
		queue("large", func(s *Settings) { s.MaxLength, s.Overflow = 2, "small" }))
	began := d.at
	d.do(CallArrives{Call: "1", Queue: "small"})
	d.at = d.at.Add(time.Second)
	if o := only[Overflow](t, d.do(CallArrives{Call: "2", Queue: "small"})); o.To != "large" || o.Full {
		t.Fatalf("%+v", o)
	}
	acts := d.pass(time.Minute)
	if o := only[Overflow](t, acts); o.Call != "1" || o.To != "large" {
		t.Fatalf("%+v", acts)
	}
	if first := d.m.waiting[0]; first.id != "1" || !first.since.Equal(began) {
		t.Fatalf("%+v: the waiting time is kept", first)
	}
	d.do(CallArrives{Call: "3", Queue: "small"})
	acts = d.do(CallArrives{Call: "4", Queue: "large"}) // both are full, and point at each other
	if o := only[Overflow](t, acts); !o.Full || o.To != "" || only[Refused](t, acts).Err != errCrowded || d.m.calls["4"] != nil {
		t.Fatalf("%+v", acts)
	}
	if o := only[Overflow](t, d.pass(time.Minute)); o.Call != "3" || o.To != "" || d.m.calls["3"] == nil {
		t.Fatalf("%+v", o)
	}
	if all := find[Overflow](d.pass(time.Minute)); len(all) != 0 { // said once
		t.Fatalf("%+v", all)
	}
}

func TestWrapUp(t *testing.T) {
	d := newDesk(t, queue("q", func(s *Settings) {
		s.WrapUp, s.Codes, s.CodeNeeded = time.Minute, []string{"done"}, true
	}))
	d.ready(office, "a")
	d.do(CallArrives{Call: "1", Queue: "q"})
	d.do(Answer{Token: 1})
	d.do(AgentState{Agent: "a", State: Break, Reason: "lunch"})
	d.state("a", Talking)
	if s := find[StateChanged](d.do(TalkEnds{Call: "1", Cause: calls.ByCaller})); s[0].State != WrapUp || s[0].Next != Break || !s[0].Until.IsZero() {
		t.Fatalf("%+v", s)
	}
	d.pass(2 * time.Minute)
	d.state("a", WrapUp) // without a code it does not end
	for code, want := range map[string]error{"": errCode, "other": errCode} {
		if r := only[Refused](t, d.do(WrapUpDone{Agent: "a", Code: code})); r.Err != want {
			t.Errorf("%q: %v", code, r.Err)
		}
	}
	d.do(WrapUpDone{Agent: "a", Code: "done"})
	d.state("a", Break)
	last := d.facts[len(d.facts)-2]
	if last.Kind != FactWrapped || last.Wrap != 2*time.Minute || last.Code != "done" {
		t.Fatalf("%+v", last)
	}
	// Where no code is needed time ends it, also when it was prolonged.
	d = newDesk(t, queue("q", func(s *Settings) { s.WrapUp = time.Minute }))
	d.ready(office, "a")
	d.do(CallArrives{Call: "1", Queue: "q"})
	d.do(Answer{Token: 1})
	d.do(TalkEnds{Call: "1", Cause: calls.ByCaller})
	d.do(WrapUpMore{Agent: "a", By: time.Minute})
	d.pass(time.Minute)
	d.state("a", WrapUp)
	d.pass(time.Minute)
	d.state("a", Ready)
}

func TestOwnCall(t *testing.T) {
	d := newDesk(t, queue("q", nil))
	d.do(CallArrives{Call: "1", Queue: "q"})
	d.do(AgentIn{Agent: "a", Seat: office, Works: []sekisho.WorkID{"work"}})
	d.do(OwnCall{Agent: "a", Call: "own", Level: sekisho.LevelFull})
	d.state("a", Talking)
	if acts := d.do(AgentState{Agent: "a", State: Ready}); len(find[Offer](acts)) != 0 {
		t.Fatalf("%+v", acts)
	}
	acts := d.do(LeaseLost{Agent: "a"})
	if s := only[Stranded](t, acts); s.Call != "own" {
		t.Fatalf("%+v", acts)
	}
	if r := only[Refused](t, d.do(OwnCall{Agent: "a", Call: "again"})); r.Err != errState {
		t.Fatalf("%+v", r)
	}
	d.do(LeaseBack{Agent: "a", Seat: home})
	d.do(Timeout{Token: 1})
	if r := only[Refused](t, d.do(OwnCall{Agent: "a", Call: "again", Level: sekisho.LevelFull})); r.Err != errState && r.Err != errNotTaken {
		t.Fatalf("%+v", r)
	}
}

// One node's reservations: the newest token counts, once.
func TestFencing(t *testing.T) {
	r := NewOneNode()
	first, ok := r.Reserve("a", "1", noon)
	if _, twice := r.Reserve("a", "2", noon); !ok || twice {
		t.Fatal("reserved twice")
	}
	r.Release("a", first)
	second, _ := r.Reserve("a", "2", noon)
	if second <= first || r.Use("a", first) || r.Use("a", 0) || r.Use("b", second) {
		t.Fatal("an old token counts")
	}
	r.Release("a", first)
	if !r.Use("a", second) || r.Use("a", second) {
		t.Fatal("a token counts once")
	}
}

// An attended transfer: a colleague is asked, and then has the caller, who keeps his queue.
func TestHandOver(t *testing.T) {
	d := newDesk(t, queue("q", func(s *Settings) { s.WrapUp = time.Minute }))
	d.ready(office, "a")
	d.do(CallArrives{Call: "1", Queue: "q", Level: sekisho.LevelFull})
	d.do(Answer{Token: 1})
	d.do(AgentIn{Agent: "home", Seat: home, Works: []sekisho.WorkID{"work"}})
	if r := only[Refused](t, d.do(HandOver{Call: "1", To: "home"})); r.Err != errNotTaken {
		t.Fatalf("%+v: a call of the office went home", r)
	}
	d.do(AgentIn{Agent: "b", Seat: office, Works: []sekisho.WorkID{"work"}})
	d.do(OwnCall{Agent: "b", Call: "consult", Level: sekisho.LevelFull})
	acts := d.do(HandOver{Call: "1", To: "b"})
	if h := only[HandedOver](t, acts); h.From != "a" || h.To != "b" || only[Left](t, acts).Call != "consult" {
		t.Fatalf("%+v", acts)
	}
	d.state("a", WrapUp)
	d.state("b", Talking)
	if r := only[Refused](t, d.do(HandOver{Call: "1", To: "b"})); r.Err != errState {
		t.Fatalf("%+v", r)
	}
	if r := only[Requeued](t, d.do(LeaseLost{Agent: "b"})); r.Call != "1" {
		t.Fatalf("%+v", r)
	}
}

// Within one queue a call of a higher priority goes first, whoever came before.
func TestPriorityWithinAQueue(t *testing.T) {
	a, b := &call{line: &line{}, seq: 1}, &call{line: &line{}, seq: 2, priority: 5}
	if order(b, a) >= 0 || order(a, b) <= 0 {
		t.Error("a caller with priority waits behind one without")
	}
	a.head = true
	if order(a, b) >= 0 {
		t.Error("whoever was answered before is at the head all the same")
	}
}
