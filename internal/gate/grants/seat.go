package grants

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
)

// seat is one connection with its session, if any. The two atomics are what the
// road reads for every packet; all else is behind mu.
type seat struct {
	conn     Connection
	deadline atomic.Int64  // monotonic nanoseconds; 0 is dead
	epoch    atomic.Uint64 // of the live session; 0 in quarantine

	mu       sync.Mutex
	gone     bool // disconnected: nothing opens here again
	live     bool
	session  Session
	reached  []sekisho.DesktopID // by the live session
	lease    Lease
	datagram []byte    // the newest nonce, as it is repeated
	answer   [117]byte // the newest renewal that was taken, to know its repetitions
	passkey  time.Duration
	shown    bool // a passkey was shown at reading passkey and not yet used
	phase    Phase
	reason   string
	since    time.Time // wall time, for the floor
	state    sekisho.State
	checks   allowance
}

// checksEach is how many signatures of one PC are verified in a second. An
// honest agent needs about seven; what floods is dropped unread.
const checksEach = 40

// allowance counts verifications in the running second of the monotonic clock.
type allowance struct {
	second int64
	used   int
}

func (a *allowance) take(at time.Duration) bool {
	if s := int64(at / time.Second); s != a.second {
		a.second, a.used = s, 0
	}
	a.used++
	return a.used <= checksEach
}

// publish lets the road see the lease as it stands. The caller holds mu.
func (s *seat) publish() {
	if s.live {
		s.epoch.Store(s.session.Epoch)
		s.deadline.Store(int64(s.lease.Deadline()))
		return
	}
	s.deadline.Store(0) // first: a reader of the old epoch must find it dead
	s.epoch.Store(0)
}

// seat as the floor shows it. The caller holds mu.
func (s *seat) view() Seat {
	v := Seat{
		Connection: s.conn.ID, Person: s.conn.Person, Device: s.conn.Device, Tier: s.conn.Tier,
		Phase: s.phase, State: s.state, Since: s.since, Reason: s.reason,
	}
	if s.live {
		v.Session, v.Class = s.session.ID, s.session.Class
	}
	return v
}

// note changes what the floor shows and says whether that was a change. The caller holds mu.
func (s *seat) note(phase Phase, state sekisho.State, reason string, now time.Time) bool {
	if s.phase == phase && s.state == state && s.reason == reason {
		return false
	}
	s.phase, s.state, s.reason, s.since = phase, state, reason, now
	return true
}
