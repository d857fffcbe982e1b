package exchange

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
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
	return c.ask(ctx, func() error {
		if c.operator == nil || c.operator == s || c.stage != talking && c.stage != meeting && c.stage != held {
			return errStage
		}
		if !s.join(c) {
			return errStage
		}
		delete(c.watchers, by)
		c.release(c.operator)
		c.queue = ""
		x.ACD.Do(acd.OwnCall{Agent: by, Call: id, Level: c.level})
		if c.tape != nil {
			if err := c.tape.With(ctx, by); err != nil {
				x.alarm("recording.failed", id, err)
			}
		}
		c.talkTo(s)
		return nil
	})
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
