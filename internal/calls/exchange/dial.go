package exchange

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
)

// Outgoing is a call that the centre places.
type Outgoing struct {
	By       sekisho.PersonID // "": a flow
	Call     sekisho.CallID
	To       calls.Number
	Own      calls.Number // the number that is shown
	Work     sekisho.WorkID
	Withhold bool
}

func (x *Exchange) dial(ctx context.Context, o Outgoing) (leg, error) { return x.Trunks.Dial(ctx, o) }

// Dial has an operator call somebody. It returns once it rings; what comes of it
// is on his screen.
func (x *Exchange) Dial(ctx context.Context, by Session, o Outgoing, level sekisho.Level) (id sekisho.CallID, err error) {
	s := x.seat(by.Person)
	session, ok := s.live()
	if !ok || session.ID != by.ID || !x.Lines.Ready(by.ID) {
		return "", errSession
	}
	if err := x.Trunks.May(o); err != nil {
		return "", err
	}
	client, err := x.Clients.ClientOf(ctx, o.Work)
	if err != nil {
		return "", err
	}
	about := About{ID: x.newID(), Direction: "out", Client: client, Work: o.Work, Called: o.To, Caller: o.Own, Begun: x.clk.Now()}
	// The customer has no leg yet: until he answers a place keeps his part.
	c := x.newCall(about, newNobody())
	c.level, c.operator, c.withhold = level, s, o.Withhold
	if err := x.own(ctx, by.Person, about.ID, level); err != nil {
		return "", err
	}
	if !s.join(c) {
		x.ACD.Do(talkEnds(about.ID, calls.Cancelled))
		return "", errStage
	}
	if !x.start(c, func() {
		c.to(dialling)
		c.out(o.To, func(l leg) { c.answeredBy(s, l) }, func() { c.end(calls.NoAnswer) })
	}) {
		s.leave(c)
		x.ACD.Do(talkEnds(about.ID, calls.ServerStopping))
		return "", errOver
	}
	return about.ID, nil
}

// answeredBy: the customer is there.
func (c *call) answeredBy(s *seat, l leg) {
	c.bridge.caller = l
	if !c.talkTo(s) {
		c.to(parked) // the end of his lease is on its way here
		c.hold(promptGuard)
	}
}

// callBack dials a customer who had left his place in a queue, for the operator
// whose turn it is.
func (x *Exchange) callBack(a acd.CallbackDue) {
	x.answers.settle(a.Token, nil)
	s := x.seat(a.Agent)
	s.hush(a.Token)
	kept, ok := x.places.take(a.Call)
	if !ok {
		x.ACD.Do(talkEnds(a.Call, calls.Unreachable))
		return
	}
	c := x.newCall(kept.about, newNobody())
	c.level, c.operator, c.queue, c.said = kept.level, s, a.Queue, kept.said
	if !s.join(c) {
		x.ACD.Do(talkEnds(a.Call, calls.Cancelled))
		x.wait.Go(func() { x.row(kept.about, a.Agent, a.Queue, calls.Cancelled, time.Time{}) })
		return
	}
	x.start(c, func() {
		c.to(dialling)
		c.out(kept.about.Called, func(l leg) { c.answeredBy(s, l) }, func() { c.end(calls.NoAnswer) })
	})
}
