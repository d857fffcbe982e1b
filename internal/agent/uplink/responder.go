package uplink

import (
	"crypto/ed25519"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Verdict is what the guard says of the seat now, as far as the lease is concerned.
type Verdict struct {
	State    sekisho.State
	InState  time.Duration
	Captured time.Duration // monotonic: when the frame that State rests on left the camera
	Ends     bool          // the session is over by this verdict
}

// Responder answers the nonces of one session. It is pure: every time is a
// reading of the agent's monotonic clock. It is not safe for concurrent use.
type Responder struct {
	session sekisho.SessionID
	key     ed25519.PrivateKey

	nonce   wire.LeaseNonce // the newest
	arrived time.Duration
	answer  []byte // the datagram that answers it, repeated byte for byte
	sent    time.Duration
	acked   bool // the server took the answer
	ended   bool // an ending verdict was given: nothing else is ever signed
	over    bool // the server said that the session is closed
}

// NewResponder starts one for a session that the server has opened.
func NewResponder(session sekisho.SessionID, key ed25519.PrivateKey) *Responder {
	return &Responder{session: session, key: key}
}

// Nonce takes a nonce in and says whether it is a new one. Older and foreign ones change nothing.
func (r *Responder) Nonce(n wire.LeaseNonce, at time.Duration) (fresh bool) {
	if n.Session != r.session || r.over || n.Counter < r.nonce.Counter {
		return false
	}
	if n.Counter == r.nonce.Counter {
		if n.Acked == n.Counter && n.Nonce == r.nonce.Nonce && !r.ended {
			r.acked = true
		}
		return false
	}
	r.nonce, r.arrived = n, at
	if !r.ended { // an ending answer goes on being repeated, whatever is asked meanwhile
		r.answer, r.acked = nil, false
	}
	return true
}

// Verdict answers the newest nonce, once, with a verdict whose frame was
// captured after it had arrived. A verdict that ends the session is answered at
// once and whatever nonce there is: closing waits for nothing.
func (r *Responder) Verdict(v Verdict, at time.Duration) []byte {
	switch {
	case r.ended || r.over:
		return nil
	case v.Ends:
		r.ended, r.acked = true, false
	case r.nonce.Counter == 0 || r.answer != nil:
		return nil
	case v.Captured <= r.arrived || at-v.Captured > wire.MaxVerdictAge:
		return nil
	}
	age := at - v.Captured
	if v.Ends {
		age = max(0, age)
	}
	b, err := wire.LeaseRenewal{Session: r.session, Counter: r.nonce.Counter, Nonce: r.nonce.Nonce,
		State: v.State, InState: v.InState, Age: age}.Sign(func(m []byte) []byte { return ed25519.Sign(r.key, m) })
	if err != nil {
		return nil // the session's id is not a UUID: such a session renews nothing
	}
	r.answer, r.sent = b, at
	return b
}

// Repeat gives the last answer again when it is due and nobody has taken it.
func (r *Responder) Repeat(at time.Duration) []byte {
	if r.answer == nil || r.acked || r.over || at-r.sent < wire.RepeatEvery {
		return nil
	}
	r.sent = at
	return r.answer
}

// Closed takes the server's notice that the session is over; it says whether it is of this one.
func (r *Responder) Closed(c wire.LeaseClosed) bool {
	if c.Session != r.session || r.over {
		return false
	}
	r.over = true
	return true
}
