package grants

import (
	"time"

	"github.com/sekisho/sekisho"
)

// End ends a session: by a supervisor, by the person, or by a report. It says
// whether it was live until now.
func (b *Book) End(id sekisho.SessionID, state sekisho.State, reason string) bool {
	return b.EndAt(id, state, reason, b.clk.Mono())
}

// EndAt is End for a verdict that fell at an earlier reading of the monotonic clock.
func (b *Book) EndAt(id sekisho.SessionID, state sekisho.State, reason string, verdict time.Duration) bool {
	s := b.bySession.get(id)
	if s == nil {
		return false
	}
	s.mu.Lock()
	if s.session.ID != id {
		s.mu.Unlock()
		return false
	}
	ended := b.endLocked(s, state, reason, verdict)
	s.mu.Unlock()
	b.tell(ended)
	return ended != nil
}

// EndPerson ends whatever session a person has.
func (b *Book) EndPerson(p sekisho.PersonID, reason string) bool {
	s := b.byPerson.get(p)
	if s == nil {
		return false
	}
	s.mu.Lock()
	ended := b.endLocked(s, sekisho.Unknown, reason, b.clk.Mono())
	s.mu.Unlock()
	b.tell(ended)
	return ended != nil
}

// EndAll ends every session of this node: a server that stops, or an emergency.
func (b *Book) EndAll(reason string) (n int) {
	for _, s := range b.byPerson.all() {
		s.mu.Lock()
		ended := b.endLocked(s, sekisho.Unknown, reason, b.clk.Mono())
		s.mu.Unlock()
		b.tell(ended)
		if ended != nil {
			n++
		}
	}
	return n
}

// DisconnectDevice disconnects every connection of a PC that may no longer connect.
func (b *Book) DisconnectDevice(d sekisho.DeviceID, reason string) (n int) {
	for _, s := range b.byConnection.all() {
		if s.conn.Device == d && b.Disconnect(s.conn.ID, reason) {
			n++
		}
	}
	return n
}

// Sweep ends every lease whose deadline has passed. The road refuses their
// packets without it; it is what tells the listeners.
func (b *Book) Sweep() (n int) {
	now := b.clk.Mono()
	for _, s := range b.byPerson.all() {
		if int64(now) < s.deadline.Load() {
			continue
		}
		s.mu.Lock()
		ended := b.lapseLocked(s, now)
		s.mu.Unlock()
		b.tell(ended)
		if ended != nil {
			n++
		}
	}
	return n
}

// lapseLocked ends the session if its deadline has passed. The caller holds s.mu and tells afterwards.
func (b *Book) lapseLocked(s *seat, now time.Duration) *Ended {
	if !s.live || !s.lease.Lapse(now) {
		return nil
	}
	return b.closeLocked(s, now, now)
}

// endLocked ends the live session, if any. The caller holds s.mu and tells afterwards.
func (b *Book) endLocked(s *seat, state sekisho.State, reason string, verdict time.Duration) *Ended {
	now := b.clk.Mono()
	if !s.live {
		return nil
	}
	if !s.lease.Lapse(now) { // one that had lapsed keeps the reason of its own
		s.lease.End(state, reason)
	}
	return b.closeLocked(s, verdict, now)
}

// closeLocked takes a session whose lease is dead out of everybody's sight.
// From its first line on no packet passes. The caller holds s.mu.
func (b *Book) closeLocked(s *seat, verdict, now time.Duration) *Ended {
	s.live = false
	s.publish()
	e := &Ended{Session: s.session, State: s.lease.State(), Reason: s.lease.Reason(), VerdictAt: min(verdict, now), EndedAt: now}
	b.bySession.remove(s.session.ID, s)
	b.byPerson.remove(s.session.Person, s)
	s.datagram = nil
	b.Suspect(e.Person, e.State) // before anybody can log in again
	phase := PhaseClosed
	if e.State == sekisho.Break {
		phase = PhaseBreak
	}
	s.note(phase, e.State, e.Reason, b.clk.Now())
	return e
}

// tell runs the listeners, then hands the audit row over. Nothing here waits for SQL.
func (b *Book) tell(e *Ended) {
	if e == nil {
		return
	}
	for _, fn := range listeners(b, &b.onEnd) {
		fn(*e)
	}
	b.Audit.Afterwards(endedRow(*e))
	if s := b.byConnection.get(e.Connection); s != nil {
		b.changed(s)
	}
}
