package exchange

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/foundation/sound"
)

// walk is a call's way through its flow: it does what the machine says and tells
// it what happened.
type walk struct {
	machine *ivr.Machine
	wait    int                // number of the wait that is answered now
	asking  *ivr.AskStep       // keys go to the machine
	stop    context.CancelFunc // of what is under way: a look-up, a call outside
	keys    *time.Timer
}

// begin starts the flow.
func (c *call) begin(m *ivr.Machine) {
	c.walk = &walk{machine: m}
	c.to(inFlow)
	if k, ok := c.bridge.caller.(interface{ OnDigit(func(calls.Digit)) }); ok {
		k.OnDigit(func(d calls.Digit) { c.do(func() { c.walk.key(c, d) }) })
	}
	c.walk.tell(c, ivr.Event{Kind: ivr.Started})
}

// tell hands an event to the machine and does what it says.
func (w *walk) tell(c *call, e ivr.Event) {
	if c.stage == over {
		return
	}
	e.At = c.x.clk.Now()
	if e.Wait == 0 {
		e.Wait = w.wait
	}
	for _, s := range w.machine.Take(e) {
		w.follow(c, s)
	}
}

// later is an event that answers one wait and comes from elsewhere.
func (w *walk) later(c *call, number int, e ivr.Event) {
	e.Wait = number
	c.do(func() {
		if w.wait == number {
			w.tell(c, e)
		}
	})
}

// key is a key that the caller pressed.
func (w *walk) key(c *call, d calls.Digit) {
	if c.stage == message && d == '#' {
		c.messageEnds()
		return
	}
	if w.asking == nil || c.stage != inFlow {
		return
	}
	c.bridge.hush()
	w.patience(c, w.asking.Between)
	w.tell(c, ivr.Event{Kind: ivr.Digit, Key: d})
}

// patience waits for the next key.
func (w *walk) patience(c *call, d time.Duration) {
	if w.keys != nil {
		w.keys.Stop()
	}
	number := w.wait
	w.keys = time.AfterFunc(d, func() { w.later(c, number, ivr.Event{Kind: ivr.Timeout}) })
}

// leave ends what the last step had under way.
func (w *walk) leave(c *call) {
	w.asking = nil
	if w.keys != nil {
		w.keys.Stop()
		w.keys = nil
	}
	if w.stop != nil {
		w.stop()
		w.stop = nil
	}
	c.stopDialling()
	c.stopTimer()
}

func (w *walk) follow(c *call, s ivr.Step) {
	if wait, ok := ivr.WaitOf(s); ok {
		w.leave(c)
		w.wait = wait.ID
		c.after(wait.Most, func() { w.tell(c, ivr.Event{Kind: ivr.Timeout}) })
	}
	switch s := s.(type) {
	case ivr.SayStep:
		c.to(inFlow)
		w.play(c, s.Prompt, func() { w.tell(c, ivr.Event{Kind: ivr.Played}) })
	case ivr.AskStep:
		c.to(inFlow)
		w.asking = &s
		w.play(c, s.Prompt, func() { w.patience(c, s.First) })
	case ivr.QueueStep:
		c.level = s.Level
		c.said = open(s.Attributes)
		c.stopTimer() // the machine's longest wait; the queue has its own
		c.after(s.Most, func() { c.queueOver() })
		c.enqueue(s.Queue, s.Priority)
	case ivr.HookStep:
		w.lookUp(c, s)
	case ivr.DialStep:
		w.dial(c, s)
	case ivr.RecordStep:
		w.message(c, s)
	case ivr.LevelStep:
		c.level = s.Level
	case ivr.CallbackStep:
		c.said = open(s.Attributes)
		c.x.keepPlace(c, s)
	case ivr.AnswerStep:
		c.x.surveyed(c, s.Name, s.Key)
	case ivr.FaultStep:
		c.x.alarm("flow.failed", c.about.ID, errFlow(s.Code, string(s.Node)))
	case ivr.HangStep:
		w.leave(c)
		c.end(s.Cause)
	}
}

// play sounds a prompt; one that cannot be read counts as played.
func (w *walk) play(c *call, p sekisho.PromptID, then func()) {
	number := w.wait
	goOn := func() {
		if w.wait == number && c.stage == inFlow {
			then()
		}
	}
	ulaw := c.x.prompt(p)
	if len(ulaw) == 0 {
		c.do(goOn)
		return
	}
	c.bridge.sound(once(ulaw), func() { c.do(goOn) })
}

