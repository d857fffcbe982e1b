package exchange

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
)

// LeaseOpened tells that a person has a live lease. The ACD learns it once he can
// hear somebody, too: what rings where nobody hears it is a call missed. Whoever had
// a call when his last lease died, and comes back in time, gets that caller again.
func (x *Exchange) LeaseOpened(s Session) {
	skills, works := x.People.Skills(s.Person)
	seat := x.seat(s.Person)
	seat.mu.Lock()
	if seat.session != nil && seat.session.Epoch > s.Epoch {
		seat.mu.Unlock()
		return // a newer one has overtaken it
	}
	known := seat.known
	seat.session, seat.back, seat.known = &s, !known, true
	if !known {
		x.ACD.Do(acd.AgentIn{Agent: s.Person, Seat: s.seat(), Skills: skills, Works: works}) // in the order of locks: its end comes after it
	}
	seat.mu.Unlock()
	if !x.Alive(s) { // it ended before it stood here
		x.LeaseEnded(s.ID, s.Person, sekisho.Unknown)
		return
	}
	if known && x.Lines.Ready(s.ID) {
		x.isBack(seat, s)
	}
	x.Changed(s.Person)
}

// isBack tells the ACD, once for each session, that somebody can take calls again.
func (x *Exchange) isBack(s *seat, session Session) {
	skills, works := x.People.Skills(s.person)
	s.mu.Lock()
	if s.session == nil || s.session.ID != session.ID || s.back {
		s.mu.Unlock()
		return
	}
	s.back = true
	c, rested := s.call, s.rests
	s.rests = false
	x.ACD.Do(acd.AgentSkills{Agent: s.person, Skills: skills, Works: works})
	x.ACD.Do(acd.LeaseBack{Agent: s.person, Seat: session.seat()})
	if rested {
		x.ACD.Do(acd.AgentState{Agent: s.person, State: acd.Ready, By: s.person})
	}
	s.mu.Unlock()
	if c != nil {
		c.do(func() { c.operatorBack(s) })
	}
}

// LeaseEnded tells that a lease is dead. When it returns nothing of any call
// reaches that session's PC any more, and nothing from it reaches a call; what
// becomes of the caller follows. A break (休憩) is the operator's own: the ACD hears
// of it first, so that it is a break there too, and in his attendance.
func (x *Exchange) LeaseEnded(id sekisho.SessionID, person sekisho.PersonID, state sekisho.State) {
	x.Lines.Cut(id)
	seat := x.seat(person)
	seat.mu.Lock()
	if seat.session == nil || seat.session.ID != id {
		seat.mu.Unlock()
		return
	}
	seat.session, seat.offer = nil, nil
	c := seat.call
	seat.rests = state == sekisho.Break && seat.takes()
	if seat.rests {
		x.ACD.Do(acd.AgentState{Agent: person, State: acd.Break, By: person})
	}
	x.ACD.Do(acd.LeaseLost{Agent: person})
	seat.mu.Unlock()
	if c != nil {
		c.do(func() { c.lostOperator(seat) })
	}
	x.Changed(person)
}

// lostOperator parts the caller from whoever has no lease any more. The caller
// hears words and music, and waits; he is not hung up on.
func (c *call) lostOperator(s *seat) {
	if w, watches := c.watchers[s.person]; watches {
		delete(c.watchers, s.person)
		w.seat.leave(c)
		c.arrange()
		return
	}
	if c.operator != s || c.stage == parked || c.stage == inQueue {
		return
	}
	c.endConsult()
	c.unwatched()
	if c.stage == dialling {
		c.end(calls.Cancelled)
		return
	}
	c.to(parked)
	c.hold(promptGuard)
	c.after(2*c.x.cfg.KeepFor, func() { // the ACD says sooner what becomes of him
		if c.stage == parked {
			c.stranded(s)
		}
	})
}

// operatorBack gives a caller back to the operator from whom the guard had parted
// him, on hold: it is for the operator to say when he is on the air. Calls of a
// queue come back as an offer by the ACD.
func (c *call) operatorBack(s *seat) {
	if c.stage != parked || c.operator != s || c.queue != "" {
		return
	}
	session, ok := s.live()
	if !ok || c.x.own(context.Background(), s.person, c.about.ID, c.level) != nil {
		return // he goes on waiting, and then to a queue of his work
	}
	c.lineBack(s, session.ID)
}
