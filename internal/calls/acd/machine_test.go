package acd

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

func TestAMillionEvents(t *testing.T) {
	began := time.Now()
	tried := map[reflect.Type]int{}
	for seed := range uint64(20) {
		_, err := play(seed+1, 50_000, func(_ time.Time, _ Event, acts []Act, _ []Fact) {
			for _, act := range acts {
				tried[reflect.TypeOf(act)]++
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("seeds 1 to 20, %v: %v", time.Since(began), tried)
	for _, act := range []Act{Offer{}, Withdraw{}, Connect{}, CallbackDue{}, Requeued{}, Stranded{}, HandedOver{}, Announce{}, Overflow{}, Left{}, Refused{}} {
		if n := tried[reflect.TypeOf(act)]; n < 100 {
			t.Errorf("%T came %d times: nothing was tried", act, n)
		}
	}
}

// The same events give the same acts: nothing hangs on the order of a map.
func TestReplayIsTheSame(t *testing.T) {
	for seed := range uint64(3) {
		var first []string
		_, err := play(seed+100, 5000, func(_ time.Time, _ Event, acts []Act, facts []Fact) {
			first = append(first, fmt.Sprint(acts, facts))
		})
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		_, err = play(seed+100, 5000, func(_ time.Time, e Event, acts []Act, facts []Fact) {
			if got := fmt.Sprint(acts, facts); got != first[i] {
				t.Fatalf("event %d, %T: %s, and before: %s", i, e, got, first[i])
			}
			i++
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// desk is a machine with a clock of its own, for stories.
type desk struct {
	t     *testing.T
	m     *Machine
	at    time.Time
	facts []Fact
}

func newDesk(t *testing.T, queues ...Queue) *desk {
	d := &desk{t: t, m: NewMachine(NewOneNode()), at: noon}
	for _, q := range queues {
		d.do(SetQueue{Queue: q})
	}
	return d
}

func queue(id sekisho.QueueID, change func(*Settings)) Queue {
	s := Standard()
	s.Home, s.TellEvery, s.WrapUp = true, 0, 0
	if change != nil {
		change(&s)
	}
	return Queue{ID: id, Client: "client", Work: "work", Name: string(id), Settings: s}
}

func (d *desk) do(e Event) []Act {
	acts, facts := d.m.Do(e, d.at)
	d.facts = append(d.facts, facts...)
	return append([]Act(nil), acts...)
}

func (d *desk) pass(by time.Duration) []Act {
	d.at = d.at.Add(by)
	return d.do(Tick{})
}

var (
	office = Seat{Place: sekisho.PlaceOffice, Tier: sekisho.TierB, Class: sekisho.ClassFace}
	home   = Seat{Place: sekisho.PlaceHome, Tier: sekisho.TierB, Class: sekisho.ClassFace}
)

// ready brings operators in, one second after the other.
func (d *desk) ready(s Seat, ids ...sekisho.PersonID) {
	for _, id := range ids {
		d.do(AgentIn{Agent: id, Seat: s, Works: []sekisho.WorkID{"work"}})
		d.do(AgentState{Agent: id, State: Ready})
		d.at = d.at.Add(time.Second)
	}
}

func (d *desk) state(id sekisho.PersonID, want State) {
	d.t.Helper()
	if got := d.m.agents[id].state; got != want {
		d.t.Fatalf("%s is %v, want %v", id, got, want)
	}
}

// find gives the acts of a type.
func find[T Act](acts []Act) (out []T) {
	for _, a := range acts {
		if v, ok := a.(T); ok {
			out = append(out, v)
		}
	}
	return out
}

// only gives the one act of a type.
func only[T Act](t *testing.T, acts []Act) T {
	t.Helper()
	all := find[T](acts)
	if len(all) != 1 {
		t.Fatalf("%d of %T among %+v", len(all), *new(T), acts)
	}
	return all[0]
}

func TestLongestIdleAndOrder(t *testing.T) {
	d := newDesk(t, queue("q", nil))
	d.ready(office, "a", "b")
	o := only[Offer](t, d.do(CallArrives{Call: "1", Queue: "q", Level: sekisho.LevelFull}))
	if o.Agent != "a" || !o.Until.Equal(d.at.Add(20*time.Second)) {
		t.Fatalf("%+v", o)
	}
	if c := only[Connect](t, d.do(Answer{Token: o.Token})); c.Call != "1" || c.Agent != "a" {
		t.Fatalf("%+v", c)
	}
	b := only[Offer](t, d.do(CallArrives{Call: "2", Queue: "q"}))
	d.do(Answer{Token: b.Token})
	d.do(CallArrives{Call: "3", Queue: "q"})
	d.do(CallArrives{Call: "4", Queue: "q"})
	if o := only[Offer](t, d.do(TalkEnds{Call: "2", Cause: calls.ByCaller})); o.Call != "3" || o.Agent != "b" {
		t.Fatalf("%+v", o)
	}
}

func TestMissedOfferIsNoAnswer(t *testing.T) {
	d := newDesk(t, queue("q", nil))
	d.ready(office, "a")
	o := only[Offer](t, d.do(CallArrives{Call: "1", Queue: "q"}))
	d.do(CallArrives{Call: "2", Queue: "q"})
	acts := d.pass(20 * time.Second)
	if only[Withdraw](t, acts).Token != o.Token || len(find[Offer](acts)) != 0 {
		t.Fatalf("%+v", acts)
	}
	d.state("a", NoAnswer)
	if r := only[Refused](t, d.do(Answer{Token: o.Token})); r.Err != errToken {
		t.Fatalf("%+v", r)
	}
	if next := only[Offer](t, d.do(AgentState{Agent: "a", State: Ready})); next.Call != "1" || next.Token <= o.Token {
		t.Fatalf("%+v: the call that was missed goes first", next)
	}
}

// An answer after the time of the offer is none, though no Tick has come yet.
func TestLateAnswer(t *testing.T) {
	d := newDesk(t, queue("q", nil))
	d.ready(office, "a")
	o := only[Offer](t, d.do(CallArrives{Call: "1", Queue: "q"}))
	d.at = d.at.Add(20*time.Second + time.Millisecond)
	acts := d.do(Answer{Token: o.Token})
	if len(find[Connect](acts)) != 0 || only[Refused](t, acts).Err != errToken {
		t.Fatalf("%+v", acts)
	}
	d.state("a", NoAnswer)
	if d.m.Waiting("q") != 1 {
		t.Fatal("the caller is lost")
	}
}

func TestLeaseLostInTalk(t *testing.T) {
	d := newDesk(t, queue("q", func(s *Settings) { s.WrapUp = time.Minute }))
	d.do(SetRules{Rules: Rules{KeepFor: 30 * time.Second}})
	d.ready(home, "a", "b")
	began := d.at
	o := only[Offer](t, d.do(CallArrives{Call: "1", Queue: "q", Level: sekisho.LevelNone}))
	d.do(Answer{Token: o.Token})
	d.at = d.at.Add(time.Minute)
	d.do(CallHold{Call: "1", On: true})
	d.at = d.at.Add(10 * time.Second)
	acts := d.do(LeaseLost{Agent: "a"})
	if r := only[Requeued](t, acts); r.Call != "1" || r.Agent != "a" || r.KeptFor != 30*time.Second || len(find[Offer](acts)) != 0 {
		t.Fatalf("%+v", acts)
	}
	d.state("a", Locked)
	if c := d.m.calls["1"]; !c.since.Equal(began) {
		t.Fatalf("waits since %v", c.since)
	}
	if acts := d.pass(29 * time.Second); len(find[Offer](acts)) != 0 {
		t.Fatalf("given to another: %+v", acts)
	}
	back := only[Offer](t, d.do(LeaseBack{Agent: "a", Seat: home}))
	if back.Agent != "a" || back.Call != "1" {
		t.Fatalf("%+v", back)
	}
	d.do(Answer{Token: back.Token})
	d.do(LeaseLost{Agent: "a"})
	if o := only[Offer](t, d.pass(30*time.Second)); o.Agent != "b" || o.Call != "1" {
		t.Fatalf("%+v", o)
	}
	f := d.facts
	for _, f := range f {
		if f.Kind == FactInterrupted && f.Talk != time.Minute && f.Talk != 0 {
			t.Fatalf("%+v", f)
		}
	}
}

// A lease that dies in each state leaves nobody with an offer or a talk, and loses no caller.
func TestLeaseLostInEveryState(t *testing.T) {
	for want, bring := range map[State]func(*desk){
		Ready:    func(*desk) {},
		Reserved: func(d *desk) { d.do(CallArrives{Call: "1", Queue: "q"}) },
		Ringing:  func(d *desk) { d.do(CallArrives{Call: "1", Queue: "q"}); d.do(Rings{Token: 1}) },
		Talking:  func(d *desk) { d.do(CallArrives{Call: "1", Queue: "q"}); d.do(Answer{Token: 1}) },
		Hold: func(d *desk) {
			d.do(CallArrives{Call: "1", Queue: "q"})
			d.do(Answer{Token: 1})
			d.do(CallHold{Call: "1", On: true})
		},
		WrapUp: func(d *desk) {
			d.do(CallArrives{Call: "1", Queue: "q"})
			d.do(Answer{Token: 1})
			d.do(TalkEnds{Call: "1", Cause: calls.ByCaller})
		},
		Break:    func(d *desk) { d.do(AgentState{Agent: "a", State: Break}) },
		Away:     func(d *desk) { d.do(AgentState{Agent: "a", State: Away}) },
		NoAnswer: func(d *desk) { d.do(CallArrives{Call: "1", Queue: "q"}); d.do(Timeout{Token: 1}) },
	} {
		d := newDesk(t, queue("q", func(s *Settings) { s.WrapUp = time.Minute }))
		d.ready(office, "a")
		bring(d)
		d.state("a", want)
		d.do(LeaseLost{Agent: "a"})
		shut := Locked
		if want == Break {
			shut = Break // it goes on
		}
		d.state("a", shut)
		a := d.m.agents["a"]
		if a.offer != nil || a.call != nil || a.live || len(d.m.offers) != 0 {
			t.Errorf("%v: %+v", want, a)
		}
		if c := d.m.calls["1"]; c != nil && c.stage != waiting {
			t.Errorf("%v: the call is %v", want, c.stage)
		}
		if got := only[Refused](t, d.do(Answer{Token: 1})); got.Err != errToken {
			t.Errorf("%v: %+v", want, got)
		}
		d.do(AgentState{Agent: "a", State: Ready})
		if d.pass(time.Second); a.state != shut {
			t.Errorf("%v: %v without a lease", want, a.state)
		}
		d.do(LeaseBack{Agent: "a", Seat: office})
		if back := a.state; want == WrapUp && back != WrapUp || !a.live {
			t.Errorf("%v: back to %v", want, back)
		}
	}
}

func TestCallGoesToTheOffice(t *testing.T) {
	d := newDesk(t, queue("q", func(s *Settings) { s.WrapUp = time.Minute }))
	d.ready(home, "a")
	d.ready(office, "b")
	o := only[Offer](t, d.do(CallArrives{Call: "1", Queue: "q", Level: sekisho.LevelNone}))
	d.do(Answer{Token: o.Token})
	acts := d.do(CallLevel{Call: "1", Level: sekisho.LevelFull})
	if only[Requeued](t, acts).Agent != "a" || only[Offer](t, acts).Agent != "b" {
		t.Fatalf("%+v", acts)
	}
	d.state("a", WrapUp)
	// While it is offered, too: the offer is taken back, and is no missed one.
	d.do(AgentOut{Agent: "b"})
	d.do(CallLevel{Call: "1", Level: sekisho.LevelNone})
	again := only[Offer](t, d.do(WrapUpDone{Agent: "a"}))
	acts = d.do(CallLevel{Call: "1", Level: sekisho.LevelFull})
	if only[Withdraw](t, acts).Token != again.Token {
		t.Fatalf("%+v", acts)
	}
	d.state("a", Ready)
	if r := only[Refused](t, d.do(Answer{Token: again.Token})); r.Err != errToken {
		t.Fatalf("%+v", r)
	}
}
