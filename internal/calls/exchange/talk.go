package exchange

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
)

// talkTo joins the caller with an operator whose lease is alive and whose
// softphone is there. False: he cannot, and nobody was joined.
func (c *call) talkTo(s *seat) bool {
	c.stopTimer()
	session, ok := s.live()
	if !ok {
		return false
	}
	line, ok := c.x.Lines.Line(session.ID)
	if !ok {
		return false
	}
	c.operator = s
	if c.answered.IsZero() {
		c.answered = c.x.clk.Now()
	}
	c.record()
	c.to(talking)
	c.arrangeWith(line)
	if w := c.wrap(); w != nil {
		s.mu.Lock()
		s.wrapUp = w
		s.mu.Unlock()
	}
	c.x.Changed(s.person)
	c.x.wait.Go(func() { c.watch(line, s, session.ID) })
	return true
}

func (c *call) wrap() *wrapUp {
	if c.queue == "" {
		return nil
	}
	return &wrapUp{call: c.about.ID, queue: c.queue}
}

// watch tells the call when a softphone is gone though its lease lives: a tab
// that was closed, a sound card that was pulled. The caller waits for it a while.
func (c *call) watch(line leg, s *seat, id sekisho.SessionID) {
	select {
	case <-line.Ended():
	case <-c.ended:
		return
	}
	c.do(func() {
		if session, ok := s.live(); ok && session.ID == id && c.operator == s && (c.stage == talking || c.stage == held || c.stage == meeting || c.stage == consulting) {
			c.lineLost(s, id)
		}
	})
}

// lineLost: another line of the same lease takes its place where there is one; else
// the caller waits for one.
func (c *call) lineLost(s *seat, id sekisho.SessionID) {
	if line, ok := c.x.Lines.Line(id); ok {
		switch {
		case c.stage == consulting && c.third != nil:
			c.consultBy(line)
		case c.stage == talking, c.stage == meeting:
			c.arrangeWith(line)
		} // on hold it stays on hold
		c.x.wait.Go(func() { c.watch(line, s, id) })
		return
	}
	c.endConsult()
	c.unwatched()
	c.to(parked)
	c.hold(promptGuard)
	c.after(c.x.cfg.KeepFor, func() {
		if c.stage == parked {
			s.leave(c)
			c.giveBack(s)
		}
	})
}

// LineReady tells that a session's softphone can be heard, or can no more. It does
// not wait for what follows.
func (x *Exchange) LineReady(id sekisho.SessionID, person sekisho.PersonID) {
	x.wait.Go(func() {
		s := x.seat(person)
		if session, ok := s.live(); ok && session.ID == id && x.Lines.Ready(id) {
			x.isBack(s, session)
		}
		if c, _ := s.at(); c != nil {
			c.do(func() { c.lineBack(s, id) })
		}
		x.Changed(person)
	})
}

// lineBack gives a caller who was parted by a lost line back to his operator, on
// hold: he is not on the air before he says so.
func (c *call) lineBack(s *seat, id sekisho.SessionID) {
	session, ok := s.live()
	if c.operator != s || c.stage != parked || !ok || session.ID != id {
		return
	}
	line, ok := c.x.Lines.Line(id)
	if !ok {
		return
	}
	c.stopTimer()
	c.to(held)
	c.x.ACD.Do(acd.CallHold{Call: c.about.ID, On: true})
	c.x.Changed(s.person)
	c.x.wait.Go(func() { c.watch(line, s, id) })
}

// record starts the tape, once. A recording that cannot begin stops no call: it
// is an alarm, and the call's row says so.
func (c *call) record() {
	if c.tape != nil {
		return
	}
	t, err := c.x.Tapes.Begin(c.about, c.queue, c.operator.person)
	if err != nil {
		c.x.alarm("recording.failed", c.about.ID, err)
		return
	}
	c.tape, c.bridge.tape = t, t
}

// arrange lets everybody hear whom he may at this stage.
func (c *call) arrange() {
	if line, ok := c.line(); ok {
		c.arrangeWith(line)
	}
}

// line is the operator's softphone, if his lease is alive.
func (c *call) line() (leg, bool) {
	if c.operator == nil {
		return nil, false
	}
	session, ok := c.operator.live()
	if !ok {
		return nil, false
	}
	return c.x.Lines.Line(session.ID)
}

func (c *call) arrangeWith(line leg) {
	switch {
	case c.stage == talking && len(c.watchers) == 0:
		c.bridge.talk("operator", line)
	case c.stage == talking, c.stage == meeting:
		c.bridge.meet(c.ears(line))
	}
}

