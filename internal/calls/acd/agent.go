package acd

import (
	"time"

	"github.com/sekisho/sekisho"
)

// State is an operator's telephone state.
type State uint8

// States. The zero value takes no calls.
const (
	Out      State = iota // not there
	Ready                 // 受付可
	Reserved              // a call has been offered
	Ringing               // and his telephone rings
	Talking               // in talk
	Hold                  // in talk, the caller on hold
	WrapUp                // 後処理
	Break                 // 休憩
	Away                  // 一時離席
	NoAnswer              // 応答なし: he missed an offer
	Locked                // his lease has ended
)

var stateNames = [...]string{"out", "ready", "reserved", "ringing", "talking", "hold", "wrap_up", "break", "away", "no_answer", "locked"}

// String is the state's name in JSON and in the log of events.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return stateNames[Out]
}

// MarshalText writes the name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name; what it does not know is an error.
func (s *State) UnmarshalText(b []byte) error {
	for i, n := range stateNames {
		if n == string(b) {
			*s = State(i)
			return nil
		}
	}
	return errState
}

// chosen says whether an operator may ask for a state himself.
func (s State) chosen() bool { return s == Ready || s == Break || s == Away }

// talks says whether somebody in this state has a call.
func (s State) talks() bool { return s == Talking || s == Hold }

// offered says whether somebody in this state has an offer.
func (s State) offered() bool { return s == Reserved || s == Ringing }

// Seat is under what an operator works now: what his session and his PC are.
// The zero value may take nothing.
type Seat struct {
	Place  sekisho.Place
	Tier   sekisho.Tier
	Class  sekisho.LeaseClass
	Camera bool // of class approved: whether a camera sees that somebody is there
}

// limit is the highest level that a class of lease may hear; ok false: none.
func (s Seat) limit() (l sekisho.Level, ok bool) {
	switch {
	case s.Class == sekisho.ClassFace:
		return sekisho.LevelFull, true
	case s.Class == sekisho.ClassApproved && s.Camera:
		return sekisho.LevelLittle, true
	case s.Class == sekisho.ClassApproved:
		return sekisho.LevelNone, true
	}
	return "", false
}

// Hears says whether whoever sits there may hear a call of a level that no queue
// gave him; home is the highest level that goes home.
func (s Seat) Hears(l, home sekisho.Level) bool {
	if !l.Valid() {
		l = sekisho.LevelFull
	}
	if limit, ok := s.limit(); !ok || limit.Lowers(l) || rank(s.Tier) == 0 {
		return false
	}
	return s.Place == sekisho.PlaceOffice || s.Place == sekisho.PlaceHome && goesHome(l, home)
}

func rank(t sekisho.Tier) int {
	switch t {
	case sekisho.TierA:
		return 3
	case sekisho.TierB:
		return 2
	case sekisho.TierC:
		return 1
	}
	return 0
}

// agent is what the machine knows of an operator.
type agent struct {
	id     sekisho.PersonID
	seat   Seat
	skills map[string]int
	works  map[sekisho.WorkID]bool
	live   bool

	state  State
	reason string
	since  time.Time // of the state
	idle   time.Time // since when he has had no call
	next   State     // what he asked for while he could not have it; Out: nothing
	why    string    // its reason
	before State     // of a lock: what he comes back to
	taken  int       // calls answered since he came
	last   uint64    // token of his last offer

	offer *offer
	call  *call
	held  time.Duration // of the call, hold times that are over
	begun time.Time     // when the call was answered
	wrap  *wrap
}

// wrap is the wrap-up of a call that is over.
type wrap struct {
	call  sekisho.CallID
	queue *Queue
	until time.Time
	spent time.Duration // before a lock
}

// offer is one call offered to one operator.
type offer struct {
	token uint64
	call  *call
	until time.Time
}
