package exchange

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// stage is where a call is.
type stage string

const (
	inFlow     stage = "flow"       // the flow speaks with the caller
	inQueue    stage = "queue"      // he waits, or is offered to somebody
	dialling   stage = "dialling"   // an operator calls somebody, who has not answered
	talking    stage = "talking"    // an operator and the caller
	held       stage = "held"       // the operator has put the caller on hold
	consulting stage = "consulting" // the operator asks somebody, the caller is on hold
	meeting    stage = "meeting"    // three or more
	parked     stage = "parked"     // parted by the guard; his operator may come back
	message    stage = "message"    // he leaves a message
	forwarded  stage = "forwarded"  // put through to a number outside
	over       stage = "over"
)

// About is what is known of a call from its beginning.
type About struct {
	ID        sekisho.CallID
	Row       sekisho.CallID // of a callback, which goes on under the id of the call before; "": ID
	Direction string         // "in", "out"
	Trunk     sekisho.TrunkID
	Client    sekisho.ClientID
	Work      sekisho.WorkID
	Flow      sekisho.FlowID
	Called    calls.Number // ours, if it came in; theirs, if it went out
	Caller    calls.Number // "" if withheld
	Begun     time.Time
}

// call is one call. What stands below inbox belongs to its goroutine alone.
type call struct {
	x     *Exchange
	about About
	view  atomic.Pointer[View] // what screens see
	drawn atomic.Bool          // secure capture

	inbox *inbox
	ended chan struct{}

	stage    stage
	since    time.Time // of the stage
	answered time.Time // by an operator, the first time; zero: not yet
	bridge   bridge
	operator *seat // who talks with the caller, or comes back to him
	withhold bool  // our number, from whom it calls
	third    leg   // whom the operator asks, or who has joined
	thirdIs  string
	watchers map[sekisho.PersonID]watcher
	tape     tape
	paused   bool
	walk     *walk // the flow
	queue    sekisho.QueueID
	level    sekisho.Level
	said     []Said
	waited   time.Duration
	queuedAt time.Time
	cause    calls.Cause
	timer    *time.Timer
	dials    int                // how often somebody was dialled
	stopDial context.CancelFunc // of the newest, while it rings
}

// Said is one thing that a flow learned of a caller, and that is no secret.
type Said struct{ Name, Value string }

// run does what comes until the call is over. What goes wrong in it ends this
// call, with a cause, and no other.
func (c *call) run(ctx context.Context, begin func()) {
	defer close(c.ended)
	defer c.finish()
	c.guarded(begin)
	c.show()
	for c.stage != over {
		select {
		case <-ctx.Done():
			c.end(calls.ServerStopping)
		case <-c.bridge.caller.Ended():
			c.end(c.callerGone())
		case <-c.inbox.news:
			for _, fn := range c.inbox.take() {
				if c.stage != over {
					c.guarded(fn)
				}
			}
		}
		c.show()
	}
}

func (c *call) guarded(fn func()) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("a call stumbled and was ended", "call", c.about.ID, "panic", r, "stack", string(debug.Stack()))
			c.end(calls.TrunkLost)
		}
	}()
	fn()
}

// do puts something into the call's hands.
func (c *call) do(fn func()) { c.inbox.put(fn) }

// ask is do that waits for the outcome.
func (c *call) ask(ctx context.Context, fn func() error) error {
	out := make(chan error, 1)
	if !c.inbox.put(func() { out <- fn() }) {
		return errOver
	}
	select {
	case err := <-out:
		return err
	case <-c.ended:
		select {
		case err := <-out:
			return err
		default:
			return errOver
		}
	case <-ctx.Done():
		return ctx.Err()
	}
}

// to changes the stage.
func (c *call) to(s stage) {
	if c.stage != over && c.stage != s {
		c.stage, c.since = s, c.x.clk.Now()
	}
}

// callerGone is why the caller's leg has ended, in the words of the report.
func (c *call) callerGone() calls.Cause {
	cause := c.bridge.caller.Cause()
	if cause == calls.ByCaller && c.stage == inQueue {
		return calls.Abandoned
	}
	return cause
}

// end ends the call for everybody.
func (c *call) end(cause calls.Cause) {
	if c.stage == over {
		return
	}
	was := c.stage
	c.stage, c.cause = over, cause
	c.stopTimer()
	c.stopDialling()
	if c.walk != nil {
		c.walk.leave(c)
	}
	c.bridge.alone()
	switch was {
	case inQueue, parked:
		c.x.ACD.Do(leaves(c.about.ID, cause))
	case talking, held, consulting, meeting, dialling:
		c.x.ACD.Do(talkEnds(c.about.ID, cause))
	}
	if c.third != nil {
		c.third.Hang(cause)
	}
	c.unwatched()
	c.bridge.caller.Hang(cause)
}

// finish closes what the call had open and writes its row.
func (c *call) finish() {
	c.inbox.close()
	c.x.forget(c)
	if c.tape != nil {
		c.tape.End()
	}
	if c.operator != nil {
		c.operator.leave(c)
	}
	c.x.ended(c)
}

func (c *call) stopTimer() {
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
}

// after does something in a while, unless something else is awaited by then.
func (c *call) after(d time.Duration, fn func()) {
	c.stopTimer()
	var mine *time.Timer
	mine = time.AfterFunc(d, func() {
		c.do(func() {
			if c.timer == mine {
				c.timer = nil
				fn()
			}
		})
	})
	c.timer = mine
}
