package grants

import (
	"crypto/ed25519"
	"net/netip"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Connection is one issued PC in its tunnel. It starts in quarantine.
type Connection struct {
	ID       sekisho.ConnectionID
	Device   sekisho.DeviceID
	Person   sekisho.PersonID // to whom the PC was issued
	Address  netip.Addr       // its /32 inside the tunnel; WireGuard vouches for it
	LeaseKey ed25519.PublicKey
	Tier     sekisho.Tier
	Policy   sekisho.PolicyName // resolved anew for each session
}

func (c Connection) valid() bool {
	return wire.ValidID(string(c.ID)) && c.Device != "" && c.Person != "" && c.Address.IsValid() &&
		len(c.LeaseKey) == ed25519.PublicKeySize && c.Tier != sekisho.TierNone && c.Policy != ""
}

// Session is one verified person on one connection.
type Session struct {
	ID         sekisho.SessionID
	Connection sekisho.ConnectionID
	Device     sekisho.DeviceID
	Person     sekisho.PersonID
	Address    netip.Addr
	Epoch      uint64 // grows with every session of the process; 0 is quarantine
	Class      sekisho.LeaseClass
	Camera     bool // false: class approved, confirmed by hand
	Tier       sekisho.Tier
	Policy     wire.GuardPolicy
	Opened     time.Time
	Expires    *time.Time // class approved: its end, for the screen; the lease keeps its own time
	ShiftEnds  time.Time  // by the clock on the wall; zero where no shift binds
}

// Ended tells how a session ended. Everything that must close hears of it
// before the call that ended it returns.
type Ended struct {
	Session
	State     sekisho.State
	Reason    string        // a code of the catalogue
	VerdictAt time.Duration // monotonic reading of the verdict that ended it, or of the end itself
	EndedAt   time.Duration // monotonic reading at which the deadline was set to 0
}

// Standing is what the gate knows of one connection at this moment.
type Standing struct {
	Connection
	Live    bool
	Session Session           // the live one; zero in quarantine
	Last    sekisho.SessionID // the live one, or the one that ended last; "" if there was none
	State   sekisho.State
}

// Seat is one connection as the floor shows it.
type Seat struct {
	Connection sekisho.ConnectionID
	Person     sekisho.PersonID
	Device     sekisho.DeviceID
	Tier       sekisho.Tier
	Phase      Phase
	State      sekisho.State // of the last verdict, or the one that ended the last session
	Since      time.Time     // when phase or state last changed
	Session    sekisho.SessionID
	Class      sekisho.LeaseClass
	Reason     string // why the last session ended; "" while live
}

// Phase is where a seat stands.
type Phase string

// Phases of a seat.
const (
	PhaseOffline    Phase = "offline"    // not connected, or no longer
	PhaseQuarantine Phase = "quarantine" // no session since it connected
	PhaseLive       Phase = "live"
	PhaseClosed     Phase = "closed" // the last session ended
	PhaseBreak      Phase = "break"  // it ended by a break
)

// Outcome is what became of one renewal.
type Outcome struct {
	Session Session
	Refused Refusal // "" when it was taken
	State   sekisho.State
	Changed bool   // State differs from the verdict before
	Ended   *Ended // set by the call that ended the session
	Reply   []byte // datagram for the sender; nil for none
}