// ears says who hears whom among caller, operator, third party and supervisors.
func (c *call) ears(line leg) (callerHears []string, others []ear) {
	callerHears = []string{"operator"}
	operator := ear{name: "operator", leg: line, hears: []string{"caller"}}
	if c.stage == meeting && c.third != nil {
		callerHears = append(callerHears, "third")
		operator.hears = append(operator.hears, "third")
	}
	third := ear{name: "third", leg: c.third, hears: []string{"caller", "operator"}}
	for id, w := range c.watchers {
		name := "supervisor " + string(id)
		l, ok := w.line(c.x)
		if !ok {
			continue
		}
		hears := []string{"caller", "operator"}
		if c.stage == meeting {
			hears = append(hears, "third")
		}
		others = append(others, ear{name: name, leg: l, hears: hears})
		if w.mode == Whisper || w.mode == Barge {
			operator.hears = append(operator.hears, name)
		}
		if w.mode == Barge {
			callerHears = append(callerHears, name)
			third.hears = append(third.hears, name)
		}
	}
	first := []ear{operator} // before whoever watches: a mixer takes only so many
	if c.stage == meeting && c.third != nil {
		first = append(first, third)
	}
	return callerHears, append(first, others...)
}

// hold plays music to the caller, after words where some are named. Nobody hears him.
func (c *call) hold(words promptName) {
	if words == "" {
		c.bridge.sound(c.x.music(), nil)
		return
	}
	c.say(words, func() { c.bridge.sound(c.x.music(), nil) })
}

// say plays words of the centre's own to the caller, then goes on.
func (c *call) say(words promptName, then func()) {
	ulaw := c.x.Prompts.Words(string(words))
	if len(ulaw) == 0 {
		then()
		return
	}
	stage := c.stage
	c.bridge.sound(once(ulaw), func() {
		c.do(func() {
			if c.stage == stage {
				then()
			}
		})
	})
}

// announce tells a caller who waits where he stands.
func (c *call) announce() {
	if c.stage != inQueue || len(c.x.Prompts.Words(string(promptWait))) == 0 {
		return // the music is not begun anew for nothing
	}
	c.say(promptWait, func() { c.bridge.sound(c.x.music(), nil) })
}

// of runs an act of the operator whose call it is.
func (x *Exchange) of(ctx context.Context, by Session, id sekisho.CallID, fn func(*call, *seat) error) error {
	s := x.seat(by.Person)
	if now, ok := s.live(); !ok || now.ID != by.ID {
		return errSession
	}
	c, _ := s.at()
	if c == nil || c.about.ID != id {
		return errNotYours
	}
	return c.ask(ctx, func() error {
		if c.operator != s {
			return errNotYours
		}
		return fn(c, s)
	})
}

// Hold puts the caller on hold, or takes him back.
func (x *Exchange) Hold(ctx context.Context, by Session, id sekisho.CallID, on bool) error {
	return x.of(ctx, by, id, func(c *call, s *seat) error {
		switch {
		case on && c.stage == talking:
			c.to(held)
			c.hold("")
		case !on && c.stage == held:
			c.to(talking)
			c.arrange()
		default:
			return errStage
		}
		c.x.ACD.Do(acd.CallHold{Call: id, On: on})
		return nil
	})
}

// HangUp ends the call.
func (x *Exchange) HangUp(ctx context.Context, by Session, id sekisho.CallID) error {
	return x.of(ctx, by, id, func(c *call, _ *seat) error {
		if c.walk != nil && c.walk.survey(c) {
			return nil
		}
		c.end(calls.ByOperator)
		return nil
	})
}

// Mask draws the veil of secure capture, or lifts it: neither operator nor tape
// hears the caller or his keys meanwhile.
func (x *Exchange) Mask(ctx context.Context, by Session, id sekisho.CallID, on bool) error {
	return x.of(ctx, by, id, func(c *call, _ *seat) error {
		if c.stage != talking && c.stage != held {
			return errStage
		}
		if !on && c.tape != nil {
			if err := c.tape.Mask(ctx, by, false); err != nil {
				return err
			}
		}
		c.drawn.Store(on)
		if c.bridge.mix != nil {
			c.arrange() // nothing of before stays in its buffers
		}
		if on && c.tape != nil {
			return c.tape.Mask(ctx, by, true)
		}
		return nil
	})
}

// Pause stops the recording for a reason; Record goes on with it.
func (x *Exchange) Pause(ctx context.Context, by Session, id sekisho.CallID, reason string) error {
	return x.of(ctx, by, id, func(c *call, _ *seat) error {
		if c.tape == nil || c.paused {
			return errStage
		}
		if err := c.tape.Pause(ctx, by, reason); err != nil {
			return err
		}
		c.paused = true
		return nil
	})
}

// Record ends a pause of the recording.
func (x *Exchange) Record(ctx context.Context, by Session, id sekisho.CallID) error {
	return x.of(ctx, by, id, func(c *call, _ *seat) error {
		if c.tape == nil || !c.paused {
			return errStage
		}
		if err := c.tape.Resume(ctx, by); err != nil {
			return err
		}
		c.paused = false
		return nil
	})
}

// Press sends one key to the other end.
func (x *Exchange) Press(ctx context.Context, by Session, id sekisho.CallID, d calls.Digit) error {
	return x.of(ctx, by, id, func(c *call, _ *seat) error {
		to := c.bridge.caller
		if c.stage == consulting {
			to = c.third
		}
		k, ok := to.(interface{ SendDigit(calls.Digit) error })
		if !ok || !d.Valid() {
			return errStage
		}
		return k.SendDigit(d)
	})
}
