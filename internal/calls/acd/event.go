package acd

import (
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// Event is something that happened and that the machine is told.
type Event interface{ event() }

// The events.
type (
	// SetQueue makes a queue known, or changes it. A retired one takes no new calls.
	SetQueue struct{ Queue Queue }
	// SetRules changes the centre's rules.
	SetRules struct{ Rules Rules }
	// CallArrives puts a call into a queue. A level that is none of the three
	// counts as full. Since is when the caller began to wait, zero: now.
	CallArrives struct {
		Call     sekisho.CallID
		Queue    sekisho.QueueID
		Level    sekisho.Level
		Since    time.Time
		Priority int // within its queue, 0 to 9; higher goes first
	}
	// PlaceKept puts back the place of a caller who is to be called back, after a
	// restart, however full the queue is.
	PlaceKept struct {
		Call     sekisho.CallID
		Queue    sekisho.QueueID
		Level    sekisho.Level
		Since    time.Time
		Priority int // within its queue, 0 to 9; higher goes first
	}
	// CallLeaves ends a call's part in the machine, whether it waits or is in talk.
	// With ForCallback a call that waits leaves its place behind.
	CallLeaves struct {
		Call  sekisho.CallID
		Cause calls.Cause
	}
	// CallLevel changes how much personal data a call may hold.
	CallLevel struct {
		Call  sekisho.CallID
		Level sekisho.Level
	}
	// AgentIn: an operator has come, under a live lease. He is Away until he asks for
	// Ready.
	AgentIn struct {
		Agent  sekisho.PersonID
		Seat   Seat
		Skills map[string]int
		Works  []sekisho.WorkID
	}
	// AgentOut: he has gone.
	AgentOut struct{ Agent sekisho.PersonID }
	// AgentSkills changes what he can do and for whom, while he is there; nil leaves it.
	AgentSkills struct {
		Agent  sekisho.PersonID
		Skills map[string]int
		Works  []sekisho.WorkID
	}
	// AgentState asks for Ready, Break or Away. Whoever is busy gets it afterwards;
	// the last one asked for counts. By is who asked: a supervisor ends a wrap-up too.
	AgentState struct {
		Agent  sekisho.PersonID
		State  State
		Reason string // at most 40 characters
		By     sekisho.PersonID
	}
	// Rings: the operator's telephone rings for an offer.
	Rings struct{ Token uint64 }
	// Answer takes an offer.
	Answer struct{ Token uint64 }
	// Decline gives an offer back; the operator is Away then.
	Decline struct{ Token uint64 }
	// Timeout says that an offer was not answered. Tick finds that out too.
	Timeout struct{ Token uint64 }
	// OwnCall: an operator has a call that no queue gave him (dialled, transferred).
	OwnCall struct {
		Agent sekisho.PersonID
		Call  sekisho.CallID
		Level sekisho.Level
	}
	// CallHold: the operator puts the caller on hold, or takes him back.
	CallHold struct {
		Call sekisho.CallID
		On   bool
	}
	// HandOver gives a call in talk to another operator who is not busy, or is so
	// with a call of his own alone (a consultation), which ends by it.
	HandOver struct {
		Call sekisho.CallID
		To   sekisho.PersonID
	}
	// TalkEnds: a talk is over.
	TalkEnds struct {
		Call  sekisho.CallID
		Cause calls.Cause
	}
	// WrapUpMore prolongs a wrap-up, by at most 10 minutes each time.
	WrapUpMore struct {
		Agent sekisho.PersonID
		By    time.Duration
	}
	// WrapUpDone ends a wrap-up with one of the queue's codes.
	WrapUpDone struct {
		Agent sekisho.PersonID
		Code  string
	}
	// LeaseLost: the operator's lease is dead.
	LeaseLost struct{ Agent sekisho.PersonID }
	// LeaseBack: he has a live lease again, under what may be another seat.
	LeaseBack struct {
		Agent sekisho.PersonID
		Seat  Seat
	}
	// Tick lets time pass. Once a second is enough.
	Tick struct{}
)

func (SetQueue) event()    {}
func (SetRules) event()    {}
func (CallArrives) event() {}
func (PlaceKept) event()   {}
func (CallLeaves) event()  {}
func (CallLevel) event()   {}
func (AgentIn) event()     {}
func (AgentOut) event()    {}
func (AgentSkills) event() {}
func (AgentState) event()  {}
func (Rings) event()       {}
func (Answer) event()      {}
func (Decline) event()     {}
func (Timeout) event()     {}
func (OwnCall) event()     {}
func (CallHold) event()    {}
func (HandOver) event()    {}
func (TalkEnds) event()    {}
func (WrapUpMore) event()  {}
func (WrapUpDone) event()  {}
func (LeaseLost) event()   {}
func (LeaseBack) event()   {}
func (Tick) event()        {}

// Rules are the centre's. The zero value lets calls without personal data go home
// and nothing else, and keeps no call for anybody.
type Rules struct {
	HomeLevel sekisho.Level // the highest that goes home at all; only "little" is more than none
	Disaster  bool          // 災害モード: any level goes home, and queues of the office too
	KeepFor   time.Duration // how long a call waits for the operator whose lease died in talk
}
