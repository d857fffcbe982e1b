package exchange

import (
	"context"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
)

// ringsFor is how long somebody who is asked or called may let it ring.
const ringsFor = 45 * time.Second

// Transfer puts the caller through to a queue ("queue:ID") or a number. The
// operator is done with him.
func (x *Exchange) Transfer(ctx context.Context, by Session, id sekisho.CallID, to string) error {
	if q, ok := strings.CutPrefix(to, "queue:"); ok {
		return x.of(ctx, by, id, func(c *call, s *seat) error { return c.toQueue(s, sekisho.QueueID(q)) })
	}
	number, _, err := calls.ParseNumber(to, x.cfg.Country)
	if err != nil {
		return err
	}
	return x.of(ctx, by, id, func(c *call, s *seat) error {
		if c.stage != talking && c.stage != held || c.drawn.Load() {
			return errStage
		}
		if err := x.Trunks.May(c.outgoing(number)); err != nil {
			return err
		}
		c.release(s)
		c.ringOut(number)
		return nil
	})
}

func (c *call) toQueue(s *seat, q sekisho.QueueID) error {
	if c.stage != talking && c.stage != held {
		return errStage
	}
	if !c.x.ACD.Serves(q, c.about.Client) {
		return errQueue
	}
	c.release(s)
	c.enqueue(q, 0)
	return nil
}

// release ends an operator's part; the caller stays.
func (c *call) release(s *seat) {
	c.endConsult()
	c.unwatched()
	c.x.ACD.Do(talkEnds(c.about.ID, calls.Transferred))
	s.leave(c)
	c.operator = nil
	c.x.Changed(s.person)
}

// ringOut calls a number for a caller who was put through without asking first.
func (c *call) ringOut(to calls.Number) {
	c.to(inFlow)
	c.bridge.sound(c.x.music(), nil)
	c.out(to, func(l leg) { c.forward(l) }, func() { c.say(promptSorry, func() { c.end(calls.NoAnswer) }) })
}

// out dials somebody on the call's behalf. What comes of it is done by the call; an
// answer that nobody waits for any more is hung up.
func (c *call) out(to calls.Number, answered func(leg), failed func()) {
	c.stopDialling()
	ctx, stop := context.WithTimeout(context.Background(), ringsFor)
	c.dials++
	c.stopDial = stop
	n, o := c.dials, c.outgoing(to)
	c.x.wait.Go(func() {
		defer stop()
		l, err := c.x.dial(ctx, o)
		taken := make(chan bool, 1)
		c.inbox.put(func() {
			mine := c.dials == n && c.stopDial != nil
			if mine {
				c.stopDial = nil
			}
			taken <- mine && err == nil
			switch {
			case mine && err == nil:
				answered(l)
			case mine:
				failed()
			}
		})
		if err != nil {
			return
		}
		select {
		case mine := <-taken:
			if !mine {
				l.Hang(calls.Cancelled)
			}
		case <-c.ended:
			l.Hang(calls.Cancelled) // it is over: nobody has it, or all have hung up
		}
	})
}

// stopDialling gives up whom the call rings.
func (c *call) stopDialling() {
	if c.stopDial != nil {
		c.stopDial()
		c.stopDial = nil
	}
}

// own is the centre's number in this call.
func (c *call) own() calls.Number {
	if c.about.Direction == "out" {
		return c.about.Caller
	}
	return c.about.Called
}

// outgoing is a call to somebody on this call's behalf.
func (c *call) outgoing(to calls.Number) Outgoing {
	o := Outgoing{Call: c.about.ID, To: to, Own: c.own(), Work: c.about.Work, Withhold: c.withhold}
	if c.operator != nil {
		o.By = c.operator.person
	}
	return o
}

// Consult asks somebody by number while the caller is on hold.
func (x *Exchange) Consult(ctx context.Context, by Session, id sekisho.CallID, to string) error {
	number, _, err := calls.ParseNumber(to, x.cfg.Country)
	if err != nil {
		return err
	}
	return x.of(ctx, by, id, func(c *call, s *seat) error {
		if c.stage != talking && c.stage != held || c.drawn.Load() {
			return errStage
		}
		if err := x.Trunks.May(c.outgoing(number)); err != nil {
			return err
		}
		line, ok := c.line()
		if !ok {
			return errSession
		}
		c.to(consulting)
		c.thirdIs = number.Masked()
		c.hold("")
		x.ACD.Do(acd.CallHold{Call: id, On: true})
		c.out(number, func(l leg) { c.consulted(line, l) }, func() { c.backToCaller(s) })
		return nil
	})
}

// consulted joins operator and whom he asks; the caller hears music.
func (c *call) consulted(line, third leg) {
	c.third = third
	c.consultBy(line)
	c.x.wait.Go(func() {
		select {
		case <-third.Ended():
			c.do(func() {
				if c.third == third {
					c.thirdLeft()
				}
			})
		case <-c.ended:
		}
	})
}

// consultBy joins the operator's line and whom he asks.
func (c *call) consultBy(line leg) {
	line.Listen(c.third)
	c.third.Listen(line)
}

// thirdLeft: whom the operator asked has hung up.
func (c *call) thirdLeft() {
	c.third, c.thirdIs = nil, ""
	if c.stage == consulting || c.stage == meeting {
		c.to(talking)
		c.x.ACD.Do(acd.CallHold{Call: c.about.ID})
		c.arrange()
	}
}

// endConsult lets go of whom the operator asks, or has rung.
func (c *call) endConsult() {
	c.stopDialling()
	if c.third == nil {
		return
	}
	third := c.third
	c.third, c.thirdIs = nil, ""
	third.Listen(nil)
	third.Hang(calls.ByOperator)
}

func (c *call) backToCaller(s *seat) {
	c.endConsult()
	c.to(talking)
	c.x.ACD.Do(acd.CallHold{Call: c.about.ID})
	c.arrange()
	c.x.Changed(s.person)
}

// Back ends a consultation and takes the caller back.
func (x *Exchange) Back(ctx context.Context, by Session, id sekisho.CallID) error {
	return x.of(ctx, by, id, func(c *call, s *seat) error {
		if c.stage != consulting && c.stage != meeting {
			return errStage
		}
		c.backToCaller(s)
		return nil
	})
}

// Meet makes a consultation a conversation of three.
func (x *Exchange) Meet(ctx context.Context, by Session, id sekisho.CallID) error {
	return x.of(ctx, by, id, func(c *call, _ *seat) error {
		if c.stage != consulting || c.third == nil {
			return errStage
		}
		c.to(meeting)
		x.ACD.Do(acd.CallHold{Call: id})
		c.arrange()
		return nil
	})
}

// Complete leaves the caller with whom the operator asked.
func (x *Exchange) Complete(ctx context.Context, by Session, id sekisho.CallID) error {
	return x.of(ctx, by, id, func(c *call, s *seat) error {
		if c.third == nil || c.drawn.Load() || c.stage != consulting && c.stage != meeting {
			return errStage
		}
		third := c.third
		c.third, c.thirdIs = nil, ""
		if line, ok := c.line(); ok {
			line.Listen(nil)
		}
		c.release(s)
		c.forward(third)
		return nil
	})
}
