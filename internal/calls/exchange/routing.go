package exchange

import (
	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/ivr"
)

func leaves(id sekisho.CallID, cause calls.Cause) acd.Event {
	return acd.CallLeaves{Call: id, Cause: cause}
}

func arrives(id sekisho.CallID, q sekisho.QueueID, l sekisho.Level) acd.Event {
	return acd.CallArrives{Call: id, Queue: q, Level: l}
}

func talkEnds(id sekisho.CallID, cause calls.Cause) acd.Event {
	return acd.TalkEnds{Call: id, Cause: cause}
}

// follow does what the ACD decided. Acts come in order, from one goroutine, and
// none of them waits here for a call.
func (x *Exchange) follow(a acd.Act) {
	switch a := a.(type) {
	case acd.Offer:
		x.offered(a)
	case acd.Withdraw:
		x.seat(a.Agent).hush(a.Token)
		x.Changed(a.Agent)
	case acd.Connect:
		x.connect(a)
	case acd.Requeued:
		x.with(a.Call, func(c *call) { c.requeued(a) })
	case acd.Stranded:
		x.with(a.Call, func(c *call) { c.stranded(x.seat(a.Agent)) })
	case acd.Announce:
		x.with(a.Call, func(c *call) { c.announce() })
	case acd.Overflow:
		x.with(a.Call, func(c *call) { c.overflowed(a) })
	case acd.CallbackDue:
		x.callBack(a)
	case acd.Left:
		if a.Cause != calls.ForCallback {
			x.places.take(a.Call)
		}
	case acd.Owned:
		x.owns.settle(a.Call, nil)
	case acd.StateChanged:
		x.stateChanged(a)
	case acd.Refused:
		x.refused(a)
	}
}

// with has a call do something, if it is still there.
func (x *Exchange) with(id sekisho.CallID, fn func(*call)) {
	if c := x.call(id); c != nil {
		c.do(func() { fn(c) })
	}
}

func (x *Exchange) offered(a acd.Offer) {
	s := x.seat(a.Agent)
	c := x.call(a.Call)
	o := &offer{token: a.Token, call: c, until: a.Until}
	if a.Callback {
		o.call, o.view = nil, x.places.view(a.Call, a.Queue)
	}
	if o.call == nil && o.view == nil {
		x.ACD.Do(leaves(a.Call, calls.Abandoned))
		return
	}
	session, ok := s.live()
	if at, _ := s.at(); !ok || at != nil || !x.Lines.Ready(session.ID) {
		x.ACD.Do(acd.Decline{Token: a.Token}) // he could not hear anybody
		return
	}
	if o.call != nil {
		o.back = c.operatorWas() == a.Agent
	}
	s.ring(o)
	x.ACD.Do(acd.Rings{Token: a.Token})
	x.Changed(a.Agent)
}

// connect joins operator and caller: the ACD has counted the answer. A lease that
// died meanwhile is found here, and the call waits again.
func (x *Exchange) connect(a acd.Connect) {
	x.answers.settle(a.Token, nil)
	c, s := x.call(a.Call), x.seat(a.Agent)
	if c == nil {
		s.hush(a.Token)
		x.ACD.Do(talkEnds(a.Call, calls.Abandoned))
		return
	}
	if !c.inbox.put(func() { c.connected(s, a.Token) }) {
		s.hush(a.Token)
	}
}

func (c *call) connected(s *seat, token uint64) {
	s.hush(token)
	if !s.join(c) {
		c.giveBack(s)
		return
	}
	c.waited += c.x.clk.Now().Sub(c.queuedAt)
	if c.walk != nil {
		c.walk.leave(c)
		c.walk.tell(c, ivr.Event{Kind: ivr.Answered})
	}
	if !c.talkTo(s) {
		s.leave(c)
		c.giveBack(s)
	}
}

// giveBack has the ACD take the call back from somebody who cannot hear it.
func (c *call) giveBack(s *seat) {
	c.x.ACD.Do(acd.LeaseLost{Agent: s.person})
	if session, ok := s.live(); ok {
		c.x.ACD.Do(acd.LeaseBack{Agent: s.person, Seat: session.seat()})
	}
}

// requeued: the caller waits again, at the head, and hears music.
func (c *call) requeued(a acd.Requeued) {
	c.stopTimer()
	c.endConsult()
	c.unwatched()
	if a.Agent != "" {
		c.x.seat(a.Agent).leave(c)
		c.x.Changed(a.Agent)
	}
	if c.stage == dialling { // a callback whose customer has not answered
		c.x.ACD.Do(leaves(c.about.ID, calls.Cancelled))
		c.end(calls.Cancelled)
		return
	}
	c.queuedAt = c.x.clk.Now()
	c.to(inQueue)
	c.hold(promptGuard)
}

// stranded: nobody may talk with a caller who belongs to no queue. He waits for
// the operator whom he had, as long as the policy says, then in a queue of his
// work, if there is one.
func (c *call) stranded(s *seat) {
	switch c.stage {
	case over:
		return
	case dialling:
		c.end(calls.Cancelled)
		return
	}
	c.operator = s
	c.to(parked)
	c.hold(promptGuard)
	c.after(c.x.cfg.KeepFor, func() {
		if c.stage != parked {
			return
		}
		s.leave(c)
		c.operator = nil
		if q, ok := c.x.ACD.Of(c.about.Work); ok {
			c.enqueue(q, 0)
			return
		}
		c.say(promptSorry, func() { c.end(calls.NoAnswer) })
	})
}

// enqueue lets the caller wait in a queue.
func (c *call) enqueue(q sekisho.QueueID, priority int) {
	c.queue, c.queuedAt = q, c.x.clk.Now()
	c.to(inQueue)
	c.hold("")
	c.x.ACD.Do(acd.CallArrives{Call: c.about.ID, Queue: q, Level: c.level, Priority: priority})
}

// overflowed: the call waits elsewhere, or nowhere, and then the flow goes on.
func (c *call) overflowed(a acd.Overflow) {
	switch {
	case a.To != "":
		c.queue = a.To
	case a.Full:
		c.turnedAway(a.From)
	case c.walk != nil && !c.walk.machine.Talking():
		c.x.ACD.Do(leaves(c.about.ID, calls.NoAnswer))
		c.queue = ""
		c.walk.overflowed(c)
	} // else it goes on waiting
}

// turnedAway: the queue took the call not in at all.
func (c *call) turnedAway(q sekisho.QueueID) {
	if c.stage != inQueue || c.queue != q {
		return
	}
	c.queue = ""
	if c.walk != nil && !c.walk.machine.Talking() {
		c.walk.overflowed(c)
		return
	}
	c.to(inFlow)
	c.say(promptSorry, func() { c.end(calls.Crowded) })
}

func (x *Exchange) stateChanged(a acd.StateChanged) {
	s := x.seat(a.Agent)
	s.mu.Lock()
	s.state = a
	switch {
	case a.State == acd.WrapUp && s.wrapUp != nil:
		s.wrapUp.until = a.Until
	case a.State == acd.Ready, a.State == acd.Away, a.State == acd.Break, a.State == acd.Out:
		s.wrapUp = nil
	}
	s.mu.Unlock()
	x.Changed(a.Agent)
}

// refused: an answer that came too late hears nobody.
func (x *Exchange) refused(a acd.Refused) {
	switch e := a.Event.(type) {
	case acd.Answer:
		x.answers.settle(e.Token, a.Err)
	case acd.OwnCall:
		x.owns.settle(e.Call, a.Err)
	case acd.CallArrives:
		x.with(e.Call, func(c *call) { c.turnedAway(e.Queue) })
	}
}
