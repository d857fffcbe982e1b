package exchange

import (
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
)

// View is a call as screens may show it. Its number is for masking at the door.
type View struct {
	About
	Stage     string
	Since     time.Time
	Queue     sekisho.QueueID
	Level     sekisho.Level
	Operator  sekisho.PersonID
	Third     string // masked
	ThirdIn   bool
	Said      []Said
	Waited    time.Duration
	Masked    bool
	Recording string // "on", "paused", "off"
	Watchers  []sekisho.PersonID
	Quality   calls.Quality
}

// show makes the newest view and tells whom it concerns.
func (c *call) show() {
	v := View{
		About: c.about, Stage: string(c.stage), Since: c.since, Queue: c.queue, Level: c.level, Third: c.thirdIs, ThirdIn: c.third != nil,
		Said: c.said, Waited: c.waited, Masked: c.drawn.Load(), Recording: "off", Quality: c.bridge.caller.Quality(),
	}
	if c.tape != nil {
		v.Recording = "on"
		if c.paused {
			v.Recording = "paused"
		}
	}
	if c.operator != nil {
		v.Operator = c.operator.person
	}
	for id := range c.watchers {
		v.Watchers = append(v.Watchers, id)
	}
	old := c.view.Swap(&v)
	if old != nil && old.Stage == v.Stage && old.Operator == v.Operator && old.Masked == v.Masked && old.Recording == v.Recording && len(old.Watchers) == len(v.Watchers) && old.ThirdIn == v.ThirdIn {
		return
	}
	if v.Operator != "" {
		c.x.Changed(v.Operator)
	}
	c.x.Board()
}

// operatorWas is who talked with the caller last.
func (c *call) operatorWas() sekisho.PersonID {
	if v := c.view.Load(); v != nil {
		return v.Operator
	}
	return ""
}

// At is what stands before one person now.
type At struct {
	Session *Session
	State   string // of the telephone
	Since   time.Time
	Next    string
	Offer   *Offered
	Call    *View // he talks, or rings
	Watches bool
	WrapUp  *WrapUp
	Hand    time.Time
}

// Offered is a call that rings.
type Offered struct {
	Token uint64
	Until time.Time
	Back  bool
}

// WrapUp is what is to be written of the call before.
type WrapUp struct {
	Call  sekisho.CallID
	Queue sekisho.QueueID
	Until time.Time
}

// At gives what stands before a person.
func (x *Exchange) At(p sekisho.PersonID) At {
	s := x.seat(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	a := At{Session: s.session, State: s.state.State.String(), Since: s.state.Since, Hand: s.hand}
	if s.state.Next != 0 {
		a.Next = s.state.Next.String()
	}
	c := s.call
	if s.offer != nil {
		a.Offer = &Offered{s.offer.token, s.offer.until, s.offer.back}
		c, a.Call = s.offer.call, s.offer.view
	}
	if c != nil {
		a.Call = c.view.Load()
		a.Watches = a.Call != nil && a.Offer == nil && a.Call.Operator != p
	}
	if s.wrapUp != nil && s.call == nil && s.state.State == acd.WrapUp {
		a.WrapUp = &WrapUp{s.wrapUp.call, s.wrapUp.queue, s.wrapUp.until}
	}
	return a
}

// Calls gives every call that there is now.
func (x *Exchange) Calls() (out []View) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, c := range x.calls {
		if v := c.view.Load(); v != nil {
			out = append(out, *v)
		}
	}
	return out
}
