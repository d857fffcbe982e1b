package grants

import (
	"crypto/subtle"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// doubtNonceEvery is how often nonces go out while the last verdict was unsure
// or absent. Those states shorten the deadline, so whoever is recognised again
// must be able to say so before it passes. More often than this, and a slow
// page's frame would answer a nonce that is no longer the newest.
const doubtNonceEvery = time.Second

// approvedTotal is the longest life of a session of class approved.
const approvedTotal = 60 * time.Minute

// pendingNonces bounds the nonces that may still be answered: more than go out
// in one LeaseTTL, even in doubt. An older one is refused as stale.
const pendingNonces = 8

// Terms are the times of one lease, fixed when it is opened.
type Terms struct {
	Class   sekisho.LeaseClass
	Camera  bool          // class approved: verdicts "one face, unmatched"; without it, confirmations by hand
	Absent  time.Duration // class face: closed after this long with nobody in view
	Confirm time.Duration // class approved without a camera: longest time between two confirmations
}

// Lease is the right of one session to exist for the next few seconds. It is
// pure: every time is a reading of the server's monotonic clock that the caller
// hands in, so that no wall clock can stretch it. The zero Lease is dead.
type Lease struct {
	terms    Terms
	alive    bool
	deadline time.Duration // dead from this reading on
	limit    time.Duration // class approved: never beyond this reading; else 0
	state    sekisho.State // of the last verdict taken
	reason   string        // a catalogue code: what passing the deadline means, then why it ended

	since     time.Duration // reading at which the present run of doubt began
	unsure    time.Duration // spent unsure since the last "present", before this run
	absent    time.Duration // spent absent since the last "present", before this run
	confirmed time.Duration // class approved without a camera: reading of the last confirmation

	counter  uint64 // of the newest nonce; they start at 1
	acked    uint64 // of the newest nonce whose answer was taken
	issuedAt time.Duration
	due      time.Duration // when the newest nonce should have gone out
	pending  [pendingNonces]issued
}

type issued struct {
	counter uint64
	nonce   [16]byte
	at      time.Duration
}

// Refusal says why a renewal did not renew. The zero value is no refusal.
type Refusal string

// Refusals, as they are counted and shown in tests.
const (
	Taken        Refusal = ""
	RefusedDead  Refusal = "dead"        // the lease is over; nothing revives it
	RefusedAgain Refusal = "repeated"    // that nonce, or a newer one, has been answered
	RefusedNonce Refusal = "nonce"       // no such nonce was handed out
	RefusedStale Refusal = "stale"       // the nonce is older than the lease's time
	RefusedAge   Refusal = "verdict_age" // the verdict is older than 1,500 ms, or than the nonce itself
	RefusedTerms Refusal = "terms"       // a class that is none of the two
)

// NewLease starts a lease at a reading of the monotonic clock. The statement
// that opened it stands for the first verdict, so it lives one LeaseTTL.
func NewLease(t Terms, at time.Duration) Lease {
	l := Lease{terms: t, state: sekisho.Present, since: at, confirmed: at}
	switch t.Class {
	case sekisho.ClassFace:
	case sekisho.ClassApproved:
		l.limit = at + approvedTotal
	default:
		l.state, l.reason = sekisho.Unknown, "lease.unknown"
		return l
	}
	l.alive = true
	l.extend(at, 0, "")
	return l
}

// Alive says whether the lease holds at a reading of the monotonic clock.
func (l *Lease) Alive(at time.Duration) bool { return l.alive && at < l.deadline }

// Deadline is the reading from which on the lease is dead; 0 once it has ended.
func (l *Lease) Deadline() time.Duration {
	if !l.alive {
		return 0
	}
	return l.deadline
}

// State is that of the last verdict taken or, once it has ended, the one that ended it.
func (l *Lease) State() sekisho.State { return l.state }

// Reason is why the lease ended; it means nothing while it is alive.
func (l *Lease) Reason() string { return l.reason }

// NextNonce is the reading at which the next nonce is due.
func (l *Lease) NextNonce() time.Duration {
	switch {
	case l.counter == 0:
		return l.since
	case l.state == sekisho.Unsure || l.state == sekisho.Absent:
		return l.issuedAt + doubtNonceEvery
	default:
		return l.due + wire.NonceEvery // from when it was due: leases that were late together part again
	}
}

// Answered says whether the newest nonce has been answered.
func (l *Lease) Answered() bool { return l.counter == l.acked }

// Issue hands out nonce, random, under the next counter. It gives 0 on a dead lease.
func (l *Lease) Issue(at time.Duration, nonce [16]byte) uint64 {
	if !l.Alive(at) {
		return 0
	}
	l.due = min(l.NextNonce(), at)
	if at-l.due >= doubtNonceEvery { // the whole node stood still: its leases spread anew
		l.due = at - time.Duration(nonce[0])*doubtNonceEvery/256
	}
	l.counter++
	l.issuedAt = at
	l.pending[l.counter%pendingNonces] = issued{l.counter, nonce, at}
	return l.counter
}

// Renew judges one renewal whose signature has been verified. A state that ends
// the lease ends it whatever the rest says: closing never waits for a nonce.
func (l *Lease) Renew(at time.Duration, r wire.LeaseRenewal) Refusal {
	if l.Lapse(at) || !l.alive {
		return RefusedDead
	}
	if !l.renewable(r.State) || l.tooLong(r) {
		l.End(r.State, EndCode(r.State))
		return Taken
	}
	n := l.pending[r.Counter%pendingNonces]
	switch {
	case r.Counter == 0 || r.Counter > l.counter:
		return RefusedNonce
	case r.Counter <= l.acked:
		return RefusedAgain
	case n.counter != r.Counter || at >= n.at+wire.LeaseTTL:
		return RefusedStale
	case subtle.ConstantTimeCompare(n.nonce[:], r.Nonce[:]) != 1:
		return RefusedNonce
	case r.Age > wire.MaxVerdictAge || r.Age > at-n.at: // captured before the nonce went out
		return RefusedAge
	}
	l.acked = r.Counter
	l.judge(at, n.at, r)
	return Taken
}

// renewable says which states keep this lease at all; whatever is not known ends it.
func (l *Lease) renewable(s sekisho.State) bool {
	switch s {
	case sekisho.Present:
		return true
	case sekisho.Unsure:
		return l.terms.Class == sekisho.ClassFace || l.terms.Camera
	case sekisho.Absent:
		return l.terms.Class == sekisho.ClassFace
	}
	return false
}

// tooLong says that the agent itself counts more doubt than a lease may have.
func (l *Lease) tooLong(r wire.LeaseRenewal) bool {
	return r.State == sekisho.Unsure && r.InState >= wire.MaxUnsure || r.State == sekisho.Absent && r.InState >= l.terms.Absent
}

func (l *Lease) judge(at, nonceAt time.Duration, r wire.LeaseRenewal) {
	if r.State == sekisho.Present {
		l.state, l.since, l.unsure, l.absent = sekisho.Present, at, 0, 0
		if l.terms.Class == sekisho.ClassApproved && !l.terms.Camera {
			l.confirm(at, nonceAt, r.InState)
			return
		}
		l.extend(nonceAt, 0, "")
		return
	}
	// The agent's own count can only make the run longer than what is seen from here.
	start := at - r.InState
	if l.state == r.State {
		start = min(start, l.since)
	} else {
		l.charge(start)
	}
	l.state, l.since = r.State, start
	end := start + wire.MaxUnsure - l.unsure
	if r.State == sekisho.Absent {
		end = start + l.terms.Absent - l.absent
	}
	if end <= at {
		l.End(r.State, EndCode(r.State))
		return
	}
	l.extend(nonceAt, end, EndCode(r.State))
}

// charge books the doubt that ends at a reading to the state that it was spent
// in, so that going to and fro between unsure and absent wins no time.
func (l *Lease) charge(until time.Duration) {
	spent := max(until-l.since, 0)
	switch l.state {
	case sekisho.Unsure:
		l.unsure += spent
	case sekisho.Absent:
		l.absent += spent
	}
}

// confirm renews by hand: for this class InState is the time since the operator last confirmed.
func (l *Lease) confirm(at, nonceAt, ago time.Duration) {
	l.confirmed = max(l.confirmed, at-ago)
	end := l.confirmed + l.terms.Confirm
	if ago >= l.terms.Confirm || end <= at {
		l.End(sekisho.Absent, "lease.confirmation_missing")
		return
	}
	l.extend(nonceAt, end, "lease.confirmation_missing")
}

// extend moves the deadline to LeaseTTL after the answered nonce went out, or to
// what ends earlier: a run of doubt (bound > 0) or the life of an approval.
func (l *Lease) extend(nonceAt, bound time.Duration, code string) {
	l.deadline, l.reason = nonceAt+wire.LeaseTTL, "lease.expired"
	if bound > 0 && bound < l.deadline {
		l.deadline, l.reason = bound, code
	}
	if l.limit > 0 && l.limit < l.deadline {
		l.deadline, l.reason = l.limit, "lease.approved_over"
	}
}

// Lapse ends a lease whose deadline has passed and says whether it did so now.
func (l *Lease) Lapse(at time.Duration) bool {
	if !l.alive || at < l.deadline {
		return false
	}
	state := l.state
	switch l.reason {
	case "lease.expired":
		state = sekisho.Lost
	case "lease.approved_over":
		state = sekisho.Unknown
	case "lease.confirmation_missing":
		state = sekisho.Absent
	}
	return l.End(state, l.reason)
}

// End ends the lease for good and says whether it was alive until now.
func (l *Lease) End(state sekisho.State, code string) bool {
	if !l.alive {
		return false
	}
	l.alive, l.deadline, l.state, l.reason = false, 0, state, code
	return true
}

// EndCode is the catalogue's code for a lease that ended by state.
func EndCode(s sekisho.State) string {
	switch s {
	case sekisho.Unsure, sekisho.Onlooker, sekisho.Other, sekisho.Absent,
		sekisho.Covered, sekisho.Spoof, sekisho.Break, sekisho.Lost:
		return "lease." + s.String()
	}
	return "lease.unknown"
}
