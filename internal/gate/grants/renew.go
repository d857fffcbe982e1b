package grants

import (
	"crypto/rand"
	"net/netip"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Refusals of renewals that never reach a lease.
const (
	RefusedStranger  Refusal = "stranger"  // no connection has this address
	RefusedMalformed Refusal = "malformed" // not a renewal
	RefusedSession   Refusal = "session"   // not the live session of this address
	RefusedSignature Refusal = "signature" // not signed by this connection's lease key
	RefusedFlood     Refusal = "flood"     // too many signatures in one second
)

// Renew takes one renewal datagram from the connection at from. The address
// finds the key, so that no session can be renewed by another connection's.
// When it ends the session, every OnEnd listener has run when it returns.
func (b *Book) Renew(raw []byte, from netip.Addr) Outcome {
	s := b.byAddress.get(from)
	if s == nil {
		return Outcome{Refused: RefusedStranger}
	}
	id, err := wire.RenewalSession(raw)
	if err != nil {
		return Outcome{Refused: RefusedMalformed}
	}
	if early, ok := b.before(s, id, raw); ok {
		return early
	}
	r, err := wire.ParseLeaseRenewal(raw, s.conn.LeaseKey) // about 60 µs: outside the lock
	if err != nil {
		return Outcome{Refused: RefusedSignature}
	}
	out := b.renew(s, r, raw)
	b.tell(out.Ended)
	if out.Changed && out.Ended == nil {
		b.changed(s)
	}
	return out
}

// before answers what needs no signature: another session, a repetition, a flood.
func (b *Book) before(s *seat, id sekisho.SessionID, raw []byte) (Outcome, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.live || s.session.ID != id:
		out := Outcome{Refused: RefusedSession, State: s.state}
		if s.session.ID == id { // it ended: say so again, the notice may have been lost
			out.Refused, out.Session = RefusedDead, s.session
			out.Reply = closedDatagram(id, s.state, s.reason)
		}
		return out, true
	case string(raw) == string(s.answer[:]):
		return Outcome{Session: s.session, Refused: RefusedAgain, State: s.state, Reply: s.ack()}, true
	case !s.checks.take(b.clk.Mono()):
		return Outcome{Session: s.session, Refused: RefusedFlood, State: s.state}, true
	}
	return Outcome{}, false
}

func (b *Book) renew(s *seat, r wire.LeaseRenewal, raw []byte) Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.live || s.session.ID != r.Session { // it ended while the signature was verified
		return Outcome{Session: s.session, Refused: RefusedDead, State: s.state}
	}
	now, before := b.clk.Mono(), s.state
	out := Outcome{Session: s.session, Refused: s.lease.Renew(now, r)}
	out.State = s.lease.State()
	if s.lease.Deadline() == 0 {
		verdict := now
		if out.Refused == Taken {
			verdict -= r.Age
		}
		out.Ended = b.closeLocked(s, verdict, now)
		out.Reply = closedDatagram(r.Session, out.Ended.State, out.Ended.Reason)
		return out
	}
	if out.Refused != Taken {
		return out
	}
	copy(s.answer[:], raw)
	s.publish()
	s.note(PhaseLive, out.State, "", b.clk.Now())
	out.Changed = out.State != before
	out.Reply = s.ack()
	return out
}

// ack is the newest nonce again, now with the counter whose answer was taken.
// The caller holds mu.
func (s *seat) ack() []byte {
	if s.lease.counter == 0 {
		return nil
	}
	n := s.lease.pending[s.lease.counter%pendingNonces]
	return nonceDatagram(s.session.ID, n, s.lease.acked)
}

// Beat is what is due for one session at this moment.
type Beat struct {
	Live       bool // false: the session is over, there is no next beat
	Connection sekisho.ConnectionID
	To         netip.Addr
	Datagram   []byte        // to send now; nil for nothing
	Repeat     bool          // Datagram was sent before
	Next       time.Duration // monotonic reading of the next beat
}

// Beat hands out the next nonce when it is due, repeats the newest while it is
// unanswered, and ends the lease when its time has passed.
func (b *Book) Beat(id sekisho.SessionID) Beat {
	s := b.bySession.get(id)
	if s == nil {
		return Beat{}
	}
	s.mu.Lock()
	now := b.clk.Mono()
	ended := b.lapseLocked(s, now)
	if ended != nil || !s.live || s.session.ID != id {
		s.mu.Unlock()
		b.tell(ended)
		return Beat{}
	}
	defer s.mu.Unlock()
	out := Beat{Live: true, Connection: s.conn.ID, To: s.conn.Address}
	fresh := now >= s.lease.NextNonce()
	if fresh {
		var nonce [16]byte
		_, _ = rand.Read(nonce[:]) // crypto/rand never fails
		s.lease.Issue(now, nonce)
		s.datagram = s.ack()
	}
	out.Next = s.lease.NextNonce()
	if !s.lease.Answered() {
		out.Datagram, out.Repeat = s.datagram, !fresh
		out.Next = min(out.Next, now+wire.RepeatEvery)
	}
	out.Next = min(out.Next, s.lease.Deadline())
	return out
}

// Nonce is the datagram of the newest nonce of a session; a first one is
// issued if none was. It is nil for a session that is not live.
func (b *Book) Nonce(id sekisho.SessionID) []byte {
	if d := b.Beat(id).Datagram; d != nil {
		return d
	}
	s := b.bySession.get(id)
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.live || s.session.ID != id {
		return nil
	}
	return s.ack()
}

func nonceDatagram(id sekisho.SessionID, n issued, acked uint64) []byte {
	d, err := wire.LeaseNonce{Session: id, Counter: n.counter, Nonce: n.nonce, Acked: acked}.MarshalBinary()
	if err != nil {
		return nil // the id is not a UUID; ours always are
	}
	return d
}

func closedDatagram(id sekisho.SessionID, state sekisho.State, reason string) []byte {
	d, err := wire.LeaseClosed{Session: id, State: state, Reason: reason}.MarshalBinary()
	if err != nil {
		return nil
	}
	return d
}
