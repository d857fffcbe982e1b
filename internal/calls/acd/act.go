package acd

import (
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// Act is what the machine wants done. Acts come in order.
type Act interface{ act() }

// The acts.
type (
	// Offer rings an operator. Only an answer with this token counts, until Until.
	Offer struct {
		Token    uint64
		Agent    sekisho.PersonID
		Call     sekisho.CallID
		Queue    sekisho.QueueID
		Until    time.Time
		Callback bool // the customer is not on the line: he is called once this is answered
	}
	// Withdraw ends the ringing of an offer that counts no more.
	Withdraw struct {
		Token uint64
		Agent sekisho.PersonID
		Call  sekisho.CallID
	}
	// Connect joins operator and caller: the answer counted.
	Connect struct {
		Token uint64
		Agent sekisho.PersonID
		Call  sekisho.CallID
		Queue sekisho.QueueID
	}
	// CallbackDue: the operator has taken a place that was kept; dial the customer.
	CallbackDue struct {
		Token uint64
		Agent sekisho.PersonID
		Call  sekisho.CallID
		Queue sekisho.QueueID
	}
	// Owned: an OwnCall was counted.
	Owned struct {
		Call  sekisho.CallID
		Agent sekisho.PersonID
	}
	// Requeued: the call waits again, at the head of its queue. Whoever talked with
	// it (Agent, "" if nobody) hears it no more.
	Requeued struct {
		Call    sekisho.CallID
		Queue   sekisho.QueueID
		Agent   sekisho.PersonID
		KeptFor time.Duration // how long it is kept for Agent; 0: it is not
	}
	// HandedOver: To has the call that From had.
	HandedOver struct {
		Call sekisho.CallID
		From sekisho.PersonID
		To   sekisho.PersonID
	}
	// Stranded: an operator can talk no more, and the call belongs to no queue. It
	// has left the machine; play it something and decide.
	Stranded struct {
		Call  sekisho.CallID
		Agent sekisho.PersonID
	}
	// Announce tells a caller his position, from 1, and how long it may take;
	// Wait is negative where nobody is there to take the call.
	Announce struct {
		Call     sekisho.CallID
		Position int
		Wait     time.Duration
	}
	// Overflow: a call waited too long, or found its queue full. It waits in To
	// now; where To is "" nothing changed and exchange decides. Full says that the
	// call was not taken in at all.
	Overflow struct {
		Call sekisho.CallID
		From sekisho.QueueID
		To   sekisho.QueueID
		Full bool
	}
	// Left: a call has left the machine.
	Left struct {
		Call  sekisho.CallID
		Cause calls.Cause
	}
	// StateChanged: an operator's state is another. Next is what he asked for
	// and gets afterwards; Out if nothing.
	StateChanged struct {
		Agent  sekisho.PersonID
		State  State
		Reason string
		Since  time.Time
		Next   State
		Until  time.Time // of a wrap-up; zero: it has no end
	}
	// Refused: an event was not followed. Whoever answered in vain must stop hearing.
	Refused struct {
		Event Event
		Err   error
	}
)

func (Offer) act()        {}
func (Withdraw) act()     {}
func (Connect) act()      {}
func (CallbackDue) act()  {}
func (Owned) act()        {}
func (Requeued) act()     {}
func (HandedOver) act()   {}
func (Stranded) act()     {}
func (Announce) act()     {}
func (Overflow) act()     {}
func (Left) act()         {}
func (StateChanged) act() {}
func (Refused) act()      {}

var (
	errToken    = sekisho.Fail(sekisho.KindExpired, "acd.offer_over")
	errCall     = sekisho.Fail(sekisho.KindNotFound, "acd.call")
	errAgent    = sekisho.Fail(sekisho.KindNotFound, "acd.agent")
	errState    = sekisho.Fail(sekisho.KindConflict, "acd.state")
	errQueue    = sekisho.Fail(sekisho.KindNotFound, "queue.unknown")
	errTwice    = sekisho.Fail(sekisho.KindConflict, "acd.twice")
	errCode     = sekisho.Fail(sekisho.KindInvalid, "acd.code")
	errRequest  = sekisho.Fail(sekisho.KindInvalid, "acd.request")
	errCrowded  = sekisho.Fail(sekisho.KindBusy, "acd.crowded")
	errLease    = sekisho.Fail(sekisho.KindDenied, "acd.lease")
	errNotTaken = sekisho.Fail(sekisho.KindDenied, "acd.level")
)