// queueOver: nobody came in the time that the flow gives.
func (c *call) queueOver() {
	if c.stage != inQueue {
		return
	}
	c.x.ACD.Do(leaves(c.about.ID, calls.NoAnswer))
	c.queue = ""
	c.walk.overflowed(c)
}

func (w *walk) overflowed(c *call) {
	c.to(inFlow)
	w.tell(c, ivr.Event{Kind: ivr.Overflowed})
}

// survey goes on with the caller after the operator has hung up first. It says
// whether there is one.
func (w *walk) survey(c *call) bool {
	if !w.machine.Talking() || c.stage != talking {
		return false
	}
	c.bridge.alone()
	c.unwatched()
	c.x.ACD.Do(talkEnds(c.about.ID, calls.ByOperator))
	if c.operator != nil {
		c.operator.leave(c)
		c.x.Changed(c.operator.person)
	}
	c.to(inFlow)
	w.tell(c, ivr.Event{Kind: ivr.Talked})
	return true
}

// open are the attributes that are no secret, by name.
func open(attributes map[string]ivr.Value) (out []Said) {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if v := attributes[name]; v.Open != "" {
			out = append(out, Said{name, v.Open})
		}
	}
	return out
}

func (w *walk) lookUp(c *call, s ivr.HookStep) {
	ctx, stop := context.WithTimeout(context.Background(), s.Most)
	w.stop = stop
	if s.Prompt != "" {
		w.play(c, s.Prompt, func() {})
	}
	number := s.ID
	c.x.wait.Go(func() {
		defer stop()
		values, err := c.x.Hooks.Lookup(ctx, c.about.ID, s)
		if err != nil {
			w.later(c, number, ivr.Event{Kind: ivr.Failed})
			return
		}
		w.later(c, number, ivr.Event{Kind: ivr.Found, Values: values})
	})
}

// dial puts the caller through to a number outside.
func (w *walk) dial(c *call, s ivr.DialStep) {
	c.bridge.sound(sound.RingBack(sound.Mu), nil)
	c.out(s.Number, func(l leg) {
		if c.stage != inFlow || w.wait != s.ID {
			l.Hang(calls.Cancelled)
			return
		}
		w.tell(c, ivr.Event{Kind: ivr.Answered, Wait: s.ID})
		c.forward(l)
	}, func() {
		if w.wait == s.ID {
			w.tell(c, ivr.Event{Kind: ivr.Failed, Wait: s.ID})
		}
	})
}

// forward joins the caller with somebody outside, until one of them hangs up.
func (c *call) forward(out leg) {
	c.stopTimer()
	c.third = out
	c.to(forwarded)
	c.bridge.talk("third", out)
	c.x.wait.Go(func() {
		select {
		case <-out.Ended():
			c.do(func() { c.end(calls.Transferred) })
		case <-c.ended:
		}
	})
}

// message records what the caller says after the beep.
func (w *walk) message(c *call, s ivr.RecordStep) {
	c.queue = s.Queue
	w.play(c, s.Prompt, func() {
		c.bridge.sound(sounding(beep{}), func() { c.do(func() { c.listenToMessage(s) }) })
	})
}

// beep is the tone that asks for a message, once.
type beep struct{}

// At implements sounding.
func (beep) At(i int) []byte {
	b := sound.Beep(sound.Mu)
	if i >= len(b) {
		return nil
	}
	return b.At(i)
}

func (c *call) listenToMessage(s ivr.RecordStep) {
	w := c.walk
	if w.wait != s.ID || c.stage != inFlow {
		return
	}
	t, err := c.x.Tapes.Message(c.about, s.Queue)
	if err != nil {
		c.x.alarm("recording.failed", c.about.ID, err)
		w.tell(c, ivr.Event{Kind: ivr.Recorded})
		return
	}
	c.tape = t
	c.to(message)
	c.bridge.alone()
	c.bridge.caller.Listen(veil{&c.drawn, t.Caller()})
	c.after(s.Length, c.messageEnds)
}

// messageEnds: the caller has pressed #, or said enough.
func (c *call) messageEnds() {
	c.bridge.alone()
	c.tape.End()
	c.tape = nil
	c.to(inFlow)
	c.walk.tell(c, ivr.Event{Kind: ivr.Recorded})
}
