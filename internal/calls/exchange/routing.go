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
		x.with(a.Call, func(c *call) { c.announce(a) })
	case acd.Overflow:
		x.with(a.Call, func(c *call) { c.overflowed(a) })
	case acd.CallbackDue:
		x.callBack(a)
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
	if c == nil && !a.Callback {
		x.ACD.Do(leaves(a.Call, calls.Abandoned))
		return
	}
	session, ok := s.live()
	if !ok || !x.Lines.Ready(session.ID) {
		x.ACD.Do(acd.Decline{Token: a.Token}) // he could not hear anybody
		return
	}
	o := &offer{token: a.Token, call: c, until: a.Until}
	if c != nil {
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
		c.x.ACD.Do(acd.LeaseLost{Agent: s.person})
		return
	}
	c.waited += c.x.clk.Now().Sub(c.queuedAt)
	if c.walk != nil {
		c.walk.leave(c)
		c.walk.tell(c, ivr.Event{Kind: ivr.Answered})
	}
	c.talkTo(s)
}

// requeued: the caller waits again, at the head, and hears music.
func (c *call) requeued(a acd.Requeued) {
	c.endConsult()
	c.drawn.Store(false)
	if c.operator != nil {
		c.operator.leave(c)
		c.x.Changed(c.operator.person)
	}
	c.queuedAt = c.x.clk.Now()
	c.to(inQueue)
	c.hold(promptGuard)
}

// stranded: nobody may talk with a caller who belongs to no queue. He waits for
// the operator whom he had, as long as the policy says, then in a queue of his
// work, if there is one.
func (c *call) stranded(s *seat) {
	if c.stage == over {
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
	c.x.ACD.Do(acd.CallArrives{Call: c.about.ID, Queue: q, Level: c.level})
}

// overflowed: the call waits elsewhere, or nowhere, and then the flow goes on.
func (c *call) overflowed(a acd.Overflow) {
	if a.To != "" {
		c.queue = a.To
		return
	}
	if c.walk == nil || c.walk.machine.Talking() {
		return // it goes on waiting
	}
	if !a.Full {
		c.x.ACD.Do(leaves(c.about.ID, calls.NoAnswer))
	}
	c.queue = ""
	c.walk.overflowed(c)
}

func (x *Exchange) stateChanged(a acd.StateChanged) {
	s := x.seat(a.Agent)
	s.mu.Lock()
	s.state = a
	switch {
	case a.State == acd.WrapUp && s.wrapUp != nil:
		s.wrapUp.until = a.Until
	case a.State != acd.WrapUp && a.State != acd.Locked:
		s.wrapUp = nil
	}
	s.mu.Unlock()
	x.Changed(a.Agent)
}

// refused: an answer that came too late hears nobody.
func (x *Exchange) refused(a acd.Refused) {
	if answer, ok := a.Event.(acd.Answer); ok {
		x.answers.settle(answer.Token, a.Err)
	}
}
