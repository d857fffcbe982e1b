package acd

import (
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// FactKind is what a fact says. The log of events consists of facts; every
// figure and every day's attendance is counted from them and nothing else.
type FactKind string

// Kinds of facts.
const (
	FactQueued      FactKind = "queued"      // a caller began to wait in a queue
	FactTurned      FactKind = "turned_away" // the queue was full, and there was no other
	FactOffered     FactKind = "offered"
	FactMissed      FactKind = "missed"
	FactDeclined    FactKind = "declined"
	FactAnswered    FactKind = "answered"    // Waited, Quick: within the target
	FactAbandoned   FactKind = "abandoned"   // Waited, Quick: a short abandon
	FactLeft        FactKind = "left"        // the queue, otherwise than by an answer; Cause
	FactOverflowed  FactKind = "overflowed"  // to another queue, where it is queued next
	FactCallback    FactKind = "callback"    // the caller left and keeps his place
	FactInterrupted FactKind = "interrupted" // a talk broke off and the call waits again; Talk, Hold
	FactHandedOver  FactKind = "handed_over" // a talk went on with another operator; Talk, Hold
	FactTalked      FactKind = "talked"      // a talk is over; Talk, Hold, Cause
	FactWrapped     FactKind = "wrapped"     // wrap-up is over; Wrap, Code
	FactState       FactKind = "state"       // an operator's state; State, Reason
	FactStarted     FactKind = "started"     // the server began: nobody is there any more
)

// Fact is one entry of the log of events. Fields that its kind does not name are
// zero. Again marks a call that had been answered before, so that no figure
// counts it twice.
type Fact struct {
	At     time.Time
	Kind   FactKind
	Call   sekisho.CallID
	Client sekisho.ClientID
	Work   sekisho.WorkID
	Queue  sekisho.QueueID
	Agent  sekisho.PersonID
	State  State
	Reason string
	Code   string
	Cause  calls.Cause
	Level  sekisho.Level
	Waited time.Duration
	Talk   time.Duration
	Hold   time.Duration
	Wrap   time.Duration
	Quick  bool
	Again  bool
}
