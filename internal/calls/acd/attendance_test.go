package acd

import (
	"reflect"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
)

func TestAttendance(t *testing.T) {
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) } // from 12:00 in Japan
	state := func(minutes int, id sekisho.PersonID, s State) Fact {
		return Fact{At: at(minutes), Kind: FactState, Agent: id, State: s}
	}
	days := NewAttendances()
	for _, f := range []Fact{
		state(0, "a", Away), state(1, "a", Ready), state(60, "a", Break), state(61, "a", Break), // another reason
		state(90, "a", Locked), state(105, "a", Break), state(120, "a", Ready), // a lost lease ends no break
		state(130, "a", Locked), state(140, "a", Ready), // and begins none
		state(150, "b", Away),
		state(200, "a", Out), state(230, "a", Away), state(300, "a", Break), // he comes back on the same day
		{At: at(310), Kind: FactMissed, Agent: "b"},
		{At: at(400), Kind: FactStarted},                                      // the server fell in between
		state(700, "c", Away), state(719, "c", Break), state(730, "c", Ready), // over midnight
		state(740, "c", Out),
		state(800, "c", Away), // the next day
	} {
		days.Add(f)
	}
	want := []Attendance{
		{Person: "a", Day: "2026-11-02", Start: at(0), End: at(300), Breaks: []Span{{at(60), at(120)}, {at(300), at(300)}}},
		{Person: "b", Day: "2026-11-02", Start: at(150), End: at(310), Breaks: []Span{}},
		{Person: "c", Day: "2026-11-02", Start: at(700), End: at(740), Breaks: []Span{{at(719), at(730)}}},
		{Person: "c", Day: "2026-11-03", Start: at(800), Breaks: []Span{}},
	}
	if got := days.Days(); !reflect.DeepEqual(got, want) {
		t.Fatalf("\n%+v, want\n%+v", got, want)
	}
}

// What the guard saw changes no figure: a time without a lease is neither work nor rest.
func TestALostLeaseIsNoFigure(t *testing.T) {
	d := newDesk(t, queue("q", nil))
	d.do(AgentIn{Agent: "a", Seat: office, Works: []sekisho.WorkID{"work"}})
	d.do(AgentState{Agent: "a", State: Ready})
	d.at = d.at.Add(10 * time.Minute)
	d.do(LeaseLost{Agent: "a"})
	d.at = d.at.Add(10 * time.Minute)
	d.do(LeaseBack{Agent: "a", Seat: office})
	d.at = d.at.Add(10 * time.Minute)
	d.do(AgentState{Agent: "a", State: Break})
	d.do(LeaseLost{Agent: "a"}) // as a break does
	d.state("a", Break)
	d.at = d.at.Add(10 * time.Minute)
	d.do(AgentState{Agent: "a", State: Ready}) // he presses the button, and has no lease yet
	d.state("a", Break)
	d.do(LeaseBack{Agent: "a", Seat: office})
	d.state("a", Ready)
	loads, err := NewLoads(time.Hour, nil)
	must(t, err)
	days := NewAttendances()
	for _, f := range d.facts {
		if f.State == Locked && (f.Reason != "" || f.Cause != "") {
			t.Errorf("%+v says why", f)
		}
		loads.Add(f)
		days.Add(f)
	}
	if got := loads.Until(d.at); len(got) != 1 || got[0].Free != 20*time.Minute || got[0].Busy != 0 {
		t.Errorf("%+v", got)
	}
	if got := days.Days(); len(got) != 1 || len(got[0].Breaks) != 1 || got[0].Breaks[0].Length() != 10*time.Minute {
		t.Errorf("%+v", got)
	}
}

func TestFormulas(t *testing.T) {
	f := Figures{Queued: 13, Again: 1, Overflowed: 2, Answered: 6, InTarget: 4, Abandoned: 3, Short: 1, Callbacks: 1, Waited: time.Minute, Handled: 3, Talk: 5 * time.Minute, Hold: time.Minute, Wrap: 3 * time.Minute}
	sl, _ := f.ServiceLevel()
	ab, _ := f.AbandonRate()
	aht, _ := f.AHT()
	asa, _ := f.ASA()
	if sl != 0.5 || ab != 0.3 || aht != 3*time.Minute || asa != 10*time.Second {
		t.Errorf("service level %v, abandoned %v, AHT %v, ASA %v", sl, ab, aht, asa)
	}
	if _, ok := (Figures{}).ServiceLevel(); ok {
		t.Error("a service level of nothing")
	}
	if _, ok := (Load{}).Occupancy(); ok {
		t.Error("an occupancy of nothing")
	}
	if o, _ := (Load{Busy: time.Minute, Free: 3 * time.Minute}).Occupancy(); o != 0.25 {
		t.Error(o)
	}
}
