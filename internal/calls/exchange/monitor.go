package exchange

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// Mode is how a supervisor takes part in a call.
type Mode string

// Modes. The zero value takes no part.
const (
	Listen  Mode = "listen"  // モニタリング: hears both, is heard by nobody
	Whisper Mode = "whisper" // ささやき: the operator hears him too
	Barge   Mode = "barge"   // 割り込み: both hear him
)

// maxWatchers is how many may watch one call.
const maxWatchers = 4

// watcher is a supervisor in somebody's call.
type watcher struct {
	seat *seat
	mode Mode
}

// line is the supervisor's softphone, if his own lease is alive: whoever listens
// does it at an issued PC, alone before it.
func (w watcher) line(x *Exchange) (leg, bool) {
	session, ok := w.seat.live()
	if !ok {
		return nil, false
	}
	return x.Lines.Line(session.ID)
}

// Watch lets a supervisor listen, whisper or barge. The log has it before he hears
// anything; watching again changes the mode.
func (x *Exchange) Watch(ctx context.Context, by sekisho.PersonID, id sekisho.CallID, m Mode) error {
	if m != Listen && m != Whisper && m != Barge {
		return errMode
	}
	c, s, err := x.supervised(by, id)
	if err != nil {
		return err
	}
	if err := x.log(ctx, watchRow("call.watched", by, c, string(m))); err != nil {
		return err
	}
	return c.ask(ctx, func() error {
		if c.operator == s {
			return errNotYours // nobody watches himself
		}
		session, ok := s.live()
		if !ok || !session.seat().Hears(c.level, sekisho.LevelLittle) {
			return errLevel
		}
		if _, again := c.watchers[by]; !again && len(c.watchers) >= maxWatchers {
			return errStage
		}
		if c.stage != talking && c.stage != meeting || !s.join(c) {
			return errStage
		}
		c.watchers[by] = watcher{s, m}
		c.arrange()
		c.x.Changed(by)
		return nil
	})
}

// Unwatch ends it.
func (x *Exchange) Unwatch(ctx context.Context, by sekisho.PersonID, id sekisho.CallID) error {
	c := x.call(id)
	if c == nil {
		return errOver
	}
	return c.ask(ctx, func() error {
		w, ok := c.watchers[by]
		if !ok {
			return errStage
		}
		delete(c.watchers, by)
		w.seat.leave(c)
		c.arrange()
		c.x.Changed(by)
		return nil
	})
}

// TakeOver makes the call the supervisor's; the operator is done with it.
func (x *Exchange) TakeOver(ctx context.Context, by sekisho.PersonID, id sekisho.CallID) error {
	c, s, err := x.supervised(by, id)
	if err != nil {
		return err
	}
	if err := x.log(ctx, watchRow("call.taken_over", by, c, "")); err != nil {
		return err
	}
	return c.ask(ctx, func() error { return c.taken(ctx, s) })
}

// taken makes the call the supervisor's.
func (c *call) taken(ctx context.Context, s *seat) error {
	session, ok := s.live()
	switch {
	case !ok || !session.seat().Hears(c.level, sekisho.LevelLittle):
		return errLevel
	case c.operator == nil || c.operator == s || c.drawn.Load() || c.stage != talking && c.stage != meeting && c.stage != held:
		return errStage
	}
	delete(c.watchers, s.person)
	c.release(c.operator)
	c.bridge.alone()
	c.queue = ""
	if err := c.x.own(ctx, s.person, c.about.ID, c.level); err != nil || !s.join(c) || !c.talkTo(s) {
		c.stranded(s) // the caller waits, and goes to a queue of his work
		return errStage
	}
	if c.tape != nil {
		if err := c.tape.With(ctx, s.person); err != nil {
			c.x.alarm("recording.failed", c.about.ID, err)
		}
	}
	return nil
}

// unwatched sends everybody away who watches: what they might hear next is another
// talk, and needs its own row.
func (c *call) unwatched() {
	for id, w := range c.watchers {
		delete(c.watchers, id)
		w.seat.leave(c)
		c.x.Changed(id)
	}
}

// EndCall ends somebody's call, by a supervisor.
func (x *Exchange) EndCall(ctx context.Context, by sekisho.PersonID, id sekisho.CallID) error {
	c := x.call(id)
	if c == nil {
		return errOver
	}
	if err := x.log(ctx, watchRow("call.ended_by_supervisor", by, c, "")); err != nil {
		return err
	}
	return c.ask(ctx, func() error { c.end(calls.BySupervisor); return nil })
}

func (x *Exchange) supervised(by sekisho.PersonID, id sekisho.CallID) (*call, *seat, error) {
	c := x.call(id)
	if c == nil {
		return nil, nil, errOver
	}
	s := x.seat(by)
	session, ok := s.live()
	if !ok || !x.Lines.Ready(session.ID) {
		return nil, nil, errSession
	}
	if at, _ := s.at(); at != nil && at != c {
		return nil, nil, errStage
	}
	return c, s, nil
}

func watchRow(kind string, by sekisho.PersonID, c *call, mode string) audit.Event {
	detail := map[string]string{"work": string(c.about.Work)}
	if v := c.view.Load(); v != nil && v.Operator != "" {
		detail["operator"] = string(v.Operator)
	}
	if mode != "" {
		detail["mode"] = mode
	}
	return audit.Event{
		Kind: kind, Actor: audit.Actor{Person: by, Role: sekisho.RoleSupervisor}, Decision: audit.Allow,
		Object: audit.Object{Type: "call", ID: string(c.about.ID)}, Call: c.about.ID, Detail: detail,
	}
}
